"""The sitemap: every public post and page, with the date of its last change."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from posts.models import Post


class Posts(Sitemap):
    limit = 50_000  # the most that the protocol allows in a file

    def items(self):
        posts = Post.objects.published().newest_first()
        return posts.only("kind", "slug", "published_at", "amended_at")

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def lastmod(self, post):
        return post.last_changed
