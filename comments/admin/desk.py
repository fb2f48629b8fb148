"""The desk's section "Waiting for you": what only the author can decide."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from blogsite import html
from comments.admin import subjects
from comments.models import Comment, Complaint, Letter, Suggestion

MOST = 5


@dataclass
class Row:
    """One thing that waits: where it is decided, what it is, since when, until when.

    `left` says in words how much time is left of what was promised.
    """

    address: str
    words: str
    more: str
    at: datetime
    until: datetime | None = None
    left: str = ""


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
        ("comments.view_complaint", complaints),
        ("comments.view_letter", failed),
        ("posts.change_post", suggested),
    ]
    found = [kind() for permission, kind in kinds if user.has_perm(permission)]
    return [one for one in [about_subjects(user), *found] if one.total]


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


def about_subjects(user):
    """Everything about the people posts are about, the most urgent of it first."""
    found = subjects.lines(user)
    shown = [
        Row(
            line.address,
            f"{line.who}: {line.words}" if line.words else line.who,
            f"{line.title} · {line.post} · {line.due}",
            line.since,
            left=line.left,
        )
        for line in found[:MOST]
    ]
    address = reverse("admin:comments_subjects")
    return Waiting("subjects", _("About the people posts are about"), address, len(found), shown)


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


def failed():
    """Letters that no mail server would take or that came back, but for those about subjects."""
    rows = Letter.objects.for_the_desk().undelivered().filter(right=None, claim=None)
    return _gather(
        "failed",
        _("Letters that failed or came back"),
        "comments_letter",
        "?state__in=failed,bounced&right__isnull=True&claim__isnull=True",
        rows.order_by("written_at"),
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
