"""The desk's page on which a comment is marked as by somebody the post is about; and back."""

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments.admin import courtesy
from comments.admin.person import PERSON_FIELDS, PersonForm
from comments.models import CourtesyLetter, Reply, RightOfReply, Thread


class MarkingForm(PersonForm):
    """Whose the comment is, and how the author knows."""

    known_by = forms.CharField(
        label=_("How you know"),
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("For the desk alone."),
        error_messages={"required": _("Write down how you know that it is theirs.")},
    )

    field_order = [*PERSON_FIELDS, "known_by"]

    def __init__(self, *args, comment, **kwargs):
        super().__init__(*args, **kwargs)
        self.comment = comment
        self.offer(comment.post, comment.name)

    def clean(self):
        data = super().clean()
        self.check_person(data)
        return data

    def mark(self, by):
        """Mark the comment, with a right made where the post has none of this person: all or none.

        Returns the letter about the post that is drafted then, if one is missing. Raises
        ValueError where it can't be marked any more.
        """
        with transaction.atomic():
            Thread.lock(self.comment.post_id)
            if self.person.pk is None:
                self.person.save()
            right = RightOfReply.objects.take(self.comment.post, self.person, **self.named)
            self.comment.mark(right, self.cleaned_data["known_by"], by=by)
            about = {"post": self.comment.post, "subject": self.person}
            return CourtesyLetter.objects.draft(**about)


class MarkingPage:
    """For the ModelAdmin of comments: the page that marks one, and the way to it."""

    def get_urls(self):
        mark = path(
            "<int:pk>/mark/", self.admin_site.admin_view(self.mark), name="comments_comment_mark"
        )
        return [mark, *super().get_urls()]

    def may_mark(self, request, comment):
        """Say whether this user may say whose a comment is: who may make rights of reply."""
        of_right = request.user.has_perm("comments.change_rightofreply")
        return of_right and self.has_change_permission(request, comment)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj and self.may_mark(request, obj):
            if obj.is_markable:
                context["mark_words"] = _("It is by somebody the post is about")
            elif obj.is_marked:
                context["mark_words"] = _("Marked as by somebody the post is about")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def mark(self, request, pk):
        """Ask whose the comment is (GET), and mark it, or take that back (POST)."""
        comment = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_mark(request, comment):
            raise PermissionDenied
        if request.method == "POST" and "_unmark" in request.POST:
            comment.unmark(by=request.user)
            words = _("Taken back: it is a reader’s comment again, and signed as it was.")
            return self._back(request, comment, words)
        marked = comment.is_marked and Reply.objects.get(comment=comment)
        if not marked and not comment.is_markable:
            words = _("Only the comment of a reader, let through, can be marked.")
            return self._back(request, comment, words, messages.WARNING)
        form = None if marked else MarkingForm(request.POST or None, comment=comment)
        if form and form.is_valid():
            try:
                drafted = form.mark(by=request.user)
            except ValueError as error:
                form.add_error(None, str(error))
            else:
                courtesy.say(request, drafted)
                words = _("Marked: it stands above the readers’ comments, under their name.")
                return self._back(request, comment, words)
        return self._ask_whose(request, comment, form, marked)

    def _back(self, request, comment, words, level=messages.SUCCESS):
        self.message_user(request, words, level)
        return redirect("admin:comments_comment_change", comment.pk)

    def _ask_whose(self, request, comment, form, marked):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Whose comment is it?"),
            "opts": self.opts,
            "original": comment,
            "form": form,
            "marked": marked,
            "media": self.media + form.media if form else self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/comments/comment/mark.html", context)
