"""Comments: anything said under a post."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite import html
from blogsite.decided import Decided
from blogsite.fields import ShownField, WebAddressField
from comments import screening
from comments.models.act import Act
from comments.models.thread import Commenter, Thread
from comments.names import tidy
from posts.models import Blog, CommentPolicy, SearchDocument

ERASED = ["name", "url", "typed", "shown", "held_because", "commenter"]
SAME_SUBMISSION = timedelta(minutes=10)


class Reason(models.TextChoices):
    """Why a comment was removed: the published reasons."""

    ABUSE = "abuse", _("abuse of a person")
    PRIVATE = "private", _("somebody's private affairs")
    LAW = "law", _("the law")
    OFF_TOPIC = "off_topic", _("not about the post")
    ADVERTISING = "advertising", _("advertising")
    ASKED = "asked", _("its writer asked")
    OLD_SYSTEM = "old_system", _("done on the blog's former system")
    OTHER = "other", _("another reason")


def door_for(voice):
    """Return the door in blogsite/html.py for what is said in this voice."""
    return "comment" if voice == Comment.Voice.READER else "reply"


class CommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Comment.State.PUBLISHED)

    def held(self):
        return self.filter(state=Comment.State.HELD)

    def in_thread(self):
        """Comments that have a place in the thread: published, or a tombstone."""
        return self.filter(number__isnull=False)

    def oldest_first(self):
        return self.order_by("written_at", "pk")

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def on_public_posts(self):
        return self.filter(post__state="published")

    def delete(self):
        with transaction.atomic():
            SearchDocument.objects.drop(SearchDocument.Kind.COMMENT, self.values("pk"))
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def write(self, post, typed, *, name="", parent=None, voice=None, submission="", **more):
        """Store what somebody typed under `post`, once, and publish or hold it.

        `submission` is an id made by the browser, or "": then the same words by the same name
        in the same place within ten minutes are the same submission. `more`: `by` (the user
        who is the author), `right` (a subject's right of reply), `commenter`, `trap` (what the
        hidden field held). Returns the Comment, which is the earlier one if this is a repeat.
        Raises ValueError where `parent` stands under another post.
        """
        voice = voice or Comment.Voice.READER
        by = more.pop("by", None)
        trap = more.pop("trap", "")
        name = tidy(name)
        if parent and parent.post_id != post.pk:
            raise ValueError("A comment answers one under the same post.")
        # The door takes its time for a hostile text; nobody shall wait for the thread meanwhile.
        shown = html.DOORS[door_for(voice)](typed)
        with transaction.atomic():
            Thread.lock(post.pk)  # two equal submissions at once: the second sees the first
            repeats = self.filter(post=post, voice=voice, typed=typed, name=name)
            if voice == Comment.Voice.READER:  # what a subject adds has a parent by itself
                repeats = repeats.filter(parent=parent)
            if submission:
                repeats = repeats.filter(submission=submission)
            else:
                repeats = repeats.filter(written_at__gte=timezone.now() - SAME_SUBMISSION)
            earlier = repeats.first()
            if earlier:
                return earlier
            if submission and self.filter(post=post, submission=submission).exists():
                submission = ""  # the page was gone back to, and other words were typed
            comment = self.model(
                post=post,
                typed=typed,
                shown=shown,
                name=name,
                parent=parent,
                voice=voice,
                submission=submission or None,
                **more,
            )
            if comment.is_readers:
                comment.commenter = comment.commenter or Commenter.objects.create()
                policy = post.comment_policy or Blog.current().comment_policy
                comment.held_because = " ".join(reasons_to_hold(comment, policy, trap))
            elif comment.is_subjects:
                comment.held_because = screening.REPLY
            comment.save()
            if not comment.held_because:
                comment.publish(by=by, at=comment.written_at, quietly=True)
            return comment


def reasons_to_hold(comment, policy, trap=""):
    """Return why to hold a reader's new comment under `policy`: a list of keys of screening.WORDS.

    An open policy asks for no reason but one: a hidden field that only a program fills in.
    """
    reasons = screening.reasons(comment.typed, trap)
    if policy == CommentPolicy.OPEN:
        return [reason for reason in reasons if reason == screening.TRAP]
    if policy == CommentPolicy.HOLD_ALL:
        return [screening.POLICY, *reasons]
    return [] if comment.commenter.trusted else reasons


class Comment(Decided):
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
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
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

    DECIDED = ("number", "state", "published_at", "removed_at", "removed_by", "removed_because")

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
        ]

    def __str__(self):
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
    def door(self):
        """The door in blogsite/html.py that `shown` comes out of."""
        return door_for(self.voice)

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

    def publish(self, by=None, at=None, quietly=False):
        """Let the comment stand under its post, with a number if it has none. Harmless twice.

        `by` is the user who decides. `at` is the moment (default: now). `quietly` leaves no act:
        nobody decided, the policy let it pass.
        """
        with transaction.atomic():
            thread = Thread.lock(self.post_id)
            self._reread()
            if self.is_published:
                return
            self.number = self.number or thread.next_number()
            self.state = self.State.PUBLISHED
            self.published_at = self.published_at or at or timezone.now()
            self.removed_at, self.removed_by, self.removed_because = None, "", ""
            self._store()
            if not quietly:
                self._record("publish", by, at=at or timezone.now())

    def remove(self, by=None, reason=Reason.OTHER, note="", role=None, at=None):
        """Take the comment's words out of sight; its number and place stay, as a tombstone.

        `reason` is one of `Reason` (ValueError otherwise); `note` is for the desk.
        """
        if reason not in Reason.values:
            raise ValueError(f"{reason!r} is not one of the published reasons.")
        self._take_out(self.State.REMOVED, "remove", by, reason, note, role, at)

    def mark_spam(self, by=None, note=""):
        """Take the comment away as spam. One that had stood in the thread leaves a tombstone."""
        self._take_out(self.State.SPAM, "mark_spam", by, Reason.ADVERTISING, note)

    def erase(self, by=None, reason=Reason.ASKED, note="", role=None, at=None):
        """Remove the comment, and take its words, name and writer out of the database for good.

        Nothing of it is left but its number, its place in the thread and the acts.
        """
        with transaction.atomic():
            self.remove(by, reason, role=role, at=at)
            self.name = self.url = self.typed = self.shown = self.held_because = ""
            self.commenter = None
            super().save(update_fields=ERASED)
            SearchDocument.objects.put([self.search_document()])
            at = at or timezone.now()
            self._record("erase", by, role=role, reason=reason, note=note, at=at)

    def _take_out(self, state, verb, by, reason, note, role=None, at=None):
        with transaction.atomic():
            Thread.lock(self.post_id)
            self._reread()
            if self.state == state:
                return
            self.state = state
            self.removed_at = at or timezone.now()
            self.removed_by = role or (Act.Role.AUTHOR if by else Act.Role.PROGRAM)
            self.removed_because = reason
            self._store()
            self._record(verb, by, role=role, reason=reason, note=note, at=self.removed_at)

    def _reread(self):
        """Read what verbs have decided, and the words as they stand, for the search document."""
        self.refresh_from_db(fields=[*self.DECIDED, "name", "typed", "shown"])

    def _store(self):
        # `shown` is not written again: it was made when the words came in.
        super().save(update_fields=self.DECIDED)
        SearchDocument.objects.put([self.search_document()])

    def _record(self, verb, by, **more):
        Act.record(verb, by=by, comment=self, post_id=self.post_id, right=self.right, **more)

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
