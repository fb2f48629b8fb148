"""The desk's queue: each comment with its decisions beside it, floods in one line, and an undo."""

import time

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blogsite.requests import as_pk
from comments import undoing
from comments.admin.forms import StateFilter
from comments.models import Comment, Reason

UNDO = "undo"
UNDO_FOR = 60 * 60  # seconds
MOST_PUBLISHED = 200
"""Of a flood, in one go: each takes its number, one after the other."""
FEW = 3
"""More than these are marked as spam at once, as far as no reader has seen them."""
DECIDED = {
    "publish": (_("Published: %s."), Comment.State.PUBLISHED),
    "trust": (_("Published, and their writers trusted from now on: %s."), Comment.State.PUBLISHED),
    "remove": (_("Removed: %s."), Comment.State.REMOVED),
    "spam": (_("Marked as spam: %s."), Comment.State.SPAM),
}


def as_root(typed):
    """Return the root of a flood (Comment.objects.with_root) that stands in an address, or None."""
    typed = typed or ""
    number = as_pk(typed.removeprefix("-"))
    return -number if number and typed.startswith("-") else number


class FloodFilter(admin.SimpleListFilter):
    """All of one flood, which is otherwise one line. Not offered; the line leads to it."""

    title = _("flood")
    parameter_name = "flood"

    def lookups(self, request, model_admin):
        root = as_root(request.GET.get(self.parameter_name))
        return [(str(root), _("of one flood"))] if root else []

    def queryset(self, request, queryset):
        root = as_root(self.value())
        return queryset.of_flood(root) if root else queryset


class QueueList(ChangeList):
    """The list of comments; in the queue, a flood is one line, and each knows its `flood_size`."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        # One query for the page; one within each row would look through all that waits each time.
        rows = Comment.objects.held().with_root().order_by().values_list("root")
        sizes = dict(
            rows.filter(root__in={one.root for one in self.result_list}).annotate(Count("pk"))
        )
        for one in self.result_list:
            one.flood_size = sizes.get(one.root, 0)

    def get_queryset(self, request, **kwargs):
        rows = super().get_queryset(request, **kwargs)
        if is_queue(request):
            rows = rows.filter(pk__in=Comment.objects.held().one_of_each_flood().values("pk"))
        return rows


def is_queue(request):
    """Say whether the list shows what is held, and not what was searched or a flood's comments."""
    asks = request.GET.get("q") or request.GET.get(FloodFilter.parameter_name)
    return StateFilter.asked(request) == Comment.State.HELD and not asks


class Queue:
    """For the ModelAdmin of comments: rows that can be decided, and the way back."""

    change_list_template = "admin/comments/comment/change_list.html"

    class Media:
        js = ["admin-desk/queue.js"]

    def get_changelist(self, request, **kwargs):
        return QueueList

    def get_urls(self):
        undo = path("undo/", self.admin_site.admin_view(self.undo), name="comments_comment_undo")
        return [undo, *super().get_urls()]

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        return [*columns, "decide"] if self.has_change_permission(request) else columns

    def changelist_view(self, request, extra_context=None):
        """Show the list, or do what a button beside a comment says and show it again."""
        if request.method == "POST" and "_decide" in request.POST:
            self._decide(request, *request.POST["_decide"].partition(":")[::2])
            return redirect(request.get_full_path())
        may_decide = self.has_change_permission(request)
        context = {"may_decide": may_decide, "undo": may_decide and self._undo(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=_("decide"))
    def decide(self, comment):
        """The buttons beside a comment."""
        if comment.is_erased:
            return ""
        context = {"comment": comment, "reasons": Reason.choices}
        return render_to_string("admin/comments/comment/_decide.html", context)

    def _decide(self, request, verb, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request)
        if verb.startswith("flood-"):
            self._decide_flood(request, verb, rows.held().of_flood(as_root(pk) or 0))
            return
        comment = rows.filter(pk=as_pk(pk)).first()
        reason = request.POST.get(f"reason-{pk}", "")
        if comment is None or verb not in DECIDED:
            self.message_user(request, _("It is no longer there."), messages.WARNING)
        elif verb == "remove" and reason not in Reason.values:
            words = _("Choose the reason for removing; nothing was removed.")
            self.message_user(request, words, messages.ERROR)
        else:
            self.decide_all(request, verb, [comment], reason=reason)

    def _decide_flood(self, request, verb, rows):
        if verb == "flood-spam":
            self.decide_all(request, "spam", rows)
            return
        rows = rows.order_by("written_at", "pk")
        self.decide_all(request, "publish", rows[:MOST_PUBLISHED])
        left = rows.count()
        if left:
            words = _now("%s more of them wait; they can be published in the same way.")
            self.message_user(request, words % left, messages.WARNING)

    def decide_all(self, request, verb, comments, reason="", note="", tells=True):
        """Decide about the comments by the model's own verbs, and remember it for an undo.

        `tells` says whether the next page shall say so.
        """
        comments = list(comments)  # read first: each verb changes what a queryset would find
        left = [one for one in comments if not one.is_erased]
        former, by, trusted = undoing.as_they_are(left), request.user, []
        one_by_one = left
        if verb == "spam" and len(left) > FEW:
            done = set(Comment.objects.of_ids(former).mark_all_spam(by, note))
            one_by_one = [one for one in left if one.pk not in done]  # they stood under a post
        for comment in one_by_one:
            if verb in ("publish", "trust"):
                comment.publish(by=by)
            elif verb == "remove":
                comment.remove(by=by, reason=reason, note=note)
            else:
                comment.mark_spam(by=by, note=note)
            if verb == "trust" and comment.commenter and not comment.commenter.trusted:
                comment.commenter.trust(by=by, comment=comment)
                trusted.append(comment.commenter_id)
        if len(left) < len(comments):
            words = _now("Erased, so that nothing is left to decide: %s.")
            self.message_user(request, words % (len(comments) - len(left)), messages.WARNING)
        self._remember(request, verb, former, trusted)
        if tells:
            self.message_user(request, DECIDED[verb][0] % len(left), messages.SUCCESS)

    # The way back

    def _remember(self, request, verb, former, trusted=()):
        if former:
            said = {"verb": verb, "former": former, "trusted": [*trusted], "at": time.time()}
            request.session[UNDO] = said

    def _undo(self, request):
        """Return in words what can be taken back, or None."""
        said = request.session.get(UNDO)
        if not said or time.time() - said["at"] > UNDO_FOR:
            return None
        return DECIDED[said["verb"]][0] % len(said["former"])

    def undo(self, request):
        """Take the last decision back (POST)."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        said = request.session.pop(UNDO, None)
        if said is None:
            self.message_user(request, _("There is nothing to take back."), messages.WARNING)
            return redirect("admin:comments_comment_changelist")
        decided = DECIDED[said["verb"]][1]
        done, left = undoing.take_back(said["former"], decided, request.user, said["trusted"])
        words = ngettext("Taken back: %s comment.", "Taken back: %s comments.", done)
        self.message_user(request, words % done, messages.SUCCESS)
        if left:
            words = _now("Decided otherwise meanwhile, and left so: %s.")
            self.message_user(request, words % left, messages.WARNING)
        return redirect("admin:comments_comment_changelist")
