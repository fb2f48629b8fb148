"""What the button “View figure” asks for: any post that was ever public, with all its figures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from posts.admin import editor
from posts.models import EarlierFigure, Post, figures
from tests import make
from tests.desk import page_of, staff

pytestmark = pytest.mark.django_db

FIGURES = reverse("admin:posts_post_figures")
OLD = datetime(2017, 8, 8, 9, tzinfo=UTC)


def asked(client, words=""):
    """Return the posts that are offered for these words."""
    answer = client.get(FIGURES, {"q": words})
    assert answer.status_code == 200
    return answer.json()["posts"]


def titles(client, words=""):
    return [post["title"] for post in asked(client, words)]


def earlier(post, system, count=884):
    return EarlierFigure.objects.create(
        post=post, system=system, count=count, as_of=date(2017, 8, 9)
    )


def test_a_post_comes_with_its_date_and_every_figure_it_has(desk):
    post = make.post("A dry August", published=OLD)
    make.views(post, {date(2017, 8, 8): 1000, date(2017, 8, 9): 303})
    earlier(post, "Blogger")
    earlier(post, "R&D", 12)

    (offered,) = asked(desk, "dry")

    assert (offered["title"], offered["date"]) == ("A dry August", "8 August 2017")
    assert offered["figures"] == [
        {"words": "1,303 views here", "token": "[views of a-dry-august]"},
        {
            "words": "884 on Blogger by 9 August 2017",
            "token": "[views of a-dry-august on Blogger]",
        },
        {"words": "12 on R&D by 9 August 2017", "token": "[views of a-dry-august on R&D]"},
    ]
    tokens = " ".join(figure["token"] for figure in offered["figures"])
    assert figures.unknown(tokens, Post.objects) == []


def test_a_system_whose_name_no_token_can_hold_is_not_offered(desk):
    earlier(make.post("Dry"), "Blogger [old]")

    assert [figure["token"] for figure in asked(desk)[0]["figures"]] == ["[views of dry]"]


def test_it_is_searched_as_the_list_is_and_titles_come_first(desk):
    make.post("A dry August", "<p>No rain.</p>", published=OLD)
    make.post("Gates", "<p>A dry lock.</p>", published=OLD + timedelta(1), labels=["Canal"])
    make.post("Fog", published=OLD + timedelta(2))

    assert titles(desk, "dry") == ["A dry August", "Gates"]
    assert titles(desk, "lo") == ["Gates"]  # the last word may be unfinished
    assert titles(desk, "canal") == ["Gates"]
    assert titles(desk) == ["Fog", "Gates", "A dry August"]


def test_what_was_never_public_is_not_offered_and_what_was_once_is_marked(desk):
    make.post("Dry draft", published=None)
    make.post("Dry plan", published=None, scheduled=datetime(2099, 1, 1, tzinfo=UTC))
    make.post("Dry once", published=OLD).unpublish()

    (offered,) = asked(desk, "dry")

    assert offered["title"] == "Dry once"
    assert offered["date"] == "8 August 2017; not public now"


def test_no_more_than_20_are_offered_and_it_is_said_that_there_are_more(desk):
    for number in range(20):
        make.post(f"Dry {number}")
    assert desk.get(FIGURES, {"q": "dry"}).json()["said"] == "20 posts were found:"

    make.post("Dry 20")

    answer = desk.get(FIGURES, {"q": "dry"}).json()
    assert len(answer["posts"]) == 20
    assert answer["said"] == "More than 20 posts were found; here are the first."


def test_it_costs_the_same_for_2_posts_and_for_15(desk):
    def cost():
        with CaptureQueriesContext(connection) as made:
            asked(desk, "dry")
        return len(made)

    def more(number):
        for one in range(number):
            earlier(make.post(f"Dry {number} {one}"), "Blogger")

    more(2)
    with_2 = cost()
    more(13)

    assert cost() == with_2


@pytest.mark.parametrize(
    "words",
    [
        *('"', "-", "-dry", "'; --", "%", "_", "\\", "\x00dry\x00", "dry*", "NEAR(a b)", "a:b"),
        *("[views of x]", "<script>", "x" * 5000, " ".join(map(str, range(300))), "٣ ½ 🐟", "2017"),
    ],
)
def test_whatever_is_typed_is_answered(desk, words):
    make.post("Dry", published=OLD)

    assert isinstance(asked(desk, words), list)


def test_strange_addresses_are_answered_too(desk):
    for strange in ("?q=%ff%fe", "?q=a&q=b", "?model_name=reprint&field_name=source&within=x"):
        assert desk.get(FIGURES + strange).status_code == 200


# Who may


def test_nobody_keeps_the_answer(desk):
    assert "no-store" in desk.get(FIGURES)["Cache-Control"]


def test_only_staff_who_may_see_posts_are_answered(client):
    make.post("Dry once", published=OLD).unpublish()
    assert client.get(FIGURES).status_code == 302

    reader = staff("view_post", username="reader")
    reader.is_staff = False
    reader.save()
    client.force_login(reader)
    assert client.get(FIGURES).status_code == 302

    client.force_login(staff("view_comment", "change_reprint", username="other"))
    for answer in (client.get(FIGURES), client.get(FIGURES, {"q": "dry"}), client.post(FIGURES)):
        assert answer.status_code == 403
        assert b"Dry" not in answer.content

    client.force_login(staff("view_post", username="looker"))
    assert titles(client) == ["Dry once"]


# The editors


def test_every_editor_knows_where_to_ask(desk):
    post = make.post("Dry", published=None)
    reprint = make.reprint(post, make.post("Older"))

    for address, editors in (
        (page_of(post), 3),  # with the row that “Add another” copies
        (f"{page_of(post)}?editor=html", 3),
        (page_of(reprint), 1),
    ):
        page = desk.get(address).content.decode()
        assert page.count("data-view-figure=") == editors
        assert FIGURES in page
        assert "admin-desk/figures" in page


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('<p><data value="595" title="views by 9 August 2017">595</data></p>', True),
        ('<p>a <strong><data value="5">5</data></strong> and <data>6</data></p>', True),
        ('<p><data value="5"><em>5</em></data></p>', False),
        ('<pre>a <data value="5">5</data></pre>', False),
        ('<pre>a</pre><p><data value="5">5</data></p><pre>b</pre>', True),
    ],
)
def test_the_rich_editor_is_given_the_figures_that_it_keeps(text, kept):
    assert editor.keeps(text) is kept
