"""The one door for HTML: whatever is shown as HTML, anywhere, came out of this module.

`post()` is the door for what the author writes or brings along from another system; `comment()`
and `reply()` are the doors for what readers and subjects type. Each takes text or HTML of any
kind and returns safe, well-formed HTML; put through twice, it comes out the same. Bleach holds the
allow-list and makes links; nh3, a second and unrelated sanitiser, stands behind it.

Before either sees a text, its length and the nesting of its tags are bounded: bleach takes
quadratic time for nested tags.
"""

import html
import re
import threading
from functools import partial

import nh3
from bleach.linkifier import LinkifyFilter
from bleach.sanitizer import Cleaner
from django.utils.safestring import mark_safe

MOST_NESTED = 40
LONGEST = 4_000_000
"""Characters that the door lets in; what is longer is refused by ValueError, not cut."""

INLINE = {"a", "b", "i", "em", "strong"}
COMMENT_TAGS = INLINE | {"blockquote", "p", "br"}
REPLY_TAGS = COMMENT_TAGS | {"h3", "h4", "ul", "ol", "li"}
POST_TAGS = REPLY_TAGS | {
    *("h2", "h5", "h6", "hr", "pre", "code", "div", "figure", "figcaption", "img"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "dl", "dt", "dd"),
    *("abbr", "cite", "q", "s", "u", "del", "ins", "sub", "sup", "small", "mark"),
}
COMMENT_ATTRIBUTES = {"a": {"href"}}
POST_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "abbr": {"title"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
SCHEMES = {"http", "https", "mailto"}
RENAMED = {"h1": "h2", "strike": "s", "center": "div", "section": "div", "article": "div"}

# What nobody ever wants to read: thrown away with its content. Other unknown tags go, and their
# words stay.
THROWN_AWAY = ("script", "style", "template", "title", "noscript", "iframe", "object", "svg")

# An address in running text: with its scheme, or beginning with "www.". Bleach's own pattern
# would also link `file.py`. Closing punctuation belongs to the sentence.
ADDRESS = re.compile(
    r"""(?<![\w@/.:-])(?:https?://|www\.)
    (?:\([^\s<>()"']*\) | [^\s<>"'`\\^{}|()])*
    (?:\([^\s<>()"']*\) | [^\s<>"'`\\^{}|().,;:!?\]])""",
    re.IGNORECASE | re.VERBOSE,
)

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
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
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
BLOCK = re.compile(r"(</?(?:blockquote|p|ul|ol|li|h3|h4)(?:\s[^<>]*)?>)", re.IGNORECASE)

_kept = threading.local()


def post(text):
    """Return the author's `text` (HTML) as it may be shown. Raises ValueError if over long."""
    text = _tamed(text)
    for old, new in RENAMED.items():
        text = re.sub(rf"<(/?){old}(?=[\s/>])", rf"<\1{new}", text, flags=re.IGNORECASE)
    return _through(text, "post", POST_TAGS, POST_ATTRIBUTES, rel=None)


def comment(typed):
    """Return what a reader `typed` as it is shown: paragraphs, few tags, addresses linked."""
    return _written(typed, "comment", COMMENT_TAGS)


def reply(typed):
    """Return what a subject `typed` as it is shown: as a comment, with headings and lists too."""
    return _written(typed, "reply", REPLY_TAGS)


DOORS = {"post": post, "comment": comment, "reply": reply}


def to_text(shown):
    """Return the words of `shown` (HTML that came out of a door) as one line of plain text."""
    shown = re.sub(r"</?(?:p|br|div|li|h\d|blockquote|tr|figcaption|pre|dt|dd)\b[^>]*>", " ", shown)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", shown)).split())


def _written(typed, door, tags):
    typed = _tamed(typed)
    # "<3" and "<sarcasm>" are words, and words are kept.
    typed = re.sub(r"<(?!/?([a-zA-Z][a-zA-Z0-9:]*)[\s/>])", "&lt;", typed)
    typed = re.sub(
        r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)",
        lambda found: found[0] if found[2].lower() in KNOWN else f"&lt;{found[1]}{found[2]}",
        typed,
    )
    return _through(_paragraphs(typed), door, tags, COMMENT_ATTRIBUTES, rel="nofollow ugc noopener")


def _paragraphs(typed):
    """Return `typed` with blank lines made paragraphs and single ends of line made `<br>`."""
    typed = re.sub(r"<br\s*/?>[ \t]*\n?", "\n", typed, flags=re.IGNORECASE)
    typed = re.sub(r"</?div(?:\s[^<>]*)?>", "\n\n", typed, flags=re.IGNORECASE)
    parts = []
    inside = 0  # in a paragraph, heading or list item that is there already
    for part in BLOCK.split(typed):
        tag = BLOCK.fullmatch(part)
        if tag:
            name = re.match(r"</?(\w+)", part)[1].lower()
            if name in ("p", "li", "h3", "h4"):
                inside = 0 if part.startswith("</") else 1
            parts.append(part)
        elif inside:
            parts.append(re.sub(r"\s*\n\s*", "<br>", part.strip()))
        else:
            for paragraph in re.split(r"\n\s*\n", part):
                if paragraph.strip():
                    lines = re.sub(r"[ \t]*\n[ \t]*", "<br>", paragraph.strip())
                    parts.append(f"<p>{lines}</p>")
    return "".join(parts)


def _tamed(text):
    """Return `text` without control characters, its tags nested at most MOST_NESTED deep."""
    if len(text) > LONGEST:
        raise ValueError(f"A text of {len(text):,} characters is longer than {LONGEST:,}.")
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for name in THROWN_AWAY:
        if f"<{name}" in text.lower():
            text = re.sub(
                rf"<{name}(?=[\s/>])[^>]*>.*?(?:</{name}\s*>|\Z)", "", text, flags=re.I | re.S
            )
    depth = 0
    dropped = 0

    def bounded(tag):
        nonlocal depth, dropped
        if tag[2].lower() in VOID or tag[0].endswith("/>"):
            return tag[0]
        if tag[1]:
            if dropped:
                dropped -= 1
                return " "
            depth = max(0, depth - 1)
        elif depth >= MOST_NESTED:
            dropped += 1
            return " "
        else:
            depth += 1
        return tag[0]

    return TAG.sub(bounded, text)


def _through(text, door, tags, attributes, rel):
    """Return `text` through the gate named `door`: bleach first, nh3 behind it."""
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
    text = cleaners[door].clean(text)
    return mark_safe(  # noqa: S308 - this is the door
        nh3.clean(
            text,
            tags=tags,
            attributes={
                **attributes,
                **({"a": attributes["a"] | {"rel"}} if rel else {}),
            },
            url_schemes=SCHEMES,
            link_rel=None,
            generic_attribute_prefixes=None,
        ).strip()
    )


def _link(attributes, new=False, rel=None):
    """Give a link its `rel`; called by bleach for each link, made or found."""
    if rel:
        attributes[None, "rel"] = rel
    return attributes
