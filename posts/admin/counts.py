"""Counts beside posts, as subqueries: they are made for the posts of one page alone."""

from django.db.models import Count, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from comments.models import Comment
from posts.models import ViewDay


def comments(**which):
    """Return the expression for how many comments of the post are as `which` says."""
    rows = Comment.objects.filter(post=OuterRef("pk"), **which).order_by().values("post")
    return _number(rows.annotate(number=Count("pk")))


def views():
    """Return the expression for all views of the post."""
    rows = ViewDay.objects.filter(post=OuterRef("pk")).order_by().values("post")
    return _number(rows.annotate(number=Sum("count")))


def _number(rows):
    return Coalesce(Subquery(rows.values("number"), output_field=IntegerField()), 0)
