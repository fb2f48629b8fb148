"""View figures in a sentence, in a real browser: the dialog, and what the rich editor keeps."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from posts.models import EarlierFigure, Post
from tests import make
from tests.browser.desk import choose
from tests.desk import page_of

pytestmark = pytest.mark.django_db(transaction=True)

EDITOR = ".field-text .ProseMirror[contenteditable]"
ADD = "/admin/posts/post/add/"
FROZEN = '<data value="00595" title="views by 9 August 2017">595</data>'


@pytest.fixture
def sources():
    """Two older posts: one with a figure of an earlier system besides its views here."""
    make.blog()
    dry = make.post("A dry August", published=datetime(2017, 8, 8, 9, tzinfo=UTC))
    rota = make.post("A rota for the gates", published=datetime(2012, 3, 4, 7, 40, tzinfo=UTC))
    make.views(dry, {date(2017, 8, 8): 303})
    make.views(rota, {date(2017, 8, 8): 595})
    EarlierFigure.objects.create(post=dry, system="Blogger", count=884, as_of=date(2017, 8, 9))
    return dry, rota


def view_figure(page, within):
    """Open the dialog by the button within an editor; return it."""
    page.locator(within).get_by_role("button", name="View figure").click()
    dialog = page.get_by_role("dialog", name="Put a view figure into the text")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    return dialog


def test_figures_are_chosen_for_text_and_a_new_introduction_and_readers_see_them(
    author_page, sources
):
    dry, rota = sources
    page = author_page
    page.goto(ADD)
    page.get_by_label("Title").fill("A quiet day")
    page.locator(EDITOR).click()
    page.keyboard.type("Seen ")
    dialog = view_figure(page, ".field-text")
    expect(dialog.get_by_role("listitem")).to_have_count(2)  # the newest, before a word is typed
    page.keyboard.type("dry aug")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    expect(dialog.get_by_role("listitem")).to_contain_text("8 August 2017")
    expect(dialog.get_by_role("button", name="303 views here")).to_be_visible()
    dialog.get_by_role("button", name="884 on Blogger by 9 August 2017").click()
    expect(page.locator(EDITOR)).to_be_focused()
    page.keyboard.type(" times.")
    expect(page.locator(EDITOR)).to_have_text("Seen [views of a-dry-august on Blogger] times.")

    page.locator("#reprints-group .add-row a").click()
    choose(page.locator("#reprints-0"), rota.title, typed="rota")
    dialog = view_figure(page, "#reprints-0")
    expect(dialog.get_by_role("listitem")).to_have_count(2)  # nothing stays of the first search
    dialog.get_by_role("button", name="595 views here").click()
    expect(page.locator("#reprints-0 .ProseMirror[contenteditable]")).to_have_text(
        "[views of a-rota-for-the-gates]"
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".text data")).to_have_text(["884", "595"])
    page.get_by_role("link", name="Back to writing").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published.")

    page.goto(Post.objects.get(title="A quiet day").get_absolute_url())
    figures = page.locator(".text data")
    expect(figures).to_have_text(["884", "595"])
    expect(figures.first).to_have_attribute("title", "views on Blogger by 9 August 2017")


def test_in_html_source_by_keyboard_alone(author_page, sources):
    post = make.post("Quiet", "<p>Seen times.</p>", published=None)
    page = author_page
    page.goto(f"{page_of(post)}?editor=html")
    text = page.locator("#id_text")
    button = page.locator(".field-text").get_by_role("button", name="View figure")
    dialog = page.get_by_role("dialog")
    text.focus()
    page.keyboard.press("Control+Home")
    for _ in "<p>Seen ":
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("nothing like it")
    expect(dialog.get_by_role("status")).to_contain_text("No post")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.type("rota")
    expect(dialog.get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_be_focused()
    page.keyboard.type(" ")
    expect(text).to_have_value("<p>Seen [views of a-rota-for-the-gates] times.</p>")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(text).to_have_value("<p>Seen times.</p>")


def test_a_frozen_figure_survives_the_rich_editor_and_goes_as_a_whole(author_page):
    text = f"<p>Seen <strong>{FROZEN}</strong> times.</p>"
    post = make.post("Quiet", f"{text}<ul><li><p>{FROZEN}</p></li></ul>")
    page = author_page
    page.goto(page_of(post))
    expect(page.locator(f"{EDITOR} data")).to_have_text(["595", "595"])
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    post.refresh_from_db()
    assert post.text == f"{text}<ul><li><p>{FROZEN}</p></li></ul>"

    page.locator(f"{EDITOR} li data").click()
    expect(page.locator("data.ProseMirror-selectednode")).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(page.locator(f"{EDITOR} data")).to_have_count(1)
    page.keyboard.type("Never.")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    post.refresh_from_db()
    assert post.text == f"{text}<ul><li><p>Never.</p></li></ul>"


def test_a_typed_token_that_names_nothing_is_told_at_its_field(author_page):
    page = author_page
    page.goto(ADD)
    page.get_by_label("Title").fill("A quiet day")
    page.locator(EDITOR).click()
    page.keyboard.type("Seen [views of nothing] times.")
    page.get_by_role("button", name="Publish now").click()

    expect(page.locator(".field-text .errorlist")).to_contain_text("[views of nothing]")
    expect(page.locator(EDITOR)).to_have_text("Seen [views of nothing] times.")
