"""What the letterbox says of what was asked and done, and what its buttons do with a request."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from lxml import html

from comments.models import AmendmentRequest, Claim, Comment, Reply
from tests import make
from tests.comments.test_letterbox import path, send, typed, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post("Fog", "<p>On the flood.</p>"))


@pytest.fixture
def subject(right):
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def reply(right):
    """A reply that waits, and that the author asked to reconsider."""
    reply = right.receive("Otto Brandt was drunk.")
    Reply.of(reply).ask_to_reconsider("Must he be in it?")
    return reply


def tree(response):
    return html.fromstring(response.content)


def press(client, right, do, **more):
    return client.post(path(right), {"do": do, **more})


def day(moment):
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


# What was asked


@pytest.mark.parametrize("how", ["insist", "rewrite", "publish", "decline"])
def test_what_the_author_asked_is_shown_for_good(subject, right, reply, how):
    if how == "rewrite":
        right.rewrite(reply, "Somebody was drunk.")
    elif how == "insist":
        right.insist(reply)
    else:
        getattr(Reply.of(reply), how)(*["No."][: how == "decline"])

    shown = words(subject.get(path(right)))

    assert "asked you to reconsider these words" in shown
    assert "Must he be in it?" in shown


def test_the_former_words_stay_with_what_was_asked_about_them(subject, right, reply):
    right.insist(reply)
    right.rewrite(reply, "Somebody was drunk.")
    Reply.of(Comment.objects.get(pk=reply.pk)).ask_to_reconsider("Must anybody be?")

    (former,) = tree(subject.get(path(right))).xpath("//details[@class='former']")

    said = " ".join(former.text_content().split())
    for part in ("Otto Brandt was drunk.", "Must he be in it?", "for it to stand as it is"):
        assert part in said
    assert "Must anybody be?" not in said


def test_the_desk_shows_the_former_words_and_what_was_asked_about_them(desk, right, reply):
    right.insist(reply)
    right.rewrite(reply, "Somebody was drunk.")

    shown = words(desk.get(reverse("admin:comments_comment_reply", args=[reply.pk])))

    for part in ("Otto Brandt was drunk.", "Must he be in it?", "asked for it to stand as it is"):
        assert part in shown


def test_nobody_is_told_that_the_reply_waits_until_they_have_chosen(subject, right, reply):
    assert "can still decide on your reply as it stands" in words(subject.get(path(right)))


# When


@pytest.mark.parametrize(
    "do, said", [("withdraw", "withdrawn by you"), ("erase", "erased for good")]
)
def test_what_was_taken_back_says_on_which_day(subject, right, do, said):
    reply = right.receive("I waited.")
    reply.publish()
    press(subject, right, do, reply=reply.pk, sure="yes")

    at = right.acts.latest("pk").at
    assert f"{said} on {day(at)}" in words(subject.get(path(right)))


# Steps


def claim_of(right):
    said = {
        "comment": None,
        "name": "Maud",
        "how": "My boat.",
        "proof": "",
        "email": "m@example.com",
    }
    claim = Claim.objects.make(right.post, **said)
    claim.confirm()
    return claim


STEPS = [
    "you said that the post is about you",
    "you confirmed your address",
    "Ines Harker accepted that the post is about you",
]


def steps(response):
    rows = tree(response).xpath("//details[@class='history']//li/span")
    return [" ".join(row.text_content().split()) for row in rows]


def test_the_history_begins_with_the_claim(subject, right):
    claim_of(right).accept(right.subject, by=make.author())

    assert steps(subject.get(path(right))) == STEPS


def test_the_claims_own_page_has_its_steps(subject, right):
    claim = claim_of(right)
    claim.accept(right.subject, by=make.author())

    assert steps(subject.get(claim.link.removeprefix("http://testserver"))) == STEPS


def test_each_step_leads_to_the_reply_or_request_that_it_is_about(subject, right):
    reply = right.receive("I waited.")
    request = right.ask("It was the ebb.")

    page = tree(subject.get(path(right)))

    links = page.xpath("//details[@class='history']//a/@href")
    assert links == [f"#sent-{reply.pk}", f"#request-{request.pk}"]
    assert all(page.xpath(f"//article[@id='{link[1:]}']") for link in links)


# Requests


def test_a_request_is_withdrawn_when_somebody_is_sure(subject, right):
    request = right.ask("It was the ebb.")

    question = press(subject, right, "withdraw_request", request=request.pk)
    assert AmendmentRequest.objects.get().is_awaiting_decision
    (form,) = tree(question).xpath("//main//form")
    subject.post(path(right), {**dict(form.form_values()), "sure": "yes"})

    assert AmendmentRequest.objects.get().is_withdrawn
    assert "Withdrawn by you on" in words(subject.get(path(right)))


def test_the_words_of_a_request_are_taken_out_when_somebody_is_sure(subject, right):
    request = right.ask("It was the ebb.")

    question = press(subject, right, "erase_request", request=request.pk)
    assert "It was the ebb." in words(question)
    press(subject, right, "erase_request", request=request.pk, sure="yes")

    assert "ebb" not in words(subject.get(path(right)))
    assert not tree(subject.get(path(right))).xpath("//button[contains(@value, '_request')]")


@pytest.mark.parametrize("do", ["withdraw_request", "erase_request"])
def test_nothing_is_done_with_the_request_of_another(subject, right, do):
    other = make.right(right.post, make.subject("Otto Brandt"))
    request = right.ask("It was the ebb.")

    assert press(subject, other, do, request=request.pk, sure="yes").status_code == 404
    assert AmendmentRequest.objects.get().is_awaiting_decision


def test_a_decided_request_has_no_button_to_withdraw_it(subject, right):
    right.ask("It was the ebb.").decline("It was the flood.")

    values = tree(subject.get(path(right))).xpath("//article//button/@value")

    assert values == ["erase_request"]


@pytest.mark.parametrize(
    "becomes, said",
    [
        ("waiting", "readers see only that it was made"),
        ("replied", "readers see it as it stands here"),
        ("decided", "readers see it as it stands here"),
    ],
)
def test_a_public_request_says_what_readers_see(subject, right, becomes, said):
    request = right.ask("It was the ebb.", public=True)
    if becomes == "replied":
        right.receive("I waited.").publish()
    elif becomes == "decided":
        request.decline("It was the flood.")

    (article,) = tree(subject.get(path(right))).xpath("//article[@class='request']")
    assert said in article.text_content()


@pytest.mark.parametrize("now, said", [("", "private now"), ("on", "public now")])
def test_who_asks_the_same_otherwise_is_told_who_sees_it_now(subject, right, now, said):
    right.ask("It was the ebb.", public=not now)

    response = send(subject, right, wrong="It was the ebb.", public=now)

    assert said in words(subject.get(response.url))
    assert AmendmentRequest.objects.get().public is bool(now)


# The page


def test_who_is_not_named_is_not_greeted_by_a_name(subject, right):
    type(right).objects.update(unnamed=True)

    assert tree(subject.get(path(right))).xpath("string(//h1)") == "This is your letterbox"


def test_where_things_stand_comes_before_all_else_one_line_each(subject, right):
    right.receive("I waited. " * 100).publish()
    right.ask("It was the ebb.")

    page = tree(subject.get(path(right)))

    rows = page.xpath("//ul[@class='standing']/li")
    said = [" ".join(row.text_content().split()) for row in rows]
    assert ["published" in said[0], "awaiting a decision" in said[1]] == [True, True]
    assert page.xpath("//ul[@class='standing']/following::article")


@pytest.mark.parametrize("times, folded", [(1, 0), (100, 1)])
def test_long_words_are_folded(subject, right, times, folded):
    right.receive("I waited. " * times)

    page = tree(subject.get(path(right)))

    assert len(page.xpath("//article//details[@class='words' and not(@open)]")) == folded


def test_enter_in_a_field_previews_and_never_sends(subject, right):
    page = tree(subject.get(path(right)))

    assert page.xpath("(//form[@id='letterbox-form']//button)[1]/@name") == ["preview"]


def test_what_was_previewed_is_sent_by_a_button_beside_it(subject, right):
    page = tree(send(subject, right, text="I waited.", preview="Preview"))

    (button,) = page.xpath("//section[@class='preview']//button")
    (form,) = page.xpath(f"//form[@id='{button.get('form')}']")
    assert (button.get("name"), form.xpath(".//textarea[@name='text']")[0].text.strip()) == (
        *(None, "I waited."),
    )


def test_a_screen_reader_reads_out_the_heading_and_the_sentence_alone(subject, right):
    page = tree(send(subject, right, text="I waited.", preview="Preview"))
    status = page.xpath("//section[@class='preview']//*[@role='status']")
    assert [one.text_content().strip() for one in status] == [
        "This is how it will look. Nothing is sent yet"
    ]
    send(subject, right, text="I waited.", draft="Save as a draft")

    refused = send(subject, right, text="I left.", draft="Save as a draft")

    (alert,) = tree(refused).xpath("//*[@role='alert']")
    assert alert.tag == "p"
    assert typed(refused)["text"] == "I left."


@pytest.mark.parametrize(
    "do, title",
    [("withdraw", "Withdraw this reply?"), ("erase", "Take this reply out for good?")],
)
def test_a_page_that_asks_says_so_in_its_title(subject, right, do, title):
    reply = right.receive("I waited.")

    page = tree(press(subject, right, do, reply=reply.pk))

    assert page.xpath("string(//title)").startswith(title)
    assert page.xpath("string(//h1)") == title


@pytest.mark.parametrize("sent", [{}, {"text": "I waited."}])
def test_a_link_that_opens_nothing_says_how_to_come_by_another(subject, right, sent):
    former = path(right)
    right.renew_link()

    response = subject.post(former, sent) if sent else subject.get(former)

    assert "can ask for a link on the post itself" in words(response)
    assert "letterbox" not in words(subject.get("/nowhere/"))


def test_a_promise_that_is_overdue_counts_from_the_newer_words(subject, right):
    reply = right.receive("I waited.", at=timezone.now() - timedelta(days=30))
    assert "and is late" in words(subject.get(path(right)))

    right.rewrite(reply, "I waited long.")

    assert "and is late" not in words(subject.get(path(right)))


def test_what_is_not_read_in_time_is_not_called_late_for_a_decision(subject, right):
    right.receive("I waited.", at=timezone.now() - timedelta(days=10))

    shown = words(subject.get(path(right)))

    assert "and has not said so yet; it is to be decided by" in shown
    assert "and is late" not in shown
