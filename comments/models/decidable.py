"""What is decided about a comment: whether it stands, waits or is taken out of sight."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from blogsite.decided import Decided
from comments import screening
from comments.models.act import Act
from comments.models.reason import Reason
from comments.models.reply import Reply
from comments.models.sign import Sign
from comments.models.subscription import Subscription
from comments.models.thread import Thread
from posts.models import SearchDocument

ERASED = [
    *("name", "url", "typed", "shown", "held_because", "commenter"),
    *("edited_at", "network", "flood"),
]


class Decidable(Decided):
    """A comment, as far as decisions go: the verbs that bring it from one state into another."""

    class Meta:
        abstract = True

    def publish(self, by=None, at=None, quietly=False, role=None):
        """Let the comment stand under its post, with a number if it has none. Harmless twice.

        `by` is the user who decides, or `role` in which part somebody does who is not signed in.
        `at` is the moment (default: now). `quietly` leaves no act: nobody decided, the policy let
        it pass. ValueError for one that is erased.
        """
        with transaction.atomic():
            thread = Thread.lock(self.post_id)
            self._reread()
            if self.is_published:
                return
            if self.is_erased:
                raise ValueError(_now("It is erased: nothing is left to publish."))
            self.number = self.number or thread.next_number()
            self.state = self.State.PUBLISHED
            self.published_at = self.published_at or at or timezone.now()
            self.removed_at, self.removed_by, self.removed_because = None, "", ""
            self._store()
            if not quietly:
                self._record("publish", by, role=role, at=at or timezone.now())
            if self.is_subjects:
                Reply.let_through(self, told=bool(by or role))
            Subscription.objects.hear_of(self)

    def remove(self, by=None, reason=Reason.OTHER, note="", role=None, at=None):
        """Take the comment's words out of sight; its number and place stay, as a tombstone.

        `reason` is one of `Reason` (ValueError otherwise); `note` is for the desk. A subject gets a
        letter that says why, where it is the author who takes down what they said.
        """
        if reason not in Reason.values:
            raise ValueError(f"{reason!r} is not one of the published reasons.")
        self._take_out(self.State.REMOVED, "remove", by, reason, note, role, at)

    def decline(self, by=None, at=None):
        """Leave what a subject said unpublished. Called by Reply.decline(), which says why."""
        how = (Reason.OTHER, "", Act.Role.AUTHOR, at)
        self._take_out(self.State.REMOVED, "decline_reply", by, *how)

    def hold(self, by=None, role=None):
        """Put the comment back among those that wait for a decision; its number stays with it.

        ValueError for one that is erased.
        """
        with transaction.atomic():
            Thread.lock(self.post_id)
            self._reread()
            if self.is_held:
                return
            if self.is_erased:
                raise ValueError(_now("It is erased: nothing is left to decide."))
            self.state = self.State.HELD
            self.removed_at, self.removed_by, self.removed_because = None, "", ""
            self.held_because = self.held_because or screening.BACK
            super().save(update_fields=["held_because"])
            self._store()
            self._record("hold", by, role=role)

    def mark_spam(self, by=None, note="", role=None, at=None):
        """Take the comment away as spam. One that had stood in the thread leaves a tombstone.

        What is like it, or has its links, will be held.
        """
        with transaction.atomic():
            self._take_out(self.State.SPAM, "mark_spam", by, Reason.ADVERTISING, note, role, at)
            if not self.is_erased:
                Sign.objects.learn_spam([self])

    def if_still(self, state, verb, **how):
        """Do `verb` (the name of one) if the comment is in this `state`; say whether it was.

        For whoever decides on what they have seen: it may have been decided otherwise, or erased,
        meanwhile.
        """
        with transaction.atomic():
            Thread.lock(self.post_id)
            try:
                self._reread()
            except self.DoesNotExist:
                return False
            if self.state != state or self.is_erased:
                return False
            getattr(self, verb)(**how)
            return True

    def _take_out(self, state, verb, by, reason, note, role=None, at=None):
        with transaction.atomic():
            Thread.lock(self.post_id)
            self._reread()
            if self.state == state or (self.is_erased and not self.is_published):
                return  # an erased one says already why it is gone
            stood, self.state = self.is_published, state
            self.removed_at = at or timezone.now()
            self.removed_by = role or (Act.Role.AUTHOR if by else Act.Role.PROGRAM)
            self.removed_because = reason
            self._store()
            if role == Act.Role.WRITER:  # who takes words back may say them again
                self.signs.all().delete()
            self._record(verb, by, role=role, reason=reason, note=note, at=self.removed_at)
            if stood and self.is_subjects and self.removed_by == Act.Role.AUTHOR:
                self.right.tell_taken_down(self)

    def _reread(self):
        """Read what verbs have decided, and what an erasure would have taken away meanwhile."""
        fields = [*self.DECIDED, *ERASED, "voice", "right"]  # it may be marked as a subject's
        self.refresh_from_db(fields=list(dict.fromkeys(fields)))

    def _store(self):
        # `shown` is not written again: it was made when the words came in.
        super().save(update_fields=self.DECIDED)
        SearchDocument.objects.put([self.search_document()])

    def _record(self, verb, by, **more):
        Act.record(verb, by=by, comment=self, post_id=self.post_id, right=self.right, **more)
