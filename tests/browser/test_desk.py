"""The desk in a real browser: its scripts run under the policy that readers' pages have."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from comments.models import Act, Comment
from posts.models import Label, Post, Reprint
from tests import make
from tests.browser.desk import choose
from tests.desk import page_of

pytestmark = pytest.mark.django_db(transaction=True)

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)
EDITOR = ".field-text .ProseMirror[contenteditable]"
ADD = "/admin/posts/post/add/"


def test_a_post_is_written_in_the_rich_editor_and_published(author_page):
    Label.objects.named("Fog")
    page = author_page
    page.goto(ADD)
    page.get_by_label("Title").fill("Low water")
    page.locator(EDITOR).click()
    page.keyboard.type("The quay was ")
    page.keyboard.press("Control+b")
    page.keyboard.type("quiet")
    page.keyboard.press("Control+b")
    page.keyboard.type(".")
    choose(page.locator(".field-labels"), "Fog")
    page.get_by_role("button", name="Publish now").click()

    expect(page.locator(".messagelist")).to_contain_text("Published.")
    post = Post.objects.get()
    assert post.is_published
    assert post.text == "<p>The quay was <strong>quiet</strong>.</p>"
    assert [label.name for label in post.labels.all()] == ["Fog"]


def test_pasted_words_come_without_their_clothes(author_page):
    page = author_page
    page.goto(ADD)
    page.locator(EDITOR).click()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/html", '<p class="MsoNormal" align="right">' +
            '<font face="Arial">From <b>Word</b></font><script>1</script></p>');
          const target = document.querySelector(".field-text .ProseMirror[contenteditable]");
          target.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    assert Post.objects.get().text == "<p>From <strong>Word</strong></p>"


def test_a_reprint_is_put_into_a_post_by_hand(author_page):
    source = make.post("Fog at noon", published=OLD)
    page = author_page
    page.goto(ADD)
    page.get_by_label("Title").fill("A quiet day")
    page.locator("#reprints-group .add-row a").click()
    choose(page.locator("#reprints-0"), "Fog")
    page.locator("#reprints-0 .ProseMirror[contenteditable]").click()
    page.keyboard.type("Nine years ago.")
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    reprint = Reprint.objects.get()
    assert (reprint.source, reprint.introduction) == (source, "<p>Nine years ago.</p>")


def test_an_amendment_without_its_note_is_refused_and_no_word_is_lost(author_page):
    post = make.post("Late", "<p>She was late.</p>", published=OLD)
    page = author_page
    page.goto(page_of(post))
    page.locator(EDITOR).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" So was the boat.")
    page.get_by_label("an amendment, which readers should know of").check()
    page.get_by_role("button", name="Save changes").click()

    expect(page.locator(".field-note .errorlist")).to_be_visible()
    expect(page.locator(EDITOR)).to_contain_text("So was the boat.")
    page.get_by_label("Note for readers").fill("The boat was late too.")
    page.get_by_role("button", name="Save changes").click()

    expect(page.locator("#revisions")).to_contain_text("The boat was late too.")
    post.refresh_from_db()
    assert post.amended_at


def test_the_second_of_two_tabs_overwrites_nothing_unseen_and_loses_nothing(author_page):
    post = make.post("Late", "<p>She was late.</p>", published=None)
    page = author_page
    page.goto(page_of(post))
    post.text = "<p>An hour of writing.</p>"
    post.save()
    page.locator(EDITOR).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" So was the boat.")
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".errorlist.nonfield")).to_contain_text("Nothing was saved")
    expect(page.locator(EDITOR)).to_have_text("She was late. So was the boat.")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="The newer version").click()
    expect(opened.value.locator(EDITOR)).to_have_text("An hour of writing.")
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    post.refresh_from_db()
    assert post.text == "<p>She was late. So was the boat.</p>"


def test_of_two_browsers_editing_a_public_post_one_is_told_and_nothing_is_lost(
    author_page, open_page
):
    post = make.post("Late", "<p>She was late.</p>", published=OLD)
    first, second = author_page, open_page(viewport={"width": 1280, "height": 900})
    second.context.add_cookies(first.context.cookies())
    for page, words in ((first, " So was the boat."), (second, " And the tide.")):
        page.goto(page_of(post))
        page.locator(EDITOR).click()
        page.keyboard.press("Control+End")
        page.keyboard.type(words)
    first.get_by_role("button", name="Save changes").click()
    expect(first.locator(".messagelist")).to_contain_text("Saved.")
    second.get_by_label("an amendment, which readers should know of").check()
    second.get_by_label("Note for readers").fill("The tide was late too.")
    second.get_by_role("button", name="Save changes").click()

    expect(second.locator(".errorlist.nonfield")).to_contain_text("Nothing was saved")
    expect(second.locator(EDITOR)).to_have_text("She was late. And the tide.")
    expect(second.get_by_label("Note for readers")).to_have_value("The tide was late too.")
    second.get_by_role("button", name="Save changes").click()
    expect(second.locator(".messagelist")).to_contain_text("Saved.")

    assert [(row.text, row.sort) for row in post.revisions.order_by("number")] == [
        ("<p>She was late.</p>", "first"),
        ("<p>She was late. So was the boat.</p>", "small"),
        ("<p>She was late. And the tide.</p>", "amendment"),
    ]


def test_going_back_from_the_preview_makes_no_form_stale(author_page):
    post = make.post("Late", published=None)
    page = author_page
    page.goto(page_of(post))
    page.get_by_label("Title").fill("Later")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("h1")).to_have_text("Later")
    page.go_back()
    page.get_by_label("Title").fill("Later still")
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    post.refresh_from_db()
    assert post.title == "Later still"


def test_the_queue_is_worked_through(author_page):
    post = make.post()
    good, bad = (
        make.comment(post, words, state="held") for words in ("A kind word.", "An unkind word.")
    )
    page = author_page
    page.goto("/admin/")
    page.locator("#waiting-held h3 a").click()
    page.locator("tr", has_text="A kind word.").locator("input.action-select").check()
    page.locator("select[name=action]").select_option("publish")
    page.get_by_role("button", name="Go").click()
    expect(page.locator("form.undo")).to_contain_text("is now: published.")

    page.get_by_role("link", name="Anonymous").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".field-reason .errorlist")).to_be_visible()
    page.get_by_label("Reason for removing").select_option("abuse")
    page.get_by_role("button", name="Remove").click()

    expect(page.locator("form.undo")).to_contain_text("is now: removed.")
    states = dict(Comment.objects.values_list("pk", "state"))
    assert states == {good.pk: "published", bad.pk: "removed"}
    assert Act.objects.filter(by=page.author).count() == 2


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/posts/post/", ADD, "/admin/comments/comment/?state=all"]
)
def test_nothing_runs_off_the_side_of_a_phone(author_page, path):
    post = make.post("Anextraordinarilylongwordthatnobodywouldputintoatitlebutsomebodydoes")
    make.comment(post, "https://example.com/" + "a" * 120, state="held")
    page = author_page
    page.set_viewport_size({"width": 390, "height": 844})

    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_leaving_a_form_with_unsaved_words_is_asked_about(author_page):
    page = author_page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(ADD)
    page.locator(EDITOR).click()
    page.keyboard.type("An hour of writing.")
    page.get_by_role("link", name="Home").click()

    expect(page.locator(EDITOR)).to_contain_text("An hour of writing.")
    assert asked == ["beforeunload"]


def test_leaving_a_form_that_nobody_touched_is_not_asked_about(author_page):
    page = author_page
    page.goto(ADD)
    page.get_by_role("link", name="Home").click()

    expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()


def test_a_double_click_on_save_saves_once(author_page):
    post = make.post("Low water", published=None)
    page = author_page
    page.goto(f"/admin/posts/post/{post.pk}/change/")
    page.get_by_label("Title").fill("High water")
    page.get_by_role("button", name="Save draft").dblclick()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Post.objects.get().title == "High water"
