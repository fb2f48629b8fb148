"""Two people at once: whoever holds rows takes them in one order, so that nobody waits for ever.

On SQLite one waits for the other in any case; on PostgreSQL these are what a deadlock was made of.
"""

import time

import pytest
from django.db import transaction

from comments.models import AmendmentRequest, Claim, Reply, RightOfReply, Subject, Thread
from posts.models import LogEntry
from tests import make
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)

A_WHILE = 0.15  # seconds


def again(one):
    return type(one).objects.get(pk=one.pk)


@pytest.fixture(autouse=True)
def slowly(monkeypatch):
    """Let whoever takes a lock wait before and after it, so that the others come in between."""
    make.blog()

    def slow(owner, name):
        real = getattr(owner, name)

        def waits(*args, **kwargs):
            time.sleep(A_WHILE)
            found = real(*args, **kwargs)
            time.sleep(A_WHILE)
            return found

        monkeypatch.setattr(owner, name, waits)

    yield lambda: [
        slow(owner, name)
        for owner, name in [
            (Thread, "lock"),
            (RightOfReply, "locked"),
            (Subject, "locked"),
            (Subject, "save"),
            (AmendmentRequest, "_lock"),
            (LogEntry, "record"),
        ]
    ]


@pytest.fixture
def otto():
    return make.subject("Otto Brandt", email="otto@example.com")


def waiting_reply(otto):
    """Return the Reply of a reply of his that waits, under a post of its own."""
    return Reply.of(make.right(make.post(), otto).receive("It was not so."))


def claim(post):
    about = {"name": "Otto", "how": "h", "proof": "p", "email": "otto@example.com"}
    made = Claim.objects.make(post, comment=None, **about)
    made.confirm()
    return made


def at_once(slowly, *works):
    slowly()
    together(len(works), lambda n: works[n]())


def test_a_claim_is_accepted_while_a_reply_of_the_same_person_is_published(slowly, otto):
    reply, one = waiting_reply(otto), claim(make.post())

    at_once(slowly, lambda: one.accept(otto, replace_email=True), reply.publish)

    assert (again(one).state, again(reply.comment).is_published) == ("accepted", True)


def test_two_claims_of_one_person_are_accepted(slowly, otto):
    posts = [make.post(), make.post()]
    rights = [make.right(post, otto) for post in posts]
    claims = [claim(post) for post in posts]

    at_once(slowly, *(lambda one=one: one.accept(otto, replace_email=True) for one in claims))

    assert [again(one).state for one in claims] == ["accepted", "accepted"]
    assert all(again(right).told_at for right in rights)


@pytest.mark.parametrize("verb", ["stop_letters", "resume_letters", "forget_email", "save"])
def test_somebody_decides_about_letters_while_one_is_written_to_them(slowly, otto, verb):
    reply = waiting_reply(otto)
    make.tell(reply.comment.right)
    if verb == "resume_letters":
        again(otto).stop_letters()
    person = again(otto)
    person.name, person.email = "O. Brandt", "brandt@example.com"

    def once_the_letter_is_begun():
        time.sleep(4 * A_WHILE)
        getattr(person, verb)()

    at_once(slowly, reply.publish, once_the_letter_is_begun)

    assert again(reply.comment).is_published


@pytest.mark.parametrize("other", ["decline", "acknowledge", "erase", "ask", "renew_link"])
def test_an_amendment_is_made_while_something_else_is_done_with_its_request(slowly, otto, other):
    right = make.right(make.post("The bell"), otto)
    one = right.ask("It was not so.")
    does = {
        "decline": lambda: again(one).decline("It was."),
        "acknowledge": again(one).acknowledge,
        "erase": again(one).erase,
        "ask": lambda: again(right).ask("It was not so."),
        "renew_link": again(right).renew_link,
    }[other]
    make_it = again(one)

    def first():
        try:
            make_it.make("The bell", "<p>New.</p>", "Changed.")
        except ValueError as error:  # the other one came first
            assert "decided" in str(error)

    def second():
        try:
            does()
        except ValueError as error:
            assert "decided" in str(error)

    at_once(slowly, first, second)

    assert again(one).state in ("made", "declined")


@pytest.mark.parametrize("other", ["ask", "decline", "erase"])
def test_a_request_is_declined_while_something_else_is_done_with_it(slowly, otto, other):
    right = make.right(make.post("The bell"), otto)
    one = right.ask("It was not so.")
    declined, same = again(one), again(one)
    does = {
        "ask": lambda: again(right).ask("It was not so.", public=not one.public),
        "decline": lambda: same.decline("It was."),
        "erase": same.erase,
    }[other]

    def quietly(work):
        try:
            work()
        except ValueError as error:
            assert "decided" in str(error)

    at_once(slowly, lambda: quietly(lambda: declined.decline("It was.")), lambda: quietly(does))

    assert again(one).state == "declined"


def test_all_that_waits_is_acknowledged_while_a_request_is_withdrawn(slowly, otto):
    right = make.right(make.post(), otto)
    one = right.ask("It was not so.")
    right.receive("It was not so.")

    at_once(slowly, again(right).acknowledge_all, again(one).withdraw)

    assert again(one).state == "withdrawn"


def test_an_e_mail_is_noted_under_one_post_while_a_claim_to_another_is_accepted(slowly):
    maud = make.subject(email="")
    right, one = make.right(make.post(), maud), claim(make.post())
    make.right(one.post, maud)

    def in_the_form_of_the_post():
        with transaction.atomic():
            right.held()
            again(maud).note_email("maud@example.com")

    def once_the_form_is_begun():
        time.sleep(3 * A_WHILE)
        one.accept(again(maud))

    at_once(slowly, in_the_form_of_the_post, once_the_form_is_begun)

    assert again(one).state == "accepted"
    assert again(maud).email in ("maud@example.com", "otto@example.com")
