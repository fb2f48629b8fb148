"""The desk's form for a reprint: within its post's form, and on a page of its own."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from posts.admin import chosen, editor
from posts.admin.forms import clean_html, revision_words
from posts.models import Reprint, Revision
from posts.models.revision import CLEAN_UPS


class ReprintForm(forms.ModelForm):
    """A reprint; offers the revisions of the post that is reprinted which readers may see."""

    class Meta:
        model = Reprint
        fields = ["source", "order", "introduction", "revision"]
        widgets = {"introduction": editor.rich()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "revision" in self.fields:
            typed = self.data.get(self.add_prefix("source"), "")
            typed = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
            source_id = self.instance.source_id or typed
            field = self.fields["revision"]
            field.queryset = offered_revisions(source_id, self.instance.revision_id)
            field.label_from_instance = revision_words
            field.empty_label = _("the text as it stands")
        if "source" in self.fields and self.instance.pk:
            # The figure and the chosen comments are those of this source.
            self.fields["source"].disabled = True

    def clean_introduction(self):
        return clean_html(self.cleaned_data["introduction"])


class ReprintRowForm(ReprintForm):
    """A reprint within its post's form, with the comments that a script lets the author pick."""

    # What it was opened with is sent along: nobody takes back a choice made in another tab.
    picked = chosen.PickedComments(
        label=_("Readers’ comments"), required=False, show_hidden_initial=True
    )

    chosen_comments = None
    """Those that were picked, in order; None: the choice stays as it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "picked" not in self.fields:
            return
        self.fields["picked"].widget.reprint = self.instance if self.instance.pk else None
        if self.instance.pk:
            self.initial["picked"] = [row.comment_id for row in self.instance.chosen.all()]

    def clean(self):
        data = super().clean()
        if "picked" in self.changed_data and "picked" in data and data.get("source"):
            self._check_picked(data["source"], data["picked"])
        return data

    def _check_picked(self, source, ids):
        # One that was removed since it was chosen may stay: readers see that it was.
        there = Comment.objects.in_thread().filter(post=source).in_bulk(ids)
        if len(there) < len(ids):
            words = _("Some of these comments can’t be chosen: they do not stand under this post.")
            self.add_error("picked", words)
        self.chosen_comments = [there[one] for one in ids if one in there]

    def save(self, commit=True):
        reprint = super().save(commit)
        if commit and self.chosen_comments is not None:
            chosen.choose(reprint, self.chosen_comments)
        return reprint


class ReprintPageForm(ReprintForm):
    """A reprint on its own page, with all that can be chosen."""

    comments = chosen.OrderedComments(
        label=_("Comments to bring along"),
        queryset=Comment.objects.none(),
        required=False,
        help_text=_(
            "Tick them, and number them if they are not to stand in the order of their numbers. "
            "What a person the post is about has replied comes along by itself."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "comments" in self.fields:
            ids = [row.comment_id for row in self.instance.chosen.all()]
            source = self.instance.source
            offered = chosen.choosable(source) | Comment.objects.filter(pk__in=ids, post=source)
            self.fields["comments"].queryset = offered.order_by("number")
            self.initial["comments"] = ids


def offered_revisions(source_id, pinned_id=None):
    """Return the revisions of one post that a reprint may show, and the one it shows already."""
    rows = Revision.objects.filter(post=source_id or None, withheld=False).defer("text", "title")
    a_clean_up = Q(number__gt=1, sort__in=CLEAN_UPS)
    return rows.filter(~a_clean_up | Q(pk=pinned_id)).order_by("number")
