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
    author = {"@type": "Person", "name": Blog.current().author_name}
    described = {
        "@context": "https://schema.org",
        **_named(post),
        "mainEntityOfPage": _address(post),
        "datePublished": post.published_at.isoformat(),
        "dateModified": post.last_changed.isoformat(),
        "author": author,
        "commentCount": reading.comment_count,
    }
    based_on = [
        {
            **_named(part.source),
            "datePublished": part.source.published_at.isoformat(),
            **_exchanged(part.exchanges, part.source, author),
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
        for amendment in reversed(reading.amendments)
    ]
    described |= {"isBasedOn": based_on} if based_on else {}
    described |= {"correction": corrections} if corrections else {}
    described |= _exchanged(reading.exchanges, post, author)
    words = json.dumps(described, ensure_ascii=False).translate(_json_script_escapes)
    return mark_safe(words)  # noqa: S308 - escaped in the line above


def _address(post):
    return settings.SITE_URL + post.get_absolute_url()


def _named(post):
    """Say which post it is."""
    kind = "WebPage" if post.is_page else "BlogPosting"
    return {"@type": kind, "headline": str(post), "url": _address(post)}


def _exchanged(exchanges, post, author):
    """Describe what stands in the exchanges of a post, in order, as its comments."""
    said = []
    for exchange in exchanges:
        subject = _subject(exchange, post)
        standing = (comment for comment in exchange.comments if comment.is_published)
        said += [_said(comment, subject) for comment in standing]
        said += [_asked(request, subject, post, author) for request in exchange.requests]
    return {"comment": said} if said else {}


def _subject(exchange, post):
    """Describe whom the post is about, as far as readers are told."""
    name = {"name": exchange.right.name} if exchange.is_named else {}
    return {
        "@type": "Person",
        **name,
        "subjectOf": {"@type": _named(post)["@type"], "url": _address(post)},
    }


def _said(comment, subject):
    """Describe what a subject, or the author, said in an exchange."""
    author = {"@type": "Person", "name": comment.display_name}
    if comment.is_subjects:
        role = comment.reply.role if hasattr(comment, "reply") else ""
        more = {"jobTitle": role, "url": comment.url}
        author = subject | {key: value for key, value in more.items() if value}
    return {
        "@type": "Comment",
        "author": author,
        "text": html.to_text(comment.shown),
        "datePublished": comment.published_at.isoformat(),
        "url": settings.SITE_URL + comment.get_absolute_url(),
    }


def _asked(request, subject, post, author):
    """Describe a public request for an amendment; the decision on it is the author's answer."""
    is_hidden = request.is_without_words or request.is_withdrawn
    words = [] if is_hidden else [request.words, request.wrong, request.wanted]
    text = "\n\n".join(filter(None, words))
    decision = {
        "@type": "Comment",
        "author": author,
        "name": request.get_state_display(),
        "text": request.reasons,
        "datePublished": request.decided_at and request.decided_at.isoformat(),
    }
    told = {
        "@type": "Comment",
        "author": subject,
        "name": str(request._meta.verbose_name),
        "text": text,
        "datePublished": request.asked_at.isoformat(),
        "url": f"{_address(post)}#request-{request.pk}",
        "creativeWorkStatus": "" if request.was_closed_by_erasing else request.get_state_display(),
        "comment": [_filled(decision)] if request.is_decided else [],
    }
    return _filled(told)


def _filled(described):
    """Leave out what is empty."""
    return {key: value for key, value in described.items() if value}
