"""The pages of a thread: what stands on the one that is shown, and where everything else stands.

A thread of any length costs two queries: what says where a comment stands is read of all of them,
the rest of those alone that are shown.
"""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from blogsite.requests import as_number
from comments import exchanges, threads
from comments.models import Comment

A_PAGE = 1000
"""The most comments of a thread on one page."""
TIME = "time"

State, Voice = Comment.State, Comment.Voice


class Stub(NamedTuple):
    """As much of a comment with a place in a thread as says where it stands."""

    pk: int
    number: int
    parent_id: int | None
    commenter_id: int | None
    right_id: int | None
    state: str
    voice: str

    @property
    def is_published(self):
        return self.state == State.PUBLISHED

    @property
    def is_authors(self):
        return self.voice == Voice.AUTHOR

    @property
    def is_subjects(self):
        return self.voice == Voice.SUBJECT


@dataclass(frozen=True)
class Asked:
    """How a thread was asked for: which page, in which order, and since which number it is new."""

    page: int = 1
    by_time: bool = False
    since: int | None = None

    @classmethod
    def by(cls, query):
        """Return what the `query` of a request asks for; what makes no sense asks for nothing."""
        return cls(
            page=as_number(query.get("thread")) or 1,
            by_time=query.get("order") == TIME,
            since=as_number(query.get("since")) or None,
        )


PLAIN = Asked()


@dataclass
class ThreadPage:
    """One page of the thread of a post.

    `address` is the post's; `asked` says how it was asked for, with a page that is there.
    `entries` are what stands on this page, `above` those of the exchanges by comment id. `last` is
    the highest number in the thread. `by_author` and `new` are the author's comments and the new
    ones (as Stubs), wherever they stand, in the order in which they are read.
    """

    address: str
    asked: Asked
    count: int
    last: int
    entries: list
    above: dict
    page_of: dict  # {number: page}; what stands above is on every page, and not in it
    numbers: set
    by_author: list
    new: list
    has_answers: bool

    @property
    def number(self):
        """Which page of the thread it is."""
        return self.asked.page

    @property
    def is_plain(self):
        """Whether it is in the order, and with the marks, in which search engines know it."""
        return not (self.asked.by_time or self.asked.since)

    @property
    def has_marks(self):
        return any(entry.mark for entry in self.entries)

    @property
    def canonical(self):
        """The address by which search engines shall know what is shown."""
        return address(self.address, Asked(self.number) if self.is_plain else Asked())

    @property
    def before(self):
        """The address of the page before this one, or None."""
        return self.turned_to(self.number - 1) if self.number > 1 else None

    @property
    def after(self):
        """The address of the page after this one, or None."""
        return self.turned_to(self.number + 1) if self.number < self.count else None

    @property
    def otherwise(self):
        """The address of the thread in the other order."""
        asked = Asked(by_time=not self.asked.by_time, since=self.asked.since)
        return f"{address(self.address, asked)}#comments"

    def turned_to(self, page):
        """Return the address of another page of it, asked for in the same way."""
        return f"{self._of(page)}#comments"

    def link(self, number):
        """Return where comment `number` stands, for a link on this page; None if there is none."""
        if number not in self.numbers:
            return None
        page = self.page_of.get(number, self.number)
        return f"{'' if page == self.number else self._of(page)}#c{number}"

    def _of(self, page):
        return address(self.address, Asked(page, self.asked.by_time, self.asked.since))


def read(post, asked=PLAIN):
    """Return the ThreadPage of `post` that was `asked` for, or the nearest. Two queries."""
    stubs, apart, entries = _laid_out(post)
    entries = threads.by_time(entries) if asked.by_time else entries
    turned = threads.pages(entries, A_PAGE)
    number = min(max(asked.page, 1), max(len(turned), 1))
    # In the order in which all of it is read: the exchanges stand above.
    order = {right: place for place, right in enumerate(dict.fromkeys(apart.values()))}
    above = sorted((one for one in stubs if one.pk in apart), key=lambda one: order[apart[one.pk]])
    said = [*above, *(entry.comment for entry in entries)]
    voices = threads.chains(said, _voice)
    new = [one for one in said if _is_new(one, asked.since)]
    shown = ThreadPage(
        address=post.get_absolute_url(),
        asked=Asked(number, asked.by_time, asked.since),
        count=max(len(turned), 1),
        last=stubs[-1].number if stubs else 0,
        entries=turned[number - 1] if turned else [],
        above={one.pk: threads.Entry(one, 0) for one in above},
        page_of={
            entry.comment.number: page
            for page, several in enumerate(turned, start=1)
            for entry in several
        },
        numbers={one.number for one in stubs},
        by_author=voices.get(Voice.AUTHOR, []),
        new=new,
        has_answers=any(entry.answers for entry in entries),
    )
    _lead(shown, voices, new)
    _fill(shown, post)
    return shown


def place(comment, since=None):
    """Return the address at which a comment with a place in the thread is read. One query.

    It is its post's address, with the page it stands on, and what is new `since` a number.
    """
    _, _, entries = _laid_out(comment.post)
    pages = enumerate(threads.pages(entries, A_PAGE), start=1)
    of = {entry.comment.pk: page for page, several in pages for entry in several}
    asked = Asked(of.get(comment.pk, 1), since=since)
    return f"{address(comment.post.get_absolute_url(), asked)}#c{comment.number}"


def address(of_post, asked):
    """Return the address of a post, with its thread as `asked` for."""
    query = {
        "order": TIME if asked.by_time else None,
        "since": asked.since,
        "thread": asked.page if asked.page > 1 else None,
    }
    query = urlencode({name: value for name, value in query.items() if value})
    return f"{of_post}?{query}" if query else of_post


def by_number(of_post, number):
    """Return the address that leads to comment `number`, known by the address of its post alone."""
    return f"{of_post}?comment={number}#c{number}"


def find(post, number):
    """Return the address of comment `number` (as it was sent) of `post`; if none, of them all."""
    found = post.comments.in_thread().filter(number=as_number(number)).first()
    if found is None:
        # With an anchor: else a browser takes the old one along, and its script asks again.
        return f"{post.get_absolute_url()}#comments"
    found.post = post
    return place(found)


def _laid_out(post):
    """Return (stubs, {id of a comment: its exchange}, entries): the whole thread, without words."""
    rows = post.comments.in_thread().order_by("number").values_list(*Stub._fields)
    stubs = [Stub(*row) for row in rows]
    apart = exchanges.belonging(stubs)
    return stubs, apart, threads.flatten(stubs, apart)


def _voice(stub):
    """Return what the voice of a comment is known by; None for readers, and for a tombstone."""
    if not stub.is_published:
        return None
    return stub.voice if stub.is_authors else stub.right_id


def _is_new(stub, since):
    return bool(since) and stub.is_published and stub.number >= since


def _lead(shown, voices, new):
    """Let each entry shown know what is before and after it in its voice, and what is new next."""
    beside = {pk: two for chain in voices.values() for pk, two in threads.beside(chain).items()}
    next_new = threads.beside(new)
    for entry in (*shown.above.values(), *shown.entries):
        pk = entry.comment.pk
        entry.before, entry.after = beside.get(pk, (None, None))
        entry.is_new = pk in next_new
        entry.next_new = next_new.get(pk, (None, None))[1]


def _fill(shown, post):
    """Put the whole comments into the entries of the page, in place of their stubs."""
    wanted = [entry.comment.pk for entry in shown.entries]
    whole = {comment.pk: comment for comment in post.comments.in_thread().filter(pk__in=wanted)}
    # One that was deleted a moment ago is not there any more.
    shown.entries = [entry for entry in shown.entries if entry.comment.pk in whole]
    for entry in shown.entries:
        entry.comment = whole[entry.comment.pk]
