"""Courtesy letters: what tells a subject of a post about them, of its reprints and amendments."""

from datetime import UTC, datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import telling
from comments.models.act import Act
from comments.models.courtesy_queryset import CourtesyLetterQuerySet

UNTIL_TOLD_OTHERWISE = datetime(9999, 1, 1, tzinfo=UTC)
"""When a letter goes that waits for the author to say so."""


class CourtesyLetter(models.Model):
    """One subject told, or to be told, of one occasion: drafted, changed by the author, sent.

    The occasion is the publication of the post (neither `reprint` nor `revision`), a reprint of it
    or an amendment. Without `goes_at` it goes as soon as its occasion is public. `words` are the
    author's; empty, they are as comments/telling.py drafts them. All verbs hold the right.
    """

    right = models.ForeignKey(
        "comments.RightOfReply",
        models.CASCADE,
        related_name="courtesy_letters",
        verbose_name=_("right of reply"),
    )
    reprint = models.ForeignKey(
        "posts.Reprint",
        models.CASCADE,
        null=True,
        related_name="courtesy_letters",
        verbose_name=_("reprint"),
    )
    revision = models.ForeignKey(
        "posts.Revision",
        models.CASCADE,
        null=True,
        related_name="courtesy_letters",
        verbose_name=_("amendment"),
    )
    words = models.TextField(_("what it says"), blank=True)
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    goes_at = models.DateTimeField(_("goes"), null=True)
    dropped_at = models.DateTimeField(_("dropped"), null=True)
    not_told_because = models.CharField(_("not told, because"), max_length=300, blank=True)
    letter = models.OneToOneField(
        "comments.Letter",
        models.SET_NULL,
        null=True,
        related_name="courtesy",
        verbose_name=_("letter"),
    )

    objects = CourtesyLetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("courtesy letter")
        verbose_name_plural = _("courtesy letters")
        ordering = ["drafted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["right"],
                condition=Q(reprint=None, revision=None),
                name="told_once_of_post",
            ),
            models.UniqueConstraint(fields=["right", "reprint"], name="told_once_of_reprint"),
            models.UniqueConstraint(fields=["right", "revision"], name="told_once_of_revision"),
            models.CheckConstraint(
                condition=Q(reprint=None) | Q(revision=None), name="one_occasion"
            ),
        ]

    def __str__(self):
        return f"{self.right}"

    # Questions

    @property
    def is_of_post(self):
        return self.reprint_id is None and self.revision_id is None

    @property
    def is_open(self):
        return self.letter_id is None and self.dropped_at is None

    @property
    def is_public(self):
        """Whether readers can see what it tells of."""
        shown = self.reprint is None or self.reprint.post.is_published
        return shown and self.right.post.is_published

    @property
    def is_put_off(self):
        return self.goes_at == UNTIL_TOLD_OTHERWISE

    @property
    def is_possible(self):
        """Whether it could go at once: its occasion is public, and its subject may be told.

        Of a reprint or an amendment somebody is told who knows of the post; and one whom the author
        would not have told before, where there is a row: the author chose it then.
        """
        right = self.right
        if not (right.post.is_published and right.may_get_letters):
            return False
        if self.is_of_post:
            return right.is_to_tell
        if self.reprint and not self.reprint.post.is_published:
            return False
        return right.told_at is not None if right.is_to_be_told else self.pk is not None

    @property
    def is_due(self):
        early = self.goes_at is not None and self.goes_at > timezone.now()
        return self.is_open and not early and self.is_possible

    @property
    def key(self):
        """What occasions it: the same for the same occasion, also before it is saved."""
        if self.reprint_id:
            return f"courtesy {self.right_id} reprint {self.reprint_id}"
        if self.revision_id:
            return f"courtesy {self.right_id} amendment {self.revision_id}"
        return f"courtesy {self.right_id}"

    # Verbs

    def kept(self, **values):
        """Return the row of this occasion, made with `values` if there is none.

        One that was dropped is taken up again with them: the author has thought better of it.
        """
        row, made = CourtesyLetter.objects.get_or_create(
            right=self.right, reprint=self.reprint, revision=self.revision, defaults=values
        )
        if not made and row.dropped_at:
            row._note(**{"goes_at": None, **values, "dropped_at": None, "not_told_because": ""})
        row.right = self.right
        return row

    def go(self, by=None):
        """Put the letter in the post if it is due, once; say whether it went now.

        Of an occasion for which there is no row, one is made.
        """
        with transaction.atomic():
            row = self._held()
            if row.pk is None or (row.dropped_at and row.is_of_post and row.right.is_to_tell):
                row = row.kept()
            if not row.is_due:
                return False
            return row._post(by)

    def send_now(self, by=None):
        """Put the letter in the post without waiting any longer; ValueError where it can't go."""
        with transaction.atomic():
            row = self._held()
            if not (row.is_open and row.is_possible and row._post(by)):
                raise ValueError(_("This letter can’t go now."))

    def send_again(self, by=None):
        """Write a letter that failed or came back once more, to the e-mail that is known now."""
        with transaction.atomic():
            row = self._held()
            if not (row.letter and row.letter.is_undelivered):
                raise ValueError(_("This letter neither failed nor came back."))
            if not (row.right.post.is_published and row.right.may_get_letters):
                raise ValueError(_("This letter can’t go now."))
            row.letter.retry(to=row.right.subject.email)
            Act.record("tell", by=by, right=row.right, post=row.right.post)

    def write(self, words):
        """Let the letter say this; "" lets it say what is drafted. ValueError once it has gone."""
        words = "\n".join(line.rstrip() for line in words.strip().splitlines())
        with transaction.atomic():
            row = self._held()
            if not row.is_open:
                raise ValueError(_("This letter has gone, or was dropped."))
            row._note(words="" if words == telling.drafted(row) else words)
            self.words = row.words

    def go_along(self, words):
        """Let the letter go as soon as its occasion is public, and say this; made if need be."""
        with transaction.atomic():
            row = self._held()
            if row.pk is None or row.dropped_at:
                row = row.kept()
            if row.is_open:
                row._note(goes_at=None)
                row.write(words)

    def put_off(self):
        """Let the letter wait until the author says otherwise; one that has gone has gone."""
        with transaction.atomic():
            row = self._held()
            if row.is_open:
                row._note(goes_at=UNTIL_TOLD_OTHERWISE)

    def drop(self, reason, by=None):
        """Do not tell the subject of this, for a `reason`; ValueError without one."""
        reason = reason.strip()
        if not reason:
            raise ValueError(_("Say why they are not told."))
        with transaction.atomic():
            row = self._held()
            if not row.is_open:
                return
            if row.is_of_post:
                row.right.do_not_tell(reason, by=by)
                return
            row = row if row.pk else row.kept()
            row._note(dropped_at=timezone.now(), not_told_because=reason)
            Act.record("not_told", by=by, right=row.right, post=row.right.post)

    def _held(self):
        """Return the row as it is now, its right held until the transaction ends."""
        right = self.right.locked()
        rows = CourtesyLetter.objects.select_related("reprint__post", "revision", "letter")
        rows = rows.filter(right=right, reprint=self.reprint_id, revision=self.revision_id)
        row = rows.first()
        if row is None:
            row = CourtesyLetter(right=right, reprint=self.reprint, revision=self.revision)
        row.right = right
        return row

    def _post(self, by):
        """Write the Letter; note that, and when, the subject was told. The right is held."""
        texts = telling.subject_line(self), telling.words(self), telling.fixed(self)
        letter = self.right.write(self.key, *texts)
        if letter is None:  # they have stopped their letters at this moment
            return False
        self._note(letter=letter, dropped_at=None)
        self.right.tell_from_now()
        Act.record("tell", by=by, right=self.right, post=self.right.post)
        return True

    def _note(self, **values):
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
