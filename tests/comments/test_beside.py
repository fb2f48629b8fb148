"""What the page of a request says of where the words meant stand."""

import pytest

from tests import make
from tests.desk import page_of, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make.post("Fog at noon", "<p>She was <em>late</em> again.</p>")


def page(desk, post, words):
    """Return the page of a request that quotes these words."""
    one = make.right(post).ask("It was the boat.", words=words, public=True)
    return desk.get(page_of(one)).content.decode()


def test_words_that_stand_in_the_text_are_marked_there(desk, post):
    words = page(desk, post, "She was late.")

    assert '<mark id="words-meant">She was </mark><em><mark>late</mark></em>' in words
    assert 'href="#words-meant"' in words


def test_words_of_the_title_are_said_to_stand_there(desk, post):
    assert "stand in the title" in page(desk, post, "fog at noon")


def test_words_of_a_comment_lead_to_it(desk, post):
    comment = make.comment(post, "I saw her asleep at the wheel.")

    words = page(desk, post, "asleep at  the wheel")

    assert "but in comment 1:" in words
    assert f'href="{page_of(comment)}"' in words


def test_words_that_are_gone_lead_to_the_last_text_that_had_them(desk, post):
    post.revise(post.title, "<p>She was on time.</p>")
    post.revise(post.title, "<p>She was early.</p>")

    words = page(desk, post, "on time")

    assert "They last stood in text 2:" in words
    assert "?from=2#compared" in words


def test_words_that_never_stood_are_said_not_to_stand(desk, post):
    assert "do not stand in the post like this" in page(desk, post, "early as ever")


def test_a_request_without_words_says_nothing_of_them(desk, post):
    words = page(desk, post, "")

    assert 'class="where"' not in words
    assert "<p>She was <em>late</em> again.</p>" in words


def test_replies_are_left_out_for_who_may_not_see_them(client, post):
    right = make.right(post)
    right.receive("Between you and me.")
    one = right.ask("It was the boat.", public=True)
    client.force_login(staff("view_amendmentrequest"))

    assert "Between you and me." not in client.get(page_of(one)).content.decode()
