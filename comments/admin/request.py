"""The desk's pages for amendment requests, and the decision with its reasons."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments.admin import beside
from comments.admin.making import MakingPage, who_sees
from comments.models import Act, AmendmentRequest
from posts.admin.forms import revision_words
from posts.models import Blog, Revision

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
        choices=[(state.value, state.label) for state in AmendmentRequest.DECISIONS],
    )
    amendment = forms.ModelChoiceField(
        label=_("The amendment that does it"),
        queryset=Revision.objects.none(),
        required=False,
        help_text=_("Those made since it was asked."),
    )
    why = forms.CharField(
        label=_("Your reasons"),
        required=False,
        widget=AdminTextareaWidget,
    )

    class Meta:
        model = AmendmentRequest
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "why" in self.fields:
            self.fields["why"].help_text = who_sees(self.instance)
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
        # Held until this transaction ends, so that nobody decides in between; the right first.
        self.instance.right.locked()
        row = AmendmentRequest.objects.select_for_update().get(pk=self.instance.pk)
        if not row.is_awaiting_decision:
            self.add_error(None, _("This request has been decided."))
        decision = data.get("decision")
        if decision in (State.DECLINED, State.MADE_IN_PART) and not data.get("why", "").strip():
            self.add_error("why", AmendmentRequest.NEEDS_REASONS)
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
class AmendmentRequestAdmin(MakingPage, admin.ModelAdmin):
    list_display = ["who", "post", "wrong", "asked_at", "state", "decided_at"]
    list_filter = ["state", "public"]
    search_fields = ["words", "wrong", "wanted", "reasons"]
    autocomplete_fields = ["right"]

    def get_urls(self):
        admin_view = self.admin_site.admin_view
        name = "comments_amendmentrequest_%s"
        read = admin_view(require_POST(self.acknowledge))
        return [
            path("<int:pk>/acknowledge/", read, name=name % "acknowledge"),
            path("<int:pk>/erase/", admin_view(self.erase), name=name % "erase"),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related("right__subject", "right__post", "revision__post", "log_entry")

    def get_ordering(self, request):
        """Those that wait come first."""
        waits = Case(When(state=State.WAITING, then=Value(0)), default=Value(1))
        return [waits.asc(), "-asked_at", "-pk"]

    def has_delete_permission(self, request, obj=None):
        return False  # what was asked and answered stays on record

    def log_addition(self, request, obj, message):
        """Write nothing: Django's own log would keep the words for ever. There is an Act."""

    log_change = log_addition

    # The page of one request

    def get_fields(self, request, obj=None):
        if obj is None:
            return RecordForm.Meta.fields
        return ["decision", "amendment", "why"] if self._decides(request, obj) else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self._decides(request, obj):
            kwargs["form"] = DecisionForm
        elif obj is None:
            kwargs["form"] = RecordForm
        return super().get_form(request, obj, change, **kwargs)

    def _decides(self, request, obj):
        return obj and obj.is_awaiting_decision and self.has_change_permission(request, obj)

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add what stands beside the decision: the post, the history, the promise."""
        context["show_save_and_add_another"] = False
        if obj:
            context["title"] = _now("What %s asks") % obj.right.subject.name
            context["subtitle"] = None
            context |= beside.context(request.user, obj.right, obj, obj.words)
            context["form"] = context["adminform"].form
            context["promise"] = obj.promise(Blog.current())
            context["is_acknowledged"] = obj.acknowledged_at
            context["may_decide"] = self._decides(request, obj)
            context["may_make"] = self._decides(request, obj) and self.may_make(request, obj)
            context["may_erase"] = not obj.is_erased and self.has_change_permission(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            super().save_model(request, obj, form, change)
            about = {"request": obj, "right": obj.right, "post": obj.right.post}
            Act.record("write_down_request", by=request.user, **about)
        elif isinstance(form, DecisionForm):
            form.decide(by=request.user)
            words = _now("Decided: %s.") % obj.get_state_display()
            self.message_user(request, words, messages.SUCCESS)
        else:  # two windows, or two people: what the second one typed is not lost
            words = _now("This request has been decided.")
            if why := request.POST.get("why", "").strip():
                words += " " + _now("Nothing was changed. You had typed: %s") % why
            self.message_user(request, words, messages.WARNING)

    def response_change(self, request, obj):
        """Stay with the request: what was decided stands there."""
        return redirect("admin:comments_amendmentrequest_change", obj.pk)

    # What else is done

    def acknowledge(self, request, pk):
        """Let the person know that the author has read it (POST)."""
        one = self._changeable(request, pk)
        if "all" in request.POST:
            words = beside.acknowledge_all(request.user, one.right)
            self.message_user(request, words, messages.SUCCESS)
            return redirect("admin:comments_amendmentrequest_change", one.pk)
        one.acknowledge(by=request.user)
        if one.acknowledged_at:
            self.message_user(request, beside.READ, messages.SUCCESS)
        return redirect("admin:comments_amendmentrequest_change", one.pk)

    def erase(self, request, pk):
        """Say what is lost (GET), and erase the words of the request by its own verb (POST)."""
        one = self._changeable(request, pk)
        if request.method == "POST" or one.is_erased:
            one.erase(by=request.user)
            words = _now("Erased for good. What is left is the decision, its dates and the record.")
            self.message_user(request, words, messages.SUCCESS)
            return redirect("admin:comments_amendmentrequest_change", one.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _now("Erase the words of this request for good?"),
            "opts": self.opts,
            "original": one,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/comments/amendmentrequest/erase.html", context)

    def _changeable(self, request, pk):
        one = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, one):
            raise PermissionDenied
        return one

    # The list

    @admin.display(description=_("who"))
    def who(self, one):
        return one.right.subject.name

    @admin.display(description=_("post"))
    def post(self, one):
        return one.right.post
