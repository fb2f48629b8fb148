"""Claims: somebody says that a post is about them, and asks for its letterbox."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClaimQuerySet(models.QuerySet):
    def confirmed(self):
        return self.exclude(confirmed_at=None)

    def waiting(self):
        """Claims whose address was confirmed, and that wait for the author."""
        return self.filter(state=Claim.State.WAITING)


class Claim(models.Model):
    """Somebody's word that a post, or a comment under it, is about them.

    It tells the author nothing before the address was confirmed by mail. Accepted, it leads to a
    right of reply, whose letterbox its maker then holds.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("address not confirmed")
        WAITING = "waiting", _("to be checked")
        ASKED = "asked", _("asked once more")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="claims", verbose_name=_("post")
    )
    comment = models.ForeignKey(
        "comments.Comment",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("comment"),
    )
    name = models.CharField(_("who they say they are"), max_length=100, blank=True)
    how = models.TextField(_("how the post concerns them"), blank=True)
    proof = models.TextField(_("how the author can be sure"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.UNCONFIRMED, editable=False
    )
    submission = models.CharField(max_length=64, null=True, editable=False)
    serial = models.PositiveIntegerField(_("serial of its link"), default=1, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    asked_at = models.DateTimeField(_("asked once more"), null=True, editable=False)
    question = models.TextField(_("what the author asked"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer = models.TextField(_("their answer"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    reasons = models.TextField(_("reasons"), blank=True)
    right = models.ForeignKey(
        "comments.RightOfReply",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="claims",
        verbose_name=_("right of reply"),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["state", "confirmed_at"], name="claim_waiting")]

    def __str__(self):
        return f"{self.name or '–'}: {self.post}"

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING
