"""What a subject asked for is made in one go: from the request to post, log and mail."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from comments.models import AmendmentRequest, Letter
from posts.models import Post
from tests import make
from tests.desk import page_of

pytestmark = pytest.mark.django_db(transaction=True)

OLD = datetime(2010, 9, 20, 7, 15, tzinfo=UTC)
EDITOR = ".field-text .ProseMirror[contenteditable]"
FILLED = "<p>The tide stood at four.</p>" * 60
TEXT = f"<p>It was foggy.</p>{FILLED}<p>He was <em>not</em> at the bell. So it rang.</p>{FILLED}"
AMENDED = TEXT.replace("He was <em>not</em> at the bell", "He was at the bell &amp; rang it")


@pytest.fixture
def one():
    """A public request with quoted words, of which some are in italics."""
    make.blog()
    post = make.post("The bell that rang itself", TEXT, published=OLD)
    right = make.right(post, make.subject("Harold Lunt"))
    wanted = "He was at the bell & rang it."
    return right.ask("I had leave to.", words="He was not at the bell.", wanted=wanted, public=True)


def test_an_amendment_is_made_in_one_go(author_page, page, one):
    author_page.goto(page_of(one))
    expect(author_page.locator("#words-meant")).to_be_in_viewport()
    author_page.get_by_role("link", name="Make the amendment").click()

    expect(author_page.locator(EDITOR)).to_be_focused()
    selected = "getSelection().toString()"
    assert author_page.evaluate(selected) == "He was not at the bell"
    expect(author_page.locator(f"{EDITOR} em")).to_be_in_viewport()
    author_page.get_by_role("link", name="Put it in place of the quoted words").click()
    expect(author_page.get_by_role("status")).to_contain_text("Put in place.")
    expect(author_page.locator(EDITOR)).to_contain_text("He was at the bell & rang it. So it rang.")
    note = author_page.get_by_label("Note for readers")
    assert note.input_value().startswith("Somebody this post is about asked for this")
    author_page.get_by_label("Your reasons").fill("The log says so, too.")
    author_page.get_by_role("button", name="Amend the post").click()

    expect(author_page.locator(".messagelist .success")).to_contain_text("The post is amended")
    request = AmendmentRequest.objects.get()
    assert (request.state, request.reasons) == ("made", "The log says so, too.")
    assert Post.objects.get().text == AMENDED
    author_page.get_by_role("link", name="The amendment: text 2 of the post").click()
    expect(author_page.locator("#compared .text del")).to_contain_text(["not"])

    page.goto(Post.objects.get().get_absolute_url())
    exchange = page.get_by_role("region", name="Exchange with Harold Lunt")
    expect(exchange).to_contain_text("Made on")
    exchange.get_by_role("link", name="Entry 2").click()
    log = page.locator("main")
    expect(log).to_contain_text("Somebody this post is about asked for this to be changed")
    expect(log).to_contain_text("The log says so, too.")
    assert Letter.objects.filter(key=f"decision {request.pk}", to="maud@example.com").exists()


def test_it_is_made_without_a_script_too(open_page, site, author_page, one):
    page = open_page(java_script_enabled=False)
    page.context.add_cookies(author_page.context.cookies())
    page.goto(page_of(one))
    page.get_by_role("link", name="Make it in part").click()
    page.get_by_role("link", name="Put it in place of the quoted words").click()
    text = page.get_by_label("Text").input_value()
    assert "He was at the bell &amp; rang it. So it rang." in text
    expect(page.get_by_label("in part")).to_be_checked()
    page.get_by_role("button", name="Amend the post").click()
    expect(page.locator(".errorlist")).to_contain_text("with reasons")
    page.get_by_label("Your reasons").fill("The rest is as it was.")
    page.get_by_role("button", name="Amend the post").click()

    expect(page.locator(".messagelist .success")).to_contain_text("The post is amended")
    request = AmendmentRequest.objects.get()
    assert (request.state, request.revision.note[:8]) == ("in_part", "Somebody")


def test_words_put_in_place_twice_or_changed_meanwhile_are_left_and_that_is_said(author_page, one):
    author_page.goto(f"/admin/comments/amendmentrequest/{one.pk}/make/")
    put = author_page.get_by_role("link", name="Put it in place of the quoted words")
    put.click()
    put.click()

    expect(author_page.get_by_role("status")).to_contain_text("do not stand in the text")
    assert author_page.locator(EDITOR).inner_text().count("rang it") == 1


def test_html_as_it_is_written_is_opened_at_the_words_too(author_page, one):
    author_page.goto(f"/admin/comments/amendmentrequest/{one.pk}/make/?editor=html")

    area = author_page.locator("textarea.html-source")
    expect(area).to_be_focused()
    chosen = area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen == "He was <em>not</em> at the bell"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_decisions_do_not_scroll_sideways(author_page, one, width):
    reply = one.right.receive("x" * 300 + " https://example.com/" + "a" * 120)
    author_page.set_viewport_size({"width": width, "height": 844})
    for address in (
        *("/admin/comments/subjects/", page_of(one), f"/admin/comments/comment/{reply.pk}/reply/"),
        f"/admin/comments/amendmentrequest/{one.pk}/make/",
        f"/admin/comments/amendmentrequest/{one.pk}/erase/",
    ):
        author_page.goto(address)
        assert author_page.evaluate("document.documentElement.scrollWidth") == width, address
