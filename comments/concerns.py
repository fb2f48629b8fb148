"""Concerns: what the author should know before a post that reprints older ones is public."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comments import exchanges
from comments.models import AmendmentRequest, ChosenComment, Comment, RightOfReply
from posts.models import Reprint, Revision

Voice = Comment.Voice


@dataclass(frozen=True)
class Concern:
    """One thing to know of the post `source_id`: in words, and the row that it is about."""

    kind: str
    source_id: int
    words: str
    about: object

    @property
    def key(self):
        """The same for the same thing, however often it is asked."""
        return f"{self.kind} {self.about._meta.label_lower} {self.about.pk}"


def concerns(post):
    """Return the Concerns about what `post` reprints, in order, in a fixed number of queries."""
    reprints = list(
        Reprint.objects.filter(post=post).select_related("source", "revision").order_by("order")
    )
    sources = [reprint.source_id for reprint in reprints]
    rights = _by_post(RightOfReply.objects.filter(post__in=sources).select_related("subject"))
    said = _by_post(
        Comment.objects.filter(post__in=sources, voice__in=[Voice.SUBJECT, Voice.AUTHOR])
        .select_related("right__subject")
        .order_by("number", "pk")
    )
    requests = _by_post(
        AmendmentRequest.objects.awaiting_decision()
        .filter(right__post__in=sources)
        .select_related("right__subject"),
        lambda request: request.right.post_id,
    )
    amendments = _by_post(Revision.objects.filter(post__in=sources).amendments().defer("text"))
    gone = _by_post(
        ChosenComment.objects.filter(reprint__post=post)
        .exclude(comment__state=Comment.State.PUBLISHED)
        .select_related("comment"),
        lambda row: row.comment.post_id,
    )
    found = []
    for reprint in reprints:
        source = reprint.source
        if not source.is_published:
            words = _("“%(title)s” is not public: readers will see a note in its place.")
            found.append(Concern("gone", source.pk, words % {"title": source}, source))
            continue
        found += _of_pin(reprint, amendments[source.pk])
        found += _of_requests(source, requests[source.pk])
        found += _of_replies(source, said[source.pk], rights[source.pk])
        found += _of_untold(source, rights[source.pk])
        found += _of_chosen(source, gone[source.pk])
    return found


def fingerprint(found):
    """Return a short text that is the same as long as the Concerns are the same."""
    return sha256("\n".join(sorted(one.key for one in found)).encode()).hexdigest()[:32]


def _of_pin(reprint, amendments):
    title = {"title": reprint.source}
    if not reprint.revision:
        return
    if reprint.revision.withheld:
        words = _(
            "“%(title)s”: the words of the text that you pinned are withheld. Readers will see "
            "the text as it stands."
        )
        yield Concern("withheld", reprint.source_id, words % title, reprint.source)
        return
    later = [one for one in amendments if one.number > reprint.revision.number]
    for amendment in later:
        words = _(
            "“%(title)s” was amended on %(date)s, after the text that you pinned. Readers will "
            "see the note beside the older text."
        )
        date = date_format(timezone.localtime(amendment.since), "DATE_FORMAT")
        yield Concern("amended", reprint.source_id, words % {**title, "date": date}, amendment)


def _of_requests(source, requests):
    for request in requests:
        words = _("“%(title)s”: %(name)s has asked for an amendment, and you have not decided.")
        yield Concern(
            "request", source.pk, words % {"title": source, "name": request.right.name}, request
        )


def _of_replies(source, said, rights):
    for comment in said:
        if comment.is_subjects and comment.is_held:
            words = _("“%(title)s”: a reply by %(name)s waits to be let through.")
            names = {"title": source, "name": comment.right.name}
            yield Concern("held", source.pk, words % names, comment)
    thread = [comment for comment in said if comment.is_in_thread]
    for exchange in exchanges.gather(thread, rights, []):
        stands = [comment for comment in exchange.comments if comment.is_published]
        if exchange.reply and not any(comment.is_authors for comment in stands):
            words = _("“%(title)s”: you have not answered the reply by %(name)s.")
            names = {"title": source, "name": exchange.right.name}
            yield Concern("unanswered", source.pk, words % names, exchange.reply)


def _of_untold(source, rights):
    for right in rights:
        if right.told_at:
            continue
        names = {"title": source, "name": right.name, "reason": right.not_told_because}
        words = _("“%(title)s”: %(name)s, whom it is about, was never told of it.")
        if right.not_told_because:
            words = _(
                "“%(title)s”: %(name)s, whom it is about, was never told of it. Your reason "
                "was: %(reason)s"
            )
        yield Concern("untold", source.pk, words % names, right)


def _of_chosen(source, gone):
    for row in gone:
        words = _(
            "“%(title)s”: comment %(number)s, which you chose, was removed. Readers will see that "
            "it was."
        )
        names = {"title": source, "number": row.comment.number}
        yield Concern("removed", source.pk, words % names, row.comment)


def _by_post(rows, key=None):
    """Return {post id: [rows]}; [] for what is not there."""
    groups = defaultdict(list)
    for row in rows:
        groups[key(row) if key else row.post_id].append(row)
    return groups
