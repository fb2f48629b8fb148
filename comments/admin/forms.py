"""What moderation asks for: which comments, which reason, which note."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Reason


class StateFilter(admin.SimpleListFilter):
    """The state; the queue of held comments unless another one is asked, or a search is on."""

    title = _("state")
    parameter_name = "state"
    ALL = "all"

    @classmethod
    def asked(cls, request):
        """Return the state asked for, or "all"."""
        state = request.GET.get(cls.parameter_name)
        if state in Comment.State.values or state == cls.ALL:
            return state
        return cls.ALL if request.GET.get("q") else Comment.State.HELD

    def __init__(self, request, *args):
        super().__init__(request, *args)
        self.state = self.asked(request)

    def lookups(self, request, model_admin):
        return [*Comment.State.choices, (self.ALL, _("all"))]

    def choices(self, changelist):
        for state, words in self.lookup_choices:
            yield {
                "selected": state == self.state,
                "query_string": changelist.get_query_string({self.parameter_name: state}),
                "display": words,
            }

    def queryset(self, request, queryset):
        return queryset if self.state == self.ALL else queryset.filter(state=self.state)


def _reasons():
    return [("", _("no reason chosen")), *Reason.choices]


class ModerationActionForm(ActionForm):
    """The action, with the published reason and the note that a removal leaves."""

    reason = forms.ChoiceField(label=_("Reason:"), required=False, choices=_reasons)
    note = forms.CharField(
        label=_("Note:"), required=False, widget=forms.TextInput(attrs={"size": 30})
    )


class ModerationForm(forms.ModelForm):
    """The decision about one comment; a removal needs one of the published reasons."""

    reason = forms.ChoiceField(
        label=_("Reason for removing"),
        required=False,
        choices=_reasons,
        help_text=_("Readers see it where the comment stood."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("For the desk alone."),
    )

    class Meta:
        model = Comment
        fields = []

    def clean(self):
        data = super().clean()
        if "_remove" in self.data and not data.get("reason"):
            self.add_error("reason", _("Choose the reason for removing."))
        return data
