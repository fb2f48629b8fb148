"""The desk's page of a courtesy letter: it is changed, sent, put off or dropped there."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments import telling
from comments.admin.links import to_right
from comments.admin.readonly import ReadOnlyAdmin
from comments.models import CourtesyLetter, Letter, RightOfReply
from comments.models.courtesy_letter import UNTIL_TOLD_OTHERWISE

DONE = {
    "_send": _("It goes now."),
    "_again": _("It goes once more, to the e-mail that is known now."),
    "_put_off": _("It waits until you send it."),
    "_along": _("It goes as soon as the post is public."),
    "_drop": _("It does not go; your reason is kept."),
}


def to_courtesy(courtesy):
    """Return a link to the letter's page at the desk."""
    address = reverse("admin:comments_courtesyletter_change", args=[courtesy.pk])
    return format_html('<a href="{}">{}</a>', address, occasion(courtesy))


def occasion(courtesy):
    """Return in words what the letter tells of."""
    if courtesy.reprint:
        return _("that it was reprinted in “%(post)s”") % {"post": courtesy.reprint.post}
    if courtesy.revision:
        return _("that it was amended on %(date)s") % {"date": _day(courtesy.revision.since)}
    return _("that there is the post")


def fate(courtesy):
    """Return in words what has become of the letter, or will."""
    if courtesy.letter:
        return _fate_of_mail(courtesy.letter)
    right = courtesy.right
    if courtesy.dropped_at and not courtesy.not_told_because:
        return _("not needed any more")
    untold = courtesy.is_of_post and right.not_told_because
    if courtesy.dropped_at or untold:
        reason = courtesy.not_told_because or right.not_told_because
        return _("not told, because: %(reason)s") % {"reason": reason}
    if right.is_stopped:
        return _("does not go: they want no letters")
    if not right.subject.email:
        return _("can’t go: no e-mail is known")
    if courtesy.is_put_off:
        return _("waits for you")
    if courtesy.is_of_post and right.told_at:
        return _("not needed any more")
    if courtesy.goes_at and courtesy.goes_at > timezone.now():
        return _("goes on %(at)s") % {"at": moment(courtesy.goes_at)}
    return _("goes within a minute") if courtesy.is_possible else _("goes when it is public")


def when_it_goes(reprint, revision, goes_at):
    """Return in words what a letter that waits is about (ids or rows), and when it goes."""
    about = _now("a letter about the post")
    if reprint:
        about = _now("a letter about a reprint")
    elif revision:
        about = _now("a letter about the amendment")
    if goes_at == UNTIL_TOLD_OTHERWISE:
        return _now("%(letter)s waits for you") % {"letter": about}
    if goes_at and goes_at > timezone.now():
        at = date_format(timezone.localtime(goes_at), "TIME_FORMAT")
        return _now("%(letter)s goes at %(at)s") % {"letter": about, "at": at}
    return _now("%(letter)s goes within a minute") % {"letter": about}


def _fate_of_mail(letter):
    words = {
        Letter.State.SENT: _("sent on %(at)s"),
        Letter.State.FAILED: _("failed: %(fault)s"),
        Letter.State.BOUNCED: _("came back. %(fault)s"),
        Letter.State.WAITING: _("is being sent. %(fault)s"),
    }[letter.state]
    at = moment(letter.sent_at) if letter.sent_at else ""
    return (words % {"at": at, "fault": letter.fault}).strip()


def say(request, drafted):
    """Tell the author of letters that go in a while, and where each can be changed."""
    if not request.user.has_perm("comments.view_courtesyletter"):
        return  # whom a post is about is not for every colleague
    for courtesy in drafted:
        words = _now("A letter to %(name)s goes with the publication.")
        if courtesy.goes_at:
            words = _now("A letter to %(name)s goes at %(at)s.")
        at = timezone.localtime(courtesy.goes_at or timezone.now())
        words %= {"name": courtesy.right.subject, "at": date_format(at, "TIME_FORMAT")}
        address = reverse("admin:comments_courtesyletter_change", args=[courtesy.pk])
        look = _now("Look at it, change it or put it off")
        link = format_html('{} <a href="{}">{}</a>', words, address, look)
        messages.info(request, link)


def say_untold(request, rights):
    """Tell the author which subjects, of these rights, get no letter of what is public now."""
    if not request.user.has_perm("comments.view_rightofreply"):
        return
    for right in rights:
        words = why_untold(right)
        if words:
            words %= {"name": right.subject, "reason": right.not_told_because}
            address = reverse("admin:comments_rightofreply_change", args=[right.pk])
            link = format_html('{} <a href="{}">{}</a>', words, address, _now("See to it"))
            messages.info(request, link)


def why_untold(right):
    """Return the sentence that says why a subject gets no letters; "" for one who does."""
    if right.is_stopped:
        return _now("%(name)s is not told: they want no letters.")
    if right.not_told_because:
        return _now("%(name)s is not told, because: %(reason)s")
    if not right.subject.email:
        return _now("%(name)s gets no letter: no e-mail is known.")
    return "" if right.tell else _now("%(name)s is not told: no letter is to go to them.")


def say_public(request, post):
    """Tell the author, of a post that has become public, to whom letters go, and who gets none."""
    sources = post.reprints.filter(suggestion=None).values("source")
    rights = RightOfReply.objects.filter(Q(post=post) | Q(post__in=sources))
    rights = rights.filter(post__state="published").select_related("subject", "post")
    going = CourtesyLetter.objects.waiting().filter(Q(right__post=post) | Q(reprint__post=post))
    going = [*going.select_related("right__subject"), *CourtesyLetter.objects.missing(post=post)]
    may_see = request.user.has_perm("comments.view_courtesyletter")
    for one in going if may_see else ():
        if one.goes_at is None:
            words = _now("A letter to %(name)s goes within a minute.")
            messages.info(request, words % {"name": one.right.subject})
    named = {one.right_id for one in going}
    say_untold(request, [right for right in rights if right.pk not in named])


def draft(request, **which):
    """Draft what is missing of the post (or subject), and tell the author."""
    say(request, CourtesyLetter.objects.draft(**which))


class CourtesyForm(forms.ModelForm):
    """What the author may change of a letter that has not gone."""

    because = forms.CharField(
        label=_("Why they are not told"),
        required=False,
        max_length=300,
        help_text=_("For the button “Do not tell them”. Your reason is kept, for you alone."),
    )

    class Meta:
        model = CourtesyLetter
        fields = ["words"]
        widgets = {"words": AdminTextareaWidget(attrs={"rows": 8})}
        help_texts = {"words": _("Empty: the words that were drafted for you.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "words" in self.fields:
            self.initial["words"] = telling.words(self.instance)

    def clean(self):
        data = super().clean()
        if "_drop" in self.data and not data.get("because", "").strip():
            self.add_error("because", _("Say why they are not told."))
        return data


@admin.register(CourtesyLetter)
class CourtesyLetterAdmin(ReadOnlyAdmin):
    list_display = ["subject", "post", "occasion", "fate"]
    list_select_related = ["right__subject", "right__post", "reprint__post", "revision", "letter"]
    search_fields = ["right__subject__name", "right__post__title"]
    ordering = ["-drafted_at", "-pk"]
    readonly_fields = [
        *("right_link", "to", "occasion", "fate", "greeting", "fixed", "text", "mail")
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self._may_write(request, obj):
            kwargs["form"] = CourtesyForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        to = ["to"] if self.has_change_permission(request, obj) else []
        fields = ["right_link", *to, "occasion", "fate"]
        if self._may_write(request, obj):
            return [*fields, "greeting", "words", "fixed", "because"]
        return [*fields, "text", "mail"]

    def _may_write(self, request, obj):
        return obj is not None and obj.is_open and self.has_change_permission(request, obj)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["title"] = _("A letter to %s") % obj.right.subject
        context["may_write"] = self._may_write(request, obj)
        context["may_send_again"] = (
            self.has_change_permission(request, obj) and obj.letter and obj.letter.is_undelivered
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        """Keep the words, then do what the button says."""
        button = next((name for name in DONE if name in request.POST), None)
        if button != "_again" and not isinstance(form, CourtesyForm):
            typed = (request.POST.get(name, "").strip() for name in ("words", "because"))
            words = _now("Nothing was changed: the letter has gone, or was dropped, meanwhile.")
            if typed := "\n".join(filter(None, typed)):
                words += " " + _now("You had typed: %s") % typed
            self.message_user(request, words, messages.WARNING)
            return
        try:
            if "words" in form.cleaned_data and button != "_along":
                obj.write(form.cleaned_data["words"])
            if button:
                self._do(obj, button, form.cleaned_data, request.user)
        except ValueError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, DONE.get(button, _("Saved.")), messages.SUCCESS)

    def _do(self, obj, button, data, by):
        if button == "_send":
            obj.send_now(by=by)
        elif button == "_again":
            obj.send_again(by=by)
        elif button == "_put_off":
            obj.put_off()
        elif button == "_along":
            obj.go_along(data["words"])
        elif button == "_drop":
            obj.drop(data["because"], by=by)

    def response_change(self, request, obj):
        return redirect("admin:comments_courtesyletter_change", obj.pk)

    def log_change(self, request, obj, message):
        """Write nothing: there is an Act, where anything was done."""

    @admin.display(description=_("who"), ordering="right__subject__name")
    def subject(self, one):
        return one.right.subject

    @admin.display(description=_("post"))
    def post(self, one):
        return one.right.post

    @admin.display(description=_("right of reply"))
    def right_link(self, one):
        return to_right(one.right)

    @admin.display(description=_("to"))
    def to(self, one):
        return (one.letter.to if one.letter else one.right.subject.email) or "–"

    @admin.display(description=_("what it tells"))
    def occasion(self, one):
        return occasion(one)

    @admin.display(description=_("what becomes of it"))
    def fate(self, one):
        return fate(one)

    @admin.display(description=_("how it begins"))
    def greeting(self, one):
        return telling.greeting(one.right.subject.name)

    @admin.display(description=_("what stays in it"))
    def fixed(self, one):
        text = telling.below(one)
        note = _("What stands in brackets becomes a secret link when the letter is sent.")
        return format_html('<div class="letter-text">{}</div><p class="quiet">{}</p>', text, note)

    @admin.display(description=_("what it says"))
    def text(self, one):
        text = one.letter.shown if one.letter else telling.words(one)
        return format_html('<div class="letter-text">{}</div>', text)

    @admin.display(description=_("mail"))
    def mail(self, one):
        if not one.letter:
            return "–"
        address = reverse("admin:comments_letter_change", args=[one.letter_id])
        return format_html('<a href="{}">{}</a>', address, one.letter)


def _day(at):
    return date_format(timezone.localtime(at), "DATE_FORMAT")


def moment(at):
    """Return a moment as the desk writes it."""
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
