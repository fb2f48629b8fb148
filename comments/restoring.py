"""What an accepted suggestion had cut from a post, put back. Needs no database.

`trimmed` is what Suggestion.accept() noted; `former` the text from which it was cut. Comments whose
ids are not in `public` are not put back, because they were taken out of sight since.
"""

from posts import blocks
from posts.blocks import Text


def returning(former, trimmed, public):
    """Return the HTML that would come back, one text for each range that was cut."""
    gone = _gone(trimmed, public)
    ranges = map(tuple, trimmed["ranges"])
    return [blocks.only(former, blocks.without_ranges([one], gone)) for one in ranges]


def restored(text, trimmed_text, former, trimmed, public, introduction, not_before=0):
    """Return `text` with what was cut back in its place.

    `trimmed_text` is the text as it was left by the cut: where `text` still is the same, the former
    one comes back as it was. `introduction` is the reprint's; where the author has rewritten
    it since, it goes back in place of the words that it was made of. Nothing is put above the place
    `not_before`.
    """
    rewritten = introduction if introduction != trimmed["introduced"] else ""
    if text == trimmed_text and not rewritten:
        return blocks.cut(former, _gone(trimmed, public))
    if rewritten:
        trimmed = {**trimmed, "ranges": _without(trimmed["ranges"], trimmed["introduction"])}
    before = Text(former)
    for number, back in enumerate(returning(former, trimmed, public)):
        start = trimmed["ranges"][number][0]
        back = back if number else rewritten + back
        place = max(not_before, _behind(before, start, Text(text), trimmed["ranges"]))
        place = blocks.place_for(text, place)
        text = text[:place] + back + text[place:]
        not_before = place + len(back)
    return text


def _gone(trimmed, public):
    return [tuple(one) for pk, ranges in trimmed["quoted"] if pk not in public for one in ranges]


def _without(ranges, others):
    return blocks.without_ranges(map(tuple, ranges), map(tuple, others))


def _behind(former, start, text, ranges):
    """Return the place in `text` behind the block that came before `start` in `former`."""
    kept = [
        former.words_of(block)
        for block in former.blocks
        if block.end <= start
        and block.first < block.last
        and not any(first <= block.start < last for first, last in ranges)
    ]
    if not kept:
        return 0
    for words in reversed(kept):
        for block in reversed(text.blocks):
            if text.words_of(block) == words:
                return block.end
    return len(text.html)
