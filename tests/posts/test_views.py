"""Counting views: every one, once, whoever else counts at the same moment."""

from datetime import UTC, date, datetime

import pytest

from posts.models import ViewDay, ViewLeftOut
from tests import make
from tests.threads import together

DAY = date(2019, 3, 4)


@pytest.mark.django_db(transaction=True)
def test_views_counted_by_eight_threads_at_once_are_all_there():
    post = make.post()

    def fifty(_):
        for _ in range(50):
            ViewDay.objects.add_one(post=post, day=DAY)

    together(8, fifty)

    assert list(ViewDay.objects.values_list("day", "count")) == [(DAY, 400)]


@pytest.mark.django_db
def test_each_reason_to_leave_a_request_out_has_its_own_count():
    post = make.post()
    for reason in ("crawler", "crawler", "author"):
        ViewLeftOut.objects.add_one(post=post, day=DAY, reason=reason)

    counts = dict(ViewLeftOut.objects.values_list("reason", "count"))

    assert counts == {"crawler": 2, "author": 1}


@pytest.mark.django_db
def test_total_goes_up_to_the_local_day_of_the_moment():
    post = make.post()
    make.views(post, {date(2019, 7, 31): 1, date(2019, 8, 1): 10, date(2019, 8, 2): 100})

    # 23:30 UTC on 31 July is 00:30 on 1 August in London.
    moment = datetime(2019, 7, 31, 23, 30, tzinfo=UTC)

    assert ViewDay.objects.total(post.pk, until=moment) == 11


@pytest.mark.django_db
def test_totals_are_one_query_and_name_posts_without_views():
    seen, unseen = make.post(), make.post()
    make.views(seen, {date(2019, 8, 1): 3, date(2019, 8, 2): 4})

    assert ViewDay.objects.totals([seen.pk, unseen.pk]) == {seen.pk: 7, unseen.pk: 0}
