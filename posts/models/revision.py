"""Revisions: the text of a post as it stood from one moment to the next."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from blogsite.fields import HTMLField


class RevisionQuerySet(models.QuerySet):
    def amendments(self):
        return self.filter(sort=Revision.Sort.AMENDMENT)

    def clean_ups(self):
        """Revisions that tidy the one before them; the first has none before it."""
        return self.filter(sort__in=CLEAN_UPS, number__gt=1)

    def with_words_gone(self):
        """Each with `words_gone`: whether the text before it is withheld."""
        before = Revision.objects.filter(
            post=OuterRef("post"), number=OuterRef("number") - 1, withheld=True
        )
        return self.annotate(words_gone=Exists(before))


class Revision(models.Model):
    """One text of a published post. The newest one is the text that the post has now.

    `withheld` belongs to the revision whose words readers must not see again. Clean-ups are the
    author's alone: readers see the text before one as the clean-up left it (posts/changes.py).
    """

    class Sort(models.TextChoices):
        FIRST = "first", _("as first published")
        SMALL = "small", _("small correction")
        AMENDMENT = "amendment", _("amendment")
        IMPORT = "import", _("import")
        TRIM = "trim", _("copy of an older post made a reprint")

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="revisions", verbose_name=_("post")
    )
    number = models.PositiveIntegerField(_("number"))
    since = models.DateTimeField(_("since"))
    title = models.CharField(_("title"), max_length=500, blank=True)
    text = HTMLField(_("text"), door="post", blank=True)
    sort = models.CharField(_("sort"), max_length=10, choices=Sort)
    # Of a clean-up that was undone: how readers see the text before it then, instead of as this.
    instead = HTMLField(_("shown instead"), door="post", blank=True, editable=False)
    note = models.TextField(_("note for readers"), blank=True)
    withheld = models.BooleanField(_("words withheld"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["post", "number"]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="revision_numbered_once")
        ]

    def __str__(self):
        return f"{self.post} ({self.number})"

    @property
    def is_amendment(self):
        return self.sort == self.Sort.AMENDMENT

    @property
    def is_clean_up(self):
        return self.sort in CLEAN_UPS and self.number > 1


CLEAN_UPS = (Revision.Sort.IMPORT, Revision.Sort.TRIM)
