"""The one door for HTML: whatever is shown as HTML, anywhere, came out of this module.

`post()` is the door for what the author writes or brings along from another system; `comment()`
and `reply()` are the doors for what readers and subjects type. Each takes text or HTML of any
kind and returns safe, well-formed HTML; put through twice, it comes out the same. Bleach holds the
allow-list and makes links; nh3, a second and unrelated sanitiser, stands behind it.

Before either sees a text, its length and the nesting of its tags are bounded: both take
quadratic time for nested tags.
"""

import html
import re
import threading
from collections import Counter
from functools import partial
from itertools import count

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from django.utils.safestring import SafeString

MOST_NESTED = 40
LONGEST_TAG = 4_000
"""Characters of a tag that readers and subjects type; a longer one is somebody's words, as nobody
writes that many attributes, for which the gates take their time."""
MOST_FORMATTED = 6
"""Open tags of FORMATTING within each other: a parser opens each again in every paragraph."""
LONGEST = 4_000_000
"""Characters that the door lets in; what is longer is refused by ValueError, not cut."""

INLINE = {"a", "b", "i", "em", "strong"}
COMMENT_TAGS = INLINE | {"blockquote", "p", "br"}
REPLY_TAGS = COMMENT_TAGS | {"h3", "h4", "ul", "ol", "li"}
POST_TAGS = REPLY_TAGS | {
    *("h2", "h5", "h6", "hr", "pre", "code", "div", "figure", "figcaption", "img"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "dl", "dt", "dd"),
    *("abbr", "cite", "data", "q", "s", "u", "del", "ins", "sub", "sup", "small", "mark"),
}
COMMENT_ATTRIBUTES = {"a": {"href"}}
POST_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "abbr": {"title"},
    "data": {"value", "title"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
REL = "nofollow ugc noopener"
SCHEMES = {"http", "https", "mailto"}
RENAMED = {"h1": "h2", "strike": "s", "center": "div", "section": "div", "article": "div"}

# What nobody ever wants to read: thrown away with its content. Other unknown tags go, and their
# words stay.
THROWN_AWAY = ("script", "style", "template", "title", "noscript", "iframe", "object", "svg")

# An address in running text: with its scheme, or beginning with "www.". Bleach's own pattern
# would also link `file.py`. Closing punctuation belongs to the sentence.
ADDRESS = re.compile(
    r"""(?<![\w@/.:-])(?:https?://|www\.)
    (?:\([^\s<>()"'\U0010fffd]*\) | [^\s<>"'`\\^{}|()\U0010fffd])*
    (?:\([^\s<>()"'\U0010fffd]*\) | [^\s<>"'`\\^{}|().,;:!?\]\U0010fffd])""",
    re.IGNORECASE | re.VERBOSE,
)

# A tag as it is written; and whatever a browser's parser could take for one. The second sees every
# tag that the parser sees, and more, such as those in a comment: nesting is never undercounted.
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
ANY_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
FORMATTING = {
    *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt"),
    "u",
}
VOID = {"br", "hr", "img", "input", "wbr", "col", "area", "base", "link", "meta", "source"}
# Everything that HTML ever called a tag; what else stands between < and > is somebody's words.
KNOWN = (
    POST_TAGS
    | VOID
    | set(RENAMED)
    | set(THROWN_AWAY)
    | {
        *("html", "head", "body", "span", "font", "tt", "big", "form", "button", "label", "select"),
        *("option", "textarea", "fieldset", "legend", "address", "header", "footer", "nav", "main"),
        *("aside", "time", "kbd", "samp", "var", "dfn", "bdo", "bdi", "video", "audio", "track"),
        *("embed", "param", "applet", "marquee", "math", "canvas", "map", "frame", "frameset"),
        *("base", "details", "summary", "dialog", "colgroup", "picture", "nobr", "acronym", "o:p"),
    }
)
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U0010fffd]"
)
ENDED_BY = {
    **dict.fromkeys(("div", "ul", "ol", "dl", "table", "blockquote", "pre", "figure"), {"p"}),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "p", "center", "form"), {"p"}),
    **dict.fromkeys(("td", "th"), {"p", "td", "th"}),
    **dict.fromkeys(("dt", "dd"), {"p", "dt", "dd"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), {"p", "td", "th", "tr", "thead", "tbody"}),
    "tr": {"p", "td", "th", "tr"},
    "li": {"p", "li"},
    "option": {"option"},
}
"""Which open tags a new tag ends: in HTML written by hand nobody closes a `<p>` or an `<li>`."""
LAID_OUT = re.compile(
    r"</?(div|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|td|th|pre|hr|center|section|article|figure)"
    r"(?:[\s/][^<>]*)?>",
    re.IGNORECASE,
)
IN_ITS_PLACE = {**dict.fromkeys(("li", "dt", "dd", "tr"), "\n"), **dict.fromkeys(("td", "th"), " ")}
"""What parts the words where a door lets a tag of layout not through; others: a blank line."""
BRACKET = "\U0010fffd"
"""Stands for a "<" that is somebody's word while a text goes through the gates, for which each
"&lt;" would be a token of its own. It means nothing to anybody, and is among CONTROL: nobody can
type it."""
BLOCK = re.compile(r"(</?(?:blockquote|p|ul|ol|li|h3|h4)>)")
EMPTY_INLINE = re.compile(r"<(a|b|i|em|strong)(?: [^<>]*)?>(\s*)</\1>")
EMPTY_BLOCK = re.compile(r"<(blockquote|p|ul|ol|li|h3|h4)>(?:\s|<br>)*</\1>")
LINK_OR_TAG = re.compile(r"(<a [^>]*>.*?</a>|<[^>]*>)", re.DOTALL)
NUMBER = re.compile(r"(?<![\w&/#])#([1-9][0-9]{0,5})(?!\w)")
"""A comment's number as readers write it: "#37"; no `&#39;`, and nothing within an address."""

MOST_NUMBERS = 50
"""Numbers of one comment that become links: "#1#2#3…" would make a page many times as long."""

_kept = threading.local()


class Clean(SafeString):
    """HTML that came out of a door."""


def post(text):
    """Return the author's `text` (HTML) as it may be shown. Raises ValueError if over long."""
    text = _without_machinery(_readable(text))
    for old, new in RENAMED.items():
        text = re.sub(rf"<(/?){old}(?=[\s/>])", rf"<\1{new}", text, flags=re.IGNORECASE)
    shown = _through(text, "post", POST_TAGS, POST_ATTRIBUTES, rel=None)
    return Clean(shown)


def comment(typed):
    """Return what a reader `typed` as it is shown: paragraphs, few tags, addresses linked."""
    return _written(typed, "comment", COMMENT_TAGS)


def reply(typed):
    """Return what a subject `typed` as it is shown: as a comment, with headings and lists too."""
    return _written(typed, "reply", REPLY_TAGS)


DOORS = {"post": post, "comment": comment, "reply": reply}


def with_numbers(shown, link):
    """Return `shown`, which came out of a door, with "#37" in its words made a link to comment 37.

    `link(37)` returns the address at which that comment is read, or None where there is none; then
    the words stay words, as do all numbers after the first MOST_NUMBERS. A link to another page is
    not for crawlers, who find comments without. What did not come out of a door is returned as it
    is.
    """
    if "#" not in shown or not isinstance(shown, Clean):
        return shown

    nth = count(1)

    def linked(found):
        address = link(int(found[1])) if next(nth) <= MOST_NUMBERS else None
        if not address:
            return found[0]
        rel = ' rel="nofollow"' if "?" in address else ""
        return f'<a href="{html.escape(address)}"{rel}>{found[0]}</a>'

    parts = LINK_OR_TAG.split(shown)
    parts[::2] = [NUMBER.sub(linked, part) for part in parts[::2]]
    return Clean("".join(parts))


def to_text(shown):
    """Return the words of `shown` (HTML that came out of a door) as one line of plain text."""
    shown = re.sub(r"</?(?:p|br|div|li|h\d|blockquote|tr|figcaption|pre|dt|dd)\b[^>]*>", " ", shown)
    return " ".join(html.unescape(re.sub(r"""<(?:[^<>"]|"[^"]*")*>""", "", shown)).split())


def _written(typed, door, tags):
    """Return what somebody typed, safe and laid out in paragraphs, with all its words."""
    typed = _without_machinery(_with_brackets_as_words(_readable(typed)))
    typed = LAID_OUT.sub(
        lambda tag: tag[0] if tag[1].lower() in tags else IN_ITS_PLACE.get(tag[1].lower(), "\n\n"),
        typed,
    )
    shown = _through(typed, door, tags, COMMENT_ATTRIBUTES, rel=REL).replace(BRACKET, "&lt;")
    shown = _settled(shown, lambda text: _gate(_paragraphs(text), tags, COMMENT_ATTRIBUTES, REL))
    return Clean(shown)


def _readable(text):
    """Return `text` without control characters, each line ending in \\n; ValueError if too long."""
    if len(text) > LONGEST:
        raise ValueError(f"A text of {len(text):,} characters is longer than {LONGEST:,}.")
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _with_brackets_as_words(typed):
    """Return `typed` with a BRACKET for each "<" that begins no whole tag: "<3", "<sarcasm>"."""
    closed = {name for name in THROWN_AWAY if f"</{name}" in typed.lower()}
    known = KNOWN - set(THROWN_AWAY) | closed

    def bracket(found):
        tag = TAG.match(typed, found.start())
        is_tag = tag and tag[2].lower() in known and len(tag[0]) <= LONGEST_TAG
        return "<" if is_tag else BRACKET

    return re.sub("<", bracket, typed)


def _without_machinery(text):
    """Return `text` without what is THROWN_AWAY: up to its end tag or, lacking one, the end."""
    for name in THROWN_AWAY:
        if f"<{name}" in text.lower():
            end = rf"(?:</{name}(?=[\s/>])[^>]*(?:>|\Z)|\Z)"
            text = re.sub(rf"<{name}(?=[\s/>]).*?{end}", "", text, flags=re.I | re.S)
    return text


def _bounded(text):
    """Return `text` with its tags nested at most MOST_NESTED deep; deeper ones go, words stay."""
    nested = []
    dropped = Counter()

    def bounded(tag):
        name = tag[2].lower()
        if name in VOID:
            return tag[0]
        if tag[1]:
            if dropped[name]:
                dropped[name] -= 1
                return " "
            if name in nested:  # what stands open inside it may stay open, so it is not forgotten
                del nested[len(nested) - 1 - nested[::-1].index(name)]
            return tag[0]
        while nested and nested[-1] in ENDED_BY.get(name, ()):
            nested.pop()
        formatted = sum(one in FORMATTING for one in nested) if name in FORMATTING else 0
        if len(nested) >= MOST_NESTED or formatted >= MOST_FORMATTED:
            dropped[name] += 1
            return " "
        nested.append(name)
        return tag[0]

    end = text.rfind(">") + 1  # behind it no tag can end, so none is looked for
    return ANY_TAG.sub(bounded, text[:end]) + text[end:]


def _paragraphs(text):
    """Return clean HTML with blank lines made paragraphs and single ends of line made `<br>`."""
    text = EMPTY_BLOCK.sub("", EMPTY_INLINE.sub(r"\2", text))
    text = re.sub(r"<br>[ \t]*\n?", "\n", text)
    parts = []
    inside = 0  # in a paragraph, heading or list item that is there already
    for part in BLOCK.split(text):
        if BLOCK.fullmatch(part):
            if part.strip("</>") in ("p", "li", "h3", "h4"):
                inside = 0 if part.startswith("</") else 1
            parts.append(part)
        elif inside:
            lines = (line.strip() for line in part.strip().split("\n"))
            parts.append("<br>".join(line for line in lines if line))
        else:
            for paragraph in re.split(r"\n\s*\n", part):
                if paragraph.strip():
                    lines = (line.strip() for line in paragraph.strip().split("\n"))
                    parts.append(f"<p>{'<br>'.join(lines)}</p>")
    return "".join(parts)


def _through(text, door, tags, attributes, rel):
    """Return `text` through both gates of the door named `door`: bleach first, nh3 behind it."""
    cleaners = _kept.__dict__.setdefault("cleaners", {})
    if door not in cleaners:  # a Cleaner is not safe to share between threads
        cleaners[door] = Cleaner(
            tags=tags,
            attributes={tag: sorted(names) for tag, names in attributes.items()},
            protocols=SCHEMES,
            strip=True,
            filters=[
                partial(
                    LinkifyFilter,
                    callbacks=[partial(_link, rel=rel)],
                    skip_tags={"pre", "code"},
                    url_re=ADDRESS,
                )
            ],
        )
    shown = cleaners[door].clean(_bounded(text))
    return _settled(shown, lambda text: _gate(text, tags, attributes, rel))


def _settled(text, step):
    """Return what `text` has become when one more `step` changes nothing."""
    for _ in range(MOST_NESTED):
        before, text = text, step(text)
        if text == before:
            break
    return text


def _gate(text, tags, attributes, rel):
    return nh3.clean(
        text,
        tags=tags,
        attributes={**attributes, **({"a": attributes["a"] | {"rel"}} if rel else {})},
        url_schemes=SCHEMES,
        link_rel=None,
        generic_attribute_prefixes=None,
    ).strip()


def _link(attributes, new=False, rel=None):
    """Give a link its `rel`; called by bleach for each link, made or found."""
    if rel:
        attributes[None, "rel"] = rel
    return attributes
