"""The desk's page of a subject's reply: beside the post, with its three decisions."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite.requests import as_pk
from comments.admin import beside
from comments.models import Comment, Reply, Thread
from posts.models import Blog

PUBLISH, ASK, DECLINE, ACKNOWLEDGE = "publish", "ask", "decline", "acknowledge"
READ_ALL = "acknowledge_all"
DONE = {
    PUBLISH: _("Published, as it was written."),
    ASK: _("They are asked to reconsider it. Until they answer, the days do not count."),
    DECLINE: _("Declined. Your reasons go to whoever wrote it, and readers see them."),
    ACKNOWLEDGE: beside.READ,
}


def has_page(comment):
    """Say whether a comment is decided on the page of a reply, and not as others are."""
    return comment.is_subjects and not comment.is_published and not comment.is_erased


def is_for_queue(comment, verb):
    """Say whether a comment can be decided by this button of the queue, or its like elsewhere.

    A subject's reply, once it is published, can be removed for one of the published reasons;
    everything else wants its own page, which knows the words that the author has read: they may
    be changed meanwhile.
    """
    return not comment.is_subjects or (comment.is_published and verb == "remove")


def refusal(comments):
    """Return what is said of replies that were left as they are, with a link to the first."""
    words = _now("Replies of people that posts are about are decided on their own pages: %s left.")
    address = reverse("admin:comments_comment_reply", args=[comments[0].pk])
    look = _now("To the page of the reply") if len(comments) == 1 else _now("To the first of them")
    return format_html('{} <a href="{}">{}</a>', words % len(comments), address, look)


class ReplyForm(forms.Form):
    """One of the decisions about a reply, as it was seen."""

    do = forms.ChoiceField(choices=list(DONE.items()))
    seen = forms.CharField(required=False)
    question = forms.CharField(
        label=_("Why they should reconsider it"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Goes to whoever wrote it, with the link to their letterbox."),
    )
    reasons = forms.CharField(
        label=_("Your reasons for declining it"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Go to whoever wrote it, and readers see them under the post."),
    )

    def clean(self):
        data = super().clean()
        if data.get("do") == ASK and not data["question"].strip():
            self.add_error("question", _("Say why they should reconsider it."))
        if data.get("do") == DECLINE and not data["reasons"].strip():
            self.add_error("reasons", _("A reply is declined with reasons, which readers see."))
        return data

    def decide(self, comment, by):
        """Do what was chosen by the model's own verb; ValueError where it can't be done now."""
        data = self.cleaned_data
        with transaction.atomic():
            Thread.lock(comment.post_id)
            comment.refresh_from_db()
            reply = Reply.of(comment)
            if data["seen"] != reply.version_at.isoformat():
                raise ValueError(_now("It was changed meanwhile; here it is as it is now."))
            if data["do"] == PUBLISH:
                reply.publish(by=by)
            elif data["do"] == ASK:
                reply.ask_to_reconsider(data["question"], by=by)
            elif data["do"] == DECLINE:
                reply.decline(data["reasons"], by=by)
            else:
                reply.acknowledge(by=by)


class ReplyPage:
    """For the ModelAdmin of comments: the page on which a subject's reply is decided."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.reply)
        return [path("<int:pk>/reply/", view, name="comments_comment_reply"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Lead on to the page of the reply, where that is where it is decided."""
        pk = as_pk(unquote(object_id))
        comment = pk and self.get_queryset(request).filter(pk=pk).first()
        if not comment or not has_page(comment):
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method == "POST":
            if not self.has_change_permission(request, comment):
                raise PermissionDenied
            self.message_user(request, refusal([comment]), messages.ERROR)
        return redirect("admin:comments_comment_reply", comment.pk)

    def reply(self, request, pk):
        """Show a subject's reply beside the post, and do what a button says."""
        rows = self.get_queryset(request).filter(voice=Comment.Voice.SUBJECT)
        comment = get_object_or_404(rows, pk=pk)
        may_decide = self.has_change_permission(request, comment)
        asks = request.method == "POST"
        if not (may_decide or (self.has_view_permission(request, comment) and not asks)):
            raise PermissionDenied
        if request.POST.get("do") == READ_ALL:
            words = beside.acknowledge_all(request.user, comment.right)
            self.message_user(request, words, messages.SUCCESS)
            return redirect("admin:comments_comment_reply", comment.pk)
        form = ReplyForm(request.POST if asks else None)
        if asks and form.is_valid():
            try:
                form.decide(comment, request.user)
            except ValueError as error:
                form.add_error(None, str(error))
                comment = rows.get(pk=pk)
            else:
                return self._decided(request, comment, form.cleaned_data["do"])
        return self._show(request, comment, form, may_decide)

    def _decided(self, request, comment, what):
        words = DONE[what]
        if what == PUBLISH and comment.post.is_published:
            look = _now("See it as readers do")
            words = format_html('{} <a href="{}">{}</a>', words, comment.get_absolute_url(), look)
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:comments_comment_reply", comment.pk)

    def _show(self, request, comment, form, may_decide):
        reply = Reply.about(comment)
        context = {
            **self.admin_site.each_context(request),
            **beside.context(request.user, comment.right, comment),
            "title": _now("What %(name)s says") % {"name": comment.right.subject},
            "opts": self.opts,
            "original": comment,
            "reply": reply,
            "former": comment.revisions.all(),
            "state": beside.state_of(comment),
            "promise": reply.promise(Blog.current()),
            "is_acknowledged": reply.acknowledged_at,
            "form": form,
            "may_decide": may_decide and has_page(comment) and not reply.is_taken_back,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/comments/comment/reply.html", context)
