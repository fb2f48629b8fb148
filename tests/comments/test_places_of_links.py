"""Links in letters: filled in where we put them, and nowhere that anybody has typed."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail

from comments.models import Claim, CourtesyLetter, Letter
from comments.tasks import send_due_letters, tick
from tests import make
from tests.desk import page_of

pytestmark = pytest.mark.django_db
PLACES = (
    *(Letter.LETTERBOX, Letter.STOP_POST, Letter.STOP_ALL, Letter.CLAIM, Letter.CONFIRM),
    *("[letterbox]", "[no more about this post]", "[no more letters]", "[claim]", "[confirm]"),
)
HOSTILE = " ".join(PLACES)


@pytest.fixture
def right():
    """A right of somebody with a hostile name, to a post with a hostile title."""
    make.blog(author_name=f"Ines {Letter.LETTERBOX}")
    post = make.post(f"The bell {Letter.LETTERBOX} [letterbox]")
    return make.right(post, make.subject(f"Maud {Letter.LETTERBOX} [no more letters]"))


def sent(*keys):
    """Send what waits; return the letters to the subject whose keys begin so."""
    send_due_letters()
    found = [one.key for one in Letter.objects.order_by("pk")]
    return [body.body for body, key in zip(mail.outbox, found, strict=True) if key.startswith(keys)]


def is_ours_alone(body, right):
    """Whether each secret link stands there once: where we put it."""
    links = (right.letterbox, right.stop_link, right.subject.stop_link)
    return [body.count(link) for link in links] == [1, 1, 1] and Letter.SIGN not in body


def test_in_a_courtesy_letter_the_authors_words_name_and_title_become_no_link(right):
    CourtesyLetter(right=right).go_along(HOSTILE)

    tick()

    (body,) = sent("courtesy")
    assert is_ours_alone(body, right)
    assert "[letterbox]" in body


def test_the_note_of_an_amendment_becomes_none(right):
    make.tell(right)
    right.post.revise(right.post.title, "<p>New.</p>", "amendment", HOSTILE)

    tick()

    assert all(is_ours_alone(body, right) for body in sent("courtesy"))


def test_in_a_decision_neither_what_was_asked_nor_the_reasons_become_one(right):
    request = right.ask(HOSTILE, words=HOSTILE)
    reply = right.receive("I waited.")
    reply.publish(by=make.author())

    request.decline(HOSTILE)

    bodies = sent("decision", "published")
    assert len(bodies) == 2
    assert all(is_ours_alone(body, right) for body in bodies)


def test_what_the_author_is_told_holds_no_link_of_the_subject(right):
    right.receive("I waited.")

    (body,) = sent("reply")

    assert right.letterbox not in body
    assert not Letter.objects.get(key__startswith="reply").is_to_subject


def test_in_letters_about_a_claim_nothing_that_is_typed_becomes_one():
    make.blog()
    said = {"comment": None, "name": Letter.CLAIM, "how": HOSTILE, "proof": HOSTILE}
    claim = Claim.objects.make(make.post("The bell"), email="maud@example.com", **said)
    claim.confirm()
    claim.ask_once_more(HOSTILE)
    claim.answer_question(HOSTILE)
    claim.decline(HOSTILE)

    bodies = sent(f"claim {claim.pk} ")

    assert [body.count(claim.link) for body in bodies] == [1, 1, 1]
    assert not any(Letter.SIGN in body for body in bodies)


def test_the_desk_shows_the_names_of_the_places(desk):
    right = make.right(make.post("The bell"))
    make.tell(right)

    page = desk.get(page_of(Letter.objects.get())).content.decode()

    assert "[no more letters]" in page
    assert Letter.SIGN not in page
    assert right.letterbox not in page


def test_letters_that_waited_with_the_former_places_go_with_their_links(right):
    former = "Hello\n[letterbox]\n[no more about this post]\n[no more letters]\n"
    Letter.objects.write("courtesy 7", "maud@example.com", "Hello", former, right=right)
    Letter.objects.write("reply 7", "ines@tidetable.example", "Hello", former, right=right)

    import_module("comments.migrations.0012_letters").mark(apps, None)

    (body,) = sent("courtesy")
    assert is_ours_alone(body, right)
    assert sent("reply")[0] == former
