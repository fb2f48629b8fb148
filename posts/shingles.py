"""Shingles: runs of five words, by whose sample posts that share a passage are found quickly.

An `Index` of all posts finds the pairs worth a look. Of the shingles it keeps a sample, by
winnowing, so that two texts which share twenty words in a row share a sample. Needs no database.
"""

from array import array
from collections import Counter
from itertools import groupby

LENGTH = 5
"""Words in a shingle."""
WINDOW = 16
"""Of so many neighbouring shingles, at least one is in the sample."""
VERY_MANY = 12
"""What stands in more posts than this is nobody's own, unless the blog is large."""
VERY_MANY_OF = 50
"""On a large one, what stands in more than one post in this many: what was reprinted every year
for as long as there has been a blog is its own author's all the same."""
OFTEN = 3
"""What stands in more posts than this is weak evidence: then nearly all must be found."""
CANDIDATE = 0.1
"""The share of an older post's sample that a newer one must have to be looked at."""
BITS = 44
"""Of a shingle in the sample; the other 20 of 64 are the number of its post."""
MASK = (1 << BITS) - 1
MOST_POSTS = 1 << (64 - BITS)


def shingles(words):
    """Return a number for each five words in a row."""
    return list(map(hash, zip(*(words[place:] for place in range(LENGTH)), strict=False)))


def sample(words):
    """Return those shingles that stand for the text in an Index: a set."""
    found = shingles(words)
    if len(found) <= WINDOW:
        return {min(found) & MASK} if found else set()
    windows = zip(*(found[place:] for place in range(WINDOW)), strict=False)
    return {one & MASK for one in set(map(min, windows))}


class Index:
    """The samples of all posts, added from the oldest to the newest; posts are known by number.

    A sampled shingle takes eight bytes. No more than one post's candidates are counted at a time.
    """

    def __init__(self):
        self._entries = array("Q")
        self._sizes = array("L")
        self._members = array("L")  # the posts of each shared shingle, group after group
        self._groups = []  # for each post, where its groups begin in `_members`
        self.many = {}  # {shingle: posts that have it}, of those in more than OFTEN
        self.very_many = VERY_MANY

    def __len__(self):
        return len(self._sizes)

    def add(self, words):
        """Add the next newer post. ValueError where there is no number left for it."""
        number = len(self._sizes)
        if number >= MOST_POSTS:
            raise ValueError(f"An index has room for {MOST_POSTS:,} posts.")
        found = sample(words)
        self._sizes.append(len(found))
        self._entries.extend((one << (64 - BITS)) | number for one in found)

    def settle(self):
        """Make ready for candidates(); nothing can be added any more."""
        self._groups = [array("L") for _ in self._sizes]
        self.very_many = max(VERY_MANY, len(self) // VERY_MANY_OF)
        entries = array("Q", sorted(self._entries))
        self._entries = None
        for shingle, group in groupby(entries, key=lambda entry: entry >> (64 - BITS)):
            posts = [entry & (MOST_POSTS - 1) for entry in group]
            if len(posts) > OFTEN:
                self.many[shingle] = len(posts)
            if 1 < len(posts) <= self.very_many:
                begin = len(self._members)
                self._members.extend(posts)
                for post in posts[1:]:
                    self._groups[post].append(begin)

    def candidates(self, newer):
        """Return the numbers of the older posts that may stand in the post `newer`."""
        shared = Counter()
        for begin in self._groups[newer]:
            for place in range(begin, len(self._members)):
                if self._members[place] >= newer:
                    break
                shared[self._members[place]] += 1
        return sorted(
            older for older, count in shared.items() if count >= CANDIDATE * self._sizes[older]
        )

    def standing_in(self, words):
        """Return the shingles of these words that stand in very many posts, a set."""
        return self._spread(words, self.very_many)

    def often_in(self, words):
        """Return the shingles of these words that stand in more than OFTEN posts, a set."""
        return self._spread(words, OFTEN)

    def _spread(self, words, more_than):
        """Return those in the sample, and what lies between them and their neighbours in it.

        Of what is not in the sample nobody knows how often it stands anywhere. Beside a signature
        it is taken for a part of it, or the signature's last words would be the post's own.
        """
        all_of_them = shingles(words)
        sampled = sample(words)
        found, begin, last_is = set(), 0, False
        for place, shingle in enumerate(all_of_them):
            if shingle & MASK not in sampled:
                continue
            this_is = self.many.get(shingle & MASK, 0) > more_than
            if this_is or last_is:
                found.update(all_of_them[begin : place + this_is])
            begin, last_is = place if this_is else place + 1, this_is
        if last_is:
            found.update(all_of_them[begin:])
        return found
