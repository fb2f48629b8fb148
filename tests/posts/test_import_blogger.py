"""Moving in from Blogger's Atom export."""

from datetime import UTC, datetime

import pytest

from comments.models import Comment
from posts.models import Origin, Post, Revision, SearchDocument
from tests import importing, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def report():
    return importing.run(importing.BLOGGER)


def comment(its_id):
    return Comment.objects.get(origin__kind="comment", origin__its_id=its_id)


def post(its_id):
    return Post.objects.get(origin__its_id=its_id)


def test_the_report_says_what_the_file_holds(report):
    keys = ("posts", "drafts", "pages", "comments", "replies", "labels")
    assert [report[key] for key in keys] == [4, 1, 1, 6, 1, 2]


def test_the_report_says_what_the_run_did(report):
    assert report["new"] == {"posts": 3, "pages": 1, "comments": 5}


def test_a_post_comes_in_as_it_was(report):
    lamp = post("101")
    assert (lamp.title, lamp.slug, lamp.state) == (
        "Trimming the great lamp",
        "trimming-great-lamp",
        "published",
    )
    assert lamp.published_at == datetime(2011, 4, 1, 4, 30, tzinfo=UTC)
    assert [label.name for label in lamp.labels.all()] == ["Oil & brass", "Wicks"]


def test_a_draft_stays_a_draft(report):
    assert post("102").is_draft
    assert post("102").published_at is None


def test_a_page_becomes_a_page(report):
    assert post("103").is_page
    assert post("103").get_absolute_url() == "/pages/about-lamp/"


def test_a_post_without_a_title_has_none(report):
    assert post("104").title == ""


def test_an_entry_with_a_fault_is_skipped_with_the_reason(report):
    assert "yesterday, about four" in importing.reasons(report["skipped"])["105"]
    assert not Post.objects.filter(title="A date that is none").exists()


def test_each_published_post_has_the_revision_that_came_in(report):
    revision = Revision.objects.get(post=post("101"))
    assert (revision.number, revision.sort, revision.since) == (
        1,
        Revision.Sort.IMPORT,
        post("101").published_at,
    )
    assert not Revision.objects.filter(post=post("102")).exists()


def test_what_came_in_can_be_found(report):
    found = SearchDocument.objects.get(kind="post", row=post("101").pk)
    assert found.public
    assert "then the glass" in found.text
    assert SearchDocument.objects.filter(kind="comment", public=True).count() == 4


def test_comments_are_numbered_by_time(report):
    numbers = [comment(its_id).number for its_id in ("901", "902", "903", "904", "905")]
    assert numbers == [1, 2, 3, 4, 5]


def test_an_answer_stands_below_what_it_answers(report):
    assert comment("903").parent == comment("901")


def test_an_answer_to_a_missing_comment_stands_by_itself(report):
    assert comment("904").parent is None
    assert "not here" in importing.reasons(report["warnings"])["904"]


def test_a_removed_comment_leaves_a_tombstone_without_words(report):
    removed = comment("902")
    assert removed.is_tombstone
    assert (removed.typed, removed.shown, removed.removed_because, removed.removed_by) == (
        "",
        "",
        "old_system",
        "program",
    )
    assert removed.removed_at == datetime(2011, 4, 3, 8, 0, tzinfo=UTC)


def test_whoever_gave_no_name_has_none(report):
    assert comment("904").name == ""


def test_the_authors_account_speaks_with_the_authors_voice(report):
    assert comment("903").voice == Comment.Voice.AUTHOR


def test_the_author_has_one_name():
    make.blog(author_name="Hedda M.")
    importing.run(importing.BLOGGER)
    assert comment("903").name == "Hedda M."


def test_a_name_alone_does_not_make_the_author(report):
    assert comment("905").voice == Comment.Voice.READER


def test_no_reader_comes_in_under_the_authors_name():
    make.blog(author_name="Hedda Moss")
    report = importing.run(importing.BLOGGER)
    assert comment("905").name == "Hedda Moss (unverified)"
    assert "author's name" in importing.reasons(report["warnings"])["905"]


def test_a_writers_own_site_is_kept_and_a_profile_is_not(report):
    assert comment("901").url == "http://piet.example/boats"
    assert comment("903").url == ""


def test_no_mail_address_of_a_commenter_is_kept(report):
    for row in [*Comment.objects.values(), *Origin.objects.values(), *_documents()]:
        assert "private.example" not in str(row)


def test_a_comment_on_a_post_that_is_not_here_is_skipped(report):
    assert "not here" in importing.reasons(report["skipped"])["906"]


def test_times_keep_their_instant(report):
    assert comment("901").published_at == datetime(2011, 4, 1, 7, 0, 0, 500000, tzinfo=UTC)
    assert comment("901").written_at == comment("901").published_at


def test_script_in_a_post_is_gone(report):
    assert "script" not in post("101").text
    assert "<div>First the wick &amp; then the glass.</div>" in post("101").text


def test_script_in_a_comment_is_gone(report):
    assert comment("901").shown == "<p>With a knife?<br>Or with scissors?</p>"


def test_script_in_a_name_is_shown_as_text(report, client):
    page = client.get(post("101").get_absolute_url()).content.decode()
    assert 'alert("name")' not in page
    assert "<script>alert" not in page


def test_comments_own_no_return_link(report):
    assert not Comment.objects.exclude(commenter=None).exists()


def _documents():
    return SearchDocument.objects.values()


def test_a_title_is_one_line(tmp_path):
    path = importing.changed(
        tmp_path, importing.BLOGGER, ("About the lamp", "About\n  the\r\n\tlamp")
    )
    importing.run(path)
    assert post("103").title == "About the lamp"
