"""Comments quoted in a text: which they are, and which words of it are theirs.

What can't be told for sure is left: a short comment that nothing near it speaks for, two that say
the same. Needs no database.
"""

from comments import signs
from posts.alignment import align, places_of
from posts.blocks import Text

SURE = 12
"""Words of a comment that is known by them alone."""
SHORT = 4
"""Words of one that is known by them directly below the passage; a shorter one needs its name."""
COMMENT_SHARE = 0.8


def find(text, comments, mine, free):
    """Return {comment: its words in the Text, a bytearray} of those comments that are quoted.

    `mine` marks the words of the passage, `free` (both bytearrays) those that belong to nobody yet;
    what is found is marked in them.
    """
    passage = _blocks_with(text, mine)
    found = {}
    read = {comment: Text(comment.shown).words for comment in comments}
    places = places_of(text.words)
    for comment in sorted(comments, key=lambda one: (-len(read[one]), one.number)):
        words = read[comment]
        if len(words) < SURE:
            break
        there, its = align(words, text.words, bytearray(b"\1" * len(words)), free, places)
        if sum(there) >= COMMENT_SHARE * len(words) and 1 in its:
            _take(its, mine, free)
            found[comment] = its
    short = {comment: words for comment, words in read.items() if 1 < len(words) < SURE}
    while short:
        comment, its = _next_short(text, passage, found, short, free)
        if comment is None:
            break
        _take(its, mine, free)
        found[comment] = its
        del short[comment]
    return found


def _take(its, mine, free):
    for place, one in enumerate(its):
        if one:
            mine[place], free[place] = one, 0


def _blocks_with(text, words):
    return {n for n, block in enumerate(text.blocks) if 1 in words[block.first : block.last]}


def _next_short(text, passage, found, short, free):
    """Return (comment, its words) of a short one that is a block of its own, or (None, None).

    It has its writer's name beside it, or stands beside a comment that is found already, or
    directly below the passage.
    """
    known = set().union(*(_blocks_with(text, its) for its in found.values()))
    names = [signs.of_name(one) for one in [*found, *short]]
    for number, block in enumerate(text.blocks):
        words = text.words_of(block)
        if not words or not all(free[block.first : block.last]):
            continue
        same = [one for one, said in short.items() if _says(words, said, one)]
        named = [one for one in same if _is_named(text, number, short[one], one)]
        if len(named) != 1 and same:
            beside = _has_neighbour(text, number, known, names, (-1, 1))
            below = len(words) >= SHORT and _has_neighbour(text, number, passage, names, (-1,))
            named = same if beside or below else []
        if len(named) == 1:  # of two, nobody knows which it is
            its = bytearray(len(text.words))
            its[block.first : block.last] = b"\1" * (block.last - block.first)
            return named[0], its
    return None, None


def _says(words, said, comment):
    """Say whether these words are the comment's, after its writer's name at most."""
    before = words[: -len(said)]
    return words[-len(said) :] == said and (not before or signs.of_name(comment).is_in(before))


def _is_named(text, number, said, comment):
    """Say whether the writer's name stands in the block with this number, or next to it."""
    if len(text.words_of(text.blocks[number])) > len(said):
        return True
    beside = [one for one in (number - 1, number + 1) if 0 <= one < len(text.blocks)]
    return any(signs.of_name(comment).is_in(text.words_of(text.blocks[one])) for one in beside)


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
    """Return the numbers of the blocks above or below a quoted comment that name its writer."""
    heads = set()
    for comment, its in found.items():
        sign = signs.of_name(comment)
        start = text.block_at(its.index(1))
        end = text.block_at(len(its) - 1 - its[::-1].index(1))
        for step, number in ((-1, start - 1), (1, end + 1)):
            while 0 <= number < len(text.blocks) and text.blocks[number].is_separator:
                number += step
            if not 0 <= number < len(text.blocks) or number in heads:
                continue
            block = text.blocks[number]
            if all(free[block.first : block.last]) and sign.is_in(text.words_of(block)):
                heads.add(number)
                break
    return heads
