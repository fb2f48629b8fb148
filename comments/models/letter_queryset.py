"""Which letters: those that are due, those to subjects, and those that reached nobody."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

A_TRY = timedelta(minutes=10)
"""How long a try may last; after that, whoever was at it has died over it."""
HEARD = ("tell_otherwise", "reply", "ask", "accept_claim")
"""Acts by which whoever a letter did not reach has heard since, or has been heard."""


class LetterQuerySet(models.QuerySet):
    def due(self):
        """Letters that are waiting and may be tried now."""
        return self.filter(state=self.model.State.WAITING, next_try_at__lte=timezone.now())

    def waiting(self):
        """Letters that are still to go."""
        return self.filter(state=self.model.State.WAITING)

    def under_trial(self):
        """Letters that a mail server is being given just now, or was when the worker died."""
        now = timezone.now()
        trying = {"next_try_at__gt": now, "next_try_at__lte": now + A_TRY}
        return self.waiting().filter(tries__gt=0, fault="", **trying)

    def with_letterbox(self):
        """Letters into which the link to a letterbox is put when they go."""
        return self.filter(right__isnull=False, body__contains=self.model.LETTERBOX)

    def failed(self):
        return self.filter(state=self.model.State.FAILED)

    def undelivered(self):
        """Letters that no mail server would take, and those that came back."""
        return self.filter(state__in=[self.model.State.FAILED, self.model.State.BOUNCED])

    def to_subjects(self):
        """Letters to the people posts are about: each ends with how to get no more."""
        return self.filter(self._is_to_subject())

    def unread(self):
        """Undelivered letters about a subject or a claim, where they have heard nothing since.

        They have by a letter that was written after this one was given up, and sent; and otherwise.
        """
        from comments.models.act import Act

        later = self.model.objects.filter(written_at__gt=OuterRef("next_try_at"))
        later = later.filter(state=self.model.State.SENT)
        heard = Act.objects.filter(right=OuterRef("right"), at__gt=OuterRef("written_at"))
        has_heard = Exists(later.to_subjects().filter(right=OuterRef("right")))
        has_heard |= Exists(heard.filter(verb__in=HEARD))
        rows = self.undelivered().filter(Q(right__isnull=False) | Q(claim__isnull=False))
        rows = rows.exclude(Exists(later.filter(claim=OuterRef("claim"))))
        return rows.exclude(self._is_to_subject() & has_heard)

    def to_see_to(self):
        """Of these, what the author can still do something about, and has not seen to."""
        has_stopped = Q(right__stopped_at__isnull=False)
        has_stopped |= Q(right__subject__stopped_at__isnull=False)
        rows = self.unread().filter(seen_to_at=None).exclude(to="")
        return rows.exclude(self._is_to_subject() & has_stopped)

    def _is_to_subject(self):
        return Q(right__isnull=False, body__contains=self.model.STOP_ALL)

    def for_the_desk(self):
        """Letters that the author may see: none to a commenter, whose address nobody shall know.

        Nor those that ask whoever made a claim: before it is confirmed, it is nobody's business.
        """
        asking = Q(claim__isnull=False, claim__confirmed_at=None)
        return self.filter(subscription=None).exclude(asking)

    def about_answers(self):
        """Letters about what others said: an answer, or a subject's reply."""
        told = Q(key__startswith=self.model.ABOUT_ANSWER) | Q(
            key__startswith=self.model.ABOUT_REPLY
        )
        return self.filter(told)

    def write(self, key, to, subject, body, **about):
        """Put a letter in the post, once: a second letter with the same `key` is not made.

        `about` may name the `post`, the `right` and the `subscription` it is about. Returns the
        Letter. Raises ValueError for an e-mail that would not be one line of a header.
        """
        new = self.model.of(key, to, subject, body, **about)
        defaults = {"to": to, "subject": new.subject, "body": body, **about}
        letter, made = self.get_or_create(key=key, defaults=defaults)
        if made:
            letter.enqueue()
        return letter
