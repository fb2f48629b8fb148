"""What a subject and the author have sent each other about a post, as the letterbox shows it."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import html
from comments import acts, exchanges, promises, quotation
from comments.models import Act, Comment, CommentRevision, Reply
from posts.models import Revision

LONG = 600


@dataclass
class Said:
    """One reply, where it stands, and what the author answered to it under the post."""

    comment: object
    more: object
    promise: promises.Promise | None
    erased_at: object = None
    answers: list = field(default_factory=list)
    former: list = field(default_factory=list)
    """Its former words (CommentRevisions), with what the author asked about each."""

    @property
    def state(self):
        """Where it stands, in one word for the template."""
        return self.more.state

    @property
    def is_long(self):
        """Whether its words are folded, so that nobody scrolls through them to what follows."""
        return len(self.comment.typed) > LONG

    @property
    def can_be_withdrawn(self):
        return self.comment.is_published or self.comment.is_held


@dataclass
class Asked:
    """One request; whether its words stand in the post, and how readers see the amendment."""

    request: object
    amendment: object | None
    stands: bool
    promise: promises.Promise | None
    is_shown: bool
    """Whether readers see its words, and not only that there is one."""


@dataclass
class Step:
    """One act: when, who did what (a sentence), why, and what it is about: its place and words."""

    at: object
    what: str
    reason: str
    place: str
    about: str


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
    requests = _requests(right, blog, any(one.comment.is_published for one in replies))
    rows = Act.objects.filter(Q(right=right) | Q(claim__right=right))
    claims = right.claims.exclude(comment=None).select_related("comment").order_by("pk")
    return Correspondence(
        replies=replies,
        requests=requests,
        history=list(_steps(rows, blog, _places(replies, requests))),
        about=[one.comment for one in claims if one.comment.is_published],
    )


def steps_of_claim(claim, blog):
    """Return what was done about a claim, as a list of Steps."""
    return list(_steps(claim.acts.all(), blog))


def _replies(right, blog):
    said = []
    erased = Act.objects.filter(right=right, verb="erase").values_list("comment_id", "at")
    erased = dict(erased.order_by("at", "pk"))
    former = defaultdict(list)
    for row in CommentRevision.objects.filter(comment__right=right).order_by("until", "pk"):
        former[row.comment_id].append(row)
    for comment in right.replies.order_by("written_at", "pk").select_related("reply"):
        more = Reply.about(comment)
        one = Said(comment, more, more.promise(blog), erased.get(comment.pk))
        one.former = former[comment.pk]
        said.append(one)
    return said


def _requests(right, blog, has_reply):
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
            request.promise(blog),
            request.is_decided or has_reply,
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


def _steps(rows, blog, places=None):
    """Return the Steps of these acts; `places` is {row: (anchor, words)} of what they are about."""
    others = {Act.Role.AUTHOR: blog.author_name, Act.Role.WRITER: _("a reader")}
    places = places or {}
    for act in rows.order_by("at", "pk"):
        who = others.get(act.role, _("the blog"))
        why = acts.why(act) if act.verb == "remove" and act.role != Act.Role.SUBJECT else ""
        about = ("comment", act.comment_id) if act.comment_id else ("request", act.request_id)
        yield Step(act.at, acts.to_you(act, who), why, *places.get(about, ("", "")))


def _places(replies, requests):
    found = {}
    for said in replies:
        at = date_format(timezone.localtime(said.comment.written_at), "DATETIME_FORMAT")
        words = _now("your reply of %s") % at
        found["comment", said.comment.pk] = (f"sent-{said.comment.pk}", words)
    for asked in requests:
        at = date_format(timezone.localtime(asked.request.asked_at), "DATETIME_FORMAT")
        words = _now("your request of %s") % at
        found["request", asked.request.pk] = (f"request-{asked.request.pk}", words)
    return found
