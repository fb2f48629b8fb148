"""The public log: every amendment, and every public request for one that was decided."""

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, Max, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from posts.models.revision import Revision


class LogEntryQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-number")

    def on_public_posts(self):
        return self.filter(post__state="published")

    def with_words_gone(self):
        """Each with `words_gone`: whether the text before its amendment is withheld."""
        before = Revision.objects.filter(
            post=OuterRef("post"), number=OuterRef("revision__number") - 1, withheld=True
        )
        return self.annotate(words_gone=Exists(before))


class LogEntry(models.Model):
    """One entry of the public log, about an amendment (`revision`) or a decided request.

    `number` counts from 1 over the whole blog, is never given twice and never changes; the entry
    stays when what it was about has gone, so that no number is missing.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("when"))
    post = models.ForeignKey(
        "posts.Post", models.SET_NULL, null=True, related_name="log", verbose_name=_("post")
    )
    revision = models.OneToOneField(
        "posts.Revision",
        models.SET_NULL,
        null=True,
        related_name="log_entry",
        verbose_name=_("amendment"),
    )

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the public log")
        verbose_name_plural = _("the public log")
        ordering = ["-number"]

    def __str__(self):
        return str(self.number)

    def get_absolute_url(self):
        """The permanent address of the entry; leads to its place in the log."""
        return reverse("amendment", args=[self.number])

    @classmethod
    def record(cls, post, at, revision=None):
        """Write down that something about `post` was amended or decided; return the entry."""
        while True:
            last = cls.objects.aggregate(last=Max("number"))["last"] or 0
            try:
                with transaction.atomic():
                    return cls.objects.create(number=last + 1, at=at, post=post, revision=revision)
            except IntegrityError:  # somebody else was given this number in between
                if not cls.objects.filter(number=last + 1).exists():
                    raise
