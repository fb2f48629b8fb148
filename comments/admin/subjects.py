"""The desk's one list of everything about subjects: to tell, to check, to let through, to decide.

Of each kind all that waits is read, in one query and without its words but for the first few: only
so can the whole be put into the order of its dates.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models.functions import Substr
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import promises
from comments.admin.courtesy import when_it_goes
from comments.models import (
    AmendmentRequest,
    Claim,
    Comment,
    CourtesyLetter,
    Letter,
    RightOfReply,
)
from posts.models import Blog, Post

PER_PAGE = 50
FIRST_WORDS = 90
"""Characters of what was said that a line shows; its page has all of it."""


@dataclass(frozen=True)
class Line:
    """One thing about a subject that waits for the author.

    `promise` is by when it is due; what has none comes after what has, `rank` by `rank`.
    """

    kind: str
    address: str
    who: str
    words: str
    post: str
    since: datetime
    promise: promises.Promise | None = None
    rank: int = 0

    @property
    def order(self):
        by = self.promise.by.toordinal() if self.promise else 0
        return self.rank, by, self.since

    @property
    def title(self):
        """What kind of thing it is, in words."""
        return KINDS[self.kind].one

    @property
    def due(self):
        """What is to be done, in words."""
        if not self.promise:
            return KINDS[self.kind].due
        by = date_format(self.promise.by)
        if self.promise.due == promises.ACKNOWLEDGE:
            return _("acknowledge by %s") % by
        return _("decide by %s") % by

    @property
    def left(self):
        """How many days are left, in words; "" where nothing was promised."""
        return self.promise.left if self.promise else ""

    @property
    def is_overdue(self):
        return bool(self.promise and self.promise.is_overdue)


@dataclass(frozen=True)
class Kind:
    """One kind of thing in the list: who may see it, and what finds its lines."""

    title: str
    one: str
    permission: str
    find: object
    due: str = ""


def lines(user, kinds=None):
    """Return the Lines that `user` may see, what is most urgent first; of these `kinds` alone."""
    blog = Blog.current()
    found = [
        line
        for name, kind in KINDS.items()
        if user.has_perm(kind.permission) and (kinds is None or name in kinds)
        for line in kind.find(blog)
    ]
    return sorted(found, key=lambda line: line.order)


def page(request):
    """Show the list, or one kind of it (`?kind=`)."""
    found = lines(request.user)
    asked = request.GET.get("kind", "")
    asked = asked if asked in KINDS else ""
    shown = [line for line in found if line.kind == asked] if asked else found
    context = {
        **admin.site.each_context(request),
        "title": _("About the people posts are about"),
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": [
            (name, kind.title, sum(line.kind == name for line in found))
            for name, kind in KINDS.items()
            if request.user.has_perm(kind.permission)
        ],
        "asked": asked,
        "total": len(found),
        "overdue": sum(line.is_overdue for line in found),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/desk/subjects.html", context)


def _requests(blog):
    rows = AmendmentRequest.objects.awaiting_decision()
    rows = rows.values_list(
        *("pk", "right__subject__name", Substr("wrong", 1, FIRST_WORDS), "right__post__title"),
        *("asked_at", "acknowledged_at"),
    )
    for pk, who, words, post, since, acknowledged_at in rows:
        promise = promises.given(since, blog, acknowledged_at)
        address = reverse("admin:comments_amendmentrequest_change", args=[pk])
        yield Line("request", address, who, _short(words), _titled(post), since, promise)


def _replies(blog):
    """Replies that wait for the author, and not for whoever was asked to reconsider them."""
    rows = Comment.objects.held().filter(voice=Comment.Voice.SUBJECT)
    rows = rows.values_list(
        *("pk", "right__subject__name", Substr("typed", 1, FIRST_WORDS), "post__title"),
        *("written_at", "edited_at", "reply__insisted_at", "reply__asked_at"),
        "reply__acknowledged_at",
    )
    for pk, who, words, post, *moments, asked_at, acknowledged_at in rows:
        since = promises.counted_from(*moments)
        if promises.stands_still(asked_at, since):
            continue
        promise = promises.given(since, blog, acknowledged_at)
        address = reverse("admin:comments_comment_reply", args=[pk])
        yield Line("reply", address, who, _short(words), _titled(post), since, promise)


def _claims(blog):
    rows = Claim.objects.waiting().values_list(
        *("pk", "name", Substr("how", 1, FIRST_WORDS), "post__title"),
        *("made_at", "confirmed_at", "answered_at", "acknowledged_at"),
    )
    for pk, who, words, post, made_at, confirmed_at, answered_at, acknowledged_at in rows:
        since = promises.counted_from(confirmed_at or made_at, answered_at)
        promise = promises.given(since, blog, acknowledged_at)
        address = reverse("admin:comments_claim_change", args=[pk])
        yield Line("claim", address, who or "–", _short(words), _titled(post), since, promise)


def _letters(blog):
    """Letters about a subject or a claim that no mail server would take, or that came back."""
    rows = (
        Letter.objects.for_the_desk()
        .to_see_to()
        .values_list(
            *("pk", "right__subject__name", "claim__name", "subject", "fault", "post__title"),
            "written_at",
        )
    )
    for pk, subject, claimant, about, fault, post, since in rows:
        address = reverse("admin:comments_letter_change", args=[pk])
        words = f"{about} ({fault})" if fault else about
        yield Line(
            "letter", address, subject or claimant or "–", words, _titled(post), since, rank=1
        )


def _to_tell(blog):
    """Subjects whom nobody has told, with no reason why; and letters drafted for them."""
    drafted = CourtesyLetter.objects.waiting().values_list(
        *("pk", "right__subject__name", "reprint", "revision", "goes_at", "right__post__title"),
        "drafted_at",
    )
    for pk, who, reprint, revision, goes_at, post, since in drafted:
        address = reverse("admin:comments_courtesyletter_change", args=[pk])
        words = when_it_goes(reprint, revision, goes_at)
        yield Line("tell", address, who, words, _titled(post), since, rank=2)
    untold = RightOfReply.objects.untold().values_list(
        *("pk", "subject__name", "part", "post__title", "post__published_at")
    )
    for pk, who, words, post, since in untold:
        address = reverse("admin:comments_rightofreply_change", args=[pk])
        yield Line("tell", address, who, words, _titled(post), since, rank=2)


KINDS = {
    "request": Kind(
        title=gettext_lazy("Requests to decide"),
        one=gettext_lazy("Request for an amendment"),
        permission="comments.view_amendmentrequest",
        find=_requests,
    ),
    "reply": Kind(
        title=gettext_lazy("Replies to let through"),
        one=gettext_lazy("Reply"),
        permission="comments.view_comment",
        find=_replies,
    ),
    "claim": Kind(
        title=gettext_lazy("Claims to check"),
        one=gettext_lazy("“This post is about me”"),
        permission="comments.view_claim",
        find=_claims,
    ),
    "letter": Kind(
        title=gettext_lazy("Letters that did not arrive"),
        one=gettext_lazy("Letter"),
        permission="comments.view_letter",
        find=_letters,
        due=gettext_lazy("see to the letter"),
    ),
    "tell": Kind(
        title=gettext_lazy("People to tell"),
        one=gettext_lazy("Not told yet"),
        permission="comments.view_rightofreply",
        find=_to_tell,
        due=gettext_lazy("tell them, or say why not"),
    ),
}
"""The kinds, by name, in the order of the links that narrow the list."""


def _short(words):
    return Truncator(strip_tags(words)).words(14)


def _titled(title):
    return title or str(Post())
