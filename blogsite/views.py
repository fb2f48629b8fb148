"""Pages that belong to the site as a whole; among them what it answers when something is wrong.

No page for a fault loses what was typed: it hands it back.
"""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from blogsite import typed
from blogsite.requests import is_secret, kept_secret

NOT_FOR_CRAWLERS = (
    *("/admin/", "/reply/", "/search/", "/comments/on/"),
    # What is found, and ways into a thread that lead to pages they know already.
    *("/comments/?", "/*?*comment=", "/*?*since=", "/*?*order="),
)
TRY_AGAIN = 30
"""Seconds after which a program may ask again for what the database could not give."""


@require_safe
def robots(request):
    """What crawlers may fetch: everything but what is secret or makes work for nothing."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in NOT_FOR_CRAWLERS]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('django.contrib.sitemaps.views.sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request):
    """Say that this process lives. Asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def not_found(request, exception=None):
    """The page for an address that leads nowhere; or where what was sent could go nowhere."""
    words = typed.words(request)
    template = "lost.html" if words else "404.html"
    context = {"typed": words, "is_letterbox": request.path.startswith("/reply/")}
    response = render(request, template, context, status=404)
    return kept_secret(response) if is_secret(request) else response


def server_error(request):
    """The page for a fault of ours: 503 where the database is away, full or busy for the moment."""
    fault = sys.exc_info()[1]
    if isinstance(fault, UnreadablePostError):  # whoever sent it has gone, or was cut off
        return bad_request(request, fault)
    if isinstance(fault, OperationalError | InterfaceError):
        response = _fault(request, "503.html", 503)
        response["Retry-After"] = TRY_AGAIN
        return response
    return _fault(request, "500.html", 500)


def bad_request(request, exception=None):
    """The page for what can't be read, or is no form that this site gave out."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    return _fault(request, "400.html", 400, is_too_large=is_too_large)


def no_token(request, reason=""):
    """The page for what was sent to the desk without the token of its form, or an old one."""
    return _fault(request, "403_csrf.html", 403)


def _fault(request, template, status, **context):
    """Answer by a page that asks nothing of the database: that may be what is at fault."""
    words = typed.words(request)
    page = render_to_string(template, {"typed": words, **context})
    response = HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
    return kept_secret(response) if is_secret(request) else response
