"""Reprints: one older post shown inside a newer one."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from blogsite.fields import HTMLField
from posts.models.views import ViewDay


class ReprintQuerySet(models.QuerySet):
    def published(self):
        """Reprints that stand in a published post."""
        return self.filter(post__state="published")


class Reprint(models.Model):
    """An older post (`source`) inside a newer one (`post`). Its text is never copied.

    `figure` is the number of views the source had had here when the reprint was published, at
    the moment `figure_at`; `figure_of` says what was counted. What an earlier system had
    counted stands in `EarlierFigure`, apart from it.
    """

    VIEWS = "views"

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="reprints", verbose_name=_("post")
    )
    source = models.ForeignKey(
        "posts.Post", models.PROTECT, related_name="reprinted_in", verbose_name=_("older post")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    introduction = HTMLField(_("introduction"), door="post", blank=True)
    revision = models.ForeignKey(
        "posts.Revision",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revision shown"),
        help_text=_("Empty: the text as it stands."),
    )
    figure = models.PositiveIntegerField(_("view figure"), null=True, editable=False)
    figure_at = models.DateTimeField(_("figure's moment"), null=True, editable=False)
    figure_of = models.CharField(_("what was counted"), max_length=20, blank=True, editable=False)

    objects = ReprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("reprint")
        verbose_name_plural = _("reprints")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "source"],
                name="reprinted_once",
                violation_error_message=_("This post is reprinted here already."),
            ),
            models.CheckConstraint(
                condition=~Q(post=F("source")),
                name="not_itself",
                violation_error_message=_("A post can't reprint itself."),
            ),
        ]

    def __str__(self):
        return str(self.source)

    def clean(self):
        if not self.source_id:
            return
        if self.source_id == self.post_id:
            raise ValidationError({"source": _("A post can't reprint itself.")})
        if not self.source.is_published:
            raise ValidationError({"source": _("Only a published post can be reprinted.")})
        published_at = self.post.published_at if self.post_id else None
        if published_at and self.source.published_at >= published_at:
            raise ValidationError({"source": _("Only an older post can be reprinted.")})
        if self.revision and self.revision.post_id != self.source_id:
            raise ValidationError({"revision": _("This is a revision of another post.")})

    def freeze(self, at):
        """Freeze the view figure of the source as it is at the moment `at`; once and for good."""
        if self.figure is None:
            self.figure = ViewDay.objects.total(self.source_id, until=at)
            self.figure_at = at
            self.figure_of = self.VIEWS
            self.save(update_fields=["figure", "figure_at", "figure_of"])

    @property
    def shown(self):
        """The text of the source that this reprint shows: HTML."""
        if self.revision and not self.revision.withheld:
            return self.revision.text
        return self.source.text
