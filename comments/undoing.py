"""The author's last decision, and how it is taken back. Needs no request."""

from datetime import datetime

from comments.models import Comment, Commenter

State = Comment.State


def as_it_is(comment):
    """Return how a comment stands, for `take_back()`: [state, why, by whom and when removed]."""
    at = comment.removed_at
    return [comment.state, comment.removed_because, comment.removed_by, at and at.isoformat()]


def take_back(former, decided, by, trusted=()):
    """Let comments stand again as `former` tells: {id: what as_it_is() said}; return (done, left).

    `decided` is the state they were brought into: one that is in another by now was decided
    otherwise meanwhile, and is left as it is. `trusted` are the ids of commenters who are trusted
    since. Each is an act by the user `by`; a comment that had a number keeps it.
    """
    done = 0
    if decided == State.SPAM:  # a whole flood, at once
        waited = [pk for pk, (state, *_) in former.items() if state == State.HELD]
        done += len(Comment.objects.of_ids(waited).hold_all(by))
    for comment in Comment.objects.of_ids(former).filter(state=decided).order_by("pk"):
        state, why, who, at = former[str(comment.pk)]
        at = at and datetime.fromisoformat(at)
        if state == State.HELD:
            done += comment.if_still(decided, "hold", by=by)
        elif state == State.PUBLISHED:
            done += comment.if_still(decided, "publish", by=by)
        elif state == State.REMOVED:
            done += comment.if_still(decided, "remove", by=by, reason=why, role=who, at=at)
        else:
            done += comment.if_still(decided, "mark_spam", by=by, role=who, at=at)
    for commenter in Commenter.objects.filter(pk__in=trusted):
        commenter.distrust(by)
    return done, len(former) - done
