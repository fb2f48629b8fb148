"""Moving in from Google Takeout."""

import pytest

from comments.models import Comment
from posts.importers.atom import guessed_slug
from posts.models import Origin, Post
from tests import importing

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return importing.run(importing.TAKEOUT)


def comment(its_id):
    return Comment.objects.get(origin__its_id=its_id)


def test_the_report_says_what_the_file_holds(report):
    keys = ("posts", "drafts", "pages", "comments", "replies", "labels")
    assert [report[key] for key in keys] == [4, 2, 1, 5, 1, 2]


def test_a_trashed_post_becomes_a_draft_with_a_warning(report):
    assert Post.objects.get(origin__its_id="202").is_draft
    assert "SOFT_TRASHED" in importing.reasons(report["warnings"])["202"]


def test_a_post_for_the_future_is_scheduled(report):
    post = Post.objects.get(origin__its_id="203")
    assert (post.state, post.publish_at.year) == ("scheduled", 2098)


def test_a_draft_page_without_words_comes_in(report):
    page = Post.objects.get(origin__its_id="204")
    assert (page.kind, page.state, page.title, page.text) == ("page", "draft", "", "")


@pytest.mark.parametrize(
    ("its_id", "state", "number"),
    [
        ("301", "published", 1),
        ("302", "published", 2),
        ("303", "spam", None),
        ("304", "held", None),
        ("305", "held", None),
    ],
)
def test_a_comment_comes_in_with_its_state(report, its_id, state, number):
    assert (comment(its_id).state, comment(its_id).number) == (state, number)


def test_a_comment_that_waited_says_so(report):
    assert comment("304").held_because == "pending"


def test_an_unknown_status_is_held_with_a_warning(report):
    assert "WHISPERED" in importing.reasons(report["warnings"])["305"]


def test_an_empty_name_is_nobodys(report):
    assert comment("301").name == ""


def test_an_answer_stands_below_what_it_answers(report):
    assert comment("302").parent == comment("301")


def test_the_authors_account_speaks_with_the_authors_voice(report):
    assert comment("302").voice == Comment.Voice.AUTHOR


def test_the_address_of_the_older_kind_is_made_from_title_and_date(report, client):
    response = client.get("/2013/08/keeper-oil-old-ladder-to-gallery.html")
    assert response.status_code == 301
    assert response["Location"] == Post.objects.get(origin__its_id="201").get_absolute_url()


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("The Keeper's Oil", "keeper-oil"),
        ("Från Öland, till fots!", "fran-oland-till-fots"),
        (
            "A word that goes on and on until the address is full",
            "word-that-goes-on-and-on-until-address",
        ),
        (
            "Incomprehensibilitiesandotherverylongwordsindeed",
            "incomprehensibilitiesandotherverylongwo",
        ),
        ("…", ""),
    ],
)
def test_an_address_is_guessed_as_blogger_made_it(title, slug):
    assert guessed_slug(title) == slug


def test_the_atom_export_of_the_same_blog_finds_the_same_post(report):
    again = importing.run(importing.BLOGGER)
    assert Origin.objects.filter(kind="post", its_id="101").count() == 1
    assert (again["new"]["posts"], again["unchanged"]["posts"]) == (2, 1)


def test_a_feed_without_entries_is_an_empty_blog(tmp_path):
    feed = tmp_path / "feed.atom"
    feed.write_text(
        "<feed xmlns='http://www.w3.org/2005/Atom'"
        " xmlns:blogger='http://schemas.google.com/blogger/2018'>"
        "<id>tag:blogger.com,1999:blog-77</id></feed>"
    )
    assert importing.run(feed)["posts"] == 0


def test_a_title_is_one_line(tmp_path):
    path = importing.changed(tmp_path, importing.TAKEOUT, ("Thrown away", "Thrown\n  away"))
    importing.run(path)
    assert Post.objects.get(origin__its_id="202").title == "Thrown away"
