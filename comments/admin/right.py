"""The desk's pages for the people posts are about, and for what each may reply."""

from django.contrib import admin, messages
from django.db.models import Count
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.admin.links import to_comment, to_post
from comments.models import RightOfReply, Subject


def has_history(right):
    """Say whether the person was told, has spoken, or anything was done: that stays on record."""
    rows = (right.replies, right.requests, right.acts)
    return bool(right.told_at) or any(several.exists() for several in rows)


@admin.register(Subject)
class SubjectAdmin(admin.ModelAdmin):
    list_display = ["name", "email", "post_count"]
    ordering = ["name", "pk"]
    search_fields = ["name", "email"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(post_count=Count("rights"))

    @admin.display(description=_("posts"), ordering="post_count")
    def post_count(self, subject):
        return subject.post_count


class ToldFilter(admin.SimpleListFilter):
    title = _("told")
    parameter_name = "told"

    def lookups(self, request, model_admin):
        return [
            ("told", _("told")),
            ("because", _("not told, with a reason")),
            ("to_tell", _("about to be told")),
            ("untold", _("not told, no reason given")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "told":
            return queryset.exclude(told_at=None)
        if self.value() == "because":
            return queryset.filter(told_at=None).exclude(not_told_because="")
        if self.value() == "to_tell":
            return queryset.to_tell()
        if self.value() == "untold":
            return queryset.untold()
        return queryset


@admin.register(RightOfReply)
class RightOfReplyAdmin(admin.ModelAdmin):
    list_display = ["subject", "post", "told_at", "not_told_because", "has_replied"]
    ordering = ["-post__published_at", "pk"]
    list_filter = [ToldFilter]
    list_select_related = ["subject", "post"]
    search_fields = ["subject__name", "shown_name", "post__title"]
    autocomplete_fields = ["post", "subject"]
    actions = ["renew_link"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("subject", "post")
        return rows.annotate(reply_count=Count("replies"))

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
        fields = [*who, "shown_name", "part", "tell", "not_told_because", "told_at"]
        if obj:
            # The link lets its holder speak as the subject: not for those who may only look.
            secret = ["letterbox_link"] if self.has_change_permission(request, obj) else []
            fields += [*secret, "reply_list"]
            if request.user.has_perm("comments.view_amendmentrequest"):
                fields.append("request_list")
        return fields

    def get_readonly_fields(self, request, obj=None):
        made = ["post_link", "subject"] if obj else []
        return [*made, "told_at", "letterbox_link", "reply_list", "request_list"]

    @admin.display(description=_("replied"), boolean=True)
    def has_replied(self, right):
        return right.reply_count > 0

    @admin.display(description=_("post"))
    def post_link(self, right):
        return to_post(right.post)

    @admin.display(description=_("letterbox link"))
    def letterbox_link(self, right):
        return format_html('<code class="secret-link">{}</code>', right.letterbox)

    @admin.display(description=_("replies"))
    def reply_list(self, right):
        replies = right.replies.oldest_first()
        return format_html_join(
            "",
            "<p>{} ({})</p>",
            ((to_comment(reply), reply.get_state_display()) for reply in replies),
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
