"""Stopping letters: about one post, or at all; having them again; and the e-mail erased."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from comments.models import Act, CourtesyLetter, Letter, RightOfReply
from comments.tasks import send_due_letters, tick
from tests import make
from tests.desk import opened, page_of

pytestmark = pytest.mark.django_db


def again(one):
    return type(one).objects.get(pk=one.pk)


def path(link):
    return link.removeprefix("http://testserver")


@pytest.fixture
def right():
    """A right whose subject was told by a letter that was sent."""
    made = make.right(make.post("The bell"))
    make.tell(made)
    send_due_letters()
    return again(made)


@pytest.fixture
def other(right):
    """The right of the same subject to another post, not told yet."""
    return make.right(make.post("The lantern"), right.subject)


def verbs():
    return [act.verb for act in Act.objects.order_by("pk")]


# The links


def test_looking_at_the_links_stops_nothing(client, right):
    for link in (right.stop_link, right.subject.stop_link):
        answer = client.get(path(link))
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)

    assert not again(right).is_stopped


def test_no_more_about_this_post_is_about_this_post_alone(client, right, other):
    answer = client.post(path(right.stop_link))

    assert "You get no more letters about this post" in answer.content.decode()
    assert (again(right).is_stopped, again(other).is_stopped) == (True, False)
    act = Act.objects.get(verb="stop_letters")
    assert (act.role, act.right) == ("subject", right)


def test_none_at_all_is_about_every_post(client, right, other):
    answer = client.post(path(right.subject.stop_link))

    assert "You get no more letters" in answer.content.decode()
    assert again(right).is_stopped and again(other).is_stopped
    assert Act.objects.filter(verb="stop_all_letters", role="subject").count() == 2


def test_the_button_of_a_mail_program_stops_the_letters_about_this_post(client, right):
    message = mail.outbox[0].message()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip("<>")

    answer = client.post(path(link), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert again(right).stopped_at is not None
    assert again(right.subject).stopped_at is None


def test_who_has_stopped_those_about_one_post_can_stop_all_there(client, right):
    link = path(right.stop_link)
    assert "Send me no letters at all" in client.post(link).content.decode()

    client.post(link, {"all": "1"})

    assert again(right.subject).stopped_at is not None
    assert "Let letters from this blog come again" in client.get(link).content.decode()


def test_the_links_in_older_letters_stop_also_after_a_new_letterbox_link(client, right):
    link = path(right.stop_link)
    right.renew_link()

    client.post(link)

    assert again(right).stopped_at is not None


def test_who_has_had_the_address_erased_is_not_asked_whether_to_stop(client, right):
    right.subject.forget_email()

    page = client.get(path(right.subject.stop_link)).content.decode()

    assert "Send me no letters" not in page
    assert "there is nothing to stop" in page


@pytest.mark.parametrize("which", ["right", "subject"])
def test_who_has_taken_it_back_is_not_asked_the_same_again(client, right, which):
    link = path(right.stop_link if which == "right" else right.subject.stop_link)
    client.post(link)

    page = client.post(link, {"resume": "1"}).content.decode()

    assert "?</h1>" not in page
    assert 'href="/"' in page


def test_stopping_twice_is_stopping_once(client, right):
    for _ in range(2):
        client.post(path(right.stop_link))
        client.post(path(right.subject.stop_link))

    assert verbs() == ["tell", "stop_letters", "stop_all_letters"]


@pytest.mark.parametrize("which", ["right", "subject"])
def test_what_was_stopped_can_be_taken_back(client, right, which):
    link = path(right.stop_link if which == "right" else right.subject.stop_link)
    page = client.post(link).content.decode()
    assert "Write to me again" in page

    answer = client.post(link, {"resume": "1"})

    assert 'role="status"' in answer.content.decode()
    assert not again(right).is_stopped
    assert verbs()[-1] == "resume_letters"


def test_every_link_that_opens_nothing_has_the_same_page(client, right):
    subscription = make.subscription(make.comment(right.post))
    links = [right.stop_link, right.subject.stop_link, subscription.stop_link]
    guessed = [f"/stop/{n:x}-{'A' * 22}/" for n in (right.pk, right.subject_id, 99)]
    used_up = path(links[2])
    subscription.stop()
    crossed = path(links[1]).replace("/stop/", "/confirm/")

    pages = {client.get(address).content for address in [*guessed, used_up]}

    assert len(pages) == 1
    assert client.get(crossed).status_code == 404


def test_a_link_of_one_kind_is_none_of_another(client, right):
    secret = path(right.stop_link).split("/")[2]

    assert client.get(f"/reply/{secret}/").status_code == 404
    assert again(right.subject).stopped_at is None


def test_each_kind_of_link_asks_the_database_alike(client, right, django_assert_max_num_queries):
    client.get(path(right.stop_link))

    for link in (right.stop_link, right.subject.stop_link, f"http://testserver/stop/1-{'A' * 22}/"):
        with django_assert_max_num_queries(8):
            client.get(path(link))


# Nothing whatever


@pytest.mark.parametrize("which", ["right", "subject"])
def test_nothing_is_sent_to_who_has_stopped(right, which):
    request = right.ask("It was the ebb.")
    (right if which == "right" else right.subject).stop_letters()
    newer = make.post(published=None)
    make.reprint(newer, right.post)
    newer.publish()

    request.decline("Both logs say flood.")
    right.post.revise("The bell", "<p>New.</p>", "amendment", "The hour.")
    tick()
    send_due_letters()

    assert len(mail.outbox) == 1  # the letter there was


def test_who_has_stopped_is_not_told_of_another_post(right, other):
    right.subject.stop_letters()

    tick()

    assert Letter.objects.count() == 1
    assert other not in RightOfReply.objects.untold()


def test_a_letter_that_waits_is_taken_out_of_the_post(right, other):
    make.tell(other)

    right.subject.stop_letters()
    send_due_letters()

    assert len(mail.outbox) == 1
    assert again(other).told_at is None


def test_a_letter_that_was_written_at_that_moment_is_not_sent(right, other):
    make.tell(other)
    type(right.subject).objects.update(stopped_at=timezone.now())

    send_due_letters()

    assert len(mail.outbox) == 1


def test_who_has_letters_again_is_told_of_what_they_missed_unless_it_is_old_news(right, other):
    newer = make.post(published=None)
    reprint = make.reprint(newer, right.post)
    newer.publish()
    CourtesyLetter.objects.draft(post=newer)
    CourtesyLetter.objects.update(drafted_at=timezone.now() - timedelta(days=8))
    right.subject.stop_letters()
    tick()

    right.subject.resume_letters()
    tick()

    assert list(Letter.objects.order_by("pk").values_list("right", flat=True)) == [
        right.pk,
        other.pk,
    ]
    assert not CourtesyLetter.objects.get(reprint=reprint).is_open


# The e-mail erased


def test_an_erased_e_mail_is_nowhere(client, right, other):
    make.tell(other)
    Letter.objects.filter(right=right).update(fault="maud@example.com was refused")

    client.post(path(right.subject.stop_link))
    answer = client.post(path(right.subject.stop_link), {"erase": "1"})

    assert "Your address is erased" in answer.content.decode()
    subject = again(right.subject)
    assert (subject.email, subject.email_erased_at is not None) == ("", True)
    letter = Letter.objects.get()
    assert (letter.to, letter.fault, letter.state) == ("", "", "sent")
    act = Act.objects.filter(verb="erase_email").first()
    assert (act.role, act.note) == ("subject", "")


def test_letters_to_the_author_stay_as_they_are_when_an_e_mail_is_erased(right):
    make.blog()
    right.receive("It was not so.")

    right.subject.forget_email()

    assert Letter.objects.get(key__startswith="reply").to == "ines@tidetable.example"


def test_a_letter_whose_e_mail_was_erased_is_not_tried_again(right):
    letter = Letter.objects.get()
    letter.came_back()
    right.subject.forget_email()

    letter.retry()

    assert again(letter).state == "bounced"


def test_the_e_mail_of_a_claim_is_erased_with_it(right):
    claim = right.claims.create(post=right.post, email="maud@example.com", state="accepted")

    right.subject.forget_email()

    assert again(claim).email == ""


def test_another_e_mail_does_not_bring_letters_back(right, other):
    right.subject.stop_letters()
    right.subject.forget_email()
    subject = again(right.subject)
    subject.email = "tarrant@example.com"
    subject.save()

    tick()

    assert Letter.objects.count() == 1


# At the desk


def test_the_author_notes_that_they_want_no_letters(desk, right):
    sent = {"shown_name": "", "part": "", "tell": "on", "not_told_because": "", "_stop": "1"}

    desk.post(page_of(right), sent)

    assert again(right).stopped_at is not None
    assert Act.objects.get(verb="stop_letters").by == desk.author
    assert "none about this post" in desk.get(page_of(right)).content.decode()


def subject_sent(subject, **more):
    return {"name": subject.name, "email": subject.email, "note": "", **more}


def test_the_author_erases_the_e_mail_and_sees_since_when(desk, right):
    desk.post(page_of(right.subject), subject_sent(right.subject, _erase_email="1"))

    assert again(right.subject).email == ""
    assert "erased on " in desk.get(page_of(right.subject)).content.decode()
    assert Act.objects.get(verb="erase_email").by == desk.author


def test_the_page_of_a_subject_who_has_stopped_says_what_another_e_mail_does(desk, right):
    right.subject.stop_letters()

    sent = subject_sent(right.subject, email="tarrant@example.com")
    answer = desk.post(page_of(right.subject), sent, follow=True)

    assert "none goes to this address before they ask for it" in answer.content.decode()
    assert again(right.subject).stopped_at is not None
    assert "until they ask for letters again" in desk.get(page_of(right.subject)).content.decode()


def test_an_e_mail_typed_while_it_was_erased_is_asked_about_once(desk, right):
    sent = opened(desk, right.subject)
    right.subject.forget_email()

    answer = desk.post(page_of(right.subject), {**sent, "email": "m@example.com"})

    assert "it says nothing now, and you say “m@example.com”" in answer.content.decode()
    assert again(right.subject).email == ""


def test_nothing_about_stopping_is_at_the_desk_for_who_has_not(desk, right):
    assert "wants no letters" not in desk.get(page_of(right)).content.decode().lower()
    assert reverse("admin:comments_subject_change", args=[right.subject_id])
