"""What a comment said before its writer edited it, for the author to see."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommentRevision(models.Model):
    """The words of a comment as they stood until a moment. Erased with it.

    Of a subject's reply, also what the author asked about these words, and that they were to stand.
    """

    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="revisions", verbose_name=_("comment")
    )
    typed = models.TextField(_("as typed"))
    until = models.DateTimeField(_("until"))
    asked_at = models.DateTimeField(_("asked to reconsider"), null=True)
    question = models.TextField(_("why they should reconsider"), blank=True)
    insisted_at = models.DateTimeField(_("asked for it to stand as it is"), null=True)

    class Meta:
        verbose_name = _("former words of a comment")
        verbose_name_plural = _("former words of comments")
        ordering = ["comment", "until", "pk"]

    def __str__(self):
        return f"{self.comment_id}: {self.until:%Y-%m-%d %H:%M}"
