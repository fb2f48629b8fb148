"""Who knows of a post: also whoever has written about it, or has proved that it is about them."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from comments.concerns import concerns
from comments.models import Act, Claim, CourtesyLetter, Letter, RightOfReply
from comments.tasks import send_due_letters, tick
from tests import make

pytestmark = pytest.mark.django_db
REASON = "I was sure that somebody would show it to her."


def again(one):
    return type(one).objects.get(pk=one.pk)


@pytest.fixture
def right():
    """The right of somebody whom the author did not tell, for a reason."""
    made = make.right(make.post("The bell", published=timezone.now() - timedelta(days=90)))
    made.do_not_tell(REASON)
    return again(made)


def claimed(right, email="maud@example.com", comment=None):
    """Return a claim to the post, confirmed."""
    said = {"name": "Maud Tarrant", "how": "It says that I left.", "proof": "Call me."}
    claim = Claim.objects.make(right.post, comment=comment, email=email, **said)
    claim.confirm()
    return claim


def reprint(right):
    newer = make.post("From the drawer", published=None)
    made = make.reprint(newer, right.post)
    newer.publish()
    return again(made)


def test_who_has_claimed_is_told_of_what_happens_to_the_post(right):
    claimed(right).accept(right.subject)
    assert again(right).not_told_because == ""

    made = reprint(right)

    (letter,) = CourtesyLetter.objects.missing(post=made.post)
    assert letter.right == right


def test_so_is_who_was_told_by_other_means(right):
    RightOfReply.objects.update(tell=False)

    again(right).told_otherwise("by telephone")

    assert again(right).is_tellable


@pytest.mark.parametrize("way", ["receive", "ask"])
def test_who_writes_from_the_letterbox_knows_of_the_post(right, way):
    RightOfReply.objects.update(not_told_because="", tell=False)
    right = again(right)
    assert right in RightOfReply.objects.untold()

    getattr(right, way)("It was the ebb.")

    assert again(right).told_at is not None
    assert right not in RightOfReply.objects.untold()


def test_and_gets_no_letter_that_there_is_a_post():
    right = make.right(make.post())
    right.receive("I waited.")

    tick()

    assert not Letter.objects.filter(key__startswith="courtesy").exists()


def test_a_letter_that_is_stopped_leaves_them_knowing_of_it():
    right = make.right(make.post())
    make.tell(right)
    right.receive("I waited.")

    right.stop_letters()

    assert again(right).told_at is not None


def test_nobody_says_of_them_that_they_were_never_told(right):
    right.receive("I waited.").publish()
    draft = make.post(published=None)
    make.reprint(draft, right.post)

    assert "untold" not in {concern.kind for concern in concerns(draft)}


# The letter with the letterbox


def accepted_letter():
    send_due_letters()
    return next(one for one in mail.outbox if one.subject.startswith("Your letterbox"))


def test_it_is_a_letter_to_a_subject_with_name_and_stop_links(right):
    claimed(right).accept(right.subject)

    letter = accepted_letter()
    assert letter.body.startswith("Dear Maud Tarrant,")
    for link in (right.letterbox, right.stop_link, right.subject.stop_link):
        assert link in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<{right.stop_link}>"


def test_it_goes_to_the_address_that_was_confirmed_whatever_other_one_is_known(right):
    claimed(right, email="tarrant@example.com").accept(right.subject)

    assert accepted_letter().to == ["tarrant@example.com"]
    assert again(right.subject).email == "maud@example.com"


def test_who_had_stopped_all_letters_gets_it_and_those_that_follow(right):
    right.stop_letters()
    right.subject.stop_letters()

    claimed(right).accept(again(right.subject))

    assert accepted_letter()
    assert not again(right).is_stopped
    acts = Act.objects.filter(verb="resume_letters", right=right)
    assert {act.role for act in acts} == {"subject"}


def test_letters_about_a_claim_to_a_comment_say_which(right):
    comment = make.comment(right.post)

    claimed(right, comment=comment).decline("It is about her sister.")

    send_due_letters()
    bodies = [one.body for one in mail.outbox]
    assert bodies
    assert all(f"comment {comment.number} under “The bell”" in body for body in bodies)


# Which request, which reply


def test_a_decision_quotes_what_was_asked_and_has_its_day_in_the_subject_line(right):
    at = timezone.now().replace(year=2017, month=8, day=9, hour=12)
    request = right.ask("It was the ebb.\nBoth days.", words="on the flood", at=at)

    request.decline("Both logs say flood.")

    letter = Letter.objects.get(key__startswith="decision")
    assert letter.subject == "Your request of 9 August 2017 about “The bell”"
    assert "> on the flood" in letter.body
    assert "> It was the ebb.\n> Both days." in letter.body


def test_it_quotes_the_beginning_of_what_is_long(right):
    request = right.ask("ebb " * 500)

    request.decline("Both logs say flood.")

    assert len(Letter.objects.get(key__startswith="decision").body) < 2_000


def test_what_is_erased_is_quoted_nowhere(right):
    request = right.ask("It was the ebb.", words="on the flood")
    request.acknowledge()
    request.decline("Both logs say flood.")

    request.erase()

    bodies = " ".join(Letter.objects.filter(right=right).values_list("body", flat=True))
    for words in ("It was the ebb.", "on the flood", "Both logs say flood."):
        assert words not in bodies


def test_a_letter_about_a_reply_quotes_it_until_it_is_erased(right):
    at = timezone.now().replace(year=2017, month=8, day=9, hour=12)
    reply = right.receive("I waited forty minutes.", at=at)
    reply.publish(by=make.author())
    letter = Letter.objects.get(key__startswith="published")
    assert letter.subject == "Your reply of 9 August 2017 is published"
    assert "> I waited forty minutes." in letter.body

    reply.erase()

    assert "forty minutes" not in again(letter).body
