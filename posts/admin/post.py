"""The desk's pages for one post: the form with its buttons, and the preview."""

import json

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from comments.models import AmendmentRequest
from posts.admin import counts
from posts.admin.editor import NoncedMedia
from posts.admin.figure_picker import FigurePages
from posts.admin.forms import PostForm
from posts.admin.inlines import EarlierFigureInline, ReprintInline, RightInline
from posts.admin.people import PeoplePages
from posts.admin.post_list import PostList
from posts.admin.publishing import Publishing
from posts.admin.reprintable import ReprintablePages
from posts.admin.revisions import RevisionPages
from posts.models import Post


@admin.register(Post)
class PostAdmin(
    NoncedMedia, FigurePages, PeoplePages, Publishing, RevisionPages, ReprintablePages, PostList
):
    form = PostForm
    inlines = [ReprintInline, RightInline, EarlierFigureInline]
    autocomplete_fields = ["labels"]

    # Who may

    def has_delete_permission(self, request, obj=None):
        """Only a draft that was never public can be deleted; the rest is taken out of view."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or (obj.is_draft and obj.published_at is None))

    # The form

    def get_fieldsets(self, request, obj=None):
        may = self.has_change_permission(request, obj) if obj else True
        sets = [(None, {"fields": ["title", "text", "labels"]})]
        if may and obj and obj.published_at:
            change = {"fields": ["sort", "note", "withheld"]}
            if not obj.is_published:
                change["description"] = _(
                    "For the button “Publish now”: what has changed since readers last saw it."
                )
            sets.append((_("This change"), change))
        if may and not (obj and obj.is_published):
            sets.append((_("Publish later"), {"fields": ["when"]}))
        more = {"fields": ["slug", "kind", "comment_policy"], "classes": ["collapse"]}
        return [*sets, (_("Address, kind and comments"), more)]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.asked_editor = request.GET.get("editor", "")
        return form

    def get_inline_formsets(self, *args, **kwargs):
        """Let the link that adds a row say what an inline has for it, `add_text`."""
        found = super().get_inline_formsets(*args, **kwargs)
        for rows in found:
            if words := getattr(rows.opts, "add_text", ""):
                data = json.loads(rows.inline_formset_data())
                data["options"]["addText"] = str(words)
                rows.inline_formset_data = json.dumps(data)
        return found

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add what is shown beside the form: requests, views, which editor is in use."""
        form = context["adminform"].form
        context["is_source"] = getattr(form, "is_source", False)
        if obj:
            context["views"] = {"days": counts.by_day(obj), "left_out": counts.left_out(obj)}
            if request.user.has_perm("comments.view_amendmentrequest"):
                requests = AmendmentRequest.objects.filter(right__post=obj)
                context["requests"] = requests.select_related("right__subject")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save title, text and the like; of a public post, as a revision of the sort asked."""
        if "_unpublish" in request.POST and not form.revision.get("note"):
            # First: what was typed at last, and nobody was told of, is no text that readers saw.
            Post.objects.get(pk=obj.pk).unpublish()
            obj.save()
        elif change and obj.is_published:
            made = obj.revise(obj.title, obj.text, by=request.user, **form.revision)
            request.amended = bool(made and made.is_amendment)
        else:
            obj.save()

    def construct_change_message(self, request, form, formsets, add=False):
        """Leave people out of Django's own history, which would keep their names for good."""
        formsets = [rows for rows in formsets or () if rows.prefix != "rights"]
        return super().construct_change_message(request, form, formsets, add)

    # The preview

    def get_urls(self):
        preview = path(
            "<int:pk>/preview/",
            self.admin_site.admin_view(self.preview),
            name="posts_post_preview",
        )
        return [preview, *super().get_urls()]

    def preview(self, request, pk):
        """Show the post as it will look, to those who may see it at the desk."""
        from posts.views import render_post

        post = get_object_or_404(Post, pk=pk)
        if not self.has_view_or_change_permission(request, post):
            raise PermissionDenied
        response = render_post(request, post, preview=True)
        response["Cache-Control"] = "no-store"
        return response

    def view_on_site(self, post):
        """The public address, or the preview of what is not public."""
        if post.is_published:
            return post.get_absolute_url()
        return reverse("admin:posts_post_preview", args=[post.pk])
