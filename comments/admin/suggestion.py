"""The desk's pages for suggested reprints: the evidence is looked at, and each accepted or not."""

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Case, Value, When
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.admin.evidence import shown
from comments.admin.links import to_post
from comments.admin.readonly import ReadOnlyAdmin
from comments.models import Suggestion

State = Suggestion.State
VERBS = {"_accept": "accept", "_dismiss": "dismiss", "_undo": "undo", "_reopen": "reopen"}
DONE = {
    "accept": _(
        "“%(source)s” is now a reprint in “%(post)s”, and the pasted text is trimmed. Look at it "
        "as readers do; here it can be undone."
    ),
    "dismiss": _("Dismissed: “%(source)s” in “%(post)s” stays as it is."),
    "undo": _("Undone: “%(source)s” stands in the text of “%(post)s” again."),
    "reopen": _("“%(source)s” in “%(post)s” waits for your decision again."),
}


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    """Nothing here is edited: `suggest_reprints` makes the rows, and buttons call their verbs."""

    actions = ["accept", "dismiss"]
    list_display = ["older", "newer", "share_found", "comment_count", "state", "found_at"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["source__title", "post__title"]
    search_help_text = _("Finds words of either title.")
    show_full_result_count = False
    readonly_fields = [
        *("older_post", "newer_post", "share_found", "state", "found_at", "decided_at"),
        "reprint_page",
    ]

    # Who may: those who may change posts

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("posts.change_post")

    def has_view_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_module_permission(self, request):
        return self.has_change_permission(request)

    # The list

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("source", "post")
        return rows.defer("source__text", "post__text", "standing")

    def get_ordering(self, request):
        """Those that are open come first."""
        is_open = Case(When(state=State.OPEN, then=Value(0)), default=Value(1))
        return [is_open.asc(), "post__published_at", "post", "place"]

    def changelist_view(self, request, extra_context=None):
        """Show the list under a title of its own: nothing here is "to change"."""
        context = {"title": _("Older posts that stand, pasted, in newer ones")}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=_("older post"), ordering="source__published_at")
    def older(self, one):
        return with_date(one.source)

    @admin.display(description=_("newer post"), ordering="post__published_at")
    def newer(self, one):
        return with_date(one.post)

    @admin.display(description=_("share found"), ordering="share")
    def share_found(self, one):
        return _now("%(share)s %% of the older post") % {"share": one.share}

    @admin.action(
        description=_("Accept: make reprints of those that are pasted word for word"),
        permissions=["change"],
    )
    def accept(self, request, queryset):
        """Accept the chosen ones; each that can't be, or has to be looked at first, says why."""
        self._each(request, queryset, "accept", _now("Accepted: %s."), unseen=True)

    @admin.action(description=_("Dismiss: leave the texts as they are"), permissions=["change"])
    def dismiss(self, request, queryset):
        """Dismiss the chosen ones; each that can't be says why."""
        self._each(request, queryset, "dismiss", _now("Dismissed: %s."))

    def _each(self, request, queryset, verb, words, **more):
        # As they stand in the texts: the words between two passages introduce the second.
        rows = list(queryset.order_by("post__published_at", "post", "place"))
        done = [one for one in rows if self._do(request, one, verb, **more)]
        if done:
            self.message_user(request, words % len(done), messages.SUCCESS)

    def _do(self, request, one, verb, **more):
        """Call the verb; say whether it was done, and where it was not, tell the user why."""
        about = {"source": str(one.source), "post": str(one.post)}
        try:
            getattr(one, verb)(by=request.user, **more)
        except ValueError as error:
            words = _now("Nothing was done about “%(source)s” in “%(post)s”. %(why)s")
            self.message_user(request, words % {**about, "why": error}, messages.ERROR)
            return False
        except ObjectDoesNotExist:
            words = _now("“%(source)s” in “%(post)s” is no longer there.")
            self.message_user(request, words % about, messages.ERROR)
            return False
        return True

    # The page of one

    def get_fields(self, request, obj=None):
        fields = ["older_post", "newer_post", "share_found", "state", "found_at"]
        if obj and obj.decided_at:
            fields.append("decided_at")
        if obj and obj.reprint_id:
            fields.append("reprint_page")
        return fields

    @admin.display(description=_("older post"))
    def older_post(self, one):
        return linked(one.source)

    @admin.display(description=_("newer post"))
    def newer_post(self, one):
        return linked(one.post)

    @admin.display(description=_("reprint"))
    def reprint_page(self, one):
        address = reverse("admin:posts_reprint_change", args=[one.reprint_id])
        words = _now("its introduction and its comments")
        return format_html('<a href="{}">{}</a>', address, words)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the page, or do what one of its buttons says."""
        one = self.get_object(request, object_id) if request.method == "POST" else None
        if one:
            return self._decide(request, one)
        return super().change_view(request, object_id, form_url, extra_context)

    def _decide(self, request, one):
        """Call the verb of the button; go back to the list if that decides, else to the page."""
        if not self.has_change_permission(request, one):
            raise PermissionDenied
        verb = next((verb for button, verb in VERBS.items() if button in request.POST), None)
        more = {"seen": request.POST.get("seen", "")} if verb == "accept" else {}
        if verb and self._do(request, one, verb, **more):
            words = DONE[verb] % {"source": one.source, "post": one.post}
            self.message_user(request, words, messages.SUCCESS)
            if verb == "dismiss":
                return redirect("admin:comments_suggestion_changelist")
        return redirect("admin:comments_suggestion_change", one.pk)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add the evidence as it stands now, or what an undo would put back."""
        context["title"] = _("A suggested reprint")
        if obj.is_accepted:
            context["returning"] = [mark_safe(text) for text in obj.returning()]  # noqa: S308
        else:
            text, what = obj.look()
            context["evidence"] = what and shown(text, what)
            if what:
                obj.share = what.percent  # of the texts as they stand, like all that is shown
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


def with_date(post):
    """Return the title of the post with its first date."""
    if not post.published_at:
        return post
    date = date_format(timezone.localtime(post.published_at))
    return format_html('{} <span class="quiet">{}</span>', post, date)


def linked(post):
    """Return a link to the post's form, its first moment, and a link to its public page."""
    if not post.is_published:
        return format_html('{} <span class="quiet">{}</span>', to_post(post), _("not public"))
    at = date_format(timezone.localtime(post.published_at), "DATETIME_FORMAT")
    words = _now("first published on %(at)s") % {"at": at}
    page = format_html('<a href="{}">{}</a>', post.get_absolute_url(), _("as readers see it"))
    return format_html('{} <span class="quiet">{}</span> {}', to_post(post), words, page)
