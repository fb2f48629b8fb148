"""Names known from other posts, offered in a real browser while a post is written."""

import pytest
from playwright.sync_api import expect

from comments.models import RightOfReply
from posts.models import Post
from tests import make
from tests.browser.desk import choose
from tests.browser.test_desk import ADD, EDITOR

SLOW = 20_000
"""Milliseconds: it is asked only once nobody has typed for a while, and a busy machine is slow."""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known():
    person = make.subject("Marian Oakshott", "")
    for _ in range(2):
        make.right(make.post(), person)
    return person


def test_a_name_that_is_typed_is_offered_and_becomes_a_person_of_the_post(author_page, known):
    page = author_page
    page.goto(ADD)
    page.get_by_label("Title").fill("The rota")
    page.locator(EDITOR).click()
    page.keyboard.type("On Monday Marian Oakshott drew a rota.")

    offer = page.locator(".people-offers")
    expect(offer).to_contain_text("Marian Oakshott: also in 2 other posts.", timeout=SLOW)
    offer.get_by_role("button", name="Name as a person this post is about").click()
    expect(offer).to_be_empty()
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    right = RightOfReply.objects.latest("pk")
    assert (right.post.title, right.subject) == ("The rota", known)
    assert "stands in the text" not in page.locator(".messagelist").inner_text()


def test_in_html_as_it_is_written_too(author_page, known):
    page = author_page
    page.goto(f"{ADD}?editor=html")
    page.locator("textarea[name=text]").fill("<p>Marian <em>Oakshott</em> drew a rota.</p>")

    offer = page.locator(".people-offers")
    expect(offer).to_contain_text("Marian Oakshott", timeout=SLOW)
    offer.get_by_role("button", name="Not them").click()
    expect(offer).to_be_empty()


def test_back_from_the_page_that_asks_leads_to_the_saved_draft_with_its_people(author_page):
    person = make.subject("Maud Tarrant", "maud@example.com")
    page = author_page
    page.goto("/admin/")
    page.goto(ADD)
    page.get_by_label("Title").fill("The rota")
    page.locator(EDITOR).click()
    page.keyboard.type("Maud Tarrant drew it.")
    page.locator("#rights-group .add-row a").click()
    choose(page.locator("#rights-0"), "Maud Tarrant")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("heading", name="Before “The rota” is public")).to_be_visible()
    page.reload()
    expect(page.get_by_label("What you say")).to_be_visible()

    page.go_back()

    expect(page.locator(".post-state")).to_contain_text("A draft: only you see it.")
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Published.")
    assert [right.subject for right in Post.objects.get().rights.all()] == [person]
    page.goto(ADD)
    page.goto("/admin/")
    page.go_back()
    expect(page.get_by_label("Title")).to_be_visible()
    expect(page.locator(".post-state")).to_have_count(0)
