"""One comment's whole life, by keyboard alone, with script and without.

Anonymous words are held, the author decides from the mail, whoever was answered hears of it; the
writer comes back by the return link, changes the words and withdraws them; a tombstone stays.
"""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from comments import tasks
from comments.models import Comment
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

MOST_STEPS = 80
FIRST, SECOND = "I was on the boat that night.", "I was in the boat that night, at the oars."
IS_FOCUSED = "one => one === document.activeElement"


def reach(page, target):
    """Go on by Tab until `target` has the focus."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate(IS_FOCUSED):
            return
    raise AssertionError(f"No way by keyboard to {target}")


def press(page, role, name, **more):
    reach(page, page.get_by_role(role, name=name, **more))
    page.keyboard.press("Enter")


def letter(to):
    """Let the worker do its minute's work; return the one letter that was sent in it to `to`."""
    mail.outbox.clear()
    tasks.tick()
    tasks.send_due_letters()
    (found,) = (one for one in mail.outbox if one.to == [to])
    return found


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_comments_whole_life_by_keyboard(open_page, script):
    make.blog(comment_policy="hold_first")
    post = make.post("The night of the drift")
    asked = make.comment(post, "Who was there?")
    make.subscription(asked, "asker@example.com")
    letter("asker@example.com")  # which asked for the confirmation
    page = open_page(java_script_enabled=script)

    # Somebody answers, without a name, and is held.
    page.goto(post.get_absolute_url())
    press(page, "link", "Answer comment 1")
    text = page.get_by_role("textbox", name="Your comment")
    expect(text).to_be_visible()
    reach(page, text)
    page.keyboard.type(FIRST)
    press(page, "button", "Send comment")
    expect(page.get_by_role("heading", name="The author reads it first")).to_be_visible()
    expect(page.get_by_text(FIRST)).to_be_visible()
    return_link = page.get_by_label("The address of this page").input_value()

    # The author decides, from the mail.
    told = letter("ines@tidetable.example")
    assert FIRST in told.body
    author = open_page(java_script_enabled=script)
    author.goto(re.search(r"http\S+/decide/\S+", told.body)[0])
    press(author, "button", "Publish", exact=True)
    expect(author.get_by_role("heading", name="This comment is published")).to_be_visible()

    # Whoever had asked hears of it.
    told = letter("asker@example.com")
    assert FIRST in told.body
    author.goto(re.search(r"http\S+/comments/\d+/", told.body)[0])
    expect(author.locator("#c2")).to_contain_text(FIRST)

    # The writer comes back, changes the words, and takes them back in the end.
    page.goto(return_link)
    press(page, "link", "Change the words")
    reach(page, text)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(SECOND)
    press(page, "button", "Save the change")
    expect(page.get_by_text("Your comment is changed.")).to_be_visible()
    reach(page, page.locator("summary", has_text=re.compile("^Withdraw$")))
    page.keyboard.press("Enter")
    press(page, "button", "Withdraw it")
    expect(page.get_by_text("Your comment is withdrawn.")).to_be_visible()
    page.goto(post.get_absolute_url())

    expect(page.locator("#c2")).to_contain_text("Withdrawn by its writer")
    expect(page.get_by_text(SECOND)).to_have_count(0)
    assert list(Comment.objects.order_by("pk").values_list("number", "state")) == [
        (1, "published"),
        (2, "removed"),
    ]
