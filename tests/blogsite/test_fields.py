"""Fields that hold HTML: clean whichever way the words came in."""

import pytest
from django.utils.safestring import SafeString

from comments.models import Comment
from posts.models import Post, Reprint
from tests import make

DIRTY, CLEAN = "<p onclick=x>words<script>steer()</script>", "<p>words</p>"
pytestmark = pytest.mark.django_db


def kept():
    return Post.objects.values_list("text", flat=True).get()


def test_create_cleans():
    Post.objects.create(title="Fog", text=DIRTY)

    assert kept() == CLEAN


def test_bulk_create_cleans():
    Post.objects.bulk_create([Post(title="Fog", slug="fog", text=DIRTY)])

    assert kept() == CLEAN


def test_bulk_update_cleans():
    first, second = make.post(), make.post()
    made = make.reprint(second, first)
    made.introduction = DIRTY

    Reprint.objects.bulk_update([made], ["introduction"])

    assert Reprint.objects.values_list("introduction", flat=True).get() == CLEAN


def test_update_cleans():
    first, second = make.post(), make.post()
    make.reprint(second, first)

    Reprint.objects.update(introduction=DIRTY)

    assert Reprint.objects.values_list("introduction", flat=True).get() == CLEAN


def test_save_cleans_what_was_marked_safe_before():
    post = make.post()
    post.text = SafeString(DIRTY)
    post.save()

    assert kept() == CLEAN


def test_after_a_save_the_instance_holds_what_the_database_holds():
    post = make.post(text=DIRTY)

    assert post.text == CLEAN


def test_what_was_assigned_is_not_marked_safe_until_it_is_saved():
    post = Post(title="Fog", text=DIRTY)
    before = hasattr(post.text, "__html__")
    post.save()

    assert (before, hasattr(Post.objects.get().text, "__html__")) == (False, True)


@pytest.mark.parametrize("way", ["save", "bulk_create"])
def test_what_is_shown_of_a_comment_is_made_of_what_was_typed(way):
    post = make.post()
    typed = "words <b onclick=x>loud<script>steer()</script>"
    if way == "bulk_create":
        Comment.objects.bulk_create([Comment(post=post, typed=typed)])
    else:
        comment = make.comment(post, "before")
        comment.typed = typed
        comment.save()

    comment = Comment.objects.get()

    assert (comment.typed, comment.shown) == (typed, "<p>words <b>loud</b></p>")


def test_shown_cannot_be_given_beside_what_was_typed():
    comment = Comment(post=make.post(), typed="words", shown=SafeString(DIRTY))
    comment.save()

    assert Comment.objects.get().shown == "<p>words</p>"


def test_shown_cannot_be_updated_to_something_unsafe():
    make.comment(make.post(), "words")

    Comment.objects.update(shown=DIRTY)

    assert Comment.objects.get().shown == CLEAN


def test_a_subject_may_write_headings_and_a_reader_not():
    post = make.post()
    reader = make.comment(post, "<h3>First</h3>words")
    subject = make.comment(post, "<h3>First</h3>words", voice="subject", right=make.right(post))

    assert reader.shown == "<p>First</p><p>words</p>"
    assert subject.shown == "<h3>First</h3><p>words</p>"


@pytest.mark.parametrize(
    "given, kept",
    [
        ("https://a.example/x", "https://a.example/x"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("//a.example", ""),
        ("https:///x", ""),
        ("https://a.example/x y", ""),
        ("https://a.example/" + "x" * 500, ""),
        ("", ""),
    ],
)
def test_the_address_of_a_writers_site_is_an_address_or_nothing(given, kept):
    Comment.objects.bulk_create([Comment(post=make.post(), typed="words", url=given)])

    assert Comment.objects.get().url == kept
