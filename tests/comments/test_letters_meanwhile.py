"""Letters that wait while something changes: another e-mail, a stop, a post out of view."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from comments.models import Claim, CourtesyLetter, Letter, RightOfReply
from comments.tasks import send_due_letters, tick
from tests import make
from tests.desk import opened, page_of

pytestmark = pytest.mark.django_db


def again(one):
    return type(one).objects.get(pk=one.pk)


def days_ago(number):
    return timezone.now() - timedelta(days=number)


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post("The bell", published=days_ago(40)))


@pytest.fixture
def told(right):
    """The same right, whose subject has known of the post for a month."""
    RightOfReply.objects.update(told_at=days_ago(30))
    return again(right)


def claim(post, email):
    made = Claim.objects.make(
        post, comment=None, name="Somebody", how="It is me.", proof="Ask.", email=email
    )
    made.confirm()
    return made


def send_all():
    Letter.objects.filter(state="waiting").update(next_try_at=timezone.now())
    send_due_letters()
    return [message.to[0] for message in mail.outbox]


def meanwhile(monkeypatch, happens, fault=None):
    """Let this happen once, while the mail server has the first letter; it may refuse it."""
    real = EmailMessage.send
    times = []

    def send(self, *args, **kwargs):
        times.append(self)
        if len(times) == 1:
            happens()
            if fault:
                raise fault
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", send)


# Another e-mail


def test_a_letter_that_waits_goes_to_the_e_mail_that_is_corrected(right):
    make.tell(right)
    subject = again(right.subject)
    subject.email = "tarrant@example.com"
    subject.save()

    assert send_all() == ["tarrant@example.com"]


def test_a_letter_that_waits_goes_to_the_e_mail_that_a_claim_brings(right, desk):
    make.tell(right)
    one = claim(make.post(), "tarrant@example.com")
    one.accept(again(right.subject), by=desk.author, replace_email=True)

    assert "maud@example.com" not in send_all()


def test_without_an_e_mail_the_subject_is_told_once_there_is_one(right):
    make.tell(right)
    subject = again(right.subject)
    subject.email = ""
    subject.save()

    assert (send_all(), again(right).told_at) == ([], None)


def test_a_letter_that_a_server_has_says_where_it_went(right, monkeypatch):
    make.tell(right)

    def correct():
        subject = again(right.subject)
        subject.email = "tarrant@example.com"
        subject.save()

    meanwhile(monkeypatch, correct)

    assert send_all() == [Letter.objects.get().to] == ["maud@example.com"]


def test_a_decision_that_came_back_goes_to_the_corrected_e_mail(right, desk):
    right.ask("It was not so.").decline("It was.", by=desk.author)
    letter = Letter.objects.get(key__startswith="decision")
    Letter.objects.filter(pk=letter.pk).update(state="bounced", tries=1)
    subject = again(right.subject)
    subject.email = "tarrant@example.com"
    subject.save()

    desk.post(page_of(letter), {"_retry": "1"})

    assert "tarrant@example.com" in send_all()


@pytest.mark.parametrize("state", ["waiting", "failed", "bounced"])
def test_a_new_letterbox_link_goes_to_nobody_who_had_the_former_one(right, desk, state):
    one = claim(right.post, "stranger@example.com")
    one.accept(right.subject, by=desk.author)
    Letter.objects.filter(claim=one).update(state=state)

    again(right).renew_link(by=desk.author)

    for letter in Letter.objects.filter(claim=one):
        letter.retry()
    send_all()
    new = again(right).letterbox
    assert not [one for one in mail.outbox if new in one.body and one.to != ["maud@example.com"]]


def test_a_new_letterbox_link_still_goes_to_the_subject(right, desk):
    make.tell(right)

    again(right).renew_link(by=desk.author)

    assert send_all() == ["maud@example.com"]
    assert again(right).letterbox in mail.outbox[0].body


# Stopped while the mail leaves


def test_a_letter_that_leaves_as_letters_are_stopped_goes_once(right, monkeypatch):
    make.tell(right)
    meanwhile(monkeypatch, lambda: again(right.subject).stop_letters())
    send_all()

    again(right.subject).resume_letters()
    tick()

    assert send_all() == ["maud@example.com"]
    assert again(right).told_at is not None


def test_a_letter_refused_as_letters_are_stopped_has_told_nobody(right, monkeypatch):
    make.tell(right)
    meanwhile(monkeypatch, lambda: again(right.subject).stop_letters(), fault=OSError("away"))
    send_all()

    assert (send_all(), again(right).told_at) == ([], None)
    again(right.subject).resume_letters()
    tick()
    assert send_all() == ["maud@example.com"]


def test_a_refusal_after_the_e_mail_is_erased_does_not_keep_it(right, monkeypatch):
    make.tell(right)
    refused = SMTPRecipientsRefused({"maud@example.com": (450, b"maud@example.com: later")})
    meanwhile(monkeypatch, lambda: again(right.subject).forget_email(), fault=refused)
    send_all()

    assert not Letter.objects.filter(fault__contains="maud@").exists()


def test_letters_under_trial_are_found_as_each_says(right):
    trial = timezone.now() + timedelta(minutes=5)
    letters = [
        Letter.objects.create(key=f"one {n}", subject="s", body="b", to="a@example.com", **values)
        for n, values in enumerate(
            [
                {"tries": 1, "next_try_at": trial},
                {"tries": 1, "next_try_at": trial, "fault": "away"},
                {"tries": 1, "next_try_at": timezone.now()},
                {"tries": 1, "next_try_at": timezone.now() + timedelta(hours=1)},
                {"next_try_at": trial},
                {"tries": 1, "next_try_at": trial, "state": "failed"},
            ]
        )
    ]

    found = set(Letter.objects.under_trial())
    assert found == {one for one in letters if one.is_under_trial} == {letters[0]}


# Out of view


def test_no_letter_tells_of_a_post_that_was_taken_out_of_view(right):
    make.tell(right)
    again(right.post).unpublish()
    assert send_all() == []

    again(right.post).publish()

    assert send_all() == ["maud@example.com"]


def test_no_letter_tells_of_a_reprint_that_was_taken_out_of_view(told):
    newer = make.post("The buoy", published=None)
    make.reprint(newer, told.post)
    newer.publish()
    tick()
    again(newer).unpublish()
    assert send_all() == []

    again(newer).publish()

    assert send_all() == ["maud@example.com"]


def test_a_post_that_stays_out_of_view_has_been_told_to_nobody(right):
    make.tell(right)
    again(right.post).unpublish()
    Letter.objects.update(written_at=days_ago(4))
    send_all()
    assert again(right).told_at is None

    again(right.post).publish()
    tick()

    assert send_all() == ["maud@example.com"]


# Letters that the author is to see first


def drafted():
    later = timezone.now() + timedelta(minutes=10)
    return CourtesyLetter.objects.open().filter(goes_at__gt=later)


def test_an_e_mail_that_a_claim_brings_drafts_letters_about_other_posts(told, desk):
    otto = make.subject("Otto Brandt", email="")
    old = make.right(make.post("An old post", published=days_ago(900)), otto)
    one = claim(told.post, "otto@example.com")

    sent = {"_accept": "1", "who": "known", "known": otto.pk}
    page = desk.post(page_of(one), sent, follow=True).content.decode()

    tick()
    assert not Letter.objects.filter(key__startswith="courtesy").exists()
    assert drafted().get().right == old
    assert "A letter to Otto Brandt goes at" in page


def test_a_comment_that_is_marked_drafts_the_letter_about_its_post(told, desk):
    comment = make.comment(make.post("An old post", published=days_ago(900)), "I waited.")
    address = reverse("admin:comments_comment_mark", args=[comment.pk])

    sent = {"who": "known", "known": told.subject_id, "known_by": "She told me."}
    page = desk.post(address, sent, follow=True).content.decode()

    tick()
    assert not Letter.objects.filter(key__startswith="courtesy").exists()
    assert drafted().count() == 1
    assert "A letter to Maud Tarrant goes at" in page


def test_an_amendment_that_was_asked_for_drafts_the_letters_to_others_at_once(told, desk):
    other = make.right(told.post, make.subject("Otto Brandt", email="otto@example.com"))
    RightOfReply.objects.update(told_at=days_ago(30))

    told.ask("It was not so.").make("The bell", "<p>New.</p>", "Changed.", by=desk.author)

    assert drafted().get().right == other


def test_a_post_amended_out_of_view_drafts_the_letter_as_it_is_public_again(told, desk):
    post = again(told.post)
    post.unpublish()
    otto = make.subject("Otto Brandt", email="otto@example.com")
    make.right(post, otto)  # so that the desk asks, with a letter to look at
    change = {"text": "<p>New.</p>", "sort": "amendment", "note": "Changed."}
    sent = {**opened(desk, post), **change, "_publish": "1"}
    asks = desk.post(page_of(post), sent).context
    sent = {name: str(value) for name, value in asks["form"].initial.items() if value}
    for form in asks["letters"].forms:
        sent |= {field.html_name: field.value() or "" for field in form}

    desk.post(reverse("admin:posts_post_publish", args=[post.pk]), sent)

    assert again(post).is_published
    assert drafted().get().right == told
