"""Signs: by which the likeness of a comment to earlier ones, and links of spam, are found."""

from datetime import timedelta

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import likeness

CANDIDATES = 5
KEPT = timedelta(days=30)
DECIDED_KEPT = timedelta(days=365)


class SignQuerySet(models.QuerySet):
    def learn(self, comment, sketch, hosts=()):
        """Keep the sketch of a comment, so that others are found to be like it; and its `hosts`."""
        signs = [Sign(comment=comment, value=value) for value in sketch]
        signs += [Sign(comment=comment, value=value, is_host=True) for value in hosts]
        self.bulk_create(signs)

    def learn_spam(self, comments):
        """Let what is like these comments, which are spam now, be found: of each flood one sketch.

        Those that came in before there were signs, or from elsewhere, get theirs.
        """
        of = {}
        for one in comments:
            of.setdefault(one.flood_id or one.pk, one)
        sketched = self.filter(is_host=False, comment__state="spam")
        sketched = sketched.filter(Q(comment__flood__in=of) | Q(comment__in=of))
        known = {flood or pk for flood, pk in sketched.values_list("comment__flood", "comment")}
        hosted = self.filter(is_host=True, comment__in=[one.pk for one in of.values()])
        hosted = set(hosted.values_list("comment", flat=True))
        for root, one in of.items():
            sketch = [] if root in known else likeness.sketch(likeness.features(one.typed))
            self.learn(one, sketch, [] if one.pk in hosted else likeness.hosts(one.typed))

    def stood_in_spam(self, hosts):
        """Say whether one of these hosts stood in spam, and in nothing that was let through."""
        rows = self.filter(is_host=True, value__in=hosts)
        spam = set(rows.filter(comment__state="spam").values_list("value", flat=True))
        if not spam:
            return False
        fine = rows.filter(comment__state="published").exclude(comment__held_because="")
        return bool(spam.difference(fine.values_list("value", flat=True)))

    def most_alike(self, sketch, least, how, but=None):
        """Return [(comment, likeness)] of what is known and like a text, the most alike first.

        `sketch` is the text's; `how(comment)` says how like it a comment is, from 0 to 1, and is
        asked of at most CANDIDATES. Those that are less like it than `least` are left out, and so
        is the comment `but`.
        """
        if not sketch:
            return []
        rows = self.filter(value__in=sketch, is_host=False).exclude(comment=but and but.pk)
        shared = rows.order_by().values("comment").annotate(shared=Count("pk"))
        # Of the lowest hashes of both, half the share is enough to be worth a look at the words.
        shared = shared.filter(shared__gte=least * len(sketch) / 2)
        ids = [row["comment"] for row in shared.order_by("-shared", "-comment")[:CANDIDATES]]
        comments = self.model.comment.field.related_model.objects.select_related("flood")
        pairs = [(one, how(one)) for one in comments.filter(pk__in=ids)]
        return sorted((pair for pair in pairs if pair[1] >= least), key=lambda pair: -pair[1])

    def forget_old(self):
        """Drop the signs that nothing is compared with any more; what was decided lasts a year."""
        now = timezone.now()
        passed = Q(comment__state="published", comment__held_because="")
        old = passed & Q(comment__written_at__lt=now - KEPT)
        long_ago = Q(comment__written_at__lt=now - DECIDED_KEPT)
        decided_lately = Q(comment__removed_at__gte=now - DECIDED_KEPT)
        self.filter(old).delete()
        self.filter(long_ago).exclude(decided_lately).delete()


class Sign(models.Model):
    """One keyed hash of a comment's sketch, or of the host of a link in it (comments/likeness.py).

    What it says depends on what became of the comment. Erased with its words.
    """

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="signs")
    value = models.BigIntegerField(db_index=True)
    is_host = models.BooleanField(default=False)

    objects = SignQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of likeness")
        verbose_name_plural = _("signs of likeness")

    def __str__(self):
        return f"{self.comment_id}: {self.value:x}"
