"""Counting views: one view is one load of a post's page by a person."""

import re
from urllib.parse import urlsplit

import crawleruseragents
from django.utils import timezone

from blogsite.requests import our_hosts
from posts.models import ViewDay, ViewLeftOut

Reason = ViewLeftOut.Reason
# What the list of crawlers misses: libraries and tools that say what they are.
TOOLS = re.compile(
    r"^(?:java|python|php|ruby|perl|lua|go-http|okhttp|apache-http|curl|wget|libwww|axios|node)\b"
    # A Cubot is a telephone.
    r"|(?<!\bcu)bot\b|crawl|spider|preview|fetch|monitor|scan|headless|archiv",
    re.IGNORECASE,
)


def count(request, post):
    """Count this request as a view of `post`, or write down why not. Returns why not, or "".

    Nothing of the request is kept: no address, no user agent, nothing that tells readers apart.
    """
    day = timezone.localdate()
    reason = left_out(request, post)
    if reason:
        ViewLeftOut.objects.add_one(post=post, day=day, reason=reason)
    else:
        ViewDay.objects.add_one(post=post, day=day)
    return reason


def _is_from_elsewhere(request):
    """Say whether another site's page asked for the picture, by which it could raise our counts."""
    try:
        referer = urlsplit(request.headers.get("Referer", "")).netloc
    except ValueError:
        return True
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return referer not in {"", *our_hosts(request)} or site not in ("same-origin", "none")


def left_out(request, post):
    """Return why this request is no view of `post`: a `ViewLeftOut.Reason`, or "" if it is one."""
    agent = request.headers.get("User-Agent", "")
    purpose = " ".join(
        request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")
    )
    if not post.is_published:
        return Reason.PREVIEW
    if _is_from_elsewhere(request):
        return Reason.ELSEWHERE
    if request.user.is_staff:
        return Reason.AUTHOR
    if "prefetch" in purpose.lower():
        return Reason.PREFETCH
    if crawleruseragents.is_crawler(agent) or TOOLS.search(agent):
        return Reason.CRAWLER
    if not agent.startswith(("Mozilla/", "Opera/")):
        return Reason.NO_BROWSER
    return ""
