"""Replies: what a subject's comment has besides its words, and what the author decides about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reply(models.Model):
    """What a comment with the voice of a subject has besides; made when it is first needed."""

    comment = models.OneToOneField(
        "comments.Comment",
        models.CASCADE,
        primary_key=True,
        related_name="reply",
        verbose_name=_("comment"),
    )
    role = models.CharField(
        _("role"), max_length=100, blank=True, help_text=_("Shown beside the name.")
    )
    # Of a comment that the author marked as the subject's:
    signed = models.CharField(_("signed as"), max_length=100, blank=True)
    known_by = models.TextField(_("how the author knows that it is theirs"), blank=True)
    # Of one that waits:
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    asked_at = models.DateTimeField(_("asked to reconsider"), null=True)
    question = models.TextField(_("why they should reconsider"), blank=True)
    insisted_at = models.DateTimeField(_("asked for it to stand as it is"), null=True)
    # Of one that was declined; readers are told:
    declined_at = models.DateTimeField(_("declined"), null=True)
    reasons = models.TextField(_("published reasons"), blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")

    def __str__(self):
        return str(self.comment_id)

    @classmethod
    def of(cls, comment):
        """Return the row of this comment (of a subject), made now if there is none."""
        return cls.objects.get_or_create(comment=comment)[0]
