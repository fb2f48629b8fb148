"""What stands beside a decision about a subject: the post, the words meant, and the history."""

from dataclasses import dataclass

from django.utils.html import escape

from comments import quotation
from comments.acts import what, why
from comments.models import Comment
from posts.models import SearchDocument


@dataclass
class Where:
    """The post's text, and where the words that are meant stand: in one of these, or nowhere.

    `marked` is the text with the words marked; `in_title` says that they stand in the title;
    `comment` is one under the post that says them; `revision` the last text that had them.
    """

    text: str
    marked: str | None = None
    in_title: bool = False
    comment: object = None
    revision: object = None


def where(post, words):
    """Return Where the `words` stand in `post`, or what is known of where they stood."""
    if not words.strip():
        return Where(post.text)
    marked = quotation.marked(post.text, words)
    if marked:
        return Where(post.text, marked)
    if quotation.stands(escape(post.title), words):
        return Where(post.text, in_title=True)
    said = SearchDocument.objects.filter(kind=SearchDocument.Kind.COMMENT, post_id=post.pk)
    said = said.filter(public=True, text__icontains=" ".join(words.split())).order_by("number")
    found = said.values_list("row", flat=True).first()
    if found:
        return Where(post.text, comment=Comment.objects.filter(pk=found).first())
    for revision in post.revisions.order_by("-number").iterator(chunk_size=5):
        if quotation.stands(revision.text, words):
            return Where(post.text, revision=revision)
    return Where(post.text)


def context(user, right, words=""):
    """Return what the template admin/desk/_beside.html and its like need: a dict.

    What `user` may not see is left out.
    """
    post = right.post
    may_read = post.is_published or user.has_perm("posts.view_post")
    acts = right.acts.select_related("by", "comment", "request").order_by("at", "pk")
    return {
        "right": right,
        "post": post,
        "words": words,
        "where": where(post, words) if may_read else None,
        "history": [(act, what(act), why(act)) for act in acts],
        "replies": right.replies.oldest_first() if user.has_perm("comments.view_comment") else [],
        "requests": (
            right.requests.all() if user.has_perm("comments.view_amendmentrequest") else []
        ),
    }
