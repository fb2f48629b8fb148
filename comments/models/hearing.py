"""What a subject does with a reply that they have sent: change it, insist on it, take it back."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now

from blogsite import html
from comments.models.act import Act
from comments.models.comment import Comment
from comments.models.reason import Reason
from comments.models.reply import Reply
from comments.models.thread import Thread
from posts.models import SearchDocument


class Hearing:
    """A right of reply, as far as replies go that were sent: verbs of the subject.

    Each is harmless twice, and raises Comment.DoesNotExist for a reply to another right.
    """

    def rewrite(self, reply, typed, role="", url="", shown=None):
        """Let other words take the place of those of a reply that waits; ValueError for any other.

        The former ones are kept, with what the author asked about them. The changed ones are yet
        to be read. Unchanged words stand by what was said: see insist().
        """
        # As in CommentQuerySet.write(): nobody waits for the thread while the door is at work.
        shown = shown or html.DOORS[reply.door](typed)
        with transaction.atomic():
            row, more = self._heard(reply)
            if (row.typed, row.url, more.role) == (typed, url, role):
                self.insist(row)
                return
            if not row.is_held or more.declined_at or more.known_by:
                raise ValueError(_now("This reply is not waiting any more."))
            now = timezone.now()
            if row.typed != typed or more.asked_at:
                asked = {name: getattr(more, name) for name in Reply.ASKING}
                row.revisions.create(typed=row.typed, until=now, **asked)
            row.typed, row.shown, row.url = typed, shown, url
            # Not by save(), which would take the words through the door again, under the lock.
            changed = {"typed": typed, "shown": shown, "url": url, "edited_at": now}
            Comment.objects.filter(pk=row.pk).update(**changed)
            SearchDocument.objects.put([row.search_document()])
            asked = {"asked_at": None, "question": "", "insisted_at": None}
            heard = {"role": role, "acknowledged_at": None, **asked}
            Reply.objects.filter(pk=row.pk).update(**heard)
            self._say(
                *("rewrite", row, now),
                _now("%(name)s has changed a reply"),
                _now("%(name)s has changed the reply to “%(title)s”. It waits again:"),
            )

    def insist(self, reply):
        """Let a reply stand as it is, though the author has asked to reconsider it."""
        with transaction.atomic():
            row, more = self._heard(reply)
            if not more.is_with_subject:
                return
            now = timezone.now()
            Reply.objects.filter(pk=row.pk).update(insisted_at=now)
            self._say(
                *("insist", row, now),
                _now("%(name)s lets a reply stand as it is"),
                _now(
                    "You have asked %(name)s to reconsider the reply to “%(title)s”. It is to "
                    "stand as it is, and waits for your decision:"
                ),
            )

    def withdraw(self, reply):
        """Take a reply back that is published or waits: where it stood, a tombstone says so.

        One that was declined meanwhile is not the author's to publish any more, and readers are not
        told of it.
        """
        with transaction.atomic():
            row, more = self._heard(reply)
            if row.is_published or row.is_held:
                row.remove(reason=Reason.ASKED, role=Act.Role.SUBJECT)
            elif more.is_declined and row.removed_by != Act.Role.SUBJECT and not row.is_erased:
                Comment.objects.filter(pk=row.pk).update(removed_by=Act.Role.SUBJECT)
                Reply.objects.filter(pk=row.pk).update(declined_at=None, reasons="")
                about = {"right": self, "post": self.post, "comment": row}
                Act.record("remove", role=Act.Role.SUBJECT, reason=Reason.ASKED, **about)

    def erase_reply(self, reply):
        """Take a reply out for good: nothing of it is left but its number and its place."""
        with transaction.atomic():
            row, _more = self._heard(reply)
            if not row.is_erased:
                row.erase(role=Act.Role.SUBJECT)

    def _heard(self, reply):
        """Return (the reply, its Reply) as they are now, held until the transaction ends."""
        Thread.lock(self.post_id)
        row = self.replies.get(pk=reply.pk)
        more = Reply.objects.select_for_update().get(pk=Reply.of(row).pk)
        more.comment = row
        return row, more

    def _say(self, verb, reply, at, subject_line, text):
        about = {"right": self, "post": self.post, "comment": reply}
        act = Act.record(verb, role=Act.Role.SUBJECT, at=at, **about)
        path = reverse("admin:comments_comment_change", args=[reply.pk])
        self._tell_author(f"{verb} {act.pk}", subject_line, text, path)
