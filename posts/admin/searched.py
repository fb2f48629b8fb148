"""Lists and pickers at the desk that search by the site's own search."""

from django.contrib import admin

from posts import search


class SearchedAdmin(admin.ModelAdmin):
    """A ModelAdmin whose search box and pickers ask posts/search.py, drafts and all."""

    search_kind = None
    show_full_result_count = False

    def get_search_results(self, request, queryset, search_term):
        """Narrow `queryset` to what matches; the last word may be unfinished."""
        if search_term.strip():
            found = search.matching(search_term, [self.search_kind], prefix=True)
            queryset = queryset.filter(pk__in=found)
        return queryset, False
