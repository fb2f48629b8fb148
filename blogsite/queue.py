"""The queue of background work: Django 6 has it built in, before that a package brings it."""

try:
    from django.tasks import task
except ImportError:
    from django_tasks import task

__all__ = ["task"]
