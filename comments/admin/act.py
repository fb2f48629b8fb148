"""The desk's list of acts: who did what to what, when, for which reason."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from comments.admin.readonly import ReadOnlyAdmin
from comments.models import Act, Reason

VERBS = {
    "publish": _("published"),
    "hold": _("put back to be decided"),
    "remove": _("removed"),
    "erase": _("erased for good"),
    "mark_spam": _("marked as spam"),
    "tell": _("told by letter"),
    "renew_link": _("made a new letterbox link"),
    "reply": _("replied"),
    "ask": _("asked for an amendment"),
    "write_down_request": _("wrote a request down"),
    "request made": _("made the amendment asked for"),
    "request in_part": _("made in part the amendment asked for"),
    "request declined": _("declined an amendment"),
    "answer_complaint": _("answered a complaint"),
    "trust": _("trusted its writer"),
    "distrust": _("trusted its writer no longer"),
    "edit": _("changed the words"),
    "accept_suggestion": _("made a pasted older post a reprint"),
    "undo_suggestion": _("undid that, and put the text back"),
    "dismiss_suggestion": _("dismissed a suggested reprint"),
    "reopen_suggestion": _("reopened a suggested reprint"),
}


def what(act):
    """Return in words what was done."""
    return VERBS.get(act.verb, act.verb)


def why(act):
    """Return in words for which reason."""
    return dict(Reason.choices).get(act.reason, act.reason)


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
