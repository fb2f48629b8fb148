"""Two texts of a post compared: the newer one as it reads, with what was removed and added marked.

A text is taken apart into lines (a paragraph, a heading, a list item, a cell, or what stands
between two `<br>`), each with the elements around it, and a line into words, each with its
formatting: bold, a link and its address. Lines are matched first, then the words of lines
that are alike. Whatever differs is seen, then: words, links, pictures, the level of a heading.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from lxml import html as reader

from blogsite import html

INLINE = {
    *("a", "b", "i", "em", "strong", "s", "u", "sub", "sup", "small", "mark", "code", "cite", "q"),
    *("abbr", "data", "img"),
}
OURS = {"del": "s", "ins": "u"}
"""An author's own `<del>` and `<ins>` must not look like changes."""
WORD = re.compile(r"(\s*)(\w+(?:[’'\-]\w+)*|[^\w\s])")
AS_IT_IS = re.compile(r"()(\s+|\S+)")
ALIKE = 0.4
"""How much of two lines must be common for one to be a change of the other."""
MOST_PAIRS = 40_000
"""Above this many pairs of lines, none are looked for: all were removed, and all added."""
LONG = 2_000
"""Words of a line above which the commonest words are no landmarks: that would take minutes."""


@dataclass
class Comparison:
    """What differs between two texts: HTML with `<del>` and `<ins>`."""

    title: str
    text: str
    changed: bool


@dataclass(frozen=True)
class Word:
    """A word, a mark of punctuation or a picture; `tags` are the inline start tags around it."""

    text: str
    tags: tuple = ()
    space: str = field(default="", compare=False)


@dataclass
class Line:
    """Words in a row, and the blocks around them: [(start tag, which element)], outermost first."""

    words: list
    blocks: list

    @property
    def key(self):
        return tuple(tag for tag, _ in self.blocks), tuple(self.words)

    @property
    def kind(self):
        return self.key[0]


def compare(old, new):
    """Return the Comparison of two revisions or versions: anything with a title and a text."""
    title = _words(_split(old.title), _split(new.title))
    before, after = _lines(old.text, "old"), _lines(new.text, "new")
    same = [line.key for line in before] == [line.key for line in after]
    shown = html.post(_rendered(list(_aligned(before, after))))
    return Comparison(
        title=_told(_marked(title)), text=_told(shown), changed=not same or old.title != new.title
    )


# Taking a text apart


def _lines(text, document):
    """Return the Lines of `text` (HTML out of the post's door); `document` tells elements apart."""
    root = reader.fragment_fromstring(f"<div>{text}</div>")
    lines = []
    current = Line([], [])
    space = ""  # between the last word and the next

    def ended(blocks, line_break=False):
        nonlocal current, space
        if current.words or line_break:
            lines.append(current)
        current, space = Line([], list(blocks)), ""

    def said(text, tags, blocks):
        nonlocal space
        pre = any(tag.startswith("<pre") for tag, _ in blocks)
        if text and (pre or text.strip()):
            current.words += _split(space + text, tags, AS_IT_IS if pre else WORD)
            space = ""
        if text and not pre and text[-1].isspace() and current.words:
            space = " "

    def walk(element, tags, blocks):
        nonlocal space
        said(element.text, tags, blocks)
        for child in element:
            name = OURS.get(child.tag, child.tag)
            if not isinstance(name, str):
                pass  # a comment in the source
            elif name == "br":
                ended(blocks, line_break=True)
            elif name == "img":
                current.words.append(Word(_start(child, name), tags, space))
                space = ""
            elif name in INLINE:
                walk(child, (*tags, _start(child, name)), blocks)
            else:
                ended(blocks)
                inside = [*blocks, (_start(child, name), f"{document} {len(lines)} {id(child)}")]
                current.blocks = inside
                if name == "hr":
                    current.words.append(Word("<hr>"))
                walk(child, (), inside)
                ended(blocks)
            said(child.tail, tags, blocks)

    walk(root, (), [])
    ended([])
    return lines


def _start(element, name):
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in element.attrib.items())
    return f"<{name}{attributes}>"


def _split(text, tags=(), pattern=WORD):
    """Return the Words of a text without tags."""
    return [
        Word(escape(word[2], quote=False), tags, " " if word[1] else "")
        for word in pattern.finditer(text)
    ]


# Matching


def _aligned(before, after):
    """Yield (old line or None, new line or None): what became of each line, in order."""
    matcher = SequenceMatcher(
        None, [line.key for line in before], [line.key for line in after], autojunk=False
    )
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield from zip(before[a:b], after[c:d], strict=True)
        else:
            yield from _paired(before[a:b], after[c:d])


def _paired(before, after):
    """Yield the same for lines that all differ: those that are most alike, together."""
    pairs = []
    if len(before) * len(after) <= MOST_PAIRS:
        pairs = _most_alike(before, after)
    a = c = 0
    for old, new in [*pairs, (len(before), len(after))]:
        yield from ((line, None) for line in before[a:old])
        yield from ((None, line) for line in after[c:new])
        if old < len(before):
            yield before[old], after[new]
        a, c = old + 1, new + 1


def _most_alike(before, after):
    """Return [(place, place)], in order, of pairs of a kind whose likeness adds up to the most."""
    olds, news = ([Counter(line.words) for line in lines] for lines in (before, after))
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    likeness = {}
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if before[i].kind == after[j].kind:
                # Lines that share nothing may still have taken each other's place.
                likeness[i, j] = max(_likeness(olds[i], news[j]), 0.01)
                best[i][j] = max(best[i][j], best[i + 1][j + 1] + likeness[i, j])
    pairs = []
    i = j = 0
    while i < len(before) and j < len(after):
        alike = likeness.get((i, j))
        if alike and best[i][j] == best[i + 1][j + 1] + alike:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(before, after):
    """Return how much of two Counters of words is common, from 0 to 1."""
    common = sum((before & after).values())
    return 2 * common / max(before.total() + after.total(), 1)


def _words(before, after):
    """Return [("", "del" or "ins"; words)]: how the words of one line became those of another."""
    if _likeness(Counter(before), Counter(after)) < ALIKE:
        return [(mark, words) for mark, words in (("del", before), ("ins", after)) if words]
    if before == after:
        return [("", after)] if after else []
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > LONG)
    runs = []
    removed, added = [], []
    opcodes = matcher.get_opcodes()
    for place, (what, a, b, c, d) in enumerate(opcodes):
        amid = 0 < place < len(opcodes) - 1
        if what == "equal" and not (amid and _is_chance(after[c:d])):
            runs += [("del", removed), ("ins", added), ("", after[c:d])]
            removed, added = [], []
        else:
            removed += before[a:b]
            added += after[c:d]
    runs += [("del", removed), ("ins", added)]
    return [(mark, words) for mark, words in runs if words]


def _is_chance(words):
    """Say whether these few words that two lines share between changes would only confuse."""
    return len(words) <= 2 and sum(len(word.text) for word in words) <= 4


# Putting it together again


def _rendered(aligned):
    """Return the HTML of all lines, old and new, in blocks that open and close."""
    is_now = {}  # an old element: the new one that it has become
    for old, new in aligned:
        if old and new:
            for (_, was), (_, now) in zip(old.blocks, new.blocks, strict=True):
                is_now.setdefault(was, now)
    parts, opened, last = [], [], None
    for old, new in aligned:
        line = new or old
        blocks = [(tag, is_now.get(which, which)) for tag, which in line.blocks]
        common = 0
        while common < min(len(opened), len(blocks)) and opened[common] == blocks[common]:
            common += 1
        parts += [_end(tag) for tag, _ in reversed(opened[common:])]
        parts += [tag for tag, _ in blocks[common:] if tag != "<hr>"]
        if blocks == last:
            parts.append("<br>")
        opened = last = blocks
        if old and new:
            runs = _words(old.words, new.words)
        else:
            runs = [("ins" if new else "del", line.words)] if line.words else []
        parts.append(_marked(runs))
    parts += [_end(tag) for tag, _ in reversed(opened)]
    return "".join(parts)


def _marked(runs):
    """Return words as HTML, each run in its mark; a mark begins and ends within a formatting."""
    parts = []
    for mark, words in runs:
        line_across = bool(mark) and any(word.text == "<hr>" for word in words)
        text = escape(_("(a line across the page)")) if line_across else _formatted(words)
        space = " " if words[0].space else ""
        parts.append(f"{space}<{mark}>{text}</{mark}>" if mark else space + text)
    return "".join(parts)


def _formatted(words):
    """Return words as HTML in their inline tags; the space before the first is left out."""
    parts, opened = [], ()
    for place, word in enumerate(words):
        space = word.space if place else ""
        if word.tags == opened:
            parts.append(space + word.text)
            continue
        common = 0
        while common < min(len(opened), len(word.tags)) and opened[common] == word.tags[common]:
            common += 1
        parts += [_end(tag) for tag in reversed(opened[common:])]
        parts += [space, *word.tags[common:], word.text]
        opened = word.tags
    parts += [_end(tag) for tag in reversed(opened)]
    return "".join(parts)


def _end(tag):
    name = re.match(r"<(\w+)", tag)[1]
    return "" if name == "hr" else f"</{name}>"


def _told(shown):
    """Return HTML whose marks are also told to those who hear the page."""
    words = {"del": _("removed:"), "ins": _("added:")}
    end = f'<span class="visually-hidden"> {escape(_("(end)"))} </span>'

    def told(tag):
        if tag[1]:
            return f"{end}</{tag[2]}>"
        return f'<{tag[2]}><span class="visually-hidden">{escape(words[tag[2]])} </span>'

    told_html = re.sub(r"<(/?)(del|ins)>", told, shown)
    return mark_safe(told_html)  # noqa: S308 - out of the door, or escaped word by word
