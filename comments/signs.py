"""By what a pasted text is known: the title and date above a post, the name at a comment.

Needs no database.
"""

from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.formats import date_format

from posts.blocks import numbers

DATE_PARTS = ("j", "jS", "d", "F", "M", "N", "n", "m", "Y", "y", "l", "D", "G", "H", "g", "i", "A")
AROUND_A_TITLE = numbers(
    "first published originally posted written from on at of the in by it was am pm st nd rd th"
)
AROUND_A_NAME = numbers(
    "said says wrote writes comment commented reader no nr number from on at by of the am pm"
)


@dataclass
class Sign:
    """Words by which a title or a name is known above what it belongs to.

    `needed` are lists of words, one of which must be there whole; with the `allowed` words around.
    """

    needed: list
    allowed: set

    def is_in(self, words):
        found = set(words)
        return any(one and found.issuperset(one) for one in self.needed) and found <= self.allowed


def of_title(title, at):
    """Return the Sign of an older post: its title, or its date, or both."""
    dates, whole = _dates(at)
    titled = set(numbers(title))
    return Sign([titled, whole], titled | dates | set(AROUND_A_TITLE))


def of_name(comment):
    """Return the Sign of a comment: its writer's name, with its number, day and hour."""
    dates, whole = _dates(comment.written_at)
    name = set(numbers(comment.display_name))
    number = set(numbers(str(comment.number)))
    return Sign([name], name | number | dates | set(AROUND_A_NAME))


def _dates(at):
    """Return all words that may write the moment, and those that must be there for its day."""
    local = timezone.localtime(at)
    words = set()
    with translation.override("en"):
        parts = [date_format(local, part) for part in DATE_PARTS]
        whole = {*numbers(date_format(local, "j")), *numbers(date_format(local, "F"))}
        whole |= set(numbers(date_format(local, "Y")))
    parts += [date_format(local, part) for part in DATE_PARTS]
    for part in parts:
        words.update(numbers(part))
    return words, whole
