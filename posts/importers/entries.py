"""What an export holds, in this blog's words. Plain data: needs no database."""

from dataclasses import dataclass, field
from datetime import datetime

from posts.importers import tidy

UNDATED = "It has no date: it came in as a draft."
GIVEN, BY_NUMBER, BY_GUID, GUESSED = range(4)
"""How sure it is that an address was the post's: two posts may claim one, and the surer gets it."""


class Unreadable(Exception):  # noqa: N818 - it says what a file is
    """A file that cannot be imported; the message says why, for the person who gave it."""


@dataclass
class About:
    """What an export says of itself; whole when its last entry has been read.

    `blog` is the blog's id or address there. `authors` are the accounts that write it, `names` what
    they sign with. `exported` is the moment the file was made, None where it does not say.
    """

    format: str
    system: str
    blog: str = ""
    authors: set = field(default_factory=set)
    names: set = field(default_factory=set)
    exported: datetime | None = None


@dataclass
class PostEntry:
    """A post or page. `at` is the moment of publication, past or planned; a draft may have none.

    `markup` says how `text` was written: "html", or "wordpress" (blank lines are paragraphs).
    `addresses` are (path, query, how sure). `apart` tells it from another entry with its id.
    """

    its_id: str
    kind: str
    state: str
    title: str
    text: str
    at: datetime | None
    begun: datetime
    markup: str = "html"
    labels: list = field(default_factory=list)
    slug: str = ""
    addresses: list = field(default_factory=list)
    closed: bool = False
    apart: str = ""
    warnings: list = field(default_factory=list)

    def html(self):
        """Return (the text as HTML of our kind, warnings), as the door for posts takes it."""
        return tidy.text(self.text, self.markup)


@dataclass
class CommentEntry:
    """A comment. `post` and `parent` are ids there; `writer` is the account that wrote it, or "".

    The account is compared with those of the blog's authors, and not stored.
    """

    its_id: str
    post: str
    parent: str
    state: str
    name: str
    typed: str
    at: datetime
    changed: datetime
    kind: str = "comment"
    url: str = ""
    writer: str = ""
    warnings: list = field(default_factory=list)


@dataclass
class Fault:
    """An entry that cannot be imported, and why; `kind` is "post", "page", "comment" or ""."""

    its_id: str
    kind: str
    reason: str
