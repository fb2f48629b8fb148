"""The forms that readers write in, and what these have in common with the letterbox's."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from blogsite import emails
from blogsite.requests import as_number
from comments import names
from comments.models import KeptName, RightOfReply, Subscription
from comments.models.kept_name import TAKEN
from comments.models.reason import TO_COMPLAIN_OF
from comments.models.right_of_reply import UNNAMED
from posts.models import Blog

MOST_TYPED = 10_000
COUNTED = {
    "data-most": MOST_TYPED,
    "data-left": _("%s characters left"),
    "data-over": _("%s characters too many"),
}
"""For the script that says how many characters are left, near the end."""
TOO_LONG = _("This has %(show_value)d characters; there is room for %(limit_value)d.")


class TypedField(forms.CharField):
    """Words as typed. A NUL, which no database keeps, is left out instead of refused."""

    def to_python(self, value):
        value = super().to_python(value)
        return value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")

    def bound_data(self, data, initial):
        # A page that shows it again can hold no NUL either.
        return data.replace("\x00", "") if isinstance(data, str) else data

    def widget_attrs(self, widget):
        # No `maxlength`: a browser cuts off what is pasted beyond it, and says nothing.
        return {}


class TrapField(forms.CharField):
    """A field that people don't see and programs fill in."""

    is_trap = True

    def __init__(self):
        attributes = {"tabindex": "-1", "autocomplete": "off"}
        widget = forms.TextInput(attrs=attributes)
        super().__init__(required=False, label=_("Leave this empty"), widget=widget)


class AddressField(forms.EmailField):
    """An e-mail that a reader may leave: a plain one, no longer than the database keeps."""

    def __init__(self, **kwargs):
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(required=False, max_length=254, widget=widget, **kwargs)
        wrong = _("This does not look like an e-mail address.")
        self.error_messages.update(invalid=wrong, max_length=wrong)

    def clean(self, value):
        email = super().clean(value)
        if email and not emails.is_plain(email):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return email


class WritingForm(forms.Form):
    """What the readers' and the subjects' forms have in common."""

    # Made in the browser, where there is script: the same submission sent twice is one.
    submission = TypedField(required=False, widget=forms.HiddenInput)

    submit_label = _("Send")
    can_be_previewed = False

    def __init__(self, *args, action="", **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.form_class = "writing"
        self.helper.disable_csrf = True  # see blogsite/requests.py
        self.helper.attrs = {"novalidate": ""} if self.is_bound else {}
        self.helper.add_input(Submit("", self.submit_label))
        if self.can_be_previewed:
            self.helper.add_input(Submit("preview", _("Preview")))

    def clean_submission(self):
        # What our script didn't make is as good as none; nobody sees the field, so it never bars.
        made = self.cleaned_data["submission"]
        return made if re.fullmatch("[0-9a-f]{32}", made) else ""


class CommentForm(WritingForm):
    """A reader's comment; `author` (a bool) says that the author is writing, who needs no name.

    `known` is the Commenter who writes, if it is known; theirs are the names they keep.
    """

    name = TypedField(
        label=_("Your name"),
        required=False,
        max_length=names.LONGEST,
        help_text=_("A made-up one will do. Left empty: Anonymous."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    text = TypedField(
        label=_("Your comment"),
        max_length=MOST_TYPED,
        help_text=_(
            "Leave a blank line between paragraphs. Addresses become links by themselves; "
            "<b>, <i>, <a> and <blockquote> work too."
        ),
        widget=forms.Textarea(attrs={"rows": 8, **COUNTED}),
        error_messages={"required": _("Write something first."), "max_length": TOO_LONG},
    )
    email = AddressField(
        label=_("Your e-mail, if you want to hear of answers"),
        help_text=_("For that alone; nobody sees it. A letter first asks whether it is yours."),
    )
    # Not an IntegerField: what isn't a number must not bar the way, as nobody sees the field.
    to = TypedField(required=False, widget=forms.HiddenInput)
    website = TrapField()
    # For how many seconds somebody was typing, if the script says so; see comments/screening.py.
    took = TypedField(required=False, widget=forms.HiddenInput)

    submit_label = _("Send comment")
    can_be_previewed = True

    def __init__(self, *args, post, author=False, known=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post
        self.known = known
        if author:
            del self.fields["name"], self.fields["email"]
            self.fields["text"].label = _("Your comment, in the author’s voice")
        if known and Subscription.objects.filter(commenter=known).exists():
            self.fields["email"].help_text = _(
                "You have left one already. Another one takes its place."
            )

    def clean_name(self):
        name = names.tidy(self.cleaned_data["name"])
        skeleton = names.skeleton(name)
        if skeleton in KeptName.objects.skeletons(besides=self.known):
            words = _("If you keep it yourself, write from your return link.")
            raise forms.ValidationError(format_lazy("{} {}", TAKEN, words))
        if skeleton in kept_names():
            raise forms.ValidationError(TAKEN)
        return name

    def clean_took(self):
        return as_number(self.cleaned_data["took"])

    def clean_to(self):
        number = self.cleaned_data["to"]
        if not number:
            return None
        parent = None
        if number.isdecimal() and len(number) < 10:
            parent = self.post.comments.published().filter(number=number).first()
        if parent is None:
            # The words shall not be lost over it: sent once more, the comment answers nobody.
            self.data = self.data.copy()
            self.data[self.add_prefix("to")] = ""
            raise forms.ValidationError(
                _(
                    "The comment you were answering is no longer there. "
                    "Send yours again to let it stand by itself."
                )
            )
        return parent


class EditForm(WritingForm):
    """The words of a comment, for its writer to change; `comment` is its id, `do` what is asked."""

    do = forms.CharField(required=False, initial="edit", widget=forms.HiddenInput)
    comment = forms.CharField(required=False, widget=forms.HiddenInput)
    text = TypedField(
        label=_("Your comment"),
        max_length=MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 8, "autofocus": True}),
        error_messages={"required": _("Write something first."), "max_length": TOO_LONG},
    )

    submit_label = _("Save the change")


class ComplaintForm(WritingForm):
    """What is wrong with a comment or a post, in a reader's words."""

    reason = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[("", _("– choose –")), *((one.value, one.label) for one in TO_COMPLAIN_OF)],
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = TypedField(
        label=_("In your words"),
        max_length=5_000,
        help_text=_("What is wrong with it, and with which words. The author alone reads this."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Say what is wrong, so that the author can decide."),
            "max_length": TOO_LONG,
        },
    )
    law = forms.BooleanField(
        label=_("I mean that the law forbids it"),
        required=False,
        help_text=_("The author is then asked to answer within 48 hours."),
    )
    email = AddressField(
        label=_("Your e-mail, if you want an answer"),
        help_text=_("For the answer alone; nobody else sees it."),
    )

    submit_label = _("Send to the author")


def kept_names():
    """Return the skeletons of names that no reader can sign with: a set.

    They are the blog's, the author's, and those of all the people that public posts are about, as
    readers see them. On every post, because a reply travels with reprints. No others: a refusal
    would say of whom the author writes, or who it is that a post does not name.
    """
    blog = Blog.current()
    kept = {blog.name, blog.author_name, str(UNNAMED)}
    named = RightOfReply.objects.filter(unnamed=False, post__state="published")
    rows = named.order_by().values_list("shown_name", "subject__name").distinct()
    kept.update(shown or own for shown, own in rows)
    return {names.skeleton(name) for name in kept} - {""}
