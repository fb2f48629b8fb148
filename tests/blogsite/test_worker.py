"""The worker: what is due is done, once, whoever else does it and whenever it is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

import comments.tasks
from blogsite.management.commands import worker
from comments.models import Act, Letter, RightOfReply
from posts.models import Post
from tests import make
from tests.threads import together

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds that a process may take on a busy machine


@pytest.fixture
def due():
    """A scheduled post whose moment has come; it reprints another, and is about somebody."""
    make.blog(author_email="")
    post = make.post(scheduled=timezone.now() - timedelta(minutes=1))
    make.reprint(post, make.post(published=timezone.now() - timedelta(days=9)))
    make.right(post)
    return post


def work():
    call_command("worker", once=True)


# One tick


@pytest.mark.django_db
def test_a_post_whose_moment_has_come_is_published_and_its_figures_freeze(due):
    worker.tick()

    due.refresh_from_db()
    assert due.is_published
    assert due.reprints.get().figure == 0


@pytest.mark.django_db
def test_a_post_is_not_published_before_its_moment():
    post = make.post(scheduled=timezone.now() + timedelta(minutes=1))

    worker.tick()

    post.refresh_from_db()
    assert post.is_scheduled


@pytest.mark.django_db(transaction=True)
def test_whom_a_due_post_is_about_is_told_in_the_same_tick(due):
    work()

    assert [message.to for message in mail.outbox] == [["maud@example.com"]]


@pytest.mark.django_db(transaction=True)
def test_a_second_tick_does_nothing_again(due):
    work()
    first = Post.objects.get(pk=due.pk)

    work()

    again = Post.objects.get(pk=due.pk)
    assert (again.published_at, again.revisions.count()) == (first.published_at, 1)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_ticks_of_several_workers_at_once_publish_once_and_tell_once(due):
    together(4, lambda _: work())

    due.refresh_from_db()
    assert due.is_published
    assert due.revisions.count() == 1
    assert Act.objects.filter(verb="tell").count() == Letter.objects.count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_all_that_is_due_and_queued_once():
    posts = [make.post(scheduled=timezone.now()) for _ in range(5)]
    for number, post in enumerate(posts):
        make.right(post, make.subject(email=f"reader{number}@example.com"))

    together(3, lambda _: work())

    assert Post.objects.published().count() == 5
    assert sorted(message.to[0] for message in mail.outbox) == [
        f"reader{number}@example.com" for number in range(5)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_was_queued_is_sent_and_its_task_is_done():
    letter = Letter.objects.write("a test", "maud@example.com", "Subject", "Body")

    worker.drain()

    letter.refresh_from_db()
    assert letter.state == Letter.State.SENT
    assert not DBTaskResult.objects.ready().exists()


# What fails


@pytest.mark.django_db
def test_a_part_of_the_tick_that_fails_leaves_the_other_parts_alone(monkeypatch, due):
    def broken():
        raise RuntimeError("the keel is off")

    monkeypatch.setattr(worker, "TICKS", [broken, *worker.TICKS])

    worker.tick()

    due.refresh_from_db()
    assert due.is_published
    assert Letter.objects.count() == 1


@pytest.mark.django_db
def test_a_post_that_cannot_be_published_holds_up_no_other(monkeypatch, caplog):
    past = timezone.now() - timedelta(minutes=1)
    first, second = (make.post(scheduled=past) for _ in range(2))
    publish = Post.publish_if_due

    def falls_over_one(post):
        if post == first:
            raise RuntimeError("The ink ran out.")
        publish(post)

    monkeypatch.setattr(Post, "publish_if_due", falls_over_one)
    worker.tick()

    assert Post.objects.get(pk=second.pk).is_published
    assert f"Post {first.pk}" in caplog.text
    assert "The ink ran out." in caplog.text


@pytest.mark.django_db
def test_a_part_of_the_tick_that_fails_is_told_of_in_the_log(monkeypatch, caplog):
    def broken():
        raise RuntimeError("the keel is off")

    monkeypatch.setattr(worker, "TICKS", [broken])

    worker.tick()

    assert "the keel is off" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_database_is_away_waits_and_does_not_die(monkeypatch, caplog):
    def away():
        raise OperationalError("no harbour in sight")

    monkeypatch.setattr(worker, "TICKS", [away])

    work()

    assert "The database did not answer" in caplog.text


class AwayBackend(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody at the quay")


@pytest.fixture
def away(settings):
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_away_holds_up_the_letter_and_nothing_else(away, due):
    work()

    letter = Letter.objects.get()
    assert Post.objects.get(pk=due.pk).is_published
    assert (letter.state, letter.tries) == (Letter.State.WAITING, 1)
    assert letter.next_try_at > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_was_held_up_is_sent_by_the_first_tick_after_its_wait(away, due, settings):
    work()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    work()
    before = len(mail.outbox)
    Letter.objects.update(next_try_at=timezone.now())
    work()

    assert (before, len(mail.outbox)) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_task_that_fails_does_not_keep_the_next_one_from_being_done(monkeypatch):
    def broken(self):
        if self.subject == "Broken":
            raise RuntimeError("the keel is off")
        Letter.objects.filter(pk=self.pk).update(state=Letter.State.SENT)

    monkeypatch.setattr(Letter, "send", broken)
    for subject in ("Broken", "Whole"):
        Letter.objects.write(subject, "maud@example.com", subject, "Body")

    worker.drain()

    assert Letter.objects.get(subject="Whole").state == Letter.State.SENT


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_takes_its_time_holds_up_no_scheduled_post(monkeypatch):
    make.blog()
    at_sea, ashore = threading.Event(), threading.Event()

    def slow(letter):
        at_sea.set()
        assert ashore.wait(PATIENCE)

    monkeypatch.setattr(Letter, "send", slow)
    Letter.objects.write("a test", "maud@example.com", "Subject", "Body")
    stopped = threading.Event()
    threads = [
        threading.Thread(target=worker.repeat, args=(job, 0.05, stopped))
        for job in (worker.tick, worker.work)
    ]
    for thread in threads:
        thread.start()
    assert at_sea.wait(PATIENCE)
    post = make.post(scheduled=timezone.now())
    end = time.monotonic() + PATIENCE
    while not Post.objects.get(pk=post.pk).is_published and time.monotonic() < end:
        time.sleep(0.05)
    published = Post.objects.get(pk=post.pk).is_published
    stopped.set()
    ashore.set()
    for thread in threads:
        thread.join(PATIENCE)

    assert published


# What was left lying


def leave_running(since):
    """Queue a letter's task and leave it as a worker does that dies over it."""
    make.blog()
    letter = Letter.objects.write("a test", "maud@example.com", "Subject", "Body")
    DBTaskResult.objects.update(status="RUNNING", started_at=since, worker_ids=["a dead one"])
    return letter


@pytest.mark.django_db(transaction=True)
def test_a_task_whose_worker_died_is_done_by_another(monkeypatch):
    leave_running(timezone.now() - timedelta(minutes=11))
    monkeypatch.setattr(comments.tasks, "send_due_letters", lambda: None)

    work()

    assert len(mail.outbox) == 1
    assert not DBTaskResult.objects.running().exists()


@pytest.mark.django_db(transaction=True)
def test_a_task_that_another_worker_is_at_is_left_to_it(monkeypatch):
    leave_running(timezone.now() - timedelta(minutes=1))
    monkeypatch.setattr(comments.tasks, "send_due_letters", lambda: None)

    work()

    assert (len(mail.outbox), DBTaskResult.objects.running().count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_letter_whose_task_was_lost_is_sent_all_the_same():
    leave_running(timezone.now())
    DBTaskResult.objects.all().delete()

    work()

    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_task_for_a_letter_that_is_no_more_does_nothing():
    comments.tasks.send_letter.call(letter_id=999)

    assert mail.outbox == []


# Killed


START = """
import os, signal, sys
import django
django.setup()
from django.core.management import execute_from_command_line
from blogsite.management.commands import worker
from comments.models import Act, Letter
from posts.models import Post

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

{where}
execute_from_command_line(["manage.py", "worker"])
"""
DEATHS = {
    "over publishing": "Post._saved = die",
    "between publishing and telling": "worker.TICKS[1] = die",
    "over the letter, before it was kept": "Act.record = die",
    "before the letter was sent": "Letter.send = die",
}


@pytest.fixture
def environment(tmp_path):
    """What a process needs to work on this test's database, with its mail written to files."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "blogsite.settings",
        "DATABASE_URL": url,
        "DATA_DIR": str(tmp_path),
        "EMAIL_URL": "",
    }


def start(environment, *command):
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=HOUSE,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(true, process):
    """Wait until `true()`, while the process lives."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_moment_leaves_nothing_undone_and_nothing_done_twice(
    due, environment, tmp_path
):
    for where in DEATHS.values():
        process = start(environment, "-c", START.format(where=where))
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == -signal.SIGKILL, said
    published_at = Post.objects.get(pk=due.pk).published_at

    process = start(environment, "manage.py", "worker")
    try:
        done = Letter.objects.filter(state=Letter.State.SENT)
        wait_until(lambda: done.exists() and not DBTaskResult.objects.ready().exists(), process)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)

    due.refresh_from_db()
    (letter,) = (tmp_path / "mail").iterdir()
    assert letter.read_text().count("\nTo: maud@example.com\n") == 1
    assert due.published_at == published_at
    assert due.revisions.count() == 1
    assert RightOfReply.objects.get().told_at
    assert Act.objects.filter(verb="tell").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_stops_in_order(environment, due):
    process = start(environment, "manage.py", "worker")
    try:
        wait_until(lambda: Letter.objects.filter(state="sent").exists(), process)
    finally:
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0
    assert "Traceback" not in said


# A mail server that takes its time


class SlowBackend(BaseEmailBackend):
    """A mail server that has not answered yet: not before `answered` is set."""

    called, answered = threading.Event(), threading.Event()

    def send_messages(self, messages):
        self.called.set()
        self.answered.wait(PATIENCE)
        return len(messages)


@pytest.mark.django_db(transaction=True)
def test_a_slow_mail_server_keeps_nobody_from_writing(settings):
    settings.EMAIL_BACKEND = f"{__name__}.SlowBackend"
    letter = Letter.objects.write("a test", "maud@example.com", "Subject", "Body")
    post = make.post(comment_policy="open")

    def send_or_write(n):
        if n == 0:
            letter.send()
            return None
        SlowBackend.called.wait(PATIENCE)
        try:
            make.comment(post)
            return Letter.objects.get().state
        finally:
            SlowBackend.answered.set()

    _, state_while_writing = together(2, send_or_write)

    assert state_while_writing == Letter.State.WAITING
    assert Letter.objects.get().state == Letter.State.SENT
