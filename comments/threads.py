"""Threads: comments in the order in which they are read, and the marks that tell people apart.

Needs no database: it works on comments that were fetched already, in one pass, however deep and
long the thread. Where a thread is cut into pages, and what stands before and after what, is said
here too.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from math import ceil

DEEPEST_SHOWN = 6


@dataclass
class Entry:
    """One comment in its place: how deep it stands, what it answers, and its writer's mark.

    `before` and `after` are the nearest comments of the same voice, where that is the author's or a
    subject's; `next_new` is the next that is new, after one that `is_new`.
    """

    comment: object
    depth: int
    answers: object | None = None
    mark: str = ""
    before: object | None = None
    after: object | None = None
    is_new: bool = False
    next_new: object | None = None

    @property
    def shown_depth(self):
        """How far the comment is set in; deeper ones are told by "answering 12" alone."""
        return min(self.depth, DEEPEST_SHOWN)


def flatten(comments, apart=()):
    """Return the comments as a flat list of entries, each answer below what it answers.

    `comments` is every comment with a place in one thread, in order of number. Those in `apart` (a
    set of ids: the exchange with a subject, shown above the thread) are left out, and what answers
    them begins a thread of its own that says what it answers.
    """
    by_id = {comment.pk: comment for comment in comments}
    answers = defaultdict(list)
    for comment in comments:
        if comment.pk not in apart:
            within = comment.parent_id in by_id and comment.parent_id not in apart
            answers[comment.parent_id if within else None].append(comment)
    marked = marks(comments)
    entries = []
    # A stack of our own: a recursion would end 1,000 answers deep.
    waiting = [(comment, 0) for comment in reversed(answers[None])]
    while waiting:
        comment, depth = waiting.pop()
        entries.append(
            Entry(comment, depth, by_id.get(comment.parent_id), marked.get(comment.pk, ""))
        )
        waiting.extend((answer, depth + 1) for answer in reversed(answers.get(comment.pk, ())))
    return entries


def by_time(entries):
    """Return the entries in order of number, none of them set in: each says what it answers."""
    return [replace(entry, depth=0) for entry in sorted(entries, key=_number)]


def _number(entry):
    return entry.comment.number


def pages(entries, most):
    """Return the entries as a list of pages, lists of at most `most`, in the same order.

    A conversation (an entry of depth 0 with all that is below it) begins a page where it would
    otherwise be cut once more. So it stays on one page if it fits on one, and a longer one is cut
    as rarely as can be, where a page is full. No entry: no page.
    """
    turned = []
    for conversation in _conversations(entries):
        size = len(conversation)
        if not turned or ceil((len(turned[-1]) + size) / most) > ceil(size / most):
            turned.append([])
        while conversation:
            room = most - len(turned[-1])
            turned[-1] += conversation[:room]
            conversation = conversation[room:]
            if conversation:
                turned.append([])
    return turned


def _conversations(entries):
    """Return the entries as lists that each begin with one of depth 0."""
    found = []
    for entry in entries:
        if not entry.depth:
            found.append([])
        found[-1].append(entry)
    return found


def chains(comments, group):
    """Return {group: [comments]} in the order given; `group(comment)` is None for one of none."""
    found = defaultdict(list)
    for comment in comments:
        key = group(comment)
        if key is not None:
            found[key].append(comment)
    return dict(found)


def beside(chain):
    """Return {comment id: (the one before it in the chain, the one after it)}; None at the ends."""
    return {
        comment.pk: (before, after)
        for before, comment, after in zip([None, *chain], chain, [*chain[1:], None], strict=False)
    }


def marks(comments):
    """Return {comment id: mark} where one commenter has two or more published comments here.

    Marks are A, B, … Z, AA, … in order of each commenter's first comment in the list. They say
    nothing across posts, nor what else somebody wrote who is known as a subject.
    """
    of = defaultdict(list)
    for comment in comments:
        if comment.commenter_id and comment.is_published and not comment.is_subjects:
            of[comment.commenter_id].append(comment.pk)
    several = (ids for ids in of.values() if len(ids) > 1)
    return {pk: letters(place) for place, ids in enumerate(several) for pk in ids}


def letters(place):
    """Return the mark at `place`, counted from 0: A to Z, then AA, AB and so on."""
    mark = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        mark = chr(ord("A") + rest) + mark
    return mark
