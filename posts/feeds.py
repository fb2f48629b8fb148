"""Atom feeds (RFC 4287): of posts, with whole text, reprints and exchanges, and of the log."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from blogsite.html import CONTROL
from comments import late, log
from comments.reading import read
from posts.models import Blog, Label, Post

ENTRIES = 20


class FullTextFeed(Atom1Feed):
    """Atom with the whole text, in `content`; Django's own has a summary alone."""

    def __init__(self, **about):
        super().__init__(**_writable(about))

    def add_item(self, **item):
        super().add_item(**_writable(item))

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement(
            "content", item["content"], {"type": "html", "xml:base": settings.SITE_URL}
        )


def tag(at, name):
    """Return a tag URI (RFC 4151): the same for ever, whatever becomes of title and address."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{at:%Y-%m-%d}:{name}"


def absolute(path):
    """Return the full address of `path`: the one in the settings, whatever the request came by."""
    return settings.SITE_URL + path


def _writable(values):
    """Return the values of a feed or entry without the characters that XML can't hold."""

    def writable(value):
        if isinstance(value, list):
            return [writable(one) for one in value]
        return CONTROL.sub("", value) if isinstance(value, str) else value

    return {name: writable(value) for name, value in values.items()}


class BlogFeed(Feed):
    """What every feed of this blog has in common."""

    feed_type = FullTextFeed

    def __call__(self, request, *args, **kwargs):
        self.blog = Blog.current()
        return super().__call__(request, *args, **kwargs)

    def author_name(self):
        return self.blog.author_name

    def item_extra_kwargs(self, item):
        return {"content": self.content(item)}

    def item_description(self, item):
        return None


class PostEntry:
    """A post in a feed of posts."""

    def __init__(self, reading, blog):
        self.reading, self.post, self.blog = reading, reading.post, blog
        self.title, self.author = str(self.post), blog.author_name
        self.address = absolute(self.post.get_absolute_url())
        self.id = tag(self.post.published_at, f"post-{self.post.pk}")
        self.at, self.changed_at = self.post.published_at, self.post.last_changed
        self.labels = [label.name for label in self.post.labels.all()]

    @property
    def content(self):
        context = {"reading": self.reading, "base": settings.SITE_URL}
        return render_to_string("posts/feed_entry.html", context)


class ReplyEntry:
    """A late reply in a feed of posts: it is news of a post that readers have read long ago."""

    def __init__(self, reply):
        self.reply, self.post, self.author = reply, reply.post, reply.right.name
        words = {"name": reply.right.name, "post": reply.post}
        self.title = _("%(name)s replied to “%(post)s”") % words
        self.address = absolute(reply.get_absolute_url())
        self.id = tag(reply.published_at, f"reply-{reply.pk}")
        self.at = self.changed_at = reply.published_at
        self.labels = []

    @property
    def content(self):
        context = {"reply": self.reply, "of": self.post, "base": settings.SITE_URL}
        return render_to_string("comments/feed_reply.html", context)


class Newest(BlogFeed):
    """The newest posts, and the late replies to any post, each at its time."""

    def title(self):
        return self.blog.name

    def subtitle(self):
        return self.blog.tagline

    def link(self):
        return absolute(reverse("home"))

    def feed_url(self):
        return absolute(reverse("feed"))

    def items(self):
        return self.entries(Post.objects.published().posts(), late.newest())

    def entries(self, posts, replies):
        """Return the newest of these posts and replies as entries, both together, newest first."""
        posts = list(posts.newest_first()[:ENTRIES])
        if len(posts) == ENTRIES:  # what is older has no place; nor need it be looked for
            replies = replies.filter(published_at__gte=posts[-1].published_at)
        both = [*posts, *replies.select_related("post", "right__subject", "reply")[:ENTRIES]]
        shown = sorted(both, key=lambda one: one.published_at, reverse=True)[:ENTRIES]
        readings = iter(read(one for one in shown if isinstance(one, Post)))
        return [
            PostEntry(next(readings), self.blog) if isinstance(one, Post) else ReplyEntry(one)
            for one in shown
        ]

    def item_title(self, entry):
        return entry.title

    def item_link(self, entry):
        return entry.address

    def item_guid(self, entry):
        return entry.id

    def item_author_name(self, entry):
        return entry.author

    def item_pubdate(self, entry):
        return entry.at

    def item_updateddate(self, entry):
        return entry.changed_at

    def item_categories(self, entry):
        return entry.labels

    def content(self, entry):
        return entry.content


class Amendments(BlogFeed):
    """The public log: amendments, and decisions on public requests for one."""

    def title(self):
        return _("%(blog)s: amendments") % {"blog": self.blog.name}

    def link(self):
        return absolute(reverse("amendments"))

    def feed_url(self):
        return absolute(reverse("amendment-feed"))

    def items(self):
        told = Q(revision__isnull=False) | Q(request__public=True)
        return log.entries().on_public_posts().filter(told)[:ENTRIES]

    def item_title(self, entry):
        words = {"number": entry.number, "title": entry.post}
        if entry.revision:
            return _("%(number)s: “%(title)s” amended") % words
        return _("%(number)s: a request about “%(title)s” decided") % words

    def item_link(self, entry):
        return absolute(entry.get_absolute_url())

    def item_guid(self, entry):
        return tag(entry.at, f"amendment-{entry.number}")

    def item_pubdate(self, entry):
        return entry.at

    def item_updateddate(self, entry):
        return entry.at

    def content(self, entry):
        context = {"entry": entry, "base": settings.SITE_URL}
        return render_to_string("posts/_log_entry.html", context)


class Labelled(Newest):
    """The newest posts with one label."""

    def get_object(self, request, slug):
        return get_object_or_404(Label.objects.with_counts(), slug=slug)

    def title(self, label):
        return _("%(blog)s: %(label)s") % {"blog": self.blog.name, "label": label}

    def link(self, label):
        return absolute(label.get_absolute_url())

    def feed_url(self, label):
        return absolute(reverse("label-feed", args=[label.slug]))

    def items(self, label):
        posts = Post.objects.published().posts().filter(labels=label)
        return self.entries(posts, late.newest().filter(post__labels=label))
