"""Where imported things came from, and the addresses they had there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.Model):
    """Where an imported thing came from. The thing points here (`Post.origin`, `Comment.origin`).

    `digest` says what the export held of it when it was last read, so that a second import
    knows what has changed there.
    """

    system = models.CharField(_("system"), max_length=20)
    blog = models.CharField(
        _("blog"), max_length=200, help_text=_("the blog's id or address there")
    )
    kind = models.CharField(_("kind"), max_length=20)
    its_id = models.CharField(_("its id there"), max_length=300)
    digest = models.CharField(_("digest"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        constraints = [
            models.UniqueConstraint(fields=["system", "blog", "kind", "its_id"], name="origin_once")
        ]
        indexes = [models.Index(fields=["kind", "its_id"], name="origin_by_id")]

    def __str__(self):
        return f"{self.system} {self.kind} {self.its_id}"


class OldAddress(models.Model):
    """An address that worked on the old system, and the post it leads to now.

    `path` begins with "/", is unquoted and has no host; `query` is what followed the question mark
    ("p=4"), where it mattered. Old addresses of single comments need no row: the
    comment's origin is enough.
    """

    path = models.CharField(_("path"), max_length=500)
    query = models.CharField(_("query"), max_length=200, blank=True)
    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="old_addresses", verbose_name=_("post")
    )

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [models.UniqueConstraint(fields=["path", "query"], name="old_address_once")]

    def __str__(self):
        return f"{self.path}?{self.query}" if self.query else self.path
