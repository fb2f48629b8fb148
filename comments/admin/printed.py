"""The letter to a subject for any other way than mail, and the note that they were told so."""

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite.requests import kept_secret
from comments import telling
from comments.models import CourtesyLetter


class ToldForm(forms.Form):
    """How and when the author has told them."""

    how = forms.CharField(
        label=_("How"), max_length=200, help_text=_("Such as: by post, by telephone.")
    )
    on = forms.DateField(label=_("On"), widget=AdminDateWidget)

    def clean_on(self):
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return self.cleaned_data["on"]

    @property
    def at(self):
        """The moment: of today, now; of another day, its noon."""
        now = timezone.localtime()
        on = self.cleaned_data["on"]
        if on == now.date():
            return now
        return now.replace(*on.timetuple()[:3], hour=12, minute=0, second=0, microsecond=0)


class PrintedLetter:
    """For the ModelAdmin of rights: the page with the letter, which holds the letterbox link."""

    def get_urls(self):
        letter = path(
            "<int:pk>/letter/",
            self.admin_site.admin_view(self.letter),
            name="comments_rightofreply_letter",
        )
        return [letter, *super().get_urls()]

    def letter(self, request, pk):
        """Show the letter (GET), and note that they were told by other means (POST)."""
        right = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, right):
            raise PermissionDenied  # the link lets its holder speak as the subject
        form = ToldForm(request.POST or None, initial={"on": timezone.localdate()})
        if form.is_valid():
            right.told_otherwise(form.cleaned_data["how"], form.at, by=request.user)
            self.message_user(request, _now("Noted: they were told."), messages.SUCCESS)
            return redirect("admin:comments_rightofreply_change", right.pk)
        row = right.courtesy_letters.of_posts().first()
        row = row or CourtesyLetter(right=right)
        row.right = right
        context = {
            **self.admin_site.each_context(request),
            "title": _("Letter to %s") % right.subject,
            "opts": self.opts,
            "original": right,
            "text": telling.printed(row),
            "form": form,
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name
        page = "admin/comments/rightofreply/letter.html"
        response = kept_secret(TemplateResponse(request, page, context))
        # Without a referrer, browsers send its form from the origin "null", which Django refuses.
        response["Referrer-Policy"] = "same-origin"
        return response
