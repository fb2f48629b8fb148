"""Subjects: the people that posts are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.Model):
    """A person a post is about. The e-mail and the note are the author's, and never shown."""

    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("private e-mail"), blank=True)
    note = models.TextField(_("private note"), blank=True)
    stopped_at = models.DateTimeField(_("wants no letters since"), null=True, editable=False)
    email_erased_at = models.DateTimeField(_("e-mail erased"), null=True, editable=False)
    serial = models.PositiveIntegerField(_("serial of the link"), default=1, editable=False)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["name"]

    def __str__(self):
        return self.name
