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


MEANINGS = {
    Reason.ABUSE: _("It insults or threatens somebody, or is there to hurt them."),
    Reason.PRIVATE: _(
        "It tells of somebody's health, family, home or other affairs that are nobody else's "
        "business, or says who somebody is who does not want it known."
    ),
    Reason.LAW: _("The law does not let it stand here, or a court has said so."),
    Reason.OFF_TOPIC: _("It has nothing to do with the post, and stands in the way of what has."),
    Reason.ADVERTISING: _("It is there to sell something, or to be found by search engines."),
    Reason.ASKED: _("Whoever wrote it has taken it back, or asked for it to be taken out."),
    Reason.OLD_SYSTEM: _("It had been removed before the blog moved here; nothing else is known."),
    Reason.OTHER: _("None of these. The author says why to whoever asks."),
}
"""What each reason means, for readers."""
TO_COMPLAIN_OF = [
    Reason.ABUSE,
    Reason.PRIVATE,
    Reason.LAW,
    Reason.OFF_TOPIC,
    Reason.ADVERTISING,
    Reason.OTHER,
]
