"""Letters: sent once, tried again by growing waits, and never given up in silence."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from comments.models import Letter
from comments.models.letter import WAITS
from comments.tasks import send_due_letters, send_letter
from tests.threads import together

pytestmark = pytest.mark.django_db


class AwayBackend(EmailBackend):
    """A mail server that nobody can reach."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody there")


@pytest.fixture
def away(settings):
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"


def write(key="a post", **values):
    return Letter.objects.write(
        **{"key": key, "to": "maud@example.com", "subject": "Fog", "body": "Words.", **values}
    )


def make_due(letter):
    Letter.objects.filter(pk=letter.pk).update(next_try_at=timezone.now())


def test_a_letter_is_sent_and_says_what_it_should():
    letter = write()

    send_letter.call(letter.pk)

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["maud@example.com"], "Fog", "Words.")
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.fault) == ("sent", 1, "")


def test_a_letter_is_sent_once_however_often_it_is_tried():
    letter = write()

    letter.send()
    Letter.objects.get().send()
    send_letter.call(letter.pk)
    send_due_letters()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_many_workers_send_at_once_is_sent_once():
    letter = write()

    together(4, lambda _: Letter.objects.get(pk=letter.pk).send())

    assert len(mail.outbox) == 1


def test_a_second_letter_for_the_same_occasion_is_not_written():
    first = write()

    second = write(body="Other words.")

    assert first == second
    assert Letter.objects.get().body == "Words."


def test_every_try_has_the_same_message_id():
    letter = write()
    letter.send()
    Letter.objects.update(state="waiting")

    Letter.objects.get().send()

    ids = {message.message()["Message-ID"] for message in mail.outbox}
    assert len(mail.outbox) == 2
    assert ids == {f"<letter-{letter.pk}@testserver>"}


def test_a_mail_server_that_is_away_delays_a_letter_by_growing_waits(away):
    letter = write()

    waited = []
    for _ in WAITS:
        make_due(letter)
        before = timezone.now()
        letter.send()
        waited.append(letter.next_try_at - before)

    assert letter.state == "waiting"
    assert [round(wait / timedelta(minutes=1)) for wait in waited] == [
        wait // timedelta(minutes=1) for wait in WAITS
    ]
    assert sorted(WAITS) == WAITS


def test_after_the_last_wait_a_letter_has_failed_and_says_why(away):
    letter = write()

    for _ in range(len(WAITS) + 1):
        make_due(letter)
        letter.send()

    assert list(Letter.objects.failed()) == [letter]
    assert letter.fault == "ConnectionRefusedError: nobody there"
    assert letter.tries == len(WAITS) + 1


def test_a_letter_is_not_tried_before_its_time(away):
    letter = write()

    letter.send()
    letter.send()
    send_due_letters()

    assert Letter.objects.get().tries == 1


def test_a_letter_that_was_delayed_is_sent_when_the_server_is_back(away, settings):
    letter = write()
    letter.send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    make_due(letter)

    send_due_letters()

    assert len(mail.outbox) == 1
    assert Letter.objects.get().state == "sent"


def test_a_failed_letter_can_be_tried_again(away, settings):
    letter = write()
    Letter.objects.update(state="failed", tries=8, next_try_at=timezone.now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    letter.retry()
    send_due_letters()

    assert len(mail.outbox) == 1


def test_a_sent_letter_is_not_sent_again_by_retrying():
    letter = write()
    letter.send()

    letter.retry()
    send_due_letters()

    assert len(mail.outbox) == 1


def test_queryset_and_property_agree():
    for number, (state, minutes) in enumerate(
        [("waiting", -1), ("waiting", 60), ("sent", -1), ("failed", -1)]
    ):
        write(key=str(number))
        at = timezone.now() + timedelta(minutes=minutes)
        Letter.objects.filter(key=str(number)).update(state=state, next_try_at=at)

    due = set(Letter.objects.due())

    assert due == {letter for letter in Letter.objects.all() if letter.is_due}
    assert {letter.key for letter in due} == {"0"}


def test_a_subject_line_cannot_carry_a_header():
    letter = write(subject="Fog\r\nBcc: all@example.com")

    letter.send()

    assert mail.outbox[0].subject == "Fog Bcc: all@example.com"
    assert mail.outbox[0].recipients() == [letter.to]


def test_a_letter_that_is_being_sent_is_not_tried_again_beside(monkeypatch):
    letter = write()

    def impatient(message):
        Letter.objects.get().retry()
        Letter.objects.get().send()
        mail.outbox.append(message)

    monkeypatch.setattr("comments.models.letter.EmailMessage.send", impatient)
    letter.send()

    assert len(mail.outbox) == 1
