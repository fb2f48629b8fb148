"""Moving in from WordPress."""

from datetime import UTC, datetime

import pytest
from django.db.models import Q

from comments.models import Comment
from posts.models import Label, Post, SearchDocument
from tests import importing, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return importing.run(importing.WORDPRESS)


def post(its_id):
    return Post.objects.get(origin__its_id=its_id)


def comment(its_id):
    return Comment.objects.get(origin__its_id=its_id)


def test_the_report_says_what_the_file_holds(report):
    keys = ("posts", "drafts", "pages", "comments", "replies", "labels")
    assert [report[key] for key in keys] == [11, 7, 1, 9, 3, 3]


def test_attachments_are_neither_posts_nor_pages(report):
    assert not Post.objects.filter(title="quince.jpg").exists()


@pytest.mark.parametrize("its_id", ["21", "22", "23", "24", "25", "26"])
def test_what_was_not_public_becomes_a_draft_with_a_warning(report, its_id):
    assert post(its_id).is_draft
    assert "draft" in importing.reasons(report["warnings"])[its_id]


def test_a_post_for_the_future_is_scheduled(report):
    assert post("27").publish_at == datetime(2098, 5, 1, 10, tzinfo=UTC)
    assert post("27").is_scheduled


def test_a_plan_that_has_passed_becomes_a_draft(tmp_path):
    path = importing.changed(tmp_path, importing.WORDPRESS, ("2098-05-01", "2016-05-01"))
    report = importing.run(path)
    assert post("27").is_draft
    assert "2016-05-01" in importing.reasons(report["warnings"])["27"]


def test_a_title_is_plain_text(report):
    assert post("14").title == "Swarms & ladders"


def test_blank_lines_make_paragraphs(report):
    assert "<p>The bees left at noon.<br>\nThey did not leave a note.</p>" in post("14").text


def test_a_caption_becomes_a_figure(report):
    figure = "<figcaption>The quince, humming</figcaption></figure>"
    text = post("14").text.replace("\n", "")
    assert f'<figure><img src="/quince.jpg" alt="Quince">{figure}' in text


def test_a_video_becomes_a_link(report):
    link = '<a href="https://www.youtube.com/watch?v=abcDEF12345">Video on YouTube</a>'
    assert link in post("14").text


def test_a_gallery_is_left_out_with_a_warning(report):
    assert "gallery" not in post("14").text
    assert "galler" in importing.reasons(report["warnings"])["14"]


def test_script_in_a_post_is_gone(report):
    assert "script" not in post("14").text


def test_a_text_of_blocks_keeps_its_paragraphs(report):
    assert post("15").text == "<p>Warm.</p>"


def test_a_time_in_gmt_is_an_instant(report):
    assert post("14").published_at == datetime(2014, 7, 15, 22, 30, tzinfo=UTC)


def test_a_time_without_gmt_is_local(report):
    assert post("15").published_at == datetime(2014, 8, 1, 19, 0, tzinfo=UTC)


def test_categories_and_tags_become_labels(report):
    assert set(Label.objects.values_list("name", flat=True)) == {"Bees", "July", "Uncategorized"}


def test_a_closed_post_takes_no_comments(report):
    assert (post("14").comment_policy, post("15").comment_policy) == ("closed", "")


def test_posts_that_share_a_number_stay_apart(report):
    assert post("20 https://hedges.example/?p=30").title == "Swarms again"
    assert post("20 https://hedges.example/?p=31").title == "Another item with the number 20"


def test_comments_of_posts_that_share_a_number_stay_apart(report):
    assert post("20 https://hedges.example/?p=31").comments.count() == 1
    assert post("20 https://hedges.example/?p=30").comments.count() == 0


def test_a_second_run_knows_what_shares_a_number(report):
    assert importing.run(importing.WORDPRESS)["new"] == {"posts": 0, "pages": 0, "comments": 0}


def test_two_posts_with_one_slug_get_two(report):
    slugs = [post("14").slug, post("20 https://hedges.example/?p=30").slug]
    assert slugs == ["swarms", "swarms-2"]


@pytest.mark.parametrize(
    ("name", "state", "number"),
    [
        ("Rude", "removed", 1),
        ("Ada", "published", 2),
        ("ruth", "published", 3),
        ("Hedge Weekly « News", "published", 4),
        ("Waiting", "held", None),
        ("Pills", "spam", None),
    ],
)
def test_a_comment_comes_in_with_its_state_and_number(report, name, state, number):
    found = Comment.objects.get(name=name, post=post("14"))
    assert (found.state, found.number) == (state, number)


def test_an_answer_stands_below_what_it_answers(report):
    assert comment("52").parent == Comment.objects.get(name="Ada", post=post("14"))


def test_a_circle_of_answers_is_broken_with_a_warning(report):
    assert comment("57").parent is None
    assert comment("58").parent == comment("57")
    assert "later comment" in importing.reasons(report["warnings"])["57"]


def test_a_pingback_stays_one(report):
    assert comment("53").kind == Comment.Kind.PINGBACK


def test_the_authors_account_speaks_with_the_authors_voice(report):
    voices = Comment.objects.filter(voice=Comment.Voice.AUTHOR)
    assert [found.origin.its_id for found in voices] == ["52"]


def test_a_commenters_site_is_kept_and_nothing_else_of_theirs(report):
    assert Comment.objects.get(name="Ada", post=post("14")).url == "https://ada.example/"
    for row in [*Comment.objects.values(), *SearchDocument.objects.values()]:
        assert "private.example" not in str(row)
        assert "203.0.113.9" not in str(row)


def test_the_importer_never_takes_a_slug_that_is_in_use():
    make.post("Swarms", slug="swarms")
    importing.run(importing.WORDPRESS)
    assert (
        Post.objects.filter(Q(slug="swarms") | Q(slug="swarms-2") | Q(slug="swarms-3")).count() == 3
    )
