"""The desk's list of acts: who did what to what, when, for which reason."""

from django.contrib import admin

from comments.admin.readonly import ReadOnlyAdmin
from comments.models import Act


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    list_display = ["at", "role", "by", "verb", "reason", "note", "post", "comment_number"]
    list_filter = ["role", "verb", "reason", "by"]
    list_select_related = ["by", "post", "comment"]
    date_hierarchy = "at"
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=Act._meta.get_field("comment").verbose_name)
    def comment_number(self, act):
        return act.comment and (act.comment.number or "–")
