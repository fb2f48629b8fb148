"""Claims: somebody says that a post is about them, and asks for its letterbox."""

from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from blogsite import emails, secret_links
from comments import claim_letters, promises
from comments.models.act import Act
from comments.models.asking import Asking
from comments.models.claim_queryset import LAPSES, ClaimQuerySet
from comments.models.courtesy_letter import CourtesyLetter
from comments.models.letter import Letter
from comments.models.right_of_reply import RightOfReply
from comments.models.thread import Thread
from posts.models import Blog

MOST_LETTERS = 20
"""In a day, to the author, that a claim was confirmed; the desk has them all."""


class Claim(models.Model):
    """Somebody's word that a post, or a comment under it, is about them.

    It tells the author nothing before the address was confirmed by mail. Accepted, it leads to a
    right of reply, whose letterbox its maker then holds.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("address not confirmed")
        WAITING = "waiting", _("to be checked")
        ASKED = "asked", _("asked once more")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    post = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="claims", verbose_name=_("post")
    )
    comment = models.ForeignKey(
        "comments.Comment",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("comment"),
    )
    name = models.CharField(_("who they say they are"), max_length=100, blank=True)
    how = models.TextField(_("how the post concerns them"), blank=True)
    proof = models.TextField(_("how the author can be sure"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.UNCONFIRMED, editable=False
    )
    submission = models.CharField(max_length=64, null=True, editable=False)
    serial = models.PositiveIntegerField(_("serial of its link"), default=1, editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    asked_at = models.DateTimeField(_("asked once more"), null=True, editable=False)
    question = models.TextField(_("what the author asked"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer = models.TextField(_("their answer"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    reasons = models.TextField(_("reasons"), blank=True)
    right = models.ForeignKey(
        "comments.RightOfReply",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="claims",
        verbose_name=_("right of reply"),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    OPEN = (State.UNCONFIRMED, State.WAITING, State.ASKED)
    WORDS = ("name", "how", "proof", "email", "question", "answer", "reasons")

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["state", "confirmed_at"], name="claim_waiting")]

    def __str__(self):
        return f"{self.name or '–'}: {self.post}"

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    @property
    def is_asked(self):
        return self.state == self.State.ASKED

    @property
    def is_lapsed(self):
        late = self.made_at < timezone.now() - LAPSES
        return self.state == self.State.UNCONFIRMED and late

    @property
    def can_be_asked(self):
        """Whether the author may still ask something: once, or an answer would be lost."""
        return self.is_waiting and self.asked_at is None

    @property
    def masked_email(self):
        """The address as a page that is opened from a letter shows it."""
        return emails.masked(self.email)

    @property
    def link(self):
        """The address of the claim's own page, for whoever made it: full, secret."""
        secret = secret_links.derive("claim", self.pk, self.serial)
        return settings.SITE_URL + reverse("confirm", args=[secret])

    def promise(self, blog, today=None):
        """Return by when the author acknowledges and decides, or None: it waits for no decision."""
        if not self.is_waiting:
            return None
        since = promises.counted_from(self.confirmed_at, self.answered_at)
        return promises.given(since, blog, self.acknowledged_at, today)

    def others_of_its_address(self):
        """Return the other claims that were confirmed at the same address, newest first."""
        if not self.email:
            return Claim.objects.none()
        rows = Claim.objects.confirmed().filter(email__iexact=self.email).exclude(pk=self.pk)
        return rows.select_related("post").order_by("-made_at", "-pk")

    # Verbs

    def ask_to_confirm(self):
        """Write the letter that asks whether the address is right, if there is room (Asking).

        It has no word of the claim: anybody can type any address, and anything beside it.
        """
        if Asking.objects.allow(self.email, claim_id=self.pk):
            self._write("confirm", *claim_letters.to_confirm(self))

    def ask_now(self):
        """Write that letter where it could not be written before; called by the worker."""
        with transaction.atomic():
            Thread.lock(self.post_id)
            for row in Claim.objects.to_ask().filter(pk=self.pk):
                row.ask_to_confirm()

    def lapse(self):
        """Forget the claim if it has still lapsed, now that nobody can confirm it meanwhile."""
        with transaction.atomic():
            Thread.lock(self.post_id)
            Claim.objects.lapsed().filter(pk=self.pk).delete()

    def confirm(self, at=None):
        """Say that the address is right: the author hears of the claim. Harmless twice.

        `at` is the moment (default: now).
        """
        with self.held():
            if self.is_confirmed:
                return
            self._store(state=self.State.WAITING, confirmed_at=at or timezone.now())
            # Not before: what nobody has confirmed leaves no trace.
            self._record("claim", role=Act.Role.SUBJECT, at=self.made_at)
            self._record("confirm_claim", role=Act.Role.SUBJECT, at=self.confirmed_at)
            lately = Letter.objects.filter(
                key__startswith="claimed ", written_at__gte=timezone.now() - timedelta(days=1)
            )
            if lately.count() < MOST_LETTERS:
                self._tell_author(f"claimed {self.pk}", *claim_letters.claimed(self))

    def acknowledge(self, by=None):
        """Let the person know that the author has read it. Harmless twice."""
        with self.held():
            if self.acknowledged_at or not self.is_waiting:
                return
            self._store(acknowledged_at=timezone.now())
            self._write("acknowledged", *claim_letters.acknowledged(self))
            self._record("acknowledge", by)

    def ask_once_more(self, question, by=None):
        """Ask the person something. ValueError without a question, or where there was one."""
        if not question.strip():
            raise ValueError(_now("Write what you want to know."))
        with self.held():
            if self.is_asked and self.question == question:
                return
            if not self.can_be_asked:
                raise ValueError(_now("You can ask once, and before you decide."))
            now = timezone.now()
            read = self.acknowledged_at or now  # who asks has read it
            self._store(
                state=self.State.ASKED, asked_at=now, question=question, acknowledged_at=read
            )
            self._write("asked", *claim_letters.asked(self))
            self._record("ask_claimant", by)

    def answer_question(self, words):
        """Take the person's answer; the claim waits again. Harmless twice.

        ValueError where no question is open, and where there are no words.
        """
        if not words.strip():
            raise ValueError(_now("Write your answer first."))
        with self.held():
            if self.answered_at and self.answer == words:
                return
            if not self.is_asked:
                raise ValueError(_now("No question is open any more, so this could not be sent."))
            now = timezone.now()
            self._store(state=self.State.WAITING, answered_at=now, answer=words)
            self._record("answer_claim", role=Act.Role.SUBJECT)
            self._tell_author(f"claim answered {self.pk}", *claim_letters.answered(self))

    def accept(self, subject, by=None, replace_email=False, **named):
        """Say that the post is about `subject` (one that is new may be unsaved); they hear of it.

        They hold the right of reply of this post then: the one there is, or a new one, `named`
        (shown_name, unnamed, part) as it shall be. The address that was confirmed becomes theirs,
        if none is known of them or `replace_email`. Who wanted no letters has asked for one by
        this. Harmless twice; ValueError where it is declined, or not confirmed. Returns drafts of
        letters about other posts, if there was no e-mail before: they are the author's to look at.
        """
        with self.held():
            if self.state == self.State.ACCEPTED:
                return []
            self._must_be_decidable()
            now = timezone.now()
            if subject.pk:
                # As it is now: what the author writes about them meanwhile stays. No thread is
                # held for it, as this one is held already: see docs/architecture.md.
                subject = subject.held()
            else:
                subject.save()
            if replace_email or not subject.email:
                subject.take_email(self.email)
            right = RightOfReply.objects.take(self.post, subject, told_at=now, **named)
            self._store(state=self.State.ACCEPTED, decided_at=now, right=right)
            self._record("accept_claim", by, at=now)
            subject.resume_letters()
            right.resume_letters()
            texts = claim_letters.accepted(self)
            right.write(f"claim {self.pk} accepted", *texts, to=self.email, claim=self)
            return CourtesyLetter.objects.draft(subject=subject)

    def decline(self, reasons, by=None):
        """Say that it is not so, with `reasons` that the person gets. Harmless twice.

        ValueError without reasons, and where it is accepted or not confirmed.
        """
        if not reasons.strip():
            raise ValueError(_now("A claim is declined with reasons."))
        with self.held():
            if self.state == self.State.DECLINED:
                return
            self._must_be_decidable()
            now = timezone.now()
            self._store(state=self.State.DECLINED, decided_at=now, reasons=reasons)
            self._write("declined", *claim_letters.declined(self))
            self._record("decline_claim", by, at=now)

    def erase(self, by=None, role=None):
        """Take the words, the address and the letters out of the database for good. Harmless twice.

        One that is open is closed thereby, without a letter. What was done, and when, stays.
        """
        with self.held():
            if self.erased_at:
                return
            now = timezone.now()
            decided = {}
            if self.is_open:
                decided = {"state": self.State.DECLINED, "decided_at": now}
            self._store(**dict.fromkeys(self.WORDS, ""), submission=None, erased_at=now, **decided)
            self.letters.all().delete()
            self._record("erase_claim", by, role=role, at=now)

    @contextmanager
    def held(self):
        """Hold the thread of the post and then this row, which is read again, as it is now."""
        with transaction.atomic():
            Thread.lock(self.post_id)
            self.refresh_from_db(from_queryset=Claim.objects.select_for_update())
            yield

    def _must_be_decidable(self):
        if not (self.is_open and self.is_confirmed):
            raise ValueError(_now("This claim has been decided."))

    def _store(self, **values):
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=[*values])

    def _write(self, occasion, subject_line, text):
        """Put a letter to the person in the post."""
        Letter.objects.write(
            f"claim {self.pk} {occasion}",
            self.email,
            subject_line,
            text,
            post=self.post,
            claim=self,
        )

    def _tell_author(self, key, subject_line, text):
        """Put a letter to the author in the post. It holds no words of the claim."""
        blog = Blog.current()
        if blog.author_email:
            Letter.objects.write(key, blog.author_email, subject_line, text, post=self.post)

    def _record(self, verb, by=None, **more):
        about = {f"{name}_id": getattr(self, f"{name}_id") for name in ("post", "comment", "right")}
        Act.record(verb, by=by, claim=self, **about, **more)
