"""Replies: what a subject's comment has besides its words, and what the author decides about it."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments import promises, telling
from comments.models.act import Act
from comments.models.letter import Letter
from comments.models.thread import Thread
from posts.models import Blog

ASKED, DECLINED = "reconsider", "decline reply"
"""How the keys of letters begin that say what the author asks, or why a reply is declined.

The id of the reply follows, and which of its letters of this kind it is.
"""
READ, LET_THROUGH = "acknowledge reply", "published"
"""The same of letters that say no more than that."""


class Reply(models.Model):
    """What a comment with the voice of a subject has besides; made when it is first needed.

    The author never changes a subject's words. Letting them stand as they are is the rule; besides,
    the subject can be asked to reconsider them, once for each version, or they are declined with
    reasons that readers see.
    """

    comment = models.OneToOneField(
        "comments.Comment",
        models.CASCADE,
        primary_key=True,
        related_name="reply",
        verbose_name=_("comment"),
    )
    role = models.CharField(
        _("role"), max_length=100, blank=True, help_text=_("Shown beside the name.")
    )
    # Of a comment that the author marked as the subject's:
    signed = models.CharField(_("signed as"), max_length=100, blank=True)
    known_by = models.TextField(_("how the author knows that it is theirs"), blank=True)
    # Of one that waits:
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    asked_at = models.DateTimeField(_("asked to reconsider"), null=True)
    question = models.TextField(_("why they should reconsider"), blank=True)
    insisted_at = models.DateTimeField(_("asked for it to stand as it is"), null=True)
    # Of one that was declined; readers are told:
    declined_at = models.DateTimeField(_("declined"), null=True)
    reasons = models.TextField(_("published reasons"), blank=True)

    ASKING = ("asked_at", "question", "insisted_at")
    """What was asked about the words as they are, and whether they are to stand; it stays."""

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")

    def __str__(self):
        return str(self.comment_id)

    @classmethod
    def of(cls, comment):
        """Return the row of this comment (of a subject), made now if there is none."""
        return cls.objects.get_or_create(comment=comment)[0]

    @classmethod
    def about(cls, comment):
        """Return the row of a comment that was read with it; an unsaved one if there is none."""
        return getattr(comment, "reply", None) or cls(comment=comment)

    @classmethod
    def let_through(cls, comment, told):
        """Note that a subject's comment was published; one that was declined is so no longer.

        Called by Comment.publish(). The subject gets a letter, the first time, where they are to
        be `told`.
        """
        rows = cls.objects.filter(comment=comment).exclude(declined_at=None)
        rows.update(declined_at=None, reasons="")
        if told:
            text = _now(
                "Your reply to “%(title)s” on the blog %(blog)s is published, as you sent it:\n"
                "%(url)s"
            ) % {
                "title": comment.post,
                "blog": Blog.current().name,
                "url": settings.SITE_URL + comment.get_absolute_url(),
            }
            about = _now("Your reply of %s is published")
            # Once, but again where it had been taken down, which a letter said.
            taken_down = comment.acts.filter(verb="remove").count()
            _write(comment, f"{LET_THROUGH} {comment.pk} {taken_down}", about, text)

    @classmethod
    def forget(cls, comment):
        """Take out what was said about a comment that is erased, of all its letters as well."""
        about = Q()
        for kind in (ASKED, DECLINED, READ, LET_THROUGH):
            about |= Q(key__startswith=f"{kind} {comment.pk} ")
        for letter in Letter.objects.filter(about):
            letter.body = without_words(letter.body)
            letter.save(update_fields=["body"])
        for reply in cls.objects.filter(comment=comment):
            reply.role = reply.signed = reply.known_by = reply.question = reply.reasons = ""
            reply.save()

    # Questions

    @property
    def version_at(self):
        """When the words came in as they are now."""
        return promises.counted_from(self.comment.written_at, self.comment.edited_at)

    @property
    def since(self):
        """The moment since when it waits for the author."""
        return promises.counted_from(self.version_at, self.insisted_at)

    @property
    def is_waiting(self):
        """Whether it waits for the author."""
        return self.comment.is_held and not self.is_with_subject

    @property
    def is_with_subject(self):
        """Whether it waits for the subject, who was asked to reconsider."""
        return self.comment.is_held and promises.stands_still(self.asked_at, self.since)

    @property
    def state(self):
        """Where it stands, in one word: what the comment's own state says too little of."""
        comment = self.comment
        if comment.is_erased:
            return "erased"
        if comment.is_published:
            return "published"
        if self.is_declined:
            return "declined"
        if comment.is_held:
            return "reconsider" if self.is_with_subject else "waiting"
        return "withdrawn" if comment.removed_by == Act.Role.SUBJECT else "removed"

    @property
    def is_declined(self):
        return self.declined_at is not None

    @property
    def is_taken_back(self):
        """Whether whoever wrote it has taken it back: then it is not the author's to publish."""
        comment = self.comment
        return not comment.is_published and comment.removed_by in (
            Act.Role.WRITER,
            Act.Role.SUBJECT,
        )

    @property
    def may_be_asked(self):
        """Whether the subject can be asked to reconsider: once for each version of the words."""
        has_insisted = self.insisted_at and self.insisted_at >= self.version_at
        return self.is_waiting and not has_insisted

    def promise(self, blog, today=None):
        """Return by when the author acknowledges and decides, or None: the clock stands still."""
        if not self.is_waiting:
            return None
        return promises.given(self.since, blog, self.acknowledged_at, today)

    # Verbs

    def acknowledge(self, by=None, at=None):
        """Let the subject know that the author has read it. Once, and not after a decision."""
        with transaction.atomic():
            self._lock()
            if not self.is_waiting or self.acknowledged_at:
                return
            self.acknowledged_at = at or timezone.now()
            self.save(update_fields=["acknowledged_at"])
            promise = self.promise(Blog.current())
            text = _now("Your reply to “%(title)s” has arrived, and the author has read it.")
            text = f"{text % {'title': self.comment.post}} {when_decided(promise)}"
            key = f"{READ} {self.pk} {self.version_at.timestamp():.0f}"
            self._tell(key, _now("Your reply of %s has been read"), text)
            self._record("acknowledge", by, self.acknowledged_at)

    def publish(self, by=None, at=None):
        """Let the reply stand as it is. Harmless twice; ValueError for one taken back."""
        with transaction.atomic():
            self._lock()
            if self.is_taken_back:
                raise ValueError(_now("Whoever wrote it has taken it back."))
            self.comment.publish(by=by, at=at, role=Act.Role.AUTHOR)
            self.refresh_from_db(fields=["declined_at", "reasons"])

    def ask_to_reconsider(self, question, by=None, at=None):
        """Ask the subject to reconsider a reply that waits, and say why: the clock stands still.

        ValueError without a reason, where they have been asked about this version or insist on it.
        """
        if not question.strip():
            raise ValueError(_now("Say why they should reconsider it."))
        with transaction.atomic():
            self._lock()
            if self.is_with_subject and self.question == question:  # sent twice
                return
            if not self.may_be_asked:
                raise ValueError(_now("They can’t be asked to reconsider it now."))
            self.asked_at, self.question = at or timezone.now(), question
            self.acknowledged_at = self.acknowledged_at or self.asked_at  # who asks has read it
            self.save(update_fields=["asked_at", "question", "acknowledged_at"])
            text = _now(
                "You sent a reply to “%(title)s” on the blog %(blog)s. The author asks you to "
                "reconsider it before it is published:\n\n%(question)s\n\n"
                "In your letterbox you can change it, or say that it is to stand as it is. Until "
                "then it waits for you."
            ) % {"title": self.comment.post, "blog": Blog.current().name, "question": question}
            key = f"{ASKED} {self.pk} {self.version_at.timestamp():.0f}"
            self._tell(key, _now("A question about your reply of %s"), text)
            self._record("ask_to_reconsider", by, self.asked_at)

    def decline(self, reasons, by=None, at=None):
        """Do not publish a reply that waits, for `reasons` that the subject and readers get.

        It can still be published later. ValueError without reasons, or where it does not wait.
        """
        if not reasons.strip():
            raise ValueError(_now("A reply is declined with reasons, which readers see."))
        with transaction.atomic():
            self._lock()
            if self.is_declined and self.reasons == reasons:  # sent twice
                return
            if not self.comment.is_held:
                raise ValueError(_now("It does not wait for a decision any more."))
            self.declined_at, self.reasons = at or timezone.now(), reasons
            self.save(update_fields=["declined_at", "reasons"])
            self.comment.decline(by=by, at=self.declined_at)
            text = _now(
                "You sent a reply to “%(title)s” on the blog %(blog)s. The author has decided not "
                "to publish it. The reasons, which readers can see as well:\n\n%(reasons)s"
            ) % {"title": self.comment.post, "blog": Blog.current().name, "reasons": reasons}
            key = f"{DECLINED} {self.pk} {self.declined_at.timestamp():.0f}"
            self._tell(key, _now("Your reply of %s was declined"), text)

    def _lock(self):
        """Hold the thread until the transaction ends, and read what was decided meanwhile."""
        comment = self.comment
        Thread.lock(comment.post_id)
        comment.refresh_from_db()
        self.refresh_from_db()
        self.comment = comment

    def _tell(self, key, about, text):
        _write(self.comment, key, about, text)

    def _record(self, verb, by, at):
        about = {"comment": self.comment, "right": self.comment.right, "post": self.comment.post}
        Act.record(verb, by=by, role=Act.Role.AUTHOR, at=at, **about)


def when_decided(promise):
    """Return the sentence of a letter that says by when there will be a decision."""
    if promise.decide_by < promise.today:
        return _now("There is no decision yet; it is late, and still to come.")
    return _now("You will have a decision by %s.") % date_format(promise.decide_by)


def without_words(body):
    """Return the text of a letter to a subject without what the author said in it.

    That stands between the second paragraph and the link to their letterbox, however it was put
    then: its row may say something else by now.
    """
    parts = body.split("\n\n")
    links = [n for n, part in enumerate(parts) if Letter.LETTERBOX in part]
    after = links[-1] if links else len(parts)
    return "\n\n".join([*parts[:2], *parts[max(2, after) :]])


def _write(comment, key, about, text):
    """Write to the subject: which reply it is, and the link to their letterbox below.

    `about` is the subject line, with a place for the day.
    """
    text += "\n\n" + _now("Your reply begins:") + f"\n{telling.quoted(comment.typed)}"
    day = date_format(timezone.localtime(comment.written_at))
    comment.right.write_back(key, about % day, text)
