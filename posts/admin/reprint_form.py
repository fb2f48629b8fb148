"""The desk's form for a reprint: within its post's form, and on a page of its own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from posts.admin import editor
from posts.admin.forms import clean_html, revision_words
from posts.models import Reprint, Revision


class ReprintForm(forms.ModelForm):
    """A reprint within its post's form; offers the revisions of the post that is reprinted."""

    class Meta:
        model = Reprint
        fields = ["source", "order", "introduction", "revision"]
        widgets = {"introduction": editor.rich()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "revision" in self.fields:
            typed = self.data.get(self.add_prefix("source"), "")
            typed = int(typed) if typed.isdecimal() else 0
            offer_revisions(self.fields["revision"], self.instance.source_id or typed)
        if "source" in self.fields and self.instance.pk:
            # The figure and the chosen comments are those of this source.
            self.fields["source"].disabled = True

    def clean_introduction(self):
        return clean_html(self.cleaned_data["introduction"])


def offer_revisions(field, source_id):
    """Let the choice `field` offer the revisions of one post whose words are not withheld."""
    rows = Revision.objects.filter(post=source_id or None, withheld=False)
    field.queryset = rows.defer("text").order_by("number")
    field.label_from_instance = revision_words
    field.empty_label = _("the text as it stands")
