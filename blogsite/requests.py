"""Questions about a request that more than one page asks."""

from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings

from blogsite.logs import SECRET_PATHS


def is_ours(request):
    """Say whether a write was sent from a page of this site, as far as the browser tells.

    Readers' forms carry no token, so that pages are the same for everybody and no form ever
    expires. Browsers say where a POST comes from: in `Origin`, else in `Sec-Fetch-Site`, else in
    `Referer`. A page with the referrer policy "no-referrer" sends the origin "null". What says
    nothing at all is no browser with somebody's session in it, but is refused too.
    """
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        site = request.headers.get("Sec-Fetch-Site")
        if site:
            return site == "same-origin"
        origin = request.headers.get("Referer", "")
    try:
        parts = urlsplit(origin)
    except ValueError:  # it is no address
        return False
    return parts.scheme in ("http", "https") and parts.netloc in our_hosts(request)


def our_hosts(request):
    """Return the hosts (with ports) that are this site: as it was asked for, and as it is set.

    The scheme is left aside: behind a proxy that ends TLS, we see another than the browser.
    """
    return {request.get_host(), urlsplit(settings.SITE_URL).netloc}


def is_author(request):
    """Say whether the person at the browser is the author, signed in, who may write comments."""
    return request.user.is_authenticated and request.user.has_perm("comments.add_comment")


def secret_page(view):
    """Decorator for the view of a secret address: kept nowhere, found nowhere, told to nobody."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return kept_secret(view(request, *args, **kwargs))

    return guarded


def is_secret(request):
    """Say whether the address is one of a secret page, or begins like one."""
    return bool(SECRET_PATHS.match(request.path))


def kept_secret(response):
    """Return `response` with the headers of a secret page."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def as_number(typed, digits=7):
    """Return the number that stands in an address or a form, or None for anything else."""
    fits = typed and typed.isascii() and typed.isdecimal() and len(typed) <= digits
    return int(typed) if fits else None


def as_pk(typed):
    """Return the primary key that stands there, or None for anything else."""
    return as_number(typed, digits=18)
