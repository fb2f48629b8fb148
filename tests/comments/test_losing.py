"""Ways to lose a comment: what readers, the author and others do while somebody writes.

A table of what may happen × when. Each ends with the words stored once, or handed back, whole.
What happens before the same is sent once more is in test_losing_again.py, what happens to the
program and its database in test_losing_faults.py, what is sent in test_losing_requests.py.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from comments.models import Comment, Commenter, KeptName, Reason
from tests.losing import (
    MADE,
    WAYS,
    WHOLE,
    Way,
    World,
    a_week_goes_by,
    assert_handed_back,
    assert_stored,
    browser,
    change,
    is_handed_back,
    moved,
)

pytestmark = pytest.mark.django_db
MOST = {
    "a claim": 5_000,
    "complaint": 5_000,
    "reply": 200_000,
    "draft": 200_000,
}  # characters there is room for; else 10,000


@pytest.fixture
def world():
    return World()


# Nothing happens at all


@pytest.mark.parametrize("name", WAYS)
def test_what_is_sent_is_stored_once_and_whole(world, name):
    way = Way(name, world)

    assert_stored(way, WHOLE, way.send(WHOLE))


@pytest.mark.parametrize("name", WAYS)
def test_what_is_sent_twice_is_stored_once(world, name):
    way = Way(name, world)

    assert_stored(way, WHOLE, way.send(WHOLE))
    assert_stored(way, WHOLE, way.send(WHOLE))


@pytest.mark.parametrize("name", WAYS)
def test_as_much_as_there_is_room_for_is_stored_whole(world, name):
    way = Way(name, world)
    text = "🜁" * next((most for word, most in MOST.items() if word in name), 10_000)

    assert_stored(way, text, way.send(text))


@pytest.mark.parametrize("name", WAYS)
def test_one_character_too_many_is_handed_back_with_all_the_others(world, name):
    way = Way(name, world)
    most = next((most for word, most in MOST.items() if word in name), 10_000)
    text = (WHOLE * (most // 100))[: most * 2]

    assert_handed_back(way, text, way.send(text), 422)


# What the form itself refuses


REFUSED = {
    "a name that is too long": {"name": "H" * 101},
    "the author's name": {"name": "Ines Harker"},
    "a name like the author's": {"name": "lnes Harker"},
    "the name of whom it is about": {"name": "Maud Tarrant"},
    "a name that somebody keeps": {"name": "Lanyard"},
    "an answer to no comment": {"to": "77"},
    "an answer to what is no number": {"to": "x\x00"},
}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_handed_back_and_once_it_is_mended_is_stored(world, fields):
    KeptName.objects.keep(Commenter.objects.create(), "Lanyard", taken=set())
    way = Way("a comment", world)

    refused = way.browser.post(way.path, {**way.fields(WHOLE), **fields})

    assert_handed_back(way, WHOLE, refused, 422)
    assert_stored(way, WHOLE, way.send(WHOLE))


@pytest.mark.parametrize("fields", [{"reason": ""}, {"email": "maud@"}])
def test_a_complaint_that_is_refused_is_handed_back(world, fields):
    way = Way("a complaint about a comment", world)

    refused = way.browser.post(way.path, {**way.fields(WHOLE), **fields})

    assert_handed_back(way, WHOLE, refused, 422)


IN_A_LETTERBOX = ("a reply", "a request", "a draft", "a changed reply")


@pytest.mark.parametrize("name", [name for name in WAYS if name not in IN_A_LETTERBOX])
@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "http://evil.example"}])
def test_what_does_not_say_that_it_comes_from_here_is_handed_back(world, name, headers):
    way = Way(name, world)
    elsewhere = browser(headers)
    elsewhere.cookies = way.browser.cookies

    assert_handed_back(way, WHOLE, way.send(WHOLE, elsewhere), 403)
    assert_stored(way, WHOLE, way.send(WHOLE))


def test_a_preview_hands_everything_back(world):
    way = Way("a comment", world)

    preview = way.browser.post(way.path, {**way.fields(WHOLE), "preview": "Preview"})

    assert_handed_back(way, WHOLE, preview, 200)


# What happens between opening the form and sending it


def _erased(world, _):
    world.mine.commenter.erase()


def _link_renewed(world, _):
    world.right.renew_link()


MEANWHILE = {
    "a week has gone by": (lambda _, patch: a_week_goes_by(patch), 302),
    "everything is held": (lambda w, _: change(w.post, comment_policy="hold_all"), 302),
    "the post has moved": (moved, 302),
    "the post is amended": (lambda w, _: change(w.post, text="<p>Twice.</p>"), 302),
    "the post is closed": (lambda w, _: change(w.post, comment_policy="closed"), 403),
    "the post is out of view": (lambda w, _: w.post.unpublish(), 404),
    "the post is deleted": (lambda w, _: w.post.delete(), 404),
    "the parent is removed": (lambda w, _: w.first.remove(), 422),
    "the parent is spam": (lambda w, _: w.first.mark_spam(), 422),
    "the parent is erased": (lambda w, _: w.first.erase(), 422),
    "the name is kept": (
        lambda w, _: KeptName.objects.keep(w.mine.commenter, "Cox", taken=set()),
        422,
    ),
}


@pytest.mark.parametrize("happens, status", MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.parametrize("submission", ["", MADE], ids=["no script", "script"])
def test_whatever_happens_while_an_answer_is_written(
    world, monkeypatch, happens, status, submission
):
    page = html.fromstring(world.reader.get(world.post.get_absolute_url()).content)
    (form,) = page.xpath("//form[@method='post']")
    sent = {**dict(form.form_values()), "text": WHOLE, "to": "1", "name": "Cox"}
    way = Way("an answer", world)
    happens(world, monkeypatch)
    world.began = world.rows()

    answer = world.reader.post(form.get("action"), {**sent, "submission": submission})

    if status == 302:
        assert_stored(way, WHOLE, answer)
    else:
        assert_handed_back(way, WHOLE, answer, status)


LOST_MEANWHILE = {
    "a change": [(_erased, 404)],
    "another by the same person": [
        *[(_erased, 404), (MEANWHILE["the post is closed"][0], 403), (moved, 302)],
        (MEANWHILE["the post is out of view"][0], 404),
    ],
    "a complaint about a comment": [
        (MEANWHILE["the parent is removed"][0], 404),
        (MEANWHILE["the post is out of view"][0], 404),
    ],
    "a complaint about a post": [(MEANWHILE["the post is out of view"][0], 404), (moved, 302)],
    "a reply": [(_link_renewed, 404), (MEANWHILE["the post is out of view"][0], 302)],
    "a request": [(_link_renewed, 404), (MEANWHILE["the post is deleted"][0], 404)],
    "a draft": [(_link_renewed, 404), (MEANWHILE["the post is out of view"][0], 302)],
    "a changed reply": [
        *[(_link_renewed, 404), (lambda w, _: w.waiting.publish(), 422)],
        (lambda w, _: w.waiting.remove(), 422),
    ],
}


@pytest.mark.parametrize(
    "name, happens, status",
    [(name, *row) for name, rows in LOST_MEANWHILE.items() for row in rows],
)
def test_whatever_happens_while_anything_else_is_written(world, name, happens, status):
    way = Way(name, world)
    happens(world, None)
    world.began = world.rows()

    answer = way.send(WHOLE)

    if status == 302:
        assert_stored(way, WHOLE, answer)
    else:
        assert_handed_back(way, WHOLE, answer, status)


@pytest.mark.parametrize("happens", ["window", "removed", "withdrawn", "held", "policy"])
def test_whatever_happens_while_a_comment_is_changed(world, happens):
    way = Way("a change", world)
    if happens == "window":
        long_ago = timezone.now() - timedelta(minutes=16)
        Comment.objects.filter(pk=world.mine.pk).update(published_at=long_ago)
    elif happens == "removed":
        world.mine.remove(reason=Reason.ABUSE)
    elif happens == "withdrawn":
        world.mine.remove(reason=Reason.ASKED, role="writer")
    elif happens == "held":
        Comment.objects.filter(pk=world.mine.pk).update(state="held")
    else:
        change(world.post, comment_policy="hold_all")

    assert_handed_back(way, WHOLE, way.send(WHOLE), 422)


def test_a_change_of_what_is_gone_from_elsewhere_is_handed_back(world):
    way = Way("a change", world)
    world.mine.erase()

    assert is_handed_back(way.send(WHOLE, browser({})), WHOLE)


def test_who_was_remembered_and_is_erased_meanwhile_is_stored_as_somebody_new(world):
    way = Way("a comment", world)
    world.reader.post(world.mine.commenter.path, {"do": "remember"})
    _erased(world, None)

    assert_stored(way, WHOLE, way.send(WHOLE))


def test_what_the_author_sends_after_the_session_has_ended_is_stored(world):
    way = Way("the author's answer", world)
    world.author.cookies.clear()

    assert_stored(way, WHOLE, way.send(WHOLE))
