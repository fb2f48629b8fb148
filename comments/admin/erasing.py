"""The desk's page that erases one comment for good: it says what is lost before it does."""

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.admin.reply import refusal
from comments.models import Comment, Reason


class ErasingForm(forms.Form):
    """Why a comment is erased. One that was removed before keeps the reason readers know."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("– choose –")), *Reason.choices],
        help_text=_("Readers see it where the comment stood."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("For the desk alone. It stays: do not repeat the words or the name in it."),
    )

    def __init__(self, *args, comment, **kwargs):
        super().__init__(*args, **kwargs)
        if comment.is_subjects:  # nobody is heard who can be erased for being unwelcome
            self.fields["reason"].choices = [(Reason.ASKED, Reason.ASKED.label)]
            self.fields["reason"].help_text = _("What a subject said is erased as they wish alone.")
        elif comment.state == Comment.State.REMOVED:
            self.initial["reason"] = comment.removed_because
            self.fields["reason"].help_text = _("For the desk. Readers go on seeing the first one.")
        elif not comment.is_in_thread:
            self.fields["reason"].help_text = _("For the desk: readers never saw the comment.")


class ErasingPage:
    """For the ModelAdmin of comments: the page that asks once more, and the way to it."""

    def get_urls(self):
        erase = path(
            "<int:pk>/erase/", self.admin_site.admin_view(self.erase), name="comments_comment_erase"
        )
        return [erase, *super().get_urls()]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["can_be_erased"] = obj is not None and not obj.is_erased
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def log_change(self, request, obj, message):
        """Write nothing: Django's own log would keep words and name for ever. There is an Act."""

    def erase(self, request, pk):
        """Say what is lost (GET), and erase the comment by the model's own verb (POST)."""
        comment = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, comment):
            raise PermissionDenied
        if comment.is_erased:
            words = _("It is erased already: nothing but its place is left.")
            self.message_user(request, words, messages.WARNING)
            return redirect("admin:comments_comment_change", comment.pk)
        if comment.is_subjects and comment.is_held:  # first it is decided, with reasons
            self.message_user(request, refusal([comment]), messages.ERROR)
            return redirect("admin:comments_comment_reply", comment.pk)
        form = ErasingForm(request.POST or None, comment=comment)
        if form.is_valid():
            comment.erase(by=request.user, **form.cleaned_data)
            words = _now("Erased for good. What is left is its number, its place and the record.")
            self.message_user(request, words, messages.SUCCESS)
            return redirect("admin:comments_comment_changelist")
        return self._ask(request, comment, form)

    def _ask(self, request, comment, form):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase this comment for good?"),
            "opts": self.opts,
            "original": comment,
            "form": form,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/comments/comment/erase.html", context)
