"""`manage.py worker`: the process beside the web server that does what takes time or must wait."""

import logging
import signal
import threading
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.db.utils import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

import comments.tasks
import posts.tasks

logger = logging.getLogger("worker")

TICKS = [posts.tasks.tick, comments.tasks.tick]
A_SECOND, A_MINUTE = 1, 60
ABANDONED_AFTER = timedelta(minutes=10)


class Command(BaseCommand):
    help = "Does queued work as it comes, and once a minute what has become due."

    def add_arguments(self, parser):
        parser.add_argument(
            "--once", action="store_true", help="one tick and the work that is queued, then stop"
        )

    def handle(self, *, once, **options):
        if once:
            attempt(tick)
            attempt(work)
            return
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        # Beside each other: a mail server that takes its time must not hold up a scheduled post.
        minute = threading.Thread(target=repeat, args=(tick, A_MINUTE, stopped), daemon=True)
        minute.start()
        repeat(work, A_SECOND, stopped)
        minute.join(A_MINUTE / 6)


def repeat(job, pause, stopped):
    """Do `job` again and again, with `pause` seconds between, until `stopped` (an Event) is set."""
    while not stopped.is_set():
        attempt(job)
        stopped.wait(pause)


def attempt(job):
    """Do `job`; where the database is away, the work waits in it, and so does the worker."""
    close_old_connections()
    try:
        job()
    except DatabaseError:
        logger.exception("The database did not answer; trying again.")


def tick():
    """Do once what has become due. A part that fails leaves the other parts alone."""
    give_back_abandoned()
    for part in TICKS:
        try:
            part()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("%s.%s failed", part.__module__, part.__name__)


def work():
    """Do what is queued, and send the letters that are due."""
    drain()
    comments.tasks.send_due_letters()


def give_back_abandoned():
    """Queue again the tasks whose worker died over them; each can be done twice without harm."""
    DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - ABANDONED_AFTER).update(
        status="READY", started_at=None
    )


def drain():
    """Do what is queued until nothing is left."""
    Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="worker",
    ).run()
