"""The people a post is about: told once, heard, and answered with reasons."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone

from comments.models import Act, AmendmentRequest, Comment, Complaint, Letter, RightOfReply
from comments.tasks import tick
from tests import make
from tests.threads import together

pytestmark = pytest.mark.django_db
THEN = datetime(2017, 8, 9, 10, 0, tzinfo=UTC)


def again(one):
    return type(one).objects.get(pk=one.pk)


# Told


def test_the_courtesy_letter_says_where_the_post_is_and_opens_the_letterbox():
    make.blog()
    post = make.post("Who rang the bell", published=THEN)
    right = make.right(post)

    make.tell(right)

    letter = Letter.objects.get()
    assert right.letterbox not in letter.body
    letter.send()
    body = mail.outbox[0].body
    secret = re.search(r"/reply/([^/\s]+)/", body)[1]
    assert (letter.to, letter.right, letter.post) == ("maud@example.com", right, post)
    assert "http://testserver/2017/08/who-rang-the-bell/" in body
    assert "Ines Harker" in body
    assert RightOfReply.objects.by_secret(secret) == right


def test_a_subject_is_told_once():
    right = make.right(make.post())

    make.tell(right)
    make.tell(again(right))
    make.tell(right)
    tick()

    assert Letter.objects.count() == 1
    assert [act.verb for act in Act.objects.all()] == ["tell"]


@pytest.mark.django_db(transaction=True)
def test_a_subject_whom_many_workers_tell_at_once_is_told_once():
    right = make.right(make.post())

    together(4, lambda _: make.tell(again(right)))

    assert Letter.objects.count() == 1
    assert Act.objects.filter(verb="tell").count() == 1


def test_a_subject_is_told_when_the_post_becomes_public_and_not_before():
    post = make.post(published=None)
    right = make.right(post)
    tick()
    assert not Letter.objects.exists()

    post.publish()
    tick()

    assert Letter.objects.get().right == right
    assert again(right).told_at is not None


@pytest.mark.parametrize(
    "values, email",
    [
        ({"tell": False}, "maud@example.com"),
        ({"not_told_because": "She knows already."}, "maud@example.com"),
        ({}, ""),
    ],
)
def test_nobody_is_told_whom_the_author_chose_not_to_tell(values, email):
    make.right(make.post(), make.subject(email=email), **values)

    tick()

    assert not Letter.objects.exists()


@pytest.fixture
def every_sort():
    """One right of every sort, of which one is to be told."""
    for post in (make.post(), make.post(published=None)):
        make.right(post)
        make.right(post, make.subject(email=""))
        make.right(post, tell=False)
        make.right(post, not_told_because="She knows already.")
        make.right(post, told_at=THEN)
        make.right(post, stopped_at=THEN)
        make.right(post, make.subject(stopped_at=THEN))


def test_to_tell_and_is_to_tell_agree(every_sort):
    found = set(RightOfReply.objects.to_tell())

    assert found == {right for right in RightOfReply.objects.all() if right.is_to_tell}
    assert len(found) == 1


def test_untold_are_those_that_nobody_will_tell_and_nobody_said_why(every_sort):
    found = RightOfReply.objects.untold()

    assert {(right.tell, right.subject.email) for right in found} == {
        (True, ""),
        (False, "maud@example.com"),
    }


def test_one_right_for_each_subject_of_a_post():
    post, maud = make.post(), make.subject()
    make.right(post, maud)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.right(post, maud)


def test_readers_see_the_name_the_author_gave():
    named = make.right(make.post(), shown_name="The keeper")

    assert (named.name, make.right(make.post()).name) == ("The keeper", "Maud Tarrant")


# Heard


def test_a_reply_waits_for_the_author_and_tells_them_of_it():
    make.blog()
    right = make.right(make.post())

    reply = right.receive("It was not so.")

    letter = Letter.objects.get()
    assert (reply.voice, reply.right, reply.is_held) == ("subject", right, True)
    assert (letter.to, f"/comments/comment/{reply.pk}/" in letter.body) == (
        *("ines@tidetable.example", True),
    )
    assert [(act.verb, act.role, act.comment) for act in Act.objects.all()] == [
        ("reply", "subject", reply)
    ]


@pytest.mark.parametrize("submission", ["s1", ""])
def test_a_reply_sent_twice_is_one_reply(submission):
    make.blog()
    right = make.right(make.post())

    right.receive("It was not so.", submission=submission)
    right.receive("It was not so.", submission=submission)

    assert (Comment.objects.count(), Letter.objects.count(), Act.objects.count()) == (1, 1, 1)


def test_a_later_part_answers_the_first():
    right = make.right(make.post())
    first = right.receive("It was not so.")
    first.publish()

    later = right.receive("And there is more.")

    assert (later.parent, later.right) == (first, right)


def test_a_reply_may_be_long_and_is_kept_whole():
    words = "It was not so. " * 5_000

    reply = make.right(make.post()).receive(words)

    assert again(reply).typed == words


# Answered


@pytest.fixture
def request_(db):
    return make.right(make.post("Fog", "<p>One.</p>")).ask(
        "The date is wrong.", words="One.", public=True
    )


def test_a_request_asked_twice_is_one_request(request_):
    request_.right.ask("The date is wrong.", words="One.", public=True)

    assert AmendmentRequest.objects.count() == 1
    assert [act.verb for act in Act.objects.all()] == ["ask"]


def test_a_request_is_declined_with_reasons_and_recorded(request_):
    author = make.author()

    request_.decline("The log says so.", by=author, at=THEN)

    request = again(request_)
    assert (request.state, request.reasons, request.decided_at) == (
        *("declined", "The log says so.", THEN),
    )
    act = Act.objects.latest("pk")
    assert (act.verb, act.by, act.note, act.right, act.request) == (
        *("request declined", author, "", request.right, request),
    )


@pytest.mark.parametrize("reasons", ["", " \n"])
def test_a_request_cannot_be_declined_without_reasons(request_, reasons):
    with pytest.raises(ValueError, match="reasons"):
        request_.decline(reasons)

    assert again(request_).is_awaiting_decision


def amend(request):
    """Return an amendment of the post that the request is about."""
    return request.right.post.revise("Fog", "<p>Two.</p>", "amendment", note="The date.")


def test_a_request_cannot_be_met_in_part_without_reasons(request_):
    with pytest.raises(ValueError, match="reasons"):
        request_.grant(amend(request_), in_part=True)

    assert again(request_).is_awaiting_decision


def test_a_request_that_is_granted_names_the_amendment(request_):
    revision = amend(request_)

    request_.grant(revision)

    assert (again(request_).state, again(request_).revision) == ("made", revision)


def test_a_request_is_met_by_an_amendment_of_its_post_alone(request_):
    post = request_.right.post
    elsewhere = make.post().revise("Fog", "<p>Two.</p>", "amendment", note="The date.")
    small = post.revise("Fog", "<p>A letter changed.</p>")

    for revision in (elsewhere, small):
        with pytest.raises(ValueError, match="amendment of the post"):
            request_.grant(revision)

    assert again(request_).is_awaiting_decision


def test_a_request_is_decided_once(request_):
    stale = again(request_)
    request_.decline("The log says so.")

    with pytest.raises(ValueError, match="decided"):
        stale.grant(amend(stale))

    assert again(request_).state == "declined"


def test_awaiting_decision_and_is_awaiting_decision_agree():
    right = make.right(make.post())
    first, second, third = (right.ask(f"Fault {n}", public=True) for n in range(3))
    first.decline("No.")
    second.grant(amend(second), "In part.", in_part=True)

    found = set(AmendmentRequest.objects.awaiting_decision())

    assert found == {one for one in AmendmentRequest.objects.all() if one.is_awaiting_decision}
    assert found == {third}


# Complaints


def complain(**values):
    return Complaint.objects.create(
        **{"post": make.post(), "reason": "law", "words": "It names me.", **values}
    )


def test_waiting_and_is_waiting_agree():
    waiting, settled = complain(), complain()
    settled.settle("It was taken down.")

    found = set(Complaint.objects.waiting())

    assert found == {one for one in Complaint.objects.all() if one.is_waiting}
    assert found == {waiting}


def test_a_complaint_that_means_the_law_should_be_answered_in_two_days():
    moment = timezone.now()

    assert complain(law=True, made_at=moment).answer_by == moment + timedelta(hours=48)
    assert complain(law=False).answer_by is None


def test_an_answer_to_a_complaint_is_recorded_and_its_first_moment_kept():
    complaint, author = complain(), make.author()
    complaint.settle("It was taken down.", by=author)
    moment = again(complaint).answered_at

    complaint.settle("It was taken down today.", by=author)

    assert again(complaint).answered_at == moment
    assert [act.note for act in Act.objects.order_by("pk")] == [
        "It was taken down.",
        "It was taken down today.",
    ]


def test_a_complaint_hides_nothing():
    comment = make.comment(make.post())

    complain(post=comment.post, comment=comment, law=True)

    assert again(comment).is_published


def test_who_is_not_to_be_told_after_all_is_not():
    stale = make.right(make.post())
    RightOfReply.objects.update(not_told_because="They asked me not to.")

    make.tell(stale)

    assert not Letter.objects.exists()
    assert again(stale).told_at is None


def test_a_right_does_not_pass_to_another_person():
    right = make.right(make.post())
    right.subject = make.subject("Otto Brandt")

    with pytest.raises(ValueError, match="one person"):
        right.save()

    assert again(right).subject.name == "Maud Tarrant"


def test_a_stale_form_revives_no_leaked_link():
    right = make.right(make.post())
    stale = again(right)
    right.renew_link()
    stale.part = "the pilot"
    stale.save()

    assert again(stale).letterbox == right.letterbox


def test_the_author_is_told_of_a_request_and_the_subject_of_the_decision():
    make.blog()
    request = make.right(make.post("Fog")).ask("I was there.", public=True)
    request.decline("The log says otherwise.")
    for letter in Letter.objects.order_by("pk"):
        letter.send()

    to_author, to_subject = mail.outbox
    assert (to_author.to, to_subject.to) == (["ines@tidetable.example"], ["maud@example.com"])
    assert f"/admin/comments/amendmentrequest/{request.pk}/" in to_author.body
    assert "The log says otherwise." in to_subject.body
    assert request.right.letterbox in to_subject.body
    assert request.right.letterbox not in to_author.body


def test_a_right_with_a_request_on_record_cannot_be_deleted():
    request = make.right(make.post()).ask("I was there.", public=True)
    request.decline("The log says otherwise.")

    with pytest.raises((ProtectedError, RestrictedError)):
        request.right.delete()

    assert again(request).reasons == "The log says otherwise."
