"""What a subject has begun to write in their letterbox, kept on the server until it is sent."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

WRITTEN = ("text", "words", "wrong", "wanted")
"""The fields that hold words; without any, there is no draft."""
LATELY = timedelta(minutes=10)
"""How long after sending a browser may still save what was sent."""
NAME = "submission"
"""The field with the name that a browser gave the form: the same form, the same name."""


class Elsewhere(Exception):
    """The draft was saved on another device since the form was opened; `draft` is that one."""

    def __init__(self, draft):
        super().__init__("The draft was saved elsewhere.")
        self.draft = draft


class LetterboxDraftQuerySet(models.QuerySet):
    def of(self, right):
        """Return the draft of a right of reply, or None."""
        return self.filter(right=right).first()

    def keep(self, right, typed, seen=""):
        """Keep what was `typed` so far: {field: words}. Return the draft; None if it says nothing.

        `seen` is the version of the draft that the form was filled from, "" for none. Raises
        Elsewhere where there is a newer one that says something else. What has been sent meanwhile
        is no draft any more: a browser may save a last time while its form is on the way.
        """
        with transaction.atomic():
            right.locked()
            draft = self._found(right, typed, seen)
            if draft and draft.says(typed):
                return draft
            if not any(typed.get(name, "").strip() for name in WRITTEN):
                self.filter(right=right).delete()
                return None
            if _was_sent(right, typed):
                return None
            draft = draft or self.model(right=right)
            draft.typed = typed
            draft.save()
            return draft

    def end(self, right, typed, seen=""):
        """Throw the draft away since this was sent; Elsewhere as above."""
        with transaction.atomic():
            right.locked()
            self._found(right, typed, seen)
            self.filter(right=right).delete()

    def _found(self, right, typed, seen):
        draft = self.of(right)
        is_own = draft and (seen == draft.version or draft.says(typed) or draft.is_of(typed))
        if draft and not is_own:
            raise Elsewhere(draft)
        return draft


def _was_sent(right, typed):
    """Say whether what was `typed` is what was sent just now, or as far as that had been typed.

    Anything else is kept: whoever goes back after sending may write on in the same form.
    """
    since = timezone.now() - LATELY
    wrote = Q(written_at__gte=since) | Q(edited_at__gte=since)
    said = right.replies.filter(wrote).values_list("typed")
    asked = right.requests.filter(asked_at__gte=since).values_list("words", "wrong", "wanted")
    return _begins(typed, ("text",), said) and _begins(typed, ("words", "wrong", "wanted"), asked)


def _begins(typed, names, sent):
    """Say whether these fields hold nothing, or the beginning of one of those `sent`."""
    words = [typed.get(name, "").strip() for name in names]
    if not any(words):
        return True
    return any(all(map(str.startswith, one, words)) for one in sent)


class LetterboxDraft(models.Model):
    """The one draft of one right of reply; nobody but its subject ever sees it."""

    right = models.OneToOneField(
        "comments.RightOfReply",
        models.CASCADE,
        primary_key=True,
        related_name="draft",
        verbose_name=_("right of reply"),
    )
    # {name of a field of the letterbox's form: what was typed into it}
    typed = models.JSONField(_("typed"), default=dict)
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    objects = LetterboxDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a reply")
        verbose_name_plural = _("drafts of replies")

    def __str__(self):
        return str(self.right_id)

    @property
    def version(self):
        """What tells it from the draft as it was saved at any other time."""
        return self.saved_at.strftime("%Y%m%d%H%M%S%f")

    def says(self, typed):
        """Whether it says the same as what was `typed`."""
        names = {*self.typed, *typed} - {NAME}
        return all(self.typed.get(name, "") == typed.get(name, "") for name in names)

    def is_of(self, typed):
        """Whether it was saved by the very form, open in a browser, that this was typed into."""
        return bool(typed.get(NAME)) and self.typed.get(NAME) == typed[NAME]
