"""Likeness: how many words two texts have in common, and how to find those worth comparing.

A text's longer words and the hosts of its links are its features. Their hashes, under a key that is
not in the database, tell nothing by themselves; the lowest are the text's sketch, and texts that
are much alike share some of these (A. Broder, "On the resemblance and containment of documents",
1997).
"""

import hashlib
import re
from urllib.parse import urlsplit

from django.conf import settings

from comments import names
from comments.screening import linked_hosts

SIZE = 48
"""Hashes in a sketch."""
FEWEST = 8
"""A text with fewer features is like nothing: "Thank you" is said by many."""
LONGEST = 20_000
"""Characters of a text that are looked at."""
QUOTED = re.compile(r"<blockquote[^<>]*>.*?</blockquote>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^<>]*>")


def features(typed):
    """Return what a text has in common with those like it: a frozenset of words and hosts.

    What is quoted is somebody else's, and left out, unless nearly all of it is quoted.
    """
    typed = typed[:LONGEST]
    own = _features(QUOTED.sub(" ", typed))
    return own if len(own) >= FEWEST else _features(typed)


def sketch(found):
    """Return the sketch of these features: numbers of 63 bits, in order; [] for a short text."""
    return sorted(map(_hash, found))[:SIZE] if len(found) >= FEWEST else []


def hosts(typed):
    """Return the hosts of the links in a text as keyed hashes: a list of numbers of 63 bits."""
    own = (urlsplit(settings.SITE_URL).hostname or "").removeprefix("www.")
    return [_hash(host, b"host") for host in sorted(linked_hosts(typed[:LONGEST]) - {own})]


def likeness(one, two, besides=frozenset()):
    """Return the share of their features that two texts have in common, from 0 to 1.

    Those in `besides` don't count: what both may have from the post, or from what they answer.
    """
    one, two = one - besides, two - besides
    return len(one & two) / len(one | two) if len(one) >= FEWEST else 0.0


def _features(typed):
    words = re.findall(r"[^\W\d_]+", names.bare(TAG.sub(" ", typed), LONGEST))
    found = {word for word in words if len(word) > 3}
    return frozenset(found.union(f"//{host}" for host in linked_hosts(typed)))


def _hash(feature, what=b"words"):
    key = settings.LINK_KEY.encode()[:64]
    digest = hashlib.blake2b(feature.encode(), key=key, digest_size=8, person=what)
    return int.from_bytes(digest.digest()) >> 1
