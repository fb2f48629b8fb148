"""The letterbox: a subject's secret page, on which they reply and see what became of it."""

from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite.requests import secret_page
from blogsite.views import not_found as lost  # it hands back what was typed
from comments.forms import LetterboxForm
from comments.models import RightOfReply


@csrf_exempt  # who knows the secret may write; nobody else knows it
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def letterbox(request, secret):
    """A subject's letterbox: the post, the form, and what became of what was sent."""
    right = RightOfReply.objects.by_secret(secret)
    if right is None:
        return lost(request)
    form = LetterboxForm(request.POST if request.method == "POST" else None, action=request.path)
    sent = "sent" in request.GET
    status = 200
    if request.method == "POST":
        if form.is_valid():
            _received(right, form.cleaned_data)
            return redirect(f"{request.path}?sent")
        status = 422
    context = {
        "right": right,
        "post": right.post,
        "form": form,
        "sent": sent,
        "replies": right.replies.order_by("written_at"),
        "requests": right.requests.all(),
    }
    return render(request, "comments/letterbox.html", context, status=status)


def _received(right, data):
    """Store a reply, a request or both, together."""
    with transaction.atomic():
        if data["text"].strip():
            right.receive(data["text"], submission=data["submission"])
        if data["wrong"].strip():
            right.ask(**{name: data[name] for name in ("words", "wrong", "wanted", "public")})
