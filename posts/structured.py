"""What search engines are told of a post: schema.org's BlogPosting, as JSON-LD."""

import json

from django.conf import settings
from django.utils.html import _json_script_escapes
from django.utils.safestring import mark_safe

from blogsite import html
from posts.models import Blog


def article(reading):
    """Return the JSON-LD of a post that is being read: dates, amendments, reprints, exchanges.

    It stands in a `<script>` that no browser runs; nothing in it can end that script.
    """
    post = reading.post
    address = settings.SITE_URL + post.get_absolute_url()
    described = {
        "@context": "https://schema.org",
        "@type": "WebPage" if post.is_page else "BlogPosting",
        "headline": str(post),
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": post.published_at.isoformat(),
        "dateModified": post.last_changed.isoformat(),
        "author": {"@type": "Person", "name": Blog.current().author_name},
        "commentCount": reading.comment_count,
    }
    based_on = [
        {
            "@type": "BlogPosting",
            "headline": str(part.source),
            "url": settings.SITE_URL + part.source.get_absolute_url(),
            "datePublished": part.source.published_at.isoformat(),
        }
        for part in reading.reprints
        if part.source.is_published
    ]
    corrections = [
        {
            "@type": "CorrectionComment",
            "text": amendment.note,
            "datePublished": amendment.since.isoformat(),
        }
        for amendment in reading.amendments
    ]
    exchanged = [_said(comment, exchange) for exchange, comment in _standing(reading)]
    described |= {"isBasedOn": based_on} if based_on else {}
    described |= {"correction": corrections} if corrections else {}
    described |= {"comment": exchanged} if exchanged else {}
    words = json.dumps(described, ensure_ascii=False).translate(_json_script_escapes)
    return mark_safe(words)  # noqa: S308 - escaped in the line above


def _standing(reading):
    """Return what stands in the exchanges of a post: [(exchange, comment)], in order."""
    return [
        (exchange, comment)
        for exchange in reading.exchanges
        for comment in exchange.comments
        if comment.is_published
    ]


def _said(comment, exchange):
    """Describe what a subject, or the author, said in an exchange."""
    name = exchange.right.name if comment.is_subjects else comment.display_name
    return {
        "@type": "Comment",
        "author": {"@type": "Person", "name": name},
        "text": html.to_text(comment.shown),
        "datePublished": comment.published_at.isoformat(),
        "url": settings.SITE_URL + comment.get_absolute_url(),
    }
