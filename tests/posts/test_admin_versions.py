"""The desk's form for a post that is not what it was: nothing is overwritten or forgotten."""

from datetime import UTC, datetime

import pytest

from posts.models import Label, Post
from tests import make
from tests.desk import errors, page_of, rows, typed

pytestmark = pytest.mark.django_db

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)


@pytest.fixture
def away():
    """A post that had been public, was taken out of view, and rewritten."""
    post = make.post("Late", "<p>She was late.</p>", published=OLD)
    post.unpublish()
    post.text = "<p>The boat was late.</p>"
    post.save()
    return post


def words(answer):
    """Return what the desk says after this answer."""
    return [str(message) for message in answer.context["messages"]]


# A form that was opened before somebody else saved


@pytest.mark.parametrize("published", [None, OLD])
def test_a_stale_form_overwrites_nothing_and_hands_back_what_was_typed(desk, published):
    post = make.post(text="<p>One.</p>", published=published)
    label = Label.objects.named("Fog")
    stale = typed("_save", post, title="Typed in the other tab", labels=[label.pk])
    desk.post(page_of(post), typed("_save", post, text="<p>An hour of writing.</p>"))

    answer = desk.post(page_of(post), stale)

    post.refresh_from_db()
    page = answer.content.decode()
    assert (post.text, post.labels.count()) == ("<p>An hour of writing.</p>", 0)
    assert "there is a newer version than the one you began with" in page
    assert f'<a href="{page_of(post)}" target="_blank">' in page
    assert "Typed in the other tab" in page
    form = answer.context["adminform"].form
    assert form["labels"].value() == [str(label.pk)]


def test_who_has_seen_the_newer_version_may_save_all_the_same(desk):
    post = make.post(published=None)
    stale = typed("_save", post, text="<p>Mine.</p>")
    desk.post(page_of(post), typed("_save", post, text="<p>Theirs.</p>"))
    refused = desk.post(page_of(post), stale)
    seen = refused.context["adminform"].form["seen"].value()

    desk.post(page_of(post), {**stale, "seen": seen})

    post.refresh_from_db()
    assert post.text == "<p>Mine.</p>"


def test_a_version_that_came_after_the_one_that_was_seen_is_kept_again(desk):
    post = make.post(published=None)
    stale = typed("_save", post, text="<p>Mine.</p>")
    desk.post(page_of(post), typed("_save", post, text="<p>Theirs.</p>"))
    seen = desk.post(page_of(post), stale).context["adminform"].form["seen"].value()
    post.refresh_from_db()
    desk.post(page_of(post), typed("_save", post, text="<p>Theirs again.</p>"))

    desk.post(page_of(post), {**stale, "seen": seen})

    post.refresh_from_db()
    assert post.text == "<p>Theirs again.</p>"


@pytest.mark.parametrize("button", ["_publish", "_unpublish", "_schedule", "_preview"])
def test_no_button_does_anything_with_a_stale_form(desk, button):
    post = make.post(published=None)
    stale = typed(button, post, text="<p>Mine.</p>", when_0="2099-07-01", when_1="09:24")
    desk.post(page_of(post), typed("_save", post, text="<p>Theirs.</p>"))

    answer = desk.post(page_of(post), stale)

    post.refresh_from_db()
    assert answer.status_code == 200
    assert (post.state, post.text) == ("draft", "<p>Theirs.</p>")


def test_publishing_by_the_clock_makes_no_form_stale(desk):
    post = make.post(published=None, scheduled=OLD)
    open_form = typed("_save", post, comment_policy="closed")
    Post.objects.get(pk=post.pk).publish_if_due()

    assert desk.post(page_of(post), open_form).status_code == 302

    post.refresh_from_db()
    assert (post.state, post.comment_policy) == ("published", "closed")


def test_words_typed_in_a_row_that_was_deleted_meanwhile_come_back_as_a_new_row(desk):
    post = make.post(published=None)
    gone, kept = (make.reprint(post, make.post(published=OLD), order=order) for order in (1, 2))
    typed_in = [
        {"id": gone.pk, "order": 1, "introduction": "<p>Typed for an hour.</p>"},
        {"id": kept.pk, "order": 2, "introduction": "<p>Kept.</p>"},
        {"source": make.post(published=OLD).pk, "order": 3, "introduction": "<p>New.</p>"},
    ]
    stale = typed("_save", post, **rows("reprints", *typed_in))
    deleting = [{**typed_in[0], "DELETE": "on"}, typed_in[1]]
    desk.post(page_of(post), typed("_save", post, **rows("reprints", *deleting)))

    refused = desk.post(page_of(post), stale)

    again = refused.context["inline_admin_formsets"][0].formset
    assert [form["introduction"].value() for form in again.forms] == [
        "<p>Kept.</p>",
        "<p>New.</p>",
        "<p>Typed for an hour.</p>",
    ]
    assert "Typed for an hour." in refused.content.decode()
    sent = {**stale, **dict(again.data.items())}
    sent["seen"] = refused.context["adminform"].form["seen"].value()
    sent["reprints-2-source"] = gone.source_id
    desk.post(page_of(post), sent)
    assert [one.introduction for one in post.reprints.order_by("pk")] == [
        "<p>Kept.</p>",
        "<p>New.</p>",
        "<p>Typed for an hour.</p>",
    ]


# Out of view, rewritten, and published again


def test_what_was_rewritten_out_of_view_is_declared_when_it_is_published(desk, away):
    desk.post(
        page_of(away),
        typed("_publish", away, sort="amendment", note="It was the boat.", withheld="on"),
    )

    away.refresh_from_db()
    former, made = away.revisions.order_by("number")
    assert away.is_published
    assert (made.sort, made.note, made.by) == ("amendment", "It was the boat.", desk.author)
    assert former.withheld
    assert away.amended_at == made.since


def test_a_small_correction_made_out_of_view_has_its_author(desk, away):
    desk.post(page_of(away), typed("_publish", away, sort="small"))

    assert away.revisions.get(number=2).by == desk.author


def test_the_form_asks_what_sort_of_change_it_is_once_a_post_was_public(desk, away):
    draft = make.post(published=None)

    assert 'name="sort"' in desk.get(page_of(away)).content.decode()
    assert 'name="sort"' not in desk.get(page_of(draft)).content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"sort": "amendment"}, "note"),
        ({"text": "<p>She was late.</p>", "note": "As it was, though."}, "note"),
        ({"sort": "small", "withheld": "on"}, "withheld"),
    ],
)
def test_an_amendment_out_of_view_that_would_not_be_one_is_not_published(desk, away, sent, field):
    answer = desk.post(page_of(away), typed("_publish", away, **sent))

    assert errors(answer, field)
    away.refresh_from_db()
    assert away.is_draft


def test_the_schedule_takes_no_note_that_it_could_not_keep(desk, away):
    moment = {"when_0": "2099-07-01", "when_1": "09:24"}

    answer = desk.post(page_of(away), typed("_schedule", away, note="The boat.", **moment))

    assert errors(answer, "note")
    away.refresh_from_db()
    assert away.is_draft


# What was typed, and is of no use to the button


def test_a_note_that_save_draft_cannot_use_is_handed_back(desk, away):
    answer = desk.post(
        page_of(away), typed("_save", away, title="Later", note="It was the boat."), follow=True
    )

    away.refresh_from_db()
    assert away.title == "Later"
    assert any("here it is again: It was the boat." in one for one in words(answer))


def test_a_time_that_save_draft_cannot_use_is_not_forgotten_in_silence(desk):
    post = make.post(published=None)
    moment = {"when_0": "2099-07-01", "when_1": "09:24"}

    answer = desk.post(page_of(post), typed("_save", post, **moment), follow=True)

    assert "1 July 2099" in words(answer)[0]
    assert "was not used. Press “Schedule” to use it." in words(answer)[0]
    post.refresh_from_db()
    assert post.is_draft


@pytest.mark.parametrize("button", ["_schedule", "_publish", "_unpublish"])
def test_of_a_time_that_was_used_or_given_up_nothing_is_said(desk, button):
    post = make.post(published=None, scheduled=datetime(2099, 7, 1, 8, 24, tzinfo=UTC))
    moment = {"when_0": "2099-07-01", "when_1": "09:24"}

    answer = desk.post(page_of(post), typed(button, post, **moment), follow=True)

    assert len(words(answer)) == 1


def test_the_note_of_a_change_that_is_taken_out_of_view_at_once_is_used(desk):
    post = make.post("Late", "<p>She was late.</p>", published=OLD)

    answer = desk.post(
        page_of(post),
        typed("_unpublish", post, text="<p>The boat.</p>", note="It was the boat."),
        follow=True,
    )

    assert post.revisions.get(number=2).note == "It was the boat."
    assert len(words(answer)) == 1


def test_words_typed_while_a_post_is_taken_out_of_view_are_no_text_that_readers_saw(desk):
    post = make.post("Late", "<p>She was late.</p>", published=OLD)

    desk.post(page_of(post), typed("_unpublish", post, text="<p>Half a thought.</p>"))

    post.refresh_from_db()
    assert (post.text, post.is_draft) == ("<p>Half a thought.</p>", True)
    assert post.revisions.count() == 1


def test_withholding_names_the_reprints_that_showed_a_former_text(desk):
    post = make.post("Late", "<p>She was late.</p>", published=OLD)
    newer = make.post("From the drawer")
    make.reprint(newer, post, revision=post.revisions.get())
    sent = typed("_save", post, text="<p>So.</p>", sort="amendment", note="A name.", withheld="on")

    answer = desk.post(page_of(post), sent, follow=True)

    assert [one for one in words(answer) if "show the text as it stands now" in one] == [
        "Reprints that showed a former text show the text as it stands now: “From the drawer”."
    ]
