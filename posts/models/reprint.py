"""Reprints: one older post shown inside a newer one."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite.decided import Decided
from blogsite.fields import HTMLField
from posts.models import figures
from posts.models.post import Post
from posts.models.views import ViewDay


class ReprintQuerySet(models.QuerySet):
    def published(self):
        """Reprints that stand in a published post."""
        return self.filter(post__state="published")


class Reprint(Decided):
    """An older post (`source`) inside a newer one (`post`). Its text is never copied.

    `figure` is the number of views the source had had here when the reprint was published, at
    the moment `figure_at`; `figure_of` says what was counted. What an earlier system had
    counted stands in `EarlierFigure`, apart from it.
    """

    VIEWS = "views"

    DECIDED = ("figure", "figure_at", "figure_of")

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
        if self._state.adding:
            self._check_new_source()
        elif Reprint.objects.exclude(source=self.source_id).filter(pk=self.pk).exists():
            raise ValidationError({"source": _("For another post, delete this and add a reprint.")})
        if self.revision and self.revision.post_id != self.source_id:
            raise ValidationError({"revision": _("This is a revision of another post.")})

    def _check_new_source(self):
        """Once it is reprinted, a source may go out of view: its reprints then show nothing."""
        if not self.source.is_published:
            raise ValidationError({"source": _("Only a published post can be reprinted.")})
        if self.post_id and not self.source.is_older_than(self.post):
            raise ValidationError({"source": _("Only an older post can be reprinted.")})

    def save(self, *args, uncounted=False, **kwargs):
        """Save what the author writes; a new reprint in a public post gets its figure at once.

        None where it is `uncounted`: nobody counted when the reprint first appeared. The figure
        (`DECIDED`) is not written but read: a form that was open when it was frozen must not
        thaw it. Raises ValueError where the source would change (the figure and the chosen comments
        are those of the source there was), or is not older than the post.
        """
        with transaction.atomic():
            if self._state.adding:
                post = Post.objects.select_for_update(no_key=True).get(pk=self.post_id)
                if not self.source.is_older_than(post):
                    raise ValueError("Only an older post can be reprinted.")
                super().save(*args, **kwargs)
                if post.is_published and not uncounted:
                    self.freeze(timezone.now())
                return
            row = self._lock()
            if row.source_id != self.source_id:
                raise ValueError("A reprint is of one post; another post is another reprint.")
            if self.post.is_published:
                self.introduction = figures.fill(self.introduction, timezone.now(), Post.objects)
            kwargs["update_fields"] = self.written(kwargs.get("update_fields"))
            super().save(*args, **kwargs)

    def freeze(self, at):
        """Freeze the view figure of the source as it is at the moment `at`; once and for good.

        With it freeze the figures that the introduction quotes.
        """
        with transaction.atomic():
            self._lock()
            self.refresh_from_db(fields=["introduction"])
            self.introduction = figures.fill(self.introduction, at, Post.objects)
            super().save(update_fields=["introduction"])
            if self.figure is None:
                self.figure = ViewDay.objects.total(self.source_id, until=at)
                self.figure_at = at
                self.figure_of = self.VIEWS
                super().save(update_fields=self.DECIDED)

    def _lock(self):
        """Hold the row until the transaction ends, and read its figure; return it as it is now."""
        row = Reprint.objects.select_for_update(no_key=True).get(pk=self.pk)
        self.take_over(row)
        return row

    @property
    def pinned(self):
        """The revision of the source that readers see here; None: the text as it stands.

        Words that were withheld since are shown nowhere: then, too, the text stands as it is now.
        """
        return self.revision if self.revision and not self.revision.withheld else None
