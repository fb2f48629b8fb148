"""Amendment requests: what a subject wants changed, and the author's decision with reasons."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments import promises, telling
from comments.models.act import Act
from comments.models.courtesy_letter import CourtesyLetter
from comments.models.letter import Letter
from comments.models.reply import when_decided
from posts.models import Blog, LogEntry, Post, Revision


class AmendmentRequestQuerySet(models.QuerySet):
    def awaiting_decision(self):
        return self.filter(state=AmendmentRequest.State.WAITING)

    def public(self):
        return self.filter(public=True)


class AmendmentRequest(models.Model):
    """What a subject says is wrong and wants changed, and the author's decision with reasons."""

    class State(models.TextChoices):
        WAITING = "waiting", _("awaiting a decision")
        MADE = "made", _("made")
        MADE_IN_PART = "in_part", _("made in part")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    DECISIONS = (State.MADE, State.MADE_IN_PART, State.DECLINED)

    NEEDS_REASONS = _("A request is declined, or met in part, with reasons.")

    right = models.ForeignKey(
        "comments.RightOfReply",
        models.RESTRICT,
        related_name="requests",
        verbose_name=_("right of reply"),
    )
    words = models.TextField(_("the words meant"), blank=True)
    wrong = models.TextField(_("what is wrong with them"))
    wanted = models.TextField(_("what it should say"), blank=True)
    public = models.BooleanField(_("public"), default=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, editable=False)
    state = models.CharField(
        _("decision"), max_length=10, choices=State, default=State.WAITING, editable=False
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    reasons = models.TextField(_("reasons"), blank=True)
    revision = models.ForeignKey(
        "posts.Revision",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="requests",
        verbose_name=_("amendment"),
    )
    log_entry = models.OneToOneField(
        "posts.LogEntry",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="request",
        verbose_name=_("entry of the public log"),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects = AmendmentRequestQuerySet.as_manager()

    is_switched = False  # see RightOfReply.ask()

    class Meta:
        verbose_name = _("amendment request")
        verbose_name_plural = _("amendment requests")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False),
                name="decision_has_date",
            )
        ]

    def __str__(self):
        if self.is_erased:
            at = date_format(timezone.localtime(self.erased_at))
            return _now("%(name)s: erased on %(at)s") % {"name": self.right.subject, "at": at}
        return f"{self.right.subject}: {self.wrong[:60]}"

    # Questions

    @property
    def is_awaiting_decision(self):
        return self.state == self.State.WAITING

    @property
    def is_withdrawn(self):
        """Whether whoever asked took it back before there was a decision; its date is that day."""
        return self.state == self.State.WITHDRAWN

    @property
    def is_decided(self):
        return self.state in self.DECISIONS and not self.was_closed_by_erasing

    @property
    def is_erased(self):
        return self.erased_at is not None

    @property
    def was_closed_by_erasing(self):
        """Whether its words were erased before there was a decision: it is closed, not declined."""
        closed = self.is_erased and self.decided_at == self.erased_at
        return closed and not self.is_withdrawn

    def promise(self, blog, today=None):
        """Return by when the author acknowledges and decides, or None: it waits no more."""
        if not self.is_awaiting_decision:
            return None
        return promises.given(self.asked_at, blog, self.acknowledged_at, today)

    # Verbs

    def acknowledge(self, by=None, at=None):
        """Let the subject know that the author has read it. Once, and not after a decision."""
        with transaction.atomic():
            self._lock()
            if not self.is_awaiting_decision or self.acknowledged_at:
                return
            self.acknowledged_at = at or timezone.now()
            self.save(update_fields=["acknowledged_at"])
            text = _now(
                "Your request for an amendment of “%(title)s” on the blog %(blog)s has arrived, "
                "and the author has read it."
            ) % {"title": self.right.post, "blog": Blog.current().name}
            text += f" {when_decided(self.promise(Blog.current()))}"
            self._write(self._read_key, text)
            self._record("acknowledge", by, self.acknowledged_at)

    def decline(self, reasons, by=None, at=None):
        """Decline, with `reasons` that the subject and readers get. ValueError without any."""
        self._decide(self.State.DECLINED, reasons, by, at)

    def grant(self, revision, reasons="", in_part=False, by=None, at=None):
        """Say that the amendment `revision` does what was asked, or (with reasons) part of it.

        Raises ValueError where that is no amendment of this post.
        """
        if revision.post_id != self.right.post_id or not revision.is_amendment:
            raise ValueError("A request is met by an amendment of the post it is about.")
        state = self.State.MADE_IN_PART if in_part else self.State.MADE
        self._decide(state, reasons, by, at, revision)

    def make(self, title, text, note, reasons="", in_part=False, withheld=False, by=None, at=None):
        """Amend the post, and grant the request by that amendment: both, or nothing of it.

        Takes what Post.revise() and grant() take; returns the revision. ValueError besides where
        the post is not public, or the text would stay as it is.
        """
        at = at or timezone.now()
        with transaction.atomic():
            post = Post.objects.select_for_update(no_key=True).get(pk=self.right.post_id)
            self._lock()  # before the log's numbers, as whoever declines it does
            how = {"note": note, "withheld": withheld, "by": by, "at": at}
            revision = post.revise(title, text, Revision.Sort.AMENDMENT, **how)
            if not post.is_published:
                raise ValueError(_now("The post is not public, so there is nothing to amend."))
            if revision is None:
                raise ValueError(_now("Neither title nor text has changed: nothing was amended."))
            self.grant(revision, reasons, in_part, by, at)
            CourtesyLetter.objects.draft(post=post)  # so that the author sees it before it goes
        return revision

    def withdraw(self, at=None):
        """Take a request back that is not decided, as whoever asked wishes. Harmless twice.

        That is no decision, so it has no entry of the log. The author can still read it.
        """
        with transaction.atomic():
            self._lock()
            if self.is_awaiting_decision:
                self.state, self.decided_at = self.State.WITHDRAWN, at or timezone.now()
                self.save(update_fields=["state", "decided_at"])
                self._record("withdraw_request", None, self.decided_at, Act.Role.SUBJECT)

    def erase(self, by=None, at=None, role=None):
        """Take what was asked, and the reasons, out of the database for good.

        The decision, its dates and its entry of the public log stay. One that awaits a decision is
        closed thereby: that is no decision, so it has no entry of the log, and the subject is told.
        `role` is SUBJECT where it is they who do it: then an open one is withdrawn.
        """
        with transaction.atomic():
            self._lock()
            if self.is_erased:
                return
            at = at or timezone.now()
            if role == Act.Role.SUBJECT:
                self.withdraw(at)
            self.erased_at = at
            if self.is_awaiting_decision:
                self.state, self.decided_at = self.State.DECLINED, self.erased_at
                text = _now(
                    "The words of your request for an amendment of “%(title)s” on the blog "
                    "%(blog)s are erased. It had not been decided, and will not be: you can ask "
                    "again."
                ) % {"title": self.right.post, "blog": Blog.current().name}
                self._write(f"erased request {self.pk}", text, quotes=False)
            self._forget_in_letters()
            self.words = self.wrong = self.wanted = self.reasons = ""
            self.save()
            self._record("erase_request", by, self.erased_at, role)

    def _lock(self):
        """Hold the row, after its right, until the transaction ends, and read it as it is now."""
        self.right.locked()
        self.refresh_from_db(from_queryset=AmendmentRequest.objects.select_for_update())

    def _decide(self, state, reasons, by, at, revision=None):
        if state != self.State.MADE and not reasons.strip():
            raise ValueError(str(self.NEEDS_REASONS))
        with transaction.atomic():
            self._lock()
            if not self.is_awaiting_decision:
                raise ValueError(_now("This request has been decided."))
            self.state, self.reasons, self.decided_at = state, reasons, at or timezone.now()
            self.revision = revision
            if self.public:
                self.log_entry = LogEntry.record(self.right.post, self.decided_at)
            fields = ["state", "reasons", "decided_at", "revision", "log_entry"]
            self.save(update_fields=fields)
            self._tell_subject()
            self._record(f"request {state}", by, self.decided_at)

    def _record(self, verb, by, at, role=None):
        about = {"request": self, "right": self.right, "post": self.right.post}
        Act.record(verb, by=by, role=role or Act.Role.AUTHOR, at=at, **about)

    def _tell_subject(self):
        text = _now(
            "You asked for “%(title)s” on the blog %(blog)s to be amended. The decision: "
            "%(decision)s."
        ) % {
            "title": self.right.post,
            "blog": Blog.current().name,
            "decision": self.get_state_display(),
        }
        if self.reasons.strip():
            text += f"\n\n{self.reasons}"
        entry = self.revision and LogEntry.objects.filter(revision=self.revision).first()
        if entry:
            address = settings.SITE_URL + entry.get_absolute_url()
            text += "\n\n" + _now("What was changed:") + f"\n{address}"
        self._write(self._decision_key, text)

    @property
    def _decision_key(self):
        return f"decision {self.pk}"

    @property
    def _read_key(self):
        return f"acknowledge request {self.pk}"

    def _write(self, key, text, quotes=True):
        """Write to the subject: which request it is, and the link to their letterbox below."""
        about = {"title": self.right.post, "date": date_format(timezone.localtime(self.asked_at))}
        if quotes:
            text = "\n\n".join([text, *self._quotes])
        subject_line = _now("Your request of %(date)s about “%(title)s”") % about
        self.right.write_back(key, subject_line, text)

    @property
    def _quotes(self):
        """What a letter quotes of the request, so that they see which one it is about."""
        if self.words.strip():
            yield _now("You meant these words:") + f"\n{telling.quoted(self.words)}"
        yield _now("You wrote:") + f"\n{telling.quoted(self.wrong)}"

    def _forget_in_letters(self):
        """Take what was asked, and the reasons, out of the letters about it."""
        keys = [self._decision_key, self._read_key]
        reasons = Letter.plain(self.reasons).strip()
        for letter in Letter.objects.filter(key__in=keys):
            body = letter.body
            if reasons:
                body = body.replace(f"\n\n{reasons}\n\n", "\n\n")
            letter.body = telling.without_quotes(body)
            letter.save(update_fields=["body"])
