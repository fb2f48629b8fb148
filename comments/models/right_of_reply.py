"""The people a post is about: told or not, heard, and answered."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import secret_links
from blogsite.decided import Decided
from comments.models.act import Act
from comments.models.amendment_request import AmendmentRequest
from comments.models.comment import Comment
from comments.models.hearing import Hearing
from comments.models.letter import Letter
from comments.models.reply import Reply
from comments.models.subject import Subject
from posts.models import Blog

UNNAMED = _("A person not named here")
UNNAMED_WITHIN = _("a person not named here")
"""How readers see a subject whom the post does not name: alone, and within a sentence."""


class RightOfReplyQuerySet(models.QuerySet):
    def to_tell(self):
        """Rights whose subject should be told now: public post, e-mail known, no word yet."""
        return self.filter(
            post__state="published", told_at=None, not_told_because="", tell=True
        ).exclude(subject__email="")

    def untold(self):
        """Rights on public posts whose subject was not told and won't be, with no reason why."""
        return self.filter(post__state="published", told_at=None, not_told_because="").filter(
            Q(subject__email="") | Q(tell=False)
        )

    def by_secret(self, secret):
        """Return the right that the letterbox link's `secret` opens, or None."""
        return secret_links.find("reply", secret, self.select_related("post", "subject"))

    def take(self, post, subject, told_at=None, **named):
        """Return the right of `subject` to `post`: the one there is, as it is, or a new one.

        A new one is `named` so. With `told_at`, they know of the post since then, if not before.
        """
        with transaction.atomic():
            right, made = self.get_or_create(
                post=post, subject=subject, defaults={"told_at": told_at, **named}
            )
            if told_at and not made:
                self.filter(pk=right.pk, told_at=None).update(told_at=told_at)
                right.refresh_from_db(fields=["told_at"])
            return right


class RightOfReply(Hearing, Decided):
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
    def name_within(self):
        """The same as it stands within a sentence."""
        return str(UNNAMED_WITHIN) if self.unnamed else self.name

    @property
    def is_to_tell(self):
        return bool(
            self.post.is_published
            and self.tell
            and self.subject.email
            and not self.told_at
            and not self.not_told_because
        )

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
            row = self._locked()
            if (row.subject_id, row.post_id) != (self.subject_id, self.post_id):
                raise ValueError("A right of reply is one person’s to one post.")
            self.take_over(row)
            kwargs["update_fields"] = self.written(kwargs.get("update_fields"))
            super().save(*args, **kwargs)

    def tell_now(self):
        """Write the courtesy letter with the letterbox link, unless it is not to be any more."""
        with transaction.atomic():
            row = self._locked()
            self.told_at = row.told_at
            if not row.is_to_tell:  # told meanwhile, or the author has thought better of it
                return
            blog = Blog.current()
            row._write(
                f"courtesy {row.pk}",
                _now("A post about you: %(title)s") % {"title": row.post},
                _now(
                    "“%(title)s” on the blog %(blog)s is about you, or names you. It was published "
                    "on %(date)s:\n%(url)s\n\n"
                    "If you wish to reply, you can do so here, in your own words, for as long as "
                    "you like. Your reply will stand on the post itself, before the readers’ "
                    "comments:\n%(letterbox)s\n\n"
                    "There you can also ask for something to be changed. The link is yours alone; "
                    "nobody else has it. No account is needed."
                )
                % {
                    "title": row.post,
                    "blog": blog.name,
                    "date": date_format(timezone.localtime(row.post.published_at)),
                    "url": settings.SITE_URL + row.post.get_absolute_url(),
                    "letterbox": Letter.LETTERBOX,
                },
            )
            self.told_at = row.told_at = timezone.now()
            super(RightOfReply, row).save(update_fields=["told_at"])
            Act.record("tell", right=row, post=row.post)

    def renew_link(self, by=None):
        """Make a new letterbox link; the former one opens nothing any more."""
        with transaction.atomic():
            self.serial = self._locked().serial + 1
            super().save(update_fields=["serial"])
            self.claims.update(serial=models.F("serial") + 1)  # their pages show the link
            Act.record("renew_link", by=by, right=self, post=self.post)

    def _locked(self):
        """Return the row as it is now, held until the transaction ends."""
        rows = RightOfReply.objects.select_related("post", "subject")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=self.pk)

    def _write(self, key, subject_line, text):
        """Put a letter to the subject in the post; where no e-mail is known, there is none."""
        if self.subject.email:
            name, author = self.subject.name, Blog.current().author_name
            Letter.objects.write(
                key=key,
                to=self.subject.email,
                subject=subject_line,
                body=_now("Dear %(name)s,") % {"name": name} + f"\n\n{text}\n\n{author}\n",
                post=self.post,
                right=self,
            )

    def receive(self, typed, submission="", at=None, role="", url=""):
        """Take the subject's reply, or a later part, for the author to let through: a Comment.

        `role` is what they are, as readers shall see it, `url` where their name leads. What was
        taken down is no reply that another one could be a part of.
        """
        at = at or timezone.now()
        with transaction.atomic():
            standing = [Comment.State.PUBLISHED, Comment.State.HELD]
            parts = self.replies.in_thread().filter(state__in=standing).order_by("number")
            reply = Comment.objects.write(
                self.post,
                typed,
                name=self.name,
                parent=parts.first(),
                voice=Comment.Voice.SUBJECT,
                right=self,
                submission=submission,
                written_at=at,
                url=url,
            )
            if role and not reply.is_repeat:
                Reply.objects.update_or_create(comment=reply, defaults={"role": role})
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
                about = {"right": self, "post": self.post, "request": request}
                Act.record("ask", role=Act.Role.SUBJECT, at=at, **about)
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
