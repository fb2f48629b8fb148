"""What a subject hears of what they said: read, taken down, or marked as theirs."""

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Act, Comment, Letter, Reason
from tests import make
from tests.desk import act_on, list_of, page_of, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post("Fog"), make.subject("Maud Tarrant", "maud@example.com"))


@pytest.fixture
def reply(right):
    """A reply that is published."""
    made = right.receive("It was the ebb.")
    made.publish()
    return made


def of_reply(comment):
    return reverse("admin:comments_comment_reply", args=[comment.pk])


def erasing(comment):
    return reverse("admin:comments_comment_erase", args=[comment.pk])


def letters(key):
    return Letter.objects.filter(key__startswith=key, to="maud@example.com")


# Read


@pytest.fixture
def three(right):
    """Two replies and a request that wait."""
    return right.receive("It was the ebb."), right.receive("And the fog."), right.ask("The date.")


def read_all(desk, three, through):
    if through == "reply":
        return desk.post(of_reply(three[0]), {"do": "acknowledge_all"}, follow=True)
    address = reverse("admin:comments_amendmentrequest_acknowledge", args=[three[2].pk])
    return desk.post(address, {"all": "1"}, follow=True)


@pytest.mark.parametrize("through", ["reply", "request"])
def test_all_that_waits_is_acknowledged_in_one_letter(desk, three, through):
    read_all(desk, three, through)
    read_all(desk, three, through)

    letter = letters("acknowledge").get()
    assert Letter.LETTERBOX in letter.body
    assert "You will have a decision by" in letter.body
    acts = Act.objects.filter(verb="acknowledge", by=desk.author)
    assert {act.comment or act.request for act in acts} == set(three)
    page = desk.get(of_reply(three[1])).content.decode()
    assert "Say that you have read" not in page
    assert "that you have read it" in page


def test_for_one_thing_alone_that_is_not_offered(desk, right):
    page = desk.get(of_reply(right.receive("It was the ebb."))).content.decode()

    assert "Say that you have read it" in page
    assert "in one letter" not in page


def test_who_may_not_decide_both_kinds_does_not_acknowledge_both(client, three):
    client.force_login(staff("view_comment", "change_comment"))

    assert read_all(client, three, "reply").status_code == 403
    assert "in one letter" not in client.get(of_reply(three[0])).content.decode()
    assert not letters("acknowledge").exists()


# Taken down


def test_who_was_taken_down_hears_why(desk, reply):
    queue = list_of(Comment)
    sent = {"_decide": f"remove:{reply.pk}", f"reason-{reply.pk}": "private"}

    page = desk.post(f"{queue}?state=published", sent, follow=True).content.decode()

    assert "Removed: 1." in page
    letter = letters("taken down").get()
    assert str(Reason.PRIVATE.label) in letter.body
    assert Letter.LETTERBOX in letter.body
    assert "ebb" not in letter.body


def test_no_letter_goes_where_they_took_it_back_themselves(right, reply):
    right.withdraw(reply)

    assert not letters("taken down").exists()


def test_no_letter_goes_where_it_is_the_comment_of_a_reader(desk, right):
    comment = make.comment(right.post)

    comment.remove(by=desk.author, reason=Reason.ABUSE)

    assert not Letter.objects.exists()


def test_what_a_letter_has_told_is_not_undone_by_a_click(desk, right):
    comment = right.receive("It was the ebb.")
    comment.publish()
    sent = act_on([comment, make.comment(right.post, state="held")], "remove", reason="other")

    desk.post(f"{list_of(Comment)}?state=all", sent)
    page = desk.get(list_of(Comment))
    desk.post(reverse("admin:comments_comment_undo"), {"decision": page.context["undo"][0]})

    assert Comment.objects.get(pk=comment.pk).state == "removed"


# Erased


def test_the_author_erases_a_reply_only_as_its_writer_wishes(desk, reply):
    page = desk.get(erasing(reply))
    assert "only if that person has asked you to" in page.content.decode()

    desk.post(erasing(reply), {"reason": "other"})
    assert not Comment.objects.get(pk=reply.pk).is_erased

    desk.post(erasing(reply), {"reason": "asked"})
    assert Comment.objects.get(pk=reply.pk).is_erased


@pytest.mark.parametrize("reason", ["abuse", "law", ""])
def test_a_declined_reply_is_not_erased_to_be_rid_of_it(desk, right, reason):
    reply = right.receive("It was the ebb.")
    seen = {"seen": reply.written_at.isoformat(), "reasons": "It names a child."}
    desk.post(of_reply(reply), {"do": "decline", **seen})

    answer = desk.post(erasing(reply), {"reason": reason})

    assert answer.status_code == 200
    assert not Comment.objects.get(pk=reply.pk).is_erased


# Marked


def test_whose_a_comment_is_said_to_be_hears_of_it(desk, right):
    right.told_otherwise("At the quay.")
    comment = make.comment(right.post, "I was there.", "")
    address = reverse("admin:comments_comment_mark", args=[comment.pk])
    page = desk.get(address).content.decode()
    assert "under that person’s name for everybody" in page
    assert "It was not signed." in page

    desk.post(address, {"who": f"right:{right.pk}", "known_by": "They said so."})

    letter = letters("marked").get()
    assert "is marked as yours" in letter.body
    assert Letter.LETTERBOX in letter.body
    assert "They said so." not in letter.body


def test_marked_once_more_they_hear_of_it_once_more_but_not_of_what_is_taken_back(right):
    right.told_otherwise("At the quay.")
    comment = make.comment(right.post)
    comment.mark(right, "They said so.")
    letters("marked").update(state=Letter.State.SENT, sent_at=timezone.now())

    comment.unmark()
    Comment.objects.get(pk=comment.pk).mark(right, "They said so again.")
    assert letters("marked").count() == 2
    Comment.objects.get(pk=comment.pk).unmark()

    assert letters("marked").count() == 1


def test_a_reply_that_was_taken_down_and_stands_again_is_told_of(desk, right):
    reply = right.receive("It was the ebb.")
    reply.publish(by=desk.author)
    reply.remove(by=desk.author, reason=Reason.OTHER)
    reply.publish(by=desk.author)
    reply.publish(by=desk.author)

    assert letters("published").count() == 2


def test_a_comment_that_is_signed_is_not_said_to_be_unsigned(desk, right):
    comment = make.comment(right.post, "I was there.", "A deckhand")

    page = desk.get(reverse("admin:comments_comment_mark", args=[comment.pk])).content.decode()

    assert "It was not signed." not in page
    assert page_of(comment) in page
