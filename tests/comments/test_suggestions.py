"""Suggested reprints: what the search finds and what it does not, and what is kept of it."""

from datetime import timedelta

import pytest

from comments import suggestions
from comments.models import Reason, Suggestion
from posts.models import Post
from seeds import story
from tests import make, pasted
from tests.pasted import BARGE, LANTERN, NEW, OLD, suggested, tell

pytestmark = pytest.mark.django_db

State = Suggestion.State
MIDDLE = OLD + timedelta(days=900)


def search():
    """Return what is found: {(newer title, older title): (percent, numbers of comments)}."""
    return {
        (str(one.post), str(one.source)): (
            one.evidence.percent,
            [comment.number for comment in one.evidence.comments],
        )
        for one in suggestions.search()
    }


# The search


def test_on_the_demonstration_exactly_its_reprints_are_found_with_their_comments():
    story.tell()
    assert search() == {}
    quiet = Post.objects.get(slug="a-quiet-day-and-two-from-the-cupboard")
    former = {one.source.title: one for one in quiet.reprints.prefetch_related("chosen__comment")}
    text = str(quiet.text)
    for one in former.values():
        comments = [row.comment for row in one.chosen.all()]
        text += one.introduction + pasted.pasted(one.source, comments)
    chosen = {title: numbers_of(one) for title, one in former.items()}
    quiet.reprints.all().delete()
    quiet.revise(quiet.title, text)

    found = search()

    assert {older: numbers for (_, older), (_, numbers) in found.items()} == chosen
    assert {newer for newer, _ in found} == {quiet.title}
    assert all(percent >= 99 for percent, _ in found.values())


def numbers_of(reprint):
    return [row.comment.number for row in reprint.chosen.all()]


def test_a_pasted_post_is_found_with_the_comments_quoted_there_in_their_order():
    case = tell()

    (found,) = suggestions.search()

    assert (found.post, found.source) == (case.newer, case.source)
    assert found.evidence.comments == [case.crusts, case.spoon, case.nights]
    assert found.evidence.match.place == 14 + 5 + 3


def test_a_quoted_paragraph_is_not_found():
    make.post("Old", LANTERN, published=OLD)
    second = LANTERN.split("</p>")[1] + "</p>"
    make.post("New", f"<p>As I wrote:</p>{second}<blockquote>{second}</blockquote>", published=NEW)

    assert search() == {}


def test_a_signature_in_every_post_is_not_found():
    signature = "".join(BARGE)
    for day in range(20):
        text = f"<p>High water at {day} o’clock, and a heron.</p>{signature}"
        make.post(f"Day {day}", text, published=OLD + timedelta(days=day))

    assert search() == {}


def test_what_is_a_reprint_already_is_left_alone():
    case = tell()
    make.reprint(case.newer, case.source)

    (found,) = suggestions.search()

    assert Suggestion.objects.put(found) == Suggestion.DECIDED
    assert not Suggestion.objects.exists()


def test_what_only_readers_said_then_makes_no_reprint():
    source = make.post("Old", LANTERN, published=OLD)
    said = make.comment(source, pasted.LONG, at=OLD)
    make.post("New", f"<p>A reader said:</p><p>{said.typed}</p>", published=NEW)

    assert search() == {}


@pytest.mark.parametrize("how", ["draft", "page", "older"])
def test_only_older_public_posts_are_looked_for(how):
    source = make.post("Old", LANTERN, published=OLD)
    values = {"published": OLD if how == "older" else NEW}
    newer = make.post("New", LANTERN, kind="page" if how == "page" else "post", **values)
    if how == "draft":
        newer.unpublish()

    assert search() == {}
    assert source.is_published


def test_each_of_two_posts_pasted_into_one_is_found():
    first = make.post("The lantern", LANTERN, published=OLD)
    second = make.post("The barge", BARGE, published=MIDDLE)
    text = f"<p>Two old ones.</p>{pasted.pasted(second)}<p>And:</p>{pasted.pasted(first)}"
    make.post("Both", text, published=NEW)

    assert search().keys() == {("Both", "The lantern"), ("Both", "The barge")}


def test_a_reprint_of_a_reprint_is_of_both_for_what_each_said_itself():
    first = make.post("The lantern", LANTERN, published=OLD)
    second = make.post("The barge", BARGE + pasted.pasted(first), published=MIDDLE)
    make.post("Third", f"<p>Once more.</p>{pasted.pasted(second, edited=False)}", published=NEW)

    assert search().keys() == {
        ("The barge", "The lantern"),
        ("Third", "The lantern"),
        ("Third", "The barge"),
    }


def test_a_pasted_reprint_does_not_make_the_post_in_between_one():
    first = make.post("The lantern", LANTERN, published=OLD)
    make.post("Between", f"<p>Here it is.</p>{pasted.pasted(first)}", published=MIDDLE)
    make.post("Last", f"<p>And again.</p>{pasted.pasted(first)}", published=NEW)

    assert search().keys() == {("Between", "The lantern"), ("Last", "The lantern")}


def test_a_short_comment_is_known_by_its_name_and_not_among_two_that_say_the_same():
    source = make.post("Old", LANTERN, published=OLD)
    make.comment(source, "I was there.", "Piet", at=OLD)
    wanted = make.comment(source, "I was there.", "Bosun", at=OLD)
    text = pasted.pasted(source)
    make.post("Named", f"{text}<p>Bosun said:</p><p>I was there.</p>", published=NEW)
    make.post("Nameless", f"{text}<p>I was there.</p>", published=NEW)

    assert {newer: numbers for (newer, _), (_, numbers) in search().items()} == {
        "Named": [wanted.number],
        "Nameless": [],
    }


def test_the_authors_own_three_words_are_no_comment():
    source = make.post("Old", LANTERN, published=OLD)
    make.comment(source, "Good night all.", "Piet", at=OLD)
    text = pasted.pasted(source, edited=False)
    make.post("New", f"{text}<p>Good night all.</p>", published=NEW)

    assert search() == {("New", "Old"): (100, [])}


def test_removed_comments_are_not_found():
    case = tell()
    case.spoon.remove(reason=Reason.ABUSE)

    (found,) = suggestions.search()

    assert case.spoon not in found.evidence.comments


def test_a_search_costs_no_more_queries_for_posts_that_share_nothing(django_assert_num_queries):
    tell()
    with django_assert_num_queries(5):
        list(suggestions.search())
    for day, text in enumerate(("Fog.", "Swell.", "Rain, later snow.", "Calm.", "Ice.")):
        make.post(text=f"<p>{text}</p>", published=NEW + timedelta(days=day))

    with django_assert_num_queries(5):
        list(suggestions.search())


# Storing what was found


def test_a_second_search_finds_nothing_new_and_leaves_what_is_decided():
    case = suggested()
    (found,) = suggestions.search()
    assert Suggestion.objects.put(found) == Suggestion.WAITING

    case.suggestion.dismiss()

    assert Suggestion.objects.put(found) == Suggestion.DECIDED
    assert Suggestion.objects.get().state == State.DISMISSED


def test_a_post_taken_out_of_view_meanwhile_is_not_suggested():
    case = tell()
    (found,) = suggestions.search()
    case.source.unpublish()

    assert Suggestion.objects.put(found) == Suggestion.DECIDED
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("state", State.values)
def test_the_question_and_the_queryset_agree(state):
    case = suggested()
    Suggestion.objects.update(state=state)
    case.suggestion.refresh_from_db()

    assert case.suggestion.is_open == Suggestion.objects.open().exists()
