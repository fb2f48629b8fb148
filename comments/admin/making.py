"""The desk's page that makes an amendment somebody asked for, and says so, in one go."""

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from blogsite import html
from comments import quotation
from comments.admin import courtesy
from comments.models import AmendmentRequest, CourtesyLetter
from posts.admin.forms import PostForm
from posts.admin.publishing import lost_pins
from posts.models import Post, Revision

State = AmendmentRequest.State


class AmendingForm(PostForm):
    """The post as it is amended, and what is said of it to readers and to whoever asked."""

    when = None
    sort = None
    newer = _(
        "Nothing was changed: there is a newer version of the post than the one you began with, "
        "saved on %(at)s. What you typed is still here. Look at the newer version; if you press "
        "the button again, yours takes its place."
    )
    decision = forms.ChoiceField(
        label=_("This makes what was asked for"),
        widget=forms.RadioSelect,
        initial=State.MADE,
        choices=[(State.MADE, _("wholly")), (State.MADE_IN_PART, _("in part"))],
    )
    why = forms.CharField(
        label=_("Your reasons"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )

    class Meta(PostForm.Meta):
        fields = ["title", "text"]

    def __init__(self, *args, one, asked_editor="", **kwargs):
        self.asked_editor = asked_editor
        super().__init__(*args, **kwargs)
        needed = _now("Needed where it is made in part.")
        self.fields["why"].help_text = f"{needed} {who_sees(one)}"

    def clean(self):
        data = super().clean()
        if data.get("decision") == State.MADE_IN_PART and not data.get("why", "").strip():
            self.add_error("why", AmendmentRequest.NEEDS_REASONS)
        return data

    def _check_change(self, data):
        super()._check_change(data | {"sort": Revision.Sort.AMENDMENT})

    def make(self, one, by):
        """Amend the post and grant the request `one`, by its verb."""
        data = self.cleaned_data
        return one.make(
            title=data["title"],
            text=data["text"],
            note=data["note"],
            reasons=data["why"],
            in_part=data["decision"] == State.MADE_IN_PART,
            withheld=data["withheld"],
            by=by,
        )


class MakingPage:
    """For the ModelAdmin of requests: the post's text, opened at the words meant."""

    def get_urls(self):
        make = self.admin_site.admin_view(self.make)
        name = "comments_amendmentrequest_make"
        return [path("<int:pk>/make/", make, name=name), *super().get_urls()]

    def may_make(self, request, one):
        """Say whether the user may decide the request and change the post."""
        may_amend = request.user.has_perm("posts.change_post")
        return may_amend and self.has_change_permission(request, one)

    def make(self, request, pk):
        """Show the post in the editor, beside what is asked; amend it and grant the request."""
        one = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_make(request, one):
            raise PermissionDenied
        if request.method != "POST":
            if not (one.is_awaiting_decision and one.right.post.is_published):
                return self._cant_be_made(request, one)
            return self._edit(request, one, self._form(request, one))
        try:
            with transaction.atomic():
                form = self._form(request, one)
                revision = form.is_valid() and form.make(one, request.user)
        except ValueError as error:
            form.add_error(None, str(error))
            revision = None
        if not revision:
            return self._edit(request, self.get_queryset(request).get(pk=pk), form)
        return self._made(request, one, revision)

    def _form(self, request, one):
        post = Post.objects.get(pk=one.right.post_id)
        initial = {"note": note(one)}
        if "in_part" in request.GET:
            initial["decision"] = State.MADE_IN_PART
        if "instead" in request.GET:
            text = quotation.replaced(post.text, one.words, one.wanted)
            initial |= {"text": text and html.post(text)} if text else {}
        data = request.POST if request.method == "POST" else None
        editor = request.GET.get("editor", "")
        return AmendingForm(data, instance=post, one=one, initial=initial, asked_editor=editor)

    def _cant_be_made(self, request, one):
        words = _now("This request has been decided.")
        if one.is_awaiting_decision:
            words = _now("The post is not public, so there is nothing to amend.")
        self.message_user(request, words, messages.WARNING)
        return redirect("admin:comments_amendmentrequest_change", one.pk)

    def _made(self, request, one, revision):
        one.refresh_from_db(fields=["state"])
        words = _now("The post is amended, and %(name)s is told that what they asked is %(state)s.")
        words %= {"name": one.right.subject, "state": one.get_state_display()}
        of = f"?from={revision.number - 1}&to={revision.number}"
        address = one.right.post.get_changes_url() + of
        look = _now("See what has changed, as readers do")
        link = format_html('{} <a href="{}">{}</a>', words, address, look)
        self.message_user(request, link, messages.SUCCESS)
        if lost := lost_pins(one.right.post):
            self.message_user(request, lost, messages.WARNING)
        drafted = CourtesyLetter.objects.open().filter(revision=revision)
        courtesy.say(request, drafted.select_related("right__subject"))
        others = one.right.post.rights.exclude(pk=one.right_id)
        courtesy.say_untold(request, others.select_related("subject"))
        return redirect("admin:comments_amendmentrequest_change", one.pk)

    def _edit(self, request, one, form):
        found = quotation.standing(one.right.post.text, one.words)
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Amend “%s”") % one.right.post,
            "opts": self.opts,
            "original": one,
            "post": one.right.post,
            "form": form,
            "media": Media.from_media(form.media, nonce=request.csp_nonce),
            "standing": len(found),
            "quoted": html.to_text(found[0]) if found else "",
            "quoted_html": found[0] if found else "",
            "can_be_put": len(found) == 1 and bool(one.wanted.strip()),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/comments/amendmentrequest/make.html", context)


def who_sees(one):
    """Return who gets to see the reasons of the decision about this request, in words."""
    if one.public:
        return _now("The person gets them, and readers see them: the request is public.")
    return _now("The person gets them. Readers do not: the request is private.")


def note(one):
    """Return what the note for readers begins with; of a private request it tells nothing.

    No name: it would stay in the note, whatever becomes of the right to be named. Beside the note
    readers see who asked, under the name that is theirs to see.
    """
    if not one.public:
        return _now("Corrected after it was pointed out that this was not right.")
    asked = date_format(timezone.localtime(one.asked_at), "DATE_FORMAT")
    return _now("Somebody this post is about asked for this to be changed, on %s.") % asked
