"""Signs: by which the likeness of a comment to earlier ones is found."""

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
    def learn(self, comment, sketch, hosts=()):
        """Keep the sketch of a comment, so that others are found to be like it; and its `hosts`."""
        signs = [Sign(comment=comment, value=value) for value in sketch]
        signs += [Sign(comment=comment, value=value, is_host=True) for value in hosts]
        self.bulk_create(signs)

    def learn_hosts(self, comments, is_spam):
        """Keep the hosts of comments, (id, post id, text) each, if they are spam; else drop them.

        Each host is kept once, however often a flood has it.
        """
        self.filter(is_host=True, comment__in=[pk for pk, *_ in comments]).delete()
        if not is_spam:
            return
        of = {}
        for pk, _post, typed in comments:
            for host in likeness.hosts(typed):
                of.setdefault(host, pk)
        self.bulk_create(Sign(comment_id=pk, value=host, is_host=True) for host, pk in of.items())

    def hosts(self, typed):
        """Return the signs of spam that are hosts written in `typed`."""
        return self.filter(is_host=True, value__in=likeness.hosts(typed))

    def most_alike(self, typed, sketch, least, but=None):
        """Return [(comment, likeness)] of what is known and at least so like `typed`, 0 to 1.

        `sketch` is that of `typed`. At most CANDIDATES, the most alike first. `but` is a comment to
        leave out.
        """
        if not sketch:
            return []
        rows = self.filter(value__in=sketch, is_host=False).exclude(comment=but and but.pk)
        shared = rows.order_by().values("comment").annotate(shared=Count("pk"))
        # Of the lowest hashes of both, half the share is enough to be worth a look at the words.
        shared = shared.filter(shared__gte=least * len(sketch) / 2)
        ids = [row["comment"] for row in shared.order_by("-shared", "-comment")[:CANDIDATES]]
        comments = self.model.comment.field.related_model.objects.select_related("flood")
        how = [(one, likeness.likeness(typed, one.typed)) for one in comments.filter(pk__in=ids)]
        return sorted((pair for pair in how if pair[1] >= least), key=lambda pair: -pair[1])

    def forget_old(self):
        """Drop the signs that nothing is compared with any more: of spam after a year."""
        now = timezone.now()
        spam = Q(comment__state="spam")
        old = Q(comment__written_at__lt=now - KEPT) & ~spam
        self.filter(old | Q(comment__written_at__lt=now - SPAM_KEPT)).delete()


class Sign(models.Model):
    """One keyed hash of a comment's sketch (comments/likeness.py), or of a host that stood in spam.

    Erased with its words.
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
