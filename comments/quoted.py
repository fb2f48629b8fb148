"""Comments quoted in a text: which they are, and which words of it are theirs.

What can't be told for sure is left: a short comment that nothing near it speaks for, two that say
the same. Needs no database.
"""

from comments import signs
from posts.alignment import align
from posts.blocks import Text, numbers

SURE = 12
"""Words of a comment that is known by them alone."""
SHORT = 4
"""Words of one that is known by them directly below the passage; a shorter one needs its name."""
COMMENT_SHARE = 0.8
BETWEEN, ABOVE = 40, 6
"""Words that may stand between a passage and a comment below it ("Some of what was said then:"),
and above it, where a comment is rather a part of what the author says: no more than a name."""


def find(text, comments, mine, free):
    """Return {comment: its words in the Text, a bytearray} of those comments that are quoted.

    `mine` marks the words of the passage, `free` (both bytearrays) those that belong to nobody yet;
    what is found is marked in them. A comment that stands apart from the passage, somewhere in what
    the author says, is a part of that.
    """
    passage = _blocks_with(text, mine)
    found = {}
    read = {comment: Text(comment.shown).words for comment in comments}
    for comment in sorted(comments, key=lambda one: (-len(read[one]), one.number)):
        words = read[comment]
        if len(words) < SURE:
            break
        there, its = align(words, text.words, bytearray(b"\1" * len(words)), free, text.places)
        if sum(there) >= COMMENT_SHARE * len(words) and 1 in its:
            _take(its, free)
            found[comment] = its
    read = {one: words for one, words in read.items() if one in found or 1 < len(words) < SURE}
    named = {one: signs.of_name(one) for one in _perhaps_named(text, read)}
    short = {one: words for one, words in read.items() if one not in found}
    while short:
        comment, its = _next_short(text, passage, found, short, named, free)
        if comment is None:
            break
        _take(its, free)
        found[comment] = its
        del short[comment]
    found = _together(text, passage, found, free)
    for its in found.values():
        _take(its, free, mine)
    return found


def _take(its, free, mine=None):
    for place, one in enumerate(its):
        if one:
            free[place] = 0
            if mine is not None:
                mine[place] = one


def _perhaps_named(text, comments):
    """Return those of the comments whose writers' names stand somewhere in the text."""
    words = set(text.words)
    return [one for one in comments if words.issuperset(numbers(one.display_name))]


def _together(text, passage, found, free):
    """Return those comments that stand with the passage; the words of the others are free again.

    Directly beside it, but for names and separators, or further down with few words between.
    """
    blocks = {comment: _blocks_with(text, its) for comment, its in found.items()}
    of = {number: comment for comment, several in blocks.items() for number in several}
    top, end = min(passage), max(passage)
    kept = {of[number] for number in of if top <= number <= end}
    for step, place, room in ((1, end + 1, BETWEEN), (-1, top - 1, ABOVE)):
        left = room
        while 0 <= place < len(text.blocks) and left >= 0:
            if place in of:
                kept.add(of[place])
                left = room
            else:
                left -= len(text.words_of(text.blocks[place]))
            place += step
    for comment, its in found.items():
        if comment not in kept:
            for place, one in enumerate(its):
                free[place] = free[place] or bool(one)
    return {comment: its for comment, its in found.items() if comment in kept}


def _blocks_with(text, words):
    return {n for n, block in enumerate(text.blocks) if 1 in words[block.first : block.last]}


def _next_short(text, passage, found, short, named, free):
    """Return (comment, its words) of a short one that is a block of its own, or (None, None).

    It has its writer's name beside it, or stands beside a comment that is found already, or
    directly below the passage. `named` are the Signs {comment: Sign} of names in the text.
    """
    known = set().union(*(_blocks_with(text, its) for its in found.values()))
    for number, block in enumerate(text.blocks):
        words = text.words_of(block)
        if not words or not all(free[block.first : block.last]):
            continue
        same = [one for one, said in short.items() if _says(words, said, named.get(one))]
        sure = [one for one in same if _is_named(text, number, short[one], named.get(one))]
        if len(sure) != 1 and same:
            beside = _has_neighbour(text, number, known, named.values(), (-1, 1))
            below = len(words) >= SHORT
            below = below and _has_neighbour(text, number, passage, named.values(), (-1,))
            sure = same if beside or below else []
        if len(sure) == 1:  # of two, nobody knows which it is
            its = bytearray(len(text.words))
            its[block.first : block.last] = b"\1" * (block.last - block.first)
            return sure[0], its
    return None, None


def _says(words, said, name):
    """Say whether these words are the comment's, after its writer's name at most."""
    if words[-len(said) :] != said:
        return False
    before = words[: -len(said)]
    return not before or bool(name and name.is_in(before))


def _is_named(text, number, said, name):
    """Say whether the writer's name stands in the block with this number, or next to it."""
    if len(text.words_of(text.blocks[number])) > len(said):
        return True
    beside = [one for one in (number - 1, number + 1) if 0 <= one < len(text.blocks)]
    return bool(name) and any(name.is_in(text.words_of(text.blocks[one])) for one in beside)


def _has_neighbour(text, number, wanted, names, steps):
    """Say whether one of the blocks `wanted` is next to this one, but for names and separators."""
    for step in steps:
        place = number + step
        while 0 <= place < len(text.blocks):
            if place in wanted:
                return True
            block = text.blocks[place]
            words = text.words_of(block)
            if words and not any(name.is_in(words) for name in names):
                break
            place += step
    return False


def around(text, found, free):
    """Return {comment: the block above or below it that names its writer}, where there is one."""
    heads = {}
    for comment, its in found.items():
        sign = signs.of_name(comment)
        start = text.block_at(its.index(1))
        end = text.block_at(len(its) - 1 - its[::-1].index(1))
        for step, number in ((-1, start - 1), (1, end + 1)):
            while 0 <= number < len(text.blocks) and text.blocks[number].is_separator:
                number += step
            if not 0 <= number < len(text.blocks) or number in heads.values():
                continue
            block = text.blocks[number]
            if all(free[block.first : block.last]) and sign.is_in(text.words_of(block)):
                heads[comment] = number
                break
    return heads
