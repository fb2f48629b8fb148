"""Links from one page of the desk to another."""

from django.urls import reverse
from django.utils.html import format_html


def to_post(post):
    """Return a link to the post's form at the desk, or None."""
    return post and _link("admin:posts_post_change", post.pk, post)


def to_comment(comment):
    """Return a link to the comment's page at the desk, or None."""
    return comment and _link("admin:comments_comment_change", comment.pk, comment)


def _link(name, pk, words):
    return format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), words)
