"""Where comments stand, in templates: "#37" in a comment leads to comment 37 under its post.

`at` is a ThreadPage on the post's own page; elsewhere it is the address of the post.
"""

from functools import partial

from django import template

from blogsite import html
from comments import thread_pages

register = template.Library()


@register.filter
def numbers(shown, at):
    """`{{ comment.shown|numbers:at }}`: return what is shown with its numbers made links."""
    link = partial(thread_pages.by_number, at) if isinstance(at, str) else at.link
    return html.with_numbers(shown, link)


@register.filter
def place(at, number):
    """`{{ at|place:37 }}`: return where comment 37 stands, for a link on this page."""
    return at.link(number)


@register.filter
def entry(at, comment):
    """`{{ at|entry:comment }}`: return the Entry of a comment that stands above the thread."""
    return at.above.get(comment.pk)
