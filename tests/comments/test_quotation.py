"""Words that somebody copied from a post are found again in it."""

import pytest

from blogsite import html
from comments import quotation

TEXT = html.post(
    "<p>The lamp went out at <em>nine</em>, and nobody lit it — not the keeper, not the "
    "keeper’s “deputy”.</p><p>Fish &amp; tides wait for no one. The lamp went out again.</p>"
)


@pytest.mark.parametrize(
    "words",
    [
        "The lamp went out at nine",
        "the LAMP went\n  out at nine,",
        "nobody lit it - not the keeper",
        'not the keeper\'s "deputy"',
        "“… nobody lit it …”",
        "Fish & tides",
        "“deputy”. Fish & tides wait",
        "“deputy”.\n\nFish",
    ],
)
def test_words_are_found_however_they_were_copied(words):
    assert quotation.stands(TEXT, words)


@pytest.mark.parametrize(
    "words", ["", "  ", "…", '""', "the lamp went up", "amp;", "<em>nine</em>"]
)
def test_other_words_are_not_found(words):
    assert not quotation.stands(TEXT, words)
    assert quotation.marked(TEXT, words) is None


def test_the_words_are_marked_where_they_stand_first():
    marked = quotation.marked(TEXT, "The lamp went out")

    assert marked.count("<mark") == 1
    assert '<p><mark id="words-meant">The lamp went out</mark> at <em>nine</em>' in marked


def test_tags_between_the_words_stay_whole():
    marked = quotation.marked(TEXT, "out at nine, and")

    assert (
        '<mark id="words-meant">out at </mark><em><mark>nine</mark></em><mark>, and</mark>'
        in marked
    )


def test_a_mark_spans_paragraphs_without_breaking_them():
    marked = quotation.marked(TEXT, "deputy”. Fish")

    assert '“<mark id="words-meant">deputy”.</mark></p><p><mark>Fish</mark> &amp;' in marked


def test_nothing_but_marks_is_added():
    marked = quotation.marked(TEXT, "keeper’s “deputy”. Fish & tides")

    assert marked.replace('<mark id="words-meant">', "").replace("<mark>", "").replace(
        "</mark>", ""
    ) == str(TEXT)


def test_every_place_is_found():
    assert len(quotation.find(TEXT, "the lamp went out")) == 2
    assert [TEXT[start:end] for start, end in quotation.find(TEXT, "lamp")] == ["lamp", "lamp"]


def test_an_accent_or_a_ligature_is_no_hindrance():
    assert quotation.stands(html.post("<p>The café’s oﬃce</p>"), "cafe's office")


@pytest.mark.parametrize(
    ("shown", "words", "wanted", "expected"),
    [
        ("<p>She was late.</p>", "She", "The boat", "<p>The boat was late.</p>"),
        ("<p>She was late.</p>", "She was late.", "It was on time.", "<p>It was on time.</p>"),
        ("<p>She was late.</p>", "late", "a < b & c", "<p>She was a &lt; b &amp; c.</p>"),
        ("<p>She was late.</p>", "late", "one\ntwo", "<p>She was one<br>two.</p>"),
        ("<p>So <em>very</em> late.</p>", "So very late", "Soon", "<p>Soon.</p>"),
        ("<p>So <em>very much</em>.</p>", "So very", "Not", "<p>Not<em> much</em>.</p>"),
        ("<p>Late, late.</p>", "late", "soon", None),
        ("<p>Late.</p>", "soon", "late", None),
    ],
)
def test_wanted_words_are_put_in_place_of_those_that_stand_once(shown, words, wanted, expected):
    assert quotation.replaced(shown, words, wanted) == expected
