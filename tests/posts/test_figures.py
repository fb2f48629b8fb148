"""Figures in running text: a token becomes a figure when its post is published, and stays it."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from blogsite.html import Clean
from posts.admin.forms import check_figures
from posts.models import EarlierFigure, Post, SearchDocument, figures
from tests import make
from tests.desk import errors, page_of, rows, typed

pytestmark = pytest.mark.django_db
NOON = datetime(2017, 8, 9, 11, tzinfo=UTC)
SHOWN = '<data value="1595" title="views by 9 August 2017">1,595</data>'


@pytest.fixture
def source():
    post = make.post("Dry", published=datetime(2017, 8, 8, 9, tzinfo=UTC))
    make.views(post, {date(2017, 8, 8): 1000, date(2017, 8, 9): 595, date(2017, 8, 10): 7})
    EarlierFigure.objects.create(post=post, system="Blogger", count=884, as_of=date(2016, 1, 2))
    return post


def filled(text):
    return figures.fill(Clean(text), NOON, Post.objects)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>Seen [views of dry] times.</p>", f"<p>Seen {SHOWN} times.</p>"),
        ("<p>[Views&nbsp;of dry ]</p>", f"<p>{SHOWN}</p>"),
        (
            "[views of dry on blogger]",
            '<data value="884" title="views on Blogger by 2 January 2016">884</data>',
        ),
        ("[views of dry] and [views of wet]", f"{SHOWN} and [views of wet]"),
        ("[views of dry on Movable Type]", "[views of dry on Movable Type]"),
        ("<p>[views of dry</p>", "<p>[views of dry</p>"),
        ("<code>[views of dry]</code>", "<code>[views of dry]</code>"),
        ('<a title="[views of dry]">x</a>', '<a title="[views of dry]">x</a>'),
    ],
)
def test_a_token_becomes_a_figure_of_one_moment(source, text, shown):
    assert filled(text) == shown


def test_a_post_that_was_never_public_has_no_figure():
    make.post("Draft", published=None)

    assert filled("[views of draft]") == "[views of draft]"


def test_tokens_that_name_nothing_are_told(source):
    text = (
        "<p>[views of dry] [views of dry on Ghost] [views of a&amp;b] [views of dry on R&amp;D]</p>"
    )

    told = figures.unknown(text, Post.objects)

    assert told == ["[views of dry on Ghost]", "[views of dry on R&D]"]


def test_a_token_is_what_the_reader_of_tokens_reads(source):
    for token in (figures.token("dry"), figures.token("dry", "Blogger")):
        assert figures.unknown(token, Post.objects) == []
        assert "<data" in filled(token)


def test_text_that_has_not_been_through_the_door_is_not_marked_as_if_it_had(source):
    assert not isinstance(figures.fill("<script>[views of dry]", NOON, Post.objects), Clean)


def test_the_figure_freezes_when_the_post_is_published(source):
    post = make.post("Quiet", "<p>[views of dry] of you.</p>", published=None)
    assert post.text == "<p>[views of dry] of you.</p>"

    post.publish(at=NOON)
    make.views(source, {date(2017, 8, 7): 50})
    post.save()

    post.refresh_from_db()
    assert post.text == f"<p>{SHOWN} of you.</p>"
    assert post.revisions.get().text == post.text
    assert SearchDocument.objects.get(kind="post", row=post.pk).text == "1,595 of you."


def test_a_token_written_later_freezes_with_its_revision(source):
    post = make.post("Quiet", "<p>Few.</p>")

    revision = post.revise("Quiet", "<p>[views of dry] of you.</p>")

    assert revision.text == post.text
    assert '<data value="1602"' in post.text


# At the desk: a token that names nothing

LOST = "<p>[views of dry] and [views of wet].</p>"
TOLD = "[views of wet] names no view figure."


def words(answer):
    """Return what the desk says after this answer."""
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("button", ["_publish", "_schedule"])
def test_no_draft_is_published_or_scheduled_with_a_token_that_names_nothing(desk, source, button):
    post = make.post("Quiet", published=None)
    sent = typed(button, post, text=LOST, when_0="2099-07-01", when_1="09:24")

    answer = desk.post(page_of(post), sent)

    assert errors(answer, "text")[0].startswith(TOLD)
    post.refresh_from_db()
    assert post.is_draft


@pytest.mark.parametrize("scheduled", [None, datetime(2099, 7, 1, tzinfo=UTC)])
def test_what_is_public_or_will_be_is_not_saved_with_a_token_that_names_nothing(
    desk, source, scheduled
):
    post = make.post("Quiet", scheduled=scheduled)

    answer = desk.post(page_of(post), typed("_save", post, text=LOST, sort="small"))

    assert errors(answer, "text")[0].startswith(TOLD)
    post.refresh_from_db()
    assert "wet" not in post.text


def test_words_of_a_public_post_that_only_look_like_a_token_bar_no_correction(desk, source):
    post = make.post("Quiet", "<p>The photograph [views of Paris] is lost.</p>")
    text = post.text.replace("lost", "found")

    desk.post(page_of(post), typed("_save", post, text=text, sort="small"))

    post.refresh_from_db()
    assert post.text == text
    more = typed("_save", post, text=f"{text}{LOST}", sort="small")
    assert errors(desk.post(page_of(post), more), "text")[0].startswith(TOLD)


def test_a_draft_is_saved_with_a_token_that_names_nothing_and_it_is_told(desk, source):
    post = make.post("Quiet", published=None)

    answer = desk.post(page_of(post), typed("_save", post, text=LOST), follow=True)

    assert TOLD in words(answer)
    post.refresh_from_db()
    assert post.text == LOST


def test_of_a_drafts_introductions_it_is_told_too(desk, source):
    post = make.post("Quiet", published=None)
    row = {"source": source.pk, "order": 1, "introduction": LOST}

    answer = desk.post(page_of(post), typed("_save", post, **rows("reprints", row)), follow=True)

    assert TOLD in words(answer)
    assert post.reprints.get().introduction == LOST


def test_a_post_is_taken_out_of_view_with_any_token(desk, source):
    post = make.post("Quiet", LOST)

    answer = desk.post(page_of(post), typed("_unpublish", post), follow=True)

    post.refresh_from_db()
    assert post.is_draft
    assert TOLD in words(answer)


def test_tokens_that_name_nothing_are_an_error_where_it_is_strict(source):
    both = "[views of wet] [views of wet] [views of dry on Ghost]"

    told = check_figures(both, strict=False)

    assert told.startswith("[views of wet], [views of dry on Ghost] name no view figures.")
    with pytest.raises(ValidationError, match="name no view figures"):
        check_figures(both, strict=True)
    assert check_figures("<p>[views of dry]</p>", strict=True) == ""


# The preview


def test_a_preview_shows_the_figures_of_this_moment_and_saves_nothing(desk, source):
    written = "<p>[views of dry] of you, [views of dry on Blogger] there.</p>"
    post = make.post("Quiet", written, published=None)
    reprint = make.reprint(post, source, "<p>Then [views of dry].</p>")
    changed_at = post.changed_at

    page = desk.get(reverse("admin:posts_post_preview", args=[post.pk])).content.decode()

    assert page.count('<data value="1602" title="views by ') == 2
    assert '<data value="884" title="views on Blogger by 2 January 2016">884</data>' in page
    assert "[views of" not in page
    post.refresh_from_db()
    reprint.refresh_from_db()
    assert (post.text, post.changed_at) == (written, changed_at)
    assert reprint.introduction == "<p>Then [views of dry].</p>"
