"""Counts beside posts: as subqueries for the posts of one page, and in full for one post."""

from datetime import timedelta

from django.db.models import Count, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments.models import Comment
from posts.models import ViewDay, ViewLeftOut

DAYS = 30


def comments(**which):
    """Return the expression for how many comments of the post are as `which` says."""
    rows = Comment.objects.filter(post=OuterRef("pk"), **which).order_by().values("post")
    return number_of(rows.annotate(number=Count("pk")))


def views():
    """Return the expression for all views of the post."""
    rows = ViewDay.objects.filter(post=OuterRef("pk")).order_by().values("post")
    return number_of(rows.annotate(number=Sum("count")))


def by_day(post):
    """Return [(day, views)] of the last 30 days, today first; a day without a view has 0."""
    days = [timezone.localdate() - timedelta(days=ago) for ago in range(DAYS)]
    views = dict(post.view_days.filter(day__gte=days[-1]).values_list("day", "count"))
    return [(day, views.get(day, 0)) for day in days]


def left_out(post):
    """Return [(reason in words, requests)]: what was not counted as a view, and why not."""
    words = dict(ViewLeftOut.Reason.choices)
    rows = post.views_left_out.order_by().values_list("reason").annotate(number=Sum("count"))
    return [(words.get(reason, reason), number) for reason, number in rows.order_by("-number")]


def number_of(rows):
    """Return the expression for the `number` of the one row that `rows` has, or 0 without any."""
    return Coalesce(Subquery(rows.values("number"), output_field=IntegerField()), 0)
