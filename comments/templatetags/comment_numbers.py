"""`{{ comment.shown|numbers:address }}`: "#37" in a comment leads to comment 37 under its post."""

from django import template

from blogsite import html

register = template.Library()


@register.filter
def numbers(shown, address=""):
    """Return what is shown of a comment with numbers made links; `address` is its post's page.

    It is "" on that page itself.
    """
    return html.with_numbers(shown, address)
