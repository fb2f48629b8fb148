"""Two texts aligned: which words of the one stand in the other, also where a sentence was edited.

Shared runs of words are joined to passages; between two runs, and at the ends of a passage, words
are compared one by one. Needs no database.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

from posts.shingles import LENGTH, shingles

GAP = 60
"""Words between two shared runs that may have been edited, and are one passage all the same."""
END = 30
"""Words beside a passage that are looked at one by one."""
CHAIN = 12
"""Words that a passage must share at least."""
EDIT = 8
"""So many words in place of others are an edit, even if not one of them is the same."""
MOST_PLACES = 8
"""A shingle that stands in more places of one text says nothing about where a passage is."""


@dataclass
class Run:
    """Words that stand in both texts, in a row: from `older` and `newer` on, so many."""

    older: int
    newer: int
    length: int


def places_of(words):
    """Return {shingle: where it stands}, without those that stand all over the text."""
    places = {}
    for place, shingle in enumerate(shingles(words)):
        places.setdefault(shingle, []).append(place)
    return {shingle: found for shingle, found in places.items() if len(found) <= MOST_PLACES}


def align(older, newer, own, free, places):
    """Return which words of `older` are in `newer`, and which of `newer` are from there.

    Both as bytearrays: 1 is the same word; in the second, 2 is one that took the place of others.
    Words of `older` that are not `own`, and of `newer` that are not `free`, don't begin or end a
    passage.
    """
    there, mine = bytearray(len(older)), bytearray(len(newer))
    chains = _chains(_runs(older, newer, own, free, places))
    chains.sort(key=lambda chain: -sum(run.length for run in chain))
    for passage in chains:
        length = sum(run.length for run in passage)
        known = sum(sum(there[run.older : run.older + run.length]) for run in passage)
        if length < CHAIN or known > length / 2:
            continue  # too little; or a quotation, beside the passage itself
        for run in passage:
            there[run.older : run.older + run.length] = b"\1" * run.length
            mine[run.newer : run.newer + run.length] = b"\1" * run.length
        for before, after in zip(passage, passage[1:], strict=False):
            gap = slice(before.older + before.length, after.older)
            hole = slice(before.newer + before.length, after.newer)
            _fill(older, newer, gap, hole, there, mine)
        first, last = passage[0], passage[-1]
        for a, b, step in (
            (first.older - 1, first.newer - 1, -1),
            (last.older + last.length, last.newer + last.length, 1),
        ):
            same = _going_on(older, newer, own, a, b, step, lambda at: free[at] and not mine[at])
            for x, y in same:
                there[x] = mine[y] = 1
            a, b = a + step * len(same), b + step * len(same)
            gap = _beside(a, step, lambda place: own[place] and not there[place], len(older))
            hole = _beside(b, step, lambda place: free[place] and not mine[place], len(newer))
            _fill_end(older, newer, gap, hole, there, mine)
    for place, is_free in enumerate(free):
        if not is_free:
            mine[place] = 0
    return there, mine


def _runs(older, newer, own, free, places):
    """Return the shared runs, in the order of `older`: of each place the longest there is."""
    runs = []
    place, expected = 0, None
    known = shingles(older)
    while place < len(known):
        best = None
        if all(own[place : place + LENGTH]):
            for other in places.get(known[place], ()):
                length = 0
                while (
                    place + length < len(older)
                    and other + length < len(newer)
                    and older[place + length] == newer[other + length]
                    and own[place + length]
                    and free[other + length]
                ):
                    length += 1
                far = abs(other - expected) if expected is not None else 0
                if length >= LENGTH and (best is None or (length, -far) > best[0]):
                    best = (length, -far), other
        if best is None:
            place += 1
            continue
        (length, _), other = best
        runs.append(Run(place, other, length))
        place += length
        expected = other + length
    return runs


def _chains(runs):
    """Return the runs joined to passages: neighbours in both texts, but for an edited sentence."""
    chains = []
    for run in runs:
        for passage in reversed(chains[-3:]):
            last = passage[-1]
            gap = run.older - last.older - last.length
            hole = run.newer - last.newer - last.length
            if 0 <= gap <= GAP and 0 <= hole <= GAP:
                passage.append(run)
                break
        else:
            chains.append([run])
    return chains


def _fill(older, newer, gap, hole, there, mine):
    """Note the words between two runs that are the same, and those that took the place of others.

    A few words in place of a few are an edit, and so are many of which half are the same. Anything
    else somebody has written anew, or put in between.
    """
    a, b = older[gap], newer[hole]
    same = 0
    for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        same += block.size
        for step in range(block.size):
            there[gap.start + block.a + step] = 1
            mine[hole.start + block.b + step] = 1
    if 2 * same >= len(b) or (len(b) <= EDIT and 2 * len(a) >= len(b)):
        for place in range(hole.start, hole.stop):
            mine[place] = mine[place] or 2


def _going_on(older, newer, own, a, b, step, fits):
    """Return the places [(in `older`, in `newer`)] at which both go on with the same words.

    With what is not its own, too, such as the standing introduction of a series. Not with a
    signature at the end of both: there the newer post's stands below its own words.
    """
    same = []
    while 0 <= a < len(older) and 0 <= b < len(newer) and older[a] == newer[b] and fits(b):
        same.append((a, b))
        a, b = a + step, b + step
    if b == len(newer):
        while same and not own[same[-1][0]]:
            same.pop()
    return same


def _beside(place, step, fits, length):
    """Return the places from `place` on, in steps of 1 or -1, as far as they fit: END at most."""
    end = min(place + END, length) if step > 0 else max(place - END, -1)
    return list(takewhile(fits, range(place, end, step)))


def _fill_end(older, newer, gap, hole, there, mine):
    """Note the words beside a passage that are the same in both texts: an edited first sentence.

    `gap` and `hole` are the places of those words, counted from the passage on. They count as far
    as at least half of them are the same.
    """
    same = max((_near(older, newer, gap, hole[: n * len(gap)]) for n in (1, 2)), key=len)
    for x, y in same:
        there[gap[x]] = mine[hole[y]] = 1
    for place in hole[: same[-1][1]] if same else ():
        mine[place] = mine[place] or 2


def _near(older, newer, gap, hole):
    """Return [(number in `gap`, number in `hole`)] of the same words, as far as they are half."""
    one, other = [older[place] for place in gap], [newer[place] for place in hole]
    same = [
        (block.a + step, block.b + step)
        for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
        for step in range(block.size)
    ]
    good = [number for number, two in enumerate(same, 1) if 2 * number > max(two)]
    return same[: good[-1]] if good else []
