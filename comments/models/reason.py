"""The published reasons."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a comment was removed: the published reasons."""

    ABUSE = "abuse", _("abuse of a person")
    PRIVATE = "private", _("somebody's private affairs")
    LAW = "law", _("the law")
    OFF_TOPIC = "off_topic", _("not about the post")
    ADVERTISING = "advertising", _("advertising")
    ASKED = "asked", _("its writer asked")
    OLD_SYSTEM = "old_system", _("done on the blog's former system")
    OTHER = "other", _("another reason")
