"""Likeness: how many words two texts have in common, and how to find those worth comparing.

A text's longer words and hosts are hashed under a key; the lowest hashes are its sketch, and texts
that are much alike share some of these (A. Broder, "On the resemblance and containment of
documents", 1997). A sketch can't be read back without the key, which is not in the database.
"""

import hashlib
import re
from urllib.parse import urlsplit

from django.conf import settings

from comments import names
from comments.screening import hosts_in

SIZE = 48
"""Hashes in a sketch."""
FEWEST = 8
"""A text with fewer different words has no sketch: "Thank you" is said by many."""
QUOTED = re.compile(r"<blockquote>.*?(?:</blockquote>|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^<>]*>")


def sketch(typed):
    """Return the sketch of `typed`: SIZE numbers of 63 bits, in order; [] for a short one."""
    found = _features(typed)
    return sorted(map(_hash, found))[:SIZE] if len(found) >= FEWEST else []


def hosts(typed):
    """Return the hosts written in a text as keyed hashes: a list of numbers of 63 bits."""
    return [_hash(host, b"host") for host in sorted(hosts_in(typed) - _own())]


def likeness(typed, other):
    """Return the share of their words that two texts have in common, from 0 to 1."""
    one, two = _features(typed), _features(other)
    return len(one & two) / len(one | two) if one and two else 0.0


def _features(typed):
    """Return what two alike texts share: longer words, in their plainest letters, and hosts.

    What is quoted is somebody else's: two answers to one comment are not alike for that.
    """
    typed = QUOTED.sub(" ", typed)
    words = re.findall(r"[^\W\d_]+", names.bare(TAG.sub(" ", typed)))
    return {word for word in words if len(word) > 3} | {f"//{host}" for host in hosts_in(typed)}


def _own():
    return {urlsplit(settings.SITE_URL).hostname}


def _hash(feature, what=b"words"):
    key = settings.LINK_KEY.encode()[:64]
    digest = hashlib.blake2b(feature.encode(), key=key, digest_size=8, person=what)
    return int.from_bytes(digest.digest()) >> 1
