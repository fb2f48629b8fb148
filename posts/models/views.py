"""View counts: per post and day, what was left out, and what earlier systems had counted."""

from django.db import IntegrityError, models, transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TallyQuerySet(models.QuerySet):
    """Rows with a `count` that many requests raise at once."""

    def add_one(self, **key):
        """Raise the count of the row with `key` by one, in the database; make the row if needed.

        Never `row.count += 1; row.save()`: two readers at once would count as one.
        """
        if self.filter(**key).update(count=F("count") + 1):
            return
        try:
            with transaction.atomic():
                self.create(**key, count=1)
        except IntegrityError:  # somebody else made it in between
            self.filter(**key).update(count=F("count") + 1)


class ViewDayQuerySet(TallyQuerySet):
    def total(self, post_id, until=None):
        """Return the views of the post, up to and with the local day of the moment `until`."""
        days = self.filter(post=post_id)
        if until:
            days = days.filter(day__lte=timezone.localtime(until).date())
        return days.aggregate(total=Sum("count"))["total"] or 0

    def totals(self, post_ids):
        """Return {post id: views} for the posts with these ids, in one query."""
        totals = dict.fromkeys(post_ids, 0)
        days = self.filter(post__in=totals).order_by().values("post")
        totals.update(days.annotate(total=Sum("count")).values_list("post", "total"))
        return totals


class ViewDay(models.Model):
    """The views of one post on one local day."""

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="view_days", verbose_name=_("post")
    )
    day = models.DateField(_("day"), db_index=True)
    count = models.PositiveIntegerField(_("views"), default=0)

    objects = ViewDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views by day")
        constraints = [models.UniqueConstraint(fields=["post", "day"], name="views_once_a_day")]

    def __str__(self):
        return f"{self.post} {self.day}: {self.count}"


class ViewLeftOut(models.Model):
    """Requests for one post on one local day that were not views, and why not."""

    class Reason(models.TextChoices):
        CRAWLER = "crawler", _("a crawler or another program")
        NO_BROWSER = "no_browser", _("no sign of a browser")
        PREFETCH = "prefetch", _("loaded ahead, not looked at")
        AUTHOR = "author", _("the author")
        PREVIEW = "preview", _("not public")
        ELSEWHERE = "elsewhere", _("asked for by another site")

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="views_left_out", verbose_name=_("post")
    )
    day = models.DateField(_("day"), db_index=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    count = models.PositiveIntegerField(_("requests"), default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("requests left out")
        verbose_name_plural = _("requests left out")
        constraints = [
            models.UniqueConstraint(fields=["post", "day", "reason"], name="left_out_once_a_day")
        ]

    def __str__(self):
        return f"{self.post} {self.day} {self.reason}: {self.count}"


class EarlierFigure(models.Model):
    """What an earlier system had counted for a post: kept apart, under that system's name."""

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="earlier_figures", verbose_name=_("post")
    )
    system = models.CharField(_("system"), max_length=50, default="Blogger")
    count = models.PositiveIntegerField(_("views"))
    as_of = models.DateField(_("as of"))

    class Meta:
        verbose_name = _("earlier system's figure")
        verbose_name_plural = _("earlier systems' figures")
        ordering = ["as_of", "pk"]
        constraints = [models.UniqueConstraint(fields=["post", "system"], name="system_once")]

    def __str__(self):
        return f"{self.system}: {self.count}"
