"""The rules in numbers: what the author can be measured by, towards the people posts are about."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from comments.models import Reply
from tests import make
from tests.model_case import OLD, subject_says

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def right():
    make.blog(author_email="", acknowledge_days=5, decide_days=10)
    return make.right(make.post(published=OLD))


def decline(right, at=None):
    reply = right.receive(f"Not so, {at}.")
    Reply.of(reply).decline("It names a third person.", at=at)
    return reply


def page_at(client):
    return html.fromstring(client.get("/rules/").content)


def measures(client):
    (measured,) = page_at(client).find_class("measures")
    return [" ".join(line.text_content().split()) for line in measured]


def test_a_declined_reply_is_no_removed_comment_and_has_a_line_of_its_own(client, right):
    decline(right)
    decline(right, at=timezone.now() - 800 * DAY)

    assert "Nothing has been removed" in page_at(client).text_content()
    assert measures(client)[0] == "Replies that the author declined, with published reasons: 1"


def test_a_reply_that_was_published_and_removed_is_a_removed_comment(client, right):
    subject_says(right, "Not so.").remove(reason="private")

    (row,) = page_at(client).xpath("//table/tbody/tr")

    assert [cell.text_content() for cell in row.xpath("td")] == ["1", "1"]


def test_requests_are_counted_by_what_was_decided(client, right):
    post = right.post
    right.ask("One.", public=True).make(post.title, "<p>One.</p>", "One.")
    right.ask("Two.", public=True).make(
        post.title, "<p>Two.</p>", "Two.", reasons="Half.", in_part=True
    )
    for words in ("Three.", "Four."):
        right.ask(words, public=True).decline("No.")
    right.ask("Five.", public=False).decline("No.")

    said = measures(client)[1]

    assert said == "Public requests for an amendment: 1 made, 1 made in part, 2 declined"


def test_what_was_erased_undecided_is_not_counted_as_declined(client, right):
    right.ask("One.", public=True).erase()

    assert "0 declined, 1 erased before a decision" in measures(client)[1]


@pytest.mark.parametrize("days, late", [(10, 0), (11, 1)])
def test_requests_that_wait_are_measured_by_the_promise(client, right, days, late):
    right.ask("One.", at=timezone.now() - days * DAY, public=True)

    assert "within 5 days that it was read, and to decide within 10 days" in (
        page_at(client).text_content()
    )
    assert measures(client)[2] == (
        f"Awaiting a decision now: 1, of these for longer than promised: {late}"
    )


def test_the_rules_do_not_say_that_nobody_is_refused(client, right):
    assert "refused" not in page_at(client).text_content()


def test_the_numbers_cost_the_same_however_many_there_are(client, right, django_assert_num_queries):
    decline(right)
    client.get("/rules/")
    with CaptureQueriesContext(connection) as few:
        client.get("/rules/")
    for n in range(5):
        right.ask(f"{n}.", public=True)
        decline(right, at=timezone.now() - n * DAY)

    with django_assert_num_queries(len(few)):
        client.get("/rules/")
