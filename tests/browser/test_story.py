"""The model case, as its three people live it: reader, author, subject."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from posts.models import Post, Reprint
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

OLD = datetime(2010, 9, 20, 7, 15, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LATER = datetime(2013, 3, 14, 7, 40, tzinfo=UTC)


@pytest.fixture
def old_post():
    """A post of September 2010 about a fog bell, with three comments in a thread."""
    post = make.post("The bell that rang itself", "<p>At four it rang twice.</p>", published=OLD)
    first = make.comment(post, "It rang three times.", "Deckhand", at=OLD)
    make.comment(post, "Twice. I was there.", "Bosun", parent=first, at=OLD)
    make.comment(post, "Nobody was there.", at=OLD)
    make.post("Nothing much", published=LATER)
    return post


@pytest.fixture(params=["script", "no script"])
def reader(request, open_page):
    """A reader's page, with JavaScript and without."""
    return open_page(java_script_enabled=request.param == "script")


def test_a_reader_finds_an_old_post_answers_in_its_thread_and_is_let_through(
    reader, old_post, author_page, site
):
    make.blog(comment_policy="hold_all")
    reader.goto("/")
    archive = reader.get_by_role("navigation", name="Archive")
    archive.locator("summary", has_text="2010").click()
    archive.get_by_role("link", name="September 2010").click()
    reader.get_by_role("link", name="The bell that rang itself").click()
    second = reader.locator("#c2")
    assert "Twice. I was there." in second.inner_text()
    assert "answering 1" in second.inner_text()

    second.get_by_role("link", name="Answer comment 2").click()
    reader.get_by_label("Your name").fill("Anonymous")
    reader.get_by_role("textbox", name="Your comment").fill("So was I, and it was\n\nthe wind.")
    reader.get_by_role("button", name="Send comment").click()
    expect(reader.get_by_role("heading", name="The author reads it first")).to_be_visible()
    expect(reader.get_by_text("the wind.")).to_be_visible()
    reader.goto(old_post.get_absolute_url())
    assert reader.get_by_text("the wind.").count() == 0

    author_page.goto("/admin/comments/comment/")
    author_page.locator("input.action-select").first.check()
    author_page.locator("select[name=action]").select_option("publish")
    author_page.get_by_role("button", name="Go").click()
    author_page.locator("form.undo").wait_for()

    reader.reload()
    fourth = reader.locator("#c4")
    assert "the wind." in fourth.inner_text()
    assert "answering 2" in fourth.inner_text()
    assert "Anonymous" in fourth.inner_text()
    act = Comment.objects.get(number=4).acts.get()
    assert (act.verb, act.by) == ("publish", author_page.author)


def test_the_author_reprints_two_posts_and_publishes(author_page, old_post, page):
    newer = make.post("Mr Lunt's new timetable", "<p>It has no Sundays.</p>", published=LATER)
    make.views(old_post, {OLD.date(): 303})
    make.views(newer, {LATER.date(): 884})
    author_page.goto("/admin/posts/post/")
    for title in ("The bell that rang itself", "Mr Lunt's new timetable"):
        author_page.get_by_role("row", name=title).locator("input.action-select").check()
    author_page.locator("select[name=action]").select_option("reprint")
    author_page.get_by_role("button", name="Go").click()
    author_page.get_by_label("Title").fill("A quiet day")
    author_page.get_by_role("button", name="Publish now").click()
    author_page.locator(".messagelist .success").wait_for()

    post = Post.objects.get(title="A quiet day")
    assert list(Reprint.objects.filter(post=post).values_list("figure", flat=True)) == [303, 884]
    page.goto(post.get_absolute_url())
    reprints = page.locator(".reprint")
    assert reprints.count() == 2
    assert "First published 20 September 2010 · viewed 303 times by" in reprints.first.inner_text()
    assert "At four it rang twice." in reprints.first.inner_text()
    page.get_by_role("link", name="The bell that rang itself").click()
    expect(page.get_by_role("link", name="A quiet day").first).to_be_visible()


def test_a_subject_replies_and_the_reply_stands_on_the_post_and_on_its_reprint(
    reader, old_post, author_page, site
):
    right = make.right(old_post, make.subject("Harold Lunt"))
    newer = make.post("A quiet day", published=None)
    make.reprint(newer, old_post)
    newer.publish()

    reader.goto(right.letterbox)
    reader.get_by_role("textbox", name="Your reply").fill(
        "It was I who rang it.\n\nI had leave to."
    )
    reader.get_by_label("What is wrong with them").fill("I did not sleep.")
    reader.get_by_label("Everybody. It stands on the post").check()
    reader.get_by_role("button", name="Send to the author").click()
    expect(reader.get_by_text("what you sent has arrived")).to_be_visible()
    expect(reader.locator(".standing").get_by_text("waiting for the author")).to_be_visible()
    reader.goto(old_post.get_absolute_url())
    assert reader.get_by_text("I had leave to.").count() == 0

    reply = Comment.objects.get(voice="subject")
    author_page.goto(f"/admin/comments/comment/{reply.pk}/change/")
    author_page.get_by_role("button", name="Publish it as it is").click()
    author_page.locator(".messagelist .success").wait_for()

    for post in (old_post, newer):
        reader.goto(post.get_absolute_url())
        exchange = reader.get_by_role("region", name="Exchange with Harold Lunt")
        assert "I had leave to." in exchange.inner_text()
        assert "I did not sleep." in exchange.inner_text()
        assert "Awaiting a decision since" in exchange.inner_text()
    reader.goto(old_post.get_absolute_url())
    where = reader.locator(".exchange, .thread").evaluate_all(
        "all => all.map(one => one.className)"
    )
    assert where == ["exchange", "thread"]
    assert "Harold Lunt, whom this post is about, replied on" in reader.inner_text("article.post")


def test_answering_in_place_moves_the_form_and_can_be_taken_back(page, old_post):
    page.goto(old_post.get_absolute_url())
    page.locator("#c2").get_by_role("link", name="Answer comment 2").click()
    expect(page.locator("#c2 form")).to_be_visible()
    expect(page.locator("[name=to]")).to_have_value("2")
    page.get_by_role("button", name="Don’t answer").click()
    expect(page.locator("#c2 form")).to_have_count(0)
    expect(page.locator("[name=to]")).to_have_value("")


def test_a_double_click_sends_one_comment(page, old_post):
    page.goto(old_post.get_absolute_url())
    page.get_by_role("textbox", name="Your comment").fill("Only once, please.")
    page.get_by_role("button", name="Send comment").dblclick()
    page.get_by_role("link", name="See comment 4 in its place").click()
    expect(page.locator("#c4")).to_contain_text("Only once, please.")
    assert Comment.objects.filter(typed="Only once, please.").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_person_looking_at_a_post_is_one_view(open_page, old_post, script):
    # Headless Chromium calls itself that, and would be left out for a program.
    page = open_page(java_script_enabled=script, user_agent=FIREFOX)
    with page.expect_response(lambda response: "/views/" in response.url):
        page.goto(old_post.get_absolute_url())
    assert list(old_post.view_days.values_list("count", flat=True)) == [1]
    assert not old_post.views_left_out.exists()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(open_page, old_post, width):
    right = make.right(old_post, make.subject("Harold Lunt"))
    right.receive("x" * 300).publish()
    parent = None
    for depth in range(9):
        parent = make.comment(old_post, f"Depth {depth} " + "w" * 90, parent=parent)
    page = open_page(viewport={"width": width, "height": 800})
    for address in ("/", old_post.get_absolute_url(), "/2010/", "/search/?q=bell", right.letterbox):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
