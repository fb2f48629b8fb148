"""The desk's pages for letters: what was sent, what was not, and why."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.html import format_html
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
        *("subject", "to", "text", "state", "written_at", "next_try_at", "tries", "sent_at"),
        *("fault", "seen_to_at", "post"),
    ]
    readonly_fields = fields
    actions = ["retry", "it_came_back"]

    def get_queryset(self, request):
        """Leave out letters to commenters: the author does not see their addresses."""
        return super().get_queryset(request).for_the_desk()

    def render_change_form(self, request, context, *args, **kwargs):
        """Nothing here can be changed, so there is nothing to save: see submit_line.html."""
        context["title"] = _("A letter")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        """Write no field, but do what the button says."""
        if "_came_back" in request.POST:
            self.it_came_back(request, Letter.objects.filter(pk=obj.pk))
        elif "_seen_to" in request.POST:
            obj.see_to()
            words = _now("Seen to: it is left out of the list of what waits for you.")
            self.message_user(request, words, messages.SUCCESS)
        elif "_retry" in request.POST:
            self.retry(request, Letter.objects.filter(pk=obj.pk))

    def response_change(self, request, obj):
        return redirect("admin:comments_letter_change", obj.pk)

    def log_change(self, request, obj, message):
        """Write nothing: nothing was changed by hand."""

    @admin.display(description=_("text"))
    def text(self, letter):
        return format_html('<div class="letter-text">{}</div>', letter.shown)

    @admin.action(description=_("Try again now"), permissions=["change"])
    def retry(self, request, queryset):
        """Send the chosen letters as soon as may be; those that were sent stay sent."""
        letters = list(queryset.exclude(state=Letter.State.SENT))
        for letter in letters:
            letter.retry()
        words = _now("Letters to be tried again: %s.") % len(letters)
        self.message_user(request, words, messages.SUCCESS)

    @admin.action(description=_("It came back: nobody has read it"), permissions=["change"])
    def it_came_back(self, request, queryset):
        """Note that the chosen letters came back, which most do into the author's own mailbox."""
        letters = list(queryset.filter(state=Letter.State.SENT))
        for letter in letters:
            letter.came_back()
        words = _now("Letters that came back: %s. The desk goes on naming them.") % len(letters)
        self.message_user(request, words, messages.SUCCESS)
