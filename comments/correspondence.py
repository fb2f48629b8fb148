"""What a subject and the author have sent each other about a post, as the letterbox shows it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite import html
from comments import acts, exchanges, quotation
from comments.models import Act, Comment, Reply
from posts.models import Revision

WITHDREW = _("withdrew a reply")


@dataclass
class Promise:
    """By when the author has promised to have read something, and to decide on it."""

    acknowledge_by: object
    decide_by: object

    @classmethod
    def since(cls, at, blog):
        day = timezone.localdate(at)
        days = (blog.acknowledge_days, blog.decide_days)
        return cls(*(day + timedelta(days=number) for number in days))

    @property
    def is_overdue(self):
        return self.decide_by < timezone.localdate()


@dataclass
class Said:
    """One reply, where it stands, and what the author answered to it under the post."""

    comment: object
    more: object
    waiting_since: object
    promise: Promise
    answers: list = field(default_factory=list)

    @property
    def state(self):
        """Where it stands, in one word for the template."""
        comment = self.comment
        if comment.is_erased:
            return "erased"
        if comment.is_published:
            return "published"
        if self.more.declined_at:
            return "declined"
        if comment.is_held:
            return "reconsider" if self.more.asked_at else "waiting"
        return "withdrawn" if comment.removed_by == Act.Role.SUBJECT else "removed"

    @property
    def can_be_withdrawn(self):
        return self.comment.is_published or self.comment.is_held


@dataclass
class Asked:
    """One request; whether its words stand in the post, and how readers see the amendment."""

    request: object
    amendment: object | None
    stands: bool
    promise: Promise


@dataclass
class Step:
    """One act: when, who (in words) and what (in words)."""

    at: object
    who: str
    what: str
    reason: str


@dataclass
class Correspondence:
    """Everything between a subject and the author, oldest first; `about` are comments meant."""

    replies: list
    requests: list
    history: list
    about: list

    @property
    def last(self):
        """The Said of the last reply of which anything is left, or None."""
        return next((one for one in reversed(self.replies) if one.state != "erased"), None)

    def of(self, pk):
        """Return the Said of the reply with this id, or None."""
        return next((one for one in self.replies if one.comment.pk == pk), None)


def read(right, blog):
    """Return the Correspondence of a right of reply, in a fixed number of queries."""
    replies = _replies(right, blog)
    answers = _answers(right) if any(one.comment.is_in_thread for one in replies) else {}
    for one in replies:
        one.answers = answers.get(one.comment.pk, [])
    claims = right.claims.exclude(comment=None).select_related("comment").order_by("pk")
    return Correspondence(
        replies=replies,
        requests=_requests(right, blog),
        history=_history(right, blog),
        about=[one.comment for one in claims if one.comment.is_published],
    )


def _replies(right, blog):
    said = []
    for comment in right.replies.order_by("written_at", "pk").select_related("reply"):
        # Made when it is first needed: some have none.
        more = getattr(comment, "reply", None) or Reply(comment=comment)
        moments = (comment.written_at, comment.edited_at, more.insisted_at)
        since = max(moment for moment in moments if moment)
        said.append(Said(comment, more, since, Promise.since(since, blog)))
    return said


def _requests(right, blog):
    rows = list(right.requests.select_related("log_entry").order_by("asked_at", "pk"))
    ids = {one.revision_id for one in rows}
    # Without their texts, which may be long; with whether readers may compare them.
    found = Revision.objects.filter(pk__in=ids).amendments().with_words_gone().defer("text")
    amendments = {one.pk: one for one in found}
    text = right.post.text if right.post.is_published else ""
    plain = html.to_text(text)
    return [
        Asked(
            request,
            amendments.get(request.revision_id),
            bool(request.words) and _stands(text, plain, request.words),
            Promise.since(request.asked_at, blog),
        )
        for request in rows
    ]


def _stands(text, plain, words):
    """As quotation.stands(), and at once for words that were copied exactly, as most are."""
    return " ".join(words.split()) in plain or quotation.stands(text, words)


def _answers(right):
    """Return {id of a reply: the author's published answers to it, and to what answers it}."""
    said = Comment.objects.in_thread().filter(
        post=right.post_id, voice__in=[Comment.Voice.SUBJECT, Comment.Voice.AUTHOR]
    )
    said = list(said.order_by("number"))
    belong = exchanges.belonging(said)
    found, to = defaultdict(list), {}
    for comment in said:
        if belong.get(comment.pk) != right.pk:
            continue
        to[comment.pk] = comment.pk if comment.is_subjects else to.get(comment.parent_id)
        if comment.is_authors:
            found[to[comment.pk]].append(comment)
    return found


def _history(right, blog):
    who = {
        Act.Role.SUBJECT: _("you"),
        Act.Role.AUTHOR: blog.author_name,
        Act.Role.PROGRAM: _("the blog"),
        Act.Role.WRITER: _("a reader"),
    }
    return [
        Step(act.at, who[act.role], _what(act), acts.why(act) if act.verb == "remove" else "")
        for act in right.acts.order_by("at", "pk")
    ]


def _what(act):
    is_withdrawal = act.verb == "remove" and act.role == Act.Role.SUBJECT
    return WITHDREW if is_withdrawal else acts.what(act)
