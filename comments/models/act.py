"""Acts: who did what to what, when, for which reason."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ActQuerySet(models.QuerySet):
    def update(self, **values):
        raise ValueError("An act is never changed.")

    def delete(self):
        raise ValueError("An act is never taken back.")

    delete.queryset_only = True


class Act(models.Model):
    """One row for one act; it is never changed. Made by the verbs of the other models."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        WRITER = "writer", _("writer")
        SUBJECT = "subject", _("subject")
        PROGRAM = "program", _("the program")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    role = models.CharField(_("in which part"), max_length=10, choices=Role)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    verb = models.CharField(_("what"), max_length=30)
    reason = models.CharField(_("reason"), max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    post = models.ForeignKey(
        "posts.Post", models.SET_NULL, null=True, related_name="acts", verbose_name=_("post")
    )
    comment = models.ForeignKey(
        "comments.Comment",
        models.SET_NULL,
        null=True,
        related_name="acts",
        verbose_name=_("comment"),
    )
    right = models.ForeignKey(
        "comments.RightOfReply",
        models.PROTECT,
        null=True,
        related_name="acts",
        verbose_name=_("right of reply"),
    )
    request = models.ForeignKey(
        "comments.AmendmentRequest",
        models.SET_NULL,
        null=True,
        related_name="acts",
        verbose_name=_("amendment request"),
    )
    claim = models.ForeignKey(
        "comments.Claim",
        models.SET_NULL,
        null=True,
        related_name="acts",
        verbose_name=_("claim"),
    )

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.role} {self.verb}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValueError("An act is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValueError("An act is never taken back.")

    @classmethod
    def record(cls, verb, by=None, role=None, **what):
        """Write down an act. `by` is a user or None; `role` defaults to author, or the program."""
        role = role or (cls.Role.AUTHOR if by else cls.Role.PROGRAM)
        return cls.objects.create(verb=verb, by=by, role=role, **what)

    @classmethod
    def record_all(cls, verb, by, comments, **what):
        """Write down one act of the author for each of `comments`: pairs of its id and post id."""
        cls.objects.bulk_create(
            cls(verb=verb, by=by, role=cls.Role.AUTHOR, comment_id=pk, post_id=post_id, **what)
            for pk, post_id in comments
        )
