"""Courtesy letters: what tells a subject of a post about them, of its reprints and amendments."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CourtesyLetter(models.Model):
    """One subject told, or to be told, of one occasion: drafted, changed by the author, sent.

    The occasion is the publication of the post (neither `reprint` nor `revision`), a reprint of it
    or an amendment. Without `goes_at` it goes as soon as its occasion is public.
    """

    right = models.ForeignKey(
        "comments.RightOfReply",
        models.CASCADE,
        related_name="courtesy_letters",
        verbose_name=_("right of reply"),
    )
    reprint = models.ForeignKey(
        "posts.Reprint",
        models.CASCADE,
        null=True,
        related_name="courtesy_letters",
        verbose_name=_("reprint"),
    )
    revision = models.ForeignKey(
        "posts.Revision",
        models.CASCADE,
        null=True,
        related_name="courtesy_letters",
        verbose_name=_("amendment"),
    )
    words = models.TextField(_("what it says"), blank=True)
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    goes_at = models.DateTimeField(_("goes"), null=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)
    not_told_because = models.CharField(_("not told, because"), max_length=300, blank=True)
    letter = models.OneToOneField(
        "comments.Letter",
        models.SET_NULL,
        null=True,
        related_name="courtesy",
        verbose_name=_("letter"),
    )

    class Meta:
        verbose_name = _("courtesy letter")
        verbose_name_plural = _("courtesy letters")
        ordering = ["drafted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["right"],
                condition=Q(reprint=None, revision=None),
                name="told_once_of_post",
            ),
            models.UniqueConstraint(fields=["right", "reprint"], name="told_once_of_reprint"),
            models.UniqueConstraint(fields=["right", "revision"], name="told_once_of_revision"),
            models.CheckConstraint(
                condition=Q(reprint=None) | Q(revision=None), name="one_occasion"
            ),
        ]

    def __str__(self):
        return f"{self.right}"
