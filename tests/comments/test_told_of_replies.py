"""Who commented on a post, and left an e-mail, is told once of what its subject says there."""

from datetime import timedelta
from time import perf_counter

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import tasks
from comments.models import Comment, Commenter, Letter, Reason, Subscription
from comments.models.act import Act
from comments.models.subscription_queryset import MOST_ANSWERS
from tests import make
from tests.model_case import subject_says

pytestmark = pytest.mark.django_db

THERE = "halyard@example.com"


@pytest.fixture
def post():
    make.blog(comment_policy="open", author_email="")
    return make.post("Fog signals")


@pytest.fixture
def mine(post):
    return make.comment(post, "I heard it from the quay.", "Halyard")


@pytest.fixture
def right(post):
    return make.right(post, make.subject(email=""))


@pytest.fixture
def subscription(mine):
    made = make.subscription(mine, THERE)
    delivered()
    return made


def delivered():
    """Let the worker send what is due; return the messages that went."""
    mail.outbox.clear()
    tasks.send_due_letters()
    return list(mail.outbox)


def make_due():
    """Let waiting letters wait no longer."""
    Letter.objects.filter(state="waiting").update(next_try_at=timezone.now())


def about_replies():
    return Letter.objects.filter(key__startswith=Letter.ABOUT_REPLY)


def test_who_commented_there_is_told_by_one_letter_with_words_place_and_ways_out(
    mine, right, subscription
):
    reply = subject_says(right, "I rang it myself.")

    (letter,) = delivered()

    assert letter.to == [THERE]
    assert letter.subject == "A person whom “Fog signals” is about has replied"
    for words in (
        "Maud Tarrant, whom the post is about, has replied on “Fog signals”:",
        "> I rang it myself.",
        f"http://testserver/comments/{reply.pk}/",
        f"you wrote comment {mine.number} on “Fog signals”",
        subscription.stop_link,
    ):
        assert words in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<{subscription.stop_link}>"
    assert delivered() == []


def test_a_later_part_is_told_too(right, subscription):
    subject_says(right, "I rang it myself.")
    delivered()

    subject_says(right, "And here is the log.")

    (letter,) = delivered()
    assert "> And here is the log." in letter.body


def test_of_somebody_not_named_the_sentence_reads_well(right, subscription):
    right.unnamed = True
    right.save()

    subject_says(right, "I rang it myself.")

    (letter,) = delivered()
    assert "A person not named here, whom the post is about, has replied" in letter.body


def test_no_row_holds_words_or_name_of_a_reply(right, subscription):
    subject_says(right, "I rang it myself.")

    row = about_replies().get()

    assert "rang" not in row.subject + row.body
    assert "Maud" not in row.subject + row.body


def test_of_a_reply_to_their_own_comment_they_hear_once(mine, right, subscription):
    reply = subject_says(right, "I rang it myself.", published=False)
    Comment.objects.filter(pk=reply.pk).update(parent=mine)

    Comment.objects.get(pk=reply.pk).publish()

    (letter,) = delivered()
    assert "has answered your comment" in letter.body


@pytest.mark.parametrize("heard", [True, False], ids=["after they heard", "before they heard"])
def test_a_reply_that_is_published_again_is_told_once(right, subscription, heard):
    reply = subject_says(right, "I rang it myself.")
    letters = delivered() if heard else []

    reply.remove(reason=Reason.OTHER)
    letters += delivered()
    reply.publish()
    letters += delivered()

    assert len(letters) == 1


def test_what_was_published_before_they_confirmed_is_no_news(mine, right):
    reply = subject_says(right, "I rang it myself.")
    make.subscription(mine, THERE)
    delivered()

    reply.hold()
    reply.publish()

    assert delivered() == []


def test_who_has_not_confirmed_is_not_told(mine, right):
    make.subscription(mine, THERE, confirmed=False)
    delivered()

    subject_says(right, "I rang it myself.")

    assert delivered() == []


@pytest.mark.parametrize("state", ["held", "removed", "spam"])
def test_who_has_no_published_comment_under_that_post_is_not_told(post, right, state):
    elsewhere = make.comment(make.post("Buoys"), "Red ones.")
    make.subscription(elsewhere, THERE)
    make.comment(post, "I heard it.", commenter=elsewhere.commenter, state=state)
    delivered()

    subject_says(right, "I rang it myself.")

    assert delivered() == []


def test_a_reply_that_is_held_is_told_to_nobody(right, subscription):
    subject_says(right, "I rang it myself.", published=False)

    assert delivered() == []


def test_what_the_author_says_in_the_exchange_is_no_letter_to_all(post, right, subscription):
    reply = subject_says(right, "I rang it myself.")
    delivered()

    make.comment(post, "So you did.", voice="author", parent=reply)

    assert delivered() == []


def withdraw(reply):
    reply.remove(reason=Reason.ASKED, role=Act.Role.SUBJECT)


def erase(reply):
    reply.erase()


@pytest.mark.parametrize("fate", [withdraw, erase])
def test_a_reply_that_is_gone_before_its_letter_goes_is_not_told(right, subscription, fate):
    reply = subject_says(right, "I rang it myself.")

    fate(reply)

    assert delivered() == []
    assert not about_replies().exists()


def test_who_took_back_their_comment_meanwhile_is_not_told(mine, right, subscription):
    subject_says(right, "I rang it myself.")

    mine.remove(reason=Reason.ASKED, role=Act.Role.WRITER)

    assert delivered() == []


def test_a_reply_out_of_view_when_its_letter_is_to_go_is_put_off(post, right, subscription):
    subject_says(right, "I rang it myself.")
    post.unpublish()
    assert delivered() == []
    post.publish()
    make_due()

    assert len(delivered()) == 1


def test_who_stops_gets_none_and_leaves_no_letter(right, subscription):
    subject_says(right, "I rang it myself.")

    subscription.stop()

    assert delivered() == []
    assert not about_replies().exists()


def test_replies_count_among_the_letters_of_a_day_and_the_tenth_says_so(mine, right, subscription):
    for n in range(MOST_ANSWERS - 1):
        make.comment(mine.post, f"Bell {n}.", parent=mine)

    for n in range(3):
        subject_says(right, f"I rang it {n} times.")

    letters = delivered()
    assert len(letters) == MOST_ANSWERS
    assert ["last one for now" in one.body for one in letters] == [False] * 9 + [True]


def subscribers(post, size):
    """Let `size` people have commented on the post, each with a confirmed address."""
    at = timezone.now() - timedelta(hours=1)
    commenters = Commenter.objects.bulk_create(Commenter() for _ in range(size))
    Comment.objects.bulk_create(
        Comment(
            post=post,
            number=1000 + n,
            typed="Aye.",
            shown="<p>Aye.</p>",
            commenter=commenter,
            state="published",
            published_at=at,
        )
        for n, commenter in enumerate(commenters)
    )
    Subscription.objects.bulk_create(
        Subscription(
            commenter=commenter, email=f"mate{n}@example.com", asked_at=at, confirmed_at=at
        )
        for n, commenter in enumerate(commenters)
    )


def test_a_thousand_subscribers_hold_up_no_publication(post, right):
    subscribers(post, 1000)
    reply = subject_says(right, "I rang it myself.", published=False)

    begun = perf_counter()
    with CaptureQueriesContext(connection) as captured:
        reply.publish()
    took = perf_counter() - begun

    assert about_replies().count() == 1000
    assert len(captured) < 60  # many rows to a query; the number of parameters is limited
    assert took < 2
