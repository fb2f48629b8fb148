"""Making a reprint by hand, in a real browser: the author's main habit, in a few clicks."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import expect

from posts.models import Post, ViewDay
from tests import make
from tests.browser.desk import choose
from tests.desk import page_of

pytestmark = pytest.mark.django_db(transaction=True)

GAUGE = datetime(2010, 9, 20, 18, 5, tzinfo=UTC)
ROTA = datetime(2012, 3, 4, 7, 40, tzinfo=UTC)
YESTERDAY = datetime(2017, 8, 8, 9, tzinfo=UTC)
EDITOR = ".field-text .ProseMirror[contenteditable]"


@pytest.fixture
def old_posts():
    """The model case before its reprint: three older posts, their views, talk under two of them."""
    make.blog(comment_policy="open")
    gauge = make.post("The gauge at the lock", "<p>It read nine inches.</p>", published=GAUGE)
    rota = make.post("A rota for the gates", "<p>Nobody came on Sunday.</p>", published=ROTA)
    yesterday = make.post("A dry month", "<p>No rain since May.</p>", published=YESTERDAY)
    for post, count in ((gauge, 303), (rota, 884), (yesterday, 595)):
        ViewDay.objects.create(post=post, day=date(2017, 8, 8), count=count)
    make.comment(gauge, "It was eleven inches, and I was there.", "Bosun")
    make.comment(gauge, "Nonsense from end to end.")
    make.comment(gauge, "The float was stuck with weed.", "Lockhand")
    make.comment(rota, "I came on Sunday, and there was no key.", "Dropbook")
    make.comment(rota, "Then say so to her face.")
    return gauge, rota, yesterday


def pick(row, words):
    """Tick, in the open picker of a row, the one comment with these words."""
    row.get_by_label("Search in names and words").fill(words)
    boxes = row.locator(".picker-panel label:visible")
    expect(boxes).to_have_count(1)
    boxes.get_by_role("checkbox").check()


def orders(page):
    """Return the titles of the reprints' rows, and the numbers that they will send."""
    rows = page.locator("#reprints-group .inline-related:not(.empty-form)")
    return [
        (
            row.locator("h3 .inline_label").first.inner_text(),
            row.locator("input[name$='-order']").input_value(),
        )
        for row in rows.all()
    ]


def test_the_model_case_is_made_by_hand(author_page, without_script, old_posts):
    gauge, rota, _yesterday = old_posts
    page = author_page
    page.goto("/admin/posts/post/")
    for post in (rota, gauge):
        page.locator("tr", has_text=post.title).locator("input.action-select").check()
    page.locator("select[name=action]").select_option("reprint")
    page.get_by_role("button", name="Go").click()

    expect(page.get_by_label("Title")).to_have_value(
        "Reprinted: The gauge at the lock; A rota for the gates"
    )
    page.get_by_label("Title").fill("Two from the cupboard")
    page.locator(EDITOR).click()
    page.keyboard.type("A quiet day. Yesterday was viewed [views of a-dry-month] times.")
    first, second = page.locator("#reprints-0"), page.locator("#reprints-1")
    first.locator(".ProseMirror[contenteditable]").click()
    page.keyboard.type("This one began it.")
    first.get_by_role("button", name="Choose comments").click()
    pick(first, "float weed")
    pick(first, "bosun")
    first.get_by_role("button", name="Done choosing").click()
    second.get_by_role("button", name="Choose comments").click()
    pick(second, "no key")
    page.get_by_role("button", name="Publish now").click()
    page.locator(".messagelist").get_by_role("link", name="See it as readers do").click()

    for reader in (page, without_script):
        reader.goto(Post.objects.get(title="Two from the cupboard").get_absolute_url())
        expect(reader.locator(".text data")).to_have_text(["595"])
        reprints = reader.locator(".reprint")
        expect(reprints).to_have_count(2)
        expect(reprints.nth(0)).to_contain_text("First published 20 September 2010")
        expect(reprints.nth(0)).to_contain_text("viewed 303 times")
        expect(reprints.nth(0)).to_contain_text("This one began it.")
        expect(reprints.nth(1)).to_contain_text("First published 4 March 2012")
        expect(reprints.nth(1)).to_contain_text("viewed 884 times")
        said = reprints.locator(".chosen .comment")
        expect(said).to_have_count(3)
        for at, words in enumerate(("eleven inches", "stuck with weed", "there was no key")):
            expect(said.nth(at)).to_contain_text(words)
        expect(reader.locator("body")).not_to_contain_text("Nonsense")


def test_rows_and_comments_are_ordered_by_keyboard_alone(author_page, old_posts):
    gauge, rota, _yesterday = old_posts
    draft = make.post("Two", published=None)
    said = list(gauge.comments.order_by("number"))
    make.reprint(draft, gauge, "", order=1, chosen=said)
    make.reprint(draft, rota, "", order=2)
    page = author_page
    page.goto(page_of(draft))
    down = page.locator("#reprints-0 h3").first.get_by_role("button", name="Down")
    down.focus()
    page.keyboard.press("Enter")

    assert orders(page) == [("A rota for the gates", "1"), ("The gauge at the lock", "2")]
    expect(down).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Now at place 2 of 2.")).to_have_count(1)
    page.keyboard.press("Enter")  # at the end: nothing happens, and the focus stays
    expect(down).to_be_focused()
    up = page.locator("#reprints-0 .picked li").nth(2).get_by_role("button", name="Up")
    up.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    assert [row.source for row in draft.reprints.all()] == [rota, gauge]
    chosen = draft.reprints.get(source=gauge).chosen.all()
    assert [row.comment for row in chosen] == [said[2], said[0], said[1]]


def test_rows_are_dragged_into_their_order(author_page, old_posts):
    draft = make.post("Two", published=None)
    for order, source in enumerate(old_posts, start=1):
        make.reprint(draft, source, "", order=order)
    page = author_page
    page.set_viewport_size({"width": 1280, "height": 2400})
    page.goto(page_of(draft))
    handle = page.locator("#reprints-2 h3 .order-drag")
    handle.hover()  # once it stands still: on a busy machine the editors come in late
    start, end = handle.bounding_box(), page.locator("#reprints-0").bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"], end["y"] + 50, steps=20)
    page.mouse.up()

    assert [title for title, _ in orders(page)] == [
        *("A dry month", "The gauge at the lock", "A rota for the gates"),
    ]
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    assert [row.source for row in draft.reprints.all()] == [old_posts[2], *old_posts[:2]]


def test_a_row_that_was_moved_and_taken_away_again_harms_no_other(author_page, old_posts):
    gauge, rota, yesterday = old_posts
    draft = make.post("Two", published=None)
    make.reprint(draft, gauge, "<p>Kept.</p>", order=1)
    page = author_page
    page.goto(page_of(draft))
    for number, post in ((1, rota), (2, yesterday)):
        page.locator("#reprints-group .add-row a").click()
        choose(page.locator(f"#reprints-{number}"), post.title)
    page.locator("#reprints-2 h3").first.get_by_role("button", name="Up").click()
    page.locator("#reprints-2 h3").first.get_by_role("button", name="Up").click()
    assert [number for _, number in orders(page)] == ["1", "2", "3"]
    page.locator("#reprints-1 .inline-deletelink").click()
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    rows = [(row.source, row.introduction) for row in draft.reprints.all()]
    assert rows == [(yesterday, ""), (gauge, "<p>Kept.</p>")]


def test_another_source_in_a_new_row_takes_the_picks_of_the_first_away(author_page, old_posts):
    gauge, rota, _yesterday = old_posts
    page = author_page
    page.goto("/admin/posts/post/add/")
    page.get_by_label("Title").fill("One")
    page.locator("#reprints-group .add-row a").click()
    row = page.locator("#reprints-0")
    row.get_by_role("button", name="Choose comments").click()
    expect(row.get_by_role("alert")).to_have_text("Pick the older post first.")
    for post, words in ((gauge, "weed"), (rota, "no key")):
        choose(row, post.title)
        expect(row.get_by_text("None is chosen.")).to_be_visible()
        row.get_by_role("button", name="Choose comments").click()
        pick(row, words)
    row.get_by_label("Revision shown").select_option(index=1)
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator(".messagelist")).to_contain_text("Saved as a draft.")
    reprint = Post.objects.get(title="One").reprints.get()
    assert [str(row.comment.typed) for row in reprint.chosen.all()] == [
        "I came on Sunday, and there was no key."
    ]
    assert reprint.revision == rota.revisions.get()


def test_without_script_comments_are_chosen_on_the_reprints_own_page(
    author_page, without_script, old_posts
):
    gauge = old_posts[0]
    draft = make.post("One", published=None)
    reprint = make.reprint(draft, gauge)
    page = without_script
    page.context.add_cookies(author_page.context.cookies())
    page.goto(page_of(draft))
    page.get_by_role("link", name="Choose comments").click()
    page.get_by_label("The float was stuck with weed.").check()
    page.get_by_label("It was eleven inches").check()
    page.get_by_label("Place of comment in line 3").fill("1")
    page.locator("input[name=_save]").click()

    expect(page.locator("#reprints-0")).to_contain_text("2 are chosen.")
    numbers = [chosen.comment.number for chosen in reprint.chosen.all()]
    assert numbers == [3, 1]
