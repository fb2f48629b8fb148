"""Ways to lose a comment, or to have it twice: the first answer never came, and it is sent again.

A table of what may happen in between. Each ends with one comment.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, Reason
from tests import make
from tests.losing import (
    HERE,
    MADE,
    WAYS,
    WHOLE,
    Way,
    World,
    a_week_goes_by,
    assert_stored,
    browser,
    change,
    is_handed_back,
    kept,
    moved,
    times_stored,
)
from tests.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return World()


AGAIN = {
    "nothing": lambda world, patch: None,
    "a week goes by": lambda world, patch: a_week_goes_by(patch),
    "its writer edits it": lambda world, patch: said(world).edit("Other words."),
    "the author removes it": lambda world, patch: said(world).remove(),
    "the author trusts nobody": lambda w, _: change(w.post, comment_policy="hold_all"),
    "the post is closed": lambda w, _: change(w.post, comment_policy="closed"),
    "the post has moved": moved,
    "the parent is removed": lambda w, _: w.first.remove(),
    "the parent is erased": lambda w, _: w.first.erase(),
    "a post is about somebody of this name": lambda w, _: make.right(w.post, make.subject("Cox")),
}
NEEDS_AN_ID = {
    *("a week goes by", "the post is closed", "the parent is removed", "the parent is erased"),
    "a post is about somebody of this name",
}
"""Without the id of a submission, who sends again after this is somebody like any other."""


def said(world):
    return Comment.objects.get(typed=kept(WHOLE))


@pytest.mark.parametrize(
    "happens, submission",
    [(one, MADE) for one in AGAIN] + [(one, "") for one in AGAIN if one not in NEEDS_AN_ID],
)
def test_whatever_happens_before_the_same_is_sent_again_it_is_one_comment(
    world, monkeypatch, happens, submission
):
    way = Way("an answer", world)
    way.more = {**way.more, "submission": submission}
    way.send(WHOLE)
    AGAIN[happens](world, monkeypatch)

    answer = way.send(WHOLE)

    assert answer.status_code == 302
    assert world.rows() == world.began + 1


@pytest.mark.parametrize("happens", sorted(NEEDS_AN_ID - {"a week goes by"}))
def test_what_is_sent_again_too_late_to_be_known_is_handed_back(world, monkeypatch, happens):
    way = Way("an answer", world)
    way.more = {**way.more, "submission": ""}
    way.send(WHOLE)
    AGAIN[happens](world, monkeypatch)

    answer = way.send(WHOLE)

    assert answer.status_code in (403, 422)
    assert is_handed_back(answer, WHOLE)
    assert world.rows() == world.began + 1


def test_a_preview_of_what_has_arrived_is_a_preview(world):
    way = Way("an answer", world)
    way.send(WHOLE)
    world.first.remove()

    preview = way.browser.post(way.path, {**way.fields(WHOLE), "preview": "Preview"})

    assert is_handed_back(preview, WHOLE)


def test_a_change_sent_again_when_the_time_is_over_has_been_made(world):
    way = Way("a change", world)
    way.send(WHOLE)
    long_ago = timezone.now() - timedelta(minutes=16)
    Comment.objects.filter(pk=world.mine.pk).update(published_at=long_ago)

    assert_stored(way, WHOLE, way.send(WHOLE))
    assert world.mine.revisions.count() == 1


@pytest.mark.parametrize("submission", ["", MADE], ids=["no script", "script"])
def test_other_words_from_the_page_gone_back_to_are_another_comment(world, submission):
    way = Way("a comment", world)
    way.more = {"submission": submission}
    way.send("The first words.")

    way.send(WHOLE)
    way.send(WHOLE)

    assert (times_stored("The first words."), times_stored(WHOLE)) == (1, 1)


def test_words_that_were_withdrawn_can_be_said_again(world):
    way = Way("a comment", world)
    way.send(WHOLE)
    said(world).remove(reason=Reason.ASKED, role="writer")

    way.send(WHOLE)

    assert Comment.objects.published().filter(typed=kept(WHOLE)).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", WAYS)
def test_a_double_click_is_one(name):
    world = World()
    way = Way(name, world)

    def click(_):
        one = browser(HERE)
        one.cookies = way.browser.cookies
        return way.send(WHOLE, one).status_code

    assert together(2, click) == [302, 302]
    assert times_stored(WHOLE) == 1
    assert world.rows() == world.began + way.makes
