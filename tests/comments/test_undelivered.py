"""Letters that reach nobody: tried as long as no server answers; named until seen to."""

from datetime import timedelta
from smtplib import SMTPConnectError, SMTPDataError, SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from comments.mail_faults import is_away
from comments.models import Letter
from comments.models.letter import WAITS
from comments.tasks import send_due_letters
from tests import make
from tests.desk import list_of, page_of

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


class AwayBackend(EmailBackend):
    def send_messages(self, messages):
        raise TimeoutError("nobody answers")


@pytest.fixture
def right():
    made = make.right(make.post("The bell"))
    make.tell(made)
    return again(made)


def again(one):
    return type(one).objects.get(pk=one.pk)


@pytest.fixture
def letter(right):
    """The letter that told of the post; it came back."""
    send_due_letters()
    found = Letter.objects.get()
    found.came_back()
    return again(found)


def tried_for(settings, letter, days):
    """Let a letter be that old, all its tries used up, and tried once more without a server."""
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"
    now = timezone.now()
    Letter.objects.filter(pk=letter.pk).update(
        written_at=now - days * A_DAY, tries=len(WAITS), next_try_at=now
    )
    again(letter).send()
    return again(letter)


def test_a_letter_to_a_subject_outlasts_a_mail_server_that_is_away_for_long(settings, right):
    letter = tried_for(settings, Letter.objects.get(), days=20)

    assert letter.state == "waiting"
    assert letter.next_try_at - timezone.now() > timedelta(hours=23)


def test_after_a_month_it_has_failed(settings, right):
    assert tried_for(settings, Letter.objects.get(), days=31).state == "failed"


def test_a_letter_to_the_author_fails_as_before(settings):
    letter = Letter.objects.write("one", "ines@tidetable.example", "Hello", "Text")

    assert tried_for(settings, letter, days=3).state == "failed"


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (ConnectionRefusedError(), True),
        (SMTPConnectError(554, b"no service"), True),
        (SMTPServerDisconnected("gone"), True),
        (SMTPDataError(451, b"later"), True),
        (SMTPDataError(554, b"never"), False),
        (ValueError("no such thing"), False),
    ],
)
def test_a_refusal_is_no_absence(error, away):
    assert is_away(error) is away


# At the desk


def to_see_to():
    return list(Letter.objects.to_see_to())


def test_a_letter_that_came_back_is_to_be_seen_to(letter):
    assert to_see_to() == [letter]


def test_it_is_seen_to_by_a_button(desk, letter):
    assert "leave it out of the list" in desk.get(page_of(letter)).content.decode()

    desk.post(page_of(letter), {"_seen_to": "1"})

    assert to_see_to() == []
    assert page_of(letter) not in desk.get(reverse("admin:comments_subjects")).content.decode()
    assert "leave it out of the list" not in desk.get(page_of(letter)).content.decode()


def test_what_was_tried_again_since_is_to_be_seen_to_if_it_comes_back_again(letter):
    letter.see_to()
    letter.retry()
    send_due_letters()

    again(letter).came_back()

    assert to_see_to() == [letter]


def test_who_was_told_otherwise_since_is_seen_to(letter, right):
    right.told_otherwise("by telephone")

    assert to_see_to() == []


def test_so_is_who_has_written_since(letter, right):
    right.ask("It was the ebb.")

    assert to_see_to() == []


def test_so_is_who_got_a_later_letter(letter, right):
    request = right.ask("It was the ebb.")
    Letter.objects.filter(pk=letter.pk).update(written_at=timezone.now())
    assert to_see_to() == [letter]

    request.decline("Both logs say flood.")
    send_due_letters()

    assert to_see_to() == []


def test_a_letter_that_was_sent_before_it_came_back_proves_nothing(right):
    right.ask("It was the ebb.").decline("Both logs say flood.")
    Letter.objects.filter(key__startswith="courtesy").update(written_at=timezone.now())
    send_due_letters()
    letter = Letter.objects.get(key__startswith="courtesy")

    letter.came_back()

    assert to_see_to() == [letter]


@pytest.mark.parametrize("wish", ["forget_email", "stop_letters"])
def test_so_is_who_wants_no_letters(letter, right, wish):
    getattr(right.subject, wish)()

    assert to_see_to() == []


def test_a_letter_to_the_author_about_a_subject_stays_whatever_they_do(right):
    make.blog()
    right.ask("It was the ebb.")
    letter = Letter.objects.get(key__startswith="request")
    Letter.objects.filter(pk=letter.pk).update(state="failed")
    right.stop_letters()

    assert to_see_to() == [letter]


def test_a_letter_that_came_back_has_told_nobody(desk, letter, right):
    for address in (page_of(right), list_of(type(right))):
        assert "no: the letter came back" in desk.get(address).content.decode()

    assert page_of(right) not in desk.get(f"{list_of(type(right))}?told=told").content.decode()
    assert page_of(right) in desk.get(f"{list_of(type(right))}?told=unread").content.decode()

    right.told_otherwise("by telephone", timezone.now() - A_DAY)

    assert page_of(right) in desk.get(f"{list_of(type(right))}?told=told").content.decode()
    assert "no: the letter came back" not in desk.get(page_of(right)).content.decode()
    assert timezone.now() - again(right).told_at >= A_DAY
