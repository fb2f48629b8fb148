"""Whether a reader's comment is held, why, and with which others it belongs together.

Only ever holds: nothing here refuses or drops anything. A network is counted against nobody for
the number of its comments alone, so that a whole office can speak.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from comments import screening
from comments.models.sign import Sign
from posts.models import Blog, CommentPolicy

LIKE_SPAM = 0.25
"""From which likeness on (0 to 1) a comment is like one that was marked as spam.

Of four hundred honest comments none reached 0.19, unless spam had copied it.
"""
ONE_MORE, MUCH_THE_SAME = 0.5, 0.8
JUST_NOW = timedelta(minutes=10)
MOST_BY_ONE = 10
"""Comments of one commenter within JUST_NOW that pass."""
MOST_ON_A_POST = 150
ENOUGH_TO_TELL = 20
"""Comments under one post, or of one network, before those held among them tell anything."""
SEVERAL = 3
"""So many comments within an hour that are like a new one make it one more of them."""
ENOUGH_LEARNED = 20
"""Of one flood; further ones would make every look-up slower, and find nothing new."""


@dataclass
class Holding:
    """Why a comment is held (keys of screening.WORDS), what to learn of it, and what it is like.

    `sketch` is to be kept; `flood` is the comment which stands for all that are like this one.
    """

    reasons: list
    sketch: list = field(default_factory=list)
    flood: object | None = None


def look_at(comment, policy, sketch, sent=None):
    """Return the Holding of a reader's comment under `policy`: no reasons, and it may be published.

    `sketch` is its likeness.sketch(), and `sent` how it came, a screening.Sent.
    An open policy asks for no reason but one: a hidden field that only a program fills in. Where
    every comment is held, those of a trusted commenter are too.
    """
    sent = sent or screening.Sent()
    blog = Blog.current()
    rules = {"blocked": blog.blocked, "most_links": blog.most_links}
    reasons = screening.reasons(comment.typed, sent, name=comment.name, **rules)
    if policy == CommentPolicy.OPEN:
        return Holding([one for one in reasons if one == screening.TRAP], sketch)
    if comment.commenter.trusted and policy != CommentPolicy.HOLD_ALL:
        return Holding([], sketch)
    if policy == CommentPolicy.HOLD_ALL:
        reasons.insert(0, screening.POLICY)
    elif policy == CommentPolicy.HOLD_FIRST and not _was_published(comment.commenter):
        reasons.insert(0, screening.FIRST)
    like, flood, is_new = _like(comment, sketch)
    reasons += like
    if Sign.objects.hosts(comment.typed).exists():
        reasons.append(screening.SPAM_HOST)
    if comment._state.adding:  # an edit is no further comment
        reasons += _crowd(comment, sent.network)
    return Holding(reasons, sketch if is_new else [], flood if reasons else None)


def _was_published(commenter):
    return commenter.comments.published().exists()


def _like(comment, sketch):
    """Return (reasons, the comment it goes with or None, whether there is anything to learn)."""
    alike = Sign.objects.most_alike(comment.typed, sketch, LIKE_SPAM, but=comment)
    if not alike:
        return [], None, True
    reasons = []
    spam = [other for other, how in alike if other.state == other.State.SPAM]
    if spam:
        reasons.append(screening.ALIKE)
    same = [other for other, how in alike if how >= MUCH_THE_SAME]
    since = timezone.now() - timedelta(hours=1)
    more = [other for other, how in alike if how >= ONE_MORE and other.written_at >= since]
    if same or len(more) >= SEVERAL:
        reasons.append(screening.AGAIN)
    together = [other for other, how in alike if other.flood_id]
    first = (together or spam or same or [alike[0][0]])[0]
    first = first.flood or first
    enough = _many(type(comment).objects.filter(flood=first), ENOUGH_LEARNED)
    return reasons, first, not (same or enough)


def _crowd(comment, network):
    """Return the reasons that lie in how many comments come in just now."""
    lately = type(comment).objects.filter(written_at__gte=timezone.now() - JUST_NOW)
    reasons = []
    if comment.commenter_id and _many(lately.filter(commenter=comment.commenter), MOST_BY_ONE):
        reasons.append(screening.BUSY)
    here = lately.filter(post=comment.post, voice=comment.voice)
    if _many(here, MOST_ON_A_POST) or _often_suspected(here):
        reasons.append(screening.FLOOD)
    if network and _often_suspected(lately.filter(network=network)):
        reasons.append(screening.NETWORK)
    return reasons


def _often_suspected(rows):
    """Say whether a third of these comments, if there are enough of them, had to be held."""
    number = rows.count()
    return number >= ENOUGH_TO_TELL and 3 * rows.suspected().count() >= number


def _many(rows, most):
    return len(rows.order_by().values_list("pk")[:most]) >= most
