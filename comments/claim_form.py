"""The forms of whoever says that a post is about them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from blogsite.requests import as_number
from comments import names
from comments.forms import TOO_LONG, AddressField, TrapField, TypedField, WritingForm

MOST_SAID = 5_000
NOT_THERE = _(
    "No comment with this number stands under the post. Leave this empty if the post itself is "
    "about you."
)
TRAPPED = _(
    "Something filled in a field that people don’t see. It is empty again: send this once more."
)


class ClaimForm(WritingForm):
    """Who somebody is, how the post concerns them, and how the author can be sure."""

    name = TypedField(
        label=_("Who you are"),
        max_length=names.LONGEST,
        help_text=_("Your name, or what the post calls you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Say who you are."), "max_length": TOO_LONG},
    )
    how = TypedField(
        label=_("How it concerns you"),
        max_length=MOST_SAID,
        help_text=_("Which words are about you, or what you have to do with it."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say how it concerns you."), "max_length": TOO_LONG},
    )
    proof = TypedField(
        label=_("How the author can be sure that it is you"),
        max_length=MOST_SAID,
        help_text=_(
            "For example: an address at your place of work, a page that names you with your "
            "e-mail, or something that only you two know. Send no papers."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say how the author can be sure that it is you."),
            "max_length": TOO_LONG,
        },
    )
    email = AddressField(
        label=_("Your e-mail"),
        help_text=_("A letter first asks whether it is yours. Nobody but the author sees it."),
    )
    comment = TypedField(
        label=_("Number of the comment, if only a comment is about you"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    website = TrapField()

    submit_label = _("Send to the author")

    def __init__(self, *args, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post
        email = self.fields["email"]
        email.required = True
        email.error_messages["required"] = _("Leave an e-mail, so that you can have an answer.")

    def clean_name(self):
        name = names.tidy(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_comment(self):
        """Return the Comment with this number, or None where none is meant."""
        typed = self.cleaned_data["comment"].removeprefix("#")
        if not typed:
            return None
        comments = self.post.comments.published()
        comment = comments.filter(number=as_number(typed) or 0).first()
        if comment is None:
            raise forms.ValidationError(NOT_THERE)
        return comment

    def clean_website(self):
        """Refuse what a program fills in; a person whose browser did so sends it once more."""
        if self.cleaned_data["website"]:
            self.data = self.data.copy()
            self.data[self.add_prefix("website")] = ""
            self.add_error(None, TRAPPED)
        return ""


class AnswerForm(WritingForm):
    """The answer to what the author asked about a claim."""

    answer = TypedField(
        label=_("Your answer"),
        max_length=MOST_SAID,
        help_text=_("Nobody but the author reads it."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your answer first."), "max_length": TOO_LONG},
    )

    submit_label = _("Send to the author")
