"""Blogger's Atom export (Settings, Back up content; until 2024).

One feed holds posts, pages, comments, settings and template, told apart by a category. A comment is
tied to its post by `thr:in-reply-to`, to the comment it answers by `link rel="related"`. One that
its writer or the author removed is told by `blogger.contentRemoved` alone: its text is in the
blog's language. The post's address is its alternate link; drafts have none.
"""

from datetime import UTC, datetime

from posts.importers import atom
from posts.importers.entries import GIVEN, UNDATED, CommentEntry, PostEntry
from posts.importers.reading import child, local, text

FORMAT = "blogger-legacy"
SYSTEM = atom.SYSTEM
KINDS = ("post", "page", "comment")


def read(elements, about):
    """Yield what the feed's `elements` hold: a PostEntry, CommentEntry or Fault for each entry.

    Fills in `about` meanwhile. Settings and the template are passed over.
    """
    return atom.entries(elements, about, _kind, _entry)


def _entry(element, its_id, kind, about):
    if not its_id:
        raise ValueError("it has no id of Blogger's")
    published, updated = atom.times(element)
    if kind == "comment":
        return _comment(element, its_id, published, updated)
    atom.add_author(about, child(element, "author"))
    draft = text(child(child(element, "control"), "draft"))
    state = "draft" if draft == "yes" else "published"
    undated = state == "published" and published is None
    if undated:
        state = "draft"
    if state == "published" and published > datetime.now(UTC):
        state = "scheduled"
    entry = PostEntry(
        its_id=its_id,
        kind=kind,
        state=state,
        title=atom.title(element),
        text=atom.body(element),
        at=published,
        begun=published or updated or about.exported or datetime.now(UTC),
        labels=atom.labels(element),
        warnings=[UNDATED] if undated else [],
    )
    link = _link(element, "alternate")
    if link:
        path, entry.slug = atom.address(link)
        entry.addresses.append((path, "", GIVEN))
    return entry


def _comment(element, its_id, published, updated):
    if published is None:
        raise ValueError("it has no date")
    answers = child(element, "in-reply-to")
    post = "" if answers is None else atom.ids(answers.get("ref", ""))[1]
    if not post:
        raise ValueError("it does not say which post it is about")
    removed = any(
        local(one.tag) == "extendedProperty"
        and one.get("name") == "blogger.contentRemoved"
        and one.get("value") == "true"
        for one in element
    )
    author = child(element, "author")
    return CommentEntry(
        its_id=its_id,
        post=post,
        parent=_link(element, "related").rstrip("/").rsplit("/", 1)[-1],
        state="removed" if removed else "published",
        name=atom.name(author),
        typed="" if removed else atom.body(element),
        at=published,
        changed=updated or published,
        url=atom.site(author),
        writer=atom.account(author),
    )


def _kind(element):
    for one in element:
        if local(one.tag) == "category" and one.get("scheme", "").endswith("#kind"):
            kind = one.get("term", "").rsplit("#", 1)[-1]
            return kind if kind in KINDS else ""
    return ""


def _link(element, rel):
    for one in element:
        if local(one.tag) == "link" and one.get("rel") == rel:
            return one.get("href", "")
    return ""
