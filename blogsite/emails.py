"""E-mail addresses that people type: which ones are taken, which are the same, what is shown."""

import re
import unicodedata

PLAIN = re.compile(r'[^\s"\\,;:<>()\[\]@]+@[^\s"\\,;:<>()\[\]@]+')
UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of signs that nobody sees; some of them end a header for who reads it by lines."""


def is_plain(email):
    """Say whether `email` is of the plain kind, without quoted parts, spaces and unseen signs.

    Others are allowed by the standard, and nobody has one; but what is quoted may hold anything,
    even what a mail program takes for further headers and for a text.
    """
    return bool(PLAIN.fullmatch(email)) and is_seen(email)


def is_seen(email):
    """Say whether every sign of `email` can be seen, so that it is one line in any header."""
    return not any(unicodedata.category(sign) in UNSEEN for sign in email)


def without_unseen(email):
    """Return `email` without the signs that nobody sees, as a copied one may have them."""
    return "".join(sign for sign in email if unicodedata.category(sign) not in UNSEEN)


def normal(email):
    """Return `email` in the one form that all ways of writing it have in common.

    Small letters; the host as the network knows it, since “bücher.example” has a second spelling.
    """
    name, _at, host = email.rpartition("@")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:  # no host that there can be
        pass
    return f"{name}@{host}".lower()


def masked(email):
    """Return `email` so that its owner knows it, and who looks over their shoulder does not.

    “halyard@example.com” becomes “h…@example.com”: letters are forwarded with the links in them.
    """
    name, _at, host = email.rpartition("@")
    return f"{name[:1]}…@{host}"
