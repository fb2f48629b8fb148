"""The desk's first page: what waits, the latest posts, the drafts, at a fixed price."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.models import Complaint, Letter
from tests import make
from tests.desk import page_of, staff

pytestmark = pytest.mark.django_db

DESK = reverse("admin:index")


def one_of_each():
    """Let one thing of each kind wait for the author; return the things."""
    post = make.post()
    held = make.comment(post, "Let me in.", state="held")
    right = make.right(post)
    make.tell(right)
    reply = right.receive("It was not me.")
    asked = right.requests.create(wrong="All of it.")
    untold = make.right(post, make.subject("Piet", ""))
    complaint = Complaint.objects.create(post=post, reason="law", words="Me.", law=True)
    letter = Letter.objects.write(f"a letter {post.pk}", "a@example.com", "Hello", "Text")
    Letter.objects.filter(pk=letter.pk).update(state="failed")
    return [held, reply, asked, untold, complaint, letter]


def address_of(thing):
    """Return where a thing is decided: a subject's reply on a page of its own."""
    if getattr(thing, "is_subjects", False):
        return reverse("admin:comments_comment_reply", args=[thing.pk])
    return page_of(thing)


def test_everything_that_waits_is_one_click_away(desk):
    things = one_of_each()

    answer = desk.get(DESK)
    page = answer.content.decode()

    assert [one.total for one in answer.context["waiting"]] == [3, 1, 1, 1]
    for thing in things:
        assert f'href="{address_of(thing)}"' in page
    subjects, *others = answer.context["waiting"]
    assert desk.get(subjects.address).context["total"] == 3
    for one in others:
        assert desk.get(one.address).context["cl"].result_count == 1


def test_the_oldest_few_held_comments_are_named_and_all_are_counted(desk):
    post = make.post()
    now = timezone.now()
    for hours in range(7):
        make.comment(post, f"Held {hours}.", state="held", at=now - timedelta(hours=hours))

    (held,) = desk.get(DESK).context["waiting"]

    assert held.total == 7
    assert [row.words for row in held.rows] == [f"Anonymous: Held {n}." for n in (6, 5, 4, 3, 2)]


def test_a_complaint_that_means_the_law_says_until_when(desk):
    complaint = Complaint.objects.create(post=make.post(), reason="law", words="Me.", law=True)

    (one,) = desk.get(DESK).context["waiting"]

    assert one.rows[0].until == complaint.made_at + timedelta(hours=48)


def test_nothing_waits_on_a_new_blog(desk):
    assert "Nothing. You are free to write." in desk.get(DESK).content.decode()


def test_the_latest_posts_have_their_views_and_comments(desk):
    post = make.post("Counted")
    make.views(post, {date(2019, 3, 4): 590, date(2019, 3, 5): 5})
    make.comment(post)
    make.comment(post)
    make.comment(post, state="held")

    (row,) = desk.get(DESK).context["latest"]

    assert (row.views, row.comments_published, row.comments_held) == (595, 2, 1)


def test_the_whole_blog_has_its_total_of_views_and_comments(desk):
    for count in (1000, 595):
        post = make.post()
        make.views(post, {date(2019, 3, 4): count})
        make.comment(post)
    make.comment(post, state="held")

    page = desk.get(DESK)

    assert page.context["totals"] == {"views": 1595, "comments": 2}
    assert "1,595" in page.content.decode()


def test_the_next_scheduled_post_stands_above_the_drafts(desk):
    draft = make.post("A draft", published=None)
    later = make.post("Later", scheduled=timezone.now() + timedelta(days=2))
    sooner = make.post("Sooner", scheduled=timezone.now() + timedelta(days=1))

    assert desk.get(DESK).context["unfinished"] == [sooner, later, draft]


def test_the_desk_costs_the_same_however_much_waits(desk, django_assert_num_queries):
    one_of_each()
    make.post(published=None)
    with CaptureQueriesContext(connection) as few:
        desk.get(DESK)

    for _ in range(8):
        one_of_each()
        make.post(published=None)

    with django_assert_num_queries(len(few)):
        desk.get(DESK)


def test_staff_see_what_they_may_decide_and_no_more(client):
    _held, reply, *_others = one_of_each()
    make.post("Secret draft", published=None)
    client.force_login(staff("view_comment"))

    answer = client.get(DESK)

    assert [one.name for one in answer.context["waiting"]] == ["subjects", "held"]
    assert [row.address for row in answer.context["waiting"][0].rows] == [address_of(reply)]
    assert "Secret draft" not in answer.content.decode()


def test_the_queue_of_tasks_is_out_of_sight(desk):
    assert "Task" not in desk.get(DESK).content.decode()
