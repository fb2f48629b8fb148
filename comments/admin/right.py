"""The desk's pages for rights of reply: who was told, what each has said."""

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, Subquery
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.admin import courtesy
from comments.admin.beside import state_of
from comments.admin.courtesy import moment
from comments.admin.links import to_comment, to_post
from comments.admin.opened import OpenedForm
from comments.admin.printed import PrintedLetter
from comments.admin.unlogged import Unlogged
from comments.models import Letter, LetterboxDraft, RightOfReply


def has_history(right):
    """Say whether the person was told, has spoken, or anything was done: that stays on record.

    What they have begun to write is theirs, too.
    """
    rows = (right.replies, right.requests, right.acts, LetterboxDraft.objects.filter(right=right))
    return bool(right.told_at) or any(several.exists() for several in rows)


class RightForm(OpenedForm):
    """A right of reply. That its subject is not told is a choice, with a reason."""

    WATCHED = ("shown_name", "unnamed", "part", "tell", "not_told_because")

    reason = ""
    """The reason that was typed just now; note_reason() has the verb write it."""
    row = None
    """The right as it is now, where it was held."""

    def hold(self):
        self.row = self.instance.held()
        return self.row

    def clean(self):
        data = super().clean()
        if "not_told_because" not in data:
            return data
        subject = data.get("subject") or (self.instance.subject if self.instance.pk else None)
        reason = data["not_told_because"].strip()
        unticked = "tell" in self.touched and not data.get("tell")
        if unticked and subject and subject.email and not reason:
            self.add_error("not_told_because", _("Say why they are not told."))
        former = (self.row or self.instance).not_told_because
        if reason and reason != former:
            self.reason = reason
            data["not_told_because"] = former
        return data

    def note_reason(self, by):
        """Once it is saved: do not tell the subject, for the reason that was typed."""
        if self.reason:
            self.instance.do_not_tell(self.reason, by=by)


class ToldFilter(admin.SimpleListFilter):
    title = _("told")
    parameter_name = "told"

    def lookups(self, request, model_admin):
        return [
            ("told", _("told")),
            ("unread", _("the letter failed or came back")),
            ("because", _("not told, with a reason")),
            ("to_tell", _("about to be told")),
            ("untold", _("not told, no reason given")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "told":
            return queryset.exclude(told_at=None).filter(unread=None)
        if self.value() == "unread":
            return queryset.exclude(unread=None)
        if self.value() == "because":
            return queryset.filter(told_at=None).exclude(not_told_because="")
        if self.value() == "to_tell":
            return queryset.to_tell()
        if self.value() == "untold":
            return queryset.untold()
        return queryset


@admin.register(RightOfReply)
class RightOfReplyAdmin(Unlogged, PrintedLetter, admin.ModelAdmin):
    form = RightForm
    list_display = ["subject", "post", "told", "not_told_because", "has_replied"]
    ordering = ["-post__published_at", "pk"]
    list_filter = [ToldFilter]
    list_select_related = ["subject", "post"]
    search_fields = ["subject__name", "shown_name", "post__title"]
    autocomplete_fields = ["post", "subject"]
    actions = ["renew_link"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("subject", "post")
        unread = Letter.objects.unread().filter(courtesy__right=OuterRef("pk"))
        unread = unread.filter(courtesy__reprint=None, courtesy__revision=None)
        return rows.annotate(
            reply_count=Count("replies"), unread=Subquery(unread.values("state")[:1])
        )

    def has_delete_permission(self, request, obj=None):
        """Only a right with nothing behind it can be deleted."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not has_history(obj))

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_fields(self, request, obj=None):
        who = ["post_link", "subject"] if obj else ["post", "subject"]
        fields = [*who, "shown_name", "unnamed", "part", "tell", "not_told_because", "told"]
        if obj and self.has_change_permission(request, obj):
            fields.append("opened")
        if obj and obj.is_stopped:
            fields.append("stopped")
        if obj and obj.acts.filter(verb="tell_otherwise").exists():
            fields.append("told_how")
        if obj:
            fields.append("letter_list")
            # The link lets its holder speak as the subject: not for those who may only look.
            secret = (
                ["letterbox_link", "printed_link"]
                if self.has_change_permission(request, obj)
                else []
            )
            fields += [*secret, "reply_list"]
            if request.user.has_perm("comments.view_amendmentrequest"):
                fields.append("request_list")
        return fields

    def get_readonly_fields(self, request, obj=None):
        made = ["post_link", "subject"] if obj else []
        shown = ["told", "told_how", "stopped", "letter_list", "letterbox_link", "printed_link"]
        return [*made, *shown, "reply_list", "request_list"]

    def save_model(self, request, obj, form, change):
        """Save, do what the button says, and draft the letter that is due now."""
        super().save_model(request, obj, form, change)
        form.note_reason(by=request.user)
        if "_renew_link" in request.POST:
            obj.renew_link(by=request.user)
            words = _now("There is a new letterbox link; the former one opens nothing any more.")
            address = reverse("admin:comments_rightofreply_letter", args=[obj.pk])
            look = _now("Letter with the new link, to print or copy")
            link = format_html('{} <a href="{}">{}</a>', words, address, look)
            self.message_user(request, link, messages.SUCCESS)
        elif "_stop" in request.POST:
            obj.stop_letters(by=request.user)
            words = _now("No letters about this post go to them any more.")
            self.message_user(request, words, messages.SUCCESS)
        courtesy.draft(request, post=obj.post)

    def response_change(self, request, obj):
        if "_renew_link" in request.POST or "_stop" in request.POST:
            return redirect("admin:comments_rightofreply_change", obj.pk)
        return super().response_change(request, obj)

    @admin.display(description=_("replied"), boolean=True)
    def has_replied(self, right):
        return right.reply_count > 0

    @admin.display(description=_("told"), ordering="told_at")
    def told(self, right):
        """When they were told, and how, if not by letter; a letter that nobody has read is none."""
        unread = getattr(right, "unread", "")
        if unread == Letter.State.BOUNCED:
            return _("no: the letter came back")
        if unread == Letter.State.FAILED:
            return _("no: the letter failed")
        return moment(right.told_at) if right.told_at else "–"

    @admin.display(description=_("told by other means"))
    def told_how(self, right):
        rows = right.acts.filter(verb="tell_otherwise").order_by("at")
        return format_html_join("", "<p>{}: {}</p>", ((moment(one.at), one.note) for one in rows))

    @admin.display(description=_("post"))
    def post_link(self, right):
        return to_post(right.post)

    @admin.display(description=_("letterbox link"))
    def letterbox_link(self, right):
        return format_html('<code class="secret-link">{}</code>', right.letterbox)

    @admin.display(description=_("for another way than mail"))
    def printed_link(self, right):
        address = reverse("admin:comments_rightofreply_letter", args=[right.pk])
        words = _("Letter to print or copy, and to note that they were told")
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=_("wants no letters since"))
    def stopped(self, right):
        if right.subject.stopped_at:
            return _("%(at)s: none at all") % {"at": moment(right.subject.stopped_at)}
        return _("%(at)s: none about this post") % {"at": moment(right.stopped_at)}

    @admin.display(description=_("letters that tell them"))
    def letter_list(self, right):
        rows = right.courtesy_letters.select_related(
            *("right__subject", "right__post", "reprint__post", "revision", "letter")
        )
        lines = ((courtesy.to_courtesy(one), courtesy.fate(one)) for one in rows)
        return format_html_join("", "<p>{}: {}</p>", lines) or "–"

    @admin.display(description=_("replies"))
    def reply_list(self, right):
        replies = right.replies.select_related("reply").oldest_first()
        return format_html_join(
            "",
            "<p>{} ({})</p>",
            ((to_comment(reply), state_of(reply)) for reply in replies),
        )

    @admin.display(description=_("amendment requests"))
    def request_list(self, right):
        from comments.admin.request import to_request

        return format_html_join(
            "", "<p>{}</p>", ((to_request(one),) for one in right.requests.all())
        )

    @admin.action(description=_("Make a new letterbox link"), permissions=["change"])
    def renew_link(self, request, queryset):
        """End the letterbox links of the chosen rights; new ones take their place."""
        rights = list(queryset)
        for right in rights:
            right.renew_link(by=request.user)
        words = _now("New letterbox links: %s. The former ones open nothing any more.")
        self.message_user(request, words % len(rights), messages.SUCCESS)
