"""The readers' comments that a reprint brings along."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChosenComment(models.Model):
    """A comment of the source, chosen by the author to stand in a reprint. Never copied."""

    reprint = models.ForeignKey(
        "posts.Reprint", models.CASCADE, related_name="chosen", verbose_name=_("reprint")
    )
    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="chosen_in", verbose_name=_("comment")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("chosen comment")
        verbose_name_plural = _("chosen comments")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reprint", "comment"], name="chosen_once"),
        ]

    def __str__(self):
        return str(self.comment)

    def clean(self):
        if self.comment_id and self.comment.post_id != self.reprint.source_id:
            raise ValidationError({"comment": _("This comment stands under another post.")})
