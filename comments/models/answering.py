"""What a subject is told of what they said: that it was read, taken down, or marked as theirs."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now

from comments.models.act import Act
from comments.models.reply import Reply, when_decided
from comments.models.thread import Thread
from posts.models import Blog

MARKED = "marked"
"""How the key of a letter begins that says so of a comment; its id follows, and when."""


class Answering(models.Model):
    """A right of reply, as far as the author's short letters go; each has the letterbox link."""

    class Meta:
        abstract = True

    def unread_count(self):
        """Return how many replies and requests wait that the author has not acknowledged."""
        return len(self._unread())

    def acknowledge_all(self, by=None):
        """Let the subject know, in one letter, that the author has read all that waits of theirs.

        An act for each. Harmless twice.
        """
        with transaction.atomic():
            Thread.lock(self.post_id)
            self.locked()
            # Held, so that nobody decides in between.
            requests = self.requests.select_for_update().values_list("pk", flat=True)
            unread = self._unread(list(requests))
            now, blog = timezone.now(), Blog.current()
            for one in unread:
                one.acknowledged_at = now
                one.save()  # of a reply, there may be no row yet
                about = {"comment": one.comment} if isinstance(one, Reply) else {"request": one}
                who = {"by": by, "role": Act.Role.AUTHOR}
                Act.record("acknowledge", at=now, right=self, post=self.post, **who, **about)
            if unread:
                text = _now(
                    "What you sent about “%(title)s” on the blog %(blog)s has arrived, and the "
                    "author has read all of it."
                ) % {"title": self.post, "blog": blog.name}
                last = max((one.promise(blog) for one in unread), key=lambda one: one.decide_by)
                key = f"acknowledge all {self.pk} {now.timestamp():.0f}"
                text = f"{text} {when_decided(last)}"
                self.write_back(key, _now("What you sent has been read"), text)

    def tell_taken_down(self, comment):
        """Tell the subject that the author has taken down what they had said, and why."""
        text = _now(
            "Your reply to “%(title)s” on the blog %(blog)s was taken down. The reason, which "
            "readers can see as well: %(reason)s."
        ) % {
            "title": self.post,
            "blog": Blog.current().name,
            "reason": comment.get_removed_because_display(),
        }
        key = f"taken down {comment.pk} {comment.removed_at.timestamp():.0f}"
        self.write_back(key, _now("Your reply was taken down"), text)

    def tell_marked(self, comment):
        """Tell the subject that a comment stands as theirs now, so that they can say it is not."""
        text = _now(
            "Comment %(number)s on “%(title)s”, on the blog %(blog)s, is marked as yours. It "
            "stands above the readers’ comments now, under the name “%(name)s”. If it is not "
            "yours, or is not to stand there, please say so in your letterbox."
        ) % {
            "number": comment.number,
            "title": self.post,
            "blog": Blog.current().name,
            "name": self.name,
        }
        key = f"{MARKED} {comment.pk} {timezone.now().timestamp():.6f}"
        self.write_back(key, _now("A comment is marked as yours"), text)

    def untell_marked(self, comment):
        """Let no letter go any more that says so: it is not marked now."""
        letters = self.letters.filter(key__startswith=f"{MARKED} {comment.pk} ").waiting()
        letters.exclude(pk__in=letters.under_trial()).delete()

    def _unread(self, requests=None):
        """Return what waits and is not acknowledged: Reply rows, then requests."""
        replies = self.replies.held().select_related("reply").oldest_first()
        waiting = [reply for reply in map(Reply.about, replies) if reply.is_waiting]
        asked = self.requests.awaiting_decision()
        asked = asked if requests is None else asked.filter(pk__in=requests)
        return [one for one in (*waiting, *asked) if not one.acknowledged_at]
