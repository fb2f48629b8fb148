"""Whether a reader's comment is held, why, and with which others it belongs together.

Only ever holds: nothing here refuses or drops anything. A network is counted against nobody for
the number of its comments alone, so that a whole office can speak.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from blogsite import html
from comments import likeness, screening
from comments.models.sign import Sign
from posts.models import Blog, CommentPolicy

LIKE_SPAM = 0.25
"""From which likeness on (0 to 1) a comment is like one that was marked as spam.

Of four hundred honest comments in English none reached 0.19, unless spam had copied it.
"""
FEW = 16
"""Of two texts of which one has fewer features, everyday words may be many of what they share."""
ONE_MORE, MUCH_THE_SAME = 0.5, 0.8
JUST_NOW = timedelta(minutes=10)
MOST_BY_ONE = 10
"""Comments of one commenter within JUST_NOW that pass."""
MOST_ON_A_POST = 300
ENOUGH_TO_TELL = 20
"""Comments that had to be held, within JUST_NOW, before these say anything about the others."""
SEVERAL = 3
"""So many comments within an hour that are like a new one make it one more of them."""
ENOUGH_LEARNED = 20
"""Of one flood; further ones would make every look-up slower, and find nothing new."""


@dataclass(frozen=True)
class Words:
    """What the words of a comment say by themselves, found out before anybody waits for it."""

    reasons: list
    features: frozenset
    sketch: list
    hosts: list

    @classmethod
    def of(cls, typed, name="", sent=None):
        """Return the Words of a comment; `sent` is how it came (a screening.Sent)."""
        blog = Blog.current()
        rules = {"blocked": blog.blocked, "most_links": blog.most_links}
        found = likeness.features(typed)
        return cls(
            reasons=screening.reasons(typed, sent, name=name, **rules),
            features=found,
            sketch=likeness.sketch(found),
            hosts=likeness.hosts(typed),
        )


@dataclass
class Holding:
    """Why a comment is held (keys of screening.WORDS), what to learn of it, and what it is like.

    `sketch` is to be kept; `flood` is the comment which stands for all that are like this one.
    """

    reasons: list
    sketch: list = field(default_factory=list)
    flood: object | None = None


def look_at(comment, policy, words, network=""):
    """Return the Holding of a reader's comment under `policy`: no reasons, and it may be published.

    `words` are its Words, `network` where it came from (comments/networks.py). An open policy asks
    for no reason but one: a hidden field that only a program fills in. Where every comment is held,
    those of a trusted commenter are too.
    """
    if policy == CommentPolicy.OPEN:
        return Holding([one for one in words.reasons if one == screening.TRAP])
    if comment.commenter.trusted and policy != CommentPolicy.HOLD_ALL:
        return Holding([])
    reasons = list(words.reasons)
    if policy == CommentPolicy.HOLD_ALL:
        reasons.insert(0, screening.POLICY)
    elif policy == CommentPolicy.HOLD_FIRST and not _was_published(comment.commenter):
        reasons.insert(0, screening.FIRST)
    like, flood, is_new = _like(comment, words)
    reasons += like
    if words.hosts and Sign.objects.stood_in_spam(words.hosts):
        reasons.append(screening.SPAM_HOST)
    if comment._state.adding:  # an edit is no further comment
        reasons += _crowd(comment, network)
    return Holding(reasons, words.sketch if is_new else [], flood)


def _was_published(commenter):
    return commenter.comments.published().exists()


def _like(comment, words):
    """Return (reasons, the comment it goes with or None, whether there is anything to learn)."""
    theirs = None

    def how(other):
        nonlocal theirs
        theirs = _not_their_own(comment) if theirs is None else theirs
        found = likeness.features(other.typed)
        share = likeness.likeness(words.features, found, theirs)
        is_short = min(len(words.features), len(found)) < FEW
        return 0 if is_short and share < ONE_MORE else share

    alike = Sign.objects.most_alike(words.sketch, LIKE_SPAM, how, but=comment)
    reasons = []
    if any(other.state == other.State.SPAM for other, _ in alike):
        reasons.append(screening.ALIKE)
    since = timezone.now() - timedelta(hours=1)
    much = [(other, share) for other, share in alike if share >= ONE_MORE]
    same = [other for other, share in much if share >= MUCH_THE_SAME]
    lately = [other for other, _ in much if other.written_at >= since]
    if same or len(lately) >= SEVERAL:
        reasons.append(screening.AGAIN)
    if not much:
        return reasons, None, True
    # Also one that passes: it may be the second of many, before there is anything to tell it by.
    together = [other for other, _ in much if other.flood_id]
    first = together[0].flood if together else much[0][0]
    enough = _many(type(comment).objects.filter(flood=first), ENOUGH_LEARNED)
    return reasons, first, not (same or enough)


def _not_their_own(comment):
    """Return the features that comments may have in common because they talk of the same thing."""
    post = comment.post
    found = likeness.features(f"{post.title} {html.to_text(post.text)}")
    return found | likeness.features(comment.parent.typed) if comment.parent else found


def _crowd(comment, network):
    """Return the reasons that lie in how many comments come in just now."""
    lately = type(comment).objects.filter(written_at__gte=timezone.now() - JUST_NOW)
    reasons = []
    if comment.commenter_id and _many(lately.filter(commenter=comment.commenter), MOST_BY_ONE):
        reasons.append(screening.BUSY)
    here = lately.filter(post=comment.post, voice=comment.voice)
    if _many(here, MOST_ON_A_POST) or _are_suspected(here, one_in=3):
        reasons.append(screening.FLOOD)
    if network and _are_suspected(lately.filter(network=network), one_in=2):
        reasons.append(screening.NETWORK)
    return reasons


def _are_suspected(rows, one_in):
    """Say whether so many of these comments had to be held: one in two, or in three, or more."""
    suspected = rows.suspected().count()
    return suspected >= ENOUGH_TO_TELL and one_in * suspected >= rows.count()


def _many(rows, most):
    return len(rows.order_by().values_list("pk")[:most]) >= most
