"""The evidence for a suggested reprint as its page shows it: the newer post's text, marked."""

from dataclasses import dataclass

from django.utils.safestring import mark_safe

from posts import blocks
from posts.admin.chosen import first_words, named


@dataclass
class Shown:
    """HTML of the newer post in five parts, around the passage, and what comes with it.

    `passage` has in `<mark>` what would be cut; `near` (before and after) is the nearest paragraph,
    `far` all the rest. `introduction` are the author's words that would become the reprint's;
    `comments` are (comment, name, first words); `along` is how many come with an exchange.
    """

    far_before: str
    near_before: str
    passage: str
    near_after: str
    far_after: str
    introduction: str
    half: list
    comments: list
    along: int
    fingerprint: str


def shown(text, what):
    """Return this Evidence in the Text of the newer post as Shown."""
    start, end = what.ranges[0][0], what.ranges[-1][1]
    marked = blocks.marked(text.html, what.ranges)
    shift = len(marked) - len(text.html)
    with_words = [block for block in text.blocks if block.first < block.last]
    before = max((block.start for block in with_words if block.end <= start), default=0)
    after = min((block.end for block in with_words if block.start >= end), default=len(text.html))
    edges = [0, before, start, end + shift, after + shift, len(marked)]
    parts = [_part(marked, *two) for two in zip(edges, edges[1:], strict=False)]
    introduction = blocks.only(text.html, what.introduction) if what.introduction else ""
    return Shown(
        *parts,
        introduction=mark_safe(introduction),  # noqa: S308 - it came out of the door
        half=[text.written_in(number) for number in what.half],
        comments=[(one, named(one), first_words(one)) for one in what.comments],
        along=len(what.along),
        fingerprint=what.fingerprint(text.html),
    )


def _part(html, start, end):
    return mark_safe(blocks.only(html, [(start, end)]))  # noqa: S308 - it came out of the door
