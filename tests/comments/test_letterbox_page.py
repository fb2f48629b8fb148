"""The letterbox's page: the post beside the form, a preview, and what became of what was sent."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from lxml import html

from comments.models import Claim, LetterboxDraft, Reason, Reply
from tests import make
from tests.comments.test_letterbox import path, send, tampered, typed, words

pytestmark = pytest.mark.django_db

TEXT = "<p>Maud Tarrant left the bar <b>before</b> the flood.</p><p>Nobody knows why.</p>"


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post("The pilot who would not wait", TEXT))


@pytest.fixture
def subject(right):
    return Client(enforce_csrf_checks=True)


def tree(response):
    return html.fromstring(response.content)


def is_open(response):
    (post,) = tree(response).xpath("//details[contains(@class, 'the-post')]")
    return post.get("open") is not None


# The post


def test_the_post_is_open_until_something_is_typed(subject, right):
    assert is_open(subject.get(path(right)))

    assert not is_open(send(subject, right, text="I waited.", preview="Preview"))
    assert not is_open(send(subject, right, text=""))
    LetterboxDraft.objects.keep(right, {"text": "I waited."})
    assert not is_open(subject.get(path(right)))


def test_the_comment_that_somebody_is_talked_about_in_is_shown(subject, right):
    comments = [make.comment(right.post, f"{word} ran aground.") for word in ("Maud", "Otto")]
    Claim.objects.create(post=right.post, comment=comments[0], right=right, state="accepted")

    shown = words(subject.get(path(right)))

    assert "Maud ran aground." in shown
    assert "Otto ran aground." not in shown


# Preview


def test_a_preview_shows_all_as_it_will_look_and_stores_nothing(subject, right):
    fields = {
        "text": "<h3>The ebb</h3>I <b>waited</b>.",
        "role": "harbour pilot until 2012",
        "site": "https://maud.example/",
        "words": "before the flood",
        "wrong": "It was the ebb.",
        "wanted": "on the ebb",
        "public": "on",
    }

    response = send(subject, right, **fields, preview="Preview")

    (preview,) = tree(response).xpath("//section[contains(@class, 'preview')]")
    assert response.status_code == 200
    assert preview.xpath(".//a[@href='https://maud.example/']")[0].text == "Maud Tarrant"
    assert preview.xpath(".//div[@class='text']/h3")[0].text == "The ebb"
    said = preview.text_content()
    parts = (
        "harbour pilot until 2012",
        "which everybody will see",
        "before the flood",
        "on the ebb",
    )
    assert [one for one in parts if one not in said] == []
    assert typed(response)["text"] == fields["text"]
    assert not right.replies.exists()
    assert not right.requests.exists()
    assert not LetterboxDraft.objects.exists()


def test_a_preview_marks_the_words_meant_in_their_place(subject, right):
    response = send(
        *(subject, right), words="the bar before the flood", wrong="Ebb.", preview="Preview"
    )

    marks = tree(response).xpath("//div[@data-text]//mark")
    assert "".join(mark.text_content() for mark in marks) == "the bar before the flood"
    assert marks[0].get("id") == "words-meant"
    assert tree(response).xpath("//a[@href='#words-meant']")


# Words that are not found


def test_words_that_do_not_stand_in_the_post_are_told_of_once(subject, right):
    fields = {"words": "before the ebb", "wrong": "No."}

    told = send(subject, right, **fields)
    hidden = tree(told).xpath("string(//input[@name='unfound']/@value)")
    again = send(subject, right, **fields, unfound=hidden)

    assert (told.status_code, "do not stand in the post" in words(told)) == (422, True)
    assert again.status_code == 302
    assert right.requests.get().words == "before the ebb"


def test_other_words_that_are_not_found_are_told_of_too(subject, right):
    told = send(subject, right, words="before the ebb", wrong="No.")
    hidden = tree(told).xpath("string(//input[@name='unfound']/@value)")

    assert send(subject, right, words="after", wrong="No.", unfound=hidden).status_code == 422


def test_who_saw_in_the_preview_that_words_are_not_found_is_not_told_again(subject, right):
    fields = {"words": "before the ebb", "wrong": "No."}
    preview = send(subject, right, **fields, preview="Preview")
    hidden = tree(preview).xpath("string(//input[@name='unfound']/@value)")

    assert "do not stand in the post" in words(preview)
    assert send(subject, right, **fields, unfound=hidden).status_code == 302


def test_whether_words_stand_in_a_post_out_of_view_is_not_told(subject, right):
    right.post.unpublish()

    assert send(subject, right, words="before the ebb", wrong="No.").status_code == 302
    page = words(subject.get(path(right)))
    assert "do not stand" not in page
    assert "Nobody knows why" not in page


def test_the_words_of_a_request_are_shown_in_their_place_later(subject, right):
    request = right.ask("Ebb.", words="before the flood")

    page = tree(subject.get(path(right)))
    assert page.xpath(f"//a[@href='?words={request.pk}#words-meant']")
    marked = subject.get(f"{path(right)}?words={request.pk}")

    assert is_open(marked)
    assert tree(marked).xpath("//mark[@id='words-meant']")


def test_words_that_were_amended_away_are_said_not_to_stand_there(subject, right):
    right.ask("Ebb.", words="before the flood")
    right.post.revise(right.post.title, "<p>On the ebb.</p>", "amendment", "The tide.")

    assert "The words do not stand in the post as it is now." in words(subject.get(path(right)))


# Role and link


@pytest.mark.parametrize("role", ["Ines Harker", "lnes  Härker", "The Tide Table", "THE AUTHOR"])
def test_a_role_that_looks_like_the_author_is_refused_and_handed_back(subject, right, role):
    response = send(subject, right, text="I waited.", role=role)

    assert response.status_code == 422
    assert tree(response).xpath("//input[@name='role']/@value") == [role]
    assert not right.replies.exists()


@pytest.mark.parametrize(
    "site",
    [
        *("javascript:alert(1)", "example.org", "ftp://example.org/", "https://", "http:///x"),
        *(
            "https://exa mple.org/",
            "https://bank.example@evil.example/",
            "https://[",
            "//x.example",
        ),
    ],
)
def test_what_is_no_address_of_a_site_is_refused_and_handed_back(subject, right, site):
    response = send(subject, right, text="I waited.", site=site)

    assert response.status_code == 422
    assert "begins with https:// or http://" in words(response)
    assert tree(response).xpath("//input[@name='site']/@value") == [site]


def test_role_and_link_are_remembered_for_the_next_part(subject, right):
    send(subject, right, text="I waited.", role="pilot", site="https://maud.example/")

    page = tree(subject.get(path(right)))

    assert page.xpath("//input[@name='role']/@value") == ["pilot"]
    assert page.xpath("//input[@name='site']/@value") == ["https://maud.example/"]


def test_a_request_is_private_unless_the_other_is_chosen(subject, right):
    choices = tree(subject.get(path(right))).xpath("//input[@name='public']")

    assert [(one.get("value"), one.get("checked") is not None) for one in choices] == [
        ("", True),
        ("on", False),
    ]


# Where it stands


def day(moment):
    return date_format(timezone.localtime(moment))


def test_a_request_that_waits_says_by_when_the_author_has_promised_to_decide(subject, right):
    request = right.ask("Ebb.")

    promised = day(request.asked_at + timedelta(days=21))
    assert f"to decide by {promised}" in words(subject.get(path(right)))


def test_a_promise_that_was_not_kept_is_called_late(subject, right):
    right.ask("Ebb.", at=timezone.now() - timedelta(days=30))

    assert "and is late" in words(subject.get(path(right)))


def state(subject, right):
    return tree(subject.get(path(right))).xpath("string(//article//p[@class='facts'][1]//strong)")


def asked_to_reconsider(reply):
    Reply.objects.create(comment=reply, asked_at=timezone.now(), question="Must Otto be in it?")


def declined(reply):
    Reply.objects.create(comment=reply, declined_at=timezone.now(), reasons="It accuses Otto.")
    reply.remove()


STATES = {
    "waiting for the author": lambda right, reply: None,
    "published": lambda right, reply: reply.publish(),
    "waiting for you": lambda right, reply: asked_to_reconsider(reply),
    "declined by the author": lambda right, reply: declined(reply),
    "withdrawn by you": lambda right, reply: right.withdraw(reply),
    "erased for good": lambda right, reply: right.erase_reply(reply),
    "not shown": lambda right, reply: reply.remove(reason=Reason.LAW),
}


@pytest.mark.parametrize("said", STATES)
def test_each_reply_says_where_it_stands(subject, right, said):
    STATES[said](right, right.receive("I waited."))

    assert state(subject, right) == said


def test_a_declined_reply_has_the_published_reasons(subject, right):
    declined(right.receive("I waited."))

    assert "It accuses Otto." in words(subject.get(path(right)))


def test_a_reply_that_was_read_says_so(subject, right):
    reply = right.receive("I waited.")
    Reply.objects.create(comment=reply, acknowledged_at=timezone.now())

    assert "that it has been read" in words(subject.get(path(right)))


def test_the_authors_answers_stand_below_the_reply_with_links(subject, right):
    reply, other = (right.receive(text) for text in ("I waited.", "And another thing."))
    reply.publish()
    other.publish()
    answer = make.comment(right.post, "The log says ten.", voice="author", parent=reply)
    make.comment(right.post, "Of something else.", voice="author")

    page = tree(subject.get(path(right)))

    (article,) = page.xpath(f"//article[@id='sent-{reply.pk}']")
    assert "The log says ten." in article.text_content()
    assert article.xpath(f".//a[@href='{answer.get_absolute_url()}']")
    assert page.text_content().count("The log says ten.") == 1
    assert "Of something else." not in page.text_content()


def test_a_request_that_was_granted_leads_to_what_was_changed(subject, right):
    request = right.ask("Ebb.", words="before the flood")
    amendment = right.post.revise(right.post.title, "<p>On the ebb.</p>", "amendment", "Tide.")
    request.grant(amendment)

    links = tree(subject.get(path(right))).xpath("//article//a/@href")

    assert f"{right.post.get_changes_url()}?from=1&to=2" in links


def test_the_history_tells_every_step_and_no_private_word(subject, right):
    author = make.author()
    reply = right.receive("I waited.")
    reply.publish(by=author)
    reply.remove(by=author, reason=Reason.LAW, note="She rang me, maud@example.com.")
    right.renew_link(by=author)

    response = subject.get(path(right))

    steps = tree(response).xpath("//details[@class='history']//li/span")
    assert [" ".join(one.text_content().split()) for one in steps] == [
        "you replied",
        "Ines Harker published your reply",
        f"Ines Harker took your reply out of sight ({reply.get_removed_because_display()})",
        "Ines Harker made a new link to your letterbox",
    ]
    assert "rang me" not in response.text
    assert "maud@example.com" not in response.text


# Reconsider


@pytest.fixture
def asked(right):
    reply = right.receive("Otto was drunk.", role="pilot")
    Reply.objects.filter(comment=reply).update(asked_at=timezone.now(), question="Must Otto be?")
    return reply


def test_who_is_asked_to_reconsider_sees_why_and_both_ways(subject, right, asked):
    page = tree(subject.get(path(right)))

    assert "Must Otto be?" in page.text_content()
    assert page.xpath(f"//a[starts-with(@href, '?change={asked.pk}')]")
    assert page.xpath("//button[@value='insist']")


def test_a_change_begins_with_the_words_that_were_sent(subject, right, asked):
    response = subject.get(f"{path(right)}?change={asked.pk}")

    assert typed(response)["text"] == "Otto was drunk."
    assert tree(response).xpath("//input[@name='change']/@value") == [str(asked.pk)]


def test_a_changed_reply_is_sent_and_no_other_one_made(subject, right, asked):
    send(subject, right, text="Somebody was drunk.", change=asked.pk, role="pilot")

    reply = right.replies.get()
    assert (reply.typed, reply.is_held) == ("Somebody was drunk.", True)
    assert state(subject, right) == "waiting for the author"


def test_a_change_of_what_was_published_meanwhile_is_handed_back_and_then_a_part(
    subject, right, asked
):
    asked.publish()

    refused = send(subject, right, text="Somebody was drunk.", change=asked.pk)
    change = tree(refused).xpath("string(//input[@name='change']/@value)")
    send(subject, right, text="Somebody was drunk.", change=change)

    assert (refused.status_code, typed(refused)["text"]) == (422, "Somebody was drunk.")
    assert [one.typed for one in right.replies.order_by("pk")] == [
        "Otto was drunk.",
        "Somebody was drunk.",
    ]


def test_a_change_that_had_arrived_is_acknowledged_though_it_is_published(subject, right, asked):
    send(subject, right, text="Somebody was drunk.", change=asked.pk)
    right.replies.get().publish()

    again = send(subject, right, text="Somebody was drunk.", change=asked.pk)

    assert (again.status_code, right.replies.count()) == (302, 1)


def test_nobody_changes_the_reply_of_another(subject, right, asked):
    other = make.right(right.post, make.subject("Otto Brandt"))

    response = send(subject, other, text="I was sober.", change=asked.pk)

    assert response.status_code == 422
    assert "Otto was drunk." not in response.text


def test_a_reply_is_left_as_it_is_by_one_button(subject, right, asked):
    response = subject.post(path(right), {"do": "insist", "reply": asked.pk}, follow=True)

    assert "stays as it is" in words(response)
    assert state(subject, right) == "waiting for the author"


# Withdrawn, erased


@pytest.mark.parametrize("do, left", [("withdraw", "removed"), ("erase", "removed")])
def test_a_reply_is_taken_back_when_somebody_is_sure(subject, right, do, left):
    reply = right.receive("I waited.")
    reply.publish()

    question = subject.post(path(right), {"do": do, "reply": reply.pk})
    reply.refresh_from_db()
    assert (question.status_code, reply.state) == (200, "published")
    (form,) = tree(question).xpath("//main//form")
    subject.post(path(right), {**dict(form.form_values()), "sure": "yes"})

    reply.refresh_from_db()
    assert (reply.state, reply.is_erased) == (left, do == "erase")


@pytest.mark.parametrize("do", ["withdraw", "erase", "insist"])
def test_nothing_is_done_with_the_reply_of_another(subject, right, do):
    other = make.right(right.post, make.subject("Otto Brandt"))
    reply = right.receive("I waited.")
    reply.publish()

    response = subject.post(path(other), {"do": do, "reply": reply.pk, "sure": "yes"})

    assert response.status_code == 404
    reply.refresh_from_db()
    assert reply.is_published


def test_what_nobody_knows_to_do_hands_the_words_back(subject, right):
    response = subject.post(path(right), {"do": "publish", "text": "I waited."})

    assert response.status_code == 404
    assert "I waited." in response.text


# Nobody else


WAYS = {
    "open": {},
    "send": {"text": "I waited."},
    "draft": {"text": "I waited.", "draft": "quiet"},
    "preview": {"text": "I waited.", "preview": "Preview"},
    "withdraw": {"do": "withdraw", "reply": "1"},
    "erase": {"do": "erase", "reply": "1", "sure": "yes"},
    "insist": {"do": "insist", "reply": "1"},
    "erase a request": {"do": "erase_request", "request": "1", "sure": "yes"},
    "throw": {"do": "throw", "sure": "yes"},
    "stop": {"do": "stop"},
    "forget": {"do": "forget", "sure": "yes"},
    "nonsense": {"do": "nonsense"},
}


def answer(client, address, fields):
    with CaptureQueriesContext(connection) as captured:
        response = client.post(address, fields) if fields else client.get(address)
    return response, [one["sql"].split("WHERE")[0] for one in captured]


# A NUL is no matter of secrets: no address that has one is looked for among the old ones.
FAULTS = [one for one in tampered("1-" + "A" * 22) if one != "with a NUL"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", FAULTS)
def test_by_no_wrong_secret_is_anything_learned_or_done(subject, right, way, fault):
    right.receive("I waited.")
    secret = path(right).split("/")[2]
    nothing, its_queries = answer(subject, "/reply/nothing/", WAYS[way])

    response, queries = answer(subject, f"/reply/{tampered(secret)[fault]}/", WAYS[way])

    assert (response.status_code, response.content) == (404, nothing.content)
    assert response.headers == nothing.headers
    assert queries == its_queries
    assert right.replies.get().is_held
    assert not LetterboxDraft.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_link_that_was_replaced_is_like_any_wrong_one(subject, right, way):
    former = path(right)
    right.renew_link()
    nothing, its_queries = answer(subject, "/reply/nothing/", WAYS[way])

    response, queries = answer(subject, former, WAYS[way])

    assert (response.status_code, response.content) == (404, nothing.content)
    assert queries == its_queries


# As much of it as there may be


def exchange(right, times):
    for n in range(times):
        reply = right.receive(f"Part {n}.", role="pilot")
        if n % 3:
            reply.publish()
            make.comment(right.post, f"Answer {n}.", voice="author", parent=reply)
        right.ask(f"Fault {n}.", words="before the flood")
        request = right.ask(f"Further fault {n}.")
        request.grant(right.post.revise(right.post.title, f"{TEXT}<p>{n}</p>", "amendment", "N."))


def test_the_page_costs_the_same_with_3_replies_and_with_20(subject, right):
    exchange(right, 3)
    with CaptureQueriesContext(connection) as few:
        subject.get(path(right))
    exchange(right, 17)
    with CaptureQueriesContext(connection) as many:
        assert subject.get(path(right)).status_code == 200

    assert len(many) == len(few)
