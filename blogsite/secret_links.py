"""Secret addresses: letterboxes, return links, decisions by mail, confirmations.

A secret is derived, never stored: HMAC-SHA256 over kind, row and serial under `LINK_KEY`, cut to
128 bits. A higher serial makes a new secret and thereby ends the old one. What is in the
database gives no secret away; what is in a leaked link gives away that one row alone.
"""

import base64
import hashlib
import hmac
import re

from django.conf import settings

SHAPE = re.compile(r"([1-9a-f][0-9a-f]{0,14})-([A-Za-z0-9_-]{22})")


def derive(kind, row, serial):
    """Return the secret of the row with id `row` (an int) of `kind`, such as "reply"."""
    return f"{row:x}-{_mac(kind, row, serial)}"


def find(kind, secret, rows, serial="serial"):
    """Return the row of the queryset `rows` that `secret` opens, or None.

    Rows have a `serial`, or an attribute of the name given. A wrong secret takes the same path
    whether or not its row exists, so that neither the answer nor its time tells which rows there
    are.
    """
    match = SHAPE.fullmatch(secret)
    number = int(match[1], 16) if match else 0
    row = rows.filter(pk=number).first()
    expected = _mac(kind, number, getattr(row, serial) if row else 0)
    given = match[2] if match else ""
    return row if hmac.compare_digest(expected, given) and row else None


def digest(kind, words):
    """Return 22 signs that are the same for the same `words`, and tell nobody without the key more.

    Whoever has the key can try out what they guess.
    """
    return _mac(kind, words, 0)


def _mac(kind, row, serial):
    message = f"{kind}\0{row}\0{serial}".encode()
    digest = hmac.new(settings.LINK_KEY.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
