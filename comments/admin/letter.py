"""The desk's pages for letters: what was sent, what was not, and why."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.admin.readonly import ReadOnlyAdmin
from comments.models import Letter


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "state", "written_at", "sent_at", "tries", "fault"]
    list_filter = ["state"]
    search_fields = ["subject", "to"]
    fields = [
        *("subject", "to", "body", "state", "written_at", "next_try_at", "tries", "sent_at"),
        *("fault", "post"),
    ]
    readonly_fields = fields
    actions = ["retry"]

    def get_queryset(self, request):
        """Leave out letters to commenters: the author does not see their addresses."""
        return super().get_queryset(request).for_the_desk()

    def render_change_form(self, request, context, *args, **kwargs):
        """Nothing here can be changed, so there is nothing to save."""
        context.update(show_save=False, show_save_and_continue=False, show_close=True)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description=_("Try again now"), permissions=["change"])
    def retry(self, request, queryset):
        """Send the chosen letters as soon as may be; those that were sent stay sent."""
        letters = list(queryset.exclude(state=Letter.State.SENT))
        for letter in letters:
            letter.retry()
        words = _now("Letters to be tried again: %s.") % len(letters)
        self.message_user(request, words, messages.SUCCESS)
