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
    FIRST: _("a first-time commenter"),
    REPLY: _("a reply of somebody the post is about"),
    PENDING: _("it was waiting on the blog's former system"),
}
MOST_LINKS = 2
LINK = re.compile(r"https?://|www\.|<a\s", re.IGNORECASE)


def reasons(typed, trap=""):
    """Return why a comment should be held: a list of keys of `WORDS`, empty for none.

    `typed` is the comment's text; `trap` is what came in the form's hidden field.
    """
    found = []
    if trap:
        found.append(TRAP)
    # <a href="http://…">http://…</a> is one link written with two addresses.
    tags = len(re.findall(r"<a\s", typed, re.IGNORECASE))
    bare = len(
        re.findall(r"https?://|www\.", re.sub(r"<a\s[^>]*>.*?</a>", "", typed, flags=re.I | re.S))
    )
    if tags + bare > MOST_LINKS:
        found.append(LINKS)
    return found
