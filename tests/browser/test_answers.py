"""E-mail for answers in a real browser: left, confirmed, read about and stopped."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from comments import tasks
from comments.models import Comment, Subscription
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

THERE = "halyard@example.com"


@pytest.fixture
def post():
    make.blog(comment_policy="open", author_email="")
    return make.post("The bell that rang itself")


def link(kind):
    """Let the worker send what is due; return the link of this kind in the last letter."""
    tasks.send_due_letters()
    return re.search(rf"http\S+/{kind}/\S+", mail.outbox[-1].body)[0]


def write(page, post):
    page.goto(post.get_absolute_url())
    page.get_by_role("textbox", name="Your comment").fill("I heard it from the quay.")
    page.get_by_label("Your e-mail").fill(THERE)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_address_is_left_confirmed_and_stopped_by_buttons_alone(open_page, post, script):
    page = open_page(java_script_enabled=script, viewport={"width": 390, "height": 844})
    write(page, post)
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text(f"A letter goes to {THERE}.")).to_be_visible()

    page.goto(link("confirm"))
    page.get_by_role("button", name="Yes, write to me of answers").click()
    expect(page.get_by_role("heading", name="You hear of answers from now on")).to_be_visible()
    make.comment(post, parent=Comment.objects.get())

    page.goto(link("stop"))
    page.get_by_role("button", name="Stop the letters").click()
    expect(page.get_by_role("heading", name="You get no more letters")).to_be_visible()
    assert not Subscription.objects.exists()


def test_the_device_keeps_the_words_that_were_begun_and_no_address(page, post):
    write(page, post)
    page.goto("/")
    assert THERE not in page.evaluate("JSON.stringify(localStorage)")
    page.goto(post.get_absolute_url())

    expect(page.get_by_role("textbox", name="Your comment")).to_have_value(re.compile("quay"))
    expect(page.get_by_label("Your e-mail")).to_have_value("")


def test_an_address_is_changed_and_stopped_on_the_return_links_page(page, post):
    comment = make.comment(post)
    page.goto(comment.commenter.path)
    page.get_by_label("Your e-mail").fill(THERE)
    page.get_by_role("button", name="Tell me of answers").click()
    expect(page.get_by_text(f"{THERE} is not confirmed yet.")).to_be_visible()
    page.get_by_label("Another e-mail instead").fill("cox@example.com")
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("cox@example.com is not confirmed yet.")).to_be_visible()
    page.get_by_role("button", name="Stop, and erase this address").click()

    expect(page.get_by_text("your e-mail is erased")).to_be_visible()
    assert not Subscription.objects.exists()
