"""What an accepted suggestion had cut from a post, put back. Needs no database.

`trimmed` is what Suggestion.accept() noted; `former` the text from which it was cut. Comments whose
ids are not in `public` are not put back, because they were taken out of sight since.
"""

from bisect import bisect_left
from difflib import SequenceMatcher

from posts import blocks
from posts.blocks import Text


def returning(former, trimmed, public):
    """Return the HTML that would come back, one text for each range that was cut."""
    return _returning(former, trimmed, _gone(trimmed, public))


def restored(text, trimmed_text, former, trimmed, public, introduction, not_before=0):
    """Return `text` with what was cut back in its place.

    `trimmed_text` is the text as it was left by the cut: where `text` still is the same, the former
    one comes back as it was. `introduction` is the reprint's; where the author has rewritten
    it since, it goes back in place of the words that it was made of. Nothing is put above the place
    `not_before`.
    """
    gone = _gone(trimmed, public)
    rewritten = introduction != trimmed["introduced"]
    if text == trimmed_text and not rewritten:
        return blocks.cut(former, gone)
    ranges = trimmed["ranges"]
    if rewritten:
        gone += map(tuple, trimmed["introduction"])
    backs = _returning(former, trimmed, gone)
    if rewritten:
        number = _first_with(trimmed["introduction"], ranges)
        backs[number] = introduction + backs[number]
    # From the last to the first: what is put in moves no place that is still to come.
    places = _places(Text(former), Text(trimmed_text), Text(text), ranges)
    for place, back in reversed(list(zip(places, backs, strict=True))):
        text = blocks.put_in(text, max(not_before, place), back)
    return text


def _returning(former, trimmed, gone):
    ranges = map(tuple, trimmed["ranges"])
    return [blocks.only(former, blocks.without_ranges([one], gone)) for one in ranges]


def _gone(trimmed, public):
    return [tuple(one) for pk, ranges in trimmed["quoted"] if pk not in public for one in ranges]


def _first_with(introduction, ranges):
    """Return the number of the range in which the introduction began; 0 where there was none."""
    start = introduction[0][0] if introduction else -1
    return next((n for n, (first, last) in enumerate(ranges) if first <= start < last), 0)


def _places(former, trimmed, text, ranges):
    """Return where in `text` each of the ranges stood that were cut from `former`.

    `trimmed` is what the cut left, `text` what has become of that.
    """
    now = _same_blocks(trimmed, text)
    kept = [start for start, _ in former.spans if not any(a <= start < b for a, b in ranges)]
    return [_place(trimmed, text, now, bisect_left(kept, start)) for start, _ in ranges]


def _same_blocks(one, other):
    """Return {number of a block in one Text: its number in the other}, in order."""
    said = [[tuple(text.words_of(block)) for block in text.blocks] for text in (one, other)]
    matcher = SequenceMatcher(None, *said, autojunk=False)
    return {
        a + step: b + step
        for a, b, size in matcher.get_matching_blocks()
        for step in range(size)
        if said[0][a + step]
    }


def _place(trimmed, text, now, words):
    """Return the place in `text` that had `words` words of `trimmed` before it.

    It is behind the block before it, where that is still the same, or before the one that follows;
    else as many blocks away from another as it was.
    """
    spoken = [n for n, block in enumerate(trimmed.blocks) if block.first < block.last]
    before = [n for n in spoken if trimmed.blocks[n].first < words]
    below = [now[n] for n in spoken[len(before) :] if n in now]
    limit = text.blocks[below[0]].start if below else len(text.html)
    if not before:
        ahead = next((place for place, n in enumerate(spoken) if n in now), 0)
        return text.blocks[max(below[0] - ahead, 0)].start if below else 0
    last = before[-1]
    if last in now:
        said = words - trimmed.blocks[last].first
        return _behind(text, text.blocks[now[last]], said)
    known = [n for n in before if n in now]
    if not below or not known or spoken[len(before)] in now:
        return limit
    number = min(now[known[-1]] + last - known[-1], below[0] - 1)
    return text.blocks[number].end


def _behind(text, block, words):
    """Return the place behind so many words of this block."""
    if words >= block.last - block.first:
        return block.end
    return text.spans[block.first + words - 1][1]
