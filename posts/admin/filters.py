"""How the list of posts can be narrowed."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models import Post


class YearFilter(admin.SimpleListFilter):
    """By the local year of first publication."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        years = Post.objects.datetimes("published_at", "year", order="DESC")
        return [(timezone.localtime(year).year, timezone.localtime(year).year) for year in years]

    def queryset(self, request, queryset):
        year = self.value()
        if year and year.isdecimal() and len(year) == 4:
            return queryset.filter(published_at__year=int(year))
        return queryset
