"""Which comments, and the one way in for a new one."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from blogsite import html, secret_links
from comments import screening
from comments.models.act import Act
from comments.models.comment_revision import CommentRevision
from comments.models.commenter import Commenter
from comments.models.thread import Thread
from comments.names import tidy
from posts.models import CommentPolicy, SearchDocument

SAME_SUBMISSION = timedelta(minutes=10)


class CommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=self.model.State.PUBLISHED)

    def held(self):
        return self.filter(state=self.model.State.HELD)

    def in_thread(self):
        """Comments that have a place in the thread: published, or a tombstone."""
        return self.filter(number__isnull=False)

    def by_decision_secret(self, secret):
        """Return the comment that the `secret` of a link in the author's mail is about, or None."""
        rows = self.select_related("post", "parent", "commenter")
        return secret_links.find("decide", secret, rows)

    def oldest_first(self):
        return self.order_by("written_at", "pk")

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def on_public_posts(self):
        return self.filter(post__state="published")

    def not_withdrawn(self):
        return self.exclude(removed_by=Act.Role.WRITER)

    def saying(self, typed):
        """Comments with these words, or that had them until their writer edited them."""
        before = CommentRevision.objects.filter(comment=models.OuterRef("pk"), typed=typed)
        return self.filter(models.Q(typed=typed) | models.Exists(before))

    def delete(self):
        with transaction.atomic():
            SearchDocument.objects.drop(SearchDocument.Kind.COMMENT, self.values("pk"))
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def write(self, post, typed, *, name="", parent=None, voice=None, submission="", **more):
        """Store what somebody typed under `post`, once, and publish or hold it.

        `submission` is an id made by the browser, or "": then the same words by the same name
        in the same place within ten minutes are the same submission. `more`: `by` (the user
        who is the author), `right` (a subject's right of reply), `commenter`, `trap` (what the
        hidden field held). Returns the Comment, which is the earlier one (`is_repeat`) if this is a
        repeat. Raises ValueError where `parent` stands under another post.
        """
        voice = voice or self.model.Voice.READER
        by = more.pop("by", None)
        trap = more.pop("trap", "")
        name = tidy(name)
        if parent and parent.post_id != post.pk:
            raise ValueError("A comment answers one under the same post.")
        # The door takes its time for a hostile text; nobody shall wait for the thread meanwhile.
        shown = html.DOORS[self.model(voice=voice).door](typed)
        with transaction.atomic():
            Thread.lock(post.pk)  # two equal submissions at once: the second sees the first
            known = more.pop("commenter", None)
            # Held, so that it is not erased before this is stored; a new one where it is gone.
            known = known and Commenter.objects.select_for_update().filter(pk=known.pk).first()
            repeats = self.filter(post=post, voice=voice, name=name).saying(typed)
            repeats = repeats.not_withdrawn()  # who withdrew may say it again
            if voice == self.model.Voice.READER:  # what a subject adds has a parent by itself
                repeats = repeats.filter(parent=parent)
            earlier = repeats.filter(submission=submission).first() if submission else None
            if not earlier and submission and self._has(post, submission):
                submission = ""  # the page was gone back to, and other words were typed
            if not earlier and not submission:
                same = repeats.filter(commenter=known) if known else repeats
                earlier = same.filter(written_at__gte=timezone.now() - SAME_SUBMISSION).first()
            if earlier:
                earlier.is_repeat = True
                return earlier
            comment = self.model(
                post=post,
                typed=typed,
                shown=shown,
                name=name,
                parent=parent,
                voice=voice,
                submission=submission or None,
                **more,
            )
            if comment.is_readers:
                comment.commenter = known or Commenter.objects.create()
                comment.held_because = " ".join(reasons_to_hold(comment, post.policy, trap))
            elif comment.is_subjects:
                comment.held_because = screening.REPLY
            comment.save()
            if not comment.held_because:
                comment.publish(by=by, at=comment.written_at, quietly=True)
            return comment

    def _has(self, post, submission):
        return self.filter(post=post, submission=submission).exists()


def reasons_to_hold(comment, policy, trap=""):
    """Return why to hold a reader's new comment under `policy`: a list of keys of screening.WORDS.

    An open policy asks for no reason but one: a hidden field that only a program fills in. Where
    every comment is held, those of a trusted commenter are too.
    """
    reasons = screening.reasons(comment.typed, trap)
    if policy == CommentPolicy.OPEN:
        return [reason for reason in reasons if reason == screening.TRAP]
    if policy == CommentPolicy.HOLD_ALL:
        return [screening.POLICY, *reasons]
    if comment.commenter.trusted:
        return []
    is_first = policy == CommentPolicy.HOLD_FIRST and not _was_published(comment.commenter)
    return [screening.FIRST, *reasons] if is_first else reasons


def _was_published(commenter):
    return commenter.comments.published().exists()
