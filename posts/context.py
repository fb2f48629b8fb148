"""What every page needs: the blog, and the pages in its menu."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from posts.models import Blog, Post


def blog(request):
    """Template context: `site_url`; `blog` and `menu`, fetched when a template first asks."""
    return {
        "site_url": settings.SITE_URL,
        "blog": SimpleLazyObject(Blog.current),
        "menu": SimpleLazyObject(
            lambda: list(
                Post.objects.published().pages().only("title", "slug", "kind").order_by("title")
            )
        ),
    }
