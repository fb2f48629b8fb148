"""The desk's queue: each comment with its decisions beside it, floods in one line, and an undo."""

import time

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blogsite.requests import as_pk
from comments import undoing
from comments.admin.forms import StateFilter
from comments.admin.reply import is_for_queue, refusal
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


def _verb(verb, by, reason, note):
    """Return (the model's verb, what it takes) for what a button says."""
    if verb in ("publish", "trust"):
        return "publish", {"by": by}
    if verb == "remove":
        return "remove", {"by": by, "reason": reason, "note": note}
    return "mark_spam", {"by": by, "note": note}


def as_root(typed):
    """Return the root of a flood (Comment.objects.with_root) that stands in an address, or None."""
    typed = typed or ""
    number = as_pk(typed.removeprefix("-"))
    return -number if number and typed.startswith("-") else number


def is_now(comment):
    """Return in words what has become of a comment."""
    state = comment.get_state_display()
    return _now("“%(comment)s” is now: %(state)s.") % {"comment": comment, "state": state}


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
        # Once for the page; within each row, all that waits would be looked through each time.
        roots = {one.root for one in self.result_list}
        held, published = (_sizes(roots, state) for state in ("held", "published"))
        for one in self.result_list:
            one.flood_size, one.flood_last = held.get(one.root, (0, 0))
            one.flood_published, _last = published.get(one.root, (0, 0))

    def get_queryset(self, request, **kwargs):
        rows = super().get_queryset(request, **kwargs)
        if is_queue(request):
            rows = rows.one_of_each_flood()
        return rows


def _sizes(roots, state):
    """Return {root: (how many comments in this state stand together under it, the last id)}."""
    rows = Comment.objects.filter(state=state).with_root().filter(root__in=roots).order_by()
    rows = rows.values_list("root").annotate(Count("pk"), Max("pk"))
    return {root: (number, last) for root, number, last in rows}


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
        if verb.startswith("flood-"):
            self._decide_flood(request, verb, pk)
            return
        comment = self.get_queryset(request).filter(pk=as_pk(pk)).first()
        reason = request.POST.get(f"reason-{pk}", "")
        if comment is None or verb not in DECIDED:
            self.message_user(request, _("It is no longer there."), messages.WARNING)
        elif verb == "remove" and reason not in Reason.values:
            words = _("Choose the reason for removing; nothing was removed.")
            self.message_user(request, words, messages.ERROR)
        else:
            self.decide_all(request, verb, [comment], reason=reason)

    def _decide_flood(self, request, verb, asked):
        """Decide about all of a flood that was there when the page was made; `asked` says which."""
        root, _, last = asked.partition(":")
        rows = self.get_queryset(request).held().of_flood(as_root(root) or 0)
        rows = rows.filter(pk__lte=as_pk(last) or 0).order_by("pk")
        if verb == "flood-spam":
            self.decide_all(request, "spam", rows)
        elif verb == "flood-publish":
            self.decide_all(request, "publish", rows[:MOST_PUBLISHED])
            left = rows.count()
            if left:
                words = _now("%s more of them wait; they can be published in the same way.")
                self.message_user(request, words % left, messages.WARNING)

    def decide_all(self, request, verb, comments, reason="", note=""):
        """Decide about the comments as they were seen, by the model's own verbs, with an undo.

        What is decided otherwise or erased meanwhile is left, and said to be. The list says what
        was done, beside the button that takes it back.
        """
        method, how = _verb(verb, request.user, reason, note)
        after = DECIDED[verb][1]
        chosen = list(comments)  # read first: each verb changes what a queryset would find
        comments = [one for one in chosen if is_for_queue(one, verb)]
        left = [one for one in chosen if not is_for_queue(one, verb)]
        if left:
            self.message_user(request, refusal(left), messages.ERROR)
        asked = [one for one in comments if one.state != after]
        seen = {one.pk: undoing.as_it_is(one) for one in asked}
        done = set()
        if verb == "spam" and len(asked) > FEW:  # at once, as far as no reader has seen them
            held = Comment.objects.of_ids(one.pk for one in asked if one.is_held)
            done.update(held.mark_all_spam(request.user, note))
        for one in asked:
            if one.pk not in done and one.if_still(one.state, method, **how):
                done.add(one.pk)
        trusted = self._trust(request, verb, [one for one in comments if not one.is_erased])
        if len(done) < len(asked):
            words = _now("Erased or decided otherwise meanwhile, and left so: %s.")
            self.message_user(request, words % (len(asked) - len(done)), messages.WARNING)
        # Of a reply, a letter has told what was decided: it is not to be taken back by a click.
        replies = {one.pk for one in asked if one.pk in done and one.is_subjects}
        if replies:
            self.message_user(request, DECIDED[verb][0] % len(replies), messages.SUCCESS)
        done -= replies
        if replies and not (done or trusted):
            self.forget_decision(request)
        if done or trusted:
            former = {str(pk): seen[pk] for pk in done}
            said = {"verb": verb, "former": former, "trusted": trusted, "at": time.time()}
            request.session[UNDO] = said

    def _trust(self, request, verb, comments):
        """Trust whoever wrote these, if that is what was asked; return their ids."""
        if verb != "trust":
            return []
        trusted = []
        for comment in comments:
            writer = comment.commenter
            if writer and not writer.trusted and writer.pk not in trusted:
                writer.trust(by=request.user, comment=comment)
                trusted.append(writer.pk)
        return trusted

    # The way back

    def _undo(self, request):
        """Return what can be taken back: (which decision, in words), or None."""
        said = request.session.get(UNDO)
        if not said or time.time() - said["at"] > UNDO_FOR:
            return None
        number = len(said["former"])
        one = number == 1 and Comment.objects.filter(pk=next(iter(said["former"]))).first()
        return str(said["at"]), is_now(one) if one else DECIDED[said["verb"]][0] % number

    def forget_decision(self, request):
        """Offer no undo any more: something else was decided since."""
        request.session.pop(UNDO, None)

    def undo(self, request):
        """Take the last decision back (POST)."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        last = self._undo(request)
        # The page may be one from before another decision, which is not meant then.
        if last is None or last[0] != request.POST.get("decision"):
            self.message_user(request, _("There is nothing to take back."), messages.WARNING)
            return self._list(request)
        said = request.session.pop(UNDO)
        decided = DECIDED[said["verb"]][1]
        done, left = undoing.take_back(said["former"], decided, request.user, said["trusted"])
        words = ngettext("Taken back: %s comment.", "Taken back: %s comments.", done)
        self.message_user(request, words % done, messages.SUCCESS)
        if left:
            words = _now("Decided otherwise meanwhile, and left so: %s.")
            self.message_user(request, words % left, messages.WARNING)
        return self._list(request)

    def _list(self, request):
        """Lead to the list, narrowed as it was when the button was pressed."""
        query = request.META.get("QUERY_STRING", "")
        list_ = reverse("admin:comments_comment_changelist")
        return redirect(f"{list_}?{query}" if query else list_)
