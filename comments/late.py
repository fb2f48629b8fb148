"""Late replies: what the people a post is about said when its readers had gone on: news of it."""

from datetime import timedelta

from django.utils import timezone

from comments.models import Comment

RECENT = timedelta(days=30)
MOST = 5
"""Posts that the home page says were answered lately."""


def newest():
    """Return the late replies under public posts and pages, newest first, with these."""
    replies = Comment.objects.late_replies().on_public_posts()
    return replies.select_related("post", "right__subject").newest_first()


def recently_answered():
    """Return the newest late reply under each post that was answered lately, newest first."""
    rows = newest().filter(published_at__gte=timezone.now() - RECENT)
    found = {}
    for reply in rows.defer("typed", "shown", "post__text"):
        found.setdefault(reply.post_id, reply)
    return list(found.values())[:MOST]
