"""What accepting a suggestion cuts, and what of the author's own words and pictures it leaves."""

import pytest

from comments import suggestions
from comments.models import Suggestion
from posts.models import Post
from tests import make
from tests.pasted import BARGE, EVEN_LONGER, LANTERN, NEW, OLD, SHORT, rewrapped

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = (part.removeprefix("<p>") for part in LANTERN.strip().split("</p>")[:3])
FIRST, SECOND, THIRD = (
    " ".join(part.split()).removeprefix("<p>") for part in (FIRST, SECOND, THIRD)
)
PASTED = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def trimmed(newer, older=LANTERN, comments=()):
    """Return (what is left of the text `newer`, the suggestion) once its suggestion is accepted.

    `comments` are (words, name), said under the older post.
    """
    source = make.post("The lantern on the mole", older, published=OLD)
    for words, name in comments:
        make.comment(source, words, name, at=OLD)
    post = make.post("New", newer, published=NEW)
    (found,) = suggestions.search()
    Suggestion.objects.put(found)
    one = Suggestion.objects.get()
    one.accept()
    return str(Post.objects.get(pk=post.pk).text), one


def test_a_paragraph_written_in_place_of_a_pasted_one_stays():
    mine = (
        "Here I must stop and say that most of what I wrote in those days about the key, the stove"
        " and the mouse was unkind, and that a man who could not defend himself deserved better."
    )

    left, _ = trimmed(
        f"<p>Quiet.</p><p>{FIRST}</p><p>{mine}</p><p>{THIRD}</p>{BARGE}<p>Bye.</p>", LANTERN + BARGE
    )

    assert left == f"<p>Quiet.</p><p>{mine}</p><p>Bye.</p>"


def test_a_share_counts_no_word_that_was_written_anew():
    source = make.post("The lantern on the mole", LANTERN, published=OLD)
    anew = " ".join(f"other{n}" for n in range(len(SECOND.split())))
    make.post("New", f"<p>{FIRST}</p><p>{anew}</p><p>{THIRD}</p>", published=NEW)
    total, kept = (
        len(" ".join(words).split()) for words in ((FIRST, SECOND, THIRD), (FIRST, THIRD))
    )

    found = list(suggestions.search())

    assert [(one.source, one.evidence.percent) for one in found] in (
        [],
        [(source, pytest.approx(100 * kept / total, abs=4))],
    )


@pytest.mark.parametrize("words", ["Utter rubbish:", "Again:", "Here is an old one from 2010:"])
def test_words_of_the_authors_before_pasted_ones_stay(words):
    left, _ = trimmed(f"<p>{words} {FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>")

    assert left == f"<p>{words} </p>"


def test_a_whole_post_in_one_paragraph_behind_a_colon_is_found():
    left, _ = trimmed(f"<p>Quiet: {FIRST} {SECOND} {THIRD}</p>")

    assert left == "<p>Quiet: </p>"


def test_a_picture_of_the_authors_in_a_pasted_paragraph_stays_with_it():
    picture = '<img src="/media/mine.jpg" alt="A photograph of my own">'
    first, rest = FIRST.split(", ", 1)

    left, one = trimmed(
        f"<p>Quiet.</p><p>{first}, {picture} {rest}</p><p>{SECOND}</p><p>{THIRD}</p>"
    )

    assert left == f"<p>Quiet.</p><p>{first}, {picture} {rest}</p>"


def test_a_comment_quoted_in_what_the_author_says_elsewhere_stays_and_is_not_chosen():
    essay = (
        "<p>One reader put it like this:</p>"
        f"<blockquote><p>{EVEN_LONGER}</p></blockquote>"
        "<p>I do not believe a word of that, and I will say at some length why I don’t.</p>"
    )

    left, one = trimmed(f"{essay}{PASTED}<p>Bye.</p>", comments=[(EVEN_LONGER, "Bosun")])

    assert left == f"{essay}<p>Bye.</p>"
    assert not one.reprint.chosen.exists()


def test_comments_behind_a_line_of_the_authors_are_found_and_the_line_stays():
    line = "<p>Some of what was said at the time:</p>"
    quoted = f"<p>Bosun: {EVEN_LONGER}</p><p>{SHORT}</p>"

    left, one = trimmed(
        f"{PASTED}{line}{quoted}<p>Bye.</p>", comments=[(EVEN_LONGER, "Bosun"), (SHORT, "Piet")]
    )

    assert left == f"{line}<p>Bye.</p>"
    assert [row.comment.name for row in one.reprint.chosen.all()] == ["Bosun", "Piet"]


@pytest.mark.parametrize("name", ["blockquote", "div"])
def test_lines_that_a_pasted_block_kept_apart_stay_apart(name):
    left, _ = trimmed(f"What I wrote in 2010:<{name}>{PASTED}</{name}>And I still think so.")

    assert left == "What I wrote in 2010:<br>And I still think so."


def test_paragraphs_joined_and_parted_elsewhere_are_cut_whole():
    left, _ = trimmed("<p>Quiet.</p>" + "".join(f"<p>{one}</p>" for one in rewrapped(LANTERN)))

    assert left == "<p>Quiet.</p>"
