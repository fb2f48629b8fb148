"""E-mail for answers, over random sequences of what commenters, authors and mail servers do."""

from collections import Counter

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import tasks
from comments.models import Comment, Letter, Subscription
from comments.screening import Sent
from tests import make
from tests.stored import everything_stored

pytestmark = pytest.mark.django_db

WRITERS = 3
ASKED_A_DAY = 3
ADDRESSES = ["boat0@example.com", "boat1@example.com", "BOAT1@example.com", "boat2@example.com"]


class Server(BaseEmailBackend):
    """A mail server that is away now and then, and says what came."""

    away, came = False, []

    def send_messages(self, messages):
        if self.away:
            raise ConnectionRefusedError("nobody there")
        self.came.extend(messages)
        return len(messages)


class World:
    """A post under which a few people write, each of whom may want to hear of answers.

    `left` and `on` say, beside the database, which address each has left and confirmed.
    """

    def __init__(self):
        make.blog(comment_policy="open", author_email="")
        Server.away, Server.came = False, []
        self.post = make.post()
        self.left, self.on, self.told = {}, {}, Counter()
        self.asked = Counter()
        self.words = {}
        for _ in range(WRITERS):
            self.writes(0)
        for n in (0, 4):  # two hear of answers from the start, the third doesn't
            self.leaves(n)
        self.worker_works(0)
        for n in (0, 1):
            self.confirms(n)

    def pick(self, n, state=None):
        rows = Comment.objects.order_by("pk")
        rows = list(rows.filter(state=state) if state else rows.exclude(typed=""))
        return rows[n % len(rows)] if rows else None

    def note(self, comment):
        """Keep in mind what was stored: its words must not be lost."""
        self.words[comment.pk] = comment.typed

    # What may happen; `n` picks what it happens to.

    def writes(self, n):
        self.note(Comment.objects.write(self.post, f"Word {len(self.words)}."))

    def answers(self, n):
        parent = self.pick(n, "published")
        commenter = (self.pick(n // 3) or parent) if n % 3 else None
        self.note(
            Comment.objects.write(
                self.post,
                f"Word {len(self.words)}.",
                parent=parent,
                commenter=commenter and commenter.commenter,
                sent=Sent(trap="filled" if n % 5 == 0 else ""),
            )
        )

    def author_answers(self, n):
        parent = self.pick(n, "published")
        self.note(
            Comment.objects.write(
                self.post, f"Word {len(self.words)}.", parent=parent, voice="author"
            )
        )

    def leaves(self, n):
        comment = self.pick(n)
        if comment and comment.commenter_id:
            email, pk = ADDRESSES[n // 2 % len(ADDRESSES)], comment.commenter_id
            Subscription.objects.leave(comment.commenter, email)
            if self.left.get(pk, "").lower() != email.lower():
                self.left[pk] = email
                self.on.pop(pk, None)

    def confirms(self, n):
        """Follow the link of a letter that came; an old one opens nothing."""
        letters = [one for one in Server.came if "/confirm/" in one.body]
        if letters:
            secret = letters[n % len(letters)].body.split("/confirm/")[1].split("/")[0]
            one = Subscription.objects.to_confirm(secret)
            if one:
                one.confirm()
                self.on[one.commenter_id] = one.email

    def stops(self, n):
        rows = Subscription.objects.order_by("pk")
        if rows:
            one = rows[n % len(rows)]
            one.stop()
            self.left.pop(one.commenter_id)
            self.on.pop(one.commenter_id, None)

    def publishes(self, n):
        if comment := self.pick(n):
            comment.publish()

    def removes(self, n):
        if comment := self.pick(n, "published"):
            comment.remove()

    def erases(self, n):
        if comment := self.pick(n):
            pk = comment.commenter_id
            comment.erase()
            self.words[comment.pk] = ""
            if pk and not Comment.objects.filter(commenter=pk).exists():
                self.left.pop(pk, None)
                self.on.pop(pk, None)

    def server_goes(self, n):
        Server.away = True

    def server_comes(self, n):
        Server.away = False

    def waiting_is_over(self, n):
        Letter.objects.filter(state="waiting").update(next_try_at=timezone.now())

    def worker_works(self, n):
        came = len(Server.came)
        tasks.send_due_letters()
        for letter in Server.came[came:]:
            self.came(letter)

    # What must hold

    def came(self, letter):
        (to,) = letter.to
        if "/confirm/" in letter.body:
            assert to in self.left.values()
            self.asked[to.lower()] += 1
            assert self.asked[to.lower()] <= ASKED_A_DAY
            assert "Word " not in letter.body
            return
        assert to in self.on.values()
        answer = Comment.objects.get(pk=letter.body.split("/comments/")[1].split("/")[0])
        assert answer.is_published
        assert answer.typed in letter.body
        assert self.on[answer.parent.commenter_id] == to
        assert answer.commenter_id != answer.parent.commenter_id
        self.told[answer.pk] += 1
        assert self.told[answer.pk] == 1

    def look(self):
        assert dict(Comment.objects.values_list("pk", "typed")) == self.words
        rows = Subscription.objects.values_list("commenter", "email")
        assert dict(rows) == self.left
        assert dict(rows.confirmed()) == self.on
        theirs = {email.lower() for email in self.left.values()}
        stored = everything_stored().lower()
        assert {one.lower() for one in ADDRESSES if one.lower() in stored} == theirs


EVENTS = [
    *("writes", "answers", "answers", "author_answers", "leaves", "leaves", "confirms", "confirms"),
    *("stops", "publishes", "removes", "erases", "server_goes", "server_comes", "waiting_is_over"),
    *("worker_works", "worker_works", "worker_works"),
]


@override_settings(EMAIL_BACKEND=f"{__name__}.Server")
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 30)), min_size=12, max_size=40))
@settings(max_examples=50)
def test_whatever_happens_mail_goes_to_who_wants_it_and_no_comment_is_lost(events):
    with transaction.atomic():
        world = World()
        for event, n in events:
            getattr(world, event)(n)
        for event in ("server_comes", "waiting_is_over", "worker_works"):
            getattr(world, event)(0)
        world.look()
        transaction.set_rollback(True)
