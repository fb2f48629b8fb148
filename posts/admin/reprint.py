"""The desk's page for one reprint: its introduction, and the comments it brings along."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from posts.admin.chosen import choose
from posts.admin.editor import NoncedMedia
from posts.admin.reprint_form import ReprintPageForm
from posts.models import Reprint


@admin.register(Reprint)
class ReprintAdmin(NoncedMedia, admin.ModelAdmin):
    """Reached from the post's form; there reprints are added and taken away."""

    form = ReprintPageForm
    list_display = ["source", "post", "order", "figure", "figure_at"]
    list_select_related = ["source", "post"]
    readonly_fields = ["source_link", "post_link", "figure", "figure_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source", "post")

    def get_fieldsets(self, request, obj=None):
        fields = ["source_link", "post_link", "introduction", "revision", "figure", "figure_at"]
        sets = [(None, {"fields": fields})]
        if self.has_change_permission(request, obj):
            sets.append((_("Readers’ comments"), {"fields": ["comments"]}))
        return sets

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("older post"))
    def source_link(self, reprint):
        return format_html('<a href="{}">{}</a>', reprint.source.get_absolute_url(), reprint.source)

    @admin.display(description=_("reprinted in"))
    def post_link(self, reprint):
        address = reverse("admin:posts_post_change", args=[reprint.post_id])
        return format_html('<a href="{}">{}</a>', address, reprint.post)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "comments" in form.cleaned_data:
            choose(form.instance, form.cleaned_data["comments"])

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        if "_continue" in request.POST or "_popup" in request.POST:
            return response
        return redirect("admin:posts_post_change", obj.post_id)
