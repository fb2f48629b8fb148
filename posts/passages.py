"""Shared passages: which older posts stand, pasted, in a newer one, and where. Needs no database.

What is a reprint: a newer post that has nearly the whole of an older one in it, whatever was edited
here and there. A post that quotes a paragraph or two is none, nor one into which an older post has
grown, with as much of the new between its lines. A quotation is not the older post's own; nor is
what stands in very many posts, such as a signature or the standing introduction of a series.

Words belong to the post that had them first: where A was pasted into B, and B into C, then C
reprints A, and also B for as much as B said itself. Where two older posts could claim a passage
all the same, the one with more of itself there has it; of equals, the older.
"""

from dataclasses import dataclass, field

from posts.alignment import align
from posts.blocks import Text
from posts.shingles import LENGTH, shingles

SHARE = 0.7
"""So much of an older post must be found, at least."""
WHOLE = 0.9
"""So much is nearly all of it: then weak evidence is enough."""
LEAST = 40
"""Own words of an older post that must be found; fewer (LEAST_BELOW_TITLE) below its title."""
LEAST_BELOW_TITLE = 12
REMARKS = 0.5
"""So many other words may stand among those found, for each of them."""
STRAYS = 20
"""One in so many of the words found, at either end, may stand far from the others."""


@dataclass(eq=False)
class Source:
    """An older post that may stand in a newer one.

    `standing` and `often` are shingles (see Index); `not_its_own` are those of its words, by place,
    that an even older post had first: a bytearray, or None.
    """

    key: object
    text: Text
    standing: set = field(default_factory=set)
    often: set = field(default_factory=set)
    not_its_own: bytearray | None = None

    def own(self, besides=()):
        """Return for each word whether it counts: 1, or 0. `besides`: shingles that do not."""
        own = bytearray(b"\1" * len(self.text.words))
        for place, shingle in enumerate(shingles(self.text.words)):
            if shingle in self.standing or shingle in besides:
                own[place : place + LENGTH] = bytes(LENGTH)
        for place, foreign in enumerate(self.not_its_own or ()):
            if foreign:
                own[place] = 0
        return own


@dataclass(eq=False)
class Match:
    """What was found of a Source in a newer post.

    `mine` says of each word of the newer post whether it belongs to the source (1) or is an edited
    word in its place (2). `found` of the source's `counted` own words are there.
    """

    source: Source
    mine: bytearray
    found: int
    counted: int
    is_reprint: bool
    may_be_short: bool  # a reprint if its title stands above it

    @property
    def share(self):
        return self.found / self.counted if self.counted else 0

    @property
    def place(self):
        """The number of its first word in the newer post."""
        return self.mine.index(1)


def reprinted(newer, sources):
    """Return the Matches of those `sources`, from old to new, that stand in the Text `newer`.

    Each word of `newer` belongs to one of them at most. A Match that `may_be_short` needs a look
    at what stands above it.
    """
    free = bytearray(b"\1" * len(newer.words))
    tried = enumerate(compare(source, newer, free) for source in sources)
    waiting = [(-match.found, number, match) for number, match in tried if match]
    found = []
    while waiting:
        waiting.sort(key=lambda one: one[:2])
        _, number, match = waiting.pop(0)
        if any(mine and not is_free for mine, is_free in zip(match.mine, free, strict=True)):
            match = compare(match.source, newer, free)
            if match:
                waiting.append((-match.found, number, match))
            continue
        for place, mine in enumerate(match.mine):
            if mine:
                free[place] = 0
        found.append(match)
    return sorted(found, key=lambda match: match.place)


def compare(source, newer, free=None):
    """Return the Match of one Source in the Text `newer`, or None where it is no reprint."""
    free = free or bytearray(b"\1" * len(newer.words))
    own = source.own()
    there, mine = align(source.text.words, newer.words, own, free, newer.places)
    unquoted = bytearray(one and not two for one, two in zip(own, source.text.quoted, strict=True))
    counted, found, said = sum(own), _both(there, own), _both(there, unquoted)
    is_whole = found >= WHOLE * counted
    enough = _is_mostly_there(there, own) and _is_mostly_there(there, unquoted)
    if not is_whole:
        rare = source.own(besides=source.often)
        enough = enough and sum(rare) >= LEAST_BELOW_TITLE and _is_mostly_there(there, rare)
    enough = enough and _remarks(mine, free) <= REMARKS * found
    is_reprint = enough and said >= LEAST
    may_be_short = enough and said >= LEAST_BELOW_TITLE and is_whole
    if not is_reprint and not may_be_short:
        return None
    return Match(source, mine, found, counted, is_reprint, may_be_short)


def _remarks(mine, free):
    """Return how many words that are nobody else's stand among those that are `mine`."""
    places = [place for place, one in enumerate(mine) if one]
    strays = len(places) // STRAYS
    among = slice(places[strays], places[-1 - strays]) if places else slice(0)
    return sum(not one and is_free for one, is_free in zip(mine[among], free[among], strict=True))


def _is_mostly_there(there, counted):
    return _both(there, counted) >= SHARE * sum(counted)


def _both(one, other):
    return sum(a and b for a, b in zip(one, other, strict=True))
