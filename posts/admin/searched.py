"""Lists and pickers at the desk that search by the site's own search."""

from django.contrib import admin, messages
from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext as _

from posts import search

MOST = 200


class SearchedAdmin(admin.ModelAdmin):
    """A ModelAdmin whose search box and pickers ask posts/search.py, drafts and all."""

    search_kind = None
    show_full_result_count = False

    def get_search_results(self, request, queryset, search_term):
        """Narrow `queryset` to what was found, the best first unless another order was asked."""
        if not search_term.strip():
            return queryset, False
        hits, total = search.find(
            search_term, kinds=(self.search_kind,), everything=True, prefix=True, most=MOST
        )
        if total > MOST:
            words = _("%(total)s were found; the best %(most)s of them are listed.")
            messages.info(request, words % {"total": total, "most": MOST})
        queryset = queryset.filter(pk__in=[hit.row for hit in hits])
        if hits and "o" not in request.GET:
            places = [When(pk=hit.row, then=place) for place, hit in enumerate(hits)]
            queryset = queryset.order_by(Case(*places, output_field=IntegerField()))
        return queryset, False
