"""What the worker does for posts in each minute's tick."""

from blogsite.queue import one_by_one
from posts.models import Post


def tick():
    """Publish the scheduled posts whose moment has come."""
    for post in Post.objects.due().order_by("publish_at", "pk"):
        one_by_one(post.publish_if_due)
