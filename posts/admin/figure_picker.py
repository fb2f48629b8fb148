"""What the button “View figure” offers: posts that were ever public, each with its figures."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import Case, When
from django.http import JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts.admin import counts
from posts.models import Post, figures
from posts.search import LONGEST_QUERY

MOST_OFFERED = 20


class FigurePages:
    """For the ModelAdmin of posts: answers the dialog in which a figure is chosen."""

    def get_urls(self):
        page = path("figures/", self.admin_site.admin_view(self.figures), name="posts_post_figures")
        return [page, *super().get_urls()]

    def figures(self, request):
        """Answer {"said": …, "posts": […]} for `?q=`, as JSON; without it, the newest posts.

        A post is {title, date, figures}, each of its figures {words, token}.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_QUERY]
        posts = list(self._offered(request, typed)[: MOST_OFFERED + 1])
        answer = {
            "said": said_of(len(posts), typed),
            "posts": [as_offered(post) for post in posts[:MOST_OFFERED]],
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def _offered(self, request, typed):
        """Return what the list's search finds, as far as it was ever public; titles first."""
        posts = Post.objects.filter(published_at__isnull=False).defer("text")
        posts, _may_repeat = self.get_search_results(request, posts, typed)
        posts = posts.annotate(views=counts.views()).prefetch_related("earlier_figures")
        by_title = Case(When(title__icontains=typed, then=0), default=1)
        return posts.order_by(by_title, "-published_at", "-pk")


def said_of(found, typed):
    """Return the sentence about how many posts were found."""
    if not found:
        return _("No post that was ever public was found.")
    if found > MOST_OFFERED and typed:
        return _("More than %s posts were found; here are the first.") % MOST_OFFERED
    if not typed:
        return _("The newest posts:")
    return ngettext("%s post was found:", "%s posts were found:", found) % found


def as_offered(post):
    """Return a post with its figures as the script takes it; `views` is on the post."""
    date = date_format(timezone.localtime(post.published_at), "DATE_FORMAT")
    if not post.is_published:
        date = _("%s; not public now") % date
    return {"title": str(post), "date": date, "figures": figures_of(post)}


def figures_of(post):
    """Return the figures of a post, each with its token: the views here, then earlier systems'."""
    words = ngettext("%(count)s view here", "%(count)s views here", post.views)
    words %= {"count": intcomma(post.views)}
    offered = [{"words": words, "token": figures.token(post.slug)}]
    for earlier in post.earlier_figures.all():
        token = figures.token(post.slug, earlier.system)
        if figures.TOKEN.fullmatch(token):  # a system's name may hold a bracket: no token has it
            offered.append({"words": words_of(earlier), "token": token})
    return offered


def words_of(earlier):
    """Return an earlier system's figure in words: “884 on Blogger by 9 August 2017”."""
    return _("%(count)s on %(system)s by %(date)s") % {
        "count": intcomma(earlier.count),
        "system": earlier.system,
        "date": date_format(earlier.as_of, "DATE_FORMAT"),
    }
