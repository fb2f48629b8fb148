"""Amendment requests: what a subject wants changed, and the author's decision with reasons."""

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.models.act import Act
from comments.models.letter import Letter
from posts.models import Blog, LogEntry


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

    right = models.ForeignKey(
        "comments.RightOfReply",
        models.RESTRICT,
        related_name="requests",
        verbose_name=_("right of reply"),
    )
    words = models.TextField(_("the words meant"), blank=True)
    wrong = models.TextField(_("what is wrong with them"))
    wanted = models.TextField(_("what it should say"), blank=True)
    public = models.BooleanField(_("public"), default=True)
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
        return f"{self.right.name}: {self.wrong[:60]}"

    @property
    def is_awaiting_decision(self):
        return self.state == self.State.WAITING

    def decline(self, reasons, by=None, at=None):
        """Decline, with `reasons` that the subject and readers get. ValueError without any."""
        self._decide(self.State.DECLINED, reasons, by, at)

    def grant(self, revision, reasons="", in_part=False, by=None, at=None):
        """Say that the amendment `revision` does what was asked, or (with reasons) part of it.

        Raises ValueError where that is no amendment of this post.
        """
        if revision.post_id != self.right.post_id or not revision.is_amendment:
            raise ValueError("A request is met by an amendment of the post it is about.")
        self.revision = revision
        self._decide(self.State.MADE_IN_PART if in_part else self.State.MADE, reasons, by, at)

    def _decide(self, state, reasons, by, at):
        if state != self.State.MADE and not reasons.strip():
            raise ValueError("A request is declined, or met in part, with reasons.")
        with transaction.atomic():
            row = AmendmentRequest.objects.select_for_update().get(pk=self.pk)
            if not row.is_awaiting_decision:
                raise ValueError("This request has been decided.")
            self.state, self.reasons, self.decided_at = state, reasons, at or timezone.now()
            if self.public:
                self.log_entry = LogEntry.record(self.right.post, self.decided_at)
            fields = ["state", "reasons", "decided_at", "revision", "log_entry"]
            self.save(update_fields=fields)
            self._tell_subject()
            Act.record(
                f"request {state}",
                by=by,
                right=self.right,
                post=self.right.post,
                note=reasons,
                at=self.decided_at,
            )

    def _tell_subject(self):
        right = self.right
        text = _now(
            "You asked for “%(title)s” on the blog %(blog)s to be amended. The decision: "
            "%(decision)s.\n\n%(reasons)s\n\n"
            "Everything you sent, and what became of it, is in your letterbox, where you can also "
            "write again:\n%(letterbox)s"
        ) % {
            "title": right.post,
            "blog": Blog.current().name,
            "decision": self.get_state_display(),
            "reasons": self.reasons,
            "letterbox": Letter.LETTERBOX,
        }
        about = _now("Your request about “%(title)s”") % {"title": right.post}
        right._write(f"decision {self.pk}", about, text)
