"""Letters: mail that the blog sends. A row each, sent by the worker, tried again if need be."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import InterfaceError, OperationalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite import emails
from comments.mail_faults import is_away, is_refused_for_good
from comments.models.letter_queryset import A_TRY, LetterQuerySet

WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""How long to wait after each failed try; after the last one the letter has failed."""
WITHOUT_MAIL = timedelta(days=30)
"""How long a letter to a subject or a claimant is tried, daily at last, where no server answers."""
LATER = timedelta(hours=1)
"""How long a letter is put off whose occasion is out of sight."""
PUT_OFF = timedelta(days=3)
"""After this time it is no news any more, and does not go."""

NOTED = ("state", "tries", "next_try_at", "sent_at", "fault")
"""What is noted of a try when it is over."""


OUT_OF_SIGHT = _("What it is about is out of sight.")
"""What is noted of such a letter."""


class NotNow(Exception):
    """What a letter is about is out of sight; it may come back."""


class Letter(models.Model):
    """One mail to one person. `key` says what occasioned it, so that it is written once.

    Where `LETTERBOX` stands in the text, the link to the letterbox of `right` is put when it is
    sent, and nowhere kept: it is the link that is valid then, and the desk shows none. So with
    the links that stop letters. Each such place has a `SIGN` that `plain()` takes out of all that
    anybody typed, so that no words of theirs become a link. Letters of a `subscription` are filled
    in by comments/answers.py.
    """

    SIGN = "\x1a"
    LETTERBOX = f"[letterbox{SIGN}]"
    CLAIM = f"[claim{SIGN}]"
    STOP_POST = f"[no more about this post{SIGN}]"
    STOP_ALL = f"[no more letters{SIGN}]"
    CONFIRM = f"[confirm{SIGN}]"
    ANSWER = f"[answer{SIGN}]"
    ABOUT_ANSWER = "answer "
    """How the key of a letter about an answer begins; its id follows."""
    ABOUT_REPLY = "replied "
    """The same of one about a subject's reply; its id and that of the subscription follow."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        BOUNCED = "bounced", _("came back")

    key = models.CharField(_("occasion"), max_length=100, unique=True)
    to = models.EmailField(_("to"), blank=True)
    subject = models.CharField(_("subject line"), max_length=250)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    fault = models.CharField(_("what went wrong"), max_length=300, blank=True)
    seen_to_at = models.DateTimeField(_("seen to"), null=True, editable=False)
    post = models.ForeignKey(
        "posts.Post", models.SET_NULL, null=True, related_name="letters", verbose_name=_("post")
    )
    right = models.ForeignKey(
        "comments.RightOfReply",
        models.SET_NULL,
        null=True,
        related_name="letters",
        verbose_name=_("right of reply"),
    )
    claim = models.ForeignKey(
        "comments.Claim",
        models.CASCADE,
        null=True,
        related_name="letters",
        verbose_name=_("claim"),
    )
    # CASCADE: who stops their letters, or is erased, leaves no address behind.
    subscription = models.ForeignKey(
        "comments.Subscription",
        models.CASCADE,
        null=True,
        related_name="letters",
        verbose_name=_("subscription"),
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="letter_due")]

    def __str__(self):
        return self.subject

    @property
    def is_due(self):
        return self.state == self.State.WAITING and self.next_try_at <= timezone.now()

    @property
    def is_under_trial(self):
        now = timezone.now()
        trying = self.tries > 0 and not self.fault and now < self.next_try_at <= now + A_TRY
        return self.state == self.State.WAITING and trying

    @property
    def is_undelivered(self):
        return self.state in (self.State.FAILED, self.State.BOUNCED)

    @property
    def is_to_subject(self):
        return self.right_id is not None and self.STOP_ALL in self.body

    @property
    def shown(self):
        """The text as the desk shows it: with the names of links in brackets, and no link."""
        return self.plain(self.body)

    @property
    def is_about_answer(self):
        return self.key.startswith(self.ABOUT_ANSWER)

    @property
    def is_about_reply(self):
        return self.key.startswith(self.ABOUT_REPLY)

    @property
    def reply_id(self):
        """The id of the subject's reply that a letter is about."""
        return int(self.key.split()[1])

    @property
    def answer_id(self):
        """The id of the answer that a letter is about."""
        return int(self.key.removeprefix(self.ABOUT_ANSWER))

    @classmethod
    def plain(cls, words):
        """Return `words` that somebody typed as they may stand in a letter: no place for a link."""
        return str(words).replace(cls.SIGN, "")

    @classmethod
    def of(cls, key, to, subject, body, **about):
        """Return a new letter that is not stored yet; ValueError as in LetterQuerySet.write()."""
        if not emails.is_seen(to):
            raise ValueError("The e-mail has signs in it that nobody sees.")  # nor says which one
        # A title may have a line break, a header not.
        subject = " ".join(cls.plain(subject).split())[:200]
        return cls(key=key, to=to, subject=subject, body=body, **about)

    def enqueue(self):
        """Ask the worker to send the letter as soon as this transaction is through."""
        from comments.tasks import send_letter

        send_letter.enqueue(self.pk)

    def retry(self, to=None):
        """Try a letter again now, with all its tries; not one that was sent or is being sent.

        `to` is another e-mail of the same person; of a subject, the one that is known now. One
        whose e-mail was erased has nowhere to go.
        """
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Letter.objects.select_for_update())
            if self.is_to_subject:
                to = self.right.subject.email
            self.to = self.to if to is None else to
            if self.state == self.State.SENT or self.is_under_trial or not self.to:
                return
            self.state, self.tries, self.next_try_at = self.State.WAITING, 0, timezone.now()
            self.seen_to_at = None
            self.save(update_fields=["to", "state", "tries", "next_try_at", "seen_to_at"])
            self.enqueue()

    def came_back(self):
        """Note that a letter that was sent came back: nobody has read it. Harmless twice."""
        with transaction.atomic():
            self.refresh_from_db(from_queryset=Letter.objects.select_for_update())
            if self.state == self.State.SENT:
                self.state, self.next_try_at = self.State.BOUNCED, timezone.now()
                self.save(update_fields=["state", "next_try_at"])

    def see_to(self):
        """Leave a letter that failed or came back out of the list of what waits. Harmless twice."""
        undelivered = Letter.objects.undelivered().filter(pk=self.pk, seen_to_at=None)
        undelivered.update(seen_to_at=timezone.now())
        self.refresh_from_db(fields=["seen_to_at"])

    def send(self):
        """Send the letter if it is due. Harmless twice: whoever begins a try puts off the next.

        A mail server that is away delays the letter by growing waits and is not an error. Nothing
        is locked while it is talked to: on SQLite nobody could write a comment meanwhile. Should
        the process die before it has noted what became of the try, the letter goes again, with
        the same Message-ID, by which mail programs tell that it is the same. A letter that has
        nothing to say any more goes nowhere, and its row goes; one whose occasion is out of sight
        waits for some days. What can't be filled in is a failed try, but for a database that is
        away: that is not about this letter.
        """
        if not self._begin_try():
            return
        try:
            message = self._message()
            if message is None:
                self._drop()
                return
            message.send()
        except (OperationalError, InterfaceError):
            raise
        except NotNow:
            if timezone.now() - self.written_at > PUT_OFF:
                self._drop()
                return
            self.tries -= 1  # no mail server was tried
            self.fault = str(OUT_OF_SIGHT)
            self.next_try_at = timezone.now() + LATER
        except Exception as error:  # whatever a mail server may come up with: try again later
            self.fault = f"{type(error).__name__}: {error}"[:300]
            if is_refused_for_good(error):
                self.state = self.State.BOUNCED
            elif self.tries <= len(WAITS):
                self.next_try_at = timezone.now() + WAITS[self.tries - 1]
            elif self._outlasts(error):
                self.next_try_at = timezone.now() + WAITS[-1]
            else:
                self.state = self.State.FAILED
        else:
            self.state, self.fault = self.State.SENT, ""
            self.sent_at = self.next_try_at = timezone.now()
        # Not by save(): whoever was written to may have stopped their letters meanwhile.
        noted = {name: getattr(self, name) for name in NOTED}
        row = Letter.objects.filter(pk=self.pk)
        where = {"to": self.to} if self.state == self.State.SENT else {}
        if not row.exclude(to="").update(**noted, **where):  # else it was erased meanwhile
            row.update(**{**noted, "fault": ""})

    def _message(self):
        """Return the letter as it is sent, with what no row is to hold; None: it is not to go."""
        from comments import answers

        host = settings.SITE_URL.split("//")[1].split(":")[0]
        headers = {"Message-ID": f"<letter-{self.pk}@{host}>"}
        if self.subscription_id:
            filled = answers.filled(self)
            if filled is None:
                return None
            body, more = filled
            headers |= more
        elif self.is_to_subject:
            if self.right.stopped_at or self.right.subject.stopped_at or not self.to:
                return None
            if self._courtesy and not self._courtesy.is_public:
                raise NotNow
            body = self._whole_body()
            # A button in a mail program, pressed in passing: it does no more than it must.
            headers["List-Unsubscribe"] = f"<{self.right.stop_link}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        else:
            body = self._whole_body()
        return EmailMessage(self.subject, body, to=[self.to], headers=headers)

    @property
    def _courtesy(self):
        """The CourtesyLetter that this one is the mail of, or None."""
        return getattr(self, "courtesy", None)

    def _drop(self):
        """Take out a letter that does not go; who would have been told by it was not told."""
        with transaction.atomic():
            if self._courtesy:
                self.right.note_untold(self._courtesy)
            Letter.objects.filter(pk=self.pk).delete()

    def _whole_body(self):
        """Return the text of a letter to the author or a subject, with what no row is to hold."""
        from comments import digest

        if self.key.startswith(digest.KEY):
            return digest.filled(self.body)
        body = self.body.replace(self.CLAIM, self.claim.link) if self.claim else self.body
        if not self.right:
            return body
        body = body.replace(self.LETTERBOX, self.right.letterbox)
        body = body.replace(self.STOP_POST, self.right.stop_link)
        return body.replace(self.STOP_ALL, self.right.subject.stop_link)

    def _outlasts(self, error):
        """Say whether it is tried again though its tries are used up: nobody has refused it."""
        is_for_them = self.is_to_subject or self.claim_id is not None
        return is_for_them and is_away(error) and timezone.now() - self.written_at < WITHOUT_MAIL

    def _begin_try(self):
        """Count a try and put off the next one; say whether the letter is due at all."""
        with transaction.atomic():
            try:
                self.refresh_from_db(from_queryset=Letter.objects.select_for_update())
            except Letter.DoesNotExist:  # whoever it was to has stopped their letters meanwhile
                return False
            if not self.is_due:
                return False
            self.tries += 1
            self.fault = ""
            self.next_try_at = timezone.now() + A_TRY
            self.save(update_fields=["tries", "next_try_at", "fault"])
            return True
