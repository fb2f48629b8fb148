"""The form of a letterbox: a reply, a request for an amendment, or both, as long as it takes."""

import hashlib
from urllib.parse import urlsplit

from crispy_forms.layout import HTML, Field, Fieldset, Layout, Submit
from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from blogsite.requests import as_pk
from comments import names, quotation
from comments.forms import COUNTED, TOO_LONG, TypedField, WritingForm
from posts.models import Blog

MOST_REPLIED = 200_000
LONGEST_SITE = 500
PUBLIC = "on"
DRAFTED = ("text", "role", "site", "words", "wrong", "wanted", "public", "change", "submission")
"""The fields that a draft holds."""
SHORTER = {"max_length": TOO_LONG}
NO_ADDRESS = _(
    "This is no whole address of a site. Copy it from your browser: it begins with https:// or "
    "http://."
)
TAKEN_ROLE = _("Readers would take this for the author of the blog. Say it in other words.")
AUTHORS = ("the author", "author", "author of this blog", "the author of this blog", "blogger")
UNFOUND = _(
    "These words do not stand in the post as it is now. Look whether they are copied whole. If you "
    "mean words in a reprint, in a comment or in a former version, send it once more as it is."
)


class LetterboxForm(WritingForm):
    """A subject's reply, a request for an amendment, or both; `right` is their right of reply.

    A draft may be anything that is not too long. `change` is the id of a reply that waits, whose
    words these are to take the place of; `seen` is which draft the form was filled from.
    """

    text = TypedField(
        label=_("Your reply"),
        required=False,
        max_length=MOST_REPLIED,
        help_text=_(
            "It stands on the post, before the readers’ comments, as you write it. Leave a blank "
            "line between paragraphs. Addresses become links by themselves."
        ),
        widget=forms.Textarea(attrs={"rows": 16, **COUNTED, "data-most": MOST_REPLIED}),
        error_messages=SHORTER,
    )
    role = TypedField(
        label=_("In which capacity you write, if readers should know"),
        required=False,
        max_length=100,
        help_text=_("Such as “harbour pilot until 2012”. It is shown beside your name."),
        error_messages=SHORTER,
    )
    site = TypedField(
        label=_("Address of your own site, if your name should lead there"),
        required=False,
        max_length=LONGEST_SITE,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
        error_messages=SHORTER,
    )
    words = TypedField(
        label=_("The words you mean"),
        required=False,
        max_length=5_000,
        help_text=_("Copied from the post."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=SHORTER,
    )
    wrong = TypedField(
        label=_("What is wrong with them"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=SHORTER,
    )
    wanted = TypedField(
        label=_("What it should say"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=SHORTER,
    )
    # Empty for a private one, so that a browser that sends nothing asks for nothing to be shown.
    public = forms.ChoiceField(
        label=_("Who sees this request"),
        required=False,
        choices=[
            (
                "",
                _("The author alone. The decision on it comes to this page, and nobody else knows"),
            ),
            (
                PUBLIC,
                _(
                    "Everybody. It stands on the post as soon as it is decided, with the decision "
                    "and the author’s reasons, or a reply of yours is published. Until then "
                    "readers see only that it was made"
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    # Not IntegerFields and the like: what isn't one must not bar the way, as nobody sees the field.
    change = TypedField(required=False, widget=forms.HiddenInput)
    seen = TypedField(required=False, widget=forms.HiddenInput)
    unfound = TypedField(required=False, widget=forms.HiddenInput)

    submit_label = _("Send to the author")
    can_be_previewed = True

    def __init__(self, *args, right, **kwargs):
        super().__init__(*args, **kwargs)
        self.right = right
        self.is_draft = self.is_bound and "draft" in self.data
        self.is_preview = self.is_bound and "preview" in self.data
        self.initial.setdefault("public", "")
        self.helper.form_id = "letterbox-form"  # for the button beside the preview
        # The preview comes first: it is what a browser does when Enter is pressed in a field.
        send, preview = self.helper.inputs
        self.helper.inputs = [preview, send, Submit("draft", _("Save as a draft"))]
        self.helper.layout = Layout(
            *("submission", "change", "seen", "unfound", "text"),
            HTML('{% include "comments/letterbox/_tags.html" %}'),
            Fieldset(_("How you sign (if you want to)"), "role", "site"),
            Fieldset(
                _("Ask for a change of the post (if you want one)"),
                *("words", "wrong", "wanted"),
                Field("public", template="plain/radios.html"),
            ),
        )

    @property
    def typed(self):
        """What was typed, as a draft keeps it: {field: words}, as they are."""
        found = {}
        for name in DRAFTED:
            words = (
                self.data.get(self.add_prefix(name), "") if self.is_bound else self[name].value()
            )
            words = (words or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
            if words:
                found[name] = words
        return found

    @property
    def seen_version(self):
        return self.data.get(self.add_prefix("seen"), "")

    def let(self, name, value):
        """Let a hidden field say something else when the form is shown again."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data[self.add_prefix(name)] = value
        else:
            self.initial[name] = value

    def clean_role(self):
        role = names.tidy(self.cleaned_data["role"])
        blog = Blog.current()
        taken = {names.skeleton(one) for one in (*AUTHORS, blog.name, blog.author_name)}
        if role and not self.is_draft and names.skeleton(role) in taken:
            raise forms.ValidationError(TAKEN_ROLE)
        return role

    def clean_site(self):
        site = self.cleaned_data["site"]
        if site and not self.is_draft and not _is_address(site):
            raise forms.ValidationError(NO_ADDRESS)
        return site

    def clean_public(self):
        return self.cleaned_data["public"] == PUBLIC

    def clean_change(self):
        """Return the reply that waits and whose words these are to replace, or None."""
        pk = as_pk(self.cleaned_data["change"])
        if pk is None or self.is_draft:
            return None
        reply = self.right.replies.filter(pk=pk).first()
        had_arrived = reply and reply.typed == self.cleaned_data.get("text")
        if not reply or not (reply.is_held or had_arrived):
            # The words shall not be lost over it: sent once more, they are a reply of their own.
            self.let("change", "")
            raise forms.ValidationError(
                _(
                    "The reply that you were changing is not waiting any more. Send this again, "
                    "and it is a further reply."
                )
            )
        return reply

    def clean(self):
        data = super().clean()
        if self.is_draft:
            return data
        asked = any(data.get(name, "").strip() for name in ("words", "wanted"))
        if asked and not data.get("wrong", "").strip() and "wrong" not in self.errors:
            self.add_error("wrong", _("Say what is wrong, so that the author can decide."))
        elif data.get("change") and not data.get("text", "").strip():
            self.add_error("text", _("Write something first."))
        elif not self.errors and not (data["text"].strip() or data["wrong"].strip()):
            self.add_error("text", _("Write a reply, or ask for an amendment."))
        self._look_for(data.get("words", ""))
        return data

    def _look_for(self, words):
        """Say once where the words meant do not stand in the post; they may stand elsewhere."""
        post = self.right.post
        if not words or not post.is_published or quotation.stands(post.text, words):
            return
        told = hashlib.sha256(words.encode()).hexdigest()[:16]
        if self.cleaned_data.get("unfound") == told:
            return
        self.let("unfound", told)
        if not self.is_preview:  # which shows itself that they are not found
            self.add_error("words", UNFOUND)


def _is_address(site):
    """Whether `site` is the address of a site on the web, and hides no other one."""
    try:
        URLValidator(schemes=["http", "https"])(site)
        parts = urlsplit(site)
    except (forms.ValidationError, ValueError):
        return False
    return not (parts.username or parts.password)
