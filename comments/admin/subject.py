"""The desk's pages for the people that posts are about."""

from django.contrib import admin, messages
from django.db.models import Count
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from comments.admin import courtesy
from comments.admin.courtesy import moment
from comments.admin.links import to_right
from comments.admin.opened import OpenedForm
from comments.admin.unlogged import Unlogged
from comments.models import Subject


class SubjectForm(OpenedForm):
    """A person. An e-mail that was erased, or came in, since it was opened stays so."""

    WATCHED = ("name", "email", "note")

    def hold(self):
        return self.instance.held_with_threads()


@admin.register(Subject)
class SubjectAdmin(Unlogged, admin.ModelAdmin):
    form = SubjectForm
    list_display = ["name", "email", "post_count", "stopped_at"]
    ordering = ["name", "pk"]
    search_fields = ["name", "email"]
    readonly_fields = ["stopped", "erased_on", "posts"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(post_count=Count("rights"))

    def get_fields(self, request, obj=None):
        fields = ["name", "email"]
        if obj and obj.email_erased_at and not obj.email:
            fields.append("erased_on")
        if obj and obj.stopped_at:
            fields.append("stopped")
        more = ["opened"] if self.has_change_permission(request, obj) else []
        return [*fields, "note", *(["posts"] if obj else []), *more]

    def save_model(self, request, obj, form, change):
        """Save, do what the button says, and draft letters about posts they were not told of."""
        super().save_model(request, obj, form, change)
        if "_stop" in request.POST:
            obj.stop_letters(by=request.user)
            self.message_user(request, _("No letters go to them any more."), messages.SUCCESS)
        elif "_erase_email" in request.POST:
            obj.forget_email(by=request.user)
            words = _("The e-mail is erased, here and in the letters that were sent.")
            self.message_user(request, words, messages.SUCCESS)
        elif obj.stopped_at and "email" in form.changed_data:
            words = _("They want no letters: none goes to this address before they ask for it.")
            self.message_user(request, words, messages.WARNING)
        courtesy.draft(request, subject=obj)

    def response_change(self, request, obj):
        if "_stop" in request.POST or "_erase_email" in request.POST:
            return redirect("admin:comments_subject_change", obj.pk)
        return super().response_change(request, obj)

    @admin.display(description=_("posts"), ordering="post_count")
    def post_count(self, subject):
        return subject.post_count

    @admin.display(description=_("wants no letters since"))
    def stopped(self, subject):
        words = _(
            "%(at)s. No letter goes to them, under another e-mail either, until they ask for "
            "letters again themselves, by the link in an older one."
        )
        return words % {"at": moment(subject.stopped_at)}

    @admin.display(description=_("e-mail"))
    def erased_on(self, subject):
        return _("erased on %(at)s") % {"at": moment(subject.email_erased_at)}

    @admin.display(description=_("posts about them"))
    def posts(self, subject):
        rights = subject.rights.select_related("post", "subject")
        return format_html_join("", "<p>{}</p>", ((to_right(right),) for right in rights)) or "–"
