"""How often an address was asked to confirm itself, without the address; and because of whom."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite import emails, secret_links

MOST = 3
"""Letters that ask for confirmation, in a day, to one address: anybody can type any address."""
MOST_OF_ONE = 3
"""In a day, because of one commenter: a return link could type one address after the other."""
MOST_OF_ALL = 60
"""In an hour, from the whole blog, however many commenters somebody makes themselves."""
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
COMMENTER, CLAIM = "commenter ", "claim "
"""How the key of a commenter's or of a claim's row begins; no digest has a space."""


class AskingQuerySet(models.QuerySet):
    def allow(self, email, commenter_id=None, claim_id=None):
        """Say whether the address may be asked now because of this commenter; if so, it counts.

        Or because of this claim.

        However the address is written. For one address and for one commenter it is exact when
        several ask at once; for the whole blog a few more may slip through, since one row for all
        would have to be held by everything that publishes a comment.
        """
        if not self.has_room():
            return False
        with transaction.atomic():
            key = f"{COMMENTER}{commenter_id}" if claim_id is None else f"{CLAIM}{claim_id}"
            theirs = self._of(key)
            its = self._of(secret_links.digest("asking", emails.normal(email)))
            if len(theirs.moments) >= MOST_OF_ONE or len(its.moments) >= MOST:
                return False
            theirs.count()
            its.count()
            return True

    def has_room(self):
        """Say whether the whole blog may ask anybody (once more) within this hour."""
        since = timezone.now() - AN_HOUR
        lately = self.filter(digest__contains=" ", last_at__gt=since)
        asked = (one for moments in lately.values_list("moments", flat=True) for one in moments)
        return sum(one > since.timestamp() for one in asked) < MOST_OF_ALL

    def _of(self, digest):
        """Return the row, held and made where need be, with the moments of the last day alone."""
        self.get_or_create(digest=digest, defaults={"last_at": timezone.now()})
        row = self.select_for_update().get(digest=digest)
        since = (timezone.now() - A_DAY).timestamp()
        row.moments = [one for one in row.moments if one > since]
        return row

    def past(self):
        """Those that count no longer."""
        return self.filter(last_at__lt=timezone.now() - A_DAY)


class Asking(models.Model):
    """That letters went out lately which ask for confirmation. Kept for a day.

    There is a row for each address, and for each commenter or claim. The former outlives the
    letters and the subscription, or somebody could leave the address of a stranger, erase it and
    leave it again, as often as they like. So it must not hold the address: it holds a digest under
    LINK_KEY, which is not in the database.
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

    def count(self):
        """Count a letter that goes now."""
        now = timezone.now()
        self.moments, self.last_at = [*self.moments, now.timestamp()], now
        self.save(update_fields=["moments", "last_at"])
