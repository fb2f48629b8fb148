"""The author's desk: Django's admin, with a first page of its own."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class Desk(admin.AdminSite):
    """Django's admin site; its first page is made of sections (templates/admin/desk/)."""


class DeskConfig(AdminConfig):
    default_site = "blogsite.admin.Desk"
