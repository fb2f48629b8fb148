"""The pages that letters lead to: one confirms an address, one stops the letters.

Both are for letters about answers; letters to the people posts are about can be stopped too.
Looking at either changes nothing: programs that look for harm in mail open its links.
"""

from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite.requests import secret_page
from blogsite.views import not_found
from comments.claiming import own_page
from comments.models import Claim, RightOfReply, Subject, Subscription


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
    both: each is looked for in all three ways. Only who has just stopped the letters about answers
    is told so; a subject, whose link goes on working, can have letters again.
    """
    subscription = Subscription.objects.to_stop(secret)
    right = RightOfReply.objects.to_stop(secret)
    subject = Subject.objects.to_stop(secret)
    context = {"subscription": subscription, "right": right, "subject": subject}
    if request.method == "POST":
        # Answered at once, and with 200 when sent again: no provider of mail follows a redirect.
        if subscription:
            context = {"stopped": subscription.stop()}
        elif right and "all" in request.POST:
            context["done"] = _wished(request.POST, right.subject)
        elif right or subject:
            context["done"] = _wished(request.POST, right or subject)
    return render(request, "comments/stop.html", context)


def _wished(data, who):
    """Do what a subject's button says, or else stop the letters; return what was done.

    `who` is the Subject, or the RightOfReply where it is about one post.
    """
    if "resume" in data:
        who.resume_letters()
        return "resumed"
    who.stop_letters()
    if "erase" in data and isinstance(who, Subject):
        who.forget_email()
        return "erased"
    return "stopped"
