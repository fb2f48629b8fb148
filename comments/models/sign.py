"""Signs: by which the likeness of a comment to earlier ones is found."""

from collections import defaultdict
from datetime import timedelta

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import likeness

CANDIDATES = 5
KEPT = timedelta(days=30)
SPAM_KEPT = timedelta(days=365)


class SignQuerySet(models.QuerySet):
    def learn(self, comment, sketch):
        """Keep the sketch of a comment, so that others are found to be like it."""
        self.bulk_create(Sign(comment=comment, value=value) for value in sketch)

    def most_alike(self, sketch, but=None):
        """Return [(comment, likeness)] of what is known and has most in common with `sketch`.

        At most CANDIDATES, the most alike first. `but` is a comment to leave out.
        """
        if not sketch:
            return []
        rows = self.filter(value__in=sketch).exclude(comment=but and but.pk).order_by()
        shared = rows.values("comment").annotate(shared=Count("pk"))
        ids = [row["comment"] for row in shared.order_by("-shared", "comment")[:CANDIDATES]]
        if not ids:
            return []
        sketches, comments = defaultdict(list), {}
        for sign in self.filter(comment__in=ids).select_related("comment"):
            sketches[sign.comment_id].append(sign.value)
            comments[sign.comment_id] = sign.comment
        found = [(comments[pk], likeness.likeness(sketch, sketches[pk])) for pk in ids]
        return sorted(found, key=lambda pair: -pair[1])

    def forget_old(self):
        """Drop the signs that nothing is compared with any more: of spam after a year."""
        now = timezone.now()
        spam = Q(comment__state="spam")
        old = Q(comment__written_at__lt=now - KEPT) & ~spam
        self.filter(old | Q(comment__written_at__lt=now - SPAM_KEPT)).delete()


class Sign(models.Model):
    """One keyed hash of a comment's sketch (comments/likeness.py). Erased with its words."""

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="signs")
    value = models.BigIntegerField(db_index=True)

    objects = SignQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of likeness")
        verbose_name_plural = _("signs of likeness")

    def __str__(self):
        return f"{self.comment_id}: {self.value:x}"
