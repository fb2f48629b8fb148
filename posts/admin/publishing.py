"""What the buttons of a post's form do, and the page that asks once before a post is public."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.admin import courtesy, telling
from comments.concerns import concerns, fingerprint
from comments.models import RightOfReply
from posts.models import Post, Revision

ASKED_BY = {"_publish": "publish", "_schedule": "schedule"}


class PublishForm(forms.Form):
    """What the author asked for, sent along by the page that asks once more; all of it hidden.

    `seen` is when the version was saved that is to be published, `known` the fingerprint of the
    concerns and letters that the author was shown.
    """

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in ASKED_BY.values()])
    when = forms.DateTimeField(required=False)
    sort = forms.ChoiceField(required=False, choices=Revision.Sort)
    note = forms.CharField(required=False, strip=False)
    withheld = forms.BooleanField(required=False)
    seen = forms.CharField()
    known = forms.CharField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()

    @property
    def revision(self):
        """What is said of the revision that this makes, as Post.publish() takes it."""
        return {name: self.cleaned_data[name] for name in ("sort", "note", "withheld")}


class Publishing:
    """For the ModelAdmin of posts: publish, schedule, take out of view; and what is said of it."""

    def get_urls(self):
        publish = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(self.publish)
        )
        name = "posts_post_publish"
        return [path("<int:pk>/publish/", publish, name=name), *super().get_urls()]

    # The form's buttons

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add what is to be known before the post is published."""
        if obj and not obj.is_published and self.has_change_permission(request, obj):
            context["concerns"] = _with_addresses(concerns(obj))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_formset(self, request, form, formset, change):
        formset.by = request.user
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        """Save labels and inlines, then do what the button says: a figure needs its reprint.

        Where there is something to know first, or a letter to look at, nothing is published:
        response_…() asks.
        """
        super().save_related(request, form, formsets, change)
        post = form.instance
        request.to_ask = None
        verb = next((ASKED_BY[name] for name in ASKED_BY if name in request.POST), None)
        first = Asked.of(post, request.user) if verb and not post.is_published else None
        if first:
            asked = {**form.revision, "when": form.cleaned_data.get("when"), "verb": verb}
            request.to_ask = first, _as_sent(post, first, asked)
        elif "_unpublish" in request.POST:
            post.unpublish()
        elif "_publish" in request.POST:
            self._publish(request, post, form.revision)
        elif form.is_wish:
            post.schedule(form.cleaned_data["when"])
        if post.is_published:
            courtesy.draft(request, post=post)
        elif post.is_scheduled and not first:  # it may go before anybody looks at it again
            courtesy.say(request, telling.draft(post))
        if getattr(request, "amended", False):
            courtesy.say_untold(request, post.rights.select_related("subject"))
        self._tell_of_new_reprints(request, post, formsets)
        self._tell_of_lost_pins(request, post, form)
        for words in form.unused:
            self.message_user(request, words, messages.WARNING)

    def _publish(self, request, post, revision):
        """Publish; say whether that was possible, and tell why where it was not."""
        try:
            post.publish(by=request.user, **revision)
        except ValueError as error:
            post.refresh_from_db()
            self.message_user(request, _("It was not published: %s") % error, messages.ERROR)
            return False
        return True

    def _schedule(self, request, post, when):
        if not when or when <= timezone.now():
            words = _("It was not scheduled: the moment has passed.")
            self.message_user(request, words, messages.ERROR)
            return False
        post.schedule(when)
        return True

    def _tell_of_new_reprints(self, request, post, formsets):
        """Tell of concerns about reprints that were put into a public post, where nobody asks."""
        reprints = next((rows for rows in formsets if rows.prefix == "reprints"), None)
        if not post.is_published or "_publish" in request.POST or not reprints:
            return
        new = {reprint.source_id for reprint in getattr(reprints, "new_objects", [])}
        if new:
            rights = RightOfReply.objects.filter(post__in=new)
            courtesy.say_untold(request, rights.select_related("subject"))
        for concern in concerns(post) if new else ():
            if concern.source_id in new:
                self.message_user(request, concern.words, messages.WARNING)

    def _tell_of_lost_pins(self, request, post, form):
        """Tell which reprints showed a text whose words were withheld, and show today's now."""
        if not (post.is_published and form.cleaned_data.get("withheld")):
            return
        if words := lost_pins(post):
            self.message_user(request, words, messages.WARNING)

    def response_add(self, request, obj, post_url_continue=None):
        return self._response(request, obj) or super().response_add(request, obj)

    def response_change(self, request, obj):
        return self._response(request, obj) or super().response_change(request, obj)

    def _response(self, request, post):
        """Stay with the post, and say what has become of it. None where Django knows better."""
        if getattr(request, "to_ask", None):
            return self._lead_to_asking(request, post, *request.to_ask)
        if "_popup" in request.POST or "_addanother" in request.POST:
            return None
        if "_preview" in request.POST:
            return redirect("admin:posts_post_preview", post.pk)
        return self._done(request, post)

    def _done(self, request, post):
        self.message_user(request, self._words(request, post), messages.SUCCESS)
        if post.is_published and _was_asked_to_publish(request):
            courtesy.say_public(request, post)
        return redirect("admin:posts_post_change", post.pk)

    def _words(self, request, post):
        if post.is_scheduled:
            at = date_format(timezone.localtime(post.publish_at), "DATETIME_FORMAT")
            return _("Saved. It will be published on %s.") % at
        if not post.is_published:
            if "_unpublish" in request.POST:
                return _out_of_view(post)
            return _("Saved as a draft. Only you see it.")
        words = _("Published.") if _was_asked_to_publish(request) else _("Saved.")
        look = _("See it as readers do")
        return format_html('{} <a href="{}">{}</a>', words, post.get_absolute_url(), look)

    # The page that asks once

    def _lead_to_asking(self, request, post, first, sent):
        """Ask on the post's own page, or its author comes back from there to an unsaved form.

        Of one that was public before, a note may be sent along: too long for an address.
        """
        if post.published_at:
            return self._ask(request, post, first, sent)
        asked = {name: sent[name] for name in ("verb", "when") if sent[name]}
        address = reverse("admin:posts_post_publish", args=[post.pk])
        return redirect(f"{address}?{urlencode(asked)}")

    def _ask_first(self, request, post):
        """Ask about the draft as it was saved; lead to the post where there is nothing to ask."""
        if not self.has_change_permission(request, post):
            raise PermissionDenied
        verb = request.GET.get("verb")
        if post.is_published or verb not in ASKED_BY.values():
            return redirect("admin:posts_post_change", post.pk)
        first = Asked.of(post, request.user)
        asked = {"verb": verb, "when": request.GET.get("when")}
        return self._ask(request, post, first, _as_sent(post, first, asked))

    def _ask(self, request, post, first, sent, words=""):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Before “%s” is public") % post,
            "opts": self.opts,
            "original": post,
            "concerns": _with_addresses(first.concerns),
            "letters": first.letters,
            "form": PublishForm(initial=sent, auto_id=False),
            "verb": sent["verb"],
            "words": words,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/posts/post/publish.html", context)

    def publish(self, request, pk):
        """Ask what the author should know (GET); do what was asked for, or ask again (POST)."""
        if request.method != "POST":
            return self._ask_first(request, get_object_or_404(Post, pk=pk))
        with transaction.atomic():
            post = get_object_or_404(Post.objects.select_for_update(no_key=True), pk=pk)
            if not self.has_change_permission(request, post):
                raise PermissionDenied
            form = PublishForm(request.POST)
            first = Asked.of(post, request.user, request.POST)
            if not form.is_valid() or form.cleaned_data["seen"] != post.changed_at.isoformat():
                first.letters.keep(by=request.user)
                words = _("It was not published: it has changed since. Please look at it again.")
                self.message_user(request, words, messages.ERROR)
                return redirect("admin:posts_post_change", post.pk)
            asked = form.cleaned_data
            words = first.refusal(asked["known"])
            if words:
                return self._ask(request, post, first, _as_sent(post, first, asked), words)
            first.letters.keep(by=request.user)
            if asked["verb"] == "schedule":
                done = self._schedule(request, post, asked["when"])
            else:
                done = self._publish(request, post, form.revision)
                if done:  # what was amended meanwhile was no letter to look at before
                    courtesy.draft(request, post=post)
        if not done:
            return redirect("admin:posts_post_change", post.pk)
        return self._done(request, post)


def _was_asked_to_publish(request):
    return "_publish" in request.POST or request.POST.get("verb") == "publish"


def lost_pins(post):
    """Return what is said of reprints that showed a former text, now withheld; "" for none."""
    pinned = post.reprinted_in.filter(revision__withheld=True).select_related("post")
    titles = "; ".join(f"“{reprint.post}”" for reprint in pinned.order_by("post__published_at"))
    words = _("Reprints that showed a former text show the text as it stands now: %s.")
    return words % titles if titles else ""


@dataclass
class Asked:
    """What the page that asks once is about: concerns to know of, letters that go along."""

    concerns: list
    letters: object

    @classmethod
    def of(cls, post, user, data=None):
        """Return it as it is now, with what the author has typed."""
        return cls(concerns(post), telling.letters(post, user, data))

    def __bool__(self):
        return bool(self.concerns or self.letters)

    @property
    def fingerprint(self):
        return fingerprint([*self.concerns, *self.letters.courtesies])

    def refusal(self, known):
        """Return why it must be asked again, in words: "" if it need not."""
        if not self.letters.is_valid():
            return _("Please correct what is marked below.")
        return "" if known == self.fingerprint else _("Meanwhile there is something else to know.")


def _as_sent(post, first, asked):
    """Return what PublishForm begins with: {name of its field: value}."""
    post.refresh_from_db(fields=["changed_at"])
    return {
        **{name: asked.get(name) or "" for name in ("verb", "sort", "note", "withheld")},
        "when": str(asked.get("when") or ""),
        "seen": post.changed_at.isoformat(),
        "known": first.fingerprint,
    }


def _with_addresses(found):
    """Return [(Concern, the address where it is seen to)]."""
    return [(concern, _address(concern.about)) for concern in found]


def _address(about):
    if isinstance(about, Revision):
        return f"{reverse('admin:posts_post_changes', args=[about.post_id])}?to={about.number}"
    name = about._meta.label_lower.replace(".", "_")
    return reverse(f"admin:{name}_change", args=[about.pk])


def _out_of_view(post):
    """Return what is said of a post that was taken out of public view."""
    words = _("Saved. Readers do not see it any more.")
    reprinted_in = Post.objects.published().filter(reprints__source=post)
    titles = "; ".join(f"“{one}”" for one in reprinted_in.order_by("published_at"))
    if titles:
        words += " " + _("A note stands in its place where it is reprinted: %s.") % titles
    return words
