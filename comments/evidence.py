"""What speaks for a suggested reprint: the passage, the comments quoted with it, what to cut.

Needs no database: it works on rows that were fetched already. What it can't be sure of it leaves
where it is: a comment too short to know, a block that is half the author's own.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256

from comments import quoted, signs
from posts.blocks import merged, range_of

MOST_ABOVE = 3
"""Blocks above a passage that may be the older post's title and date."""
STRAY = 6
"""Fewer words than these of a passage don't make a block half pasted."""
SLIP = 2
"""So many words of the author's own, within pasted ones, are an edit, not a remark."""
ENDED = re.compile(r"""[.!?…][\"'”’»)\]]*$""")
INTRODUCED = re.compile(r"""[.!?…:][\"'”’»)\]“‘«]*$""")
"""What the author's words end with before pasted ones: "Here is an old one:"."""


@dataclass
class Evidence:
    """A passage of a source in a newer post (a Match), and what accepting it would do.

    `comments` are to be chosen, in order of place; `along` come along with the exchange and are
    only cut. `ranges` of the HTML are cut; `introduction` are those of them that hold the author's
    words to this reprint, `quoted` {comment id: ranges} those that hold a comment. `half` are
    numbers of blocks that are left because only a part of them is pasted. `first` and `last` are
    the blocks it begins and ends in; `after` says which block stands before, [its words, how many
    before it have the same], or is []. `edited` is whether words are cut that took the place of
    others.
    """

    match: object
    comments: list
    along: list
    ranges: list
    quoted: dict
    half: list
    first: int
    last: int
    after: list
    edited: bool
    introduction: list = field(default_factory=list)

    @property
    def percent(self):
        return int(self.match.share * 100)  # 100 is all of it

    @property
    def is_plain(self):
        """Whether nothing is cut but what the older post and its readers said, and all of that."""
        return not self.edited and not self.half

    def fingerprint(self, text):
        """Return a short text that differs when anything else would be cut from it, or chosen."""
        shown = [str(text), self.ranges, self.introduction, [one.pk for one in self.comments]]
        return sha256(repr(shown).encode()).hexdigest()[:16]


def gather(newer, match, source, comments, apart=(), taken=None):
    """Return the Evidence for this Match in the Text `newer`, or None where it is not enough.

    `source` is the older post; `comments` its published ones; `apart` the ids of those in an
    exchange. `taken` marks (a bytearray) the words of `newer` that belong to any of the sources.
    """
    title = signs.of_title(source.title, source.published_at)
    mine = bytearray(match.mine)
    free = bytearray(not one for one in (taken or mine))
    first = newer.block_at(match.place)
    heads = _above(newer, first, title, free)
    if not match.is_reprint and not (heads or _begins_with(newer, first, match, title)):
        return None
    said = quoted.find(newer, comments, mine, free)
    names = quoted.around(newer, said, free)
    heads |= set(names.values())
    theirs = {src for block in match.source.text.blocks for src in block.pictures}
    blocks, pieces, half = _to_cut(newer, mine, [title, *map(signs.of_name, said)], theirs)
    blocks |= heads
    if not blocks and not pieces:
        return None
    last = max([*blocks, *(newer.block_at(start) for start, end in pieces)])
    first = min([first, *heads])
    _add_pictures(newer, theirs, blocks)
    _add_separators(newer, blocks)
    ranges = [range_of(newer, *group) for group in _groups(blocks)]
    ranges += [(newer.spans[start][0], newer.spans[end - 1][1]) for start, end in pieces]
    ranges = merged(ranges)
    in_order = sorted(said, key=lambda comment: said[comment].index(1))
    return Evidence(
        match,
        comments=[comment for comment in in_order if comment.pk not in apart],
        along=[comment for comment in in_order if comment.pk in apart],
        ranges=ranges,
        quoted={
            one.pk: _within(newer, its, names.get(one), ranges, blocks) for one, its in said.items()
        },
        half=half,
        first=first,
        last=last,
        after=_before(newer, first, blocks),
        edited=2 in mine,
    )


def _to_cut(newer, mine, known, theirs):
    """Return what of `newer` is pasted, as (blocks, pieces, half); `known` are Signs.

    Blocks to cut whole, a set of numbers; pieces of others, [(first, last word)]; and those blocks
    in which nobody can tell what is pasted from what is the author's. `theirs` are the pictures of
    the older post: any other is the author's.
    """
    blocks, pieces, half = set(), [], []
    for number, block in enumerate(newer.blocks):
        words = mine[block.first : block.last]
        touched = sum(1 for one in words if one)
        if 1 not in words or (touched < STRAY and touched * 2 < len(words)):
            continue
        parts = _parts(newer, block, mine, known)
        if parts is None or not theirs.issuperset(block.pictures):
            half.append(number)
        elif parts == [(block.first, block.last)]:
            blocks.add(number)
        else:
            pieces += parts
    return blocks, pieces, half


def _before(text, first, cut):
    """Return [words, how many blocks above have the same] of the last block before, or []."""
    said = [text.words_of(block) for block in text.blocks[:first]]
    left = [words for number, words in enumerate(said) if words and number not in cut]
    return [left[-1], left.count(left[-1]) - 1] if left else []


def introduce(newer, evidence, boundary):
    """Let what stands between the block `boundary` and the passage be its introduction."""
    between = range(boundary + 1, evidence.first)
    if not any(newer.blocks[number].first < newer.blocks[number].last for number in between):
        return
    part = range_of(newer, boundary + 1, evidence.first - 1)
    if any(start < part[1] and part[0] < end for start, end in evidence.ranges):
        return
    evidence.introduction = [part]
    evidence.ranges = merged([*evidence.ranges, part])


def _above(text, first, sign, free):
    """Return the numbers of the blocks directly above that are title and date of the older post."""
    found = set()
    waiting = set()
    for number in range(first - 1, -1, -1):
        block = text.blocks[number]
        if block.is_separator:
            waiting.add(number)
            continue
        if len(found) == MOST_ABOVE or not all(free[block.first : block.last]):
            break
        if block.pictures or not sign.is_in(text.words_of(block)):
            break
        found |= {number} | waiting
        waiting = set()
    return found


def _begins_with(text, first, match, sign):
    """Say whether the title stands before the passage, in the same block."""
    block = text.blocks[first]
    return sign.is_in(text.words[block.first : match.place])


def _parts(text, block, mine, known):
    """Return which words of a block to cut, [(first, last)]; None where it can't be told apart."""
    stretches = []
    for place in range(block.first, block.last):
        is_mine = bool(mine[place])
        if stretches and stretches[-1][0] == is_mine:
            stretches[-1][2] = place + 1
        else:
            stretches.append([is_mine, place, place + 1])
    for number, stretch in enumerate(stretches):
        is_mine, first, last = stretch
        if is_mine:
            continue
        slip = last - first <= SLIP and 0 < number < len(stretches) - 1
        if slip or any(sign.is_in(text.words[first:last]) for sign in known):
            stretch[0] = True
    joined = []
    for is_mine, first, last in stretches:
        if joined and joined[-1][0] == is_mine:
            joined[-1][2] = last
        else:
            joined.append([is_mine, first, last])
    for is_mine, first, last in joined[:-1]:
        if not _ends(text, first, last, ENDED if is_mine else INTRODUCED):
            return None
    return [(first, last) for is_mine, first, last in joined if is_mine]


def _ends(text, first, last, how):
    """Say whether a sentence ends with the last of these words, which is `how` they then end."""
    start, end = text.spans[last - 1]
    shared = last < len(text.spans) and text.spans[last] == (start, end)
    return not shared and bool(how.search(text.html[start:end].replace("&quot;", '"')))


def _add_pictures(text, theirs, blocks):
    """Add blocks that are a picture of the older post, beside what is cut."""
    for number, block in enumerate(text.blocks):
        is_picture = block.pictures and block.first == block.last
        beside = not blocks.isdisjoint((number - 1, number + 1))
        if is_picture and beside and theirs.issuperset(block.pictures):
            blocks.add(number)


def _add_separators(text, blocks):
    """Add rules and rows of stars that would part nothing any more."""
    kept = [n for n, block in enumerate(text.blocks) if n not in blocks and not block.is_separator]
    last = len(text.blocks)
    for before, after in zip([-1, *kept], [*kept, last], strict=True):
        between = range(before + 1, after)
        separators = [n for n in between if text.blocks[n].is_separator and n not in blocks]
        if separators and not blocks.isdisjoint(between):  # something is cut here
            parts = before >= 0 and after < last
            blocks.update(separators[1:] if parts else separators)


def _groups(blocks):
    """Return the numbers as ranges of neighbours, [(first, last)]."""
    groups = []
    for number in sorted(blocks):
        if groups and groups[-1][1] == number - 1:
            groups[-1] = (groups[-1][0], number)
        else:
            groups.append((number, number))
    return groups


def _within(text, its, head, ranges, blocks):
    """Return where the words `its` are cut, with the blocks that only they fill, and the `head`."""
    found = []
    if head is not None:
        found.append((text.blocks[head].start, text.blocks[head].end))
    for number, block in enumerate(text.blocks):
        places = [place for place in range(block.first, block.last) if its[place]]
        if not places:
            continue
        if number in blocks:
            found.append((block.start, block.end))
        else:
            found.append((text.spans[places[0]][0], text.spans[places[-1]][1]))
    return [
        (max(a, start), min(b, end))
        for a, b in merged(found)
        for start, end in ranges
        if a < end and start < b
    ]
