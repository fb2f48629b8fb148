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
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from blogsite import emails
from comments.admin import beside, courtesy
from comments.admin.history import steps
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
    "acknowledge": beside.READ,
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
    )
    question = forms.CharField(
        label=_("Your question"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("The person gets it by letter, and answers it on a page of their own."),
    )
    why = forms.CharField(
        label=_("Your reasons"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("The person gets them by letter. Nobody else sees them."),
    )

    class Meta:
        model = Claim
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(self.instance.post, self.instance.name)
        self.initial.setdefault("who", self.likely(self.instance.name))

    @property
    def accepting(self):
        """The fields that say who it is, but for the choice itself, as the page shows them."""
        return [self[name] for name in PERSON_FIELDS if name != "who"]

    @property
    def known_emails(self):
        """The people of the post of whom another e-mail is known than the one confirmed."""
        people = (right.subject for right in self.rights.values())
        return [person for person in people if self._is_known_otherwise(person)]

    @property
    def asks_email(self):
        """Whether it must be said which e-mail is theirs: not before another one is known."""
        return bool(self.known_emails or "which_email" in self.errors or self["which_email"].data)

    def _is_known_otherwise(self, person):
        return person.email and emails.normal(person.email) != emails.normal(self.instance.email)

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
        differs = self.person and self._is_known_otherwise(self.person)
        if differs and not data.get("which_email"):
            words = _("Another e-mail is known of this person: %s. Say which one is right.")
            self.add_error("which_email", words % self.person.email)

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
            promise = one.promise(blog)
            one.until = promise and promise.decide_by


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """What somebody said is looked at here and never edited; what nobody confirmed is not here."""

    form = DecisionForm
    list_display = ["who", "post", "state", "confirmed_at", "until"]
    list_display_links = ["who"]
    list_filter = ["state"]
    list_per_page = 50
    search_fields = ["name", "how", "post__title"]

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
        return claim.until and date_format(claim.until)

    # The page of one claim

    def _decides(self, request, claim):
        return claim and claim.is_open and self.has_change_permission(request, claim)

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = DecisionForm if self._decides(request, obj) else forms.ModelForm
        kwargs["fields"] = []  # else what is typed would be taken for the claim's own words
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        decides = self._decides(request, obj)
        return [*PERSON_FIELDS, "which_email", "question", "why"] if decides else []

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """Add what stands beside what was said: the post, whom it names, and what was done."""
        may_change = self.has_change_permission(request, obj)
        context |= beside.of_post(request.user, obj.post, comment=obj.comment)
        context["title"] = _("Somebody says that a post is about them")
        context["subtitle"] = None
        context["form"] = context["adminform"].form
        context["promise"] = obj.promise(Blog.current())
        context["is_acknowledged"] = obj.acknowledged_at
        context["may_decide"] = self._decides(request, obj)
        context["may_erase"] = may_change and not obj.erased_at
        context["may_change"] = may_change
        context["history"] = steps(obj.acts, request.user, obj, things=False)
        may_see = request.user.has_perm("comments.view_rightofreply")
        context["rights"] = obj.post.rights.select_related("subject", "post") if may_see else ()
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
        else:  # two windows, or two people: what the second one typed is not lost
            words = str(_("This claim has been decided."))
            typed = (request.POST.get(name, "").strip() for name in ("question", "why"))
            if typed := "; ".join(filter(None, typed)):
                words += " " + _("Nothing was changed. You had typed: %s") % typed
            self.message_user(request, words, messages.WARNING)

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
