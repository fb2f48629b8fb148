"""A draft in the letterbox: kept on the server, on any device, and never over a newer one."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from comments.models import LetterboxDraft, Reply
from tests import make
from tests.comments.test_letterbox import path, typed, words

pytestmark = pytest.mark.django_db

MADE, OTHER = "5f3a" * 8, "11aa" * 8
ALL = {
    "text": "I waited.\n\n  Forty minutes. \n",
    "role": "pilot until 2012",
    "site": "example.org",
    "words": "was late again",
    "wrong": "",
    "wanted": "was in time",
    "public": "on",
}


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post("The pilot who would not wait"))


@pytest.fixture
def subject(right):
    return Client(enforce_csrf_checks=True)


def save(client, right, how="Save as a draft", **fields):
    return client.post(path(right), {"draft": how, **fields})


def draft(right):
    return LetterboxDraft.objects.of(right)


def test_a_draft_comes_back_whole_on_any_device_and_says_when_it_was_saved(subject, right):
    save(subject, right, **ALL)

    response = Client().get(path(right))

    page = html.fromstring(response.content)
    assert {name: typed(response)[name] for name in ("text", "words", "wrong", "wanted")} == {
        name: ALL[name] for name in ("text", "words", "wrong", "wanted")
    }
    assert page.xpath("string(//input[@name='role']/@value)") == "pilot until 2012"
    assert page.xpath("string(//input[@name='site']/@value)") == "example.org"
    assert page.xpath("//input[@name='public'][@value='on']/@checked")
    assert "This is your draft, saved on" in words(response)


def test_a_draft_may_be_what_could_not_be_sent(subject, right):
    response = save(subject, right, wanted="She waited.", site="nonsense", role="the author")

    assert response.status_code == 302
    assert draft(right).typed["site"] == "nonsense"


def test_a_draft_tells_nobody_anything(subject, right):
    save(subject, right, **ALL)

    assert not right.replies.exists()
    assert not right.requests.exists()
    assert not right.acts.exists()
    assert not right.letters.exists()


def test_a_draft_of_as_much_as_there_is_room_for_is_kept_whole(subject, right):
    save(subject, right, text="🜁" * 200_000)

    assert draft(right).typed["text"] == "🜁" * 200_000


def test_a_draft_that_is_too_long_is_handed_back_and_the_former_one_stays(subject, right):
    save(subject, right, text="I waited.", submission=MADE)

    response = save(subject, right, text="x" * 200_001, submission=MADE)

    assert response.status_code == 422
    assert typed(response)["text"] == "x" * 200_001
    assert draft(right).typed["text"] == "I waited."


def test_an_empty_form_is_no_draft(subject, right):
    save(subject, right, text=" \n", role="pilot")

    assert draft(right) is None


def test_sending_takes_the_draft_away(subject, right):
    save(subject, right, text="I waited.")
    version = draft(right).version

    subject.post(path(right), {"text": "I waited an hour.", "seen": version})

    assert draft(right) is None
    assert right.replies.get().typed == "I waited an hour."


def test_a_draft_is_thrown_away_by_two_buttons(subject, right):
    save(subject, right, text="I waited.")

    asked = subject.post(path(right), {"do": "throw"})
    assert "I waited." in typed_readonly(asked)
    fields = dict(html.fromstring(asked.content).xpath("//main//form")[0].form_values())
    assert draft(right) is not None
    subject.post(path(right), {**fields, "sure": "yes"})

    assert draft(right) is None


def typed_readonly(response):
    areas = html.fromstring(response.content).xpath("//textarea[@readonly]")
    return [area.text.removeprefix("\n") for area in areas]


def test_a_draft_that_was_saved_again_meanwhile_is_not_thrown_away_unseen(subject, right):
    save(subject, right, text="I waited.", submission=MADE)
    old = draft(right).version
    save(subject, right, text="I waited an hour.", submission=MADE)

    response = subject.post(path(right), {"do": "throw", "sure": "yes", "seen": old})

    assert typed_readonly(response) == ["I waited an hour."]
    assert draft(right) is not None


# By itself


def test_the_page_saves_quietly(subject, right):
    answer = json.loads(save(subject, right, "quiet", text="I waited.").content)

    assert answer["seen"] == draft(right).version
    assert re.fullmatch(r"Saved as a draft on \d+ \w+ \d{4} at \d\d:\d\d\.", answer["told"])


def test_a_form_that_saved_quietly_goes_on_without_asking(subject, right):
    for text in ("I", "I waited", "I waited an hour."):
        answer = save(subject, right, "quiet", text=text, submission=MADE)

    assert answer.status_code == 200
    assert draft(right).typed["text"] == "I waited an hour."


def test_what_saves_quietly_after_it_was_sent_is_no_draft(subject, right):
    subject.post(path(right), {"text": "I waited.", "submission": MADE})

    save(subject, right, "quiet", text="I waite", submission=MADE)

    assert draft(right) is None


def test_what_is_written_on_in_a_form_that_was_sent_is_kept(subject, right):
    subject.post(path(right), {"text": "I waited.", "submission": MADE})

    save(subject, right, "quiet", text="And I rang the bell.", submission=MADE)

    assert draft(right).typed["text"] == "And I rang the bell."


@pytest.mark.parametrize("asked", [True, False], ids=["a request", "a changed reply"])
def test_what_saves_late_after_a_request_or_a_change_is_no_draft(subject, right, asked):
    reply = right.receive("I waited.")
    typed = (
        {"wrong": "It was the ebb."} if asked else {"text": "I waited long.", "change": reply.pk}
    )
    subject.post(path(right), {**typed, "submission": MADE})

    save(subject, right, "quiet", **typed, submission=MADE)

    assert draft(right) is None


def test_a_quiet_draft_that_is_too_long_says_so(subject, right):
    answer = save(subject, right, "quiet", text="x" * 200_001)

    assert (answer.status_code, "too long" in answer.json()["told"]) == (422, True)


# On two devices


@pytest.fixture
def elsewhere(subject, right):
    """A draft that was saved on another device since this one's form was opened."""
    save(Client(), right, text="On the train.", submission=OTHER)


def test_a_newer_draft_is_not_written_over_quietly(subject, right, elsewhere):
    answer = save(subject, right, "quiet", text="At home.", submission=MADE)

    assert answer.status_code == 409
    assert "another device" in answer.json()["told"]
    assert draft(right).typed["text"] == "On the train."


@pytest.mark.parametrize("button", [{"draft": "Save as a draft"}, {}], ids=["save", "send"])
def test_of_two_drafts_both_are_shown_whole_and_nothing_is_stored(
    subject, right, elsewhere, button
):
    response = subject.post(path(right), {**button, "text": "At home.", "submission": MADE})

    assert response.status_code == 409
    assert typed(response)["text"] == "At home."
    assert "On the train." in typed_readonly(response)
    assert draft(right).typed["text"] == "On the train."
    assert not right.replies.exists()


@pytest.mark.parametrize("button", [{"draft": "Save as a draft"}, {}], ids=["save", "send"])
def test_the_button_pressed_again_takes_what_stands_in_the_form(subject, right, elsewhere, button):
    fields = {**button, "text": "At home.", "submission": MADE}
    shown = subject.post(path(right), fields)
    version = html.fromstring(shown.content).xpath("string(//input[@name='seen']/@value)")

    response = subject.post(path(right), {**fields, "seen": version})

    assert response.status_code == 302
    said = draft(right).typed["text"] if button else right.replies.get().typed
    assert said == "At home."


def test_the_same_words_on_two_devices_are_no_conflict(subject, right, elsewhere):
    assert save(subject, right, text="On the train.", submission=MADE).status_code == 302


def asked_to_reconsider(reply):
    Reply.objects.create(comment=reply, asked_at=timezone.now(), question="Must he be in it?")


def test_a_reply_begun_does_not_hide_the_draft_of_another(subject, right):
    reply = right.receive("I waited.")
    asked_to_reconsider(reply)
    save(subject, right, text="A second thing.")

    response = subject.get(f"{path(right)}?change={reply.pk}")

    assert typed(response)["text"] == "I waited."
    assert "A second thing." in typed_readonly(response)


def test_a_change_that_was_begun_comes_back_as_a_change(subject, right):
    reply = right.receive("I waited.")
    asked_to_reconsider(reply)
    save(subject, right, text="I waited an hour.", change=reply.pk)

    response = subject.get(path(right))

    page = html.fromstring(response.content)
    assert page.xpath("string(//input[@name='change']/@value)") == str(reply.pk)
    assert typed(response)["text"] == "I waited an hour."


def test_nobody_finds_a_draft_at_the_desk(subject, right, client):
    save(subject, right, text="Nobody else reads this.")
    client.force_login(make.author())

    pages = ["/admin/", f"/admin/comments/rightofreply/{right.pk}/change/"]

    assert [one for one in pages if b"Nobody else reads" in client.get(one).content] == []
