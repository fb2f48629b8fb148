"""What browser tests of writing share: the form under a post, sending it, and the answer."""

import re

from playwright.sync_api import expect


def text(page):
    """Return the box for the words of a comment."""
    return page.get_by_role("textbox", name="Your comment")


def begin(page, post, words):
    """Open the post and type a comment; nothing is sent."""
    page.goto(post.get_absolute_url())
    text(page).fill(words)


def send(page):
    page.get_by_role("button", name="Send comment").click()


def arrived(page):
    """Wait for the page that says a comment has arrived."""
    expect(page.get_by_role("heading", name=re.compile("^Thank you"))).to_be_visible()
