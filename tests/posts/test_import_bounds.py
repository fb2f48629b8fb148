"""What one entry cannot do: end an import, by being longer than there is room for."""

import pytest

from blogsite import html
from comments.models import Comment
from posts.models import OldAddress, Origin, Post
from tests import importing

pytestmark = pytest.mark.django_db

LONG = "1" * 301
NOT_KEPT = f"{LONG[:40]}…"


def test_a_post_whose_id_is_too_long_is_skipped_alone(tmp_path):
    path = importing.changed(
        tmp_path, importing.WORDPRESS, ("<wp:post_id>14</", f"<wp:post_id>{LONG}</")
    )
    report = importing.run(path)
    assert importing.reasons(report["skipped"])[NOT_KEPT] == "its id is too long to keep"
    assert (report["posts"], report["new"]["posts"]) == (11, 10)


def test_a_comment_whose_id_is_too_long_is_skipped_alone(tmp_path):
    path = importing.changed(
        tmp_path, importing.WORDPRESS, ("<wp:comment_id>52</", f"<wp:comment_id>{LONG}</")
    )
    report = importing.run(path)
    assert importing.reasons(report["skipped"]) == {NOT_KEPT: "its id is too long to keep"}
    assert (report["comments"], report["new"]["comments"]) == (9, 8)


@pytest.mark.parametrize("name", [importing.BLOGGER, importing.TAKEOUT])
def test_an_entry_of_blogger_whose_id_is_too_long_is_skipped_alone(tmp_path, name):
    path = importing.changed(tmp_path, name, ("post-101</id>", f"post-{LONG}</id>"))
    assert NOT_KEPT in importing.reasons(importing.run(path)["skipped"])
    assert Post.objects.exists()


def test_an_id_of_a_blog_without_end_is_cut(tmp_path):
    path = importing.changed(tmp_path, importing.BLOGGER, ("blog-77", f"blog-{LONG}"))
    assert importing.run(path)["new"]["posts"] == 3
    assert {len(blog) for blog in Origin.objects.values_list("blog", flat=True)} == {200}


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"/{'a' * 500}/", "too long"),
        (f"/swarms/?p={'9' * 250}", "too long"),
        (f"/swarms/?p={'9' * 5_000}", "too long"),
        ("/swarms%00/", "NUL"),
    ],
)
def test_an_address_that_cannot_be_kept_is_a_warning(tmp_path, address, reason):
    path = importing.changed(tmp_path, importing.WORDPRESS, ("/2014/07/15/swarms/", address))
    told = importing.run(path, dry_run=True)
    report = importing.run(path)
    post = Post.objects.get(origin__its_id="14")
    assert any(one["id"] == "14" and reason in one["reason"] for one in report["warnings"])
    assert [str(row) for row in OldAddress.objects.filter(post=post)] == ["/?p=14"]
    assert told == report


def test_a_comment_longer_than_the_door_is_skipped_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(html, "LONGEST", 2_000)
    path = importing.changed(
        tmp_path, importing.BLOGGER, ("Nine seconds is too slow.", "slow " * 500)
    )
    report = importing.run(path)
    assert "longer than" in importing.reasons(report["skipped"])["904"]
    assert Comment.objects.count() == 4
