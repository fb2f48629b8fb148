"""Complaints: what any reader may say is wrong with a comment or a post."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Reason


class ComplaintQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at=None)


class Complaint(models.Model):
    """One complaint. It never hides anything by itself; the author decides."""

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="complaints", verbose_name=_("post")
    )
    comment = models.ForeignKey(
        "comments.Comment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("comment"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.TextField(_("in their words"))
    law = models.BooleanField(_("the law is meant"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["made_at", "pk"]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.words[:60]}"

    @property
    def is_waiting(self):
        return self.answered_at is None
