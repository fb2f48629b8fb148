"""Figures in running text: a token becomes a figure when its post is published, and stays it."""

from datetime import UTC, date, datetime

import pytest

from blogsite.html import Clean
from posts.models import EarlierFigure, Post, SearchDocument, figures
from tests import make

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
