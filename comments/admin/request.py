"""The desk's pages for amendment requests, and the decision with its reasons."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from comments.admin.links import to_post, to_right
from comments.models import Act, AmendmentRequest
from posts.admin.forms import revision_words
from posts.models import Revision

State = AmendmentRequest.State


def to_request(request):
    """Return a link to the request's page at the desk."""
    address = reverse("admin:comments_amendmentrequest_change", args=[request.pk])
    return format_html('<a href="{}">{}</a> ({})', address, request, request.get_state_display())


class DecisionForm(forms.ModelForm):
    """The author's decision. What the verbs would refuse is an error of its field here."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        choices=[choice for choice in State.choices if choice[0] != State.WAITING],
    )
    amendment = forms.ModelChoiceField(
        label=_("The amendment that does it"),
        queryset=Revision.objects.none(),
        required=False,
        help_text=_("First amend the post; then the amendment stands here."),
    )
    why = forms.CharField(
        label=_("Your reasons"),
        required=False,
        widget=AdminTextareaWidget,
        help_text=_("The person gets them, and readers of a public request see them."),
    )

    class Meta:
        model = AmendmentRequest
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "amendment" in self.fields:
            field = self.fields["amendment"]
            field.queryset = (
                Revision.objects.amendments()
                .filter(post=self.instance.right.post_id, since__gte=self.instance.asked_at)
                .defer("text")
                .order_by("-number")
            )
            field.label_from_instance = revision_words

    def clean(self):
        data = super().clean()
        # Held until this transaction ends, so that nobody decides in between.
        row = AmendmentRequest.objects.select_for_update().get(pk=self.instance.pk)
        if not row.is_awaiting_decision:
            self.add_error(None, _("This request has been decided."))
        decision = data.get("decision")
        if decision in (State.DECLINED, State.MADE_IN_PART) and not data.get("why", "").strip():
            self.add_error("why", _("A request is declined, or met in part, with reasons."))
        if decision in (State.MADE, State.MADE_IN_PART) and not data.get("amendment"):
            self.add_error("amendment", _("Say which amendment of the post does it."))
        return data

    def decide(self, by):
        """Call the verb that was chosen."""
        data = self.cleaned_data
        if data["decision"] == State.DECLINED:
            self.instance.decline(data["why"], by=by)
        else:
            in_part = data["decision"] == State.MADE_IN_PART
            self.instance.grant(data["amendment"], data["why"], in_part=in_part, by=by)


class RecordForm(forms.ModelForm):
    """A request that came by letter or telephone, written down by the author."""

    class Meta:
        model = AmendmentRequest
        fields = ["right", "words", "wrong", "wanted", "public", "asked_at"]


@admin.register(AmendmentRequest)
class AmendmentRequestAdmin(admin.ModelAdmin):
    list_display = ["who", "post", "wrong", "asked_at", "state", "decided_at"]
    list_filter = ["state", "public"]
    search_fields = ["words", "wrong", "wanted", "reasons"]
    autocomplete_fields = ["right"]
    asked = ["post_link", "right_link", "words", "wrong", "wanted", "public", "asked_at"]
    decided = ["state", "decided_at", "revision", "reasons"]
    readonly_fields = [*asked, *decided]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related("right__subject", "right__post", "revision__post")

    def get_ordering(self, request):
        """Those that wait come first."""
        waits = Case(When(state=State.WAITING, then=Value(0)), default=Value(1))
        return [waits.asc(), "-asked_at", "-pk"]

    def has_delete_permission(self, request, obj=None):
        return False  # what was asked and answered stays on record

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": RecordForm.Meta.fields})]
        sets = [(_("What is asked"), {"fields": self.asked})]
        if not obj.is_awaiting_decision:
            return [*sets, (_("What was decided"), {"fields": self.decided})]
        if self.has_change_permission(request, obj):
            sets.append((_("Decide"), {"fields": ["decision", "amendment", "why"]}))
        return sets

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        decides = obj and obj.is_awaiting_decision and self.has_change_permission(request, obj)
        if decides:
            kwargs["form"] = DecisionForm
        elif obj is None:
            kwargs["form"] = RecordForm
        return super().get_form(request, obj, change, **kwargs)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Leave out the buttons where there is nothing to decide."""
        context["show_save_and_add_another"] = False
        if obj and not obj.is_awaiting_decision:
            context.update(show_save=False, show_save_and_continue=False, show_close=True)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
            Act.record("write_down_request", by=request.user, right=obj.right, post=obj.right.post)
        elif isinstance(form, DecisionForm):
            form.decide(by=request.user)

    @admin.display(description=_("who"))
    def who(self, one):
        return one.right.name

    @admin.display(description=_("post"))
    def post(self, one):
        return one.right.post

    @admin.display(description=_("post"))
    def post_link(self, one):
        return to_post(one.right.post)

    @admin.display(description=_("right of reply"))
    def right_link(self, one):
        return to_right(one.right)
