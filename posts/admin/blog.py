"""The desk's pages for the blog itself, its labels and its old addresses."""

from django.contrib import admin
from django.db.models import Count
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from posts.models import Blog, Label, OldAddress


@admin.register(Blog)
class BlogAdmin(admin.ModelAdmin):
    """One row, so no list: the list's address leads to the row."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Blog.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        """Lead to the one row, or to the form that makes it."""
        if Blog.objects.exists() and self.has_view_or_change_permission(request):
            return redirect("admin:posts_blog_change", 1)
        if self.has_add_permission(request):
            return redirect("admin:posts_blog_add")
        return super().changelist_view(request, extra_context)


@admin.register(Label)
class LabelAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "post_count"]
    ordering = ["name"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(post_count=Count("posts"))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False  # Label.save() makes one
        return form

    @admin.display(description=_("posts"), ordering="post_count")
    def post_count(self, label):
        return label.post_count


@admin.register(OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    list_display = ["path", "query", "post"]
    list_select_related = ["post"]
    search_fields = ["path", "query"]
    autocomplete_fields = ["post"]
