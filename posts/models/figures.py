"""View figures in running text: tokens that become figures, frozen, when a post is published.

The author writes `[views of a-dry-august]`, or `[views of a-dry-august on Blogger]` for what an
earlier system had counted; the part behind “of” is the last part of the post's address. At
publication it becomes `<data value="595" title="views by 9 August 2017">595</data>`, and
stays that for good: later saves find no token any more.
"""

import html
import re

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from blogsite.html import Clean
from posts.models.views import EarlierFigure, ViewDay

SPACE = r"(?:\s|&nbsp;)+"
TOKEN = re.compile(
    rf"\[views{SPACE}of{SPACE}([^\s\[\]<>&]+)(?:{SPACE}on{SPACE}([^\[\]<>]+?))?\s*\]", re.IGNORECASE
)
# Not within a tag, and not where HTML or code is quoted as it is written.
OUTSIDE = re.compile(r"(<(?:pre|code)>.*?</(?:pre|code)>|<[^>]*>)", re.DOTALL)


def token(slug, system=""):
    """Return the token for the views of the post with this slug: here, or on an earlier system."""
    return f"[views of {slug} on {system}]" if system else f"[views of {slug}]"


def fill(text, at, posts):
    """Return `text` (HTML of a post) with each token made a figure of the moment `at`.

    `posts` is the queryset in which the posts are looked for. A token that names no post which
    was ever public, or no figure of an earlier system, stays as it is.
    """
    figures = _figures(_named(text), at, posts)

    def figure(found):
        return figures.get(_key(found), found[0])

    filled = _outside(text, lambda words: TOKEN.sub(figure, words))
    return Clean(filled) if isinstance(text, Clean) else filled


def unknown(text, posts):
    """Return the tokens in `text` that name no figure there is, as they were written."""
    known = _figures(_named(text), timezone.now(), posts)
    return [html.unescape(found[0]) for found in _tokens(text) if _key(found) not in known]


def _figures(named, at, posts):
    """Return {(slug, system in small letters or ""): `<data>`} for those of `named` that exist."""
    ids = dict(
        posts.filter(slug__in={slug for slug, _ in named}, published_at__isnull=False)
        .order_by()
        .values_list("slug", "pk")
    )
    earlier = {
        (row.post_id, row.system.lower()): row
        for row in EarlierFigure.objects.filter(post__in=ids.values())
    }
    figures = {}
    for slug, system in named:
        pk = ids.get(slug)
        row = earlier.get((pk, system))
        if pk and not system:
            day = timezone.localtime(at).date()
            figures[slug, system] = _data(ViewDay.objects.total(pk, until=at), day)
        elif row:
            figures[slug, system] = _data(row.count, row.as_of, row.system)
    return figures


def _data(count, day, system=""):
    date = date_format(day, "DATE_FORMAT")
    if system:
        title = _("views on %(system)s by %(date)s") % {"system": system, "date": date}
    else:
        title = _("views by %(date)s") % {"date": date}
    return format_html('<data value="{}" title="{}">{}</data>', count, title, intcomma(count))


def _named(text):
    return {_key(found) for found in _tokens(text)}


def _tokens(text):
    found = []
    _outside(text, lambda words: found.extend(TOKEN.finditer(words)) or words)
    return found


def _key(found):
    return html.unescape(found[1]), html.unescape(found[2] or "").lower()


def _outside(text, change):
    """Return `text` with `change` made to what stands outside of tags."""
    if "[" not in text:
        return text
    parts = OUTSIDE.split(text)
    parts[::2] = map(change, parts[::2])
    return "".join(parts)
