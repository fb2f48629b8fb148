"""The choice of comments that a reprint brings along: which there are, and the fields for it."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from blogsite import html
from comments import exchanges
from comments.models import ChosenComment, Comment

MOST = 200
FIRST_WORDS = 40
ID = re.compile("[1-9][0-9]{0,17}")


def choosable(source):
    """Return the published comments of the post `source` that do not come along anyway."""
    thread = Comment.objects.filter(post=source).order_by("number")
    rights = source.rights.all()
    apart = exchanges.apart(exchanges.gather(thread.in_thread(), rights, [])) if rights else ()
    return thread.published().exclude(pk__in=apart)


def choose(reprint, comments):
    """Make these comments, in this order, the ones that the reprint brings along."""
    reprint.chosen.exclude(comment__in=comments).delete()
    for order, comment in enumerate(comments, start=1):
        ChosenComment.objects.update_or_create(
            reprint=reprint, comment=comment, defaults={"order": order}
        )


def named(comment):
    """Return who speaks in this comment, with the voice where it is not a reader's."""
    if comment.is_readers:
        return comment.display_name
    return f"{comment.display_name} ({comment.get_voice_display()})"


def words_of(comment):
    """Return the comment as plain words; of one that was removed, that it was."""
    if comment.is_tombstone:
        return str(_("removed; readers see that it was"))
    return html.to_text(comment.shown)


def first_words(comment):
    """Return enough of the comment, as plain words, to know it by."""
    return Truncator(words_of(comment)).words(FIRST_WORDS)


# On the page of one reprint: boxes, and a number each for the order


class OrderedBoxes(forms.CheckboxSelectMultiple):
    """A box for each, in order, and beside it a number for those that are to stand elsewhere."""

    def value_from_datadict(self, data, files, name):
        """Return the ticked ones by their numbers; those without one come last, as they stand."""
        ticked = super().value_from_datadict(data, files, name) or []

        def place(value):
            typed = data.get(f"{name}-place-{value}", "").strip()
            return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 10**6

        return sorted(ticked, key=place)

    def render(self, name, value, attrs=None, renderer=None):
        """Return the boxes as HTML."""
        context = self.get_context(name, value, attrs)
        places = {str(one): place for place, one in enumerate(value or [], start=1)}
        options = [
            option
            for _group, options, _index in context["widget"]["optgroups"]
            for option in options
        ]
        for option in options:
            option["place"] = places.get(str(option["value"]), "")
            option["place_name"] = f"{name}-place-{option['value']}"
        return render_to_string("admin/posts/reprint/boxes.html", {**context, "options": options})


class OrderedComments(forms.ModelMultipleChoiceField):
    """Comments in the order that was asked: cleaned, a list of them."""

    widget = OrderedBoxes

    def clean(self, value):
        """Return the comments with these ids, in the order of the ids."""
        found = {str(comment.pk): comment for comment in super().clean(value)}
        return [found[str(one)] for one in value or []]

    def label_from_instance(self, comment):
        return format_html(
            '<b>{} {}</b> <span class="said">{}</span>',
            comment.number,
            named(comment),
            first_words(comment),
        )


# Within the form of a post: one hidden field, which a script fills


class Picker(forms.Widget):
    """The ids of the chosen comments, and beside them what the script makes a picker of.

    Without the script it says how many are chosen, and leads to the reprint's own page.
    """

    use_fieldset = True
    template_name = "admin/posts/reprint/picker.html"
    reprint = None

    def render(self, name, value, attrs=None, renderer=None):
        """Return the field and its surroundings as HTML."""
        context = self.get_context(name, value, attrs)
        context["reprint"] = self.reprint
        return render_to_string(self.template_name, context)

    def id_for_label(self, id_):
        return ""


class PickedComments(forms.Field):
    """Ids of comments in order, “12,7,9”: cleaned, a list of numbers."""

    widget = Picker
    default_error_messages = {
        "unreadable": _("The choice of comments could not be read. Please choose them again."),
        "many": _("No more than %(most)s comments can be chosen."),
    }

    def to_python(self, value):
        """Return the ids in their order, each once. ValidationError for anything else."""
        try:
            ids = as_ids(value or "")
        except ValueError:
            raise ValidationError(self.error_messages["unreadable"]) from None
        if len(ids) > MOST:
            raise ValidationError(self.error_messages["many"], params={"most": MOST})
        return ids

    def prepare_value(self, value):
        return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value

    def has_changed(self, initial, data):
        """Say whether another choice was sent than the one the form was opened with."""
        return self.prepare_value(initial or []) != (data or "")


def as_ids(written):
    """Return the numbers in “12,7,9”, each once; ValueError where it is anything else."""
    parts = [part for part in written.split(",") if part]
    if not all(ID.fullmatch(part) for part in parts):
        raise ValueError(written)
    return list(dict.fromkeys(map(int, parts)))
