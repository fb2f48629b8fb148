"""A letterbox in a real browser: on a phone, by keyboard, without script; and no word is lost."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from comments.models import LetterboxDraft
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

OLD = datetime(2013, 3, 14, 8, 15, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}
MEANT = "had never stood a night watch in her life"
TEXT = (
    "<p>The new rota came on Monday.</p>" * 12
    + f"<p>Whoever drew it {MEANT}, and it <em>shows</em>.</p>"
    + "<p>Nobody asked the crew.</p>" * 12
)
LONG = "I stood the watch of that night, and the next, " * 3 + "and nobody else did."
REPLY = "\n\n".join(f"{n}. {LONG}" for n in range(30))


@pytest.fixture
def right(site):
    make.blog()
    return make.right(make.post("A rota", TEXT, published=OLD), make.subject("Marian Oakshott"))


def fill(page, label, words):
    page.get_by_role("textbox", name=label, exact=True).fill(words)


def wide(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def select(page, words):
    """Select words in the post, as a finger or the keyboard does."""
    page.evaluate(
        """(words) => {
          const text = document.querySelector("[data-text]");
          const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const node = walk.currentNode;
            const at = node.data.indexOf(words);
            if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + words.length);
          }
        }""",
        words,
    )


def sent(right):
    reply, request = right.replies.get(), right.requests.get()
    return reply.typed, request.words, request.wrong, request.wanted, request.public


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_link_to_a_long_reply_and_a_public_request_on_a_phone(open_page, right, script):
    assert len(REPLY.split()) >= 900
    page = open_page(java_script_enabled=script, viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(right.letterbox)
    if script:
        expect(page.locator(".scrolls")).to_be_visible()
        select(page, MEANT)
        page.get_by_role("button", name="Use the words I selected").tap()
        expect(page.get_by_text("The words are in the form")).to_be_visible()
    else:
        fill(page, "The words you mean", MEANT)
    fill(page, "Your reply", REPLY)
    fill(page, "What is wrong with them", "I stood eleven that year.")
    fill(page, "What it should say", "who stood eleven night watches that year")
    page.get_by_label("Everybody. It stands on the post").check()
    page.get_by_role("button", name="Preview").tap()

    preview = page.locator(".preview")
    expect(preview).to_contain_text("29. I stood the watch")
    expect(preview).to_contain_text("everybody will see")
    expect(page.locator("#words-meant")).to_be_visible()
    assert wide(page) <= 0
    preview.get_by_role("button", name="Send to the author").tap()

    expect(page.get_by_text("what you sent has arrived")).to_be_visible()
    expect(page.locator(".standing").get_by_text("waiting for the author")).to_be_visible()
    page.get_by_role("link", name="See the words in their place in the post").tap()
    expect(page.locator("#words-meant")).to_have_text(MEANT)
    expect(page.locator("#words-meant")).to_be_in_viewport()
    assert sent(right) == (
        *(REPLY, MEANT, "I stood eleven that year."),
        *("who stood eleven night watches that year", True),
    )
    assert not LetterboxDraft.objects.exists()


def test_all_of_it_by_keyboard_alone(page, right):
    page.goto(right.letterbox)

    def tab_to(role, name):
        for _ in range(60):
            page.keyboard.press("Tab")
            target = page.get_by_role(role, name=name, exact=True)
            if target.evaluate("one => one === document.activeElement"):
                return
        pytest.fail(f"no way by keyboard to {name}")

    tab_to("textbox", "Your reply")
    page.keyboard.type("I stood it.")
    tab_to("textbox", "In which capacity you write, if readers should know")
    page.keyboard.type("mate of the watch")
    page.keyboard.press("Enter")  # sends nothing
    tab_to("textbox", "What is wrong with them")
    page.keyboard.type("I stood eleven.")
    tab_to(
        "radio", "The author alone. The decision on it comes to this page, and nobody else knows"
    )
    page.keyboard.press("ArrowDown")
    tab_to("button", "Send to the author")
    page.keyboard.press("Enter")

    expect(page.get_by_text("what you sent has arrived")).to_be_visible()
    assert right.replies.get().reply.role == "mate of the watch"
    assert right.requests.get().public


def test_on_a_wide_screen_the_post_stands_beside_the_form_and_scrolls_by_itself(page, right):
    LetterboxDraft.objects.keep(right, {"text": "I stood it."})
    page.goto(right.letterbox)

    post, form = page.locator(".scrolls"), page.locator("form.writing")
    expect(post).to_be_visible()
    assert post.bounding_box()["x"] + post.bounding_box()["width"] <= form.bounding_box()["x"]
    assert post.evaluate("one => one.scrollHeight > one.clientHeight")
    assert wide(page) <= 0


@pytest.mark.parametrize("width", [320, 390, 1000, 1280])
def test_the_letterbox_does_not_scroll_sideways_whatever_stands_on_it(open_page, right, width):
    reply = right.receive("x" * 300, role="y" * 100, url=f"https://example.org/{'z' * 300}")
    reply.publish()
    right.ask("w" * 300, words="v" * 300)
    LetterboxDraft.objects.keep(right, {"text": "u" * 300})
    page = open_page(viewport={"width": width, "height": 800})
    for address in (right.letterbox, f"{right.letterbox}?words={right.requests.get().pk}"):
        page.goto(address)
        assert wide(page) <= 0


# A draft


def type_some(page, words):
    page.get_by_role("textbox", name="Your reply").press_sequentially(words)


def saved(page):
    return page.expect_response(lambda one: one.request.method == "POST" and one.status == 200)


def test_what_is_typed_is_saved_by_itself_and_is_there_on_another_device(page, open_page, right):
    page.goto(right.letterbox)
    with saved(page):
        type_some(page, "I stood it.")
    expect(page.get_by_text("Your draft is saved by itself")).to_be_visible()
    expect(page.get_by_text(re.compile("^Saved as a draft on"))).to_be_visible()

    phone = open_page(viewport=PHONE)
    phone.goto(right.letterbox)

    expect(phone.get_by_role("textbox", name="Your reply")).to_have_value("I stood it.")
    assert page.evaluate("localStorage.length") == 0


def test_a_newer_draft_of_another_device_is_not_written_over(page, open_page, right):
    page.goto(right.letterbox)
    LetterboxDraft.objects.keep(right, {"text": "On the train."})
    with page.expect_response(lambda one: one.status == 409):
        type_some(page, "At home.")
    expect(page.get_by_text("Your draft was saved on another device")).to_be_visible()
    page.get_by_role("button", name="Save as a draft").click()

    expect(page.get_by_label("Your reply (the other draft)")).to_have_value("On the train.")
    expect(page.get_by_role("textbox", name="Your reply", exact=True)).to_have_value("At home.")
    page.get_by_role("button", name="Save as a draft").click()

    expect(page.get_by_text("Your draft is saved. It is here")).to_be_visible()
    assert LetterboxDraft.objects.get().typed["text"] == "At home."


def test_a_draft_that_cannot_be_saved_is_in_the_form_and_says_so(page, right):
    page.goto(right.letterbox)
    page.route("**/reply/**", lambda route: route.abort())
    type_some(page, "I stood it.")

    expect(page.get_by_text("could not be saved just now")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your reply")).to_have_value("I stood it.")


def test_a_double_click_sends_one_reply_and_leaves_no_draft(page, right):
    page.goto(right.letterbox)
    fill(page, "Your reply", "I stood it.")
    page.get_by_role("button", name="Send to the author").dblclick()

    expect(page.get_by_text("what you sent has arrived")).to_be_visible()
    assert right.replies.count() == 1
    assert not LetterboxDraft.objects.exists()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_reply_is_withdrawn_after_a_question(open_page, right, script):
    reply = right.receive("I stood it.")
    reply.publish()
    page = open_page(java_script_enabled=script, viewport=PHONE)
    page.goto(right.letterbox)
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_role("button", name="Yes, withdraw it").click()

    expect(page.get_by_text("Your reply is withdrawn")).to_be_visible()
    page.goto(right.post.get_absolute_url())
    expect(page.get_by_text("Withdrawn by the person this post is about")).to_be_visible()
