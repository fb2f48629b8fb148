"""A second import: nothing twice, what changed there changes here, what changed here stays."""

import json

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment, Thread
from posts.models import OldAddress, Origin, Post, Revision
from tests import importing, make

pytestmark = pytest.mark.django_db

NOTHING = {"posts": 0, "pages": 0, "comments": 0}
FILES = [importing.BLOGGER, importing.TAKEOUT, importing.WORDPRESS]
WICK = ("First the wick", "First, as always, the wick")


def lamp():
    return Post.objects.get(origin__its_id="101")


def everything():
    models = (Post, Comment, Origin, OldAddress, Revision, Thread)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("name", FILES)
def test_a_second_run_finds_nothing_new(name):
    first = importing.run(name)
    again = importing.run(name)
    assert (again["new"], again["changed"], again["unchanged"]) == (NOTHING, NOTHING, first["new"])


@pytest.mark.parametrize("name", FILES)
def test_a_second_run_changes_nothing(name):
    importing.run(name)
    before = everything()
    importing.run(name)
    assert everything() == before


@pytest.mark.parametrize("name", FILES)
def test_a_dry_run_writes_nothing(name):
    before = everything()
    importing.run(name, dry_run=True)
    assert everything() == before


def test_a_dry_run_tells_what_the_run_will_tell():
    told = importing.run(*FILES, dry_run=True)
    assert told == importing.run(*FILES)


def test_a_dry_run_of_a_changed_file_tells_what_the_run_will_tell(tmp_path):
    importing.run(importing.BLOGGER)
    path = importing.changed(tmp_path, importing.BLOGGER, WICK, ("Or with scissors", "Or teeth"))
    told = importing.run(path, dry_run=True)
    assert told["changed"] == {"posts": 1, "pages": 0, "comments": 1}
    assert told == importing.run(path)


def test_several_files_have_a_list_of_reports_in_order():
    reports = importing.run(importing.WORDPRESS, importing.TAKEOUT)
    assert [report["file"] for report in reports] == [importing.WORDPRESS, importing.TAKEOUT]


def test_a_post_that_changed_there_changes_here_by_a_revision(tmp_path):
    importing.run(importing.BLOGGER)
    report = importing.run(importing.changed(tmp_path, importing.BLOGGER, WICK))
    assert report["changed"]["posts"] == 1
    assert "as always" in lamp().text
    sorts = lamp().revisions.values_list("number", "sort")
    assert list(sorts) == [(1, "import"), (2, "import")]


def test_a_change_is_imported_once(tmp_path):
    importing.run(importing.BLOGGER)
    path = importing.changed(tmp_path, importing.BLOGGER, WICK)
    importing.run(path)
    assert importing.run(path)["changed"] == NOTHING


def test_the_first_date_stays_when_the_text_changes(tmp_path):
    importing.run(importing.BLOGGER)
    before = lamp().published_at
    importing.run(importing.changed(tmp_path, importing.BLOGGER, WICK))
    assert lamp().published_at == before


def test_a_post_that_the_author_has_changed_here_stays(tmp_path):
    importing.run(importing.BLOGGER)
    lamp().revise("My own title", "<p>My own words.</p>")
    report = importing.run(importing.changed(tmp_path, importing.BLOGGER, WICK))
    assert lamp().text == "<p>My own words.</p>"
    assert report["changed"] == NOTHING
    assert "stays as it is here" in importing.reasons(report["warnings"])["101"]


def test_a_draft_that_the_author_has_changed_here_stays(tmp_path):
    importing.run(importing.BLOGGER)
    Post.objects.get(origin__its_id="102").revise("Fog", "<p>Fog is a wall.</p>")
    importing.run(importing.changed(tmp_path, importing.BLOGGER, ("Fog is", "Fog was")))
    assert Post.objects.get(origin__its_id="102").text == "<p>Fog is a wall.</p>"


def test_a_post_that_the_author_has_deleted_stays_deleted(tmp_path):
    importing.run(importing.BLOGGER)
    lamp().delete()
    report = importing.run(importing.changed(tmp_path, importing.BLOGGER, WICK))
    assert not Post.objects.filter(slug="trimming-great-lamp").exists()
    assert report["new"] == NOTHING


def test_a_draft_that_was_published_there_is_published_here(tmp_path):
    importing.run(importing.BLOGGER)
    draft = "<app:control><app:draft>yes</app:draft></app:control>"
    importing.run(importing.changed(tmp_path, importing.BLOGGER, (draft, "")))
    post = Post.objects.get(origin__its_id="102")
    assert (post.state, post.published_at.isoformat()) == (
        "published",
        "2011-05-05T08:00:00+00:00",
    )


def test_a_post_that_the_author_took_back_stays_back(tmp_path):
    importing.run(importing.BLOGGER)
    lamp().unpublish()
    importing.run(importing.changed(tmp_path, importing.BLOGGER, WICK))
    assert lamp().is_draft


def test_a_post_that_was_taken_back_there_stays_public_with_a_warning(tmp_path):
    importing.run(importing.TAKEOUT)
    path = importing.changed(tmp_path, importing.TAKEOUT, ("LIVE", "SOFT_TRASHED"))
    report = importing.run(path)
    assert lamp().is_published
    assert "stays public" in json.dumps(report["warnings"])


def test_labels_that_changed_there_change_here(tmp_path):
    importing.run(importing.BLOGGER)
    importing.run(importing.changed(tmp_path, importing.BLOGGER, ("term='Wicks'", "term='Wax'")))
    assert [label.name for label in lamp().labels.all()] == ["Oil & brass", "Wax"]


def test_a_comment_that_changed_there_changes_here(tmp_path):
    importing.run(importing.BLOGGER)
    path = importing.changed(tmp_path, importing.BLOGGER, ("Nine seconds is", "Ten seconds is"))
    report = importing.run(path)
    assert report["changed"]["comments"] == 1
    assert Comment.objects.get(origin__its_id="904").shown == "<p>Ten seconds is too slow.</p>"


def test_a_comment_that_was_approved_there_is_numbered_at_the_end(tmp_path):
    importing.run(importing.TAKEOUT)
    path = importing.changed(tmp_path, importing.TAKEOUT, ("PENDING_COMMENT", "LIVE"))
    importing.run(path)
    comment = Comment.objects.get(origin__its_id="304")
    assert (comment.state, comment.number) == ("published", 3)


def test_a_comment_that_was_removed_there_leaves_a_tombstone(tmp_path):
    importing.run(importing.BLOGGER)
    author = "<name>Anónimo</name>"
    email = "\n      <email>noreply@blogger.com</email>\n    </author>"
    gone = "<gd:extendedProperty name='blogger.contentRemoved' value='true'/>"
    importing.run(
        importing.changed(tmp_path, importing.BLOGGER, (author + email, f"{author}{email}\n{gone}"))
    )
    comment = Comment.objects.get(origin__its_id="904")
    assert (comment.number, comment.is_tombstone, comment.typed) == (4, True, "")


def test_a_comment_that_was_removed_here_stays_removed(tmp_path):
    importing.run(importing.BLOGGER)
    Comment.objects.get(origin__its_id="904").remove()
    path = importing.changed(tmp_path, importing.BLOGGER, ("Nine seconds is", "Ten seconds is"))
    importing.run(path)
    comment = Comment.objects.get(origin__its_id="904")
    assert (comment.is_tombstone, comment.typed) == (True, "Nine seconds is too slow.")


def test_comments_that_come_later_are_numbered_at_the_end(tmp_path):
    """A number never changes: an older comment that comes in later gets a higher one."""
    one = importing.changed(tmp_path, importing.BLOGGER, ("post-902</id>", "post-888</id>"))
    importing.run(one)
    importing.run(importing.BLOGGER)
    numbers = dict(Comment.objects.values_list("origin__its_id", "number"))
    assert numbers == {"901": 1, "888": 2, "903": 3, "904": 4, "905": 5, "902": 6}


def test_numbers_go_on_after_those_given_here(tmp_path):
    one = importing.changed(tmp_path, importing.BLOGGER, ("post-902</id>", "post-888</id>"))
    importing.run(one)
    written = make.comment(lamp())
    importing.run(importing.BLOGGER)
    assert (written.number, Comment.objects.get(origin__its_id="902").number) == (6, 7)


def test_an_answer_finds_what_an_earlier_file_brought(tmp_path):
    text = (importing.EXPORTS / importing.BLOGGER).read_text()
    start = text.index("  <entry>\n    <id>tag:blogger.com,1999:blog-77.post-903")
    end = text.index("  <entry>\n    <id>tag:blogger.com,1999:blog-77.post-901")
    (tmp_path / "one.xml").write_text(text[:start] + text[end:])
    (tmp_path / "two.xml").write_text(text[: text.index("  <entry>")] + text[start:end] + "</feed>")
    reports = importing.run(tmp_path / "one.xml", tmp_path / "two.xml")
    assert reports[1]["skipped"] == []
    parent = Comment.objects.get(origin__its_id="903").parent
    assert parent.origin.its_id == "901"


def test_the_command_says_what_it_did(capsys):
    call_command("import_blog", str(importing.EXPORTS / importing.BLOGGER))
    said = capsys.readouterr().out
    assert "new 3 posts, 1 pages, 5 comments" in said
    assert "Skipped: 105" in said
    assert "suggest_reprints" in said


def test_with_verbosity_0_the_command_says_nothing(capfd, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    call_command("import_blog", str(importing.EXPORTS / importing.BLOGGER), verbosity=0)
    assert capfd.readouterr() == ("", "")


def test_a_report_that_cannot_be_written_stops_the_import(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command(
            "import_blog",
            str(importing.EXPORTS / importing.BLOGGER),
            report=tmp_path / "none" / "report.json",
        )
    assert not Post.objects.exists()


UNDATED = [
    (importing.BLOGGER, ("<published>2011-03-31T23:30:00.000-05:00</published>", "")),
    (importing.TAKEOUT, ("<published>2011-04-01T04:30:00Z</published>", "")),
    (
        importing.WORDPRESS,
        ("<pubDate>Tue, 15 Jul 2014 22:30:00 +0000</pubDate>", ""),
        ("<wp:post_date>2014-07-15 23:30:00</wp:post_date>", ""),
        ("<wp:post_date_gmt>2014-07-15 22:30:00</wp:post_date_gmt>", ""),
    ),
]


@pytest.mark.parametrize(("name", "changes"), [(name, changes) for name, *changes in UNDATED])
def test_a_post_without_a_date_comes_in_as_a_draft_once(tmp_path, name, changes):
    path = importing.changed(tmp_path, name, *changes)
    first = importing.run(path)
    again = importing.run(path)
    warned = [one["id"] for one in first["warnings"] if "no date" in one["reason"]]
    assert len(warned) == 1
    assert Post.objects.get(origin__its_id=warned[0]).is_draft
    assert (again["new"], again["changed"]) == (NOTHING, NOTHING)
