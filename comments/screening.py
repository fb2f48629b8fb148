"""Screening: reasons to hold a comment until the author has read it. Nothing is ever dropped."""

import re

from django.utils.translation import gettext_lazy as _

TRAP = "trap"
LINKS = "links"
POLICY = "policy"
FIRST = "first"
REPLY = "reply"
PENDING = "pending"

WORDS = {
    TRAP: _("a hidden field was filled in, as programs do"),
    LINKS: _("many links"),
    POLICY: _("every comment is held here"),
    FIRST: _("nothing by this person was published before"),
    REPLY: _("a reply of somebody the post is about"),
    PENDING: _("it was waiting on the blog's former system"),
}
MOST_LINKS = 2
WRITTEN_LINK = re.compile(r"<a\s[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
ADDRESS = re.compile(r"https?://|www\.|<a\s", re.IGNORECASE)


def reasons(typed, trap=""):
    """Return why a comment should be held: a list of keys of `WORDS`, empty for none.

    `typed` is the comment's text; `trap` is what came in the form's hidden field.
    """
    found = []
    if trap:
        found.append(TRAP)
    # <a href="http://…">http://…</a> is one link written with two addresses.
    rest, links = WRITTEN_LINK.subn("", typed)
    if links + len(ADDRESS.findall(rest)) > MOST_LINKS:
        found.append(LINKS)
    return found
