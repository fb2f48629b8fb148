"""The people a post is about: told or not, heard, and answered."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import html, secret_links
from comments.models.act import Act
from comments.models.answering import Answering
from comments.models.comment import Comment
from comments.models.courtesy_letter import CourtesyLetter
from comments.models.courtesy_queryset import tellable
from comments.models.hearing import Hearing
from comments.models.letter import Letter
from comments.models.letter_queryset import HEARD
from comments.models.reply import Reply
from comments.models.subject import Subject
from comments.models.thread import Thread
from comments.models.told import Told
from posts.models import Blog, SearchDocument

UNNAMED = _("A person not named here")
UNNAMED_WITHIN = _("a person not named here")
"""How readers see a subject whom the post does not name: alone, and within a sentence."""


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

    def take(self, post, subject, told_at=None, **named):
        """Return the right of `subject` to `post`: the one there is, as it is, or a new one.

        A new one is `named` so. With `told_at`, they know of the post since then, if not before,
        and are told of what happens to it: a reason why not is none any more.
        """
        with transaction.atomic():
            right, made = self.get_or_create(
                post=post, subject=subject, defaults={"told_at": told_at, **named}
            )
            if told_at and not made:
                right.locked().tell_from_now(told_at)
                right.refresh_from_db(fields=["told_at", "tell", "not_told_because"])
            return right

    def drop_letters(self):
        """Take letters to the subjects of these rights out of the post; what was to be told waits.

        The rights are held. One that a mail server is just being given is left alone: it may
        have gone already.
        """
        letters = Letter.objects.filter(right__in=self).to_subjects()
        letters = letters.waiting().exclude(pk__in=letters.under_trial())
        first = CourtesyLetter.objects.of_posts().filter(letter__in=letters)
        unheard = self.filter(courtesy_letters__in=first).exclude(acts__verb__in=HEARD)
        unheard.update(told_at=None)
        letters.delete()

    def to_stop(self, secret):
        """Return the right that this secret of a /stop/ address is about, or None."""
        return secret_links.find(
            "stop-post", secret, self.select_related("post", "subject"), "stop_serial"
        )


class RightOfReply(Hearing, Answering, Told):
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

    stop_serial = 1
    """The links that stop letters stay, whatever letterbox link takes the place of another."""

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
    def name_within(self):
        """The same as it stands within a sentence."""
        return str(UNNAMED_WITHIN) if self.unnamed else self.name

    @property
    def letterbox(self):
        """The letterbox link: a full address, secret."""
        secret = secret_links.derive("reply", self.pk, self.serial)
        return settings.SITE_URL + reverse("letterbox", args=[secret])

    def save(self, *args, **kwargs):
        """Save what the author writes; a form that was open meanwhile revives no leaked link.

        Raises ValueError where it would pass to another person: what one has said would stand
        under the other's name, and the link that one holds would be the other's.
        """
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            row = self.held()
            if (row.subject_id, row.post_id) != (self.subject_id, self.post_id):
                raise ValueError("A right of reply is one person’s to one post.")
            self.take_over(row)
            kwargs["update_fields"] = self.written(kwargs.get("update_fields"))
            super().save(*args, **kwargs)
            self.refresh_from_db(fields=["unnamed", "shown_name"])
            self.name_replies(row.subject)
            if self.unnamed and not row.unnamed:
                # A role, or a link to their own site, may say who it is.
                self.replies.update(url="")
                Reply.objects.filter(comment__right=self).update(role="")

    def held(self):
        """Return the row as it is now, its thread and itself held until the transaction ends."""
        Thread.lock(self.post_id)
        return self.locked()

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

    def renew_link(self, by=None):
        """Make a new letterbox link; the former one opens nothing any more.

        Letters that are still to go and have the link go to the subject's own e-mail or nowhere:
        it may have been made because somebody else had got the former one.
        """
        with transaction.atomic():
            row = self.held()
            self.serial = row.serial + 1
            super().save(update_fields=["serial"])
            self.claims.update(serial=models.F("serial") + 1)  # their pages show the link
            others = self.letters.with_letterbox().exclude(state=Letter.State.SENT)
            if row.subject.email:
                others = others.exclude(to__iexact=row.subject.email)
            others.filter(Q(state=Letter.State.WAITING) | Q(claim__isnull=False)).delete()
            Act.record("renew_link", by=by, right=self, post=self.post)

    def receive(self, typed, submission="", at=None, role="", url="", shown=None):
        """Take the subject's reply, or a later part, for the author to let through: a Comment.

        `role` is what they are, as readers shall see it, `url` where their name leads; `shown` is
        what the door made of `typed`, if somebody has asked it already. What was taken down is no
        reply that another one could be a part of.
        """
        at = at or timezone.now()
        # As in CommentQuerySet.write(): nobody waits for the thread while the door is at work.
        shown = shown or html.reply(typed)
        with transaction.atomic():
            Thread.lock(self.post_id)
            standing = [Comment.State.PUBLISHED, Comment.State.HELD]
            row = self.locked()
            parts = self.replies.in_thread().filter(state__in=standing).order_by("number")
            reply = Comment.objects.write(
                self.post,
                typed,
                name=row.name,  # as it is now
                parent=parts.first(),
                voice=Comment.Voice.SUBJECT,
                right=self,
                submission=submission,
                written_at=at,
                url=url,
                shown=shown,
            )
            if role and not reply.is_repeat:
                Reply.objects.update_or_create(comment=reply, defaults={"role": role})
            if not reply.acts.exists():
                row.note_told(at)
                self.told_at = row.told_at
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

    def ask(self, wrong, words="", wanted="", public=False, at=None):
        """Take the subject's request for an amendment: the same one if asked twice.

        One that waits is as `public` as it was asked for last: `is_switched` says that it was not.
        """
        at = at or timezone.now()
        said = {"words": words, "wrong": wrong, "wanted": wanted}
        with transaction.atomic():
            row = self.locked()
            waiting = self.requests.awaiting_decision().select_for_update()
            request = waiting.filter(**said).first()
            if request and request.public != public:
                request.public, request.is_switched = public, True
                request.save(update_fields=["public"])
                self._record_asking(request, at)
            elif request is None:
                request = self.requests.create(**said, public=public, asked_at=at)
                row.note_told(at)
                self.told_at = row.told_at
                self._record_asking(request, at)
                self._tell_author(
                    f"request {request.pk}",
                    _now("%(name)s asks for an amendment"),
                    _now("%(name)s asks for an amendment of “%(title)s”. It awaits your decision:"),
                    reverse("admin:comments_amendmentrequest_change", args=[request.pk]),
                )
            return request

    def _record_asking(self, request, at):
        about = {"right": self, "post": self.post, "request": request}
        Act.record("ask", role=Act.Role.SUBJECT, at=at, **about)

    def _tell_author(self, key, subject_line, text, path):
        blog = Blog.current()
        if blog.author_email:
            about = {"name": Letter.plain(self.name), "title": Letter.plain(self.post)}
            Letter.objects.write(
                key=key,
                to=blog.author_email,
                subject=subject_line % about,
                body=f"{text % about}\n{settings.SITE_URL}{path}\n",
                post=self.post,
                right=self,
            )
