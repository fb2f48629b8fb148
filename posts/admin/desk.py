"""The desk's sections about posts: the latest ones, and those not published yet."""

from django.db.models import F, Sum

from comments.models import Comment
from posts.admin import counts
from posts.models import Post, ViewDay

MOST = 8


def latest(user):
    """Return the newest posts, each with `views`, `comments_published` and `comments_held`."""
    if not user.has_perm("posts.view_post"):
        return []
    posts = Post.objects.published().posts().newest_first().defer("text")
    return list(
        posts.annotate(
            views=counts.views(),
            comments_published=counts.comments(state="published"),
            comments_held=counts.comments(state="held"),
        )[:MOST]
    )


def totals(user):
    """Return {"views", "comments"} of the whole blog: all counted here, and all published."""
    if not user.has_perm("posts.view_post"):
        return {}
    return {
        "views": ViewDay.objects.aggregate(total=Sum("count"))["total"] or 0,
        "comments": Comment.objects.published().count(),
    }


def unfinished(user):
    """Return scheduled posts, the next one first, then the drafts changed last."""
    if not user.has_perm("posts.view_post"):
        return []
    posts = Post.objects.filter(state__in=[Post.State.SCHEDULED, Post.State.DRAFT])
    return list(
        posts.defer("text").order_by(F("publish_at").asc(nulls_last=True), "-changed_at")[:MOST]
    )
