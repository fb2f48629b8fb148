"""The author's last decision, and how it is taken back. Needs no request."""

from collections import Counter

from comments.models import Comment, Commenter, Reason

State = Comment.State


def as_they_are(comments):
    """Return how the comments stand, for `take_back()`: {id: [state, reason for removing]}."""
    return {str(one.pk): [one.state, one.removed_because] for one in comments}


def take_back(former, decided, by, trusted=()):
    """Let comments stand again as `former` (what as_they_are() said) tells; return (done, left).

    `decided` is the state they were brought into: one that is in another by now was decided
    otherwise meanwhile, and is left as it is. `trusted` are the ids of commenters who are trusted
    since. Each is an act by the user `by`; a comment that had a number keeps it.
    """
    rows = Comment.objects.filter(pk__in=former)
    waited = [pk for pk, (state, _) in former.items() if state == State.HELD]
    counted = Counter()
    if decided == State.SPAM:  # a whole flood, at once
        counted["done"] += len(rows.filter(pk__in=waited).hold_all(by))
    for comment in rows.filter(state=decided).order_by("pk"):
        if comment.is_erased:
            continue
        state, reason = former[str(comment.pk)]
        if state == State.HELD:
            comment.hold(by)
        elif state == State.PUBLISHED:
            comment.publish(by)
        elif state == State.REMOVED:
            comment.remove(by, reason or Reason.OTHER)
        else:
            comment.mark_spam(by)
        counted["done"] += 1
    for commenter in Commenter.objects.filter(pk__in=trusted):
        commenter.distrust(by)
    return counted["done"], len(former) - counted["done"]
