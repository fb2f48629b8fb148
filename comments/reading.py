"""A post as it is read: with its labels, amendments, exchanges, reprints and figures.

`read()` fetches for any number of posts in a fixed number of queries; pages and feeds take what
they show from it, so that a reprint can't show what its source no longer shows.
"""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field

from django.db.models import Count, Q, prefetch_related_objects
from django.utils import timezone

from comments import exchanges, thread_pages
from comments.models import Act, AmendmentRequest, ChosenComment, Comment, RightOfReply
from posts import changes
from posts.models import Blog, EarlierFigure, Post, Reprint, Revision, ViewDay, figures
from posts.models.revision import CLEAN_UPS

Voice = Comment.Voice
TOLD = Q(number__isnull=False) | (
    Q(reply__declined_at__isnull=False) & ~Q(removed_by__in=[Act.Role.SUBJECT, Act.Role.WRITER])
)
"""What readers are told of: what has a place in the thread, and replies that were declined, unless
their writer took them back."""


@dataclass
class Pin:
    """Which version of its source a reprint shows: not the text as it stands, but one revision.

    It stood from `since` until another one did, at `until` (None: it stands); `newest` is the
    number of the one that stands now.
    """

    number: int
    since: object
    until: object
    newest: int


@dataclass
class ReprintReading:
    """One reprint with what its source shows now. A source out of public view shows nothing.

    `pinned` says which revision it shows, or None: the text as it stands. `amendments` are the
    source's: all, or those after the one pinned. `earlier` are the figures of earlier systems that
    were true by the day of the reprint; `reprints` are the public posts that the source reprinted.
    """

    reprint: Reprint
    place: str  # the beginning of its anchors: "r1" for the first reprint in a post
    pinned: Pin | None
    text: str
    exchanges: list
    amendments: list
    earlier: list
    chosen: list
    reprints: list

    @property
    def source(self):
        return self.reprint.source


@dataclass
class Reading:
    """A post with all that is read with it. `views` are counted here, `earlier` elsewhere."""

    post: object
    views: int
    comment_count: int
    earlier: list
    amendments: list
    exchanges: list
    reprints: list
    thread: thread_pages.ThreadPage | None = None  # on its own page
    reprinted_in: list = field(default_factory=list)  # [(post, its number of comments)]
    has_changes: bool = False  # whether there is anything that readers can compare

    @property
    def replies(self):
        """The published replies of subjects, first one first."""
        return [exchange for exchange in self.exchanges if exchange.reply]


def read(posts):
    """Return a list of Readings, one for each of `posts`, in a fixed number of queries."""
    posts = list(posts)
    prefetch_related_objects(posts, "labels")
    ids = [post.pk for post in posts]
    reprints = _by(
        "post_id",
        Reprint.objects.filter(post__in=ids).select_related("source", "revision").order_by("order"),
    )
    public = {
        reprint.source_id
        for several in reprints.values()
        for reprint in several
        if reprint.source.is_published
    }
    shown = public.union(ids)
    exchanges_of = _exchanges(shown)
    amendments = _by(
        "post_id",
        Revision.objects.filter(post__in=shown)
        .amendments()
        .with_words_gone()
        .select_related("log_entry")
        .defer("text", "instead")
        .order_by("-number"),
    )
    _tie(exchanges_of, amendments)
    revisions = _revisions(reprints, public)
    inner = _inner(public)
    earlier = _by("post_id", EarlierFigure.objects.filter(post__in=shown))
    chosen = _by(
        "reprint_id",
        ChosenComment.objects.filter(reprint__post__in=ids, comment__number__isnull=False)
        .select_related("comment__parent")
        .order_by("order", "pk"),
    )
    views = ViewDay.objects.totals(ids)
    comment_counts = _comment_counts(ids)
    parts = {}
    for reprint in (reprint for several in reprints.values() for reprint in several):
        source = reprint.source
        pinned, text = _shown(reprint, revisions[source.pk])
        parts.setdefault(reprint.post_id, []).append(
            ReprintReading(
                reprint=reprint,
                place=f"r{len(parts.get(reprint.post_id, ())) + 1}",
                pinned=pinned,
                text=text,
                exchanges=exchanges_of[source.pk],
                amendments=_since(pinned, amendments[source.pk]),
                earlier=earlier[source.pk],
                chosen=_chosen(chosen[reprint.pk], exchanges_of[source.pk]),
                reprints=inner[source.pk],
            )
        )
    readings = [
        Reading(
            post=post,
            views=views[post.pk],
            comment_count=comment_counts.get(post.pk, 0),
            earlier=earlier[post.pk],
            amendments=amendments[post.pk],
            exchanges=exchanges_of[post.pk],
            reprints=parts.get(post.pk, []),
        )
        for post in posts
    ]
    for reading in readings:
        for part in reading.reprints:
            part.earlier = _by_then(part.reprint, reading.post, part.earlier)
    return readings


def read_page(post, asked=thread_pages.PLAIN):
    """Return the Reading of one post with what its own page has besides.

    That is, among others, the page of its thread that was `asked` for.
    """
    reading = read([post])[0]
    reading.thread = thread_pages.read(post, asked)
    newer = list(
        Post.objects.published().filter(reprints__source=post).order_by("published_at", "pk")
    )
    counts = _comment_counts(newer)
    reading.reprinted_in = [(other, counts.get(other.pk, 0)) for other in newer]
    reading.has_changes = post.revisions.filter(number__gt=1).exclude(sort__in=CLEAN_UPS).exists()
    return reading


def show_figures(reading):
    """Let the reading of a post that is not public show its tokens as the figures of this moment.

    The post itself stays as it is, for whoever may save it; the reading gets a copy.
    """
    now = timezone.now()
    reading.post = copy(reading.post)
    reading.post.text = figures.fill(reading.post.text, now, Post.objects)
    for part in reading.reprints:
        part.reprint = copy(part.reprint)
        part.reprint.introduction = figures.fill(part.reprint.introduction, now, Post.objects)


def _comment_counts(posts):
    """Return {post id: published comments}; posts without any are not in it."""
    comments = Comment.objects.published().filter(post__in=posts)
    return dict(comments.values_list("post").annotate(count=Count("pk")))


def _revisions(reprints, public):
    """Return {source id: its revisions} for the public sources of which one is pinned."""
    pinned = {
        reprint.source_id
        for several in reprints.values()
        for reprint in several
        if reprint.pinned and reprint.source_id in public
    }
    return _by("post_id", Revision.objects.filter(post__in=pinned).order_by("number"))


def _shown(reprint, revisions):
    """Return (Pin or None, text): what this reprint shows; `revisions` are those of its source."""
    versions = changes.versions(revisions)
    version = reprint.pinned and changes.find(versions, reprint.pinned.number)
    if not version:
        return None, reprint.source.text
    later = changes.after(versions, version)
    pin = Pin(version.number, version.since, later and later.since, versions[-1].number)
    return pin, version.text


def _since(pinned, amendments):
    """Return those of the amendments that came after what is pinned, if something is."""
    return [one for one in amendments if not pinned or one.number > pinned.number]


def _by_then(reprint, post, earlier):
    """Return those of the earlier systems' figures that were true when the reprint appeared."""
    at = reprint.figure_at or post.published_at
    day = timezone.localtime(at).date() if at else timezone.localdate()
    return [figure for figure in earlier if figure.as_of <= day]


def _inner(sources):
    """Return {source id: the public posts that it reprinted}, in order."""
    rows = Reprint.objects.filter(post__in=sources, source__state=Post.State.PUBLISHED)
    groups = _by("post_id", rows.select_related("source").order_by("order", "pk"))
    return defaultdict(list, {pk: [row.source for row in rows] for pk, rows in groups.items()})


def _chosen(rows, exchanges_shown):
    """Return the comments of these rows, without those that stand in the exchange above them."""
    above = exchanges.apart(exchanges_shown)
    return [row.comment for row in rows if row.comment_id not in above]


def _exchanges(post_ids):
    """Return {post id: exchanges} for these posts, in three queries; one more for late decisions.

    What is read of a comment is what may be shown; where it has a Reply, that comes along.
    """
    rights = _by(
        "post_id", RightOfReply.objects.filter(post__in=post_ids).select_related("subject")
    )
    requests = _by(
        "post_id",
        AmendmentRequest.objects.filter(right__post__in=post_ids)
        .public()
        .select_related("right__subject", "log_entry"),
        lambda request: request.right.post_id,
    )
    said = _by(
        "post_id",
        Comment.objects.filter(TOLD, post__in=set(rights), voice__in=[Voice.SUBJECT, Voice.AUTHOR])
        .with_erased_at()
        .select_related("reply")
        .order_by("number", "pk"),
    )
    _look_at_promises([request for several in requests.values() for request in several])
    found = defaultdict(list)
    for pk in post_ids:
        found[pk] = exchanges.gather(said[pk], rights[pk], requests[pk])
    return found


def _look_at_promises(requests):
    """Let each request that waits for too long know by when a decision was `promised`."""
    waiting = [request for request in requests if request.is_awaiting_decision]
    blog = Blog.current() if waiting else None
    for request in waiting:
        promise = request.promise(blog)
        request.promised = promise.decide_by if promise.decide_by < promise.today else None


def _tie(exchanges_of, amendments):
    """Let each public request know its `amendment`, and each amendment who `asked` for it."""
    for pk, found in exchanges_of.items():
        by_id = {amendment.pk: amendment for amendment in amendments[pk]}
        for amendment in by_id.values():
            amendment.asked = []
        for request in (request for exchange in found for request in exchange.requests):
            request.amendment = by_id.get(request.revision_id)
            if request.amendment:
                request.amendment.asked.append(request)


def _by(name, rows, key=None):
    """Return {value of the attribute `name` (or of `key`): [rows]}; [] for what is not there."""
    groups = defaultdict(list)
    for row in rows:
        groups[key(row) if key else getattr(row, name)].append(row)
    return groups
