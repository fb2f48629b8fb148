"""The people a post is about: told or not, heard, and answered."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import secret_links
from blogsite.decided import Decided
from comments import telling
from comments.models.act import Act
from comments.models.amendment_request import AmendmentRequest
from comments.models.comment import Comment
from comments.models.courtesy_letter import CourtesyLetter, tellable
from comments.models.letter import Letter
from comments.models.subject import Subject
from comments.models.thread import Thread
from posts.models import Blog, SearchDocument

UNNAMED = _("A person not named here")
"""How readers see a subject whom the post does not name."""


class RightOfReplyQuerySet(models.QuerySet):
    def tellable(self):
        """Rights on public posts whose subject may get letters: e-mail known, nobody against it."""
        return self.filter(tellable())

    def to_tell(self):
        """Rights whose subject is to be told of the post: no word yet."""
        return self.tellable().filter(told_at=None)

    def told(self):
        """Rights whose subject knows of the post, and is told of what happens to it."""
        return self.tellable().exclude(told_at=None)

    def untold(self):
        """Rights on public posts whose subject was not told and won't be, with no reason why.

        Who wants no letters has given the reason.
        """
        rows = self.filter(post__state="published", told_at=None, not_told_because="")
        rows = rows.filter(stopped_at=None, subject__stopped_at=None)
        return rows.filter(Q(subject__email="") | Q(tell=False))

    def by_secret(self, secret):
        """Return the right that the letterbox link's `secret` opens, or None."""
        return secret_links.find("reply", secret, self.select_related("post", "subject"))

    def drop_letters(self):
        """Take letters to the subjects of these rights out of the post; what was to be told waits.

        The rights, or their subject, are held.
        """
        letters = Letter.objects.filter(right__in=self).to_subjects()
        letters = letters.filter(state=Letter.State.WAITING)
        first = CourtesyLetter.objects.of_posts().filter(letter__in=letters)
        self.filter(courtesy_letters__in=first).update(told_at=None)
        letters.delete()

    def to_stop(self, secret):
        """Return the right that this secret of a /stop/ address is about, or None."""
        return secret_links.find("stop-post", secret, self.select_related("post", "subject"))


class RightOfReply(Decided):
    """One row per subject per post: told or not told, the letterbox link, the reply.

    The reply and its later parts are Comments with the voice `subject`.
    """

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="rights", verbose_name=_("post")
    )
    subject = models.ForeignKey(
        Subject, models.PROTECT, related_name="rights", verbose_name=_("subject")
    )
    shown_name = models.CharField(
        _("name as readers see it"),
        max_length=100,
        blank=True,
        help_text=_("Empty: the subject's name."),
    )
    unnamed = models.BooleanField(
        _("not named here"),
        default=False,
        help_text=_("Readers see “A person not named here” instead of a name."),
    )
    part = models.CharField(
        _("what they are in this post"), max_length=200, blank=True, help_text=_("Not shown.")
    )
    tell = models.BooleanField(
        _("tell them by mail"),
        default=True,
        help_text=_("A letter goes when the post is public, if an e-mail is known."),
    )
    told_at = models.DateTimeField(_("told"), null=True, editable=False)
    not_told_because = models.CharField(_("not told, because"), max_length=300, blank=True)
    stopped_at = models.DateTimeField(_("wants no letters since"), null=True, editable=False)
    serial = models.PositiveIntegerField(_("serial of the link"), default=1, editable=False)

    objects = RightOfReplyQuerySet.as_manager()

    DECIDED = ("told_at", "stopped_at", "serial")

    class Meta:
        verbose_name = _("right of reply")
        verbose_name_plural = _("rights of reply")
        ordering = ["post", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "subject"],
                name="one_right_each",
                violation_error_message=_("This post names this person already."),
            )
        ]

    def __str__(self):
        return f"{self.subject}: {self.post}"

    @property
    def name(self):
        """The name as readers see it."""
        if self.unnamed:
            return str(UNNAMED)
        return self.shown_name or self.subject.name

    @property
    def is_stopped(self):
        """Whether its subject wants no letters, about this post or at all."""
        return bool(self.stopped_at or self.subject.stopped_at)

    @property
    def may_be_told(self):
        """Whether nothing is against telling its subject, once the post is public."""
        against = self.is_stopped or self.not_told_because or not self.tell
        return bool(self.subject.email and not against)

    @property
    def is_tellable(self):
        return self.post.is_published and self.may_be_told

    @property
    def is_to_tell(self):
        return self.is_tellable and self.told_at is None

    @property
    def letterbox(self):
        """The letterbox link: a full address, secret."""
        secret = secret_links.derive("reply", self.pk, self.serial)
        return settings.SITE_URL + reverse("letterbox", args=[secret])

    @property
    def stop_link(self):
        """The address that ends letters about this post: full, secret."""
        secret = secret_links.derive("stop-post", self.pk, self.serial)
        return settings.SITE_URL + reverse("stop", args=[secret])

    def save(self, *args, **kwargs):
        """Save what the author writes; a form that was open meanwhile revives no leaked link.

        Raises ValueError where it would pass to another person: what one has said would stand
        under the other's name, and the link that one holds would be the other's.
        """
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            Thread.lock(self.post_id)
            row = self._locked()
            if (row.subject_id, row.post_id) != (self.subject_id, self.post_id):
                raise ValueError("A right of reply is one person’s to one post.")
            self.take_over(row)
            kwargs["update_fields"] = self.written(kwargs.get("update_fields"))
            super().save(*args, **kwargs)
            self.refresh_from_db(fields=["unnamed", "shown_name"])
            self.name_replies(row.subject)

    def name_replies(self, subject):
        """Let all that was said stand under the name that readers see now; the thread is held.

        A name that is to be seen no more is then nowhere.
        """
        self.subject = subject
        said = list(self.replies.exclude(name="").exclude(name=self.name))  # "" is what is erased
        Comment.objects.filter(pk__in=[comment.pk for comment in said]).update(name=self.name)
        for comment in said:
            comment.name = self.name
        SearchDocument.objects.put([comment.search_document() for comment in said])

    def tell_now(self):
        """Write the courtesy letter with the letterbox link, unless it is not to be any more."""
        CourtesyLetter(right=self).go()
        self.refresh_from_db(fields=["told_at"])

    def note_told(self, at=None):
        """Note when the subject was first told; on a row that is held."""
        if self.told_at is None:
            self.told_at = at or timezone.now()
            super().save(update_fields=["told_at"])

    def do_not_tell(self, reason, by=None):
        """Send no letter about the post, for a `reason`; ValueError without one."""
        reason = reason.strip()
        if not reason:
            raise ValueError(_now("Say why they are not told."))
        with transaction.atomic():
            row = self._locked()
            self.not_told_because = reason
            drafts = self.courtesy_letters.open()
            drafts.update(dropped_at=timezone.now(), not_told_because=reason)
            if row.not_told_because != reason:
                super().save(update_fields=["not_told_because"])
                Act.record("not_told", by=by, right=self, post=row.post)

    def told_otherwise(self, how, at=None, by=None):
        """Note that the author has told them by other means (`how`), at the moment `at`.

        ValueError without `how`. The same twice is noted once.
        """
        how = how.strip()
        if not how:
            raise ValueError(_now("Say how they were told."))
        with transaction.atomic():
            row = self._locked()
            row.not_told_because = ""
            super(RightOfReply, row).save(update_fields=["not_told_because"])
            row.note_told(at)
            row.courtesy_letters.of_posts().open().update(dropped_at=timezone.now())
            self.told_at, self.not_told_because = row.told_at, ""
            if not self.acts.filter(verb="tell", note=how).exists():
                Act.record("tell", by=by, right=self, post=row.post, note=how)

    def stop_letters(self, by=None):
        """Send nothing more about this post, as the subject wishes. Harmless twice."""
        with transaction.atomic():
            row = self._locked()
            self.stopped_at = row.stopped_at
            if row.stopped_at:
                return
            self.stopped_at = timezone.now()
            super().save(update_fields=["stopped_at"])
            RightOfReply.objects.filter(pk=self.pk).drop_letters()
            self._record_wish("stop_letters", by)

    def resume_letters(self, by=None):
        """Send letters about this post again, as the subject wishes. Harmless twice."""
        with transaction.atomic():
            row = self._locked()
            self.stopped_at = None
            if row.stopped_at:
                super().save(update_fields=["stopped_at"])
                self.courtesy_letters.drop_old_news()
                self._record_wish("resume_letters", by)

    def _record_wish(self, verb, by):
        role = None if by else Act.Role.SUBJECT
        Act.record(verb, by=by, role=role, right=self, post=self.post)

    def renew_link(self, by=None):
        """Make a new letterbox link; the former one opens nothing any more."""
        with transaction.atomic():
            self.serial = self._locked().serial + 1
            super().save(update_fields=["serial"])
            Act.record("renew_link", by=by, right=self, post=self.post)

    def _locked(self):
        """Return the row as it is now, held until the transaction ends."""
        rows = RightOfReply.objects.select_related("post", "subject")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=self.pk)

    def _write(self, key, subject_line, text, more=""):
        """Put a letter to the subject in the post, with the ways to get no more of them.

        `more` stands after the author's name. None, where no e-mail is known or no letters are
        wanted.
        """
        with transaction.atomic():
            row = self._locked()
            subject = row.subject.locked()
            if row.stopped_at or subject.stopped_at or not subject.email:
                return None
            more = "\n\n".join(part for part in (more, telling.stops()) if part)
            return Letter.objects.write(
                key=key,
                to=subject.email,
                subject=subject_line,
                body=telling.letter(subject.name, text, more),
                post=row.post,
                right=row,
            )

    def receive(self, typed, submission="", at=None):
        """Take the subject's reply, or a later part, for the author to let through: a Comment."""
        at = at or timezone.now()
        with transaction.atomic():
            parts = self.replies.in_thread().order_by("number")
            reply = Comment.objects.write(
                self.post,
                typed,
                name=self.name,
                parent=parts.first(),
                voice=Comment.Voice.SUBJECT,
                right=self,
                submission=submission,
                written_at=at,
            )
            if not reply.acts.exists():
                Act.record(
                    "reply",
                    role=Act.Role.SUBJECT,
                    right=self,
                    post=self.post,
                    comment=reply,
                    at=at,
                )
                self._tell_author(
                    f"reply {reply.pk}",
                    _now("%(name)s has replied to a post"),
                    _now("%(name)s has replied to “%(title)s”. It waits until you let it through:"),
                    reverse("admin:comments_comment_change", args=[reply.pk]),
                )
            return reply

    def ask(self, wrong, words="", wanted="", public=True, at=None):
        """Take the subject's request for an amendment: the same one if asked twice."""
        at = at or timezone.now()
        with transaction.atomic():
            self._locked()
            request, made = self.requests.get_or_create(
                words=words,
                wrong=wrong,
                wanted=wanted,
                state=AmendmentRequest.State.WAITING,
                defaults={"public": public, "asked_at": at},
            )
            if made:
                Act.record("ask", role=Act.Role.SUBJECT, right=self, post=self.post, at=at)
                self._tell_author(
                    f"request {request.pk}",
                    _now("%(name)s asks for an amendment"),
                    _now("%(name)s asks for an amendment of “%(title)s”. It awaits your decision:"),
                    reverse("admin:comments_amendmentrequest_change", args=[request.pk]),
                )
            return request

    def _tell_author(self, key, subject_line, text, path):
        blog = Blog.current()
        if blog.author_email:
            about = {"name": self.name, "title": self.post}
            Letter.objects.write(
                key=key,
                to=blog.author_email,
                subject=subject_line % about,
                body=f"{text % about}\n{settings.SITE_URL}{path}\n",
                post=self.post,
                right=self,
            )
