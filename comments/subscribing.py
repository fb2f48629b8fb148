"""The pages that letters about answers lead to: one confirms an address, one stops the letters.

Looking at either changes nothing: programs that look for harm in mail open its links.
"""

from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite import secret_links
from blogsite.requests import secret_page
from blogsite.views import not_found
from comments.models import Subscription


@csrf_exempt  # who knows the secret may; nobody else knows it
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, secret):
    """Ask whether letters about answers may come to this address, and do what the button says."""
    subscription = Subscription.objects.to_confirm(secret)
    if subscription is None:
        return not_found(request)
    if request.method == "POST":
        subscription.confirm()
        return redirect("confirm", secret)
    return render(request, "comments/confirm.html", {"subscription": subscription})


@csrf_exempt  # as above; providers of mail send the POST for their users, from anywhere (RFC 8058)
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request, secret):
    """Ask whether to stop the letters, and stop them.

    Whoever has a link that is used up, or was never one, gets the same page as who has just
    stopped: it is true for both, and tells nothing.
    """
    if not secret_links.SHAPE.fullmatch(secret):
        return not_found(request)
    subscription = Subscription.objects.to_stop(secret)
    if subscription and request.method == "POST":
        subscription.stop()
        subscription = None  # answered at once: no provider of mail follows a redirect
    return render(request, "comments/stop.html", {"subscription": subscription})
