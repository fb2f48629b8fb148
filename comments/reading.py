"""A post as it is read: with its labels, amendments, exchanges, reprints and figures.

`read()` fetches for any number of posts in a fixed number of queries; pages and feeds take what
they show from it, so that a reprint can't show what its source no longer shows.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, prefetch_related_objects

from comments import exchanges, threads
from comments.models import AmendmentRequest, ChosenComment, Comment, RightOfReply
from posts.models import EarlierFigure, Reprint, Revision, ViewDay

Voice = Comment.Voice


@dataclass
class ReprintReading:
    """One reprint with what its source shows now. A source out of public view shows nothing."""

    reprint: Reprint
    place: str  # the beginning of its anchors: "r1" for the first reprint in a post
    exchanges: list
    amendments: list
    earlier: list
    chosen: list

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
    thread: list = field(default_factory=list)
    reprinted_in: list = field(default_factory=list)

    @property
    def has_marks(self):
        return any(entry.mark for entry in self.thread)

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
    amendments = _by("post_id", Revision.objects.filter(post__in=shown).amendments())
    earlier = _by("post_id", EarlierFigure.objects.filter(post__in=shown))
    chosen = _by(
        "reprint_id",
        ChosenComment.objects.filter(reprint__post__in=ids, comment__number__isnull=False)
        .select_related("comment")
        .order_by("order", "pk"),
    )
    views = ViewDay.objects.totals(ids)
    comment_counts = dict(
        Comment.objects.published()
        .filter(post__in=ids)
        .values_list("post")
        .annotate(count=Count("pk"))
    )
    return [
        Reading(
            post=post,
            views=views[post.pk],
            comment_count=comment_counts.get(post.pk, 0),
            earlier=earlier[post.pk],
            amendments=amendments[post.pk],
            exchanges=exchanges_of[post.pk],
            reprints=[
                ReprintReading(
                    reprint=reprint,
                    place=f"r{place}",
                    exchanges=exchanges_of[reprint.source_id],
                    amendments=amendments[reprint.source_id],
                    earlier=earlier[reprint.source_id],
                    chosen=_chosen(chosen[reprint.pk], exchanges_of[reprint.source_id]),
                )
                for place, reprint in enumerate(reprints[post.pk], start=1)
            ],
        )
        for post in posts
    ]


def read_page(post):
    """Return the Reading of one post with what its own page has besides, such as the thread."""
    reading = read([post])[0]
    comments = post.comments.in_thread().order_by("number")
    reading.thread = threads.flatten(list(comments), exchanges.apart(reading.exchanges))
    reading.reprinted_in = [
        reprint.post
        for reprint in post.reprinted_in.published()
        .select_related("post")
        .order_by("post__published_at")
    ]
    return reading


def _chosen(rows, exchanges_shown):
    """Return the comments of these rows, without those that stand in the exchange above them."""
    above = exchanges.apart(exchanges_shown)
    return [row.comment for row in rows if row.comment_id not in above]


def _exchanges(post_ids):
    """Return {post id: exchanges} for these posts, in three queries."""
    rights = _by(
        "post_id", RightOfReply.objects.filter(post__in=post_ids).select_related("subject")
    )
    requests = _by(
        "post_id",
        AmendmentRequest.objects.filter(right__post__in=post_ids)
        .public()
        .select_related("right", "revision"),
        lambda request: request.right.post_id,
    )
    said = _by(
        "post_id",
        Comment.objects.in_thread()
        .filter(post__in=set(rights), voice__in=[Voice.SUBJECT, Voice.AUTHOR])
        .order_by("number"),
    )
    found = defaultdict(list)
    for pk in post_ids:
        found[pk] = exchanges.gather(said[pk], rights[pk], requests[pk])
    return found


def _by(name, rows, key=None):
    """Return {value of the attribute `name` (or of `key`): [rows]}; [] for what is not there."""
    groups = defaultdict(list)
    for row in rows:
        groups[key(row) if key else getattr(row, name)].append(row)
    return groups
