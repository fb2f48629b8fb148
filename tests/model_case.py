"""The model case in small, for tests that need all of it: `tell()` builds it and names its parts.

An older post about a person, who replied to it, was answered and declined; a newer post that
reprints it with two of its comments; and besides, one of each thing that readers must not see.
"""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from django.utils import timezone

from comments.models import Comment, Reason
from tests import make

OLD = datetime(2013, 7, 2, 9, tzinfo=UTC)
NEW = datetime(2017, 8, 9, 9, tzinfo=UTC)


def tell():
    """Build the case; return its parts by name."""
    blog = make.blog(comment_policy="open")
    source = make.post(
        "The pilot who would not wait",
        "<p>Maud Tarrant left the bar before the flood.</p>",
        published=OLD,
        labels=["pilotage"],
    )
    good = make.comment(source, "The bar is worse in June.", "Halyard", at=OLD)
    bad = make.comment(source, "Words that had to go, about Otto.", "Grudge", at=OLD)
    right = make.right(source)
    reply = subject_says(right, "I waited forty minutes, and the log says so.")
    answer = make.comment(
        source,
        "The harbour’s log says ten.",
        blog.author_name,
        voice=Comment.Voice.AUTHOR,
        parent=reply,
    )
    request = right.ask(
        "It was the ebb.", words="before the flood", wanted="on the ebb", public=True
    )
    request.decline("Both logs say flood.")
    reader = make.comment(source, "I would like to see both logs.", "Bosun", parent=reply)
    newer = make.post(
        "Two from the drawer",
        "<p>It is a quiet day on the river.</p>",
        published=None,
        labels=["from the drawer"],
    )
    reprint = make.reprint(newer, source, "<p>This one made people angry.</p>", chosen=[good, bad])
    newer.publish(at=NEW)
    bad.remove(reason=Reason.ABUSE)
    return SimpleNamespace(
        blog=blog,
        source=source,
        newer=newer,
        reprint=reprint,
        right=right,
        reply=reply,
        answer=answer,
        request=request,
        good=good,
        bad=bad,
        reader=reader,
        page=make.post("Who writes here", "<p>A pilot, retired.</p>", kind="page"),
        draft=make.post(
            "Unfinished business", "<p>Drafty words.</p>", published=None, labels=["x"]
        ),
        scheduled=make.post(
            "Coming soon", "<p>Sooner words.</p>", scheduled=timezone.now() + timedelta(days=2)
        ),
        held=make.comment(source, "Words that still wait.", "Waiter", state="held"),
    )


def subject_says(right, text, published=True):
    """Return what the subject wrote, let through by the author unless `published` is false."""
    reply = right.receive(text)
    if published:
        reply.publish()
    return reply
