"""Screening: reasons to hold a comment until the author has read it. Nothing is ever dropped.

What needs no database is here: the words, the links, the name, and how they were sent. What has to
be looked up, such as likeness to spam, is in comments/models/holding.py.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from comments import names

TRAP = "trap"
FAST = "fast"
LINKS = "links"
MARKUP = "markup"
NAMED = "named"
DISGUISED = "disguised"
BLOCKED = "blocked"
ALIKE = "alike"
SPAM_HOST = "spamhost"
AGAIN = "again"
BUSY = "busy"
FLOOD = "flood"
NETWORK = "network"
POLICY = "policy"
FIRST = "first"
REPLY = "reply"
PENDING = "pending"
BACK = "back"

WORDS = {
    TRAP: _("a hidden field was filled in, as programs do"),
    FAST: _("it was sent faster than a person types"),
    LINKS: _("it has many links"),
    MARKUP: _("it has marks that only programs write"),
    NAMED: _("the name is an address"),
    DISGUISED: _("letters in it are there to hide a word"),
    BLOCKED: _("it has a word or an address that is read first here"),
    ALIKE: _("it is like what was marked as spam before"),
    SPAM_HOST: _("it has a link that stood in spam before"),
    AGAIN: _("much the same was sent before"),
    BUSY: _("many comments by the same person just now"),
    FLOOD: _("very many comments come in here just now"),
    NETWORK: _("many comments that came in just before had to be looked at"),
    POLICY: _("every comment is held here"),
    FIRST: _("it is the first by this person, as far as the blog can tell"),
    REPLY: _("a reply of somebody the post is about"),
    PENDING: _("it was waiting on the blog's former system"),
    BACK: _("the author has put it back"),
}
MOST_LINKS = 2
# No pattern below goes over a text again from each of its places: "++" gives nothing back.
WRITTEN_LINK = re.compile(r"<a\s[^<>]*+>[^<]*+(?:<(?!/?a\b)[^<]*+)*+</a>", re.IGNORECASE)
ADDRESS = re.compile(r"https?://|www\.|<a\s", re.IGNORECASE)
PROGRAMS_MARKUP = re.compile(r"\[/?(?:url|link|img)\b[^\[\]\n]*+\]", re.IGNORECASE)
HOST = re.compile(r"(?<![\w.-])[\w-]++(?:\.[\w-]++)+")
LINKED = re.compile(
    r"(?:https?:|[\"'=])//([\w-]++(?:\.[\w-]++)+)|\b(www\.[\w-]++(?:\.[\w-]++)*)", re.I
)
# What is an address beyond doubt, of all that has a dot in it: not "U.S.A", "9.30" or "Mr.No".
ENDINGS = frozenset(
    (
        *("com", "net", "org", "info", "biz", "io", "ru", "cn", "xyz", "shop", "site", "online"),
        *("club", "example", "test"),
    )
)
# Letters drawn like those of the Latin alphabet, among these: not "µm", "TGFβ" or "PDFка".
LOOKS_LATIN = "[" + "".join(sorted(names.LOOK_LATIN)) + "]"
DISGUISE = re.compile(
    rf"[A-Za-z]{LOOKS_LATIN}+[A-Za-z]|\b{LOOKS_LATIN}+[A-Za-z]{{3}}|[A-Za-z][\u200b\u2060\ufeff]+[A-Za-z]"
)
LONGEST = 30_000
"""Characters: the plain form of a text can be many times as long as what was typed."""
TYPED_A_SECOND, SLACK = 20, 40
"""Characters: nobody types 20 a second for long; a word or two may be put in by a keyboard."""


@dataclass(frozen=True)
class Sent:
    """How a comment was sent.

    `trap` is what came in the form's hidden field. `took` is for how many seconds somebody was
    typing, where the browser's script says so and nothing was pasted; else None. `network` is the
    keyed hash of today (comments/networks.py) of where it came from, or "".
    """

    trap: str = ""
    took: int | None = None
    network: str = ""


def reasons(typed, sent=None, *, name="", blocked="", most_links=MOST_LINKS):
    """Return why a comment should be held: a list of keys of `WORDS`, empty for none.

    `typed` is the comment's text, `sent` how it came (a Sent), `blocked` what the author wants to
    read first: lines, each a word, several words in a row, or a host. More than `most_links` are
    many.
    """
    sent = sent or Sent()
    found = []
    if sent.trap:
        found.append(TRAP)
    if sent.took is not None and len(typed) > TYPED_A_SECOND * sent.took + SLACK:
        found.append(FAST)
    # <a href="http://…">http://…</a> is one link written with two addresses.
    rest, links = WRITTEN_LINK.subn("", typed)
    if links + len(ADDRESS.findall(rest)) > most_links:
        found.append(LINKS)
    if PROGRAMS_MARKUP.search(typed):
        found.append(MARKUP)
    if linked_hosts(name) or "://" in name:
        found.append(NAMED)
    if DISGUISE.search(typed) or DISGUISE.search(name):
        found.append(DISGUISED)
    if blocked and is_blocked(f"{typed}\n{name}", blocked):
        found.append(BLOCKED)
    return found


def is_blocked(text, blocked):
    """Say whether `text` has one of the words or hosts that `blocked` lists, one in a line.

    A word is found in any disguise that the eye overlooks (comments/names.py), as a whole word
    alone; a host also as the end of a longer one.
    """
    phrases, hosts = _listed(blocked)
    if phrases:
        words = f" {' '.join(_words(text))} "
        # Where words are not parted by spaces, a phrase may stand within what looks like one.
        if any((phrase if phrase[0] > "\u2e80" else f" {phrase} ") in words for phrase in phrases):
            return True
    found = hosts_in(text) if hosts else ()
    return any(host == one or host.endswith(f".{one}") for host in found for one in hosts)


def hosts_in(text):
    """Return all that is written like a host in `text`, in small letters: a set."""
    return {_bare_host(found) for found in HOST.findall(_readable(text))}


def linked_hosts(text):
    """Return the hosts in `text` that are addresses beyond doubt, in small letters: a set."""
    text = _readable(text)
    found = {_bare_host(linked or www) for linked, www in LINKED.findall(text)}
    for host in map(_bare_host, HOST.findall(text)):
        name, _, ending = host.rpartition(".")
        if ending in ENDINGS and len(name) > 1:
            found.add(host)
    return found - {""}


def _readable(text):
    """Return `text` in ordinary letters, without invisible signs."""
    text = unicodedata.normalize("NFKC", text)[:LONGEST]
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _bare_host(host):
    return host.lower().removeprefix("www.").rstrip(".")


@lru_cache(maxsize=8)
def _listed(blocked):
    """Return (phrases, hosts) of the author's list; a phrase is words with one space between."""
    phrases, hosts = set(), set()
    for line in blocked.splitlines():
        line = line.strip()
        host = re.sub(r"^https?://", "", line.lower()).split("/")[0].removeprefix("www.")
        if HOST.fullmatch(host):
            hosts.add(host)
        elif words := _words(line):
            phrases.add(" ".join(words))
    return phrases, hosts


def _words(text):
    """Return the words of `text` in their plainest letters; numbers stay numbers."""
    found = re.findall(r"\w+", names.plain(text, LONGEST))
    return [word if word.isdigit() else names.bare(word) for word in found]
