"""The pages that letters lead to: one confirms an address, one stops the letters about answers.

Looking at either changes nothing: programs that look for harm in mail open its links.
"""

from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite import secret_links
from blogsite.requests import secret_page
from blogsite.views import not_found
from comments.claiming import own_page
from comments.models import Claim, Subscription


@csrf_exempt  # who knows the secret may; nobody else knows it
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, secret):
    """Ask whether letters about answers may come to this address, and do what the button says.

    For the address of a claim, show the claim's own page. Always both are looked for, so that what
    is neither takes one path.
    """
    subscription = Subscription.objects.to_confirm(secret)
    claim = Claim.objects.by_secret(secret)
    if claim:
        return own_page(request, claim)
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

    A link that is used up and one that never was get the same page, which says what is true of
    both. Only who has just stopped the letters is told so.
    """
    if not secret_links.SHAPE.fullmatch(secret):
        return not_found(request)
    subscription = Subscription.objects.to_stop(secret)
    context = {"subscription": subscription}
    if subscription and request.method == "POST":
        # Answered at once, and with 200 when sent again: no provider of mail follows a redirect.
        context = {"stopped": subscription.stop()}
    return render(request, "comments/stop.html", context)
