"""Exchanges: what a subject and the author said to each other under a post, and what was decided.

The whole exchange travels with the post: it stands on the post, and on every reprint of it, above
the readers' comments. Needs no database: it works on rows that were fetched already.
"""

from dataclasses import dataclass, field


@dataclass
class Exchange:
    """The exchange with one subject: its comments in order, and the public requests."""

    right: object
    comments: list = field(default_factory=list)
    requests: list = field(default_factory=list)

    @property
    def reply(self):
        """The subject's first comment, or None: the reply. Later ones are its later parts."""
        return next((comment for comment in self.comments if comment.is_subjects), None)


def gather(comments, rights, requests):
    """Return the exchanges of one post, in the order of their first reply.

    `comments` are those of the post with a place in the thread, at least all by subjects and the
    author, in order of number; `rights` and public `requests` are the post's. The author's answers
    belong to the exchange when they answer something in it. A reply that was taken down
    takes its exchange along. A public request stands with a reply that was let through, or as soon
    as it is decided: before that, nobody but the subject has said that it should be there.
    """
    found = {}
    by_id = {right.pk: right for right in rights}
    of = belonging(comments)
    for comment in comments:
        if comment.pk in of:
            pk = of[comment.pk]
            found.setdefault(pk, Exchange(by_id[pk])).comments.append(comment)
    for request in requests:
        pk = request.right_id
        if pk in found or not request.is_awaiting_decision:
            found.setdefault(pk, Exchange(by_id[pk])).requests.append(request)
    return list(found.values())


def belonging(comments):
    """Return {comment id: id of the right of reply} for those that belong to an exchange.

    `comments` are as in `gather()`; all that is read of them is who says what to whom.
    """
    of = {}
    for comment in comments:
        if comment.is_subjects and comment.is_published:
            of[comment.pk] = comment.right_id
        elif comment.is_authors and comment.is_published and comment.parent_id in of:
            of[comment.pk] = of[comment.parent_id]
    return of


def apart(exchanges):
    """Return the ids of all comments in these exchanges, a set."""
    return {comment.pk for exchange in exchanges for comment in exchange.comments}
