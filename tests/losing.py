"""What the tests share that try to lose somebody's words.

Every way in which somebody writes here is in `WAYS`. However it goes, in the end the words are in
the database once, whole, or on the page that answers, whole.
"""

import html as escapes
import re
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.utils import timezone

from comments.models import (
    AmendmentRequest,
    Claim,
    Comment,
    Complaint,
    LetterboxDraft,
    Reply,
)
from tests import make

HERE = {"Origin": "http://testserver"}
MADE = "5f3a" * 8  # what the script of a page makes to name a submission
WHOLE = (
    "\n\n  </textarea><script>alert(1)</script> &amp; &#60; <é> ]]> {{ x }} %s +1 %2B\r\n\r\n"
    "two  spaces,\ta tab 🜁 👩‍🚀 \u202eturned\u202c 署名 \ufeff half\x00way\rThe end. \n"
)
"""Everything at once that has ever come back other than it went."""


class World:
    """A post with all who may write there; `reader` and `author` are their browsers."""

    def __init__(self):
        make.blog(comment_policy="open")
        self.post = make.post("Fog signals")
        self.first = make.comment(self.post, "Was it two long and one short?", "Bosun")
        self.mine = make.comment(self.post, "I heard it from the quay.", "Halyard")
        self.right = make.right(self.post)
        self.reader = browser()
        self.author = browser()
        self.author.force_login(make.author())
        self.began = self.rows()

    def rows(self):
        """Return how many rows there are that hold somebody's words."""
        kinds = (Comment, Complaint, AmendmentRequest, Claim, LetterboxDraft)
        return sum(one.objects.count() for one in kinds)


def browser(headers=HERE):
    """Return a browser that shows the page for a fault, as a real one does."""
    client = Client(enforce_csrf_checks=True, headers=headers)
    client.raise_request_exception = False
    return client


def _yours(world):
    return world.mine.commenter.path


def _letterbox(world):
    return world.right.letterbox.removeprefix("http://testserver")


WAYS = {
    "a comment": (lambda world: f"/comments/on/{world.post.slug}/", "text", {"submission": MADE}),
    "a comment without script": (lambda world: f"/comments/on/{world.post.slug}/", "text", {}),
    "an answer": (
        *(lambda world: f"/comments/on/{world.post.slug}/", "text"),
        {"submission": MADE, "to": "1", "name": "Cox"},
    ),
    "the author's answer": (
        *(lambda world: f"/comments/on/{world.post.slug}/", "text"),
        {"submission": MADE, "to": "1"},
    ),
    "another by the same person": (
        *(lambda world: f"{_yours(world)}on/{world.post.slug}/", "text"),
        {"submission": MADE},
    ),
    "a change": (_yours, "text", {"do": "edit"}),
    "a complaint about a comment": (
        *(lambda world: f"/comments/{world.first.pk}/complain/", "words"),
        {"reason": "private", "email": "maud@example.com", "law": "on"},
    ),
    "a complaint about a post": (
        *(lambda world: f"/complaints/on/{world.post.slug}/", "words"),
        {"reason": "private", "law": "on"},
    ),
    "a claim": (
        *(lambda world: world.post.get_about_you_url(), "how"),
        {"submission": MADE, "name": "Maud", "proof": "Ask me.", "email": "maud@example.com"},
    ),
    "a reply": (_letterbox, "text", {"submission": MADE}),
    "a request": (_letterbox, "wrong", {"submission": MADE}),
    "a draft": (_letterbox, "text", {"submission": MADE, "draft": "Save as a draft"}),
    "a changed reply": (_letterbox, "text", {"submission": MADE}),
}


class Way:
    """One way to write, in a World: whose browser sends which fields to which address."""

    def __init__(self, name, world):
        path, self.field, self.more = WAYS[name]
        self.path = path(world)
        self.browser = world.author if "author" in name else world.reader
        self.world = world
        if name == "a change":
            self.more = {**self.more, "comment": world.mine.pk}
            self.makes = 0
        elif name == "a changed reply":
            world.waiting = world.right.receive("I rang it once.")
            Reply.objects.create(comment=world.waiting, asked_at=timezone.now(), question="Once?")
            world.began = world.rows()
            self.more = {**self.more, "change": world.waiting.pk}
            self.makes = 0
        else:
            self.makes = 1

    def fields(self, text):
        return {**self.more, self.field: text}

    def send(self, text, browser=None, **how):
        return (browser or self.browser).post(self.path, self.fields(text), **how)

    @property
    def is_secret(self):
        return self.path.startswith(("/yours/", "/reply/"))


def change(post, **values):
    for name, value in values.items():
        setattr(post, name, value)
    post.save()


def moved(world, _):
    """Let the author change the address of the post."""
    change(world.post, slug="horns")


def a_week_goes_by(monkeypatch):
    now = timezone.now() + timedelta(days=8)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@contextmanager
def broken(fault, moment):
    """Let the database have a fault, once, when it gets the first query that is like `moment`."""
    met = []

    def execute(go_on, sql, *args):
        if not met and re.search(moment, sql):
            met.append(sql)
            raise fault
        return go_on(sql, *args)

    with connection.execute_wrapper(execute):
        yield met


def times_stored(text):
    """Return how often the words are in the database, as whoever sent them meant them."""
    text = kept(text)
    return (
        Comment.objects.filter(typed=text).count()
        + Complaint.objects.filter(words=text).count()
        + AmendmentRequest.objects.filter(wrong=text).count()
        + Claim.objects.filter(how=text).count()
        + [one.typed["text"].strip() for one in LetterboxDraft.objects.all()].count(text)
    )


def kept(text):
    """Return `text` as the database shall have it: no NUL, one sort of line end, none around it."""
    return _as_in_a_browser(text).strip()


def is_handed_back(response, text):
    """Say whether the page has the whole text in a textarea, as a browser takes it from there."""
    areas = re.findall(r"<textarea[^>]*>(.*?)</textarea>", response.text, re.DOTALL)
    # A browser drops the first end of line, and no other.
    inside = [re.sub(r"\A\r?\n", "", escapes.unescape(area)) for area in areas]
    return _as_in_a_browser(text) in [_line_ends(one) for one in inside]


def _as_in_a_browser(text):
    return _line_ends(text.replace("\x00", ""))


def _line_ends(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def assert_stored(way, text, response):
    """The words are there once, whole, and nothing else is; the answer says so."""
    assert response.status_code == 302, response.text
    assert times_stored(text) == 1
    assert way.world.rows() == way.world.began + way.makes


def assert_handed_back(way, text, response, status):
    """The words are on the page, whole, and nothing is stored."""
    assert response.status_code == status
    assert is_handed_back(response, text)
    assert times_stored(text) == 0
    assert way.world.rows() == way.world.began
    assert "<script>alert" not in response.text
    assert "Traceback" not in response.text
    if way.is_secret:
        assert response["Cache-Control"] == "no-store, private"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
