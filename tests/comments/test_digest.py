"""The author's mail about comments that wait, and the page on which one is decided from there."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from comments import digest, tasks
from comments.models import Act, Comment, Letter, Reason
from tests import make
from tests.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    make.blog(comment_policy="open", digest_minutes=30)
    return make.post("Fog signals")


@pytest.fixture
def held(post):
    comment = make.comment(post, "Let me in, #1.", "Waiter", state="held")
    comment.held_because = "links"
    comment.save()
    return comment


@pytest.fixture
def browser():
    """The author's browser, not signed in. No address says that a write comes from here."""
    return Client(enforce_csrf_checks=True)


def path(comment):
    return comment.decision_link.removeprefix("http://testserver")


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def as_it_is(comment):
    return Comment.objects.get(pk=comment.pk)


# The mail


def test_the_author_is_told_once_of_each_that_waits_with_a_link_to_decide_it(
    post, held, mailoutbox
):
    make.comment(post, "Published.")

    for _ in range(3):
        tasks.tick()
    Letter.objects.get().send()

    (mail,) = mailoutbox
    assert mail.to == ["ines@tidetable.example"]
    assert mail.subject == "1 comment waits for you"
    assert "Waiter on “Fog signals” (it has many links)\n> Let me in, #1.\n" in mail.body
    assert held.decision_link in mail.body
    assert "Published." not in mail.body


def test_no_row_holds_the_words_or_the_link(held):
    digest.write()

    body = Letter.objects.get().body
    assert "Let me in" not in body
    assert held.decision_link.rsplit("/", 2)[1] not in body


def test_what_was_decided_or_erased_before_it_went_is_not_in_it(held, mailoutbox):
    digest.write()
    held.erase()

    Letter.objects.get().send()

    assert "Let me in" not in mailoutbox[0].body
    assert "(One was decided meanwhile.)" in mailoutbox[0].body


def test_at_most_one_goes_in_the_minutes_that_the_blog_says(post, held):
    digest.write()
    make.comment(post, state="held")
    digest.write()
    assert Letter.objects.count() == 1

    Letter.objects.update(written_at=timezone.now() - timedelta(minutes=31))
    digest.write()

    assert [one.subject for one in Letter.objects.order_by("pk")] == ["1 comment waits for you"] * 2


def test_of_many_some_are_shown_and_the_others_counted(post, mailoutbox):
    for _ in range(digest.MOST + 3):
        make.comment(post, state="held")

    digest.write()
    Letter.objects.get().send()

    assert mailoutbox[0].subject == "23 comments wait for you"
    assert mailoutbox[0].body.count("/decide/") == digest.MOST
    assert "And 3 more." in mailoutbox[0].body


@pytest.mark.parametrize("how", [{"digest_minutes": None}, {"author_email": ""}])
def test_who_wants_none_or_has_no_address_gets_none(held, how):
    make.blog(**how)

    digest.write()

    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one(post, held):
    together(2, lambda _: digest.write())

    assert Letter.objects.count() == 1


# Deciding


def test_looking_decides_nothing(browser, held):
    page = browser.get(path(held))

    assert "Let me in" in words(page)
    assert "many links" in words(page)
    browser.head(path(held))
    assert as_it_is(held).is_held


@pytest.mark.parametrize(
    ("sent", "state", "verb"),
    [
        ({"do": "publish"}, "published", "publish"),
        ({"do": "spam"}, "spam", "mark_spam"),
        ({"do": "remove", "reason": "abuse"}, "removed", "remove"),
    ],
)
def test_one_button_decides_and_leaves_an_act(browser, held, sent, state, verb):
    page = browser.post(path(held), sent, follow=True)

    assert as_it_is(held).state == state
    assert "It has been decided." in words(page)
    act = Act.objects.get(comment=held)
    assert (act.verb, act.role, act.by) == (verb, "author", None)


def test_a_tombstone_says_that_the_author_removed_it(browser, post):
    comment = make.comment(post)
    held = make.comment(post, state="held")
    browser.post(path(held), {"do": "remove", "reason": Reason.ABUSE})

    assert as_it_is(held).removed_by == "author"
    assert as_it_is(comment).is_published


def test_its_writer_can_be_trusted_from_there(browser, held):
    browser.post(path(held), {"do": "trust"})

    assert as_it_is(held).is_published
    assert as_it_is(held).commenter.trusted
    assert set(Act.objects.values_list("verb", "role")) == {
        ("publish", "author"),
        ("trust", "author"),
    }


@pytest.mark.parametrize("sent", [{}, {"do": "erase"}, {"do": "remove"}])
def test_without_a_known_decision_or_a_reason_nothing_is_decided(browser, held, sent):
    page = browser.post(path(held), sent)

    assert as_it_is(held).is_held
    assert page.status_code == (422 if sent.get("do") == "remove" else 200)


def test_what_is_decided_is_decided_no_second_time_by_the_link(browser, held):
    held.remove(by=make.author(), reason=Reason.PRIVATE)

    browser.post(path(held), {"do": "publish"})

    assert as_it_is(held).state == "removed"


def test_what_is_removed_is_not_shown_there_any_more(browser, held):
    held.remove(by=make.author(), reason=Reason.PRIVATE)

    assert "Let me in" not in words(browser.get(path(held)))


def test_a_link_opens_its_own_comment_alone(browser, post, held):
    other = make.comment(post, state="held")
    mac = held.decision_link.rstrip("/").rpartition("-")[2]

    for secret in (f"{other.pk:x}-{mac}", "x", held.commenter.secret):
        assert browser.get(f"/decide/{secret}/").status_code == 404
        assert browser.post(f"/decide/{secret}/", {"do": "publish"}).status_code == 404
    assert as_it_is(other).is_held


def test_the_page_is_kept_found_and_told_nowhere(browser, held):
    for address in (path(held), path(held).rstrip("/")):
        answer = browser.get(address)
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script(?! src| type)", answer.text)
