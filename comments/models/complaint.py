"""Complaints: what any reader may say is wrong with a comment or a post."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.models.act import Act
from comments.models.letter import Letter
from comments.models.reason import Reason
from comments.models.thread import Thread
from posts.models import Blog

LAW_WAITS = timedelta(hours=48)
"""How soon a complaint that means the law should have its answer."""


SAME = timedelta(minutes=10)
"""The same words about the same thing within this time are the same complaint."""
MOST_AN_HOUR = 20
"""Complaints about one thing that are taken in an hour; whoever comes after these is not lost."""

MOST_LETTERS = 3
"""In a day, to one address, that a complaint arrived: anybody can type any address."""
MOST_LETTERS_ABOUT_THE_LAW = 20
"""In a day, to the author; the desk has them all."""


class TooMany(Exception):
    """There are so many complaints about this just now that one more tells nobody anything."""


class ComplaintQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at=None)

    def make(self, post, reason, words, comment=None, law=False, email=""):
        """Store a complaint about the post, or the comment under it, once; return it.

        Raises TooMany after MOST_AN_HOUR, but not where the law is meant. Whoever left an e-mail
        gets a letter that it arrived; the author gets one where the law is meant.
        """
        with transaction.atomic():
            Thread.lock(post.pk)  # two at once: the second sees the first
            about = self.filter(post=post, comment=comment)
            now = timezone.now()
            same = about.filter(reason=reason, words=words, law=law, email=email)
            earlier = same.filter(made_at__gte=now - SAME).first()
            if earlier:
                return earlier
            lately = about.filter(made_at__gte=now - timedelta(hours=1))
            if not law and lately.count() >= MOST_AN_HOUR:
                raise TooMany
            made = self.create(
                post=post, comment=comment, reason=reason, words=words, law=law, email=email
            )
            made.acknowledge()
            return made


class Complaint(models.Model):
    """One complaint. It never hides anything by itself; the author decides."""

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="complaints", verbose_name=_("post")
    )
    comment = models.ForeignKey(
        "comments.Comment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("comment"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.TextField(_("in their words"))
    law = models.BooleanField(_("the law is meant"), default=False)
    email = models.EmailField(_("e-mail"), blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["made_at", "pk"]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.words[:60]}"

    @property
    def is_waiting(self):
        return self.answered_at is None

    @property
    def answer_by(self):
        """The moment by which a complaint that means the law should be answered; else None."""
        return self.made_at + LAW_WAITS if self.law and self.is_waiting else None

    @property
    def about(self):
        """What it is about, in words: the post, or a comment under it."""
        if self.comment:
            words = _now("comment %(number)s on “%(post)s”")
            return words % {"number": self.comment.number or "–", "post": self.post}
        return _now("“%(post)s”") % {"post": self.post}

    @property
    def address(self):
        """The full address of what it is about."""
        thing = self.comment if self.comment and self.comment.is_in_thread else self.post
        return settings.SITE_URL + thing.get_absolute_url()

    def acknowledge(self):
        """Write to whoever complained that it arrived, and to the author."""
        blog = Blog.current()
        lately = Letter.objects.filter(
            key__startswith="complaint ", written_at__gte=timezone.now() - timedelta(days=1)
        )
        if self.email and lately.filter(to=self.email).count() < MOST_LETTERS:
            text = _now(
                "your complaint about %(about)s has arrived:\n%(url)s\n\n"
                "%(author)s will look at it, and you will get an answer at this address. It is "
                "used for nothing else."
            )
            self._write("arrived", _now("Your complaint has arrived"), text, blog)
        if blog.author_email and self.law:
            self._tell_of_the_law(blog, lately)
        elif blog.author_email:
            self._tell_author(blog)

    def _tell_author(self, blog):
        """Write to the author that somebody complained; once an hour, as the desk has them all."""
        hour = timezone.localtime(self.made_at).strftime("%Y-%m-%d %H")
        Letter.objects.write(
            f"complaint told {hour}",
            blog.author_email,
            _now("A complaint: %s") % self.about,
            _now(
                "A reader complains about %(about)s (%(reason)s):\n%(url)s\n\nYou read and "
                "answer it at your desk, with any other that came in this hour:\n%(desk)s\n"
            )
            % {
                "about": self.about,
                "reason": self.get_reason_display(),
                "url": self.address,
                "desk": settings.SITE_URL + reverse("admin:comments_complaint_changelist"),
            },
            post=self.post,
        )

    def _tell_of_the_law(self, blog, lately):
        """Write to the author what is said to be forbidden, and by when it should be answered."""
        if lately.filter(key__endswith=" law").count() >= MOST_LETTERS_ABOUT_THE_LAW:
            return
        until = date_format(timezone.localtime(self.made_at + LAW_WAITS), "DATETIME_FORMAT")
        Letter.objects.write(
            f"complaint {self.pk} law",
            blog.author_email,
            _now("A complaint that means the law: %s") % self.about,
            _now(
                "A reader says that the law forbids %(about)s:\n%(url)s\n\n%(words)s\n\n"
                "It should have its answer by %(until)s. You answer it at your desk:\n%(desk)s\n"
            )
            % {
                "about": self.about,
                "url": self.address,
                "words": self.words,
                "until": until,
                "desk": settings.SITE_URL
                + reverse("admin:comments_complaint_change", args=[self.pk]),
            },
            post=self.post,
        )

    def _write(self, occasion, subject, text, blog):
        facts = {"about": self.about, "url": self.address, "author": blog.author_name}
        body = _now("Hello,") + f"\n\n{text % facts}\n\n{blog.name}\n"
        Letter.objects.write(
            f"complaint {self.pk} {occasion}", self.email, subject, body, post=self.post
        )

    def settle(self, answer, by=None):
        """Answer the complaint. Answering again replaces the words, and keeps the first moment.

        Whoever left an e-mail gets the first answer by letter.
        """
        with transaction.atomic():
            row = Complaint.objects.select_for_update().get(pk=self.pk)
            self.answer = answer
            self.answered_at = row.answered_at or timezone.now()
            self.save(update_fields=["answer", "answered_at"])
            Act.record(
                "answer_complaint",
                by=by,
                post=self.post,
                comment=self.comment,
                reason=self.reason,
                note=answer,
            )
            if self.email:
                text = _now("your complaint about %(about)s has been answered:\n%(url)s\n\n")
                text += answer.replace("%", "%%")
                self._write(
                    "answered", _now("Your complaint has been answered"), text, Blog.current()
                )
