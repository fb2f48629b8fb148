"""Subscriptions: an e-mail that a commenter left in order to hear of answers."""

from contextlib import contextmanager

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import emails, secret_links
from comments.models.asking import Asking
from comments.models.commenter import Commenter
from comments.models.letter import Letter
from comments.models.subscription_queryset import (
    A_DAY,
    LAPSES,
    MOST_ANSWERS,
    SubscriptionQuerySet,
)
from posts.models import Blog


class Subscription(models.Model):
    """One commenter's wish to hear of answers by e-mail. Nobody but they ever sees the address.

    Nothing but one letter goes to an address before somebody has confirmed it there; and that one
    only when something the commenter wrote is published, so that what is held can't mail strangers.
    """

    commenter = models.OneToOneField(
        Commenter, models.CASCADE, related_name="subscription", verbose_name=_("commenter")
    )
    email = models.EmailField(_("e-mail"))
    serial = models.PositiveIntegerField(_("serial of its links"), default=1)
    created_at = models.DateTimeField(_("left"), default=timezone.now)
    asked_at = models.DateTimeField(_("asked to confirm"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")

    def __str__(self):
        return f"{_('subscription')} {self.pk}"  # not the address, which might end in a log

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    @property
    def is_lapsed(self):
        since = self.asked_at or self.created_at
        late = not self.is_confirmed and since < timezone.now() - LAPSES
        return late or not self.commenter.comments.exists()

    @property
    def masked_email(self):
        """The address as a page that is opened from a letter shows it."""
        return emails.masked(self.email)

    @property
    def confirm_link(self):
        """The address in the letter that asks: full, secret."""
        return self._link("confirm")

    @property
    def stop_link(self):
        """The address that ends it: full, secret."""
        return self._link("stop")

    def _link(self, kind):
        secret = secret_links.derive(kind, self.pk, self.serial)
        return settings.SITE_URL + reverse(kind, args=[secret])

    def move(self, email):
        """Take another address, not confirmed yet. Links in letters to the old one open nothing."""
        self.letters.all().delete()  # they hold the old address
        self.email, self.serial = email, self.serial + 1
        self.created_at, self.asked_at, self.confirmed_at = timezone.now(), None, None
        self.save()

    def ask(self, post):
        """Write the letter that asks whether the address is right, once.

        `post` is where they wrote; as long as it is not public, none is written, and none as long
        as enough were asked (see Asking). ask_now() is for later.
        """
        if self.asked_at or not post.is_published:
            return
        if not Asking.objects.allow(self.email, self.commenter_id):
            return
        self.asked_at = timezone.now()
        self.save(update_fields=["asked_at"])
        facts = {"title": Letter.plain(post), "blog": Letter.plain(Blog.current().name)}
        facts["link"] = Letter.CONFIRM
        Letter.objects.write(
            f"confirm {self.pk} {self.serial}",
            self.email,
            _now("Shall %(blog)s write to you of answers?") % facts,
            _now(
                "Hello,\n\n"
                "somebody wrote a comment on “%(title)s” on the blog %(blog)s, and left this "
                "address to hear of answers by e-mail.\n\n"
                "If it was you, and you want that, open this page and press the button there:\n"
                "%(link)s\n\n"
                "If it was not you, or you have changed your mind, do nothing: nothing more is "
                "sent because of it, and the address is forgotten after a month.\n\n"
                "%(blog)s"
            )
            % facts
            + "\n",
            post=post,
            subscription=self,
        )

    def ask_where_they_wrote(self):
        """Write that letter if a comment of theirs is there to be answered; rows are held."""
        published = self.commenter.comments.published().on_public_posts().newest_first()
        latest = published.select_related("post").first()
        if latest:
            self.ask(latest.post)

    def ask_now(self):
        """Write that letter where it could not be written before; called by the worker."""
        with self.locked() as row:
            if row:
                row.ask_where_they_wrote()

    def confirm(self):
        """Let letters about answers go to the address from now on. Harmless twice.

        The address that was shown is meant, and no other that has taken its place meanwhile.
        """
        row = Subscription.objects.filter(pk=self.pk, serial=self.serial)
        row.filter(confirmed_at=None).update(confirmed_at=timezone.now())
        self.confirmed_at = row.values_list("confirmed_at", flat=True).first()

    def tell(self, answer):
        """Write the letter about an answer that is just being published, where one is due.

        What was first published before the address was confirmed is no news, even when it is
        published again: so nobody hears of an answer twice, also not who stopped and came back.
        """
        if not self.is_confirmed or answer.published_at < self.confirmed_at:
            return
        key = f"{Letter.ABOUT_ANSWER}{answer.pk}"
        # One that was put off, because the answer was out of sight, need wait no longer.
        put_off = self.letters.filter(key=key, state=Letter.State.WAITING, tries=0)
        if put_off.update(next_try_at=timezone.now()):
            return
        today = self.letters.about_answers().filter(written_at__gte=timezone.now() - A_DAY)
        written = today.count()
        if written >= MOST_ANSWERS:
            return
        Letter.objects.write(
            key,
            self.email,
            _now("An answer to your comment on “%s”") % answer.post,
            self.body_about(Letter.ANSWER, written + 1),
            post=answer.post,
            subscription=self,
        )

    def body_about(self, place, number):
        """Return what a row holds of the letter of the day with this number; `place` is filled."""
        if number < MOST_ANSWERS:
            return f"{place}\n"
        last = _now(
            "This is the tenth letter about answers within a day, and the last one for now. "
            "You find all answers on your page."
        )
        return f"{place}\n\n{last}\n"

    def lapse(self):
        """Forget the address if it has still lapsed, now that nobody can confirm it meanwhile."""
        with self.locked() as row:
            if row and row.is_lapsed:
                row.delete()

    @contextmanager
    def locked(self):
        """Hold the commenter and then this row, as leave() does; give the row as it is now.

        Give None where it has gone, or has moved to another address.
        """
        with transaction.atomic():
            Commenter.objects.select_for_update().filter(pk=self.commenter_id).first()
            rows = Subscription.objects.select_for_update()
            yield rows.filter(pk=self.pk, serial=self.serial).first()

    def stop(self):
        """Forget the address: this row goes, and every letter to it. Harmless twice.

        One that has moved to another address meanwhile stays: that was not what was stopped.
        Returns whether there was something to stop.
        """
        with transaction.atomic():
            # Held first: a letter that is just being written goes along.
            rows = Subscription.objects.select_for_update()
            row = rows.filter(pk=self.pk, serial=self.serial).first()
            if row:
                row.delete()
            return row is not None
