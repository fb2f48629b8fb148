"""The desk's moderation queue, and the page of one comment."""

from django.contrib import admin, messages
from django.db.models import Count, OuterRef
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import html
from comments.admin.erasing import ErasingPage
from comments.admin.forms import ModerationActionForm, ModerationForm, StateFilter
from comments.admin.history import steps
from comments.admin.links import to_post
from comments.admin.marking import MarkingPage
from comments.admin.queue import FloodFilter, Queue
from comments.admin.readonly import ReadOnlyAdmin
from comments.admin.reply import ReplyPage
from comments.models import Comment
from posts.admin import counts
from posts.admin.searched import SearchedAdmin
from posts.models import SearchDocument

OTHERS_SHOWN = 20
PARENT_SHOWN = 240
"""Characters, in the list, of what a comment answers; its page has all of it."""
STATES = {
    Comment.State.PUBLISHED: _("%s published"),
    Comment.State.REMOVED: _("%s removed"),
    Comment.State.SPAM: _("%s spam"),
}


def _others(state):
    """Return the expression for how many others the same person wrote are in this state."""
    rows = Comment.objects.filter(commenter=OuterRef("commenter"), state=state)
    rows = rows.exclude(pk=OuterRef("pk")).order_by().values("commenter")
    return counts.number_of(rows.annotate(number=Count("pk")))


HISTORY = {f"others_{state}": _others(state) for state in STATES}


def history(comment):
    """Return, in words, whether its writer is trusted, and what became of their other comments."""
    others = ((words, getattr(comment, f"others_{state}")) for state, words in STATES.items())
    told = [words % number for words, number in others if number]
    trusted = [_now("trusted")] if comment.commenter.trusted else []
    if not told:
        return trusted
    return [*trusted, _now("of the same person: %s") % "; ".join(told)]


VERBS = {"_publish": "publish", "_remove": "remove", "_spam": "spam"}
TRUST = {"_trust": "trust", "_distrust": "distrust"}


@admin.register(Comment)
class CommentAdmin(Queue, ErasingPage, MarkingPage, ReplyPage, ReadOnlyAdmin, SearchedAdmin):
    """Words are looked at here and never edited: they are their writer's."""

    form = ModerationForm
    action_form = ModerationActionForm
    actions = ["publish", "publish_and_trust", "remove", "mark_spam"]
    list_display = ["said", "on_post", "held_reasons"]
    list_display_links = None
    list_filter = [StateFilter, "voice", "kind", FloodFilter]
    list_per_page = 50
    search_fields = ["typed"]
    search_help_text = _("Finds words and names, in every state unless one is chosen.")
    search_kind = SearchDocument.Kind.COMMENT
    facts = ["state", "post_link", "number", "name", "voice", "written_at", "held_reasons"]
    dates = ["published_at", "removed_at", "removed_by", "removed_because"]
    readonly_fields = [*facts, *dates]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        beside = ("post", "parent", "commenter", "right__subject", "right__post", "reply")
        rows = rows.select_related(*beside)
        return rows.with_root().annotate(**HISTORY)

    def get_ordering(self, request):
        """The queue is worked from its oldest end; everything else is looked up newest first."""
        if StateFilter.asked(request) == Comment.State.HELD:
            return ["written_at", "pk"]
        return ["-written_at", "-pk"]

    # The queue

    def changelist_view(self, request, extra_context=None):
        """Show the list under a title of its own: nothing here is "to change"."""
        context = {"title": _("What readers and subjects said"), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("comment"), ordering="written_at")
    def said(self, comment):
        """Who said it, in answer to what and when; below it the whole of what is shown."""
        is_named = comment.is_subjects and not comment.is_erased
        name = comment.right.subject.name if is_named else comment.display_name
        facts = [comment.get_voice_display()]
        if comment.is_erased:
            facts.append(_now("erased"))
        if comment.commenter_id:
            facts += history(comment)
        if comment.parent:
            parent = comment.parent
            facts.append(_now("answers %s") % f"{parent.number or '–'} {parent.display_name}")
        at = date_format(timezone.localtime(comment.written_at), "DATETIME_FORMAT")
        return format_html(
            '<a class="said-by" href="{}">{}</a> <span class="quiet">{}</span>'
            '{}<div class="said">{}</div>',
            reverse("admin:comments_comment_change", args=[comment.pk]),
            f"{comment.number} {name}" if comment.number else name,
            ", ".join([*facts, at]),
            self._parent(comment.parent),
            comment.shown,
        )

    def _parent(self, parent):
        """Return the beginning of what is answered, which is to be seen beside the answer."""
        words = parent and Truncator(html.to_text(parent.shown)).chars(PARENT_SHOWN)
        return format_html('<div class="parent">{}</div>', words) if words else ""

    @admin.display(description=_("post"), ordering="post")
    def on_post(self, comment):
        return to_post(comment.post)

    @admin.display(description=_("why"))
    def held_reasons(self, comment):
        """Why it is held; or, once it is taken out of sight, why that is."""
        if comment.is_published or comment.is_held:
            return "; ".join(str(reason) for reason in comment.hold_reasons)
        return comment.get_removed_because_display()

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        """Let the chosen comments stand under their posts; a subject's reply too."""
        self.decide_all(request, "publish", queryset)

    @admin.action(description=_("Publish, and trust their writers"), permissions=["change"])
    def publish_and_trust(self, request, queryset):
        """Publish the chosen comments, and hold nothing more of whoever wrote them."""
        self.decide_all(request, "trust", queryset)

    @admin.action(description=_("Remove, for the reason chosen here"), permissions=["change"])
    def remove(self, request, queryset):
        """Take the chosen comments down for one of the published reasons."""
        form = self.action_form(request.POST)
        form.fields["action"].choices = self.get_action_choices(request)
        reason = form.cleaned_data.get("reason") if form.is_valid() else ""
        if not reason:
            words = _("Choose the reason for removing; nothing was removed.")
            self.message_user(request, words, messages.ERROR)
            return
        self.decide_all(request, "remove", queryset, reason, form.cleaned_data["note"])

    @admin.action(description=_("Mark as spam"), permissions=["change"])
    def mark_spam(self, request, queryset):
        """Take the chosen comments away as spam."""
        self.decide_all(request, "spam", queryset, note=request.POST.get("note", ""))

    # The page of one comment

    def get_fieldsets(self, request, obj=None):
        dates = [name for name in self.dates if obj and getattr(obj, name)]
        sets = [(None, {"fields": [*self.facts, *dates]})]
        if self.has_change_permission(request, obj):
            sets.append((_("Decide"), {"fields": ["reason", "note"]}))
        return sets

    @admin.display(description=_("post"))
    def post_link(self, comment):
        return to_post(comment.post)

    def view_on_site(self, comment):
        """The public address; None, and so no button, where there is nothing to see."""
        return comment.get_absolute_url() if comment.is_published else None

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add what stands beside the facts: the words, what they answer, what was done."""
        if obj:
            context["history"] = steps(obj.acts, request.user, obj, things=False)
            context["former"] = obj.revisions.all()
            context["others"] = obj.others_of_its_writer()[:OTHERS_SHOWN]
            context["complaints"] = obj.complaints.all()
            if obj.is_in_thread and obj.post.is_published:
                address = reverse("write", args=[obj.post.slug])
                context["answer_address"] = f"{address}?to={obj.number}"
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        """Do what the button says, by the model's own verb; never save the row itself."""
        verb = next((verb for button, verb in VERBS.items() if button in request.POST), None)
        trust = next((verb for button, verb in TRUST.items() if button in request.POST), None)
        if trust and obj.commenter:
            getattr(obj.commenter, trust)(by=request.user, comment=obj)
            self.forget_decision(request)
        if verb:
            data = form.cleaned_data
            self.decide_all(request, verb, [obj], data["reason"], data["note"])

    def response_change(self, request, obj):
        """Go back to the queue; what has become of the comment is said there, beside the undo."""
        if "_trust" in request.POST:
            words = _("Trusted: what this person writes is no longer held.")
            self.message_user(request, words, messages.SUCCESS)
        elif "_distrust" in request.POST:
            words = _("No longer trusted: what this person writes is looked at as anybody's.")
            self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:comments_comment_changelist")
