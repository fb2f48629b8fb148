"""Names known from other posts, offered in a real browser while a post is written."""

import pytest
from playwright.sync_api import expect

from comments.models import RightOfReply
from tests import make
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
