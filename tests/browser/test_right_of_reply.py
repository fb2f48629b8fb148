"""The model case from end to end, as its people live it: nobody told her, and she is heard.

A post is published and its subject not told; months later she finds it, says that it is about her,
and writes on her phone; the author publishes, answers and declines with reasons. Then the page, the
reprint, the feed, the log and the mail all say so.
"""

import re
import time
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from comments import tasks
from comments.models import Act, RightOfReply
from posts.models import Post
from tests import make
from tests.desk import page_of

pytestmark = pytest.mark.django_db(transaction=True)

MARCH = datetime(2013, 3, 14, 8, 15, tzinfo=UTC)
HERS, AUTHORS = "maud@example.com", "ines@tidetable.example"
MEANT = "she had never stood a watch"
WATCH = "I stood the middle watch on the fourth, the ninth and the last night of that month, too. "
REPLY = "\n\n".join(f"{number}. {WATCH * 4}" for number in range(1, 15))
REASONS = "The log of that month has no watch in your name."
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def letters():
    """Let the worker do its minute's work; return what was sent in it: {whom to: [mails]}."""
    mail.outbox.clear()
    tasks.tick()
    tasks.send_due_letters()
    found = {}
    for one in mail.outbox:
        found.setdefault(one.to[0], []).append(one)
    return found


def link(letter, name):
    """Return the first address in a letter whose path begins with `name`."""
    return re.search(rf"http\S+/{name}/\S+", letter.body)[0]


def publish_untold(page):
    """The author publishes a post about Maud Tarrant, and does not tell her."""
    make.subject("Maud Tarrant", email="")
    page.goto("/admin/posts/post/add/")
    page.get_by_label("Title").fill("The watch that nobody stood")
    page.locator(".field-text .ProseMirror[contenteditable]").click()
    page.keyboard.type(f"Maud Tarrant drew the rota, and {MEANT} in her life.")
    page.locator("#rights-group .add-row a").click()
    row = page.locator("#rights-0")
    row.locator(".select2-selection").click()
    page.keyboard.type("Maud")
    page.locator(".select2-results__option", has_text="Maud Tarrant").click()
    row.get_by_label("Not told, because").fill("I was sure that somebody would show it to her.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published.")
    right = RightOfReply.objects.get()
    assert right.not_told_because.startswith("I was sure")
    assert Act.objects.filter(verb="not_told", right=right).exists()
    assert letters().get(HERS) is None
    Post.objects.filter(pk=right.post_id).update(published_at=MARCH)
    return right


def claim(page, post):
    """She finds it, and says that it is about her; she confirms her address."""
    page.goto(post.get_absolute_url())
    page.get_by_role("link", name="Is this post about you?").click()
    page.get_by_label("Who you are").fill("Maud Tarrant")
    page.get_by_label("How it concerns you").fill("I drew that rota.")
    page.get_by_label("How the author can be sure").fill("Write to me at the pilot office.")
    page.get_by_label("Your e-mail").fill(HERS)
    page.get_by_role("button", name="Send to the author").click()
    expect(page.get_by_role("status")).to_contain_text("A letter goes to the address")
    (asked,) = letters()[HERS]
    page.goto(link(asked, "confirm"))
    page.get_by_role("button", name="Yes, this is my address").click()
    expect(page.get_by_role("heading", name="Confirmed")).to_be_visible()


def accept(page):
    """The author looks at what was said, and accepts; the letter with the letterbox goes."""
    page.goto("/admin/")
    page.get_by_role("link", name="Maud Tarrant").first.click()
    page.get_by_role("radio", name="Maud Tarrant, whom this post names already").check()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".messagelist")).to_contain_text("Accepted")
    (letter,) = letters()[HERS]
    return link(letter, "reply")


def write(page, letterbox):
    """She replies at length and asks publicly for a change; return the seconds that it took."""
    began = time.monotonic()
    page.goto(letterbox)
    page.get_by_role("textbox", name="Your reply", exact=True).fill(REPLY)
    page.get_by_role("textbox", name="The words you mean").fill(MEANT)
    page.get_by_role("textbox", name="What is wrong with them").fill("I stood three.")
    page.get_by_role("textbox", name="What it should say").fill("she had stood three watches")
    page.get_by_label("Everybody. It stands on the post").check()
    page.get_by_role("button", name="Send to the author").tap()
    expect(page.get_by_role("status").first).to_contain_text("has arrived")
    took = time.monotonic() - began
    sideways = "document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(sideways) <= 0
    return took


def publish_and_answer(page, right):
    """The author lets the reply through as it is, and answers it under the post."""
    page.goto("/admin/comments/subjects/")
    page.get_by_role("link", name=re.compile("Maud Tarrant")).first.wait_for()
    page.goto(page_of(right.replies.get()))
    page.get_by_role("button", name="Publish it as it is").click()
    expect(page.locator(".messagelist")).to_be_visible()
    page.goto(right.post.get_absolute_url())
    page.locator("#c2").get_by_role("link", name="Answer comment 2").click()
    page.get_by_label("Your comment, in the author’s voice").fill("Thank you. I have the log here.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text("I have the log here.")).to_be_visible()


def decline(page, right):
    page.goto(page_of(right.requests.get()))
    page.get_by_role("textbox", name="Your reasons").first.fill(REASONS)
    page.get_by_role("button", name="Decline", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_nobody_told_her_and_she_is_heard(author_page, open_page, script):
    make.blog(comment_policy="open")
    right = publish_untold(author_page)
    post = right.post
    post.refresh_from_db()
    phone = open_page(java_script_enabled=script, **PHONE)
    make.comment(post, "Who drew it, then?", "Deckhand", at=MARCH)
    make.subscription(post.comments.get(), "deckhand@example.com")
    letters()

    claim(phone, post)
    letterbox = accept(author_page)
    took = write(phone, letterbox)
    print(f"from the link to sent: {took:.1f} seconds")
    assert len(REPLY.split()) >= 900
    told = letters()[AUTHORS]
    assert {one.subject for one in told} >= {
        "Maud Tarrant has replied to a post",
        "Maud Tarrant asks for an amendment",
    }
    publish_and_answer(author_page, right)
    decline(author_page, right)

    newer = make.post("A quiet day", published=None)
    make.reprint(newer, post)
    newer.publish()
    day = timezone.localtime().strftime("%-d %B %Y")
    line = f"Maud Tarrant, whom this post is about, replied on {day}"
    for address in (post.get_absolute_url(), newer.get_absolute_url()):
        phone.goto(address)
        expect(phone.get_by_text(line).first).to_be_visible()
        exchange = phone.get_by_role("region", name="Exchange with Maud Tarrant")
        expect(exchange).to_contain_text("14. I stood the middle watch")
        expect(exchange).to_contain_text("I have the log here.")
        expect(exchange).to_contain_text(f"Declined by the author on {day}.")
        expect(exchange).to_contain_text(REASONS)
    phone.goto(post.get_absolute_url())
    numbers = [
        one.get_attribute("id") for one in phone.locator("article[id], #comments li[id]").all()
    ]
    assert numbers == ["c2", "c3", "c1"]  # the exchange, and then what readers say
    phone.goto("/")
    expect(phone.get_by_role("heading", name="Recently answered")).to_be_visible()
    phone.goto("/amendments/")
    expect(phone.locator("#a1")).to_contain_text(REASONS)
    feed = phone.request.get("/feed/").text()
    assert "Maud Tarrant replied to" in feed
    assert REASONS in feed
    sent = letters()
    assert any(REASONS in one.body for one in sent[HERS])
    assert any("has replied on" in one.subject + one.body for one in sent["deckhand@example.com"])
    phone.goto(letterbox)
    expect(phone.locator("main")).to_contain_text(REASONS)
    expect(phone.locator("main")).to_contain_text("I have the log here.")
