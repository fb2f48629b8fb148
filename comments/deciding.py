"""A held comment, decided from the author's mail: a page that shows it, and a button."""

from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from blogsite.requests import secret_page
from blogsite.views import not_found
from comments.models import Act, Comment, Reason

NOTE = "by mail"
HELD, AUTHOR = Comment.State.HELD, Act.Role.AUTHOR


@csrf_exempt  # who knows the secret may decide; nobody else knows it
@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, secret):
    """Show a held comment (looking at it decides nothing), and do what a button says."""
    comment = Comment.objects.by_decision_secret(secret)
    if comment is None:
        return not_found(request)
    asked = request.POST.get("do", "")
    missing = False
    if request.method == "POST" and comment.is_held:
        reason = request.POST.get("reason", "")
        missing = asked == "remove" and reason not in Reason.values
        if not missing and asked in VERBS:
            VERBS[asked](comment, reason)
            return redirect(request.path)
    others = comment.others_of_its_writer()
    context = {
        "comment": comment,
        "others": others[:5],
        "reasons": Reason.choices,
        "missing": missing,
    }
    return render(request, "comments/decide.html", context, status=422 if missing else 200)


def _publish(comment, reason):
    return comment.if_still(HELD, "publish", role=AUTHOR)


def _trust(comment, reason):
    if _publish(comment, reason) and comment.commenter:
        comment.commenter.trust(comment=comment, role=AUTHOR)


def _remove(comment, reason):
    comment.if_still(HELD, "remove", reason=reason, note=NOTE, role=AUTHOR)


def _spam(comment, reason):
    comment.if_still(HELD, "mark_spam", note=NOTE, role=AUTHOR)


VERBS = {"publish": _publish, "trust": _trust, "remove": _remove, "spam": _spam}
