"""Where a comment came from, as a hash that means nothing the day after tomorrow.

Many comments that had to be held, from one network within minutes, are a reason to hold the next
one; nothing else is done with this. The key of a day is random, made by whoever needs it first, and
kept in a file of its own, outside the database and its backups; the worker removes it after two
days, and with it whatever the hashes could tell. No address is written anywhere.
"""

import hashlib
import ipaddress
import re
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from blogsite.keys import kept_key

DAYS_KEPT = 2
DAY = re.compile(r"\d{4}-\d\d-\d\d")
SAYS_NOTHING = [
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
]


def of(request):
    """Return today's hash of the network that `request` came from, or "" where nothing is known.

    Of an IPv6 address, the first 64 bits are the network. What comes through a proxy, or from a
    house's own network, comes from an address that says nothing about who sent it.
    """
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
        if any(address in network for network in SAYS_NOTHING):
            return ""
        key = _key_of_today()
    except (ValueError, OSError):  # a socket without an address; a disk that is full
        return ""
    if address.version == 6:
        address = ipaddress.ip_network((address, 64), strict=False).network_address
    digest = hashlib.blake2b(address.packed, key=key.encode()[:64], digest_size=8)
    return digest.hexdigest() if key else ""


def old_files():
    """Return what is there of days gone by, half-made keys too: a list of files."""
    oldest = timezone.localdate(known_since()).isoformat()
    days = ((path, DAY.search(path.name)) for path in _folder().glob("*"))
    return [path for path, day in days if day and day[0] < oldest]


def is_cleared():
    """Say whether what is to be forgotten by today is forgotten; cleared() says so."""
    return _cleared_today().exists()


def cleared():
    """Note that it is."""
    _folder().mkdir(mode=0o700, exist_ok=True)
    _cleared_today().touch()


def known_since():
    """Return the moment since which a hash can still mean anything."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=DAYS_KEPT - 1)


def _cleared_today():
    return _folder() / f"{timezone.localdate().isoformat()}.cleared"


def _folder():
    return settings.DATA_DIR / "networks"


def _key_of_today():
    _folder().mkdir(mode=0o700, exist_ok=True)
    return kept_key(_folder() / f"{timezone.localdate().isoformat()}.key")
