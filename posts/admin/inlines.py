"""What is edited within a post's form: its reprints, the people it is about, earlier figures."""

import re

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.forms import Script
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from blogsite import emails
from comments.admin.right import RightForm, has_history
from comments.models import RightOfReply
from posts.admin.reprint_form import ReprintRowForm
from posts.models import EarlierFigure, Reprint


def may_not(widget, *verbs):
    """Take the icons for these `verbs` away from beside a picker."""
    for verb in verbs:
        setattr(widget, f"can_{verb}_related", False)


class RowsFormSet(forms.BaseInlineFormSet):
    """Rows of a post. One that was deleted in another tab comes back as a new one, words and all.

    Django would leave it out of the page, and refuse the form for its sake ever after.
    """

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        if self.is_bound and self.management_form.is_valid():
            there = {str(row.pk) for row in self.get_queryset()}
            were = range(self.initial_form_count())
            gone = [n for n in were if self.data.get(f"{self.prefix}-{n}-id") not in there]
            if gone:
                self._bring_back(gone)

    def _bring_back(self, gone):
        """Number the rows anew: those that are there first, then the new ones, then the gone."""
        stay = [n for n in range(self.total_form_count()) if n not in gone]
        numbers = {str(old): new for new, old in enumerate([*stay, *gone])}
        row = re.compile(rf"({re.escape(self.prefix)})-(\d+)-(.+)")
        data = QueryDict(mutable=True)
        for key, values in self.data.lists():
            found = row.fullmatch(key)
            if found and found[2] in numbers:
                key = f"{found[1]}-{numbers[found[2]]}-{found[3]}"
            data.setlist(key, values)
        for number in gone:
            data[f"{self.prefix}-{numbers[str(number)]}-id"] = ""
        data[f"{self.prefix}-INITIAL_FORMS"] = self.initial_form_count() - len(gone)
        self.data = data
        del self.management_form


class SourcePicker(AutocompleteSelect):
    """Picks the post to reprint; knows in which post, so that newer ones are not offered."""

    def __init__(self, *args, within=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.within = within

    def get_url(self):
        return f"{super().get_url()}?{urlencode({'within': self.within or ''})}"


class ReprintInline(admin.StackedInline):
    model = Reprint
    form = ReprintRowForm
    formset = RowsFormSet
    template = "admin/posts/reprint/rows.html"
    fk_name = "post"
    extra = 0
    autocomplete_fields = ["source"]
    fields = ["source", "order", "introduction", "revision", "picked", "view_figure"]
    readonly_fields = ["chosen", "view_figure"]
    verbose_name_plural = _("reprints of older posts")

    class Media:
        js = [
            Script("admin-desk/elements.js", defer=True),
            Script("admin-desk/order.js", defer=True),
            Script("admin-desk/reprints.js", defer=True),
        ]

    def formfield_for_foreignkey(self, field, request, **kwargs):
        """Choose an older post; nobody means to add, edit or delete one from here."""
        if field.name == "source":
            within = request.resolver_match.kwargs.get("object_id")
            kwargs["widget"] = SourcePicker(field, self.admin_site, within=within)
        return super().formfield_for_foreignkey(field, request, **kwargs)

    def formfield_for_dbfield(self, field, request, **kwargs):
        formfield = super().formfield_for_dbfield(field, request, **kwargs)
        if field.name == "source":
            may_not(formfield.widget, "add", "change", "delete")
        return formfield

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("source")
        return rows.prefetch_related("chosen")

    def get_fields(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.fields
        return ["chosen" if name == "picked" else name for name in self.fields]

    @admin.display(description=_("readers’ comments"))
    def chosen(self, reprint):
        """How many comments come along, for those who may not choose them."""
        return len(reprint.chosen.all())

    @admin.display(description=_("view figure"))
    def view_figure(self, reprint):
        """The frozen figure, or that there is none yet."""
        if reprint.figure is None and reprint.pk and reprint.post.is_published:
            return _("None: nobody counted when this was first reprinted.")
        if reprint.figure is None:
            return _("Taken when the post is published.")
        return reprint.figure


class RightRowForm(RightForm):
    """A right of reply, which stays the one person's for whom it was made."""

    email = forms.EmailField(
        label=_("Their e-mail (private)"),
        required=False,
        help_text=_("Only where none is known of this person. It is kept with the person."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "subject" in self.fields:
            self.fields["subject"].error_messages["required"] = _(
                "Choose a person here, or add one by the plus sign beside it. The name that "
                "readers see comes from there; another one is typed only where it is to differ."
            )
        if "subject" in self.fields and self.instance.pk:
            # What one person has said must not come to stand under another's name.
            self.fields["subject"].disabled = True
            may_not(self.fields["subject"].widget, "add")

    def clean(self):
        data = super().clean()
        subject = data.get("subject")
        known = subject.email if subject else ""
        if data.get("email") and known and emails.normal(known) != emails.normal(data["email"]):
            words = _("Another e-mail is known of this person. Change it on their own page.")
            self.add_error("email", words)
        return data

    def note_email(self, by):
        """Keep the e-mail with the person, where none is known and `by` may change people."""
        email = self.cleaned_data.get("email")
        subject = self.instance.subject
        if email and not subject.email and by.has_perm("comments.change_subject"):
            subject.note_email(email)


class RightFormSet(RowsFormSet):
    by = None
    """Who saves it; set by the ModelAdmin."""

    def save_new(self, form, commit=True):
        made = super().save_new(form, commit)
        if commit:
            form.note_email(self.by)
            form.note_reason(self.by)
        return made

    def save_existing(self, form, obj, commit=True):
        saved = super().save_existing(form, obj, commit)
        if commit:
            form.note_email(self.by)
            form.note_reason(self.by)
        return saved

    def clean(self):
        for form in self.initial_forms:
            if form.cleaned_data.get("DELETE") and has_history(form.instance):
                words = _("%(name)s has been told, or has spoken: this stays on record.")
                raise ValidationError(words, params={"name": form.instance.subject})
        super().clean()


class RightInline(admin.StackedInline):
    model = RightOfReply
    form = RightRowForm
    template = "admin/comments/rightofreply/rows.html"
    formset = RightFormSet
    extra = 0
    autocomplete_fields = ["subject"]
    fields = [
        *("subject", "email", "shown_name", "unnamed", "part", "tell", "not_told_because"),
        *("told_at", "letterbox_link", "opened"),
    ]
    readonly_fields = ["told_at", "letterbox_link"]
    verbose_name = _("person this post is about")
    verbose_name_plural = _("people this post is about")
    add_text = _("Add a person this post is about")

    class Media:
        js = [
            Script("admin-desk/elements.js", defer=True),
            Script("admin-desk/people.js", defer=True),
        ]

    def formfield_for_dbfield(self, field, request, **kwargs):
        """Choose a person, or add or correct one; deleting is not done in passing."""
        formfield = super().formfield_for_dbfield(field, request, **kwargs)
        if field.name == "subject":
            may_not(formfield.widget, "delete")
        return formfield

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("subject", "post")

    @admin.display(description=_("letterbox link"))
    def letterbox_link(self, right):
        """The secret address; a colleague who may only look does not get it."""
        if not right.pk:
            return _("Save first; then the link is here.")
        return format_html('<code class="secret-link">{}</code>', right.letterbox)

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [field for field in fields if field not in ("letterbox_link", "opened")]


class EarlierFigureInline(admin.TabularInline):
    model = EarlierFigure
    formset = RowsFormSet
    extra = 0
    verbose_name_plural = _("what earlier systems had counted")
