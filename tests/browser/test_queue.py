"""The queue in a real browser: by keyboard, on a phone, without a mouse or a script."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests import make
from tests.desk import list_of

pytestmark = pytest.mark.django_db(transaction=True)
QUEUE = list_of(Comment)


@pytest.fixture
def held():
    make.blog()
    post = make.post()
    return [make.comment(post, f"Sounding {n}.", state="held") for n in range(4)]


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def row(page, words):
    return page.locator("#result_list tr", has_text=words)


def test_the_queue_is_worked_by_keyboard_alone(author_page, held):
    page = author_page
    page.goto(QUEUE)
    expect(row(page, "Sounding 0.")).to_be_focused()
    page.keyboard.press("p")
    expect(page.get_by_text("is now: published.")).to_be_visible()
    expect(row(page, "Sounding 1.")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(row(page, "Sounding 3.")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("r")
    page.keyboard.type("abuse")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is now: removed.")).to_be_visible()
    assert states() == ["published", "removed", "spam", "held"]

    page.keyboard.press("u")
    expect(page.get_by_text("Taken back: 1 comment.")).to_be_visible()
    assert states() == ["published", "held", "spam", "held"]


def test_keys_are_heard_only_where_a_comment_has_the_focus(author_page, held):
    page = author_page
    page.goto(QUEUE)
    page.locator("#searchbar").focus()
    page.keyboard.type("pst")

    expect(page.locator("#searchbar")).to_have_value("pst")
    assert states() == ["held"] * 4


def test_on_a_phone_a_comment_and_its_decisions_fit(author_page, held):
    page = author_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(QUEUE)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    publish = row(page, "Sounding 0.").get_by_role("button", name="Publish what")
    assert publish.bounding_box()["height"] >= 40
    publish.click()
    expect(page.get_by_text("is now: published.")).to_be_visible()


def test_without_script_the_buttons_do_the_same(open_page, site, client, held):
    client.force_login(make.author())
    page = open_page(java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}
    page.context.add_cookies([cookie])
    page.goto(QUEUE)
    row(page, "Sounding 1.").get_by_label("Reason for removing").select_option("abuse")
    row(page, "Sounding 1.").get_by_role("button", name="Remove").click()
    assert states() == ["held", "removed", "held", "held"]

    page.get_by_role("button", name="Undo").click()
    assert states() == ["held"] * 4
