"""Posts: what the author writes, and the verbs that make it public."""

import re
from urllib.parse import unquote

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from blogsite import html
from blogsite.decided import Decided
from blogsite.fields import HTMLField
from posts.models import figures
from posts.models.blog import Blog, CommentPolicy
from posts.models.label import Label
from posts.models.log import LogEntry
from posts.models.origin import OldAddress
from posts.models.revision import Revision
from posts.models.search import SearchDocument
from posts.models.slugs import free_slug, slug_of


class PostQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Post.State.PUBLISHED)

    def drafts(self):
        return self.filter(state=Post.State.DRAFT)

    def scheduled(self):
        return self.filter(state=Post.State.SCHEDULED)

    def due(self):
        """Scheduled posts whose moment has come."""
        return self.scheduled().filter(publish_at__lte=timezone.now())

    def posts(self):
        return self.filter(kind=Post.Kind.POST)

    def pages(self):
        return self.filter(kind=Post.Kind.PAGE)

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def update(self, **values):
        # The text of a published post changes by a revision alone; a bulk update would slip past.
        if {"text", "title"} & values.keys():
            raise ValueError("Change a post's title or text with save() or revise().")
        return super().update(**values)


class Post(Decided):
    """What the author writes: a post with its date, or a page without one."""

    class Kind(models.TextChoices):
        POST = "post", _("post")
        PAGE = "page", _("page")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.POST)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    title = models.CharField(_("title"), max_length=500, blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=200,
        unique=True,
        blank=True,
        allow_unicode=True,
        help_text=_("The last part of the post's address. Empty: made from the title."),
    )
    text = HTMLField(_("text"), door="post", blank=True)
    labels = models.ManyToManyField(
        Label, related_name="posts", blank=True, verbose_name=_("labels")
    )
    publish_at = models.DateTimeField(_("to be published"), null=True, editable=False)
    published_at = models.DateTimeField(_("first published"), null=True, editable=False)
    amended_at = models.DateTimeField(_("last amended"), null=True, editable=False)
    comment_policy = models.CharField(
        _("comments"),
        max_length=20,
        choices=CommentPolicy,
        blank=True,
        help_text=_("Empty: as on the whole blog."),
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    origin = models.OneToOneField(
        "posts.Origin", models.SET_NULL, null=True, editable=False, verbose_name=_("origin")
    )

    objects = PostQuerySet.as_manager()

    DECIDED = ("state", "publish_at", "published_at", "amended_at")

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "kind", "-published_at", "-id"], name="post_newest"),
            models.Index(fields=["state", "publish_at"], name="post_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="published_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False),
                name="scheduled_has_date",
            ),
        ]

    def __str__(self):
        return self.title or str(_("(untitled)"))

    # Questions

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_scheduled(self):
        return self.state == self.State.SCHEDULED

    @property
    def is_due(self):
        return self.is_scheduled and self.publish_at <= timezone.now()

    @property
    def is_page(self):
        return self.kind == self.Kind.PAGE

    @property
    def policy(self):
        """What happens to a new comment: as the post says, or else the blog (a CommentPolicy)."""
        if self.comment_policy:
            return self.comment_policy
        is_ageless = self.is_page or not self.published_at
        days = 0 if is_ageless else (timezone.now() - self.published_at).days
        return Blog.current().policy_at_age(days)

    @cached_property
    def words(self):
        """The text without its HTML."""
        return html.to_text(self.text)

    @property
    def last_changed(self):
        """When what readers see of the text last changed in a way they should know of."""
        return self.amended_at or self.published_at

    def is_older_than(self, post):
        """Say whether this was first published before `post`, or that is not published yet."""
        if not self.published_at:
            return False
        return not post.published_at or self.published_at < post.published_at

    @property
    def date(self):
        """The local date in the post's address: of its publication, or (a preview) of today."""
        return timezone.localtime(self.published_at or self.publish_at or timezone.now()).date()

    def get_absolute_url(self):
        if self.is_page:
            return reverse("page", args=[self.slug])
        return reverse("post", args=[self.date.year, self.date.month, self.slug])

    def get_changes_url(self):
        """The address of the page that compares what the post said and says."""
        return self.get_absolute_url() + "changes/"

    def get_about_you_url(self):
        """The address of the page on which somebody says that the post is about them."""
        return self.get_absolute_url() + "about-you/"

    # Verbs

    def save(self, *args, **kwargs):
        """Save what the author writes: title, text, address and the like.

        What verbs decide (`DECIDED`) is not written but read: somebody who saves a form that was
        opened before the worker published the post must not take it back. Ask `revise()` for
        an amendment; a plain save of a changed public text is a small correction, so that
        no change of it can go without a revision.
        """
        if not self._state.adding:
            self._follow_title()
        self.slug = self.slug or free_slug(Post, self.title, "post", besides=self.pk)
        with transaction.atomic():
            if self._state.adding:
                super().save(*args, **kwargs)
                self._saved()
            else:
                self._lock()
                self._fill_in_figures(timezone.now())
                self._store(self.written(kwargs.get("update_fields")))

    def publish(self, at=None, **revision):
        """Make the post public, and freeze its figures. Harmless when it is public.

        Frozen are the figures in its text and those of its reprints. `at` is the moment of
        publication (default: now); the first date of a post that had been public before stays
        what it was. What was rewritten meanwhile makes a revision, which `sort`, `note`,
        `withheld` and `by` describe as in `revise()`. Raises ValueError where the post would
        reprint one that was first published later.
        """
        at = at or timezone.now()
        check(**revision)
        with transaction.atomic():
            self._lock()
            if self.is_published:
                return
            self.state, self.published_at = self.State.PUBLISHED, self.published_at or at
            reprints = list(self.reprints.select_related("source"))
            for reprint in reprints:
                if not reprint.source.is_older_than(self):
                    raise ValueError(f"“{self}” can't reprint “{reprint}”, which is newer.")
            self.refresh_from_db(fields=["text"])
            self._fill_in_figures(at)
            self._store(["state", "published_at", "text"], **revision)
            for reprint in reprints:
                reprint.freeze(at)

    def publish_if_due(self):
        """Publish a scheduled post whose moment has come, as the worker does every minute.

        Looks again under the lock: meanwhile another worker may have published the post, or the
        author may have taken it off the schedule.
        """
        with transaction.atomic():
            self._lock()
            if self.is_due:
                self.publish()

    def schedule(self, at):
        """Let the worker publish the post at the moment `at`. A public post stays public."""
        with transaction.atomic():
            self._lock()
            if not self.is_published:
                self.state, self.publish_at = self.State.SCHEDULED, at
                self._store(["state", "publish_at"])

    def unpublish(self):
        """Take the post out of public view, or off the schedule. First date and revisions stay."""
        with transaction.atomic():
            self._lock()
            self.state, self.publish_at = self.State.DRAFT, None
            self._store(["state", "publish_at"])

    def revise(self, title, text, sort=None, note="", withheld=False, by=None, at=None):
        """Give the post a new title and text; return the revision this made, or None for a draft.

        `sort` is one of `Revision.Sort` (default: a small correction). An amendment needs a `note`
        for readers and moves the last-amended date. It alone can hide all the words that stood
        before it (`withheld`). ValueError where that does not fit. `at` is the moment (default:
        now). Where nothing changed, nothing is made.
        """
        check(sort, note, withheld)
        with transaction.atomic():
            self._lock()
            self.title, self.text = title, text
            self._fill_in_figures(at or timezone.now())
            more = {"sort": sort, "note": note, "withheld": withheld, "by": by, "at": at}
            return self._store(self.written(), **more)

    def _fill_in_figures(self, at):
        """Make the tokens in the text of a public post figures, frozen at the moment `at`."""
        if self.is_published:
            self.text = figures.fill(self.text, at, Post.objects)

    def _follow_title(self):
        """Let the address follow the title while nobody knows it: until the first publication.

        An address that the author chose, which the title would not have given, stays.
        """
        before = Post.objects.only("title", "slug", "published_at").get(pk=self.pk)
        if before.published_at or before.title == self.title or before.slug != self.slug:
            return
        made = re.escape(slug_of(before.title, "post"))
        if re.fullmatch(rf"{made}(-\d+)?", self.slug):
            self.slug = ""

    def _lock(self):
        """Hold the row until the transaction ends, and read what verbs have decided of it."""
        # Rows that point to this one, such as comments, can be written meanwhile: `no_key`.
        rows = Post.objects.select_for_update(no_key=True)
        row = rows.only("kind", "slug", *self.DECIDED).get(pk=self.pk)
        self.take_over(row)
        self._known_at = row.get_absolute_url() if row.published_at else None

    def _store(self, fields, **revision):
        super().save(update_fields=fields)
        if self._known_at and self._known_at != self.get_absolute_url():
            # Links to where it was go on working, as with addresses of a former system.
            OldAddress.objects.update_or_create(
                path=unquote(self._known_at), query="", defaults={"post": self}
            )
        return self._saved(**revision)

    def _saved(self, sort=None, note="", withheld=False, by=None, at=None):
        """Bring along what hangs on the row; return the revision that this made, or None."""
        self.refresh_from_db(fields=["title", "text"])  # as they came out of the door
        self.__dict__.pop("words", None)
        SearchDocument.objects.put([self.search_document()])
        if not self.is_published:
            return None
        last = self.revisions.order_by("-number").first()
        if last and (last.title, last.text) == (self.title, self.text):
            return None
        made = self.revisions.create(
            number=last.number + 1 if last else 1,
            since=(at or timezone.now()) if last else self.published_at,
            title=self.title,
            text=self.text,
            sort=(sort or Revision.Sort.SMALL) if last else Revision.Sort.FIRST,
            note=note,
            by=by,
        )
        if withheld:  # any of the earlier ones may have held the words
            self.revisions.filter(number__lt=made.number).update(withheld=True)
        if made.is_amendment:
            self.amended_at = made.since
            super().save(update_fields=["amended_at"])
            LogEntry.record(self, made.since, revision=made)
        return made

    def search_document(self):
        """Return the (unsaved) SearchDocument of this post as it stands."""
        return SearchDocument(
            kind=SearchDocument.Kind.POST,
            row=self.pk,
            post_id=self.pk,
            title=self.title,
            text=self.words,
            at=self.published_at or self.created_at,
            public=self.is_published,
        )


def check(sort=None, note="", withheld=False, by=None):
    """Raise ValueError where this does not describe a revision; see `Post.revise()`."""
    amends = sort == Revision.Sort.AMENDMENT
    if amends and not note.strip():
        raise ValueError("An amendment needs a note that tells readers what changed and why.")
    if withheld and not amends:
        raise ValueError("Words are withheld by an amendment that readers are told of.")
