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
    LINKS: _("many links"),
    MARKUP: _("it has marks that only programs write"),
    NAMED: _("the name is an address"),
    DISGUISED: _("letters in it are there to hide a word"),
    BLOCKED: _("it has a word or an address that is read first here"),
    ALIKE: _("it is like what was marked as spam before"),
    SPAM_HOST: _("it has a link that stood in spam before"),
    AGAIN: _("much the same was sent before"),
    BUSY: _("many comments by the same person just now"),
    FLOOD: _("very many comments come in here just now"),
    NETWORK: _("much that came from the same place just now had to be held"),
    POLICY: _("every comment is held here"),
    FIRST: _("nothing by this person was published before"),
    REPLY: _("a reply of somebody the post is about"),
    PENDING: _("it was waiting on the blog's former system"),
    BACK: _("the author has put it back"),
}
MOST_LINKS = 2
WRITTEN_LINK = re.compile(r"<a\s[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
ADDRESS = re.compile(r"https?://|www\.|<a\s", re.IGNORECASE)
PROGRAMS_MARKUP = re.compile(r"\[/?(?:url|link|img)\b[^\]\n]*\]", re.IGNORECASE)
HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
# Of a name, only what is an address beyond doubt: "Mr.Smith" and "dr.no" are none.
ADDRESS_AS_NAME = re.compile(
    r"://|\bwww\.|\w-[\w-]*\.[a-z]{2,}\b|[\w-]\.(?:com|net|org|info|biz|io|ru|cn|xyz|top|shop|site|online|club|store|example)\b",
    re.IGNORECASE,
)
# One word in letters of two scripts that share their looks; units such as "µm" are too short.
TWO_SCRIPTS = re.compile(r"(?=\w*[A-Za-z])(?=\w*[\u0370-\u03ff\u0400-\u04ff])\w{4,}")
HIDDEN_BETWEEN = re.compile(r"[A-Za-z][\u200b-\u200d\u2060\ufeff]+[A-Za-z]")
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
    if ADDRESS_AS_NAME.search(name):
        found.append(NAMED)
    if any(TWO_SCRIPTS.search(text) or HIDDEN_BETWEEN.search(text) for text in (typed, name)):
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
        if any(f" {phrase} " in words for phrase in phrases):
            return True
    return any(host == one or host.endswith(f".{one}") for host in hosts_in(text) for one in hosts)


def hosts_in(text):
    """Return the hosts that are written in `text`, in small letters: a set."""
    text = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text)
        if unicodedata.category(letter) != "Cf"
    )
    return {found.lower().removeprefix("www.").rstrip(".") for found in HOST.findall(text)}


@lru_cache(maxsize=8)
def _listed(blocked):
    """Return (phrases, hosts) of the author's list; a phrase is words with one space between."""
    phrases, hosts = set(), set()
    for line in blocked.splitlines():
        line = line.strip()
        bare = re.sub(r"^https?://", "", line.lower()).split("/")[0].removeprefix("www.")
        if HOST.fullmatch(bare):
            hosts.add(bare)
        elif words := _words(line):
            phrases.add(" ".join(words))
    return phrases, hosts


def _words(text):
    return re.findall(r"\w+", names.bare(text))
