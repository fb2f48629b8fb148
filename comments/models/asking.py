"""How often an address was asked to confirm itself, without the address."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite import emails, secret_links

MOST = 3
"""Letters that ask for confirmation, in a day, to one address: anybody can type any address."""
A_DAY = timedelta(days=1)


class AskingQuerySet(models.QuerySet):
    def allow(self, email):
        """Say whether the address may be asked (once more) today; if so, that counts as asked.

        Whoever asks, and however it is written. Exact when several ask at once.
        """
        now = timezone.now()
        digest = secret_links.digest("asking", emails.normal(email))
        with transaction.atomic():
            row, _made = self.update_or_create(digest=digest, defaults={"last_at": now})  # held
            today = [one for one in row.moments if one > (now - A_DAY).timestamp()]
            if len(today) >= MOST:
                return False
            row.moments = [*today, now.timestamp()]
            row.save(update_fields=["moments"])
            return True

    def past(self):
        """Those that count no longer."""
        return self.filter(last_at__lt=timezone.now() - A_DAY)


class Asking(models.Model):
    """That letters went to an address lately which ask for confirmation. Kept for a day.

    It outlives the letters and the subscription, or somebody could leave the address of a stranger,
    erase it and leave it again, as often as they like. So it must not hold the address: it
    holds a digest under LINK_KEY, which is not in the database.
    """

    digest = models.CharField(_("digest"), max_length=22, primary_key=True)
    moments = models.JSONField(_("moments"), default=list)
    last_at = models.DateTimeField(_("last"))

    objects = AskingQuerySet.as_manager()

    class Meta:
        verbose_name = _("asking")
        verbose_name_plural = _("askings")

    def __str__(self):
        return self.digest
