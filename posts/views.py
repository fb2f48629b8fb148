"""The pages on which posts are read, found and counted."""

import base64
from datetime import datetime
from urllib.parse import unquote

from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from blogsite.requests import as_number, is_author, is_ours
from comments import log, thread_pages
from comments.late import recently_answered
from comments.reading import read, read_page, show_figures
from comments.views import comment_form, is_closed
from posts import changes as changing
from posts import counting, old_addresses
from posts import search as searching
from posts.comparison import compare
from posts.models import Label, LogEntry, Post, Reprint
from posts.structured import article

POSTS_A_PAGE = 10
HITS_A_PAGE = 20
ENTRIES_A_PAGE = 50
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")


@require_safe
def home(request):
    """The newest posts; on the first page, besides, those that were answered lately."""
    # The page asks for it, where it has a place for it.
    context = {"recently_answered": recently_answered, **_archive()}
    return _list(request, "posts/home.html", Post.objects.published().posts(), **context)


@require_safe
def year(request, year):
    """The posts of a year, by month."""
    posts = _between(year, 1, year + 1, 1)
    return _list(request, "posts/year.html", posts, a_page=400, year=year, **_archive(year))


@require_safe
def month(request, year, month):
    """The posts of a month."""
    after = (year, month + 1) if month < 12 else (year + 1, 1)
    posts = _between(year, month, *after)
    first = datetime(year, month, 1)  # noqa: DTZ001 - names a month, not a moment
    return _list(request, "posts/month.html", posts, a_page=100, month=first, **_archive(year))


@require_safe
def label(request, slug):
    """The posts with a label."""
    found = get_object_or_404(Label, slug=slug)
    posts = Post.objects.published().posts().filter(labels=found)
    if not posts.exists():  # what only drafts carry is nobody's business yet
        raise Http404
    return _list(request, "posts/label.html", posts, label=found)


@require_safe
def reprints(request):
    """The posts that reprint older ones, newest first."""
    reprinting = Reprint.objects.published().values("post")
    posts = Post.objects.published().filter(pk__in=reprinting)
    return _list(request, "posts/reprints.html", posts)


@require_safe
def post(request, year, month, slug):
    """A post with everything that is read with it. A wrong date leads to the right one.

    `?comment=37` leads to comment 37, on whichever page of the thread it stands.
    """
    found = Post.objects.published().posts().filter(slug=slug).first()
    if found is None or unquote(found.get_absolute_url()) != request.path:
        # What stood here on the former system comes before a post elsewhere with this slug.
        found = old_addresses.find(request.path) or found
    if found is None:
        raise Http404
    if "comment" in request.GET:
        return redirect(thread_pages.find(found, request.GET["comment"]))
    if request.path != unquote(found.get_absolute_url()):
        return redirect(found, permanent=True)
    return render_post(request, found)


@require_safe
def page(request, slug):
    """A page: like a post, without a date."""
    found = get_object_or_404(Post.objects.published().pages(), slug=slug)
    if "comment" in request.GET:
        return redirect(thread_pages.find(found, request.GET["comment"]))
    return render_post(request, found)


@require_safe
def changes(request, year, month, slug):
    """What a post said and says: any two of its texts compared. A moved post's lead there too."""
    found = Post.objects.published().posts().filter(slug=slug).first()
    found = found or old_addresses.find(request.path.removesuffix("changes/"))
    if found is None:
        raise Http404
    if request.path != unquote(found.get_changes_url()):
        return redirect(found.get_changes_url(), permanent=True)
    return _changes(request, found)


@require_safe
def page_changes(request, slug):
    """The same for a page."""
    return _changes(request, get_object_or_404(Post.objects.published().pages(), slug=slug))


def _changes(request, post):
    revisions = post.revisions.with_words_gone().prefetch_related(log.asked_for())
    versions = changing.versions(revisions.order_by("number"))
    two = changing.two(versions, *(as_number(request.GET.get(name)) for name in ("from", "to")))
    withholder = changing.withholder(versions)
    context = {
        "post": post,
        "versions": versions[::-1],
        "offered": [version for version in versions if not version.withheld],
        "two": two,
        "withholder": withholder,
    }
    if two:
        names = (("from", _("From text"), two[0]), ("to", _("to text"), two[1]))
        context["choices"] = [(name, label, version.number) for name, label, version in names]
    if two and not two[0].withheld:
        context["compared"] = compare(*two)
    return render(request, "posts/changes.html", context)


@require_safe
def amendments(request):
    """The public log: every amendment, and every public request for one that was decided."""
    page = Paginator(log.entries(), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "posts/amendments.html", {"page": page})


@require_safe
def amendment(request, number):
    """The permanent address of one entry of the log: leads to its place in it."""
    get_object_or_404(LogEntry, number=number)
    page = LogEntry.objects.filter(number__gt=number).count() // ENTRIES_A_PAGE + 1
    turned = f"?page={page}" if page > 1 else ""
    return redirect(f"{reverse('amendments')}{turned}#a{number}")


def render_post(request, post, preview=False):
    """Answer with the page of `post`, or (for the author alone) with how it will look.

    `?thread=2` turns the pages of a long thread, `?order=time` takes it in order of time, and
    `?since=37` marks what is new.
    """
    reading = read_page(post, thread_pages.Asked.by(request.GET))
    if preview:
        show_figures(reading)
    context = {
        "post": post,
        "reading": reading,
        "preview": preview,
        "closed": is_closed(post) and not is_author(request),
    }
    if not preview:
        context["structured"] = article(reading)
        context["form"] = comment_form(request, post, is_author(request))
        context["previous"], context["next"] = _neighbours(post)
        context.update(_archive(post.date.year))
    response = render(request, "posts/post.html", context)
    if preview:
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def search(request):
    """What was found for `?q=` in posts and comments; `?newest=1` by date instead of best first."""
    query = request.GET.get("q", "").strip()[: searching.LONGEST_QUERY]
    newest = bool(request.GET.get("newest"))
    hits, total, number, more = searching.page(
        query, request.GET.get("page"), HITS_A_PAGE, newest=newest
    )
    context = {
        "query": query,
        "newest": newest,
        "hits": hits,
        "total": total,
        "number": number,
        "more": more,
    }
    return render(request, "posts/search.html", context)


@csrf_exempt  # see blogsite/requests.py
@require_POST
def count(request, pk):
    """Count one view of a post: its page sends this once it is really seen."""
    found = get_object_or_404(Post, pk=pk)
    if not is_ours(request):
        return HttpResponse(status=403)
    counting.count(request, found)
    return HttpResponse(status=204)


@require_safe
def count_by_picture(request, pk):
    """Count one view of a post, for browsers without script: a picture that nobody sees."""
    found = get_object_or_404(Post, pk=pk)
    if request.method == "GET":
        counting.count(request, found)
    response = HttpResponse(PIXEL, content_type="image/gif")
    add_never_cache_headers(response)
    return response


def _list(request, template, posts, a_page=POSTS_A_PAGE, **context):
    """Answer with a page of `posts`, newest first; `?page=` turns it."""
    listed = Paginator(posts.newest_first(), a_page).get_page(request.GET.get("page"))
    return render(request, template, {"page": listed, "readings": read(listed), **context})


def _between(year, month, end_year, end_month):
    """Return the posts of some months; 404 where there are none. The date of a post is local."""
    if not 1900 < year < 2200:
        raise Http404
    start = timezone.make_aware(datetime(year, month, 1))  # noqa: DTZ001 - made aware here
    end = timezone.make_aware(datetime(end_year, end_month, 1))  # noqa: DTZ001
    posts = Post.objects.published().posts().filter(published_at__gte=start, published_at__lt=end)
    if not posts.exists():
        raise Http404
    return posts


def _archive(open_year=None):
    """Return the template context for the archive: `years` and, among them, the `open_year`.

    `years` are [(year, posts, [(month, posts)])], newest first.
    """
    months = (
        Post.objects.published()
        .posts()
        .order_by()
        .annotate(month=TruncMonth("published_at"))
        .values("month")
        .annotate(count=Count("pk"))
        .order_by("-month")
    )
    years = {}
    for row in months:
        years.setdefault(row["month"].year, []).append((row["month"], row["count"]))
    counted = [(year, sum(count for _, count in months), months) for year, months in years.items()]
    return {"years": counted, "open_year": open_year or next(iter(years), None)}


def _neighbours(post):
    """Return the posts before and after this one in time; None where there is none."""
    if post.is_page:
        return None, None
    posts = Post.objects.published().posts().only("title", "slug", "kind", "published_at")
    earlier = posts.filter(published_at__lte=post.published_at).exclude(pk=post.pk)
    later = posts.filter(published_at__gt=post.published_at)
    return earlier.newest_first().first(), later.order_by("published_at", "pk").first()
