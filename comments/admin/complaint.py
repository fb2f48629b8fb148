"""The desk's pages for complaints: what was said is read, and answered."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.admin.links import to_comment, to_post
from comments.admin.readonly import ReadOnlyAdmin
from comments.models import Complaint


class AnsweredFilter(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "answered"

    def lookups(self, request, model_admin):
        return [("no", _("waiting")), ("yes", _("answered"))]

    def queryset(self, request, queryset):
        if self.value() == "no":
            return queryset.waiting()
        if self.value() == "yes":
            return queryset.exclude(answered_at=None)
        return queryset


class AnswerForm(forms.ModelForm):
    answer = forms.CharField(
        label=_("Your answer"),
        widget=AdminTextareaWidget,
        help_text=_(
            "What you decided, and why. Kept with the complaint, and sent at once to whoever left "
            "an e-mail with it."
        ),
    )

    class Meta:
        model = Complaint
        fields = ["answer"]


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    form = AnswerForm
    list_display = ["__str__", "about", "age", "law", "answer_by", "answered_at"]
    list_filter = [AnsweredFilter, "law", "reason"]
    list_select_related = ["post"]
    search_fields = ["words", "answer"]
    readonly_fields = [
        *("post_link", "comment_link", "reason", "words", "law", "email"),
        *("made_at", "answer_by", "answered_at"),
    ]
    fields = [*readonly_fields, "answer"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("post", "comment__post")

    def get_ordering(self, request):
        """What waits comes first, before it what means the law; all about one comment together."""
        return [F("answered_at").asc(nulls_first=True), "-law", "post", "comment", "made_at"]

    @admin.display(description=_("about"))
    def about(self, complaint):
        return complaint.about

    @admin.display(description=_("made"), ordering="made_at")
    def age(self, complaint):
        return _now("%s ago") % timesince(complaint.made_at)

    @admin.display(description=_("post"))
    def post_link(self, complaint):
        return to_post(complaint.post)

    @admin.display(description=_("comment"))
    def comment_link(self, complaint):
        return to_comment(complaint.comment)

    @admin.display(description=_("to be answered by"))
    def answer_by(self, complaint):
        until = complaint.answer_by
        return date_format(timezone.localtime(until), "DATETIME_FORMAT") if until else "–"

    def save_model(self, request, obj, form, change):
        obj.settle(form.cleaned_data["answer"], by=request.user)
