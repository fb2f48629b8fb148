"""WordPress's export (Tools, Export): WXR 1.0 to 1.2, an RSS feed with elements of its own.

Comments stand within their post. A date of zeros means "not yet"; `post_date` is in the blog's
zone, which the file does not name. The texts are what was typed: see `tidy`. WXR 1.0 has no list
of authors; later ones give their ids, or (WordPress.com) only their logins and addresses. A
comment's `comment_user_id` is the account it was written with, 0 for none.
"""

import html
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from posts.importers import tidy
from posts.importers.entries import (
    BY_GUID,
    BY_NUMBER,
    GIVEN,
    UNDATED,
    CommentEntry,
    Fault,
    PostEntry,
)
from posts.importers.reading import local, moment, text

FORMAT = "wxr"
SYSTEM = "wordpress"
NAMESPACE = "wordpress.org/export"
TAXONOMIES = ("category", "post_tag", "tag")
COMMENT_STATES = {
    "1": "published",
    "approve": "published",
    "approved": "published",
    "0": "held",
    "hold": "held",
    "spam": "spam",
    "trash": "removed",
    "post-trashed": "removed",
}


def read(elements, about):
    """Yield what the channel's `elements` hold: a PostEntry, CommentEntry or Fault for each.

    A post's comments follow it. Fills in `about` meanwhile. Attachments, menus, revisions and the
    like are passed over. "Uncategorized" is a label like any other: it is what the file says.
    """
    emails = set()
    for element in elements:
        what = local(element.tag)
        if what == "base_blog_url" or (what == "link" and not about.blog):
            about.blog = _site(text(element))
        elif what == "pubDate":
            about.exported = about.exported or _mail_date(text(element))
        elif what == "author":
            values = _values(element)
            emails |= {values.get("author_email", "").lower()} - {""}
            if values.get("author_id"):
                about.authors.add(f"user {values['author_id']}")
            about.names |= {html.unescape(values.get("author_display_name", ""))} - {""}
        elif what == "item":
            yield from _item(element, about, emails)


def _item(element, about, emails):
    values = _values(element)
    kind = values.get("post_type") or "post"
    if kind not in ("post", "page"):
        return
    if not emails:  # WXR 1.0 gives the author's name here, later ones the login
        about.names |= {html.unescape(values.get("creator", ""))} - {""}
    # Items that were written by hand may have no number.
    its_id = values.get("post_id") or (values.get("guid") or values.get("link", ""))[:300]
    about.blog = about.blog or _site(values.get("link", "")).split("/")[0]
    try:
        if not its_id:
            raise ValueError("it has no id")
        yield _post(element, its_id, kind, values, about)
    except ValueError as error:
        its_id = its_id or f"line {element.sourceline}"
        yield Fault(its_id, kind, str(error))
    for one in element:
        if local(one.tag) == "comment":
            said = _values(one)
            comment_id = said.get("comment_id", "")
            try:
                yield _comment(said, comment_id, its_id, values, about, emails)
            except ValueError as error:
                yield Fault(comment_id or f"line {one.sourceline}", "comment", str(error))


def _post(element, its_id, kind, values, about):
    status = values.get("status", "")
    at = _moment(values, "post_date_gmt", "post_date")
    if at is None and status in ("publish", "future"):
        at = _mail_date(values.get("pubDate", ""))
    undated = at is None and status in ("publish", "future")
    if undated:
        status = "draft"
    begun = at or _moment(values, "post_modified_gmt", "post_modified") or about.exported
    begun = begun or _first_comment(element) or datetime.now(UTC)
    entry = PostEntry(
        its_id=its_id,
        kind=kind,
        state="draft",
        title=tidy.title(values.get("title", "")),
        text=values.get("encoded", ""),
        at=at,
        begun=begun,
        markup="wordpress",
        labels=_labels(element),
        closed=values.get("comment_status") == "closed",
        apart=values.get("guid") or values.get("link", ""),
        warnings=[UNDATED] if undated else [],
    )
    if values.get("post_password"):
        entry.warnings.append("It had a password: it came in as a draft.")
    elif status == "publish" and at <= datetime.now(UTC):
        entry.state = "published"
    elif status in ("publish", "future") and at > datetime.now(UTC):
        entry.state = "scheduled"
    elif status == "future":
        entry.warnings.append(f"It was planned for {at:%Y-%m-%d}: it came in as a draft.")
    elif status != "draft":
        entry.warnings.append(f"Its status was {status or 'empty'}: it came in as a draft.")
    _address(entry, values, about)
    return entry


def _address(entry, values, about):
    """Give `entry` its old addresses and what its slug was."""
    link, guid = values.get("link", ""), values.get("guid", "")
    path, query = _parts(link, about.blog)
    if path and (query or path != "/"):
        entry.addresses.append((path, query, GIVEN))
    entry.slug = unquote(values.get("post_name", ""))
    if not entry.slug and not query:
        entry.slug = path.rstrip("/").rsplit("/", 1)[-1]
    if re.fullmatch("[0-9]+", entry.its_id):
        name = "page_id" if entry.kind == "page" else "p"
        base = urlsplit(f"//{about.blog}").path.rstrip("/") + "/"
        entry.addresses.append((base, f"{name}={_number(entry.its_id)}", BY_NUMBER))
    path, query = _parts(guid, about.blog)
    if query:
        entry.addresses.append((path, query, BY_GUID))


def _comment(said, its_id, post, values, about, emails):
    if not its_id:
        raise ValueError("it has no id")
    at = _moment(said, "comment_date_gmt", "comment_date")
    if at is None:
        raise ValueError("it has no date")
    user = said.get("comment_user_id", "0")
    writer = f"user {user}" if user.strip("0") else ""
    # Where the list of authors has no ids, an account is an author's if the address fits; where
    # there is no list (WXR 1.0), if it signs as the post's writer does.
    listed = said.get("comment_author_email", "").lower() in emails
    unlisted = not emails and said.get("comment_author") == values.get("creator")
    if writer and (listed or unlisted):
        about.authors.add(writer)
    approved = said.get("comment_approved", "")
    kind = said.get("comment_type", "")
    parent = said.get("comment_parent", "0")
    entry = CommentEntry(
        its_id=its_id,
        post=post,
        parent=parent if parent.strip("0") else "",
        state=COMMENT_STATES.get(approved, "held"),
        name=html.unescape(said.get("comment_author", "")),
        typed=said.get("comment_content", ""),
        at=at,
        changed=at,
        kind=kind if kind in ("pingback", "trackback") else "comment",
        url=html.unescape(said.get("comment_author_url", "")),
        writer=writer,
    )
    if approved not in COMMENT_STATES:
        entry.warnings.append(f"Its status was {approved or 'empty'}: it is held.")
    if entry.state == "removed":
        entry.typed = ""
    return entry


def _values(element):
    """Return {name: text} of an element's children; the first of each name, and no excerpt."""
    values = {}
    for one in element:
        name = local(one.tag)
        if name and "excerpt" not in one.tag and name not in ("comment", "postmeta"):
            values.setdefault(name, text(one))
    return values


def _first_comment(element):
    """Return the moment of the earliest comment in an item, or None."""
    found = []
    for one in element:
        if local(one.tag) == "comment":
            try:
                found.append(_moment(_values(one), "comment_date_gmt", "comment_date"))
            except ValueError:
                continue
    return min(filter(None, found), default=None)


def _labels(element):
    found = {}
    for one in element:
        if local(one.tag) == "category" and one.get("domain", "category") in TAXONOMIES:
            label = " ".join(html.unescape(text(one)).split())
            if label:
                found[label] = True
    return list(found)


def _moment(values, gmt, local_time):
    """Return the moment in the field `gmt`, else in `local_time` (our zone's), else None."""
    written = values.get(gmt, "")
    if written and not written.startswith("0000"):
        return moment(f"{written}Z" if re.search(r"\d$", written) else written)
    written = values.get(local_time, "")
    return moment(written) if written and not written.startswith("0000") else None


def _mail_date(written):
    """Return the moment in an RSS date, or None for one that is none."""
    try:
        return moment(parsedate_to_datetime(written).isoformat())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _site(address):
    """Return a blog's address as it names the blog: host and folder, without scheme."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.netloc.lower()}{parts.path if parts.path != '/' else ''}".rstrip("/")[:200]


def _parts(address, blog):
    """Return (path, query) of an address of this blog; ("", "") for another's.

    Of the query, only what names a post by number.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    if not parts.netloc or parts.netloc.lower() != blog.split("/")[0]:
        return "", ""
    found = re.search(r"(?:^|&)(p|page_id)=([0-9]+)", parts.query)
    path = re.sub(r"/{2,}", "/", unquote(parts.path))
    path = re.sub(r"^/index\.php(?=/|$)", "", path)  # without which it is asked for
    return path or "/", f"{found[1]}={_number(found[2])}" if found else ""


def _number(digits):
    """Return `digits` as an address asks for them. Without int(), which refuses thousands."""
    return digits.lstrip("0") or "0"
