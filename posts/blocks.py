"""The HTML of a post by its blocks: their words, where they stand, and cutting some of them out.

A block is what is read in one go: a paragraph, a heading, a list item, or a line between two
`<br>`, which is all that many old posts have. Works on HTML that came out of the door
(blogsite/html.py). Needs no database.

Words are compared as numbers, made so that case, accents, quotes, dashes, spaces and
entities make no difference.
"""

import html as entities
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from zlib import crc32

from posts.alignment import places_of

TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*)>""")
SRC = re.compile(r'\bsrc="([^"]*)"')
INLINE = {
    *("a", "abbr", "b", "cite", "code", "data", "del", "em", "i", "ins", "mark", "q", "s", "small"),
    *("strong", "sub", "sup", "u"),
}
VOID = {"br", "hr", "img"}
PARTED = INLINE | {"p"}
"""Elements that can be ended in the middle, and begun again behind what is put in."""
BLOCK = re.compile(r"<(?:p|div|ul|ol|blockquote|pre|h[1-6]|table|figure|hr)\b")
DROPPED = re.compile("['’‘‛ʼ`´\u00ad\u200b-\u200d\u2060\ufeff]")
"""Within a word, no part of it: apostrophes of every kind, and what nobody sees."""
# Where words are written without spaces (Chinese, Japanese), each sign is one.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
BREAKS = re.compile(r"(?:\s|<br>)*")
ENDS = re.compile(r"(?:</[a-zA-Z][a-zA-Z0-9]*>)*\Z")
MOST_KEPT = 300_000
LONGEST_KEPT = 40


class _Numbers(dict):
    """{what stands between two spaces: the numbers of its words}, made when asked for."""

    def __missing__(self, written):
        found = tuple(crc32(word.encode()) for word in plain_words(written))
        if len(written) <= LONGEST_KEPT:  # what is written without spaces is not met again
            if len(self) >= MOST_KEPT:
                self.clear()
            self[written] = found
        return found


_numbers = _Numbers()


def plain_words(written):
    """Return the words of `written` (HTML without tags) in their plainest form."""
    words = unicodedata.normalize("NFKC", DROPPED.sub("", entities.unescape(written))).casefold()
    if not words.isascii():
        parts = unicodedata.normalize("NFD", words)
        words = "".join(one for one in parts if unicodedata.category(one) != "Mn")
    return WORD.findall(words)


def numbers(html):
    """Return the numbers of all words in `html`, in order: what Text has, made faster."""
    return list(chain.from_iterable(map(_numbers.__getitem__, TAG.sub(" ", html).split())))


@dataclass
class Block:
    """One block: where its content begins and ends in the HTML, and in the words of the text."""

    start: int
    end: int
    first: int  # of its words, counted over the whole text
    last: int  # behind its last word
    quoted: bool = False
    pictures: list = field(default_factory=list)

    @property
    def is_separator(self):
        """Whether it says nothing: a rule, or a row of stars."""
        return self.first == self.last and not self.pictures


class Text:
    """A post's HTML with its blocks and words; `spans` says where each word is written."""

    def __init__(self, html):
        self.html = html or ""
        self.blocks, self.words, self.spans = [], [], []
        quotes = 0
        block = None
        for part, start, tag in _tokens(self.html):
            name = tag and tag[2].lower()
            if name == "blockquote":
                quotes += -1 if tag[1] else 1
            if name == "hr":
                self.blocks.append(self._begun(start, len(part), quotes))
            if name and name not in INLINE and name != "img":
                block = None
            elif name == "img" or (not name and part.strip()):
                if block is None:
                    block = self._begun(start + len(part) - len(part.lstrip()), 0, quotes)
                    self.blocks.append(block)
                block.end = start + len(part.rstrip())
                if name:
                    block.pictures += SRC.findall(part)
                else:
                    self._read(part, start)
                block.last = len(self.words)

    def _begun(self, start, length, quotes):
        place = len(self.words)
        return Block(start, start + length, place, place, quotes > 0)

    def _read(self, part, start):
        for written in re.finditer(r"\S+", part):
            found = _numbers[written[0]]
            self.words.extend(found)
            self.spans.extend([(start + written.start(), start + written.end())] * len(found))

    def words_of(self, block):
        """Return the numbers of the words in this block."""
        return self.words[block.first : block.last]

    def block_at(self, place):
        """Return the number of the block that holds the word at `place`."""
        return next(n for n, block in enumerate(self.blocks) if block.first <= place < block.last)

    def written_in(self, number):
        """Return what the block with this number says, as plain text."""
        block = self.blocks[number]
        part = TAG.sub(" ", self.html[block.start : block.end])
        return " ".join(entities.unescape(part).split())

    @cached_property
    def places(self):
        """{shingle: where it stands}; see alignment.places_of()."""
        return places_of(self.words)

    @cached_property
    def quoted(self):
        """For each word, 1 where it stands in a quotation."""
        found = bytearray(len(self.words))
        for block in self.blocks:
            if block.quoted:
                found[block.first : block.last] = b"\1" * (block.last - block.first)
        return found


def _tokens(html):
    """Yield (as written, where, match of the tag or None) for each tag and what is between."""
    place = 0
    for tag in TAG.finditer(html):
        if tag.start() > place:
            yield html[place : tag.start()], place, None
        yield tag[0], tag.start(), tag
        place = tag.end()
    if place < len(html):
        yield html[place:], place, None


def cut(html, ranges, empty_ones=True):
    """Return `html` without what stands in `ranges` [(start, end)]; it stays well-formed.

    Elements left with nothing in them go. Those that had nothing in them before stay, unless
    `empty_ones` is false.
    """
    ranges = merged(ranges)
    starts = [start for start, end in ranges]
    kept = []
    opened = [[0, False, False]]  # where it begins in `kept`, had something in it, has it still
    parted = False  # whether a block has just gone that kept two lines apart
    for part, start, tag in _tokens(html):
        name = tag and tag[2].lower()
        if name and name not in VOID:
            if not tag[1]:
                parted = _go_on(kept, name, parted)
                opened.append([len(kept), False, False])
                kept.append(part)
            elif len(opened) > 1:
                place, had, has = opened.pop()
                kept.append(part)
                if not has and (had or not empty_ones):
                    del kept[place:]
                    parted = parted or name not in INLINE
                opened[-1][1] |= had
                opened[-1][2] |= has
            continue
        left = _outside(part, start, ranges, starts, whole=bool(name))
        if left.strip():
            parted = _go_on(kept, name, parted)
        elif name == "hr":
            parted = True
        kept.append(left)
        if name != "br":
            opened[-1][1] |= bool(part.strip())
            opened[-1][2] |= bool(left.strip())
    return "".join(kept).strip()


def _go_on(kept, name, parted):
    """Put a line break between two lines that a block `parted` before it went; return False.

    `name` is of the tag that follows, or None before words.
    """
    if parted and (name is None or name in INLINE or name == "img"):
        last = next((part for part in reversed(kept) if part.strip()), "")
        tag = TAG.fullmatch(last)
        if last and (not tag or tag[2].lower() in INLINE or tag[2].lower() == "img"):
            kept.append("<br>")
    return False


def only(html, ranges):
    """Return of `html` what stands in `ranges`, within the elements in which it stands.

    Line breaks that would part it from nothing, at its end, are left out.
    """
    ranges = merged(ranges)
    edges = [0, *chain.from_iterable(ranges), len(html)]
    found = cut(html, list(zip(edges[::2], edges[1::2], strict=True)), empty_ones=False)
    end = ENDS.search(found).start()
    return found[: _before_breaks(found, end)] + found[end:]


def marked(html, ranges):
    """Return `html` with the words in `ranges` between `<mark>` and `</mark>`, pictures too."""
    ranges = merged(ranges)
    starts = [start for start, end in ranges]
    parts = []
    for part, start, tag in _tokens(html):
        if tag and tag[2].lower() != "img":
            parts.append(part)
            continue
        for piece, is_in in _pieces(part, start, ranges, starts):
            parts.append(f"<mark>{piece}</mark>" if is_in and piece.strip() else piece)
    return "".join(parts)


def _pieces(part, start, ranges, starts):
    """Yield (piece, whether it is in a range) of `part`, which begins at `start`."""
    place, end = start, start + len(part)
    for first, last in ranges[max(bisect_right(starts, start) - 1, 0) :]:
        if first >= end:
            break
        if last > place:
            first = max(first, place)
            yield part[place - start : first - start], False
            place = min(last, end)
            yield part[first - start : place - start], True
    yield part[place - start :], False


def _outside(part, start, ranges, starts, whole):
    """Return of `part`, which begins at `start`, what is in no range; a tag is `whole` or gone."""
    pieces = list(_pieces(part, start, ranges, starts))
    if whole and any(is_in for _, is_in in pieces):
        return ""
    return "".join(piece for piece, is_in in pieces if not is_in)


def merged(ranges):
    """Return the ranges in order, those that touch or overlap made one."""
    found = []
    for start, end in sorted(ranges):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def without_ranges(ranges, others):
    """Return what is in `ranges` and in none of the `others`."""
    left = []
    others = merged(others)
    for start, end in merged(ranges):
        for first, last in others:
            if last <= start or first >= end:
                continue
            left.append((start, first))
            start = last
        left.append((start, end))
    return merged([one for one in left if one[0] < one[1]])


def range_of(text, first, last):
    """Return where the blocks with the numbers `first` to `last` stand, with what parts them.

    The line breaks that follow go too; at the end of an element, also those before.
    """
    start, end = text.blocks[first].start, text.blocks[last].end
    end = BREAKS.match(text.html, end).end()
    if end == len(text.html) or text.html.startswith("</", end):
        start = _before_breaks(text.html, start)
    return start, end


def _before_breaks(html, place):
    """Return where the spaces and line breaks begin that end at `place`."""
    while True:
        if place and html[place - 1].isspace():
            place -= 1
        elif html.endswith("<br>", 0, place):
            place -= len("<br>")
        else:
            return place


def put_in(html, place, added):
    """Return `html` with the HTML `added` put in at `place` or soon after it, as blocks.

    A paragraph is parted for it, and within a `<div>` it stands there. Anything else, such as a
    list or a quotation, is not broken open: it stands behind that.
    """
    if not added:
        return html
    opened = _opened_at(html, place)
    whole = [n for n, (name, _) in enumerate(opened) if name not in PARTED and name != "div"]
    if whole:
        place = _end_of(html, place, len(opened) - whole[0])
        opened = opened[: whole[0]]
    parted = [one for one in opened if one[0] in PARTED]
    head = html[: _before_breaks(html, place)]
    tail = html[BREAKS.match(html, place).end() :]
    while parted and tail.startswith(f"</{parted[-1][0]}>"):  # at its end nothing is parted
        end = f"</{parted.pop()[0]}>"
        head, tail = head + end, tail.removeprefix(end)
    while parted and head.endswith(parted[-1][1]):
        start = parted.pop()[1]
        head, tail = head.removesuffix(start), start + tail
    head += "".join(f"</{name}>" for name, _ in reversed(parted))
    tail = "".join(start for _, start in parted) + tail
    if not BLOCK.match(added):
        added = f"<div>{added}</div>"
    return head + added + tail


def _opened_at(html, place):
    """Return [(name, tag as written)] of the elements that are open at this place."""
    opened = []
    for part, start, tag in _tokens(html):
        if start >= place:
            break
        if tag and tag[2].lower() not in VOID:
            if not tag[1]:
                opened.append((tag[2].lower(), part))
            elif opened:
                opened.pop()
    return opened


def _end_of(html, place, depth):
    """Return where the outermost of the `depth` elements ends that are innermost at `place`."""
    for part, start, tag in _tokens(html):
        if start >= place and tag and tag[2].lower() not in VOID:
            depth += -1 if tag[1] else 1
            if not depth:
                return start + len(part)
    return len(html)
