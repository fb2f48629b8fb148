"""The sitemap: every public post and page, with the date of its last change."""

from django.contrib.sitemaps import Sitemap

from posts.models import Post


class Posts(Sitemap):
    limit = 5000

    def items(self):
        return Post.objects.published().newest_first()

    def lastmod(self, post):
        return post.last_changed
