"""What a subject has begun to write in their letterbox, kept on the server until it is sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterboxDraft(models.Model):
    """The one draft of one right of reply; nobody but its subject ever sees it."""

    right = models.OneToOneField(
        "comments.RightOfReply",
        models.CASCADE,
        primary_key=True,
        related_name="draft",
        verbose_name=_("right of reply"),
    )
    # {name of a field of the letterbox's form: what was typed into it}
    typed = models.JSONField(_("typed"), default=dict)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("draft of a reply")
        verbose_name_plural = _("drafts of replies")

    def __str__(self):
        return str(self.right_id)
