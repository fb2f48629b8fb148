"""Atom feeds (RFC 4287) of comments."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from blogsite import html
from comments import thread_pages
from comments.models import Comment
from posts.feeds import BlogFeed, absolute, tag
from posts.models import Post

ENTRIES = 50


class Newest(BlogFeed):
    """The newest comments on the whole blog."""

    def title(self):
        return _("Comments on %(blog)s") % {"blog": self.blog.name}

    def link(self):
        return absolute(reverse("comments"))

    def feed_url(self):
        return absolute(reverse("comment-feed"))

    def items(self):
        return self.comments()[:ENTRIES]

    def comments(self):
        comments = Comment.objects.published().on_public_posts()
        return comments.select_related("post").newest_first()

    def item_title(self, comment):
        words = {"name": comment.display_name, "post": comment.post}
        if comment.is_subjects:
            return _("%(name)s, whom the post is about, on “%(post)s”") % words
        return _("%(name)s on “%(post)s”") % words

    def item_link(self, comment):
        # Whoever comes by it finds the later ones marked as new.
        return f"{absolute(comment.get_absolute_url())}?since={comment.number}"

    def item_guid(self, comment):
        return tag(comment.published_at, f"comment-{comment.pk}")

    def item_author_name(self, comment):
        return comment.display_name

    def item_pubdate(self, comment):
        return comment.published_at

    def item_updateddate(self, comment):
        return comment.edited_at or comment.published_at

    def content(self, comment):
        post = absolute(comment.post.get_absolute_url())
        return html.with_numbers(comment.shown, lambda number: thread_pages.by_number(post, number))


class OnPost(Newest):
    """The newest comments on one post."""

    def get_object(self, request, year, month, slug):
        post = get_object_or_404(Post.objects.published(), slug=slug)
        if (post.date.year, post.date.month) != (year, month):
            raise Http404
        return post

    def title(self, post):
        return _("Comments on “%(post)s”") % {"post": post}

    def link(self, post):
        return absolute(post.get_absolute_url())

    def feed_url(self, post):
        args = [post.date.year, post.date.month, post.slug]
        return absolute(reverse("post-feed", args=args))

    def items(self, post):
        return self.comments().filter(post=post)[:ENTRIES]
