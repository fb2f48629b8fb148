"""Courtesy letters: a subject is told of the post, each reprint and amendment, once, in time."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import telling
from comments.models import Act, CourtesyLetter, Letter, RightOfReply, Suggestion
from comments.models.letter import WAITS
from comments.models.right_of_reply import UNNAMED
from comments.tasks import send_due_letters, tick
from seeds import story
from tests import make
from tests.threads import together

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def again(one):
    return type(one).objects.get(pk=one.pk)


def told(post=None, since=None, **values):
    """Return a right whose subject was told of `post` (default: one of last month)."""
    since = since or timezone.now() - 30 * A_DAY
    right = make.right(post or make.post("The bell", published=since), **values)
    RightOfReply.objects.filter(pk=right.pk).update(told_at=since)
    return again(right)


def reprinted(right, title="From the drawer", at=None):
    """Publish a post that reprints the one that the right is about; return the reprint."""
    newer = make.post(title, published=None)
    reprint = make.reprint(newer, right.post)
    newer.publish(at=at)
    return again(reprint)


def amended(right, at=None):
    """Amend the post that the right is about; return the revision."""
    text = f"<p>{timezone.now()}</p>"
    return right.post.revise(right.post.title, text, "amendment", "The hour was wrong.", at=at)


def subjects(letters):
    return [letter.subject for letter in letters.order_by("pk")]


# Which


def test_a_subject_is_told_of_a_reprint():
    make.blog()
    right = told()
    reprint = reprinted(right)

    tick()

    send_due_letters()
    body = mail.outbox[0].body
    assert mail.outbox[0].subject == "A post about you was reprinted: The bell"
    assert f"http://testserver{right.post.get_absolute_url()}" in body
    assert f"http://testserver{reprint.post.get_absolute_url()}" in body
    assert right.letterbox in body


def test_a_subject_is_told_of_an_amendment_with_its_note_and_the_comparison():
    make.blog()
    right = told()
    revision = amended(right)

    tick()

    send_due_letters()
    body = mail.outbox[0].body
    assert mail.outbox[0].subject == "A post about you was amended: The bell"
    assert "The hour was wrong." in body
    assert f"{right.post.get_absolute_url()}changes/?to={revision.number}" in body


def test_the_comparison_that_the_letter_links_to_opens(client):
    right = told()
    revision = amended(right)

    answer = client.get(f"{right.post.get_changes_url()}?to={revision.number}")

    assert [version.number for version in answer.context["two"]] == [1, revision.number]


def test_a_small_correction_is_nothing_to_be_told_of():
    right = told()
    right.post.revise(right.post.title, "<p>A comma, more.</p>")

    tick()

    assert not Letter.objects.exists()


def test_every_reprint_and_every_amendment_is_told_once():
    right = told()
    for title in ("One", "Two"):
        reprinted(right, title)
        amended(right)

    for _ in range(3):
        tick()

    assert Letter.objects.count() == 4
    assert Act.objects.filter(verb="tell", right=right).count() == 4


def test_when_a_subject_was_first_told_stays_noted():
    right = told()
    reprinted(right)

    tick()

    assert again(right).told_at == right.told_at


def test_what_happened_before_a_subject_was_told_is_no_news():
    now = timezone.now()
    right = told(since=now - 2 * A_DAY)
    reprinted(right, at=now - A_DAY)
    RightOfReply.objects.update(told_at=now)

    tick()

    assert not Letter.objects.exists()


def test_what_happened_more_than_a_week_ago_is_no_news():
    right = told()
    reprinted(right, at=timezone.now() - 8 * A_DAY)
    amended(right, at=timezone.now() - 8 * A_DAY)

    tick()

    assert not Letter.objects.exists()


def test_a_reprint_in_a_draft_is_told_when_the_post_is_public():
    right = told()
    newer = make.post(published=None)
    make.reprint(newer, right.post)
    tick()
    assert not Letter.objects.exists()

    newer.publish()
    tick()

    assert Letter.objects.count() == 1


def test_a_reprint_of_a_post_that_is_out_of_view_is_not_told():
    right = told()
    reprinted(right)
    right.post.unpublish()

    tick()

    assert not Letter.objects.exists()


def test_an_accepted_suggestion_is_told_to_nobody():
    right = told()
    newer = make.post("Again", published=timezone.now() - A_DAY)
    reprint = make.reprint(newer, right.post)
    Suggestion.objects.create(
        post=newer, source=right.post, share=100, place=0, state="accepted", reprint=reprint
    )

    tick()

    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "values, email",
    [({"tell": False}, "m@example.com"), ({"not_told_because": "So."}, "m@example.com"), ({}, "")],
)
def test_of_reprints_too_nobody_is_told_whom_the_author_chose_not_to_tell(values, email):
    right = told(subject=make.subject(email=email), **values)
    reprinted(right)
    amended(right)

    tick()

    assert not Letter.objects.exists()


def test_the_demonstration_writes_to_no_subject():
    story.tell()

    tick()

    assert not Letter.objects.filter(right__isnull=False, body__contains=Letter.LETTERBOX).exists()


# In time


def test_a_draft_that_goes_with_the_publication_goes_after_it_with_its_words():
    post = make.post(published=None)
    right = make.right(post)
    CourtesyLetter(right=right).go_along("I hope that you are well.")
    tick()
    assert not Letter.objects.exists()

    post.publish()
    tick()

    assert "Dear Maud Tarrant,\n\nI hope that you are well.\n\n" in Letter.objects.get().body


def test_a_scheduled_post_takes_its_letter_along():
    post = make.post(scheduled=timezone.now() + timedelta(minutes=1))
    CourtesyLetter(right=make.right(post)).go_along("I hope that you are well.")
    post.publish_at = timezone.now()
    type(post).objects.update(publish_at=timezone.now())

    post.publish_if_due()
    tick()

    assert "I hope that you are well." in Letter.objects.get().body


def test_a_draft_about_a_public_post_goes_when_its_time_has_come():
    right = make.right(make.post())
    (draft,) = CourtesyLetter.objects.draft(post=right.post)
    tick()
    assert not Letter.objects.exists()

    CourtesyLetter.objects.update(goes_at=timezone.now())
    tick()

    assert again(draft).letter == Letter.objects.get()


def test_a_draft_that_was_put_off_waits_for_the_author():
    right = make.right(make.post())
    (draft,) = CourtesyLetter.objects.draft(post=right.post)
    draft.put_off()
    tick()
    assert not Letter.objects.exists()

    draft.send_now()

    assert again(right).told_at is not None
    assert again(draft).letter == Letter.objects.get()


def test_a_draft_that_is_dropped_never_goes_and_keeps_the_reason():
    right = told()
    reprint = reprinted(right)
    (draft,) = CourtesyLetter.objects.draft(post=reprint.post)
    author = make.author()

    draft.drop("They have asked me not to.", by=author)
    tick()

    assert not Letter.objects.exists()
    assert again(draft).not_told_because == "They have asked me not to."
    act = Act.objects.get(verb="not_told")
    assert (act.by, act.right, act.note) == (author, right, "")


def test_dropping_needs_a_reason():
    right = make.right(make.post())
    (draft,) = CourtesyLetter.objects.draft(post=right.post)

    with pytest.raises(ValueError, match="why"):
        draft.drop(" ")


def test_not_telling_is_a_choice_that_can_be_taken_back():
    right = make.right(make.post())
    CourtesyLetter.objects.draft(post=right.post)
    right.do_not_tell("Not now.")
    tick()
    assert not Letter.objects.exists()

    right.not_told_because = ""
    right.save()
    tick()

    assert Letter.objects.count() == 1


def test_a_letter_cannot_be_changed_once_it_has_gone():
    right = make.right(make.post())
    make.tell(right)

    with pytest.raises(ValueError, match="gone"):
        right.courtesy_letters.get().write("Other words.")


def test_due_and_is_due_agree():
    soon, late = timezone.now() - A_DAY, timezone.now() + A_DAY
    for goes_at in (None, soon, late):
        for post in (make.post(), make.post(published=None)):
            for values in ({}, {"tell": False}, {"told_at": soon}, {"stopped_at": soon}):
                CourtesyLetter.objects.create(right=make.right(post, **values), goes_at=goes_at)
        right = told()
        CourtesyLetter.objects.create(right=right, reprint=reprinted(right), goes_at=goes_at)
        CourtesyLetter.objects.create(right=right, revision=amended(right), goes_at=goes_at)
        newer = make.post(published=None)
        reprint = make.reprint(newer, right.post)
        CourtesyLetter.objects.create(right=right, reprint=reprint, goes_at=goes_at)
    CourtesyLetter.objects.create(right=make.right(make.post()), dropped_at=soon)

    found = set(CourtesyLetter.objects.due())

    assert found == {one for one in CourtesyLetter.objects.all() if one.is_due}
    assert len(found) == 6


def test_the_tick_asks_the_same_number_of_times_for_one_and_for_many():
    def queries():
        with CaptureQueriesContext(connection) as asked:
            tick()
        return len(asked)

    def some():
        """Things of every kind of which nobody is to be told any more, or not yet."""
        right = told()
        CourtesyLetter.objects.create(
            right=right, reprint=reprinted(right), dropped_at=right.told_at
        )
        CourtesyLetter.objects.create(right=right, revision=amended(right)).put_off()
        make.right(make.post(), make.subject(email=""))
        make.right(make.post()).do_not_tell("So.")

    some()
    first = queries()
    for _ in range(5):
        some()

    assert queries() == first


@pytest.mark.django_db(transaction=True)
def test_of_a_reprint_whom_many_workers_tell_at_once_is_told_once():
    right = told()
    reprint = reprinted(right)

    together(4, lambda _: CourtesyLetter(right=right, reprint=reprint).go())

    assert Letter.objects.count() == 1
    assert Act.objects.filter(verb="tell").count() == 1


# What they say


def test_the_author_cannot_take_the_fixed_part_out():
    make.blog()
    right = make.right(make.post("The bell"))
    CourtesyLetter(right=right).go_along("Hello.")

    make.tell(right)
    send_due_letters()

    body = mail.outbox[0].body
    for link in (right.letterbox, right.stop_link, right.subject.stop_link):
        assert link in body
    assert right.post.get_absolute_url() in body
    assert "ask for something to be changed" in body


def test_words_that_are_as_drafted_follow_what_they_are_about():
    post = make.post("The bell", published=None)
    row = CourtesyLetter(right=make.right(post))
    row.go_along(telling.drafted(row))
    post.title = "The lantern"
    post.save()
    post.publish()
    tick()

    assert "My post “The lantern” is about you" in Letter.objects.get().body


def test_no_secret_link_is_kept_in_a_row():
    right = make.right(make.post())
    make.tell(right)

    body = Letter.objects.get().body

    for link in (right.letterbox, right.stop_link, right.subject.stop_link):
        assert link not in body


def test_the_letter_greets_by_the_private_name_also_who_is_not_named():
    right = make.right(make.post(), unnamed=True)

    make.tell(right)

    assert Letter.objects.get().body.startswith("Dear Maud Tarrant,")


# The mail server


class AwayBackend(EmailBackend):
    """A mail server that nobody can reach."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody there")


class RefusingBackend(EmailBackend):
    """A mail server that knows nobody of this name."""

    code = 550

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({"maud@example.com": (self.code, b"no such user")})


def test_a_mail_server_that_is_away_neither_stops_publication_nor_loses_nor_doubles_the_letter(
    settings,
):
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"
    post = make.post(published=None)
    right = make.right(post)
    post.publish()
    tick()
    send_due_letters()
    assert again(post).is_published
    assert mail.outbox == []

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for _ in range(2):
        Letter.objects.filter(state="waiting").update(next_try_at=timezone.now())
        tick()
        send_due_letters()

    assert [message.to for message in mail.outbox] == [["maud@example.com"]]
    assert right.letters.get().state == "sent"


def test_a_letter_to_somebody_unknown_comes_back_at_the_first_try(settings):
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    make.tell(make.right(make.post()))

    send_due_letters()

    letter = Letter.objects.get()
    assert (letter.state, letter.tries, letter.is_undelivered) == ("bounced", 1, True)
    assert "no such user" in letter.fault


def test_a_letter_that_is_refused_for_now_is_tried_again(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.RefusingBackend"
    monkeypatch.setattr(RefusingBackend, "code", 450)
    make.tell(make.right(make.post()))

    send_due_letters()

    assert Letter.objects.get().state == "waiting"
    assert len(WAITS) > 1


def test_undelivered_and_is_undelivered_agree():
    for state in Letter.State:
        letter = Letter.objects.write(state, "a@example.com", "Hello", "Text")
        Letter.objects.filter(pk=letter.pk).update(state=state)

    found = set(Letter.objects.undelivered())

    assert found == {letter for letter in Letter.objects.all() if letter.is_undelivered}
    assert {letter.state for letter in found} == {"failed", "bounced"}


def test_a_letter_that_came_back_goes_once_more_to_the_e_mail_that_is_known_now():
    right = make.right(make.post())
    make.tell(right)
    send_due_letters()
    letter = Letter.objects.get()
    letter.came_back()
    right.subject.email = "tarrant@example.com"
    right.subject.save()

    right.courtesy_letters.get().send_again()
    send_due_letters()

    assert [message.to for message in mail.outbox] == [
        ["maud@example.com"],
        ["tarrant@example.com"],
    ]
    assert again(letter).state == "sent"


# By other means


def test_that_they_were_told_otherwise_is_noted_with_how():
    right = make.right(make.post(), make.subject(email=""))
    author = make.author()
    at = timezone.now() - A_DAY

    for _ in range(2):
        right.told_otherwise("by post", at, by=author)

    assert again(right).told_at == at
    act = Act.objects.get()
    assert (act.verb, act.note, act.by) == ("tell_otherwise", "by post", author)


def test_who_was_told_otherwise_gets_no_letter_about_the_post():
    right = make.right(make.post())

    right.told_otherwise("by telephone")
    tick()

    assert not Letter.objects.exists()


def test_who_is_not_to_be_named_any_more_has_no_link_and_no_role_either():
    right = make.right(make.post())
    reply = right.receive("So it was.", role="Maud T., pilot", url="https://maudtarrant.example")
    reply.publish()

    right.unnamed = True
    right.save()

    reply.refresh_from_db()
    assert (reply.name, reply.url, reply.reply.role) == (str(UNNAMED), "", "")
