"""Which courtesy letters: those that are due, and those that nobody has drafted yet."""

from collections import defaultdict
from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from posts.models import Reprint, Revision

RECENT = timedelta(days=7)
"""How long a reprint or an amendment is news that a subject is told of."""
TO_LOOK = timedelta(minutes=15)
"""How long the author can look at a letter before it goes, where its occasion is public already."""


def tellable(of=""):
    """Return the condition that a right's subject may be told, for whatever has it as `of`."""
    return reachable(of) & Q(**{f"{of}tell": True, f"{of}not_told_because": ""})


def reachable(of=""):
    """Return the condition that the post is public, and its subject has an e-mail and no wish."""
    known = Q(
        **{
            f"{of}post__state": "published",
            f"{of}stopped_at": None,
            f"{of}subject__stopped_at": None,
        }
    )
    return known & ~Q(**{f"{of}subject__email": ""})


class CourtesyLetterQuerySet(models.QuerySet):
    def of_posts(self):
        """Those whose occasion is the publication of the post itself."""
        return self.filter(reprint=None, revision=None)

    def open(self):
        """Those that have neither gone nor been dropped."""
        return self.filter(letter=None, dropped_at=None)

    def waiting(self):
        """Those that will go, of what is public: now, in a while, or once the author says so."""
        first = Q(reprint=None, revision=None, right__told_at=None)
        later = Q(reprint__post__state="published") | Q(revision__isnull=False)
        told = tellable("right__") & Q(right__told_at__isnull=False)
        # Drafts were dropped when the reason was given: this one was chosen since.
        chosen = Q(right__tell=False) | ~Q(right__not_told_because="")
        rows = self.open().filter(reachable("right__"))
        return rows.filter((tellable("right__") & first) | (later & (told | chosen)))

    def due(self):
        """Those that are to go now."""
        return self.waiting().filter(Q(goes_at=None) | Q(goes_at__lte=timezone.now()))

    def missing(self, post=None, subject=None):
        """Return those that nobody has drafted, though somebody is to be told: unsaved rows.

        Of everything that is public, of what happened to one post, or to one subject; in a fixed
        number of queries.
        """
        from comments.models.amendment_request import AmendmentRequest
        from comments.models.right_of_reply import RightOfReply

        rights = RightOfReply.objects.select_related("post", "subject")
        since = timezone.now() - RECENT
        # What is accepted of suggested reprints has been there for years.
        reprints = Reprint.objects.published().filter(figure_at__gte=since, suggestion=None)
        amendments = Revision.objects.amendments().filter(log_entry__at__gte=since)
        first = rights
        if subject:
            first = rights = rights.filter(subject=subject)
        if post:
            first = rights.filter(post=post)
            reprints, amendments = reprints.filter(post=post), amendments.filter(post=post)
        drafted = self.of_posts().open().filter(right=OuterRef("pk"))
        found = [self.model(right=right) for right in first.to_tell().exclude(Exists(drafted))]
        told = rights.told()
        for one in self._pairs(told, "reprint", reprints.select_related("post"), "source_id"):
            if one.right.told_at < one.reprint.figure_at:
                found.append(one)
        made = self._pairs(told, "revision", amendments.defer("text"), "post_id")
        # Whoever asked for it has had the decision.
        asked = AmendmentRequest.objects.filter(revision__in=[one.revision for one in made])
        asked = set(asked.values_list("right", "revision")) if made else ()
        for one in made:
            is_answered = (one.right.pk, one.revision.pk) in asked
            if one.right.told_at < one.revision.since and not is_answered:
                found.append(one)
        return found

    def _pairs(self, rights, name, things, post_id):
        """Return an unsaved row for each right and thing of one post, unless there is one."""
        things = list(things)
        if not things:
            return []
        theirs = defaultdict(list)
        for right in rights.filter(post__in={getattr(thing, post_id) for thing in things}):
            theirs[right.post_id].append(right)
        known = set(self.filter(**{f"{name}__in": things}).values_list("right", name))
        return [
            self.model(right=right, **{name: thing})
            for thing in things
            for right in theirs[getattr(thing, post_id)]
            if (right.pk, thing.pk) not in known
        ]

    def drop_old_news(self):
        """Drop drafts about reprints and amendments of which nobody needs to hear any more."""
        old = self.open().filter(drafted_at__lt=timezone.now() - RECENT)
        old.exclude(reprint=None, revision=None).update(dropped_at=timezone.now())

    def draft(self, **which):
        """Draft what is missing of a public post (or a subject), to go in a while; return it."""
        goes_at = timezone.now() + TO_LOOK
        return [one.kept(goes_at=goes_at) for one in self.missing(**which)]
