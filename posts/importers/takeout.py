"""Google Takeout's Blogger feed (Blogger/Blogs/<name>/feed.atom), both kinds of it.

`blogger:type` says what an entry is and `blogger:status` what became of it; `blogger:parent` names
a comment's post and `blogger:inReplyTo` the comment it answers. The newer kind gives the old
address (`blogger:filename`); for the older kind it is made from title and date, as Blogger made it.
Any element may be there and empty. Ids are those of the Atom export of the same blog.
"""

from datetime import UTC, datetime

from django.utils import timezone

from posts.importers import atom
from posts.importers.entries import GIVEN, GUESSED, UNDATED, CommentEntry, PostEntry
from posts.importers.reading import child, text

FORMAT = "blogger-takeout"
SYSTEM = atom.SYSTEM
KINDS = {"POST": "post", "PAGE": "page", "COMMENT": "comment"}
COMMENT_STATES = {
    "LIVE": "published",
    "PENDING": "held",
    "PENDING_COMMENT": "held",
    "SPAM": "spam",
    "SPAM_COMMENT": "spam",
    # Seen by its writer alone: Google took it for abuse, and told nobody.
    "GHOSTED_COMMENT": "spam",
    "EMPTIED_COMMENT": "removed",
    "SOFT_TRASHED": "removed",
    "TRASHED": "removed",
    "DELETED": "removed",
    "REMOVED": "removed",
}


def read(elements, about):
    """Yield what the feed's `elements` hold: a PostEntry, CommentEntry or Fault for each entry.

    Fills in `about` meanwhile.
    """
    return atom.entries(elements, about, _kind, _entry)


def _kind(element):
    return KINDS.get(text(child(element, "type")), "")


def _entry(element, its_id, kind, about):
    if not its_id:
        raise ValueError("it has no id of Blogger's")
    published, updated = atom.times(element)
    status = text(child(element, "status"))
    if kind == "comment":
        return _comment(element, its_id, status, published, updated)
    atom.add_author(about, child(element, "author"))
    undated = status == "LIVE" and published is None
    if undated:
        status = "DRAFT"
    entry = PostEntry(
        its_id=its_id,
        kind=kind,
        state="published" if status == "LIVE" else "draft",
        title=atom.title(element),
        text=atom.body(element),
        at=published,
        begun=published or updated or datetime.now(UTC),
        labels=atom.labels(element),
        warnings=[UNDATED] if undated else [],
    )
    future = published is not None and published > datetime.now(UTC)
    if future and status in ("LIVE", "SCHEDULED"):
        entry.state = "scheduled"
    elif status not in ("LIVE", "DRAFT"):
        entry.warnings.append(f"Its status was {status or 'empty'}: it came in as a draft.")
    filename = text(child(element, "filename"))
    if filename:
        path, entry.slug = atom.address(filename)
        entry.addresses.append((path, "", GIVEN))
    elif entry.state == "published" and (slug := atom.guessed_slug(entry.title)):
        # The day there is not known, nor its zone: ours decides at the turn of a month.
        local_date = timezone.localtime(published)
        path = f"/p/{slug}.html" if kind == "page" else f"/{local_date:%Y/%m}/{slug}.html"
        entry.addresses.append((path, "", GUESSED))
        entry.slug = slug
    return entry


def _comment(element, its_id, status, published, updated):
    if published is None:
        raise ValueError("it has no date")
    post = atom.ids(text(child(element, "parent")))[1]
    if not post:
        raise ValueError("it does not say which post it is about")
    author = child(element, "author")
    entry = CommentEntry(
        its_id=its_id,
        post=post,
        parent=atom.ids(text(child(element, "inReplyTo")))[1],
        state=COMMENT_STATES.get(status, "held"),
        name=atom.name(author),
        typed=atom.body(element),
        at=published,
        changed=updated or published,
        url=atom.site(author),
        writer=atom.account(author),
    )
    if status not in COMMENT_STATES:
        entry.warnings.append(f"Its status was {status or 'empty'}: it is held.")
    if entry.state == "removed":
        entry.typed = ""
    return entry
