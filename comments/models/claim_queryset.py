"""Which claims, and the one way in for a new one."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from blogsite import emails, secret_links
from comments.models.thread import Thread

LAPSES = timedelta(days=30)
"""After this time a claim whose address nobody confirmed is forgotten."""
SAME = timedelta(minutes=10)
"""The same words about the same post within this time are the same claim."""
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60
"""Claims about one post, in an hour, that nobody has confirmed. A whole office may come."""


class TooMany(Exception):
    """There are so many claims about this post just now that hardly one of them is honest."""


class ClaimQuerySet(models.QuerySet):
    def confirmed(self):
        """Claims whose address was confirmed; of others the author hears nothing."""
        return self.exclude(confirmed_at=None)

    def waiting(self):
        """Claims whose address was confirmed, and that wait for the author."""
        return self.filter(state=self.model.State.WAITING)

    def open(self):
        """Claims that nobody has decided."""
        return self.filter(state__in=self.model.OPEN)

    def lapsed(self):
        """Claims to forget: confirmed by nobody for long."""
        late = timezone.now() - LAPSES
        return self.filter(state=self.model.State.UNCONFIRMED, made_at__lt=late)

    def to_ask(self):
        """Claims whose address could not be asked yet: too many were when it came."""
        unconfirmed = self.filter(state=self.model.State.UNCONFIRMED)
        return unconfirmed.filter(letters=None, post__state="published")

    def by_secret(self, secret):
        """Return the claim that this secret of a /confirm/ address opens, or None."""
        return secret_links.find("claim", secret, self.select_related("post", "comment"))

    def make(self, post, submission="", **said):
        """Store what somebody says about `post` and themselves, once; return the Claim.

        `said` is the name, how, proof, email and comment. The e-mail is asked to confirm itself.
        Raises TooMany, and ValueError for an e-mail that no form takes.
        """
        if not emails.is_plain(said["email"]):
            raise ValueError("This is no e-mail that anybody may leave.")
        with transaction.atomic():
            Thread.lock(post.pk)  # two at once: the second sees the first
            about, now = self.filter(post=post), timezone.now()
            same = about.filter(**said)
            earlier = submission and same.filter(submission=submission).first()
            earlier = earlier or same.open().filter(made_at__gte=now - SAME).first()
            if earlier:
                return earlier
            lately = about.filter(confirmed_at=None, made_at__gte=now - AN_HOUR)
            if lately.count() >= MOST_AN_HOUR:
                raise TooMany
            made = self.create(post=post, submission=submission or None, **said)
            made.ask_to_confirm()
            return made
