"""Which comments, and the one way in for a new one."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import models, transaction
from django.db.models import Case, F, Min, Q, When
from django.utils import timezone

from blogsite import html, secret_links
from comments import screening
from comments.models.act import Act
from comments.models.comment_revision import CommentRevision
from comments.models.commenter import Commenter
from comments.models.holding import Words, look_at
from comments.models.reason import Reason
from comments.models.sign import Sign
from comments.models.thread import Thread
from comments.names import tidy
from posts.models import SearchDocument

SAME_SUBMISSION = timedelta(minutes=10)
AT_ONCE = 500
LATE = timedelta(days=1)
"""How long after its post a subject's word comes late: readers may have read the post before."""
SUSPICIONS = (
    *(screening.TRAP, screening.FAST, screening.LINKS, screening.MARKUP, screening.NAMED),
    *(screening.DISGUISED, screening.BLOCKED, screening.ALIKE, screening.AGAIN),
    screening.SPAM_HOST,
)
"""Reasons that lie in the comment itself, not in the policy or in how many others there are."""
IN_A_CROWD = Q(held_because__contains=screening.FLOOD) | Q(held_because__contains=screening.NETWORK)


class CommentQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=self.model.State.PUBLISHED)

    def held(self):
        return self.filter(state=self.model.State.HELD)

    def removed(self):
        """Comments that were taken out of sight, for whatever reason."""
        return self.filter(state__in=[self.model.State.REMOVED, self.model.State.SPAM])

    def in_thread(self):
        """Comments that have a place in the thread: published, or a tombstone."""
        return self.filter(number__isnull=False)

    def suspected(self):
        """Comments that were held for what they are, and that nobody has let through."""
        held_for = reduce(or_, (Q(held_because__contains=one) for one in SUSPICIONS))
        return self.filter(held_for, state__in=[self.model.State.HELD, self.model.State.SPAM])

    def with_root(self):
        """Annotate `root`: what comments that stand together in the queue have in common.

        Those that are alike have the id of one of them; those that had to be held for the number
        alone of what came in under a post have minus the id of the post, as nothing says that they
        are of one kind; any other has its own id.
        """
        return self.annotate(
            root=Case(
                When(flood__isnull=False, then="flood_id"),
                When(IN_A_CROWD, then=-F("post_id")),
                default="pk",
            )
        )

    def one_of_each_flood(self):
        """Of these, the first that is held of each flood, and what is held and belongs to none."""
        rooted = self.model.objects.held().order_by().with_root().values("root")
        return self.filter(pk__in=rooted.annotate(first=Min("pk")).values("first"))

    def of_ids(self, ids):
        """The comments with these ids, however many, as numbers or in words."""
        return self.filter(pk__in=[int(pk) for pk in ids])

    def of_flood(self, root):
        """The comments that stand together under this `root` (see with_root)."""
        return self.with_root().filter(root=root)

    def mark_all_spam(self, by=None, note=""):
        """Mark as spam, at once, what is held of these and was never under a post: for floods.

        Each leaves its act, as with Comment.mark_spam(); return the ids.
        """
        return self._decide_all(
            *(self.model.State.HELD, self.model.State.SPAM, "mark_spam", by),
            {"note": note, "reason": Reason.ADVERTISING},
            removed_at=timezone.now(),
            removed_by=Act.Role.AUTHOR,
            removed_because=Reason.ADVERTISING,
        )

    def hold_all(self, by=None):
        """The opposite, for an undo: let what is spam of these, and has no number, wait again."""
        return self._decide_all(
            *(self.model.State.SPAM, self.model.State.HELD, "hold", by),
            {},
            removed_at=None,
            removed_by="",
            removed_because="",
        )

    def _decide_all(self, before, after, verb, by, why, **decided):
        erased = Q(typed="", shown="", name="", url="", commenter=None)
        rows = self.filter(state=before, number=None).exclude(erased).order_by("pk")
        done = []
        with transaction.atomic():
            for post_id in rows.order_by("post").values_list("post", flat=True).distinct():
                Thread.lock(post_id)
            found = list(rows.values_list("pk", "post_id"))
            for start in range(0, len(found), AT_ONCE):
                some = found[start : start + AT_ONCE]
                ids = [pk for pk, _ in some]
                self.model.objects.filter(pk__in=ids).update(state=after, **decided)
                Act.record_all(verb, by, some, **why)
                done += ids
            if after == self.model.State.SPAM:
                Sign.objects.learn_spam(self.model.objects.of_ids(done))
        return done

    def by_decision_secret(self, secret):
        """Return the comment that the `secret` of a link in the author's mail is about, or None.

        What a subject said is decided at the desk alone.
        """
        rows = self.exclude(voice=self.model.Voice.SUBJECT)
        rows = rows.select_related("post", "parent", "commenter")
        return secret_links.find("decide", secret, rows)

    def oldest_first(self):
        return self.order_by("written_at", "pk")

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def with_erased_at(self):
        """Each with `erased_at`: when it was erased, or None."""
        erasing = Act.objects.filter(comment=models.OuterRef("pk"), verb="erase").order_by("at")
        return self.annotate(erased_at=models.Subquery(erasing.values("at")[:1]))

    def late_replies(self):
        """What subjects said a day or more after the post was published: news of an old post."""
        # A difference, not a comparison: SQLite would look for each post through all comments.
        after = F("published_at") - F("post__published_at")
        subjects = self.published().filter(voice=self.model.Voice.SUBJECT)
        return subjects.alias(after=after).filter(after__gte=LATE)

    def on_public_posts(self):
        return self.filter(post__state="published")

    def not_withdrawn(self):
        return self.exclude(removed_by__in=[Act.Role.WRITER, Act.Role.SUBJECT])

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
        who is the author), `right` (a subject's right of reply), `commenter`, `sent` (how it
        came: a screening.Sent), `shown` (what the door made of `typed`, where somebody has asked it
        already). Returns the Comment, which is the earlier one (`is_repeat`) if
        this is a repeat. Raises ValueError where `parent` stands under another post.
        """
        voice = voice or self.model.Voice.READER
        by = more.pop("by", None)
        sent = more.pop("sent", None) or screening.Sent()
        name = tidy(name)
        if parent and parent.post_id != post.pk:
            raise ValueError("A comment answers one under the same post.")
        # The door takes its time for a hostile text; nobody shall wait for the thread meanwhile.
        shown = more.pop("shown", None) or html.DOORS[self.model(voice=voice).door](typed)
        words = Words.of(typed, name, sent) if voice == self.model.Voice.READER else None
        with transaction.atomic():
            Thread.lock(post.pk)  # two equal submissions at once: the second sees the first
            known = more.pop("commenter", None)
            # Held, so that it is not erased before this is stored; a new one where it is gone.
            known = known and Commenter.objects.select_for_update().filter(pk=known.pk).first()
            repeats = self.filter(post=post, voice=voice, name=name).saying(typed)
            repeats = repeats.not_withdrawn()  # who withdrew may say it again
            if voice == self.model.Voice.READER:  # what a subject adds has a parent by itself
                repeats = repeats.filter(parent=parent)
            if "right" in more:  # two who are not named here have one name
                repeats = repeats.filter(right=more["right"])
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
            learned = ()
            if comment.is_readers:
                comment.commenter = known or Commenter.objects.create()
                comment.network = sent.network
                holding = look_at(comment, post.policy, words, sent.network)
                comment.held_because, comment.flood = " ".join(holding.reasons), holding.flood
                learned = (holding.sketch, words.hosts)
            elif comment.is_subjects:
                comment.held_because = screening.REPLY
            comment.save()
            if learned:
                Sign.objects.learn(comment, *learned)
            if not comment.held_because:
                comment.publish(by=by, at=comment.written_at, quietly=True)
            return comment

    def _has(self, post, submission):
        return self.filter(post=post, submission=submission).exists()
