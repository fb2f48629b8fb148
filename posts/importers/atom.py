"""What Blogger's two Atom formats have in common: ids, accounts, addresses, anonymous names."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from comments.names import skeleton
from posts.importers.entries import Fault
from posts.importers.reading import child, local, moment, text

SYSTEM = "blogger"
ID = re.compile(r"tag:blogger\.com,1999:blog-(\d+)(?:\.(?:post|page|comment)-(\d+))?")
PROFILE = re.compile(r"(?:blogger\.com/(?:profile|g)|plus\.google\.com)/(\w+)", re.IGNORECASE)

# The name that Blogger gave to whoever gave none, in the languages it spoke.
ANONYMOUS = {
    skeleton(name)
    for name in (
        *("Anonymous", "Anonym", "Anonyme", "Anonimo", "Anónimo", "Anônimo", "Anònim", "Anoniem"),
        *("Anonymt", "Anonyymi", "Anonim", "Anonimowy", "Anonymní", "Anonymný", "Névtelen"),
        *("Anoniman", "Anonimas", "Anonīms", "Anonüümne", "Nafnlaus", "Ανώνυμος", "Анонимный"),
        *("Анонимен", "Анонім", "Анониман", "Adsız", "匿名", "익명", "ไม่ระบุชื่อ", "Nặc danh"),
        *("אנונימי", "غير معرف", "बेनामी", "Unknown", "Tanpa Nama"),
    )
}
# Blogger's addresses leave these words out, and end with a whole word before this many letters.
LEFT_OUT = {"the", "a", "an"}
LONGEST_SLUG = 39
LONGEST_BLOG = 200


def entries(elements, about, kind_of, entry_of):
    """Yield a PostEntry, CommentEntry or Fault for each entry of a feed, and fill in `about`.

    `kind_of(element)` says "post", "page", "comment" or "", which is passed over;
    `entry_of(element, its_id, kind, about)` reads it, or raises ValueError with what is wrong.
    """
    for element in elements:
        what = local(element.tag)
        if what == "id":
            about.blog = about.blog or ids(text(element))[0]
        elif what == "author":
            add_author(about, element)
        elif what == "updated":
            about.exported = _moment_or_none(text(element))
        elif what == "entry" and (kind := kind_of(element)):
            blog, its_id = ids(text(child(element, "id")))
            about.blog = about.blog or blog
            try:
                yield entry_of(element, its_id, kind, about)
            except ValueError as error:
                yield Fault(its_id or f"line {element.sourceline}", kind, str(error))


def _moment_or_none(written):
    try:
        return moment(written)
    except ValueError:
        return None


def ids(written):
    """Return (blog, entry) of one of Blogger's ids, "" for what it does not hold."""
    found = ID.search(written)
    return (found[1][:LONGEST_BLOG], found[2] or "") if found else ("", "")


def account(author):
    """Return the account in an `<author>` as a word that can be compared, or ""."""
    if author is None:
        return ""
    found = PROFILE.search(text(child(author, "uri")))
    return f"profile {found[1]}" if found else ""


def add_author(about, author):
    """Tell `about` of an `<author>` of the blog or of a post."""
    about.authors |= {account(author)} - {""}
    about.names |= {name(author)} - {""}


def name(author):
    """Return the name in an `<author>`; "" for whoever gave none."""
    if author is None:
        return ""
    given = text(child(author, "name"))
    has_address = bool(text(child(author, "uri")))
    return "" if not has_address and skeleton(given) in ANONYMOUS else given


def site(author):
    """Return the address of the writer's own site in an `<author>`, or "".

    A profile says nothing any more: most are gone with the services they were on.
    """
    uri = "" if author is None else text(child(author, "uri"))
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        return ""
    services = ("blogger.com", "plus.google.com", "google.com", "profiles.google.com")
    if parts.scheme not in ("http", "https") or not host or host.endswith(services):
        return ""
    return uri


def body(entry):
    """Return the HTML of an entry's `<content>`, however it was wrapped."""
    content = child(entry, "content", "summary")
    return "" if content is None else text(content)


def title(entry):
    """Return the title of an entry on one line."""
    return " ".join(text(child(entry, "title")).split())


def times(entry):
    """Return (published, updated) of an entry: moments, or None where the file has no such date.

    Raises ValueError for a date that cannot be.
    """
    found = []
    for names in (("published",), ("updated", "created")):
        written = text(child(entry, *names))
        found.append(moment(written) if written else None)
    return found


def labels(entry):
    """Return the labels of an entry, each once, in the file's order."""
    found = {}
    for category in entry:
        if local(category.tag) != "category" or category.get("scheme", "").endswith("#kind"):
            continue
        label = " ".join(category.get("term", "").split())
        if label:
            found[label] = True
    return list(found)


def address(written):
    """Return (path, slug) of an address there; the slug is its last part."""
    path = unquote(urlsplit(written).path)
    return path, path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")


def guessed_slug(title):
    """Return the last part of the address that Blogger would have made from `title`.

    As Blogger did it: no accents, no "'s", no articles, and what fits into 39 letters.
    """
    plain = unicodedata.normalize("NFKD", title.lower())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    plain = re.sub(r"['’](?:s\b)?", "", plain)
    words = [word for word in re.split(r"[^a-z0-9]+", plain) if word and word not in LEFT_OUT]
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    return slug
