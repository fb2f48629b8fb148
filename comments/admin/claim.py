"""The desk's pages for claims: what was said stands beside the post, and is decided."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from blogsite import emails
from comments.acts import what
from comments.admin import courtesy
from comments.admin.links import to_comment, to_post, to_right
from comments.admin.person import PERSON_FIELDS, PersonForm
from comments.admin.readonly import ReadOnlyAdmin
from comments.models import Claim, Subject
from posts.models import Blog

State = Claim.State
KEEP, REPLACE = "keep", "replace"
VERBS = {"_accept": "accept", "_ask": "ask", "_decline": "decline", "_acknowledge": "acknowledge"}
DONE = {
    "accept": _("Accepted: a letter with the letterbox link goes to the person."),
    "ask": _("Asked: your question goes to the person by letter, and you hear of the answer."),
    "decline": _("Declined: your reasons go to the person by letter."),
    "acknowledge": _("The person is told by letter that you have read it."),
}


class DecisionForm(forms.ModelForm, PersonForm):
    """What becomes of a claim. What the verbs would refuse is an error of its field here."""

    which_email = forms.ChoiceField(
        label=_("Their e-mail"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (KEEP, _("Keep the one known so far")),
            (REPLACE, _("Put the one confirmed here in its place")),
        ],
        help_text=_("Only where another one is known; else the one confirmed here becomes theirs."),
    )
    question = forms.CharField(
        label=_("Your question"),
        required=False,
        widget=AdminTextareaWidget,
        help_text=_("The person gets it by letter, and answers it on a page of their own."),
    )
    why = forms.CharField(
        label=_("Your reasons"),
        required=False,
        widget=AdminTextareaWidget,
        help_text=_("The person gets them by letter. Nobody else sees them."),
    )

    class Meta:
        model = Claim
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(self.instance.post, self.instance.name)

    @property
    def verb(self):
        return next((verb for button, verb in VERBS.items() if button in self.data), None)

    def clean(self):
        data = super().clean()
        claim = self.instance
        with claim.held():  # until this transaction ends, so that nobody decides in between
            if not claim.is_open:
                self.add_error(None, _("This claim has been decided."))
            elif self.verb == "accept":
                self.check_person(data)
                self._check_email(data)
            elif self.verb == "ask" and not data.get("question", "").strip():
                self.add_error("question", _("Write what you want to know."))
            elif self.verb == "ask" and not claim.can_be_asked:
                self.add_error("question", _("You can ask once, and have done so."))
            elif self.verb == "decline" and not data.get("why", "").strip():
                self.add_error("why", _("A claim is declined with reasons."))
        return data

    def _check_email(self, data):
        known = self.person.email if self.person else ""
        differs = known and emails.normal(known) != emails.normal(self.instance.email)
        if differs and not data.get("which_email"):
            words = _("Another e-mail is known of this person: %s. Say which one is right.")
            self.add_error("which_email", words % known)

    def decide(self, by):
        """Call the verb of the button; return the letters that are drafted because of it."""
        data, claim = self.cleaned_data, self.instance
        if self.verb == "accept":
            replace = data["which_email"] == REPLACE
            return claim.accept(self.person, by=by, replace_email=replace, **self.named)
        if self.verb == "ask":
            claim.ask_once_more(data["question"], by=by)
        elif self.verb == "decline":
            claim.decline(data["why"], by=by)
        elif self.verb == "acknowledge":
            claim.acknowledge(by=by)
        return []


class ClaimList(ChangeList):
    """The list of claims; each that waits knows by when it should be answered, `until`."""

    def get_results(self, request):
        super().get_results(request)
        blog = Blog.current()
        for one in self.result_list:
            one.until = one.decide_by(blog) if one.is_waiting else None


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """What somebody said is looked at here and never edited; what nobody confirmed is not here."""

    form = DecisionForm
    list_display = ["who", "post", "state", "confirmed_at", "until"]
    list_display_links = ["who"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["name", "how", "post__title"]
    facts = ["state", "post_link", "made_at", "confirmed_at"]
    dates = ["acknowledged_at", "asked_at", "answered_at", "decided_at", "erased_at"]
    readonly_fields = [*facts, *dates, "comment_link", "email", "right_link"]

    class Media:
        css = {"all": ["admin-desk/claims.css"]}

    def get_queryset(self, request):
        rows = super().get_queryset(request).confirmed()
        return rows.select_related("post", "comment__post", "right__subject", "right__post")

    def get_ordering(self, request):
        """Those that wait come first, the oldest of them before all."""
        waits = Case(
            When(state=State.WAITING, then=Value(0)),
            When(state=State.ASKED, then=Value(1)),
            default=Value(2),
        )
        return [waits.asc(), "confirmed_at", "pk"]

    def get_search_fields(self, request):
        """By e-mail searches only who may see it: a search tells, too, whose it is."""
        fields = super().get_search_fields(request)
        return [*fields, "email"] if self.has_change_permission(request) else fields

    def get_changelist(self, request, **kwargs):
        return ClaimList

    def get_urls(self):
        erase = path(
            "<int:pk>/erase/", self.admin_site.admin_view(self.erase), name="comments_claim_erase"
        )
        return [erase, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """Show the list under a title of its own: nothing here is "to change"."""
        context = {"title": _("Who says that a post is about them"), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("who"), ordering="name")
    def who(self, claim):
        return claim.name or _("erased")

    @admin.display(description=_("to be answered by"))
    def until(self, claim):
        return claim.until and date_format(timezone.localtime(claim.until))

    @admin.display(description=_("post"))
    def post_link(self, claim):
        return to_post(claim.post)

    @admin.display(description=_("comment"))
    def comment_link(self, claim):
        return to_comment(claim.comment)

    @admin.display(description=_("right of reply"))
    def right_link(self, claim):
        return to_right(claim.right)

    # The page of one claim

    def decides(self, request, claim):
        """Say whether this user may decide about the claim, and it is open."""
        return claim and claim.is_open and self.has_change_permission(request, claim)

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.decides(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        dates = [name for name in self.dates if obj and getattr(obj, name)]
        email = ["email"] if self.has_change_permission(request, obj) else []
        right = ["right_link"] if obj and obj.right else []
        comment = ["comment_link"] if obj and obj.comment else []
        sets = [(None, {"fields": [*self.facts, *comment, *email, *right, *dates]})]
        if self.decides(request, obj):
            sets.append((_("Accept"), {"fields": [*PERSON_FIELDS, "which_email"]}))
            if obj.can_be_asked:
                sets.append((_("Or ask once more"), {"fields": ["question"]}))
            sets.append((_("Or decline"), {"fields": ["why"]}))
        return sets

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add what stands beside what was said: the post, whom it names, and what was done."""
        may_change = self.has_change_permission(request, obj)
        context["title"] = _("Somebody says that a post is about them")
        context["decides"] = self.decides(request, obj)
        context["can_be_erased"] = may_change and not obj.erased_at
        context["acts"] = [(act, what(act)) for act in obj.acts.select_related("by")]
        context["rights"] = obj.post.rights.select_related("subject", "post")
        context["others"] = obj.others_of_its_address()
        known = Subject.objects.filter(email__iexact=obj.email) if obj.email else ()
        context["known"] = known if may_change else ()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        """Do what the button says, by the model's own verb; never save the row itself."""
        if isinstance(form, DecisionForm):
            drafted = form.decide(by=request.user)
            if form.verb:
                self.message_user(request, DONE[form.verb], messages.SUCCESS)
            courtesy.say(request, drafted)

    def log_change(self, request, obj, message):
        """Write nothing: Django's own log would keep the name for ever. There is an Act."""

    def response_change(self, request, obj):
        return redirect("admin:comments_claim_change", obj.pk)

    # Erasing

    def erase(self, request, pk):
        """Say what is lost (GET), and erase the words and the address (POST)."""
        claim = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, claim):
            raise PermissionDenied
        if request.method == "POST":
            claim.erase(by=request.user)
            words = _("Erased for good. What is left is that there was a claim, and what was done.")
            self.message_user(request, words, messages.SUCCESS)
            return redirect("admin:comments_claim_change", claim.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase what was said?"),
            "opts": self.opts,
            "original": claim,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/comments/claim/erase.html", context)
