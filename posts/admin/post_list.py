"""The desk's list of posts: finding them, and reprinting what was found."""

import re

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blogsite.requests import as_pk
from posts.admin import counts
from posts.admin.filters import YearFilter
from posts.admin.searched import SearchedAdmin
from posts.models import Post, Reprint, SearchDocument

MOST_REPRINTED = 5
YEAR = re.compile("(19|20)[0-9]{2}")


class PostList(SearchedAdmin):
    """The half of the ModelAdmin for posts that lists them."""

    list_display = [
        *("title_or_none", "state", "published_at", "views", "comment_count", "label_names"),
    ]
    list_display_links = ["title_or_none"]
    list_filter = ["state", "kind", YearFilter, "labels"]
    date_hierarchy = "published_at"
    ordering = [F("published_at").desc(nulls_first=True), "-pk"]
    list_per_page = 50
    search_fields = ["title"]
    search_help_text = _(
        "Finds words of title and text, years and labels: “fog 2010 harbour”. Drafts too."
    )
    search_kind = SearchDocument.Kind.POST
    actions = ["reprint"]

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_search_results(self, request, queryset, search_term):
        """Offer the picker of a reprint's source what can be reprinted there."""
        asked = request.GET
        if (asked.get("model_name"), asked.get("field_name")) == ("reprint", "source"):
            queryset = queryset.published()
            newer = Post.objects.filter(pk=as_pk(asked.get("within"))).first()
            if newer and newer.published_at:
                queryset = queryset.filter(published_at__lt=newer.published_at)
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if "field_name" in asked and search_term.strip():  # a picker: what is so called comes first
            typed = search_term.replace("\x00", " ").strip()
            called = Case(When(title__icontains=typed, then=0), default=1)
            found = found.order_by(called, *self.ordering)
        return found, may_repeat

    def found_besides(self, words):
        """A post is found by its year and by its labels, too."""
        labelled = Post.labels.through.objects.filter(label__name__icontains=words)
        found = Q(pk__in=labelled.values("post"))
        if YEAR.fullmatch(words):
            found |= Q(published_at__year=int(words))
        return found

    def in_picker(self, post):
        """Return the title with what tells posts apart."""
        if not post.published_at:
            return str(post)
        date = date_format(timezone.localtime(post.published_at), "DATE_FORMAT")
        views = ngettext("%(count)s view", "%(count)s views", post.views) % {"count": post.views}
        return f"{post} ({date}, {views})"

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .prefetch_related("labels")
            .annotate(views=counts.views(), comment_count=counts.comments(state="published"))
        )

    @admin.display(description=_("title"), ordering="title")
    def title_or_none(self, post):
        return str(post)

    @admin.display(description=_("views"), ordering="views")
    def views(self, post):
        return post.views

    @admin.display(description=_("comments"), ordering="comment_count")
    def comment_count(self, post):
        return post.comment_count

    @admin.display(description=_("labels"))
    def label_names(self, post):
        return ", ".join(label.name for label in post.labels.all())

    @admin.action(description=_("Reprint these posts"), permissions=["add"])
    def reprint(self, request, queryset):
        """Begin a draft that reprints the chosen posts, oldest first, and open it."""
        sources = list(queryset.published().order_by("published_at", "pk")[: MOST_REPRINTED + 1])
        if len(sources) != queryset.count() or not 0 < len(sources) <= MOST_REPRINTED:
            words = _("Choose one to five published posts to reprint.")
            self.message_user(request, words, messages.ERROR)
            return None
        titles = "; ".join(str(source) for source in sources)
        with transaction.atomic():
            draft = Post.objects.create(title=(_now("Reprinted: %s") % titles)[:200])
            for order, source in enumerate(sources, start=1):
                Reprint.objects.create(post=draft, source=source, order=order)
        words = _("This draft reprints what you chose. Write an introduction, then publish it.")
        self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:posts_post_change", draft.pk)
