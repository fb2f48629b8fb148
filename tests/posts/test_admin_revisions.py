"""The texts a post has had, at the desk: any two compared, and a former one taken up again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from posts.models import Post
from tests import make
from tests.desk import errors, page_of, staff, typed

pytestmark = pytest.mark.django_db

OLD = datetime(2019, 5, 3, 9, 0, tzinfo=UTC)  # 10:00 in London
STRANGE = ["", "x", "-1", "0", "1.5", "٣", "9" * 7, "9" * 30, "9" * 5000, "1;drop", "%00", "4"]


def changes_of(post):
    return reverse("admin:posts_post_changes", args=[post.pk])


def page(client, address):
    """Return the page at this address, in words; it must be there."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def form_at(desk, address):
    """Return the form at this address, and the page in words."""
    answer = desk.get(address)
    return answer.context["adminform"].form, answer.content.decode()


@pytest.fixture
def post():
    """A post with three texts: first published, corrected, amended."""
    made = make.post("Late", "<p>She was late.</p>", published=OLD)
    made.revise("Late", "<p>The boat was late.</p>", at=OLD + timedelta(days=1))
    made.revise(
        "Late again",
        "<p>The boat was later still.</p>",
        sort="amendment",
        note="It was the boat.",
        at=OLD + timedelta(days=2),
    )
    return made


@pytest.fixture
def withheld(post):
    """The same, its first two texts withheld."""
    post.revisions.filter(number__lt=3).update(withheld=True)
    return post


# The comparison


def test_two_texts_are_compared_with_what_was_taken_out_and_put_in(desk, post):
    shown = page(desk, changes_of(post) + "?from=1&to=2")

    assert "From text 1 to text 2" in shown
    assert '<del><span class="visually-hidden">removed: </span>She' in shown
    assert '<ins><span class="visually-hidden">added: </span>The boat' in shown
    assert "3 May 2019 at 10:00" in shown


def test_the_author_sees_withheld_words_and_what_they_are(desk, withheld):
    shown = page(desk, changes_of(withheld) + "?from=1&to=3")

    assert "She" in shown
    assert "words withheld: readers are not shown this" in shown


def test_a_clean_up_is_compared_and_said_to_be_the_authors_alone(desk):
    post = make.post("Late", "<p>She was late.</p><p>Posted by</p>", published=OLD)
    post.revise("Late", "<p>She was late.</p>", sort="import")

    shown = page(desk, changes_of(post))

    assert "From text 1 to text 2" in shown
    assert "Posted by" in shown
    assert "clean-up: yours alone" in shown


def test_the_form_that_chooses_two_offers_all_of_them(desk, withheld):
    shown = page(desk, changes_of(withheld) + "?from=1&to=2")

    for name, chosen in (("from", 1), ("to", 2)):
        choices = shown.partition(f'<select name="{name}"')[2].partition("</select>")[0]
        assert choices.count("<option") == 3
        assert f'value="{chosen}" selected' in choices


@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_the_address_asks_for_there_is_a_sensible_page(desk, post, strange):
    for query in ({"from": strange, "to": strange}, {"from": strange}, {"to": strange, "from": 1}):
        answer = desk.get(changes_of(post), query)
        assert answer.status_code == 200
        assert "From text " in answer.content.decode()


@pytest.mark.parametrize("query", ["?from=2&to=1", "?from=2&to=2", "?to=2"])
def test_the_older_text_comes_first_and_none_is_compared_with_itself(desk, post, query):
    assert "From text 1 to text 2" in page(desk, changes_of(post) + query)


def test_with_one_text_or_none_there_is_nothing_to_compare(desk):
    assert "nothing to compare" in page(desk, changes_of(make.post()))
    assert "never public" in page(desk, changes_of(make.post(published=None)))


def test_a_draft_that_was_rewritten_is_said_to_be_no_revision(desk, post):
    post.unpublish()
    post.text = "<p>Something else.</p>"
    post.save()

    assert "is no revision yet" in page(desk, changes_of(post))


@pytest.mark.parametrize("number", ["999999", "9" * 19, "9" * 40])
def test_of_a_post_that_is_not_there_no_changes_are_shown(desk, number):
    assert desk.get(f"/admin/posts/post/{number}/changes/").status_code == 404


def test_another_posts_texts_are_not_shown(desk, post):
    other = make.post("Other", "<p>Elsewhere.</p>")

    shown = page(desk, changes_of(other) + "?from=1&to=3")

    assert "She was late" not in shown


def test_markup_in_a_title_or_note_is_not_run(desk):
    post = make.post("<script>alert(1)</script>", "<p>One.</p>", published=OLD)
    post.revise("<b>Two</b>", "<p>Two.</p>", sort="amendment", note="<script>alert(2)</script>")

    for address in (changes_of(post), page_of(post) + "?restore=1"):
        assert "<script>alert" not in page(desk, address)


def test_the_comparison_is_kept_nowhere(desk, post):
    assert "no-store" in desk.get(changes_of(post))["Cache-Control"]


def test_more_revisions_cost_no_more_queries(desk, post, django_assert_num_queries):
    addresses = [changes_of(post), page_of(post) + "?restore=1"]
    few = []
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            desk.get(address)
        few.append(len(queries))
    for number in range(20):
        post.revise("Late", f"<p>The boat was {number} hours late.</p>", by=desk.author)

    for address, count in zip(addresses, few, strict=True):
        with django_assert_num_queries(count):
            desk.get(address)


# Who may compare


@pytest.mark.parametrize("permission", ["view_post", "change_post"])
def test_who_may_look_at_the_post_may_compare(client, post, permission):
    client.force_login(staff(permission))

    assert "From text" in page(client, changes_of(post))


def test_who_may_only_look_is_offered_no_restoring(client, post):
    client.force_login(staff("view_post"))

    for address in (changes_of(post), page_of(post)):
        assert "Compare" in page(client, address)
        assert "restore=" not in page(client, address)


def test_staff_without_permission_compare_nothing(client, post):
    client.force_login(staff("view_comment"))

    assert client.get(changes_of(post)).status_code == 403


def test_a_reader_who_would_compare_is_asked_to_sign_in(client, withheld):
    answer = client.get(changes_of(withheld) + "?from=1&to=2")

    assert "login" in answer["Location"]
    assert "late" not in answer.content.decode()


# The list of revisions


def test_each_revision_is_compared_with_the_one_before(desk, post):
    shown = page(desk, page_of(post))

    for number in (2, 3):
        assert f"{changes_of(post)}?from={number - 1}&amp;to={number}#compared" in shown
    assert "from=0" not in shown


def test_every_revision_but_the_one_that_stands_can_be_restored(desk, post):
    shown = page(desk, page_of(post))

    offered = [number for number in (1, 2, 3) if f"?restore={number}" in shown]
    assert offered == [1, 2]


def test_out_of_view_the_last_one_can_be_restored_once_the_draft_is_another(desk, post):
    post.unpublish()
    assert "?restore=3" not in page(desk, page_of(post))

    post.text = "<p>Something else.</p>"
    post.save()

    assert "?restore=3" in page(desk, page_of(post))


# Restoring


def test_restoring_fills_in_the_form_and_changes_nothing(desk, post):
    form, shown = form_at(desk, page_of(post) + "?restore=2")

    assert form["title"].value() == "Late"
    assert form["text"].value() == "<p>The boat was late.</p>"
    assert "You are looking at text 2, of 4 May 2019 at 10:00." in shown
    assert "Nothing is changed until you save." in shown
    assert Post.objects.get(pk=post.pk).text == "<p>The boat was later still.</p>"
    assert post.revisions.count() == 3


def test_a_restored_text_that_is_saved_is_a_new_revision_of_the_sort_asked(desk, post):
    address = page_of(post) + "?restore=1"
    form, _ = form_at(desk, address)
    values = {name: form[name].value() for name in ("title", "text", "seen")}

    answer = desk.post(
        address, typed("_save", post, **values, sort="amendment", note="She was, after all.")
    )

    assert answer["Location"] == page_of(post)
    made = post.revisions.get(number=4)
    assert (made.title, made.text) == ("Late", "<p>She was late.</p>")
    assert (made.sort, made.note, made.by) == ("amendment", "She was, after all.", desk.author)
    assert post.revisions.count() == 4


def test_an_amendment_that_restores_needs_its_note_and_what_was_typed_wins(desk, post):
    address = page_of(post) + "?restore=1"

    answer = desk.post(
        address, typed("_save", post, title="Mine", text="<p>Typed.</p>", sort="amendment")
    )

    form = answer.context["adminform"].form
    assert errors(answer, "note")
    assert (form["title"].value(), form["text"].value()) == ("Mine", "<p>Typed.</p>")
    assert "You began with text 1" in answer.content.decode()


def test_a_restored_text_overwrites_no_version_that_was_not_seen(desk, post):
    address = page_of(post) + "?restore=1"
    form, _ = form_at(desk, address)
    values = {name: form[name].value() for name in ("title", "text", "seen")}
    desk.post(page_of(post), typed("_save", post, text="<p>Theirs.</p>"))

    answer = desk.post(address, typed("_save", post, **values))

    assert "Nothing was saved" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).text == "<p>Theirs.</p>"
    again = answer.context["adminform"].form
    assert again["text"].value() == "<p>She was late.</p>"
    desk.post(address, typed("_save", post, **{**values, "seen": again["seen"].value()}))
    assert Post.objects.get(pk=post.pk).text == "<p>She was late.</p>"


def test_a_draft_that_was_public_once_takes_up_a_former_text(desk, post):
    post.unpublish()
    address = page_of(post) + "?restore=1"
    form, _ = form_at(desk, address)
    values = {name: form[name].value() for name in ("title", "text", "seen")}

    desk.post(address, typed("_save", post, **values))

    post.refresh_from_db()
    assert (post.state, post.title, post.text) == ("draft", "Late", "<p>She was late.</p>")
    assert post.revisions.count() == 3


def test_the_editor_is_the_one_that_the_restored_text_needs(desk):
    listed = "<dl><dt>Ebb</dt><dd>Out.</dd></dl>"
    post = make.post("Tides", listed, published=OLD)
    post.revise("Tides", "<p>In and out.</p>")

    assert "html-source" not in page(desk, page_of(post))
    form, shown = form_at(desk, page_of(post) + "?restore=1")

    assert form["text"].value() == listed
    assert "html-source" in shown
    assert "?restore=1&amp;editor=rich" in shown


def test_a_withheld_text_is_restored_with_a_warning(desk, withheld):
    words = "The words of this text were withheld from readers."

    assert words in page(desk, page_of(withheld) + "?restore=1")
    assert words not in page(desk, page_of(withheld) + "?restore=3")


@pytest.mark.parametrize("strange", STRANGE)
def test_with_no_such_text_there_is_a_message_and_the_ordinary_form(desk, post, strange):
    answer = desk.get(page_of(post), {"restore": strange})

    assert answer.context["adminform"].form["text"].value() == post.text
    assert "no such former text" in str(list(answer.context["messages"])[0])


def test_the_ordinary_form_says_nothing_of_restoring(desk, post):
    answer = desk.get(page_of(post))

    assert not list(answer.context["messages"])
    assert "You are looking at text" not in answer.content.decode()


def test_who_may_only_look_sees_the_text_that_stands_whatever_is_asked(client, post):
    client.force_login(staff("view_post"))

    shown = page(client, page_of(post) + "?restore=1")

    assert "The boat was later still." in shown
    assert "She was late." not in shown
    assert "You are looking at" not in shown
    assert client.post(page_of(post) + "?restore=1", typed("_save", post)).status_code == 403


def test_a_new_post_has_no_former_texts(desk):
    answer = desk.get(reverse("admin:posts_post_add"), {"restore": "1"})

    assert answer.status_code == 200
    assert answer.context["adminform"].form["text"].value() in (None, "")


def test_withholding_says_what_it_hides_and_what_it_does_not_reach(desk, post):
    shown = page(desk, page_of(post))

    assert "Hides all former texts of this post, not only the last" in shown
    assert "address, requests and comments may repeat the words" in shown
