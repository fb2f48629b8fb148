"""The desk's pages for people, their rights and requests, complaints, letters and acts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Act, AmendmentRequest, Complaint, Letter, RightOfReply, Subject
from posts.models import Revision
from tests import make
from tests.desk import act_on, errors, list_of, page_of, staff

pytestmark = pytest.mark.django_db

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)


@pytest.fixture
def request_(desk):
    """A request for an amendment of a post of 2017, made today."""
    right = make.right(make.post(text="<p>She was late.</p>", published=OLD))
    return right.requests.create(words="late", wrong="The boat was.", wanted="The boat was late.")


def amended(request_):
    """Amend the post that the request is about; return the revision."""
    post = request_.right.post
    text = "<p>The boat was late.</p>"
    return post.revise(post.title, text, Revision.Sort.AMENDMENT, "It was the boat.")


def listed(desk, model, query=""):
    return list(desk.get(list_of(model) + query).context["cl"].result_list)


# Rights of reply


def test_rights_can_be_narrowed_by_who_was_told(desk):
    told = make.right(make.post())
    make.tell(told)
    because = make.right(make.post(), not_told_because="She has died.")
    to_tell = make.right(make.post())
    untold = make.right(make.post(), make.subject("Piet", ""))
    make.right(make.post(published=None), make.subject("Nobody yet", ""))

    found = {
        which: listed(desk, RightOfReply, f"?told={which}")
        for which in ("told", "because", "to_tell", "untold")
    }

    assert found == {
        "told": [told],
        "because": [because],
        "to_tell": [to_tell],
        "untold": [untold],
    }


def test_a_new_letterbox_link_ends_the_former_one(desk):
    right = make.right(make.post())
    former = right.letterbox

    desk.post(list_of(RightOfReply), act_on([right], "renew_link"))

    right.refresh_from_db()
    assert right.letterbox != former
    assert right.letterbox in desk.get(page_of(right)).content.decode()
    assert Act.objects.get(verb="renew_link").by == desk.author


def test_a_subject_about_whom_there_is_a_post_is_not_deleted(desk):
    right = make.right(make.post())
    address = reverse("admin:comments_subject_delete", args=[right.subject_id])

    desk.post(address, {"post": "yes"})

    assert Subject.objects.exists()


# Amendment requests


def test_requests_that_wait_come_first(desk, request_):
    decided = request_.right.requests.create(wrong="Something older.", asked_at=OLD)
    decided.decline("It is as it was.", by=desk.author)
    newer = request_.right.requests.create(wrong="Newer.", asked_at=timezone.now())

    assert listed(desk, AmendmentRequest) == [newer, request_, decided]


def test_a_request_is_declined_with_reasons(desk, request_):
    desk.post(page_of(request_), {"decision": "declined", "why": "The log says so."})

    request_.refresh_from_db()
    assert (request_.state, request_.reasons) == ("declined", "The log says so.")
    act = Act.objects.get(verb="request declined")
    assert (act.by, act.request, act.right) == (desk.author, request_, request_.right)
    assert act.note == ""


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"decision": "declined", "why": " "}, "why"),
        ({"decision": "in_part", "why": ""}, "why"),
        ({"decision": "made", "why": ""}, "amendment"),
        ({"why": "Reasons without a decision."}, "decision"),
    ],
)
def test_a_decision_that_lacks_something_is_an_error_of_its_field(desk, request_, sent, field):
    answer = desk.post(page_of(request_), sent)

    assert errors(answer, field)
    request_.refresh_from_db()
    assert request_.is_awaiting_decision


@pytest.mark.parametrize("decision", ["made", "in_part"])
def test_a_request_is_met_by_an_amendment(desk, request_, decision):
    revision = amended(request_)

    sent = {"decision": decision, "amendment": revision.pk, "why": "You were right."}
    desk.post(page_of(request_), sent)

    request_.refresh_from_db()
    assert (request_.state, request_.revision) == (decision, revision)


def test_an_amendment_of_another_post_or_an_earlier_one_does_not_meet_it(desk, request_):
    revision = amended(request_)
    request_.asked_at = revision.since + timedelta(seconds=1)
    request_.save()

    answer = desk.post(page_of(request_), {"decision": "made", "amendment": revision.pk})

    assert errors(answer, "amendment")


def test_a_request_is_decided_once(desk, request_):
    request_.decline("No.", by=desk.author)

    sent = {"decision": "declined", "why": "Other reasons."}
    answer = desk.post(page_of(request_), sent, follow=True)

    request_.refresh_from_db()
    assert request_.reasons == "No."
    assert "You had typed: Other reasons." in answer.content.decode()
    assert 'name="decision"' not in desk.get(page_of(request_)).content.decode()


def test_a_request_that_came_by_letter_is_written_down(desk):
    right = make.right(make.post())

    desk.post(
        reverse("admin:comments_amendmentrequest_add"),
        {
            "right": right.pk,
            "wrong": "I was ill.",
            "public": "on",
            "asked_at_0": "2019-03-04",
            "asked_at_1": "10:00",
        },
    )

    assert right.requests.get().wrong == "I was ill."
    act = Act.objects.get(verb="write_down_request")
    assert (act.by, act.request) == (desk.author, right.requests.get())


# Complaints


def test_an_answer_settles_a_complaint_and_leaves_an_act(desk):
    comment = make.comment(make.post())
    complaint = Complaint.objects.create(
        post=comment.post, comment=comment, reason="law", words="It names me.", law=True
    )
    assert complaint.answer_by == complaint.made_at + timedelta(hours=48)

    desk.post(page_of(complaint), {"answer": "Removed.", "words": "Changed."})

    complaint.refresh_from_db()
    assert (complaint.answer, complaint.words) == ("Removed.", "It names me.")
    assert complaint.answered_at
    act = Act.objects.get(verb="answer_complaint")
    assert (act.by, act.reason, act.comment) == (desk.author, "law", comment)
    assert listed(desk, Complaint, "?answered=no") == []
    assert listed(desk, Complaint, "?answered=yes") == [complaint]


def test_a_complaint_is_not_settled_without_words(desk):
    complaint = Complaint.objects.create(post=make.post(), reason="other", words="Hm.")

    answer = desk.post(page_of(complaint), {"answer": ""})

    assert errors(answer, "answer")
    complaint.refresh_from_db()
    assert complaint.is_waiting


# Letters and acts


def test_a_failed_letter_is_tried_again_and_a_sent_one_is_not(desk):
    failed = Letter.objects.write("one", "a@example.com", "Hello", "Text")
    sent = Letter.objects.write("two", "b@example.com", "Hello", "Text")
    Letter.objects.filter(pk=failed.pk).update(state="failed", tries=8)
    Letter.objects.filter(pk=sent.pk).update(state="sent", tries=1)

    desk.post(list_of(Letter), act_on([failed, sent], "retry"))

    failed.refresh_from_db()
    sent.refresh_from_db()
    assert (failed.state, failed.tries, failed.is_due) == ("waiting", 0, True)
    assert (sent.state, sent.tries) == ("sent", 1)


def test_the_page_of_a_letter_shows_no_letterbox_link(client):
    right = make.right(make.post())
    make.tell(right)
    letter = right.letters.get()
    client.force_login(staff("view_letter"))

    page = client.get(page_of(letter)).content.decode()

    assert "[letterbox]" in page
    assert right.letterbox not in page


def test_letters_and_acts_are_only_looked_at(desk):
    letter = Letter.objects.write("one", "a@example.com", "Hello", "Text")
    right = make.right(make.post())
    right.renew_link(by=desk.author)
    act = Act.objects.get()

    assert desk.post(page_of(act), {"note": "Never."}).status_code == 403
    desk.post(page_of(letter), {"subject": "Changed"})
    letter.refresh_from_db()
    assert letter.subject == "Hello"
    for thing in (act, letter):
        name = thing._meta.model_name
        assert desk.get(reverse(f"admin:comments_{name}_add")).status_code == 403
        delete = reverse(f"admin:comments_{name}_delete", args=[thing.pk])
        assert desk.post(delete, {"post": "yes"}).status_code == 403
    assert "made a new letterbox link" in desk.get(list_of(Act)).content.decode()


# Who may


@pytest.mark.parametrize("model", [Subject, RightOfReply, AmendmentRequest, Complaint, Letter, Act])
def test_staff_without_permission_see_nothing(client, model):
    client.force_login(staff())

    assert client.get(list_of(model)).status_code == 403


def test_who_may_only_look_changes_nothing(client, request_):
    right = request_.right
    letter = Letter.objects.write("one", "a@example.com", "Hello", "Text")
    Letter.objects.update(state="failed")
    complaint = Complaint.objects.create(post=right.post, reason="other", words="Hm.")
    names = ("rightofreply", "amendmentrequest", "letter", "complaint")
    client.force_login(staff(*(f"view_{name}" for name in names)))

    client.post(list_of(RightOfReply), act_on([right], "renew_link"))
    client.post(list_of(Letter), act_on([letter], "retry"))
    decision = {"decision": "declined", "why": "No."}
    assert client.post(page_of(request_), decision).status_code == 403
    assert client.post(page_of(complaint), {"answer": "No."}).status_code == 403
    for thing in (right, letter, request_, complaint):
        assert client.get(page_of(thing)).status_code == 200

    right.refresh_from_db()
    letter.refresh_from_db()
    assert (right.serial, letter.state) == (1, "failed")
