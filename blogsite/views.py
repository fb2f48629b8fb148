"""Pages that belong to the site as a whole."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe


@require_safe
def robots(request):
    """What crawlers may fetch: everything but what is secret or makes work for nothing."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in ("/admin/", "/reply/", "/search/", "/comments/on/")]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('django.contrib.sitemaps.views.sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def healthz(request):
    """Say that this process lives. Asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def not_found(request, exception=None):
    """The page for an address that leads nowhere."""
    return render(request, "404.html", status=404)


def server_error(request):
    """The page for a fault of ours. Asks nothing of the database: that may be what is at fault."""
    return HttpResponse(render_to_string("500.html"), status=500)
