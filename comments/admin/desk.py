"""The desk's section "Waiting for you": what only the author can decide."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Window
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from blogsite import html
from comments.models import (
    AmendmentRequest,
    Comment,
    Complaint,
    Letter,
    RightOfReply,
    Suggestion,
)

MOST = 5


@dataclass
class Row:
    """One thing that waits: where it is decided, what it is, since when, until when."""

    address: str
    words: str
    more: str
    at: datetime
    until: datetime | None = None


@dataclass
class Waiting:
    """One kind of thing that waits: the oldest few, and how many there are."""

    name: str
    title: str
    address: str
    total: int
    rows: list[Row] = field(default_factory=list)


def waiting(user):
    """Return what waits for `user`, a list of Waiting; what they may not see is left out."""
    kinds = [
        ("comments.view_comment", held),
        ("comments.view_comment", replies),
        ("comments.view_amendmentrequest", requests),
        ("comments.view_complaint", complaints),
        ("comments.view_rightofreply", untold),
        ("comments.view_letter", failed),
        ("posts.change_post", suggested),
    ]
    found = [kind() for permission, kind in kinds if user.has_perm(permission)]
    return [one for one in found if one.total]


def held():
    """Readers' comments that are held, the oldest first."""
    rows = Comment.objects.held().exclude(voice=Comment.Voice.SUBJECT).oldest_first()
    # Of those that are alike, one.
    lines = rows.select_related("post").one_of_each_flood()
    return _gather(
        "held",
        _("Comments held"),
        "comments_comment",
        "?state=held&voice__exact=reader",
        rows.select_related("post"),
        _comment,
        lines,
    )


def replies():
    """Subjects' replies that are not let through yet."""
    rows = Comment.objects.held().filter(voice=Comment.Voice.SUBJECT).oldest_first()
    return _gather(
        "replies",
        _("Replies to let through"),
        "comments_comment",
        "?state=held&voice__exact=subject",
        rows.select_related("post"),
        _comment,
    )


def requests():
    """Amendment requests without a decision."""
    rows = AmendmentRequest.objects.awaiting_decision().order_by("asked_at")
    return _gather(
        "requests",
        _("Requests for an amendment"),
        "comments_amendmentrequest",
        "?state__exact=waiting",
        rows.select_related("right__subject", "right__post"),
        lambda one: (_short(one), str(one.right.post), one.asked_at),
    )


def complaints():
    """Complaints without an answer; those that mean the law come first."""
    rows = Complaint.objects.waiting().order_by("-law", "made_at")
    return _gather(
        "complaints",
        _("Complaints"),
        "comments_complaint",
        "?answered=no",
        rows.select_related("post"),
        lambda one: (_short(one), str(one.post), one.made_at, one.answer_by),
    )


def untold():
    """Subjects of public posts whom nobody has told, and no reason is written down."""
    rows = RightOfReply.objects.untold().order_by(F("post__published_at"), "pk")
    return _gather(
        "untold",
        _("People not told yet"),
        "comments_rightofreply",
        "?told=untold",
        rows.select_related("subject", "post"),
        lambda one: (str(one.subject), str(one.post), one.post.published_at),
    )


def failed():
    """Letters that no mail server would take, and those that came back."""
    return _gather(
        "failed",
        _("Letters that failed or came back"),
        "comments_letter",
        "?state__in=failed,bounced",
        Letter.objects.for_the_desk().undelivered().order_by("written_at"),
        lambda one: (_short(one), one.fault or one.get_state_display(), one.written_at),
    )


def suggested():
    """Older posts found pasted in newer ones, in one query."""
    rows = Suggestion.objects.open().select_related("source", "post").order_by("found_at", "pk")
    rows = rows.defer("source__text", "post__text", "standing").annotate(total=Window(Count("pk")))
    rows = list(rows[:MOST])
    address = reverse("admin:comments_suggestion_changelist") + "?state__exact=open"
    shown = [
        Row(
            reverse("admin:comments_suggestion_change", args=[one.pk]),
            str(one.source),
            _("stands in “%(post)s”") % {"post": one.post},
            one.found_at,
        )
        for one in rows
    ]
    total = rows[0].total if rows else 0
    return Waiting("suggested", _("Suggested reprints"), address, total, shown)


def _gather(name, title, model, query, rows, row, lines=None):
    """Return the Waiting of the queryset `rows`; `row` makes words, more, at, until of each.

    `lines` are those of the rows that shall be shown, where it is not just the first of them.
    """
    address = reverse(f"admin:{model}_changelist") + query
    first = (rows if lines is None else lines)[:MOST]
    shown = [Row(reverse(f"admin:{model}_change", args=[one.pk]), *row(one)) for one in first]
    return Waiting(name, title, address, rows.count(), shown)


def _comment(comment):
    words = Truncator(html.to_text(comment.shown)).words(14)
    return f"{comment.display_name}: {words}", str(comment.post), comment.written_at


def _short(one):
    return Truncator(str(one)).words(14)
