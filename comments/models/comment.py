"""Comments: anything said under a post."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import html, secret_links
from blogsite.fields import ShownField, WebAddressField
from comments import screening
from comments.models.act import Act
from comments.models.comment_queryset import LATE, CommentQuerySet
from comments.models.commenter import Commenter
from comments.models.decidable import ERASED, Decidable
from comments.models.holding import Words, look_at
from comments.models.marking import Markable
from comments.models.reason import Reason
from comments.models.reply import Reply
from comments.models.sign import Sign
from comments.models.subscription import Subscription
from comments.models.thread import Thread
from posts.models import SearchDocument

EDIT_WINDOW = timedelta(minutes=15)


class Comment(Markable, Decidable):
    """Anything said under a post.

    `number` is given at first publication, counts from 1 in each post, and never changes;
    a held comment has none. `typed` is what its writer sent; `shown` is what is shown of it.
    """

    class Voice(models.TextChoices):
        READER = "reader", _("reader")
        AUTHOR = "author", _("author")
        SUBJECT = "subject", _("subject")

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment")
        TRACKBACK = "trackback", _("trackback")
        PINGBACK = "pingback", _("pingback")

    class State(models.TextChoices):
        HELD = "held", _("held")
        PUBLISHED = "published", _("published")
        REMOVED = "removed", _("removed")
        SPAM = "spam", _("spam")

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="comments", verbose_name=_("post")
    )
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    # RESTRICT, not PROTECT: a whole post can be deleted with its thread, a parent alone can't.
    parent = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("answers"),
    )
    voice = models.CharField(_("voice"), max_length=10, choices=Voice, default=Voice.READER)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COMMENT)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.HELD, editable=False
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    url = WebAddressField(_("address of the writer's site"), max_length=500, blank=True)
    typed = models.TextField(_("as typed"), blank=True)
    shown = ShownField(_("as shown"), source="typed", door="comment")
    commenter = models.ForeignKey(
        Commenter,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("commenter"),
    )
    right = models.ForeignKey(
        "comments.RightOfReply",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("right of reply"),
    )
    submission = models.CharField(max_length=64, null=True, editable=False)
    held_because = models.CharField(_("held because"), max_length=200, blank=True)
    network = models.CharField(max_length=16, blank=True, editable=False)
    flood = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="more_of_it",
        verbose_name=_("one of many like"),
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    told_at = models.DateTimeField(_("told by mail"), null=True, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    removed_by = models.CharField(
        _("removed by"), max_length=10, choices=Act.Role, blank=True, editable=False
    )
    removed_because = models.CharField(
        _("removed because"), max_length=20, choices=Reason, blank=True, editable=False
    )
    origin = models.OneToOneField(
        "posts.Origin", models.SET_NULL, null=True, editable=False, verbose_name=_("origin")
    )

    objects = CommentQuerySet.as_manager()

    DECIDED = (
        *("number", "state", "published_at", "edited_at", "told_at"),
        *("removed_at", "removed_by", "removed_because"),
    )
    serial = 1  # of the link in the author's mail, which decides nothing once that is done
    is_repeat = False
    """Whether write() found it there already."""

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="comment_numbered_once"),
            models.UniqueConstraint(fields=["post", "submission"], name="submitted_once"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(number__isnull=False),
                name="published_has_number",
            ),
            models.CheckConstraint(
                condition=Q(voice="subject", right__isnull=False)
                | (~Q(voice="subject") & Q(right__isnull=True)),
                name="subject_has_right",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at", "-id"], name="comment_newest"),
            models.Index(fields=["state", "written_at", "id"], name="comment_queue"),
            models.Index(fields=["post", "state"], name="comment_of_post"),
            models.Index(fields=["written_at", "id"], name="comment_oldest"),
            models.Index(
                fields=["published_at", "id"], name="comment_subjects", condition=Q(voice="subject")
            ),
            models.Index(
                fields=["network", "written_at"], name="comment_network", condition=~Q(network="")
            ),
        ]

    def __str__(self):
        if self.is_erased:
            return f"{self.number or '–'} {_now('erased')}"
        words = html.to_text(self.shown)
        words = words if len(words) <= 60 else words[:60].rsplit(" ", 1)[0] + "…"
        return f"{self.number or '–'} {self.display_name}: {words}"

    # Questions

    @property
    def is_held(self):
        return self.state == self.State.HELD

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def is_in_thread(self):
        return self.number is not None

    @property
    def is_tombstone(self):
        return self.is_in_thread and not self.is_published

    @property
    def is_erased(self):
        """Whether nothing of it is left but its number and its place."""
        said = (self.typed, self.shown, self.name, self.url)
        return not any(said) and self.commenter_id is None

    @property
    def is_readers(self):
        return self.voice == self.Voice.READER

    @property
    def is_authors(self):
        return self.voice == self.Voice.AUTHOR

    @property
    def is_subjects(self):
        return self.voice == self.Voice.SUBJECT

    @property
    def is_late_reply(self):
        return (
            self.is_subjects
            and self.is_published
            and self.post.published_at is not None
            and self.published_at >= self.post.published_at + LATE
        )

    @property
    def is_editable(self):
        """Whether its writer may still change its words: a reader's, just published."""
        return (
            self.is_readers
            and self.is_published
            and timezone.now() - self.published_at <= EDIT_WINDOW
        )

    @property
    def door(self):
        """The door in blogsite/html.py that `shown` comes out of."""
        return "comment" if self.is_readers else "reply"

    @property
    def display_name(self):
        return self.name or str(_("Anonymous"))

    @property
    def hold_reasons(self):
        """The reasons to hold it, in words."""
        return [screening.WORDS.get(word, word) for word in self.held_because.split()]

    def get_absolute_url(self):
        """The permanent address of the comment, wherever it may stand."""
        return reverse("comment", args=[self.pk])

    @property
    def decision_link(self):
        """The address in the author's mail at which a held comment is decided: full, secret."""
        secret = secret_links.derive("decide", self.pk, self.serial)
        return settings.SITE_URL + reverse("decide", args=[secret])

    def others_of_its_writer(self):
        """Return what else was written with the same return link, newest first."""
        if not self.commenter_id:
            return Comment.objects.none()
        rows = Comment.objects.filter(commenter=self.commenter_id).exclude(pk=self.pk)
        return rows.select_related("post").order_by("-written_at", "-pk")

    # Verbs

    def save(self, *args, **kwargs):
        """Save what was written: words, name, parent and the like.

        What verbs decide (`DECIDED`) is not written but read, once the row is there: a form that
        was opened before somebody removed the comment must not bring it back.
        """
        with transaction.atomic():
            if not self._state.adding:
                Thread.lock(self.post_id)
                self.refresh_from_db(fields=self.DECIDED)
                kwargs["update_fields"] = self.written(kwargs.get("update_fields"))
            super().save(*args, **kwargs)
            SearchDocument.objects.put([self.search_document()])

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            SearchDocument.objects.drop(SearchDocument.Kind.COMMENT, [self.pk])
            return super().delete(*args, **kwargs)

    def edit(self, typed):
        """Let its writer change the words, while they may (`is_editable`); ValueError where not.

        The former words are kept for the author. Words that would be held if they were new are
        refused: the author has not read them. Nothing happens where nothing changed.
        """
        # As in CommentQuerySet.write(): nobody waits for the thread while the door is at work.
        shown, words = html.DOORS[self.door](typed), Words.of(typed, self.name)
        with transaction.atomic():
            Thread.lock(self.post_id)
            self._reread()
            if self.is_published and self.typed == typed:  # sent twice, and now it is late
                return
            if not self.is_editable:
                raise ValueError(_now("The time for changes is over."))
            former, self.typed = self.typed, typed
            holding = look_at(self, self.post.policy, words)
            if holding.reasons:
                why = ", ".join(str(screening.WORDS[one]) for one in holding.reasons)
                raise ValueError(_now("The author would have to read it first: %s.") % why)
            self.signs.all().delete()
            Sign.objects.learn(self, holding.sketch, words.hosts)
            self.shown, self.edited_at = shown, timezone.now()
            self.revisions.create(typed=former, until=self.edited_at)
            # Not by save(), which would take the words through the door again, under the lock.
            changed = {name: getattr(self, name) for name in ("typed", "shown", "edited_at")}
            Comment.objects.filter(pk=self.pk).update(**changed)
            SearchDocument.objects.put([self.search_document()])
            self._record("edit", None, role=Act.Role.WRITER)

    def erase(self, by=None, reason=Reason.ASKED, note="", role=None, at=None):
        """Remove the comment, and take its words, name and writer out of the database for good.

        Nothing of it is left but its number, its place in the thread and the acts. With the last
        comment of its writer goes the e-mail that they left.
        """
        with transaction.atomic():
            Thread.lock(self.post_id)
            self._reread()
            if self.is_published or self.is_held:  # else the reason that readers know stays
                self.remove(by, reason, role=role, at=at)
            elif self.state != self.State.REMOVED:
                self.state = self.State.REMOVED
                self._store()
            self.name = self.url = self.typed = self.shown = self.held_because = ""
            self.network = ""
            writer, self.commenter = self.commenter_id, None
            self.edited_at = self.flood = None
            super().save(update_fields=ERASED)
            Subscription.objects.end_without_comments(writer)
            self.revisions.all().delete()
            self.signs.all().delete()
            Reply.forget(self)
            SearchDocument.objects.put([self.search_document()])
            at = at or timezone.now()
            self._record("erase", by, role=role, reason=reason, note=note, at=at)

    def search_document(self):
        """Return the (unsaved) SearchDocument of this comment as it stands."""
        return SearchDocument(
            kind=SearchDocument.Kind.COMMENT,
            row=self.pk,
            post_id=self.post_id,
            number=self.number,
            name=self.display_name,
            text=html.to_text(self.shown),
            at=self.published_at or self.written_at,
            public=self.is_published,
        )
