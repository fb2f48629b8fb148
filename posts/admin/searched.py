"""Lists and pickers at the desk that search by the site's own search."""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Q

from posts import search

MOST_TERMS = 12


class SearchedAdmin(admin.ModelAdmin):
    """A ModelAdmin whose search box and pickers ask posts/search.py, drafts and all."""

    search_kind = None
    show_full_result_count = False

    def get_search_results(self, request, queryset, search_term):
        """Narrow `queryset` to what has every word somewhere; the last word may be unfinished."""
        terms = search.parse(search_term)[:MOST_TERMS]
        for wanted, words in terms:
            unfinished = wanted and (wanted, words) == terms[-1]
            ids = search.matching(f'"{words}"', [self.search_kind], prefix=unfinished)
            found = Q(pk__in=ids) | self.found_besides(words)
            queryset = queryset.filter(found) if wanted else queryset.exclude(found)
        if search_term.strip() and not terms:  # signs alone, which nothing has
            queryset = queryset.none()
        return queryset, False

    def found_besides(self, words):
        """Return the Q of what is found by these words though its text has not got them."""
        return Q(pk__in=[])

    def in_picker(self, row):
        """Return how a row reads among the results of a picker."""
        return str(row)


class PickerView(AutocompleteJsonView):
    """What a picker offers, in the words of the ModelAdmin."""

    def serialize_result(self, obj, to_field_name):
        """Return {"id", "text"}; the text as in_picker() says it, where there is that."""
        result = super().serialize_result(obj, to_field_name)
        if isinstance(self.model_admin, SearchedAdmin):
            result["text"] = self.model_admin.in_picker(obj)
        return result
