"""E-mail for answers: confirmed first, one letter for each answer, stopped at one click.

No mail goes to an address that nobody confirmed but the few that ask; none after it was stopped;
and whatever becomes of mail, comments are stored.
"""

import html as escapes
import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from threading import Thread

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from comments import tasks
from comments.models import Asking, Comment, Commenter, Letter, Reason, Subscription
from comments.models.letter import WAITS
from posts.models import Blog
from tests import make
from tests.model_case import subject_says
from tests.stored import everything_stored
from tests.threads import together

pytestmark = pytest.mark.django_db

HERE = {"Origin": "http://testserver"}
THERE = "halyard@example.com"


SPLIT = '"a\x0c\x0cYou\\ have\\ won\x0c\x0cBuy\\ now:\\ http://evil.example/\x0c"@attacker.example'
"""An address that the standard allows; for many who read mail by lines, some lines of mail."""


class AwayBackend(EmailBackend):
    """A mail server that nobody can reach."""

    def send_messages(self, messages):
        raise ConnectionRefusedError(f"nobody there for {messages[0].to}")


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("Fog signals")


@pytest.fixture
def mine(post):
    return make.comment(post, "I heard it from the quay.", "Halyard")


@pytest.fixture
def reader():
    """A reader's browser, which says where its writes come from."""
    return Client(enforce_csrf_checks=True, headers=HERE)


@pytest.fixture
def provider():
    """A provider of mail: no cookie, no origin, nothing that says where a write comes from."""
    return Client(enforce_csrf_checks=True)


def write(client, post, text="I heard it.", **fields):
    return client.post(f"/comments/on/{post.slug}/", {"text": text, **fields})


def leave(comment, email=THERE):
    return Subscription.objects.leave(comment.commenter, email)


def answer(comment, text="So did I.", name="Bosun", **values):
    return make.comment(comment.post, text, name, parent=comment, **values)


def delivered():
    """Let the worker send what is due; return the messages that went."""
    mail.outbox.clear()
    tasks.send_due_letters()
    return list(mail.outbox)


def make_due():
    """Let waiting letters wait no longer."""
    Letter.objects.filter(state="waiting").update(next_try_at=timezone.now())


def path(link):
    return link.removeprefix("http://testserver")


def links(message, kind):
    return re.findall(rf"http://testserver(/{kind}/\S+)", message.body)


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


# Leaving an address


def test_an_address_left_with_a_comment_is_asked_and_confirmed_by_a_button(reader, post):
    page = reader.get(write(reader, post, email=THERE)["Location"])
    (letter,) = delivered()
    (link,) = links(letter, "confirm")

    assert letter.to == [THERE]
    assert f"A letter goes to {THERE}" in words(page)
    assert "Do you want to hear of answers?" in words(reader.get(link))
    reader.head(link)
    assert not Subscription.objects.get().is_confirmed  # looking, as scanners do, changes nothing

    after = reader.post(link, follow=True)

    assert Subscription.objects.get().is_confirmed
    assert "You hear of answers from now on" in words(after)
    assert path(Subscription.objects.get().stop_link) in after.text
    assert reader.post(link, follow=True).status_code == 200


def test_the_letter_that_asks_has_no_word_of_the_comment_and_no_way_to_its_page(reader, post):
    write(reader, post, "Buy my nets!", name="Netmonger", email=THERE)

    (letter,) = delivered()

    text = letter.subject + letter.body
    assert "“Fog signals”" in text
    assert "Netmonger" not in text
    assert "nets" not in text
    assert "/yours/" not in text
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_without_an_address_nothing_is_kept_and_nothing_written(reader, post):
    write(reader, post, email="  ")

    assert not Subscription.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "email",
    [
        *("nobody", "a@b", "a@b.example\x00", f"{'a' * 250}@b.example", "a@[127.0.0.1]"),
        *('"a b"@b.example', '"a"@b.example', '"a\x1c"@b.example', '"\\\x0b"@b.example', SPLIT),
    ],
)
def test_a_wrong_address_is_said_beside_its_field_and_loses_nothing(reader, post, email):
    page = write(reader, post, "Half an hour of work.", name="Halyard", email=email)

    (field,) = html.fromstring(page.content).xpath("//input[@name='email']")
    assert page.status_code == 422
    assert field.get("aria-invalid") == "true"
    assert "id_email_error" in field.get("aria-describedby")
    assert "does not look like an e-mail address" in words(page)
    assert "Half an hour of work." in page.text
    assert 'value="Halyard"' in page.text
    assert not Comment.objects.exists()


def test_no_letter_goes_to_an_address_that_would_split_its_headers(mine):
    with pytest.raises(ValueError, match="e-mail"):
        Letter.objects.write("one", SPLIT, "A subject", "Words.")
    with pytest.raises(ValueError, match="e-mail"):
        leave(mine, SPLIT)

    assert not Letter.objects.exists()
    assert not Subscription.objects.exists()


def test_a_letter_as_it_travels_has_each_header_and_one_body(mine):
    make.subscription(mine, "o'hara+tide_{8}@xn--bcher-kva.example")
    answer(mine)

    for letter in delivered():
        read = message_from_bytes(letter.message().as_bytes(), policy=default)
        assert read["To"] == "o'hara+tide_{8}@xn--bcher-kva.example"
        assert read["List-Unsubscribe"] == f"<{Subscription.objects.get().stop_link}>"
        assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert not read.defects
        assert read.get_content().startswith(("Hello,", "“Bosun”"))


def test_the_field_is_for_readers_and_a_preview_keeps_what_is_in_it(reader, post, client):
    client.force_login(make.author())

    page = write(reader, post, email=THERE, preview="Preview")

    assert f'value="{THERE}"' in page.text
    assert 'autocomplete="email"' in page.text
    assert not Subscription.objects.exists()
    assert 'name="email"' not in client.get(f"/comments/on/{post.slug}/").text


def test_who_repeats_the_words_of_another_leaves_no_address_for_them(post):
    write(Client(headers=HERE), post, "Hear, hear.")

    write(Client(headers=HERE), post, "Hear, hear.", email=THERE)

    assert not Subscription.objects.exists()


def test_who_goes_back_and_adds_an_address_has_left_it(reader, post):
    for more in ({}, {"email": THERE}, {"email": THERE}):
        write(reader, post, submission="5f3a" * 8, **more)

    assert Comment.objects.count() == 1
    assert len(delivered()) == 1


def test_who_goes_back_and_adds_a_wrong_address_is_told_so(reader, post):
    write(reader, post, submission="5f3a" * 8)

    page = write(reader, post, submission="5f3a" * 8, email="halyard at example")

    assert page.status_code == 302
    after = reader.get(page["Location"])
    assert "Thank you. Your comment is published as number 1" in words(after)
    assert "The e-mail you typed was not one, and was not kept. Leave it again below" in words(
        after
    )
    assert Comment.objects.count() == 1
    assert not Subscription.objects.exists()
    again = write(reader, post, submission="5f3a" * 8)
    assert "The e-mail you typed" not in words(reader.get(again["Location"]))


def test_a_device_that_is_remembered_is_not_told_the_address(post, mine):
    make.subscription(mine, THERE)
    device = Client(headers=HERE)
    device.post(mine.commenter.path, {"do": "remember"})

    page = device.get(f"/comments/on/{post.slug}/")

    assert "You have left one already." in words(page)
    assert THERE not in page.text


# On the return link's page


def test_the_page_says_how_it_stands_and_leaves_changes_and_stops(reader, mine):
    def do(verb, **fields):
        return words(reader.post(mine.commenter.path, {"do": verb, **fields}, follow=True))

    assert "Leave an e-mail, and you hear" in words(reader.get(mine.commenter.path))
    assert f"{THERE} is not confirmed yet. A letter with a link" in do("leave", email=THERE)
    Subscription.objects.get().confirm()
    assert f"You hear of answers at {THERE}." in words(reader.get(mine.commenter.path))
    assert "cox@example.com is not confirmed yet." in do("leave", email="cox@example.com")
    assert "your e-mail is erased" in do("stop")
    assert not Subscription.objects.exists()
    assert "your e-mail is erased" in do("stop")


@pytest.mark.parametrize("email", ["", "nobody", "<b>@example.com"])
def test_a_wrong_address_is_handed_back_there_too(reader, mine, email):
    page = reader.post(mine.commenter.path, {"do": "leave", "email": email})

    (field,) = html.fromstring(page.content).xpath("//input[@name='email']")
    assert page.status_code == 422
    assert field.get("aria-describedby") == "email-error"
    assert escapes.unescape(field.get("value")) == email
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("typed", [{"email": THERE}, {"name": "Old Halyard"}])
def test_what_was_typed_is_handed_back_where_the_browser_does_not_say_whence(mine, typed):
    (key, value), *_ = typed.items()
    verb = "leave" if key == "email" else "keep"

    page = Client().post(mine.commenter.path, {"do": verb, **typed})

    (field,) = html.fromstring(page.content).xpath(f"//input[@name='{key}']")
    assert page.status_code == 403
    assert field.get("value") == value
    assert "Send it once more." in words(page)
    assert not Subscription.objects.exists()


def test_what_is_held_is_noted_and_asks_nobody_yet(reader, post):
    make.blog(comment_policy="hold_all")

    page = words(reader.get(write(reader, post, email=THERE)["Location"]))

    assert "a comment of yours has to be published first" in page
    assert not Letter.objects.exists()
    comment = Comment.objects.get()
    comment.publish(by=make.author())
    assert [one.to for one in delivered()] == [[THERE]]
    comment.remove()
    comment.publish()
    assert not delivered()


def test_no_letter_names_a_post_that_is_out_of_view(mine):
    held = make.comment(mine.post, state="held")
    leave(held)
    mine.post.unpublish()

    leave(mine, "cox@example.com")
    held.publish()

    assert not Letter.objects.exists()


def test_without_a_comment_there_is_nothing_to_hear_of(reader):
    commenter = Commenter.objects.create()

    page = reader.post(commenter.path, {"do": "leave", "email": THERE}, follow=True)

    assert page.status_code == 422
    assert "Your e-mail was not kept" in words(page)
    assert "noted" not in words(page)
    assert not Subscription.objects.exists()
    assert 'name="email"' not in reader.get(commenter.path).text


# Confirming


def test_the_same_address_again_changes_nothing(mine):
    first = make.subscription(mine, THERE)

    again = leave(mine, THERE.upper())

    assert (again.pk, again.email, again.is_confirmed) == (first.pk, THERE, True)
    assert Letter.objects.count() == 1


def test_another_address_is_confirmed_itself_and_links_to_the_first_open_nothing(provider, mine):
    first = make.subscription(mine, THERE)

    second = leave(mine, "cox@example.com")

    assert second.pk == first.pk
    assert provider.post(path(first.confirm_link)).status_code == 404
    provider.post(path(first.stop_link))
    first.confirm()
    first.stop()
    assert not Subscription.objects.get().is_confirmed
    answer(mine)
    assert [one.to for one in delivered()] == [["cox@example.com"]]  # the one that asks
    assert THERE not in everything_stored()


def test_one_address_is_asked_three_times_a_day_at_most_whoever_asks(post):
    for email in (THERE, THERE.upper(), "HalYard@example.com", THERE, THERE):
        leave(make.comment(post), email)

    assert len(delivered()) == 3
    assert Subscription.objects.filter(asked_at=None).count() == 2


def test_two_spellings_of_one_host_are_one_address(post):
    spellings = ["a@bücher.example", "A@Bücher.Example", "a@xn--bcher-kva.example"] * 2
    for email in spellings:
        leave(make.comment(post), email)

    assert len(delivered()) == 3


def test_leaving_and_erasing_it_again_and_again_asks_no_more_often(post):
    for _ in range(6):
        leave(make.comment(post)).stop()

    assert Asking.objects.allow("bosun@example.com", 0)
    assert not Asking.objects.allow(THERE, 0)


def test_one_return_link_asks_three_addresses_a_day_at_most(reader, mine):
    for n in range(6):
        reader.post(mine.commenter.path, {"do": "leave", "email": f"stranger{n}@example.com"})
        tasks.tick()
        assert len(delivered()) == (n < 3)

    page = words(reader.get(mine.commenter.path))
    assert (
        "A letter that asks whether it is yours will be sent there as soon as that is possible"
        in page
    )
    make.comment(mine.post, commenter=mine.commenter)
    assert not delivered()


def test_the_whole_blog_asks_sixty_addresses_an_hour_and_the_others_later(post):
    for n in range(62):
        leave(make.comment(post), f"stranger{n}@example.com")
    tasks.tick()
    assert Letter.objects.count() == 60
    assert Subscription.objects.to_ask().count() == 2

    an_hour_ago = timezone.now() - timedelta(hours=1, minutes=1)
    Asking.objects.update(moments=[an_hour_ago.timestamp()], last_at=an_hour_ago)
    tasks.tick()

    assert Letter.objects.count() == 62
    tasks.tick()
    assert Letter.objects.count() == 62


def test_whom_the_tick_may_not_ask_yet_it_leaves_alone(post, mine):
    held = make.comment(post, state="held")
    leave(held, "held@example.com")
    for _ in range(3):
        Asking.objects.allow(THERE, 0)
    leave(mine)
    away = make.comment(make.post())
    away.post.unpublish()
    leave(away, "away@example.com")

    tasks.tick()
    assert not Letter.objects.exclude(subscription=None).exists()

    away.post.publish()
    tasks.tick()
    asked = Letter.objects.exclude(subscription=None)
    assert [one.to for one in asked] == ["away@example.com"]


def test_a_later_publication_asks_where_an_earlier_one_could_not(post, mine):
    for _ in range(3):
        Asking.objects.allow(THERE, 0)
    leave(mine)
    Asking.objects.update(moments=[0, 0, 0])

    assert not delivered()
    make.comment(post, commenter=mine.commenter)

    assert len(delivered()) == 1


def test_an_asking_is_kept_for_a_day_and_holds_no_address(mine):
    leave(mine).stop()
    tasks.tick()
    assert Asking.objects.count() == 2  # of the address, and of who left it
    assert THERE not in everything_stored()

    Asking.objects.update(last_at=timezone.now() - timedelta(days=1, minutes=1))
    tasks.tick()

    assert not Asking.objects.exists()


@pytest.mark.parametrize("fate", ["remove", "unpublish"])
def test_nobody_is_asked_for_words_that_are_gone_before_the_letter_goes(mine, fate):
    leave(mine)
    mine.mark_spam() if fate == "remove" else mine.post.unpublish()

    assert not delivered()
    assert not Letter.objects.exists()
    mine.post.publish()
    mine.publish()
    make.comment(mine.post, commenter=mine.commenter)
    assert len(delivered()) == 1


@pytest.mark.parametrize("kind", ["confirm", "stop"])
def test_a_link_opens_its_own_row_alone(provider, post, mine, kind):
    one, other = make.subscription(mine), make.subscription(make.comment(post), "cox@example.com")
    mac = getattr(one, f"{kind}_link").rstrip("/").rpartition("-")[2]
    Subscription.objects.update(confirmed_at=None)

    for secret in (f"{other.pk:x}-{mac}", "x", one.commenter.secret, f"{one.pk:x}-{'A' * 22}"):
        provider.post(f"/{kind}/{secret}/")

    assert not Subscription.objects.confirmed().exists()
    assert Subscription.objects.count() == 2


@pytest.mark.parametrize("kind", ["confirm", "stop"])
def test_the_pages_are_kept_found_and_told_nowhere(provider, mine, kind):
    link = path(getattr(make.subscription(mine), f"{kind}_link"))
    slashless = link.rstrip("/")

    for way, address in [("get", link), ("get", slashless), ("post", slashless), ("post", link)]:
        page = getattr(provider, way)(address)
        assert page.status_code == (302 if way == "post" and kind == "confirm" else 200)
        assert page["Cache-Control"] == "no-store, private"
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert not page.cookies


# Stopping


def test_one_click_of_a_mail_program_stops_at_once_and_again_is_harmless(provider, mine):
    make.subscription(mine, THERE)
    answer(mine)
    letter = delivered()[-1]
    stop = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer(mine)

    said = ["You get no more letters", "This link opens nothing any more"]
    for words_said in said:
        page = provider.post(path(stop), {"List-Unsubscribe": "One-Click"})
        assert page.status_code == 200
        assert [one for one in said if one in words(page)] == [words_said]

    assert not delivered()
    assert THERE not in everything_stored()
    assert "use the link in the newest one" in words(provider.get(path(stop)))
    answer(mine)
    assert not Letter.objects.exists()


def test_looking_at_the_page_stops_nothing(provider, mine):
    link = path(make.subscription(mine).stop_link)

    assert "Stop the letters about answers?" in words(provider.get(link))
    provider.head(link)

    assert Subscription.objects.get().is_confirmed


def test_a_used_up_link_and_one_that_never_was_get_one_page_that_claims_nothing(provider, mine):
    used = path(make.subscription(mine).stop_link)
    provider.post(used)
    nevers = (f"/stop/7-{'A' * 22}/", "/stop/nothing-like-it/")

    pages = {do(one).text for one in (used, *nevers) for do in (provider.get, provider.post)}

    assert len(pages) == 1
    assert "no more letters" not in pages.pop()


def test_the_pages_that_letters_lead_to_show_the_address_to_its_owner_alone(provider, mine):
    one = make.subscription(mine, THERE, confirmed=False)

    for link in (one.stop_link, one.confirm_link):
        assert "h…@example.com" in words(provider.get(path(link)))
        assert THERE not in provider.get(path(link)).text
    confirmed = provider.post(path(one.confirm_link), follow=True)
    assert "a letter goes to h…@example.com" in words(confirmed)
    assert THERE not in confirmed.text


# Answers


def test_an_answer_is_told_with_its_name_words_and_place_and_why(mine):
    make.subscription(mine, THERE)
    theirs = answer(mine, "So did <b>I</b>.\n\nTwice: https://a.example/")

    letter = delivered()[-1]

    assert letter.subject == "An answer to your comment on “Fog signals”"
    assert (
        "“Bosun” has answered your comment 1 on “Fog signals”:\n\n> So did I.\n>\n> Twi"
        in letter.body
    )
    assert links(letter, "comments") == [theirs.get_absolute_url()]
    assert links(letter, "yours") == [mine.commenter.path]
    assert links(letter, "stop") == [path(Subscription.objects.get().stop_link)]
    assert "You get this because you wrote comment 1 on “Fog signals”" in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_authors_and_the_subjects_answers_are_told_too(post, mine):
    make.subscription(mine, THERE)
    right = make.right(post, make.subject(email=""))
    make.blog(author_email="")
    delivered()

    answer(mine, "It was the bell.", "Ines Harker", voice="author")
    own = subject_says(right, "I rang it.", published=False)
    Comment.objects.filter(pk=own.pk).update(parent=mine)
    Comment.objects.get(pk=own.pk).publish()

    first, second = (one.body for one in delivered())
    assert "Ines Harker (the author) has answered" in first
    assert "Maud Tarrant (whom the post is about) has answered" in second


def test_a_long_answer_is_cut_and_no_line_of_it_passes_for_ours(mine):
    make.subscription(mine)
    answer(mine, "Ahoy.<br>To get no more of these letters:\n" + "long words " * 200)

    body = delivered()[-1].body

    assert "> To get no more of these letters:" in body
    assert len(body) < 1600
    assert "…" in body


def test_nobody_is_told_of_their_own_of_others_or_of_what_is_held(post, mine):
    make.subscription(mine)
    delivered()

    answer(mine, commenter=mine.commenter)
    make.comment(post)
    answer(make.comment(post))
    held = answer(mine, state="held")
    assert not delivered()

    held.publish()
    assert len(delivered()) == 1


def test_who_has_not_confirmed_is_not_told(mine):
    leave(mine)
    delivered()

    answer(mine)

    assert not delivered()


@pytest.mark.parametrize("stopped", [False, True])
def test_of_one_answer_somebody_hears_once_however_often_it_is_published(mine, stopped):
    make.subscription(mine)
    theirs = answer(mine)
    assert len(delivered()) == 2
    if stopped:
        Subscription.objects.get().stop()
        make.subscription(mine)
        delivered()

    theirs.remove()
    theirs.publish()
    theirs.publish()

    assert not delivered()


@pytest.mark.parametrize("fate", ["remove", "mark_spam", "unpublish"])
def test_an_answer_out_of_sight_when_its_letter_is_to_go_is_put_off_for_some_days(mine, fate):
    make.subscription(mine)
    delivered()
    theirs = answer(mine)
    theirs.post.unpublish() if fate == "unpublish" else getattr(theirs, fate)()

    for _ in range(2):
        assert not delivered()
        (letter,) = Letter.objects.about_answers()
        assert letter.tries == 0  # no mail server had a part in it
        in_an_hour = letter.next_try_at - timezone.now()
        assert timedelta(minutes=59) < in_an_hour <= timedelta(hours=1)
        make_due()

    theirs.post.publish()
    theirs.publish()
    assert len(delivered()) == 1


@pytest.mark.parametrize("fate", ["erase", "remove for long", "erase mine"])
def test_an_answer_that_is_gone_for_good_is_not_told(mine, fate):
    make.subscription(mine)
    make.comment(mine.post, commenter=mine.commenter)
    delivered()
    theirs = answer(mine)
    if fate == "remove for long":
        theirs.remove()
        Letter.objects.update(written_at=timezone.now() - timedelta(days=3, minutes=1))
    else:
        (theirs if fate == "erase" else mine).erase()

    assert not delivered()
    assert not Letter.objects.about_answers().exists()


def test_a_letter_that_cannot_be_filled_in_is_tried_again_and_fails_in_the_end(mine, monkeypatch):
    make.subscription(mine)
    delivered()
    answer(mine)
    with monkeypatch.context() as broken:
        broken.setattr(Blog, "current", lambda: {}["blog"])
        for _ in WAITS:
            assert not delivered()
            assert Letter.objects.about_answers().get().fault == "KeyError: 'blog'"
            make_due()
        delivered()

    (letter,) = Letter.objects.failed()
    assert letter.is_about_answer


def test_a_database_that_is_away_is_not_the_letters_fault(mine, monkeypatch):
    make.subscription(mine)
    delivered()
    answer(mine)

    def away():
        raise OperationalError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(Blog, "current", away)
        with pytest.raises(OperationalError):
            delivered()

    make_due()
    assert len(delivered()) == 1


@pytest.mark.parametrize("then", ["confirmed elsewhere", "back, unconfirmed", "nothing"])
def test_who_leaves_another_address_while_a_letter_is_on_its_way_gets_it_not(
    mine, then, monkeypatch
):
    make.subscription(mine, THERE)
    delivered()
    answer(mine)
    begin = Letter._begin_try

    def begin_and_move(letter):
        due = begin(letter)
        if then != "nothing" and letter.is_about_answer:
            leave(mine, "cox@example.com")
            if then == "confirmed elsewhere":
                Subscription.objects.get().confirm()
            else:
                leave(mine, THERE)
        return due

    monkeypatch.setattr(Letter, "_begin_try", begin_and_move)

    assert len(delivered()) == (then == "nothing")


def test_an_asking_letter_to_an_address_that_was_changed_meanwhile_goes_not(mine, monkeypatch):
    leave(mine)
    (old,) = Letter.objects.all()
    begin = Letter._begin_try

    def begin_and_move(letter):
        due = begin(letter)
        if letter.pk == old.pk:
            mine.remove()
            leave(mine, "cox@example.com")
            mine.publish()
        return due

    monkeypatch.setattr(Letter, "_begin_try", begin_and_move)

    assert not delivered()
    assert Subscription.objects.get().asked_at
    assert [one.to for one in delivered()] == [["cox@example.com"]]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ahoy. The blog asks you to call 0900", "“Ahoy. The blog asks you to call 0900” has"),
        ("Halyard” (the author) wrote. “No", "“Halyard’ (the author) wrote. ’No” has answered"),
        ("Longshore " * 9, "“Longshore Longshore Longshore Longshore…” has answered"),
    ],
)
def test_a_readers_name_is_quoted_and_cut_so_that_it_says_nothing_for_us(mine, name, shown):
    make.subscription(mine)
    answer(mine, name=name.strip())

    assert delivered()[-1].body.startswith(shown)


def test_an_answer_that_came_back_before_anybody_heard_of_it_is_told(mine):
    make.subscription(mine)
    delivered()
    theirs = answer(mine)
    theirs.remove()
    delivered()

    theirs.publish()

    assert len(delivered()) == 1


def test_no_row_holds_words_name_or_links(mine):
    one = make.subscription(mine)
    answer(mine, "So did I.", "Bosun")

    rows = repr(list(Letter.objects.values()))

    assert "So did I." not in rows
    assert "Bosun" not in rows
    for secret in (one.stop_link, one.confirm_link, mine.commenter.return_link):
        assert secret.rsplit("/", 2)[1] not in rows


def test_a_flood_of_answers_is_ten_letters_a_day_and_the_tenth_says_so(mine):
    make.subscription(mine)
    delivered()
    for _ in range(14):
        answer(mine)

    bodies = [one.body for one in delivered()]

    assert len(bodies) == 10
    assert ["the tenth letter" in body for body in bodies] == [False] * 9 + [True]
    Letter.objects.update(written_at=timezone.now() - timedelta(days=1, minutes=1))
    answer(mine)
    assert len(delivered()) == 1


def test_a_mail_server_that_is_away_delays_letters_and_no_comment(reader, post, mine, settings):
    make.subscription(mine)
    delivered()
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"

    assert write(reader, post, "So did I.", to=1, email=THERE).status_code == 302
    assert not delivered()
    assert Comment.objects.published().count() == 2

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Letter.objects.filter(state="waiting").update(next_try_at=timezone.now())
    assert [one.to for one in delivered()] == [["bosun@example.com"], [THERE]]
    assert not delivered()


def test_who_stops_while_a_letter_is_being_sent_leaves_nothing_behind(mine, monkeypatch):
    make.subscription(mine, THERE)
    delivered()
    answer(mine)

    def stopped_meanwhile(message):
        Subscription.objects.get().stop()

    monkeypatch.setattr("comments.models.letter.EmailMessage.send", stopped_meanwhile)
    letter = Letter.objects.about_answers().get()
    letter.send()
    letter.send()

    assert not Letter.objects.exists()


def test_queries_of_a_publication_where_nobody_has_left_an_address(post, mine):
    held = [answer(mine, state="held"), make.comment(post, state="held", voice="author")]
    with CaptureQueriesContext(connection) as of_answer:
        held[0].publish()
    with CaptureQueriesContext(connection) as of_authors:
        held[1].publish()

    assert len(of_answer) - len(of_authors) == 2


# The desk


def test_the_desk_shows_no_address_of_a_commenter(desk, mine):
    make.subscription(mine, THERE)
    answer(mine)
    Letter.objects.update(state="failed", fault=f"refused: {THERE}")
    letter = Letter.objects.first()

    pages = [
        desk.get(one, follow=True)
        for one in (
            "/admin/",
            "/admin/comments/letter/",
            f"/admin/comments/letter/{letter.pk}/change/",
            f"/admin/comments/comment/{mine.pk}/change/",
            f"/admin/comments/comment/{mine.pk}/delete/",
            f"/admin/posts/post/{mine.post_id}/delete/",
            mine.post.get_absolute_url(),
            "/feed/comments/",
        )
    ]

    assert not any(THERE in page.text for page in pages)
    assert "Letters that failed" not in pages[0].text


def test_letters_of_others_are_still_shown_there(desk, mine):
    Letter.objects.write("one", "maud@example.com", "A post about you", "Words.")
    Letter.objects.update(state="failed")

    assert "Letters that failed" in desk.get("/admin/").text
    assert "maud@example.com" in desk.get("/admin/comments/letter/").text


# Erasing


@pytest.mark.parametrize("who", ["writer", "author", "everything", "at the desk"])
def test_with_the_last_comment_the_address_is_gone_from_everywhere(desk, mine, who):
    make.subscription(mine, THERE)
    answer(mine)
    delivered()
    answer(mine)
    if who == "writer":
        Client(headers=HERE).post(mine.commenter.path, {"do": "erase", "comment": mine.pk})
    elif who == "author":
        mine.erase(by=desk.author)
    elif who == "everything":
        mine.commenter.erase()
    else:
        desk.post(f"/admin/comments/comment/{mine.pk}/erase/", {"reason": "asked"})

    assert Comment.objects.get(pk=mine.pk).is_erased
    assert THERE not in everything_stored()
    assert not delivered()


def test_as_long_as_one_is_left_answers_to_it_are_told(post, mine):
    make.subscription(mine)
    other = make.comment(post, commenter=mine.commenter)
    delivered()
    answer(mine)

    mine.erase()

    assert not delivered()  # what it answers is theirs no more
    answer(other)
    assert len(delivered()) == 1


def test_a_comment_that_is_withdrawn_leaves_the_address(mine):
    make.subscription(mine)

    mine.remove(reason=Reason.ASKED, role="writer")

    assert Subscription.objects.exists()


def test_an_address_that_nobody_confirms_is_forgotten_after_a_month(post, mine):
    now = timezone.now()
    fates = {}
    for left, asked, confirmed in [(31, None, False), (31, 31, False), (60, 2, False), (31, 31, 1)]:
        one = leave(make.comment(post))
        one.created_at = now - timedelta(days=left)
        one.asked_at = asked and now - timedelta(days=asked)
        one.confirmed_at = now if confirmed else None
        one.save()
        fates[one.pk] = bool(confirmed) or asked == 2
    bereft = make.subscription(mine)
    fates[bereft.pk] = False
    Comment.objects.filter(pk=mine.pk).update(commenter=None)  # as when a post is deleted
    lapsed = set(Subscription.objects.lapsed())
    assert lapsed == {one for one in Subscription.objects.all() if one.is_lapsed}

    tasks.tick()

    kept = set(Subscription.objects.values_list("pk", flat=True))
    assert kept == {pk for pk, stays in fates.items() if stays}


@pytest.mark.parametrize("meanwhile", ["confirmed", "left again"])
def test_an_address_that_is_no_longer_lapsed_at_its_turn_stays(mine, meanwhile, monkeypatch):
    one = leave(mine)
    late = timezone.now() - timedelta(days=31)
    Subscription.objects.update(created_at=late, asked_at=late)
    lapsed = list(Subscription.objects.lapsed())
    one.confirm() if meanwhile == "confirmed" else leave(mine, "cox@example.com")
    monkeypatch.setattr(Subscription.objects, "lapsed", lambda: lapsed)

    tasks.tick()

    assert lapsed == [one]
    assert Subscription.objects.exists()


def test_queryset_and_property_agree(post, mine):
    make.subscription(mine)
    leave(make.comment(post))

    confirmed = set(Subscription.objects.confirmed())

    assert len(confirmed) == 1
    assert confirmed == {one for one in Subscription.objects.all() if one.is_confirmed}


# Many at once


@pytest.mark.django_db(transaction=True)
def test_who_leaves_an_address_while_they_are_let_through_is_asked_once(post):
    for n in range(5):
        comment = make.comment(post, state="held")
        email = f"boat{n}@example.com"
        jobs = [lambda one: leave(one, email), lambda one: one.publish()]  # noqa: B023

        together(2, lambda n: jobs[n](Comment.objects.get(pk=comment.pk)))  # noqa: B023

        assert Letter.objects.filter(to=email).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_is_published_while_the_letter_that_asks_is_dropped_is_asked_all_the_same(
    mine, monkeypatch
):
    leave(mine)
    mine.remove()
    looked, threads = QuerySet.exists, []

    def publish():
        try:
            Comment.objects.get(pk=mine.pk).publish()
        finally:
            connection.close()

    def look_and_be_late(rows):
        found = looked(rows)
        if rows.model is Comment and not found and not threads:
            threads.append(Thread(target=publish))
            threads[0].start()
            threads[0].join(1)  # it either gets through now, or has to wait
        return found

    monkeypatch.setattr(QuerySet, "exists", look_and_be_late)
    assert not delivered()
    threads[0].join()

    assert [one.to for one in delivered()] == [[THERE]]


@pytest.mark.django_db(transaction=True)
def test_one_address_left_by_many_at_once_is_asked_three_times(post):
    comments = [make.comment(post) for _ in range(6)]

    together(6, lambda n: leave(comments[n]))

    assert Letter.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_who_stops_while_answers_come_in_is_left_alone_and_the_answers_are_stored(post, mine):
    for _ in range(4):
        make.subscription(mine, f"boat{Comment.objects.count()}@example.com")
        held = [answer(mine, state="held") for _ in range(2)]
        jobs = [held[0].publish, Subscription.objects.get().stop, held[1].publish]

        together(3, lambda n: jobs[n]())  # noqa: B023

        assert not Letter.objects.exists()
    assert Comment.objects.published().count() == 1 + 8


@pytest.mark.django_db(transaction=True)
def test_the_last_two_comments_erased_at_once_leave_no_address(post):
    for _ in range(4):
        first = make.comment(post)
        second = make.comment(make.post(), commenter=first.commenter)
        make.subscription(first, THERE)

        together(2, lambda n: (first, second)[n].erase())  # noqa: B023

        assert not Subscription.objects.exists()
