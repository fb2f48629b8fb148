"""Old addresses: what worked on the blog's former system leads to where the thing is now.

`find()` knows the addresses that an import has stored. The middleware asks it when this site has
no page at an address, and knows the addresses that Blogger and WordPress gave to feeds, labels and
months. The post's view asks `find()` before the slug, because two posts of different months may
have had one slug.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse

from comments.models import Comment
from posts.models import Label, OldAddress, Post

ID_PARAMETERS = ("p", "page_id")
"""WordPress's addresses by number: /?p=4. Other parameters (?m=1, ?utm_source=x) mean nothing."""
MOST_DIGITS = 200  # as many as a stored query has room for; int() refuses some thousands

FEEDS = {
    "/feeds/posts/default": "feed",
    "/feeds/posts/summary": "feed",
    "/atom.xml": "feed",
    "/rss.xml": "feed",
    "/feed/atom": "feed",
    "/feed/rss": "feed",
    "/feed/rss2": "feed",
    "/feeds/comments/default": "comment-feed",
    "/feeds/comments/summary": "comment-feed",
    "/comments/feed": "comment-feed",
}
FEED_OF_POST = re.compile(r"/feeds/(\d+)/comments/(?:default|summary)")
LABEL = re.compile(r"/(?:search/label|category|tag)/(.+)")
LABEL_FEED = re.compile(r"/feeds/posts/(?:default|summary)/-/([^/]+)")
MONTH = re.compile(r"/(\d{4})(?:_(0[1-9]|1[0-2])_\d\d_archive\.html|/(0[1-9]|1[0-2])/\d\d)")
# What WordPress hangs on the address of a post: a page of its comments, its feed, its short form.
APPENDIX = re.compile(r"/(?:comment-page-\d+|feed|amp|trackback)$")


def find(path, query=""):
    """Return the published Post that the old address leads to, or None. One query.

    `path` is unquoted, as `request.path` is; with or without the slash at its end is the same.
    `query` is what followed the question mark; only the parameters that once named a post matter.
    """
    if "\x00" in path:  # which PostgreSQL refuses to look for
        return None
    path = re.sub(r"/{2,}", "/", re.sub(r"^/index\.php(?=/|$)", "", path)) or "/"
    paths = {path, f"{path.rstrip('/')}/", path.rstrip("/") or "/"}
    wanted = by_id(query)
    rows = OldAddress.objects.filter(
        path__in=paths, query__in={"", wanted}, post__state=Post.State.PUBLISHED
    )
    # Where both are known, the number says more than the path it hangs on.
    row = rows.select_related("post").order_by("-query", "pk").first()
    return row and row.post


def post_named(slug):
    """Return the published Post whose address ends with `slug`, or once did; or None.

    A form that stood open while the author changed the address still arrives. Where two posts had
    one slug, nobody can tell which of them is meant.
    """
    post = Post.objects.published().filter(slug=slug).first()
    if post:
        return post
    rows = OldAddress.objects.filter(
        path__endswith=f"/{slug}/", query="", post__state=Post.State.PUBLISHED
    )
    found = {row.post for row in rows.select_related("post") if row.path.split("/")[-2] == slug}
    return found.pop() if len(found) == 1 else None


def by_id(query):
    """Return the part of `query` that names a post by number ("p=4"), or ""."""
    for name, value in parse_qsl(query):
        is_number = value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS
        if name in ID_PARAMETERS and is_number:
            return f"{name}={int(value)}"
    return ""


def destination(path, query=""):
    """Return the address here of what stood at the old one, or None.

    Raises nothing, whatever is asked for: these are addresses that strangers type.
    """
    post = find(path, query)
    if post is None and (appendix := APPENDIX.search(path.rstrip("/"))):
        post = find(path[: appendix.start()], query)
        if post and appendix[0] == "/feed" and not post.is_page:
            return reverse("post-feed", args=[post.date.year, post.date.month, post.slug])
    if post:
        comment = _comment(post, dict(parse_qsl(query)).get("showComment", ""))
        return (comment or post).get_absolute_url()
    return _listing(path.rstrip("/"))


def _comment(post, shown):
    """Return the comment that Blogger named by its moment in milliseconds, or by its id."""
    if not (shown.isascii() and shown.isdigit() and len(shown) <= 20):
        return None
    of_post = Comment.objects.in_thread().filter(post=post)
    named = of_post.filter(origin__its_id=shown).first()
    if named or len(shown) > 14:
        return named
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(shown))
    until = at + timedelta(milliseconds=1)
    return of_post.filter(written_at__gte=at, written_at__lt=until).order_by("number").first()


def _listing(path):
    """Return the address here of an old feed, label or month, or None."""
    if "\x00" in path:
        return None
    if path in FEEDS:
        return reverse(FEEDS[path])
    if found := LABEL.fullmatch(path):
        label = _label(found[1])
        return label and label.get_absolute_url()
    if found := LABEL_FEED.fullmatch(path):
        label = _label(found[1])
        return label and reverse("label-feed", args=[label.slug])
    if found := MONTH.fullmatch(path):
        return reverse("month", args=[int(found[1]), int(found[2] or found[3])])
    if found := FEED_OF_POST.fullmatch(path):
        post = Post.objects.published().posts().filter(origin__its_id=found[1]).first()
        return post and reverse("post-feed", args=[post.date.year, post.date.month, post.slug])
    return None


def _label(name):
    """Return the label with this name, or (WordPress) with this as the last part of its address."""
    labels = Label.objects.all()
    return (
        labels.filter(name=name).first()
        or labels.filter(name__iexact=name).order_by("pk").first()
        or labels.filter(slug=name.rsplit("/", 1)[-1]).first()
    )


class OldAddressMiddleware:
    """Answer 301 where this site has no page at an address, and the former system had."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        query = request.META.get("QUERY_STRING", "")
        # The home page is there for every query: an address by number has to be asked for first.
        if request.path in ("/", "/index.php") and by_id(query):
            post = find(request.path, query)
            if post:
                return HttpResponsePermanentRedirect(post.get_absolute_url())
        response = self.get_response(request)
        if response.status_code == 404:
            address = destination(request.path, query)
            if address:
                return HttpResponsePermanentRedirect(address)
        return response
