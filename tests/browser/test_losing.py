"""Losing words in a real browser: reload, back, a second click, a fault of ours, a closed tab."""

import re

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests import make
from tests.browser.writing import arrived, begin, send, text

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Two long and one short.\n\nAnd then nothing </textarea> more."
SENT_TO = "**/comments/on/**"


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("The bell that rang itself")


@pytest.fixture(params=["script", "no script"])
def any_page(request, open_page):
    """A reader's page, with JavaScript and without."""
    return open_page(java_script_enabled=request.param == "script")


def stored():
    return [comment.typed for comment in Comment.objects.order_by("pk")]


def test_the_answer_loaded_again_is_no_second_comment(any_page, post):
    begin(any_page, post, WORDS)
    send(any_page)
    arrived(any_page)

    any_page.reload()

    arrived(any_page)
    assert stored() == [WORDS]


def test_back_and_sent_again_is_no_second_comment(any_page, post):
    begin(any_page, post, WORDS)
    send(any_page)
    arrived(any_page)
    any_page.go_back()
    if text(any_page).input_value() != WORDS:  # the browser has not filled it in again
        text(any_page).fill(WORDS)

    send(any_page)

    any_page.wait_for_url(re.compile("/yours/|#c1$"))
    assert stored() == [WORDS]


def test_other_words_sent_after_going_back_are_another_comment_and_leave_no_draft(page, post):
    begin(page, post, WORDS)
    send(page)
    arrived(page)
    page.go_back()
    text(page).fill("And another thing.")

    send(page)

    arrived(page)
    assert stored() == [WORDS, "And another thing."]
    page.goto(post.get_absolute_url())
    expect(text(page)).to_have_value("")


def test_a_draft_that_had_arrived_and_is_changed_and_sent_leaves_no_draft(page, post):
    begin(page, post, WORDS)
    page.route(SENT_TO, lambda route: (route.fetch(max_redirects=0), route.abort()))
    send(page)
    page.wait_for_url(re.compile("chrome-error|/comments/on/"))
    page.unroute(SENT_TO)
    page.goto(post.get_absolute_url())
    text(page).fill("I have thought better of it.")

    send(page)

    arrived(page)
    assert stored() == [WORDS, "I have thought better of it."]
    page.goto(post.get_absolute_url())
    expect(text(page)).to_have_value("")


def test_two_clicks_are_one_comment(any_page, post):
    begin(any_page, post, WORDS)

    any_page.get_by_role("button", name="Send comment").dblclick()

    any_page.wait_for_url(re.compile("/yours/|#c1$"))
    assert stored() == [WORDS]


def test_a_fault_of_ours_hands_the_words_back_and_the_draft_stays(
    any_page, post, monkeypatch, live_server
):
    def away(*args, **kwargs):
        from django.db import OperationalError

        raise OperationalError("database is locked")

    begin(any_page, post, WORDS)
    with monkeypatch.context() as patch:
        patch.setattr("comments.models.Comment.objects.write", away)
        send(any_page)
        expect(any_page.get_by_role("textbox", name="Your words")).to_have_value(WORDS)
    any_page.go_back()

    expect(text(any_page)).to_have_value(WORDS)
    send(any_page)
    arrived(any_page)
    assert stored() == [WORDS]


def test_after_a_fault_in_front_of_us_the_draft_is_there_and_goes_once(page, post):
    begin(page, post, WORDS)
    page.route(SENT_TO, lambda route: (route.fetch(max_redirects=0), route.fulfill(status=502)))
    send(page)
    page.wait_for_url(re.compile("/comments/on/"))
    page.unroute(SENT_TO)
    page.goto(post.get_absolute_url())

    expect(text(page)).to_have_value(WORDS)
    send(page)
    arrived(page)
    assert stored() == [WORDS]


def test_a_tab_closed_while_it_is_sent_leaves_a_draft_that_goes_once(page, post):
    other = page.context.new_page()
    begin(page, post, WORDS)
    page.route(SENT_TO, lambda route: route.fetch(max_redirects=0))  # it arrives; no answer comes
    page.get_by_role("button", name="Send comment").click(no_wait_after=True)
    page.wait_for_timeout(500)
    page.close()
    other.goto(post.get_absolute_url())

    expect(text(other)).to_have_value(WORDS)
    send(other)
    arrived(other)
    assert stored() == [WORDS]


def test_a_browser_that_forgets_the_name_of_the_submission_sends_no_second_comment(page, post):
    begin(page, post, WORDS)
    page.route(SENT_TO, lambda route: (route.fetch(max_redirects=0), route.abort()))
    send(page)
    page.wait_for_url(re.compile("chrome-error|/comments/on/"))
    page.unroute(SENT_TO)
    # As a browser does that fills in what people see, and nothing else, before scripts run.
    page.add_init_script(
        "document.addEventListener('readystatechange', () => {"
        " const field = document.querySelector('[name=text]');"
        f" if (field && !field.value) field.value = {WORDS!r}; }})"
    )
    page.goto(post.get_absolute_url())

    expect(text(page)).to_have_value(WORDS)
    send(page)
    arrived(page)
    assert stored() == [WORDS]
