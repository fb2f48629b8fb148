"""Two texts compared: every difference is seen, and each text can be read out of the result."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blogsite import html
from posts.comparison import compare

HIDDEN = re.compile(r'<span class="visually-hidden">[^<]*</span>')


def compared(old, new, titles=("Fog", "Fog")):
    """Return the Comparison of two texts (HTML), each put through the door first."""
    was, now = (
        SimpleNamespace(title=title, text=html.post(text))
        for title, text in zip(titles, (old, new), strict=True)
    )
    return compare(was, now)


def marks(old, new):
    """Return the compared text without what is told to those who hear it."""
    return HIDDEN.sub("", compared(old, new).text)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("<p>Late.</p>", "<p>Late.</p>", "<p>Late.</p>"),
        (
            "<p>She was very late.</p>",
            "<p>She was not very late.</p>",
            "<p>She was <ins>not</ins> very late.</p>",
        ),
        (
            "<p>One boat was late that day.</p>",
            "<p>One boat was early that day.</p>",
            "<p>One boat was <del>late</del> <ins>early</ins> that day.</p>",
        ),
        ("<p>One.</p>", "<p>One.</p><p>Two.</p>", "<p>One.</p><p><ins>Two.</ins></p>"),
        ("<p>One.</p><p>Two.</p>", "<p>Two.</p>", "<p><del>One.</del></p><p>Two.</p>"),
        (
            "<ul><li>one</li><li>two</li></ul>",
            "<ul><li>one</li><li>three</li></ul>",
            "<ul><li>one</li><li><del>two</del><ins>three</ins></li></ul>",
        ),
        (
            "first line<br>second line<br><br>third",
            "first line<br>second row<br><br>third<br>fourth",
            "first line<br>second <del>line</del> <ins>row</ins><br><br>third<br><ins>fourth</ins>",
        ),
        # Nothing of this is a word, and all of it must be seen.
        (
            '<p>It is <a href="/a">here</a> to read.</p>',
            '<p>It is <a href="/b">here</a> to read.</p>',
            '<p>It is <del><a href="/a">here</a></del> <ins><a href="/b">here</a></ins>'
            " to read.</p>",
        ),
        (
            '<p>A quay <img src="/a.png" alt=""> at dawn.</p>',
            '<p>A quay <img src="/b.png" alt=""> at dawn.</p>',
            '<p>A quay <del><img src="/a.png" alt=""></del> <ins><img src="/b.png" alt=""></ins>'
            " at dawn.</p>",
        ),
        ("<h2>Fog</h2>", "<h3>Fog</h3>", "<h2><del>Fog</del></h2><h3><ins>Fog</ins></h3>"),
        (
            "<p>Not a word of it.</p>",
            "<p>Not <b>a word</b> of it.</p>",
            "<p>Not <del>a word</del> <ins><b>a word</b></ins> of it.</p>",
        ),
        ("<p>One.</p><hr>", "<p>One.</p>", "<p>One.</p><del>(a line across the page)</del>"),
        (
            "<pre>a  b\n c</pre>",
            "<pre>a  b\n d</pre>",
            "<pre>a  b\n <del>c</del><ins>d</ins></pre>",
        ),
        # An author's own marks are no marks of ours.
        (
            "<p><del>Late</del> <ins>early</ins> boat.</p>",
            "<p><del>Late</del> <ins>early</ins> boats.</p>",
            "<p><s>Late</s> <u>early</u> <del>boat</del> <ins>boats</ins>.</p>",
        ),
        (
            "<p>a &lt;b&gt; &amp; c</p>",
            "<p>a &lt;b&gt; &amp; d</p>",
            "<p>a &lt;b&gt; &amp; <del>c</del> <ins>d</ins></p>",
        ),
    ],
)
def test_what_was_removed_and_added_is_marked(old, new, shown):
    assert marks(old, new) == shown
    assert compared(old, new).changed == (old != new)


def test_changes_are_told_to_those_who_hear_the_page():
    shown = compared("<p>The boat was late.</p>", "<p>The boat was early.</p>").text

    heard = re.sub(r"<[^>]+>", "", shown)
    assert " ".join(heard.split()) == ("The boat was removed: late (end) added: early (end) .")


def test_titles_are_compared_and_escaped():
    result = compared("", "", titles=("Fog <i> bell", "Fog <b> bell"))

    assert result.changed
    assert HIDDEN.sub("", result.title) == ("Fog &lt;<del>i</del><ins>b</ins>&gt; bell")


words = st.lists(
    st.sampled_from(["late", "boat", "“quay”", "x&y", "a<b", "don’t", "é"]), max_size=8
)
inline = st.builds(
    lambda tag, said: f"<{tag}>{' '.join(said)}</{tag}>".replace("a<b", "a&lt;b"),
    st.sampled_from(["b", "em", 'a href="/x"', "del", "code"]),
    words,
).map(lambda one: re.sub(r"</a [^>]*>", "</a>", one))
run = st.lists(st.one_of(words.map(" ".join).map(lambda one: one.replace("<", "&lt;")), inline))
block = st.builds(
    lambda tags, said: f"{tags[0]}{'<br>'.join(' '.join(one) for one in said)}{tags[1]}",
    st.sampled_from(
        [
            ("<p>", "</p>"),
            ("<h2>", "</h2>"),
            ("<ul><li>", "</li></ul>"),
            ("<blockquote><p>", "</p></blockquote>"),
            ("<table><tbody><tr><td>", "</td></tr></tbody></table>"),
            ("", "<hr>"),
        ]
    ),
    st.lists(run, min_size=1, max_size=3),
)
texts = st.lists(block, max_size=5).map("".join)


def said(shown):
    """Return the words of HTML in a row, without any space between them."""
    return re.sub(r"\s", "", html.to_text(shown))


@settings(max_examples=80)
@given(texts, texts)
def test_either_text_can_be_read_out_of_the_comparison(old, new):
    shown = marks(old, new).replace("(a line across the page)", "")

    before, after = (re.sub(rf"<{mark}>.*?</{mark}>", "", shown) for mark in ("ins", "del"))
    assert said(before) == said(html.post(old))
    assert said(after) == said(html.post(new))
    assert html.post(shown) == shown  # well formed


@settings(max_examples=30)
@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    result = compared(text, text)

    assert not result.changed
    assert "<ins>" not in result.text
    assert "<del>" not in result.text
