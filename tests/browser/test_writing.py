"""Writing a comment in a real browser: what is begun is not lost before it has arrived."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests import make
from tests.browser.writing import arrived, begin, send, text

pytestmark = pytest.mark.django_db(transaction=True)

OLD = datetime(2010, 9, 20, 8, 15, tzinfo=UTC)
WORDS = "I had only begun to say it."


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    post = make.post("The bell that rang itself", published=OLD)
    make.comment(post, "Once.")
    return post


def test_what_was_begun_is_there_when_the_page_is_opened_again(page, post):
    begin(page, post, WORDS)
    page.get_by_label("Your name").fill("Halyard")
    page.goto("/")
    page.goto(post.get_absolute_url())

    expect(text(page)).to_have_value(WORDS)
    expect(page.get_by_label("Your name")).to_have_value("Halyard")
    expect(page.get_by_text("what you had begun to write")).to_be_visible()


def test_an_answer_that_was_begun_is_still_an_answer(page, post):
    page.goto(post.get_absolute_url())
    page.get_by_role("link", name="Answer comment 1").click()
    text(page).fill(WORDS)
    page.goto("/")
    page.goto(post.get_absolute_url())

    expect(page.locator("#c1 form")).to_be_visible()
    send(page)
    arrived(page)
    assert Comment.objects.get(typed=WORDS).parent.number == 1


def lose(route):
    """Let the server have what was sent, and the browser no answer."""
    route.fetch(max_redirects=0)
    route.abort()


@pytest.mark.parametrize(
    "fault", [lambda route: route.abort(), lose], ids=["on the way there", "on the way back"]
)
def test_a_lost_connection_loses_nothing_and_makes_no_second_comment(page, post, fault):
    begin(page, post, WORDS)
    page.route("**/comments/on/**", fault)
    send(page)
    page.wait_for_url(re.compile("chrome-error|/comments/on/"))
    page.unroute("**/comments/on/**")
    page.goto(post.get_absolute_url())

    expect(text(page)).to_have_value(WORDS)
    send(page)
    arrived(page)
    assert Comment.objects.filter(typed=WORDS).count() == 1


@pytest.mark.parametrize("policy", ["open", "hold_all"])
def test_what_has_arrived_is_kept_no_longer(page, post, policy):
    make.blog(comment_policy=policy)
    begin(page, post, WORDS)
    send(page)
    arrived(page)
    page.goto(post.get_absolute_url())

    expect(text(page)).to_have_value("")
    assert page.evaluate("localStorage.length") == 0


def test_the_authors_own_words_are_kept_no_longer_either(author_page, post):
    page = author_page
    page.goto(post.get_absolute_url())
    page.get_by_role("textbox", name="Your comment").fill(WORDS)
    send(page)
    expect(page.locator("#c2")).to_contain_text(WORDS)

    expect(text(page)).to_have_value("")


def test_an_old_acknowledgement_takes_no_other_draft_away(page, post):
    begin(page, post, "The first.")
    send(page)
    arrived(page)
    address = page.url
    begin(page, post, WORDS)
    page.goto(address)
    page.goto(post.get_absolute_url())

    expect(text(page)).to_have_value(WORDS)


def test_a_draft_on_the_forms_own_page_leaves_the_other_alone(page, post):
    begin(page, post, WORDS)
    page.goto(f"/comments/on/{post.slug}/?to=1")
    text(page).fill("Something else.")
    page.goto(post.get_absolute_url())

    expect(text(page)).to_have_value(WORDS)


def test_after_a_week_nothing_is_kept(page, post):
    begin(page, post, WORDS)
    age = "localStorage[k] = JSON.stringify({...JSON.parse(localStorage[k]), at: 1})"
    page.evaluate(f"for (const k of Object.keys(localStorage)) {age}")
    page.goto("/")

    assert page.evaluate("localStorage.length") == 0


def test_words_are_changed_by_the_return_link(page, post):
    begin(page, post, WORDS)
    send(page)
    page.get_by_role("link", name="Change the words").click()
    text(page).fill("I have said it now.")
    page.get_by_role("button", name="Save the change").click()

    expect(page.get_by_text("Your comment is changed.")).to_be_visible()
    assert Comment.objects.get(number=2).typed == "I have said it now."


def test_what_was_begun_can_be_thrown_away(page, post):
    begin(page, post, WORDS)
    page.reload()
    page.get_by_role("button", name="Throw it away").click()

    expect(text(page)).to_have_value("")
    page.reload()
    expect(text(page)).to_have_value("")


def test_what_is_begun_on_a_secret_page_is_written_nowhere(page, post):
    commenter = post.comments.get().commenter
    page.goto(f"{commenter.path}on/{post.slug}/")
    text(page).fill(WORDS)

    assert page.evaluate("localStorage.length") == 0


def test_near_the_end_the_characters_left_are_told(page, post):
    begin(page, post, "x" * 9400)
    told = page.locator("#write textarea + .hint")
    expect(told).to_have_text("")
    text(page).fill("x" * 9990)
    expect(told).to_have_text("10 characters left")
    text(page).fill("x" * 10_003)
    expect(told).to_have_text("3 characters too many")


def test_the_script_says_how_long_somebody_was_typing(page, post):
    page.goto(post.get_absolute_url())
    with page.expect_request("**/comments/on/**") as sent:
        text(page).press_sequentially("Twice.")
        page.route("**/comments/on/**", lambda route: route.abort())
        send(page)

    assert "took=1&" in f"{sent.value.post_data}&"


def test_of_words_that_were_pasted_nothing_is_said(page, post):
    page.goto(post.get_absolute_url())
    with page.expect_request("**/comments/on/**") as sent:
        text(page).press_sequentially("Once ")
        text(page).fill("Once more, as I wrote it down last night in another program.")
        page.route("**/comments/on/**", lambda route: route.abort())
        send(page)

    assert "took=&" in f"{sent.value.post_data}&"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_preview_shows_it_as_it_will_look_and_sends_nothing(open_page, post, script):
    page = open_page(java_script_enabled=script)
    page.goto(post.get_absolute_url())
    page.get_by_label("Your name").fill("Halyard")
    typed = "One <b>bold</b> word.\n\nAnd <script>none</script>."
    text(page).fill(typed)
    page.get_by_role("button", name="Preview").click()

    preview = page.locator(".preview")
    expect(preview.locator("b")).to_have_text("bold")
    expect(preview).to_contain_text("Halyard")
    assert Comment.objects.count() == 1
    page.get_by_role("button", name="Send comment").click()
    arrived(page)
    assert (
        Comment.objects.get(number=2).typed == "One <b>bold</b> word.\n\nAnd <script>none</script>."
    )
