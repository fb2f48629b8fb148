"""Exchanges: what a subject and the author said to each other under a post, and what was decided.

The whole exchange travels with the post: it stands on the post, and on every reprint of it, above
the readers' comments. Needs no database: it works on rows that were fetched already.
"""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Exchange:
    """The exchange with one subject: its comments in order, and the public requests.

    Among the comments are tombstones, and replies that the author declined to publish.
    """

    right: object
    comments: list = field(default_factory=list)
    requests: list = field(default_factory=list)

    @property
    def reply(self):
        """The first that stands of the subject's comments, or None. Later ones are its parts."""
        said = (comment for comment in self.comments if comment.is_subjects)
        return next((comment for comment in said if comment.is_published), None)

    @property
    def is_named(self):
        """Whether readers are told with whom it is: not where all their words are taken back."""
        asked = any(not request.was_closed_by_erasing for request in self.requests)
        hidden = [one for one in self.comments if one.is_subjects and not one.is_published]
        replies = [one.reply for one in hidden if hasattr(one, "reply")]
        declined = any(one.declined_at and one.reasons for one in replies)  # not erased since
        return bool(self.reply or asked or declined)


def gather(comments, rights, requests):
    """Return the exchanges of one post, in the order of their first comment.

    `comments` are those of the post with a place in the thread, at least all by subjects and the
    author, in order of number, and besides replies that were declined and never had a number;
    `rights` and public `requests` are the post's. Whatever a subject said belongs to their
    exchange, and so does what the author answered to something in it. A part that was taken down
    leaves its tombstone there, the first one too: the others stay where they are, and none falls
    among the readers' comments. A public request stands from the moment it was asked, so that none
    can be buried by never deciding it; without its words (`is_without_words`), which nobody but the
    subject has let through, until it is decided or a reply of theirs is published.
    """
    found = {}
    by_id = {right.pk: right for right in rights}
    placed = [comment for comment in comments if comment.is_in_thread]
    of = belonging(placed)
    for comment in placed:
        if comment.pk in of:
            pk = of[comment.pk]
            found.setdefault(pk, Exchange(by_id[pk])).comments.append(comment)
    for comment in comments:
        if not comment.is_in_thread:
            pk = comment.right_id
            _put_in(found.setdefault(pk, Exchange(by_id[pk])).comments, comment)
    for request in requests:
        pk = request.right_id
        if request.is_withdrawn and not (pk in found and found[pk].reply):
            continue
        exchange = found.setdefault(pk, Exchange(by_id[pk]))
        request.is_without_words = request.is_awaiting_decision and not exchange.reply
        exchange.requests.append(request)
    return list(found.values())


def belonging(comments):
    """Return {comment id: id of the right of reply} for those that belong to an exchange.

    `comments` are those with a place, as in `gather()`; all that is read of them is who says what
    to whom, and whether it stands makes no difference.
    """
    answers = defaultdict(list)
    of = {}
    for comment in comments:
        if comment.is_subjects:
            of[comment.pk] = comment.right_id
        elif comment.is_authors:
            answers[comment.parent_id].append(comment.pk)
    waiting = list(of)
    while waiting:
        pk = waiting.pop()
        for answer in answers[pk]:
            of[answer] = of[pk]
            waiting.append(answer)
    return {comment.pk: of[comment.pk] for comment in comments if comment.pk in of}


def apart(exchanges):
    """Return the ids of all comments in these exchanges, a set."""
    return {comment.pk for exchange in exchanges for comment in exchange.comments}


def _put_in(comments, declined):
    """Put a declined reply among the comments of its exchange, at the time of the decision."""
    at, place = declined.reply.declined_at, len(comments)
    while place and comments[place - 1].is_in_thread and comments[place - 1].published_at > at:
        place -= 1
    comments.insert(place, declined)
