"""The desk's form for posts: what must be right before a verb is called."""

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blogsite import html
from posts.admin import editor
from posts.models import Post, Revision, figures


def clean_html(text):
    """Return `text` as it comes out of the door; an over long one is an error of its field."""
    try:
        return str(html.post(text)) if text else text
    except ValueError as error:
        raise ValidationError(_("This text is too long.")) from error


def check_figures(text, strict, before=""):
    """Return what is wrong with tokens in `text` that name no figure, in words; "" if nothing is.

    Where it is `strict`, since readers are to see the text, that is an error of its field. Those
    that readers could see `before` may stay: they may be no tokens at all, but a former blog's
    words that look like one.
    """
    seen = figures.unknown(before, Post.objects)
    unknown = [one for one in dict.fromkeys(figures.unknown(text, Post.objects)) if one not in seen]
    if not unknown:
        return ""
    words = ngettext(
        "%s names no view figure. Check the post’s address (its last part alone) and, where there "
        "is one, the name of the earlier system; or take it out.",
        "%s name no view figures. Check the posts’ addresses (their last parts alone) and, where "
        "there are any, the names of the earlier systems; or take them out.",
        len(unknown),
    ) % ", ".join(unknown)
    if strict:
        raise ValidationError(words)
    return words


def is_for_readers(data, post_id):
    """Say whether what a form sends as `data` is to be read: now, or once the worker publishes."""
    if "_unpublish" in data:
        return False
    asked = "_publish" in data or "_schedule" in data
    return asked or Post.objects.exclude(state=Post.State.DRAFT).filter(pk=post_id).exists()


class PostForm(forms.ModelForm):
    """What the author writes, and (in fields of its own) what the buttons need to know."""

    when = forms.SplitDateTimeField(
        label=_("To be published"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_("For the button “Schedule”. In the blog’s time zone."),
    )
    sort = forms.ChoiceField(
        label=_("What kind of change"),
        required=False,
        initial=Revision.Sort.SMALL,
        widget=forms.RadioSelect,
        choices=[
            (Revision.Sort.SMALL, _("a small correction: spelling, a link, a missing word")),
            (Revision.Sort.AMENDMENT, _("an amendment, which readers should know of")),
        ],
    )
    note = forms.CharField(
        label=_("Note for readers"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("What changed and why. Stands on the post; an amendment needs one."),
    )
    withheld = forms.BooleanField(
        label=_("Withhold the former words"),
        required=False,
        help_text=_(
            "Hides all former texts of this post, not only the last; readers see that there were "
            "some. The note, the post’s address, requests and comments may repeat the words: "
            "please look through them yourself."
        ),
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    """When the version that this form was opened with was saved (Post.changed_at)."""

    newer = _(
        "Nothing was saved: there is a newer version than the one you began with, saved on "
        "%(at)s. What you typed is still here. Look at the newer version; if you save again, "
        "yours takes its place, introductions of reprints included: of these no former ones "
        "are kept."
    )
    """What is said where there is one."""

    is_declared = False
    """Whether sort and note are to count now: readers see the change at once. Set by clean()."""

    asked_editor = ""
    """“html” or “rich” where the address asks for one; set by the ModelAdmin."""

    restored = None
    """The former revision that the form begins with, where one is asked for; set likewise."""

    class Meta:
        model = Post
        fields = ["title", "text", "labels", "slug", "kind", "comment_policy"]
        widgets = {"text": editor.rich()}
        help_texts = {
            "text": _(
                "To put a post’s view figure into a sentence, type [views of the-address], or "
                "[views of the-address on Blogger] for what an earlier system had counted; "
                "“the-address” is the last part of the post’s address. It becomes the figure when "
                "your post is published."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "when" in self.fields and self.instance.is_scheduled:
            self.fields["when"].initial = self.instance.publish_at
        if "seen" in self.fields and self.instance.pk:
            self.fields["seen"].initial = self.instance.changed_at.isoformat()
        if self.restored and not self.is_bound:
            self.initial |= {"title": self.restored.title, "text": self.restored.text}
        if "text" in self.fields and self.is_source:
            self.fields["text"].widget = editor.source()

    @property
    def is_source(self):
        """Whether the text is edited as HTML, because the rich editor would lose something."""
        if self.asked_editor:
            return self.asked_editor == "html"
        return not editor.keeps((self.restored or self.instance).text)

    @property
    def is_wish(self):
        """Whether the moment typed is to count: asked by the button, or moved while scheduled."""
        moved = self.instance.is_scheduled and self.cleaned_data.get("when")
        return "_schedule" in self.data or bool(moved and "when" in self.changed_data)

    @property
    def revision(self):
        """What is said of the revision that this makes, as Post.revise() and publish() take it."""
        if not self.instance.published_at:
            return {}
        return {name: self.cleaned_data.get(name) for name in ("sort", "note", "withheld")}

    @property
    def unused(self):
        """What was typed and is of no use to the button that was pressed: a list of sentences."""
        data, post = self.cleaned_data, self.instance
        words = []
        used = "_schedule" in self.data or "_unpublish" in self.data  # or it is asked about first
        if data.get("when") and post.is_draft and not used:
            at = date_format(timezone.localtime(data["when"]), "DATETIME_FORMAT")
            words.append(_now("The time %s was not used. Press “Schedule” to use it.") % at)
        if data.get("note", "").strip() and not self.is_declared:
            unused = _now("The note was not used. It is for “Publish now”; here it is again: %s")
            words.append(unused % data["note"])
        introductions = post.reprints.values_list("introduction", flat=True)
        wrong = check_figures(" ".join([post.text, *introductions]), strict=False)
        return [*words, wrong] if wrong else words

    def clean_text(self):
        text = clean_html(self.cleaned_data["text"])
        before = self.instance.text if self.instance.is_published else ""
        check_figures(text, is_for_readers(self.data, self.instance.pk), before)
        return text

    def clean(self):
        data = super().clean()
        if self.instance._state.adding:
            self._check_new(data)
        else:
            self._check_seen(data)
        if self.is_wish and "_publish" not in self.data and "_unpublish" not in self.data:
            self._check_wish(data)
        if ("_schedule" in self.data or "_publish" in self.data) and not data.get("title"):
            self.add_error("title", _("A post needs a title before it is published."))
        post = self.instance
        self.is_declared = post.is_published or bool(post.published_at and "_publish" in self.data)
        if self.is_declared:
            self._check_change(data)
        return data

    def _check_new(self, data):
        """Make no second copy of a draft: it was sent twice, or its author has gone back."""
        same = {"title": data.get("title"), "text": data.get("text")}
        drafts = Post.objects.filter(state=Post.State.DRAFT, published_at=None)
        draft = drafts.filter(**same).last() if all(same.values()) else None
        if draft:
            words = _now("This is saved already, as a draft, and was not saved once more.")
            address = reverse("admin:posts_post_change", args=[draft.pk])
            look = _now("To the draft")
            self.add_error(None, format_html('{} <a href="{}">{}</a>', words, address, look))

    def _check_seen(self, data):
        """Let nobody replace a version that they have not seen; once they could, they may."""
        # Held until this transaction ends, so that nobody saves in between.
        row = Post.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        if data.get("seen") == row.changed_at.isoformat():
            return
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = row.changed_at.isoformat()
        at = date_format(timezone.localtime(row.changed_at), "DATETIME_FORMAT")
        words = self.newer % {"at": at}
        address = reverse("admin:posts_post_change", args=[row.pk])
        look = _now("The newer version (opens in another tab)")
        link = format_html('{} <a href="{}" target="_blank">{}</a>', words, address, look)
        self.add_error(None, link)

    def _check_wish(self, data):
        amendment = data.get("sort") == Revision.Sort.AMENDMENT
        if self.instance.published_at and (amendment or data.get("note", "").strip()):
            self.add_error("note", _("The schedule can’t keep it. Press “Publish now” to use it."))
        when = data.get("when")
        if not when and "when" not in self.errors:
            self.add_error("when", _("Say when it is to be published."))
        elif when and when <= timezone.now():
            self.add_error("when", _("This moment has passed."))

    def _check_change(self, data):
        amendment = data.get("sort") == Revision.Sort.AMENDMENT
        last = self.instance
        if not last.is_published:  # readers last saw another text than the draft has
            last = last.revisions.order_by("-number").first() or last
        now = (last.title, last.text)
        if amendment and not data.get("note", "").strip():
            self.add_error(
                "note", _("An amendment needs a note that tells readers what changed and why.")
            )
        elif data.get("note", "").strip() and (data.get("title"), data.get("text")) == now:
            # The note belongs to a revision, and there will be none: it would be lost.
            self.add_error("note", _("Neither title nor text has changed, so there is no change."))
        if data.get("withheld") and not amendment:
            self.add_error("withheld", _("Words are withheld by an amendment alone."))


def revision_words(revision):
    """Return how a revision reads in a list of choices."""
    since = date_format(timezone.localtime(revision.since), "DATETIME_FORMAT")
    return f"{revision.number}: {since}, {revision.get_sort_display()}"
