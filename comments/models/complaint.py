"""Complaints: what any reader may say is wrong with a comment or a post."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.act import Act
from comments.models.reason import Reason

LAW_WAITS = timedelta(hours=48)
"""How soon a complaint that means the law should have its answer."""


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

    @property
    def answer_by(self):
        """The moment by which a complaint that means the law should be answered; else None."""
        return self.made_at + LAW_WAITS if self.law and self.is_waiting else None

    def settle(self, answer, by=None):
        """Answer the complaint. Answering again replaces the words, and keeps the first moment."""
        with transaction.atomic():
            row = Complaint.objects.select_for_update().get(pk=self.pk)
            self.answer = answer
            self.answered_at = row.answered_at or timezone.now()
            self.save(update_fields=["answer", "answered_at"])
            Act.record(
                "answer_complaint",
                by=by,
                post=self.post,
                comment=self.comment,
                reason=self.reason,
                note=answer,
            )
