"""Threads: who answers whom, in the order in which it is read."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.models import Comment
from comments.threads import DEEPEST_SHOWN, beside, by_time, chains, flatten, letters, marks, pages


def comment(number, answers=None, by=None, state="published"):
    """Return a comment that is in no database: its id is its number."""
    return Comment(pk=number, number=number, parent_id=answers, commenter_id=by, state=state)


def thread(*parents):
    """Return comments 1, 2, 3 …, each answering the number given in its place, or None."""
    return [comment(number, parent) for number, parent in enumerate(parents, start=1)]


def outline(entries):
    return [(entry.comment.number, entry.depth) for entry in entries]


class Watched:
    """A comment that tells how often it was asked what it answers."""

    visits = Counter()

    def __init__(self, number, answers):
        self.pk = self.number = number
        self._answers = answers
        self.commenter_id = number % 7
        self.is_published, self.is_subjects = True, False

    @property
    def parent_id(self):
        Watched.visits["all"] += 1
        return self._answers


def test_an_answer_stands_below_what_it_answers_and_not_where_it_was_written():
    entries = flatten(thread(None, None, 1, 2, 1))

    assert [entry.comment.number for entry in entries] == [1, 3, 5, 2, 4]


def test_depth_says_how_many_answers_lie_between_a_comment_and_the_post():
    entries = flatten(thread(None, 1, 2, 1, None))

    assert outline(entries) == [(1, 0), (2, 1), (3, 2), (4, 1), (5, 0)]


def test_an_entry_names_the_comment_it_answers():
    entries = flatten(thread(None, 1))

    assert [entry.answers and entry.answers.number for entry in entries] == [None, 1]


def test_a_comment_deeper_than_the_deepest_shown_is_set_in_no_further():
    chain = flatten(thread(*[None, *range(1, DEEPEST_SHOWN + 4)]))

    assert [entry.shown_depth for entry in chain[-4:]] == [DEEPEST_SHOWN] * 4


def test_a_chain_of_5000_answers_is_read_from_first_to_last():
    chain = thread(*[None, *range(1, 5000)])

    assert outline(flatten(chain)) == [(number, number - 1) for number in range(1, 5001)]


@pytest.mark.parametrize(
    "answered",
    [lambda n: n - 1, lambda n: 0, lambda n: n // 2],
    ids=["chain", "flat", "bushy"],
)
def test_the_work_grows_as_the_thread_does_and_no_faster(answered):
    def visits(size):
        Watched.visits.clear()
        flatten([Watched(number, answered(number) or None) for number in range(1, size + 1)])
        return Watched.visits["all"]

    assert visits(3000) < 10 * (visits(300) + 10)


def test_an_answer_to_something_in_an_exchange_begins_a_thread_of_its_own():
    entries = flatten(thread(None, None, 1, 3), apart={1})

    assert outline(entries) == [(2, 0), (3, 0), (4, 1)]


def test_an_answer_to_something_in_an_exchange_still_says_what_it_answers():
    first, second = flatten(thread(None, None, 1), apart={1})

    assert second.answers.number == 1


def test_an_answer_whose_parent_is_not_in_the_thread_begins_one_of_its_own():
    assert outline(flatten([comment(2, answers=1)])) == [(2, 0)]


@st.composite
def forests(draw):
    """Threads of up to 40 comments, of which some stand apart."""
    size = draw(st.integers(0, 40))
    parents = [draw(st.none() | st.integers(1, n)) if n else None for n in range(size)]
    return thread(*parents), draw(st.sets(st.integers(1, size))) if size else set()


@settings(max_examples=60)
@given(forests())
def test_every_comment_that_does_not_stand_apart_is_there_once(forest):
    comments, apart = forest

    shown = Counter(entry.comment.number for entry in flatten(comments, apart))

    assert shown == Counter(one.number for one in comments if one.pk not in apart)


@settings(max_examples=60)
@given(forests())
def test_answers_to_one_comment_stand_in_order_of_number_right_below_it(forest):
    comments, apart = forest
    path = []  # from the post down to the comment before
    siblings = {}

    for entry in flatten(comments, apart):
        del path[entry.depth :]
        assert len(path) == entry.depth
        if path:
            assert entry.comment.parent_id == path[-1]
        key = path[-1] if path else None
        assert siblings.get(key, 0) < entry.comment.number
        siblings[key] = entry.comment.number
        path.append(entry.comment.pk)


def test_who_writes_twice_has_a_mark_and_who_writes_once_has_none():
    entries = flatten([comment(1, by=7), comment(2, by=8), comment(3, by=7)])

    assert [entry.mark for entry in entries] == ["A", "", "A"]


def test_marks_are_given_in_the_order_of_each_first_comment_and_not_of_the_reading():
    # Read in the order 1, 3, 2, 4; 9 spoke before 8 did.
    comments = [comment(1), comment(2, by=9), comment(3, 1, by=8), comment(4, by=9)]
    comments.append(comment(5, by=8))

    assert marks(comments) == {2: "A", 4: "A", 3: "B", 5: "B"}


def test_a_removed_comment_has_no_mark_and_counts_for_none():
    comments = [comment(1, by=7, state="removed"), comment(2, by=7)]

    assert marks(comments) == {}


def test_comments_without_a_known_writer_are_not_taken_for_one_person():
    assert marks([comment(1), comment(2)]) == {}


def test_marks_go_on_after_z():
    assert [letters(place) for place in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA")
    ]


def test_no_two_people_under_one_post_share_a_mark():
    several = [comment(2 * n + turn, by=n) for n in range(1, 801) for turn in (0, 1)]

    given_marks = marks(several)

    assert len(set(given_marks.values())) == 800


# Pages


def turned(comments, most, apart=()):
    """Return the numbers on each page of at most `most`."""
    found = pages(flatten(comments, apart), most)
    return [[entry.comment.number for entry in several] for several in found]


def test_a_conversation_that_no_longer_fits_begins_a_page():
    comments = thread(None, 1, 1, None, 4, 4)

    assert turned(comments, 5) == [[1, 2, 3], [4, 5, 6]]


def test_conversations_share_a_page_as_long_as_they_fit():
    comments = thread(None, 1, None, 3, None)

    assert turned(comments, 4) == [[1, 2, 3, 4], [5]]


@pytest.mark.parametrize(
    "comments, shown",
    [
        (thread(None, 1, 2, 3, 4), [[1, 2, 3], [4, 5]]),
        (thread(None, None, 2, 3, 4, 5), [[1, 2, 3], [4, 5, 6]]),  # cut once, wherever it begins
        (thread(None, None, 2, 3, 4, 5, 6, None), [[1], [2, 3, 4], [5, 6, 7], [8]]),
    ],
)
def test_a_conversation_longer_than_a_page_is_cut_as_rarely_as_can_be(comments, shown):
    assert turned(comments, 3) == shown


def test_what_follows_the_end_of_a_long_conversation_stands_on_the_same_page():
    comments = thread(None, 1, 2, 3, None, None, None)

    assert turned(comments, 3) == [[1, 2, 3], [4, 5, 6], [7]]


def test_a_thread_of_nothing_has_no_page():
    assert turned([], 3) == []


@settings(max_examples=100)
@given(forests(), st.integers(1, 12), st.booleans())
def test_every_comment_is_on_one_page_in_order_and_no_page_is_too_long(forest, most, in_time):
    entries = flatten(*forest)
    entries = by_time(entries) if in_time else entries

    found = pages(entries, most)

    assert [entry for several in found for entry in several] == entries
    assert all(1 <= len(several) <= most for several in found)
    # No page is left half empty for nothing: what the next begins with did not fit.
    for several, following in zip(found, found[1:], strict=False):
        assert len(several) + len(following) > most


@settings(max_examples=100)
@given(forests(), st.integers(1, 12))
def test_what_is_answered_stands_before_its_answer_and_on_its_page_if_that_can_be(forest, most):
    entries = flatten(*forest)
    page_of = {
        entry.comment.pk: (number, place)
        for number, several in enumerate(pages(entries, most))
        for place, entry in enumerate(several)
    }
    sizes = Counter()
    first = None
    beginning = {}
    for entry in entries:
        first = first if entry.depth else entry.comment.pk
        beginning[entry.comment.pk] = first
        sizes[first] += 1

    for entry in entries:
        pk, parent = entry.comment.pk, entry.comment.parent_id
        if parent in page_of:
            assert page_of[parent] < page_of[pk]
        if sizes[beginning[pk]] <= most:
            assert page_of[pk][0] == page_of[beginning[pk]][0]


def test_in_order_of_time_nothing_is_set_in_and_each_says_what_it_answers():
    entries = by_time(flatten(thread(None, None, 1, 2)))

    assert outline(entries) == [(1, 0), (2, 0), (3, 0), (4, 0)]
    assert [entry.answers and entry.answers.number for entry in entries] == [None, None, 1, 2]


def test_marks_are_the_same_in_both_orders():
    comments = [comment(1), comment(2, by=9), comment(3, 1, by=8), comment(4, by=9)]
    comments.append(comment(5, by=8))
    entries = flatten(comments)

    def of(several):
        return {entry.comment.number: entry.mark for entry in several}

    assert of(entries) == of(by_time(entries)) == {1: "", 2: "A", 4: "A", 3: "B", 5: "B"}


def test_one_knows_who_stands_before_and_after_in_the_same_chain():
    first, second, third, alone = (comment(1, by=7), comment(3, by=7), comment(2, by=7), comment(4))

    found = chains([first, second, third, alone], lambda one: one.commenter_id)

    assert found == {7: [first, second, third]}
    assert beside(found[7]) == {1: (None, second), 3: (first, third), 2: (second, None)}
