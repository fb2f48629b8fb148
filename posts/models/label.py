"""Labels: tags on posts."""

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from posts.models.slugs import free_slug


class LabelQuerySet(models.QuerySet):
    def with_counts(self):
        """Labels with `count`, the number of published posts that carry them; none without."""
        published = Q(posts__state="published")
        return self.annotate(count=Count("posts", filter=published)).filter(count__gt=0)

    def named(self, name):
        """Return the label called `name`, making it where there is none."""
        name = " ".join(name.split())[:200]
        label = self.filter(name=name).first()
        return label or self.create(name=name, slug=free_slug(Label, name, "label"))


class Label(models.Model):
    """A tag on posts."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.slug = self.slug or free_slug(Label, self.name, "label")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("label", args=[self.slug])
