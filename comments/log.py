"""The public log as it is read: its entries, each with the amendment or the request it is about."""

from django.db.models import Prefetch

from comments.models import AmendmentRequest
from posts.models import LogEntry, Revision


def entries():
    """Return the entries, newest first, with all that is said of them, in a few queries.

    A request knows its `amendment`; an amendment knows those requests alone that are public.
    """
    amendments = Revision.objects.with_words_gone().select_related("log_entry")
    return (
        LogEntry.objects.newest_first()
        .with_words_gone()
        .select_related("post", "revision", "request__right__subject")
        .prefetch_related(
            asked_for("revision__"),
            Prefetch("request__revision", amendments.defer("text", "instead"), to_attr="amendment"),
        )
    )


def asked_for(before=""):
    """Return what fetches with amendments the public requests that each of them met."""
    public = AmendmentRequest.objects.public().select_related("right__subject", "log_entry")
    return Prefetch(f"{before}requests", public)
