"""The desk's page for one reprint: its introduction, and the comments it brings along."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from blogsite import html
from comments import exchanges
from comments.models import ChosenComment, Comment
from posts.admin.editor import NoncedMedia
from posts.admin.reprint_form import ReprintForm
from posts.models import Reprint


class CommentChoices(forms.ModelMultipleChoiceField):
    """Comments with a box each, and enough words to know them by."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "comment-choices"})

    def label_from_instance(self, comment):
        name = comment.display_name
        if not comment.is_readers:
            name = f"{name} ({comment.get_voice_display()})"
        words = Truncator(html.to_text(comment.shown)).words(40)
        return format_html('<b>{} {}</b> <span class="said">{}</span>', comment.number, name, words)


class ReprintPageForm(ReprintForm):
    """A reprint on its own page, with the choice of comments."""

    comments = CommentChoices(
        label=_("Comments to bring along"),
        queryset=Comment.objects.none(),
        required=False,
        help_text=_(
            "They stand below the reprint in the order of their numbers. What a person the post "
            "is about has replied comes along by itself."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "comments" in self.fields:
            self.fields["comments"].queryset = choosable(self.instance)
            self.initial["comments"] = [chosen.comment_id for chosen in self.instance.chosen.all()]

    def choose(self):
        """Make the ticked comments the chosen ones, in the order of their numbers."""
        ticked = list(self.cleaned_data["comments"])
        self.instance.chosen.exclude(comment__in=ticked).delete()
        for order, comment in enumerate(ticked, start=1):
            ChosenComment.objects.update_or_create(
                reprint=self.instance, comment=comment, defaults={"order": order}
            )


def choosable(reprint):
    """Return the published comments of the reprint's source that do not come along anyway."""
    thread = Comment.objects.filter(post=reprint.source_id).order_by("number")
    rights = reprint.source.rights.all()
    apart = exchanges.apart(exchanges.gather(thread.in_thread(), rights, [])) if rights else ()
    return thread.published().exclude(pk__in=apart)


@admin.register(Reprint)
class ReprintAdmin(NoncedMedia, admin.ModelAdmin):
    """Reached from the post's form; there reprints are added and taken away."""

    form = ReprintPageForm
    list_display = ["source", "post", "order", "figure", "figure_at"]
    list_select_related = ["source", "post"]
    readonly_fields = ["source_link", "post_link", "figure", "figure_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("source", "post")

    def get_fieldsets(self, request, obj=None):
        fields = ["source_link", "post_link", "introduction", "revision", "figure", "figure_at"]
        sets = [(None, {"fields": fields})]
        if self.has_change_permission(request, obj):
            sets.append((_("Readers’ comments"), {"fields": ["comments"]}))
        return sets

    def has_add_permission(self, request):
        return False

    @admin.display(description=_("older post"))
    def source_link(self, reprint):
        return format_html('<a href="{}">{}</a>', reprint.source.get_absolute_url(), reprint.source)

    @admin.display(description=_("reprinted in"))
    def post_link(self, reprint):
        address = reverse("admin:posts_post_change", args=[reprint.post_id])
        return format_html('<a href="{}">{}</a>', address, reprint.post)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.choose()

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        if "_continue" in request.POST or "_popup" in request.POST:
            return response
        return redirect("admin:posts_post_change", obj.post_id)
