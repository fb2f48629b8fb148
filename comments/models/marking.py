"""Marking: that an existing comment of a reader is by somebody the post is about."""

from django.db import models, transaction
from django.utils.translation import gettext as _now

from blogsite import html
from comments.models.reply import Reply
from comments.models.thread import Thread
from posts.models import SearchDocument


class Markable(models.Model):
    """A comment, as far as the author can say that it is a subject's."""

    class Meta:
        abstract = True

    @property
    def is_markable(self):
        """Whether the author may say that it is a subject's: a reader's, let through."""
        return self.is_readers and self.is_published and self.kind == self.Kind.COMMENT

    @property
    def is_marked(self):
        """Whether the author has said so: it did not come from a letterbox. One query."""
        if not self.is_subjects:
            return False
        return Reply.objects.filter(comment=self.pk).exclude(known_by="").exists()

    def mark(self, right, known_by, by=None):
        """Say that the comment is by the subject of `right`; `known_by` says how that is known.

        It moves above the readers' comments, under the name that readers know the subject by; its
        number and its writer's return link stay. They get a letter. Harmless twice.
        ValueError without `known_by`, for the right to another post, and where it is not the
        comment of a reader that was let through.
        """
        if not known_by.strip():
            raise ValueError(_now("Write down how you know that it is theirs."))
        if right.post_id != self.post_id:
            raise ValueError(_now("This person has no right of reply to the post it is under."))
        with transaction.atomic():
            Thread.lock(self.post_id)
            self._reread()
            if self.is_subjects and self.right_id == right.pk:
                return
            if not self.is_markable:
                raise ValueError(_now("Only the comment of a reader, let through, can be marked."))
            reply = Reply.of(self)
            reply.signed, reply.known_by = self.name, known_by
            reply.save(update_fields=["signed", "known_by"])
            right.refresh_from_db()  # as readers see it now
            # A link beside a name that is not to be read would say it.
            self.url = "" if right.unnamed else self.url
            self._speak_as(self.Voice.SUBJECT, right, right.name)
            self._record("mark", by)
            if right.told_at:  # else they are told of the post first, or are not to be told
                right.tell_marked(self)

    def unmark(self, by=None):
        """Take back that the comment is a subject's: it is a reader's again, signed as it was.

        Harmless twice, and for one that came from a letterbox.
        """
        with transaction.atomic():
            Thread.lock(self.post_id)
            self._reread()
            if not self.is_marked:
                return
            self._record("unmark", by)
            self.right.untell_marked(self)
            reply = Reply.objects.get(comment=self)
            self._speak_as(self.Voice.READER, None, reply.signed)
            reply.delete()

    def _speak_as(self, voice, right, name):
        """Store voice, right and name, and what is shown, made again by the door of that voice."""
        self.voice, self.right, self.name = voice, right, name
        self.shown = html.DOORS[self.door](self.typed)
        # Not by save(), which would take the words through the door again, under the lock.
        changed = ("voice", "right", "name", "url", "shown")
        row = type(self).objects.filter(pk=self.pk)
        row.update(**{field: getattr(self, field) for field in changed})
        SearchDocument.objects.put([self.search_document()])
