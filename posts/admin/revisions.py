"""The desk's pages for the texts a post has had: any two compared, any one taken up again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from blogsite.requests import as_number
from posts import changes as changing
from posts.admin.forms import revision_words
from posts.comparison import compare
from posts.models import Post


def asked_number(request, name):
    """Return the number of a revision that `?name=` asks for, or None for anything else."""
    return as_number(request.GET.get(name))


def revisions_of(post):
    """Return the revisions of `post`, oldest first, without their texts."""
    return list(post.revisions.defer("text").select_related("by").order_by("number"))


def standing(post):
    """Return the number of the revision that is the text the post has now, or None.

    Out of view a post may be rewritten without a revision: then none of them stands.
    """
    last = post.revisions.order_by("-number").values("number")[:1]
    same = post.revisions.filter(title=F("post__title"), text=F("post__text"), number=last)
    return same.values_list("number", flat=True).first()


class RevisionPages:
    """For the ModelAdmin of posts: the comparison, and the form that begins with a former text."""

    def get_urls(self):
        changes = path(
            "<int:pk>/changes/",
            self.admin_site.admin_view(self.changes),
            name="posts_post_changes",
        )
        return [changes, *super().get_urls()]

    # The comparison

    def changes(self, request, pk):
        """Show all revisions of a post, what readers are not shown too, and compare two of them."""
        post = get_object_or_404(Post, pk=pk)
        if not self.has_view_or_change_permission(request, post):
            raise PermissionDenied
        revisions = revisions_of(post)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Changes to “%s”") % post,
            "opts": self.opts,
            "original": post,
            "revisions": revisions,
            "standing": standing(post),
            "has_change_permission": self.has_change_permission(request, post),
            **self._compared(request, revisions),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/posts/post/changes.html", context)

    def _compared(self, request, revisions):
        """Return what the page says of the two revisions asked for: {} where there is but one."""
        texts = [changing.Version(one, one) for one in revisions]
        two = changing.two(texts, asked_number(request, "from"), asked_number(request, "to"))
        if not two:
            return {}
        older, newer = (one.revision for one in two)
        offered = [(one.number, revision_words(one)) for one in revisions]
        return {
            "two": (older, newer),
            "compared": compare(older, newer),
            "choices": [
                ("from", _("From text"), older.number, offered),
                ("to", _("to text"), newer.number, offered),
            ],
        }

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if obj and "restore" in request.GET and self.has_change_permission(request, obj):
            number = asked_number(request, "restore")
            form.restored = obj.revisions.filter(number=number).first()
        return form

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add the post's revisions, and the one that the form begins with, where one was asked."""
        if obj:
            context["revisions"] = revisions_of(obj)
            context["standing"] = standing(obj)
            context["restored"] = getattr(context["adminform"].form, "restored", None)
            asked = "restore" in request.GET and self.has_change_permission(request, obj)
            if asked and request.method == "GET" and not context["restored"]:
                words = _("This post has no such former text. Here it is as it stands.")
                self.message_user(request, words, messages.WARNING)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
