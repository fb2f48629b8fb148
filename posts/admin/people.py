"""What a post's form offers: people known from other posts whose names stand in its text."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comments.known_people import known_in

LONGEST = 1_000_000
"""Characters of a text that are looked through."""


class PeoplePages:
    """For the ModelAdmin of posts: names of people in the text, offered while it is written."""

    def get_urls(self):
        page = path(
            "people/",
            self.admin_site.admin_view(require_POST(self.people)),
            name="posts_post_people",
        )
        return [page, *super().get_urls()]

    def people(self, request):
        """Answer {"people": [{id, name, words}]} for the `text` that is sent, as JSON."""
        may = request.user.has_perm("comments.view_subject")
        if not (may and self.has_view_or_change_permission(request)):
            raise PermissionDenied
        found = known_in(request.POST.get("text", "")[:LONGEST])
        people = [{"id": one.pk, "name": one.name, "words": where(one)} for one in found]
        return JsonResponse({"people": people}, headers={"Cache-Control": "no-store"})

    def save_related(self, request, form, formsets, change):
        """Without its script, say after saving who stands in the text and is not named."""
        super().save_related(request, form, formsets, change)
        if "people_offered" in request.POST or not request.user.has_perm("comments.view_subject"):
            return
        post = form.instance
        named = set(post.rights.values_list("subject", flat=True))
        for one in known_in(f"{post.title} {post.words}", named):
            words = _("%(name)s (%(where)s) stands in the text, but not as a person it is about.")
            messages.info(request, words % {"name": one.name, "where": where(one)})


def where(subject):
    """Return in words where else this person is named; `post_count` is on it."""
    if not subject.post_count:
        return _("known to you")
    return ngettext("also in %s other post", "also in %s other posts", subject.post_count) % (
        subject.post_count
    )
