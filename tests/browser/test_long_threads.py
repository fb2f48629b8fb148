"""A long thread in a real browser: a number leads to its page, and one jumps on by keyboard."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from comments import thread_pages
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

OLD = datetime(2010, 9, 20, 8, 15, tzinfo=UTC)


@pytest.fixture
def post(monkeypatch):
    """A post with 25 comments on three pages, three of them the author's: 3, 8 and 22."""
    monkeypatch.setattr(thread_pages, "A_PAGE", 10)
    make.blog(comment_policy="open")
    post = make.post("The bell that rang itself", published=OLD)
    make.crowd(
        post,
        25,
        lambda n: {24: 23}.get(n, 0),
        voice=lambda n: "author" if n in (3, 8, 22) else "reader",
    )
    return post


def stands(page, number, place):
    """Expect that the page is at `place`, and that comment `number` is there to be seen."""
    expect(page).to_have_url(re.compile(re.escape(f"{place}#c{number}") + "$"))
    expect(page.locator(f"#c{number}")).to_be_in_viewport()


def test_a_number_in_an_address_leads_to_its_page(page, post):
    address = post.get_absolute_url()
    page.goto(f"{address}#c22")

    stands(page, 22, f"{address}?thread=3")

    page.evaluate("location.hash = 'c14'")
    stands(page, 14, f"{address}?thread=2")


@pytest.mark.parametrize("number", ["26", "8123456789012"])
def test_a_number_that_no_comment_has_leads_nowhere(page, post, number):
    page.goto(f"{post.get_absolute_url()}#c{number}")

    expect(page.get_by_role("heading", name="25 comments")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"{post.get_absolute_url()}#c{number}$"))


def test_a_gap_in_the_numbers_is_no_endless_way(page, post):
    post.comments.get(number=14).delete()
    page.goto(f"{post.get_absolute_url()}#c14")

    expect(page).to_have_url(re.compile(rf"{post.get_absolute_url()}#comments$"))
    expect(page.get_by_role("heading", name="24 comments")).to_be_in_viewport()


def test_the_authors_comments_are_jumped_through_by_keyboard(page, post):
    address = post.get_absolute_url()
    page.goto(f"{address}#comments")
    page.get_by_role("link", name="comment 3", exact=True).focus()

    page.keyboard.press("Enter")
    stands(page, 3, address)
    for number, place in ((8, address), (22, f"{address}?thread=3")):
        page.get_by_role("link", name=f"Next by the author: comment {number}").focus()
        page.keyboard.press("Enter")
        stands(page, number, place)
    page.get_by_role("link", name="Previous by the author: comment 8").press("Enter")
    stands(page, 8, address)


def test_whoever_comes_from_a_feed_is_led_through_what_is_new(without_script, post):
    page = without_script
    address = post.get_absolute_url()
    page.goto(f"/comments/{post.comments.get(number=20).pk}/?since=20")

    stands(page, 20, f"{address}?since=20&thread=2")
    expect(page.locator("#c20 .new")).to_contain_text("new")
    expect(page.locator("#c19 .new")).to_have_count(0)
    page.locator("#c20").get_by_role("link", name="next new one comment 21").click()
    stands(page, 21, f"{address}?since=20&thread=3")
    page.get_by_role("link", name="the first of them comment 20").click()
    stands(page, 20, f"{address}?since=20&thread=2")


def test_an_answer_that_was_begun_is_still_one_on_another_page(page, post):
    page.goto(post.get_absolute_url())
    page.get_by_role("link", name="Answer comment 2").click()
    page.get_by_role("textbox", name="Your comment").fill("I had only begun.")
    page.goto(f"{post.get_absolute_url()}?thread=2")

    expect(page.get_by_role("heading", name="Answer comment 2")).to_be_visible()
    page.get_by_role("button", name="Don’t answer: write below all comments").click()
    expect(page.get_by_role("heading", name="Write a comment")).to_be_visible()
