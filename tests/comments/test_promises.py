"""The promise: days to acknowledge and to decide, counted by the local calendar."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from comments import promises
from comments.promises import ACKNOWLEDGE, DECIDE

BLOG = SimpleNamespace(acknowledge_days=7, decide_days=21)
ASKED = datetime(2019, 3, 4, 12, tzinfo=UTC)
DAY = date(2019, 3, 4)


def promise(days_later, acknowledged=False):
    today = DAY + timedelta(days=days_later)
    return promises.given(ASKED, BLOG, ASKED if acknowledged else None, today)


def test_the_days_come_from_the_blogs_settings():
    made = promise(0)

    assert (made.acknowledge_by, made.decide_by) == (date(2019, 3, 11), date(2019, 3, 25))


def test_a_day_is_one_of_the_authors_calendar():
    late = datetime(2019, 7, 4, 23, 30, tzinfo=UTC)  # in London it is the 5th

    assert promises.given(late, BLOG).acknowledge_by == date(2019, 7, 12)


@pytest.mark.parametrize(
    ("days_later", "acknowledged", "due", "left"),
    [
        (0, False, ACKNOWLEDGE, "7 days left"),
        (6, False, ACKNOWLEDGE, "1 day left"),
        (7, False, ACKNOWLEDGE, "due today"),
        (8, False, ACKNOWLEDGE, "overdue by 1 day"),
        (10, False, ACKNOWLEDGE, "overdue by 3 days"),
        (8, True, DECIDE, "13 days left"),
        (21, True, DECIDE, "due today"),
        (23, True, DECIDE, "overdue by 2 days"),
        (23, False, DECIDE, "overdue by 2 days"),
    ],
)
def test_what_is_due_next_and_how_many_days_are_left(days_later, acknowledged, due, left):
    made = promise(days_later, acknowledged)

    assert (made.due, made.left) == (due, left)
    assert made.is_overdue is left.startswith("overdue")


def test_the_clock_begins_again_at_the_last_of_several_moments():
    later = ASKED + timedelta(days=3)

    assert promises.counted_from(ASKED, None, later) == later
    assert promises.counted_from(ASKED, None) == ASKED


@pytest.mark.parametrize(
    ("asked_after_days", "still"), [(None, False), (-1, False), (0, True), (1, True)]
)
def test_the_clock_stands_still_while_they_are_asked(asked_after_days, still):
    asked = None if asked_after_days is None else ASKED + timedelta(days=asked_after_days)

    assert promises.stands_still(asked, ASKED) is still
