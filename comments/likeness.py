"""Likeness: how much two texts have in common, told from a few keyed hashes of each.

A text's words, and each two words in a row, are hashed; the lowest hashes are its sketch. The share
of hashes that the lowest of two sketches have in common is about the share that the texts have
(A. Broder, "On the resemblance and containment of documents", 1997). A sketch can't be read back
without the key, which is not in the database.
"""

import hashlib
import re
from itertools import pairwise
from urllib.parse import urlsplit

from django.conf import settings

from comments import names
from comments.screening import hosts_in

SIZE = 48
"""Hashes in a sketch."""
FEWEST = 12
"""A text with fewer different features has no sketch: "Thank you" is said by many."""
QUOTED = re.compile(r"<blockquote>.*?(?:</blockquote>|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^<>]*>")


def sketch(typed):
    """Return the sketch of `typed`: SIZE numbers of 63 bits, in order; [] for a short one."""
    found = _features(typed)
    return sorted(map(_hash, found))[:SIZE] if len(found) >= FEWEST else []


def hosts(typed):
    """Return the hosts written in a text as keyed hashes: a list of numbers of 63 bits."""
    return [_hash(host, b"host") for host in sorted(hosts_in(typed) - _own())]


def likeness(one, other):
    """Return how much two texts with these sketches have in common, from 0 to 1."""
    if not (one and other):
        return 0.0
    lowest = set(sorted({*one, *other})[:SIZE])
    return len(lowest & set(one) & set(other)) / len(lowest)


def _features(typed):
    """Return what two alike texts share: hosts, longer words, and words in a row. No numbers.

    What is quoted is somebody else's: two answers to one comment are not alike for that.
    """
    typed = QUOTED.sub(" ", typed)
    words = re.findall(r"[^\W\d_]+", names.bare(TAG.sub(" ", typed)))
    found = {word for word in words if len(word) > 3}
    found.update(" ".join(two) for two in pairwise(words))
    found.update(f"//{host}" for host in hosts_in(typed))
    return found


def _own():
    return {urlsplit(settings.SITE_URL).hostname}


def _hash(feature, what=b"words"):
    key = settings.LINK_KEY.encode()[:64]
    digest = hashlib.blake2b(feature.encode(), key=key, digest_size=8, person=what)
    return int.from_bytes(digest.digest()) >> 1
