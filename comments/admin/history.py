"""What was done about something, step by step, as the pages of the desk show it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comments.acts import what, why
from comments.models import Act, AmendmentRequest, Claim, Comment

Role = Act.Role
BESIDE = ("by", "right__subject", "comment", "request", "claim__right__subject")


@dataclass(frozen=True)
class Step:
    """One act in words: who did what to what (`thing`, which stands at `address`), and why."""

    at: datetime
    who: str
    what: str
    thing: str
    address: str
    why: str
    note: str


def steps(acts, user, page_of=None, things=True):
    """Return the Steps of these acts (a queryset), oldest first, in one query.

    `page_of` is what the page is about that shows them. Without `things`, all are about that. What
    `user` may not see is named, but there is no way to it.
    """
    rows = acts.select_related(*BESIDE).defer("comment__typed", "comment__shown")
    return [
        Step(
            act.at,
            _who(act),
            what(act),
            *(_thing(act, user, page_of) if things else ("", "")),
            why(act),
            act.note,
        )
        for act in rows.order_by("at", "pk")
    ]


def _who(act):
    if act.by:
        return str(act.by)
    right = act.right or (act.claim and act.claim.right)
    if act.role == Role.SUBJECT:  # of a claim that nobody has accepted, it is not known who
        return right.subject.name if right else _("the person")
    words = {Role.AUTHOR: _("the author"), Role.WRITER: _("its writer")}
    return words.get(act.role) or act.get_role_display()


def _thing(act, user, page_of):
    """Return (what it was done to, in words, and its address): "" each, where it was the right."""
    thing = act.request or act.comment or act.claim
    if thing is None:
        return "", ""
    if thing == page_of:
        return THIS[type(thing)](), ""
    words, permission, name = _named(thing)
    may = user.has_perm(f"comments.{permission}")
    return words, reverse(f"admin:{name}", args=[thing.pk]) if may else ""


def _named(thing):
    """Return what it is in words, the permission to look at it, and the name of its page."""
    if isinstance(thing, AmendmentRequest):
        words = _("the request of %s") % _day(thing.asked_at)
        return words, "view_amendmentrequest", "comments_amendmentrequest_change"
    if isinstance(thing, Claim):
        words = _("“this post is about me”, said on %s") % _day(thing.made_at)
        return words, "view_claim", "comments_claim_change"
    if thing.is_subjects:
        words = _("the reply of %s") % _day(thing.written_at)
        return words, "view_comment", "comments_comment_reply"
    words = _("comment %s") % (thing.number or "–")
    return words, "view_comment", "comments_comment_change"


THIS = {
    AmendmentRequest: lambda: _("this request"),
    Claim: lambda: "",
    Comment: lambda: _("this reply"),
}


def _day(at):
    return date_format(timezone.localtime(at))
