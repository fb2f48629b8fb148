"""The author's desk: Django's admin, with a first page of its own."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.urls import path
from django.utils.translation import gettext_lazy as _

OUT_OF_SIGHT = {"django_tasks_database"}
"""Apps whose own admin is of no use to an author; by its address it is still there."""


class Desk(admin.AdminSite):
    """Django's admin site; its first page is made of sections (templates/admin/desk/)."""

    site_header = _("The desk")
    site_title = _("the desk")
    index_title = _("What is to be done")
    # The first page has the list of everything; beside each list it would take up a quarter.
    enable_nav_sidebar = False

    def index(self, request, extra_context=None):
        """Show what waits for the author, the latest posts and the drafts, above Django's list."""
        # Imported late: this module is read before there are models.
        from comments.admin.desk import waiting
        from posts.admin.desk import latest, totals, unfinished

        sections = {
            "waiting": waiting(request.user),
            "latest": latest(request.user),
            "totals": totals(request.user),
            "unfinished": unfinished(request.user),
        }
        return super().index(request, {**sections, **(extra_context or {})})

    def get_urls(self):
        from comments.admin import subjects

        page = self.admin_view(subjects.page)
        return [path("comments/subjects/", page, name="comments_subjects"), *super().get_urls()]

    def autocomplete_view(self, request):
        """Answer a picker in the words of what it picks from."""
        from posts.admin.searched import PickerView

        return PickerView.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        """Django's list of apps, without what is of no use to an author."""
        apps = super().get_app_list(request, app_label)
        return [app for app in apps if app["app_label"] not in OUT_OF_SIGHT]


class DeskConfig(AdminConfig):
    default_site = "blogsite.admin.Desk"
