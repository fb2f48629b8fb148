"""The desk's list of acts: who did what to what, when, for which reason."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.acts import what, why
from comments.admin.readonly import ReadOnlyAdmin
from comments.models import Act


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    list_display = ["at", "who", "what", "why", "post", "comment_number"]
    list_filter = ["role", "verb", "reason"]
    search_fields = ["note"]
    list_select_related = ["by", "post", "comment"]
    date_hierarchy = "at"
    show_full_result_count = False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("who"), ordering="role")
    def who(self, act):
        return act.by or act.get_role_display()

    @admin.display(description=_("what"), ordering="verb")
    def what(self, act):
        return what(act)

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, act):
        return ": ".join(str(words) for words in (why(act), act.note) if words)

    @admin.display(description=_("comment"))
    def comment_number(self, act):
        return act.comment and (act.comment.number or "–")
