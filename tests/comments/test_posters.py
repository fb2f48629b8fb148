"""Many who post at once: every comment is stored, once, with a number of its own."""

from pathlib import Path

import pytest

from comments.models import Comment, Thread
from posts.models import Post, SearchDocument
from tests import make
from tests.posters import try_to_lose
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)
POSTERS, EACH = 8, 25


def test_eight_posters_at_once_lose_nothing_and_get_every_number_once():
    pk = make.post(comment_policy="open").pk

    def post_all(poster):
        for number in range(EACH):
            Comment.objects.write(
                Post.objects.get(pk=pk),
                f"Comment {number} of poster {poster}.",
                name=f"Poster {poster}",
                submission=f"{poster}-{number}",
            )

    together(POSTERS, post_all)

    comments = Comment.objects.filter(post=pk)
    assert comments.values("typed").distinct().count() == POSTERS * EACH
    assert sorted(comments.values_list("number", flat=True)) == [*range(1, POSTERS * EACH + 1)]
    assert Thread.objects.get(post=pk).last_number == POSTERS * EACH
    assert SearchDocument.objects.filter(kind="comment", public=True).count() == POSTERS * EACH


@pytest.mark.parametrize("submission", ["s1", ""])
def test_one_submission_sent_eight_times_at_once_is_one_comment(submission):
    post = make.post(comment_policy="open")

    written = together(
        POSTERS, lambda _: Comment.objects.write(post, "Once.", submission=submission).pk
    )

    assert len(set(written)) == 1
    assert Comment.objects.count() == 1


def test_a_comment_published_and_removed_at_once_is_one_or_the_other():
    comment = make.comment(make.post(), state="held")

    def decide(n):
        one = Comment.objects.get(pk=comment.pk)
        one.publish() if n % 2 else one.remove()

    together(POSTERS, decide)

    comment.refresh_from_db()
    public = SearchDocument.objects.get(kind="comment").public
    assert comment.number == 1
    assert public == comment.is_published


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for the processes")
def test_a_server_killed_under_its_posters_loses_nothing_and_makes_nothing_twice(tmp_path):
    try_to_lose(tmp_path, POSTERS, seconds=6, kills=1)  # `make trial-posters` is the long one
