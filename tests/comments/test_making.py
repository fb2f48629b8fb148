"""An amendment that was asked for, made in one go: the text, its note, the decision, the letter."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments import promises
from comments.models import Act, AmendmentRequest, Letter
from posts.models import Blog, LogEntry, Post, Revision
from tests import make
from tests.desk import page_of, staff
from tests.stored import everything_stored

pytestmark = pytest.mark.django_db

AMENDED = "<p>The boat was late. So it goes.</p>"


@pytest.fixture
def one():
    """A public request for an amendment of a public post."""
    post = make.post("Fog", "<p>She was late. So it goes.</p>")
    make.blog()
    right = make.right(post)
    return right.ask(
        "The boat was.", words="She was late.", wanted="The boat was late.", public=True
    )


def again(one):
    return AmendmentRequest.objects.get(pk=one.pk)


def address(one, query=""):
    return reverse("admin:comments_amendmentrequest_make", args=[one.pk]) + query


def typed(one, **more):
    """Return what the page sends, with `more` typed over it."""
    post = Post.objects.get(pk=one.right.post_id)
    return {
        "title": post.title,
        "text": AMENDED,
        "seen": post.changed_at.isoformat(),
        "note": "It was the boat.",
        "decision": "made",
        "why": "",
        **more,
    }


def said(answer, field=None):
    """Return what the form of this answer says is wrong: as a whole, or with `field`."""
    form = answer.context["form"]
    return str(form.errors.get(field) if field else form.non_field_errors())


# The verb


def test_the_amendment_and_the_decision_are_made_together(one):
    author = make.author()

    revision = one.make("Fog", AMENDED, "It was the boat.", "You were right.", by=author)

    row = again(one)
    assert (row.state, row.revision, row.reasons) == ("made", revision, "You were right.")
    assert (revision.sort, revision.note, revision.by) == ("amendment", "It was the boat.", author)
    assert Post.objects.get(pk=one.right.post_id).text == AMENDED
    entries = LogEntry.objects.order_by("number")
    assert [entry.number for entry in entries] == [1, 2]
    assert (entries[0].revision, entries[1].request) == (revision, row)
    act = Act.objects.latest("pk")
    assert (act.verb, act.by, act.request, act.right, act.note) == (
        *("request made", author, row, row.right, ""),
    )


def test_the_letter_says_what_was_decided_and_where_it_can_be_seen(one):
    one.make("Fog", AMENDED, "It was the boat.", "You were right.")

    letter = Letter.objects.get(key=f"decision {one.pk}")
    assert "The decision: made." in letter.body
    assert "You were right." in letter.body
    assert "/amendments/1/" in letter.body


def test_a_text_that_stays_as_it_is_amends_nothing(one):
    post = one.right.post

    with pytest.raises(ValueError, match="Neither title nor text"):
        one.make(post.title, post.text, "It was the boat.")

    assert again(one).is_awaiting_decision
    assert post.revisions.count() == 1


def test_a_post_that_is_not_public_is_not_amended_and_not_changed(one):
    one.right.post.unpublish()

    with pytest.raises(ValueError, match="not public"):
        one.make("Fog", AMENDED, "It was the boat.")

    assert again(one).is_awaiting_decision
    assert Post.objects.get(pk=one.right.post_id).text != AMENDED


def test_what_was_decided_meanwhile_leaves_the_post_as_it_is(one):
    stale = again(one)
    one.decline("The log says so.")

    with pytest.raises(ValueError, match="decided"):
        stale.make("Fog", AMENDED, "It was the boat.")

    assert Post.objects.get(pk=one.right.post_id).text != AMENDED
    assert one.right.post.revisions.count() == 1


# A failure anywhere


def nth_fails(monkeypatch, owner, name, number):
    """Let `owner.name` fail the `number`th time, after what it does; return the list of calls."""
    calls = []
    real = getattr(owner, name)

    def failing(*args, **kwargs):
        calls.append(name)
        done = real(*args, **kwargs)
        if len(calls) == number:
            raise RuntimeError("the lamp went out")
        return done

    monkeypatch.setattr(owner, name, failing)
    return calls


STEPS = {
    "the post is revised": (Post, "revise", 1),
    "the amendment is put into the log": (LogEntry, "record", 1),
    "the decision is put into the log": (LogEntry, "record", 2),
    "the request is saved": (AmendmentRequest, "save", 1),
    "the letter is written": (type(Letter.objects.all()), "write", 1),
    "the act is recorded": (Act, "record", 1),
}


@pytest.mark.parametrize("through", ["the verb", "the page"])
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_nothing_half_done(desk, one, monkeypatch, step, through):
    desk.raise_request_exception = False
    before = everything_stored()
    owner, name, number = STEPS[step]
    calls = nth_fails(monkeypatch, owner, name, number)

    if through == "the page":
        assert desk.post(address(one), typed(one, withheld="on")).status_code == 500
    else:
        with pytest.raises(RuntimeError, match="lamp"):
            again(one).make("Fog", AMENDED, "It was the boat.", withheld=True)

    assert len(calls) == number
    assert everything_stored() == before


# The page


def test_the_page_amends_and_decides_with_one_button(desk, one):
    answer = desk.post(address(one), typed(one, withheld="on"), follow=True)

    row = again(one)
    assert (row.state, row.revision.by) == ("made", desk.author)
    assert Revision.objects.get(number=1).withheld
    assert "The post is amended" in answer.content.decode()


def test_a_request_made_in_part_needs_reasons(desk, one):
    answer = desk.post(address(one), typed(one, decision="in_part"))

    assert "in part, with reasons" in said(answer, "why")
    assert again(one).is_awaiting_decision
    assert one.right.post.revisions.count() == 1
    desk.post(address(one), typed(one, decision="in_part", why="Not the date."))
    assert (again(one).state, again(one).reasons) == ("in_part", "Not the date.")


def test_the_note_says_who_asked(desk, one):
    form = desk.get(address(one)).context["form"]

    assert form["note"].value().startswith("Somebody this post is about asked for this")


def test_the_note_of_a_private_request_tells_nobody_of_it(desk, one):
    AmendmentRequest.objects.update(public=False)

    page = desk.get(address(one))

    assert "Maud" not in page.context["form"]["note"].value()
    assert "The request is private" in page.content.decode()


def test_the_wanted_words_stand_in_place_of_the_quoted_ones_where_that_was_asked(desk, one):
    form = desk.get(address(one, "?instead=1")).context["form"]

    assert form["text"].value() == AMENDED
    assert Post.objects.get(pk=one.right.post_id).text != AMENDED


def test_words_that_stand_twice_are_put_nowhere(desk, one):
    post = one.right.post
    post.text = "<p>She was late. She was late.</p>"
    post.save()

    answer = desk.get(address(one, "?instead=1"))

    assert answer.context["form"]["text"].value() == post.text
    assert "stand in the text 2 times" in answer.content.decode()
    assert "put-in-place" not in answer.content.decode()


def test_nobody_overwrites_a_newer_version_unseen_and_no_word_is_lost(desk, one):
    sent = typed(one)
    post = one.right.post
    post.text = "<p>An hour of writing.</p>"
    post.save()

    answer = desk.post(address(one), sent)

    assert "there is a newer version" in said(answer)
    assert answer.context["form"]["text"].value() == AMENDED
    assert Post.objects.get(pk=post.pk).text == "<p>An hour of writing.</p>"
    assert again(one).is_awaiting_decision
    sent["seen"] = answer.context["form"]["seen"].value()
    desk.post(address(one), sent)
    assert again(one).state == "made"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"text": "<p>She was late. So it goes.</p>"}, "note"), ({"note": " "}, "note")],
    ids=["unchanged", "without a note"],
)
def test_what_is_no_amendment_is_refused_in_words(desk, one, more, field):
    answer = desk.post(address(one), typed(one, **more))

    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert again(one).is_awaiting_decision


def test_who_is_too_late_gets_their_words_back(desk, one):
    one.decline("The log says so.")

    answer = desk.post(address(one), typed(one))

    assert "has been decided" in said(answer)
    assert answer.context["form"]["text"].value() == AMENDED
    assert Post.objects.get(pk=one.right.post_id).text != AMENDED


@pytest.mark.parametrize("why", ["decided", "not public"])
def test_where_nothing_can_be_made_the_page_leads_back(desk, one, why):
    if why == "decided":
        one.decline("The log says so.")
    else:
        one.right.post.unpublish()

    answer = desk.get(address(one), follow=True)

    assert answer.redirect_chain == [(page_of(one), 302)]
    assert why in answer.content.decode()


@pytest.mark.parametrize(
    "permissions",
    [
        ["view_amendmentrequest", "view_post"],
        ["change_amendmentrequest", "view_post"],
        ["view_amendmentrequest", "change_post"],
    ],
)
def test_who_may_not_do_both_does_neither(client, one, permissions):
    client.force_login(staff(*permissions))

    assert client.get(address(one)).status_code == 403
    assert client.post(address(one), typed(one)).status_code == 403
    assert again(one).is_awaiting_decision
    assert one.right.post.revisions.count() == 1
    page = client.get(page_of(one))
    assert page.status_code == 200
    assert address(one) not in page.content.decode()


@pytest.mark.parametrize("public", [True, False])
def test_what_is_said_of_who_sees_the_reasons_is_true(desk, one, public):
    AmendmentRequest.objects.update(public=public)
    words = "readers see them: the request is public" if public else "the request is private"

    for page in (page_of(one), address(one)):
        assert words in desk.get(page).content.decode()


@pytest.mark.parametrize(
    ("decision", "words"), [("made", "asked is made."), ("in_part", "asked is made in part.")]
)
def test_what_was_done_is_said_as_it_was_done(desk, one, decision, words):
    answer = desk.post(address(one), typed(one, decision=decision, why="So."), follow=True)

    assert words in answer.content.decode()


# Acknowledging


def test_a_request_is_acknowledged_from_its_page_once(desk, one):
    Letter.objects.all().delete()
    button = reverse("admin:comments_amendmentrequest_acknowledge", args=[one.pk])

    desk.post(button)
    desk.post(button)

    promise = again(one).promise(Blog.current())
    assert (promise.due, again(one).acknowledged_at is not None) == (promises.DECIDE, True)
    letter = Letter.objects.get()
    assert f"a decision by {promise.decide_by.day} " in letter.body
    act = Act.objects.get(verb="acknowledge")
    assert (act.by, act.request, act.note) == (desk.author, one, "")


def test_a_decision_makes_acknowledging_moot(desk, one):
    one.decline("The log says so.")

    one.acknowledge()

    assert again(one).acknowledged_at is None
    assert not Act.objects.filter(verb="acknowledge").exists()


def test_late_as_it_is_the_letter_promises_no_day_that_has_passed(one):
    AmendmentRequest.objects.update(asked_at=timezone.now() - timedelta(days=40))

    again(one).acknowledge()

    body = Letter.objects.get(key=f"acknowledge request {one.pk}").body
    assert "it is late" in body
    assert "a decision by" not in body


# Erasing


def test_erasing_leaves_the_decision_and_no_word(one):
    author = make.author()
    one.decline("Words about Otto’s horse.")
    LogEntry.objects.get(request=one)

    again(one).erase(by=author)

    row = again(one)
    assert (row.words, row.wrong, row.wanted, row.reasons) == ("", "", "", "")
    assert (row.state, row.erased_at is not None, row.log_entry is not None) == (
        *("declined", True, True),
    )
    assert not row.was_closed_by_erasing
    kept = everything_stored()
    assert "Otto’s horse" not in kept
    assert "The boat was late" not in kept.replace(row.right.post.text, "")
    act = Act.objects.latest("pk")
    assert (act.verb, act.by, act.request) == ("erase_request", author, row)


def test_what_is_erased_undecided_is_closed_and_not_on_the_public_log(one):
    one.erase()

    row = again(one)
    assert (row.is_awaiting_decision, row.was_closed_by_erasing) == (False, True)
    assert row.log_entry is None
    assert not Act.objects.filter(verb="request declined").exists()
    assert "can ask" in Letter.objects.get(key=f"erased request {one.pk}").body


def test_erasing_is_asked_about_once_more(desk, one):
    button = reverse("admin:comments_amendmentrequest_erase", args=[one.pk])

    assert "can’t be undone" in desk.get(button).content.decode()
    assert again(one).wrong == "The boat was."
    page = desk.post(button, follow=True).content.decode()

    assert again(one).is_erased
    assert "before it was decided" in page
    assert "The boat was." not in page


def test_the_desks_own_log_keeps_no_words(desk, one):
    desk.post(page_of(one), {"decision": "declined", "why": "No."})

    again(one).erase()

    assert "The boat was." not in everything_stored()


@pytest.mark.parametrize("name", ["acknowledge", "erase"])
def test_who_may_only_look_neither_acknowledges_nor_erases(client, one, name):
    client.force_login(staff("view_amendmentrequest"))
    button = reverse(f"admin:comments_amendmentrequest_{name}", args=[one.pk])

    assert client.post(button).status_code == 403
    assert button not in client.get(page_of(one)).content.decode()
    row = again(one)
    assert (row.acknowledged_at, row.erased_at, row.wrong) == (None, None, "The boat was.")
