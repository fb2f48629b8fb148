"""Slugs: the last part of an address, made from a title and unique among its kind."""

from django.utils.text import slugify


def slug_of(title, otherwise):
    """Return the slug that `title` asks for; `otherwise` stands in for one without a letter."""
    return slugify(title, allow_unicode=True)[:180].strip("-") or otherwise


def free_slug(model, title, otherwise, besides=None):
    """Return a slug for `title` that no row of `model` has: a taken one gets "-2", "-3" and so on.

    `otherwise` stands in for a title without a letter; `besides` is the id of a row
    that may keep its own.
    """
    base = slug_of(title, otherwise)
    rows = model.objects.exclude(pk=besides) if besides else model.objects.all()
    taken = set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
