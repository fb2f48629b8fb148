"""What stands beside a decision about a subject: the post, the words meant, and the history."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from comments import quotation
from comments.admin.history import steps
from comments.models import Comment, Reply
from posts.models import SearchDocument

READ = _lazy("They are told that you have read it.")


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


def of_post(user, post, words="", comment=None):
    """Return what the template admin/desk/_beside.html needs: a dict.

    Meant are the `words` of the post, or a `comment` under it. What `user` may not see is left out.
    """
    may_read = post.is_published or user.has_perm("posts.view_post")
    return {
        "post": post,
        "words": words,
        "where": where(post, words) if may_read else None,
        "meant": comment,
    }


def context(user, right, page_of, words=""):
    """Return what that template, _history.html and _same.html need, of a reply or a request.

    `page_of` is the one that the page is about.
    """
    may_reply, may_ask = (
        user.has_perm(f"comments.view_{model}") for model in ("comment", "amendmentrequest")
    )
    replies = right.replies.select_related("reply").oldest_first() if may_reply else []
    requests = list(right.requests.all()) if may_ask else []
    return {
        **of_post(user, right.post, words),
        "right": right,
        "history": steps(right.acts, user, page_of),
        "replies": [(comment, state_of(comment)) for comment in replies],
        "requests": requests,
        "unread": right.unread_count() if _may_acknowledge_all(user) else 0,
    }


def acknowledge_all(user, right):
    """Say that everything of the subject about this post was read; return that in words."""
    if not _may_acknowledge_all(user):
        raise PermissionDenied
    right.acknowledge_all(by=user)
    return _("%s is told that you have read everything.") % right.subject.name


def _may_acknowledge_all(user):
    return user.has_perms(["comments.change_comment", "comments.change_amendmentrequest"])


def state_of(comment):
    """Return in words how a subject's comment stands: “removed” says too little of it."""
    words = {"erased": _("erased"), "declined": _("declined"), "withdrawn": _("withdrawn by them")}
    return words.get(Reply.about(comment).state, comment.get_state_display())
