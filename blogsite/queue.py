"""Background work: the decorator for queued tasks, and how the parts of a tick are done."""

import logging

from django.db import InterfaceError, OperationalError

try:  # Django 6 has it built in, before that a package brings it
    from django.tasks import task
except ImportError:
    from django_tasks import task

__all__ = ["one_by_one", "task"]

logger = logging.getLogger(__name__)


def one_by_one(verb):
    """Call `verb`, a bound method; what goes wrong is logged and leaves the other things alone.

    A database that is away is not about one thing, and is passed on.
    """
    try:
        verb()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        thing = verb.__self__
        logger.exception("%s %s: %s failed", type(thing).__name__, thing.pk, verb.__name__)
