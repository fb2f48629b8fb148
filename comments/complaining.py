"""Where any reader says what is wrong with a comment or a post; and the rules it is measured by."""

from datetime import timedelta

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blogsite.requests import is_ours
from comments.forms import ComplaintForm
from comments.models import AmendmentRequest, Comment, Complaint, Reason, Reply
from comments.models.complaint import TooMany
from comments.models.reason import MEANINGS
from comments.views import NOT_OURS, lost
from posts.models import Blog
from posts.old_addresses import post_named

MONTHS = 24


@csrf_exempt  # see blogsite/requests.py
@require_http_methods(["GET", "HEAD", "POST"])
def complain_of_comment(request, pk):
    """The form for a complaint about a comment; and where it is sent."""
    comments = Comment.objects.published().on_public_posts().select_related("post", "reply")
    comment = comments.filter(pk=pk).first()
    return lost(request) if comment is None else _complain(request, comment.post, comment)


@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
def complain_of_post(request, slug):
    """The same for a post."""
    post = post_named(slug)
    return lost(request) if post is None else _complain(request, post)


def _complain(request, post, comment=None):
    form = ComplaintForm(request.POST if request.method == "POST" else None, action=request.path)
    status = 200
    if request.method == "POST":
        status = 422
        if not is_ours(request):
            status = 403
            form.add_error(None, NOT_OURS)
        if form.is_valid():
            data = {key: value for key, value in form.cleaned_data.items() if key != "submission"}
            try:
                Complaint.objects.make(post, comment=comment, **data)
            except TooMany:
                status = 429
                words = _(
                    "Many people have complained about this just now, and the author will look at "
                    "it. Yours is not stored; you can send it again in an hour."
                )
                form.add_error(None, words)
            else:
                return redirect(f"{request.path}?sent")
    context = {"post": post, "comment": comment, "form": form, "sent": "sent" in request.GET}
    return render(request, "comments/complain.html", context, status=status)


@require_safe
def rules(request):
    """What is removed and why, in words and in numbers."""
    since = (timezone.localtime() - timedelta(days=31 * MONTHS)).replace(day=1, hour=0, minute=0)
    # As they are now: what was put back, or removed by a slip of the hand, does not count.
    removed = Comment.objects.removed().filter(removed_at__gte=since).order_by()
    removed = removed.exclude(removed_because=Reason.OLD_SYSTEM)
    removed = removed.exclude(reply__declined_at__isnull=False)  # these are told by themselves
    counted = removed.annotate(month=TruncMonth("removed_at")).values_list(
        "month", "removed_because"
    )
    months = {}
    for month, reason, number in counted.annotate(number=Count("pk")):
        months.setdefault(month, {})[reason] = number
    reasons = [(one, MEANINGS[one]) for one in Reason]
    used = [one for one in Reason if any(one in numbers for numbers in months.values())]
    rows = [
        (month, [numbers.get(one, 0) for one in used], sum(numbers.get(one, 0) for one in used))
        for month, numbers in sorted(months.items(), reverse=True)
    ]
    context = {"reasons": reasons, "used": used, "rows": rows[:MONTHS], **_measures(since)}
    return render(request, "comments/rules.html", context)


def _measures(since):
    """Return what the author can be measured by, since a moment: what subjects sent and asked.

    `declined` replies; `requests`, the public ones by what was decided, and those that wait.
    """
    blog = Blog.current()
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    state = AmendmentRequest.State
    erased = Q(state=state.DECLINED, decided_at=F("erased_at"))  # closed, not declined
    lately, waiting = Q(decided_at__gte=since), Q(state=state.WAITING)
    late = waiting & Q(asked_at__lt=today - timedelta(days=blog.decide_days))
    return {
        "promise": blog,
        "declined": Reply.objects.filter(declined_at__gte=since).count(),
        "requests": AmendmentRequest.objects.public().aggregate(
            made=Count("pk", filter=lately & Q(state=state.MADE)),
            in_part=Count("pk", filter=lately & Q(state=state.MADE_IN_PART)),
            declined=Count("pk", filter=lately & Q(state=state.DECLINED) & ~erased),
            erased=Count("pk", filter=lately & erased),
            waiting=Count("pk", filter=waiting),
            late=Count("pk", filter=late),
        ),
    }
