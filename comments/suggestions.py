"""Suggested reprints: the whole blog is searched for them, and one pair of posts looked at again.

`search()` goes through all published posts once, then looks at the pairs that share enough
(posts/passages.py). `of_post()` looks at one newer post and the sources suggested for it, as they
stand now.
"""

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from itertools import chain

from comments import evidence, exchanges
from posts import passages
from posts.blocks import Text, numbers
from posts.models import Post
from posts.shingles import Index

AT_A_TIME = 500
MOST_READ = 100


@dataclass
class Found:
    """One older post found in a newer one."""

    post: Post
    source: Post
    evidence: evidence.Evidence
    standing: list  # shingles of the source that are in very many posts


def of_post(text, asked):
    """Return [(key, Match, Evidence or None)] of what stands in `text`, in order of place.

    `asked` is [(key, source post, its standing shingles, its foreign words or None)].
    """
    by_key = {key: source for key, source, _, _ in asked}
    sources = [
        passages.Source(key, Text(source.text), set(standing), not_its_own=foreign)
        for key, source, standing, foreign in sorted(asked, key=lambda one: one[1].published_at)
    ]
    return gathered(text, passages.reprinted(text, sources), by_key)


def gathered(text, matches, by_key):
    """Return [(key, Match, Evidence or None)] for the matches; {key: source post}."""
    found = []
    taken = bytearray(len(text.words))  # a word is of one of them at most
    for match in matches:
        taken = bytearray(map(max, taken, match.mine))
    for match in matches:
        source = by_key[match.source.key]
        what = evidence.gather(text, match, source, *said_under(source), taken)
        found.append((match.source.key, match, what))
    return found


def said_under(source):
    """Return the published comments of a post, and the ids of those that are in an exchange."""
    thread = list(source.comments.in_thread().order_by("number"))
    rights = list(source.rights.all())
    apart = exchanges.apart(exchanges.gather(thread, rights, [])) if rights else set()
    return [comment for comment in thread if comment.is_published], apart


def search(on_read=None, on_compared=None):
    """Yield a Found for each older post that stands in a newer one, from old posts to new.

    The two functions are called with a number of posts as they have been read, and compared.
    """
    rows = Post.objects.published().posts().order_by("published_at", "pk")
    ids, moments = [], []
    index = Index()
    for pk, at, text in rows.values_list("pk", "published_at", "text").iterator(AT_A_TIME):
        ids.append(pk)
        moments.append(at)
        index.add(numbers(text or ""))
        if on_read:
            on_read(1)
    index.settle()
    shelf = _Shelf(ids, index)
    for number in range(len(ids)):
        older = [one for one in index.candidates(number) if moments[one] < moments[number]]
        if older:
            yield from _compared(number, older, shelf)
        if on_compared:
            on_compared(1)


def _compared(number, older, shelf):
    """Yield what is Found in one newer post; note on the shelf which of its words are not its own.

    One source after the other is fetched, and those that are no reprint are let go.
    """
    if shelf.post(number) is None:
        return
    text = shelf.text(number)
    sources = []
    for one in older:
        source = shelf.source(one)
        if source and passages.compare(source, text):
            sources.append(source)
    matches = passages.reprinted(text, sources)
    if not matches:
        return
    posts = {match.source.key: shelf.post(match.source.key) for match in matches}
    for key, match, what in gathered(text, matches, posts):
        if what:
            shelf.claim(number, match.mine, what, text)
            found = shelf.post(number), posts[key], what, sorted(match.source.standing)
            yield Found(*found)


class _Shelf:
    """The posts that are being compared, by number; the last few stay at hand."""

    def __init__(self, ids, index):
        self.ids, self.index = ids, index
        self.foreign = {}
        self._read = OrderedDict()

    def _at_hand(self, number):
        if number not in self._read:
            post = Post.objects.published().filter(pk=self.ids[number]).first()
            self._read[number] = [post, Text(post.text) if post else None, None]
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        self._read.move_to_end(number)
        return self._read[number]

    def post(self, number):
        """Return the post, or None if it is not public any more."""
        return self._at_hand(number)[0]

    def text(self, number):
        """Return the Text of the post."""
        return self._at_hand(number)[1]

    def source(self, number):
        """Return the post as a Source, or None."""
        row = self._at_hand(number)
        if row[0] is None:
            return None
        if row[2] is None:
            words = row[1].words
            standing, often = self.index.standing_in(words), self.index.often_in(words)
            row[2] = passages.Source(number, row[1], standing, often)
        row[2].not_its_own = self.foreign.get(number)
        return row[2]

    def claim(self, number, mine, what, text):
        """Note that words of the post belong to an older one, which must not be found by them."""
        foreign = self.foreign.setdefault(number, bytearray(len(text.words)))
        for place, one in enumerate(mine):
            foreign[place] = foreign[place] or bool(one)
        for start, end in chain.from_iterable(what.quoted.values()):
            first, last = (bisect_left(text.spans, (place,)) for place in (start, end))
            foreign[first:last] = b"\1" * (last - first)
