"""Old HTML made fit to read: what goes in and what comes out."""

import time

import pytest

from blogsite import html
from posts.importers import tidy

VIDEO = '<p><a href="https://www.youtube.com/watch?v=abcDEF12345">Video on YouTube</a></p>'


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("One\ntwo", "<p>One<br>\ntwo</p>"),
        ("One\r\n\r\n\r\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("One<br />\ntwo", "<p>One<br />\ntwo</p>"),
        ("<p>There already.</p>", "<p>There already.</p>"),
        ("<em>One</em>\ntwo", "<p><em>One</em><br>\ntwo</p>"),
        ("<h2>Head</h2>\nBody", "<h2>Head</h2>\n<p>Body</p>"),
        ("<pre>a\n\nb\n  c</pre>", "<pre>a\n\nb\n  c</pre>"),
        ("One\n<blockquote>Two</blockquote>", "<p>One</p>\n<blockquote>Two</blockquote>"),
        ("", ""),
    ],
)
def test_paragraphs_come_from_blank_lines(written, paragraphs):
    assert tidy.text(written, "wordpress")[0] == paragraphs


@pytest.mark.parametrize(
    ("player", "link"),
    [
        ('<iframe src="https://www.youtube.com/embed/abcDEF12345?rel=0"></iframe>', VIDEO),
        ('<iframe src="//www.youtube-nocookie.com/embed/abcDEF12345"/>', VIDEO),
        (
            '<object><param name="movie" value="http://www.youtube.com/v/abcDEF12345&hl=en">'
            '<embed src="http://www.youtube.com/v/abcDEF12345&hl=en"></embed></object>',
            VIDEO,
        ),
        ('<embed src="http://www.youtube.com/v/abcDEF12345">', VIDEO),
        (
            '<iframe src="https://player.vimeo.com/video/123?title=0"></iframe>',
            '<p><a href="https://vimeo.com/123">Video on Vimeo</a></p>',
        ),
        (
            '<iframe title="Tide &amp; time" src="https://maps.example/x?a=1&amp;b=2"></iframe>',
            '<p><a href="https://maps.example/x?a=1&amp;b=2">Tide &amp; time</a></p>',
        ),
        (
            '<audio controls><source src="https://sound.example/foghorn.mp3"></audio>',
            '<p><a href="https://sound.example/foghorn.mp3">Sound on sound.example</a></p>',
        ),
        ('<iframe src="javascript:alert(1)"></iframe>', ""),
        ('<iframe src="https://[broken"></iframe>', ""),
        ("<iframe></iframe>", ""),
    ],
)
def test_a_player_becomes_a_link(player, link):
    assert tidy.text(f"Before {player} after")[0] == f"Before {link} after"


def test_a_player_that_is_never_closed_swallows_no_words():
    text, _ = tidy.text('<iframe src="https://www.youtube.com/embed/abcDEF12345"> The end.')
    assert text == f"{VIDEO} The end."


@pytest.mark.parametrize("letters", ["İİİİİ", "ııııı", "ﬃﬃﬃ", "ẞẞẞ"])
def test_letters_that_change_length_in_small_cost_no_words_after_a_player(letters):
    player = '<iframe src="https://www.youtube.com/embed/abcDEF12345"></iframe>'
    text, _ = tidy.text(f"{letters}{player}HELLO and more")
    assert text == f"{letters}{VIDEO}HELLO and more"


def test_a_tag_whose_name_only_looks_like_a_players_is_none():
    text = "<İframe src='https://www.youtube.com/embed/abcDEF12345'></İframe>"
    assert tidy.text(text) == (text, [])


def test_bloggers_html_stays_as_it_is():
    text = "<div>One<br />two</div><br /><div>three</div>"
    assert tidy.text(text) == (text, [])


@pytest.mark.parametrize(
    ("caption", "figure"),
    [
        (
            '[caption id="a"]<a href="/b"><img src="/c.jpg"></a> Words [/caption]',
            '<figure><a href="/b"><img src="/c.jpg"></a><figcaption>Words</figcaption></figure>',
        ),
        (
            '[caption caption="Old words"]<img src="/c.jpg">[/caption]',
            '<figure><img src="/c.jpg"><figcaption>Old words</figcaption></figure>',
        ),
    ],
)
def test_a_caption_becomes_a_figure(caption, figure):
    assert tidy.text(caption, "wordpress")[0].replace("\n", "") == figure


def test_another_shortcode_is_left_as_words():
    assert tidy.text("[contact-form to='x']", "wordpress") == ("<p>[contact-form to='x']</p>", [])


def test_a_gallery_is_left_out_with_a_warning():
    text, warnings = tidy.text("One.\n\n[gallery ids='1']\n\nTwo.", "wordpress")
    assert text == "<p>One.</p>\n<p>Two.</p>"
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Bees &amp; <em>hedges</em>", "Bees & hedges"),
        ("1 < 2 and\n 3", "1 < 2 and 3"),
        ("<script>alert(1)</script>", "alert(1)"),
    ],
)
def test_a_title_becomes_plain_text(written, title):
    assert tidy.title(written) == title


def test_what_is_tidied_stays_the_same_in_the_door():
    text, _ = tidy.text("One\n\n[caption]<img src='/a.jpg'> b[/caption]\n\nTwo", "wordpress")
    assert html.post(html.post(text)) == html.post(text)


def test_what_stands_in_pre_within_script_is_kept_once():
    text = "<pre>a\n\n<script>b</script></pre>"
    assert tidy.text(text, "wordpress")[0] == text


HOSTILE = [
    *("<pre>", "<!--", "[caption]", "[caption", "[embed]", "[embed", "[gallery", "[youtube=a"),
    *("<p ", "<hr ", "<br>", "<iframe ", "<iframe>", "<object><param name=movie ", "src='"),
    *("a\n", "\n", " ", "\t", "\xa0"),
]


@pytest.mark.parametrize("wrapped", ["{}", "<p>a{}b</p>", "[caption]{}[/caption]", "<br>{}"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_text_eight_times_as_long_takes_about_eight_times_as_long(piece, wrapped):
    """It would be sixty-four times with one quadratic pattern."""

    def seconds(length):
        written = wrapped.format(piece * (length // len(piece)))
        times = []
        for _ in range(3):
            began = time.process_time()
            for markup in ("html", "wordpress"):
                tidy.text(written, markup)
            tidy.title(written)
            times.append(time.process_time() - began)
        return min(times)

    assert seconds(48_000) < 24 * seconds(6_000) + 0.05
