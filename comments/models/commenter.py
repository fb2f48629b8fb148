"""Commenters: those who hold a return link, and own the comments written with it."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite import secret_links
from comments.models.act import Act


class CommenterQuerySet(models.QuerySet):
    def by_secret(self, secret):
        """Return the commenter whose return link has this secret, or None."""
        return secret_links.find("yours", secret, self)


class Commenter(models.Model):
    """The holder of one return link; owns the comments written with it.

    Nothing says who it is: no name, no address. Where somebody is remembered on a device, or goes
    on from their link, their comments have one commenter; otherwise each has one of its own.
    """

    created_at = models.DateTimeField(_("since"), default=timezone.now)
    serial = models.PositiveIntegerField(_("serial of the return link"), default=1)
    trusted = models.BooleanField(_("trusted"), default=False)

    objects = CommenterQuerySet.as_manager()

    class Meta:
        verbose_name = _("commenter")
        verbose_name_plural = _("commenters")

    def __str__(self):
        return f"{_('commenter')} {self.pk}"

    @property
    def secret(self):
        """What opens the return link, and is in the cookie of a device that remembers."""
        return secret_links.derive("yours", self.pk, self.serial)

    @property
    def path(self):
        """The path of the return link on this site."""
        return reverse("yours", args=[self.secret])

    @property
    def return_link(self):
        """The return link: a full address, secret."""
        return settings.SITE_URL + self.path

    def trust(self, by=None, comment=None, role=None):
        """Let what they write pass from now on, unless every comment is held. Harmless twice.

        `comment` is the one that gave occasion.
        """
        self._trust(True, "trust", by, comment, role)

    def distrust(self, by=None, comment=None):
        """Look at what they write as at anybody's."""
        self._trust(False, "distrust", by, comment)

    def _trust(self, trusted, verb, by, comment, role=None):
        with transaction.atomic():
            row = Commenter.objects.select_for_update().get(pk=self.pk)
            self.trusted = trusted
            if row.trusted == trusted:
                return
            self.save(update_fields=["trusted"])
            post_id = comment and comment.post_id
            Act.record(verb, by=by, role=role, comment=comment, post_id=post_id)

    def erase(self):
        """Erase every comment of theirs, and the commenter: the return link opens nothing more."""
        for comment in self.comments.order_by("pk"):
            comment.erase(role=Act.Role.WRITER)
        with transaction.atomic():
            # A comment that came in meanwhile keeps its owner, and the link goes on opening.
            row = Commenter.objects.select_for_update().filter(pk=self.pk).first()
            if row and not row.comments.exists():
                row.delete()
