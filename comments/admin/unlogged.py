"""Pages of the desk of which Django's own history says nothing: names would stay there for good."""


class Unlogged:
    """For a ModelAdmin of people: what was done to them is an Act, which holds no names."""

    def log_addition(self, request, obj, message):
        """Write nothing."""

    def log_change(self, request, obj, message):
        """Write nothing."""

    def log_deletions(self, request, queryset):
        """Write nothing."""
