"""`manage.py serve`: migrate, then run the web server and the worker until told to stop."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import get_random_string

from posts.models import Post

PR_SET_PDEATHSIG = 1
THREADS = 4
"""Requests that are worked on at once; each has a database connection of its own."""


class Command(BaseCommand):
    help = "Brings the database up to date, then runs the web server and the worker."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=1, help="web server processes")
        parser.add_argument(
            "--demonstration",
            action="store_true",
            help="fill an empty database with the demonstration blog, and make a login",
        )

    def handle(self, *, host, port, workers, demonstration, **options):
        check_free(host, port)
        call_command("migrate", verbosity=0)
        if static_is_stale():
            self.stdout.write("Collecting the static files …")
            call_command("collectstatic", interactive=False, verbosity=0)
        if demonstration and not Post.objects.exists() and not get_user_model().objects.exists():
            self.stdout.write("Filling the demonstration blog …")
            call_command("demonstration")
        password = make_login() if demonstration else None
        self.stdout.write(f"\nThe blog is at  http://{host}:{port}/")
        self.stdout.write(f"The desk is at  http://{host}:{port}/admin/")
        if password:
            self.stdout.write(f"Sign in as  author  with the password  {password}")
            self.stdout.write("(shown this once; `manage.py changepassword author` sets another)")
        self.stdout.write("Ctrl-C stops it.\n")
        self.stdout.flush()
        # The site's own address is made of it, where SITE_URL is not set: in letters, for one.
        os.environ["PORT"] = str(port)
        sys.exit(run(web(host, port, workers), worker()))


def check_free(host, port):
    """Raise CommandError where somebody is listening already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Nothing can listen on {host}:{port} ({error.strerror}). "
                "Another port: make run PORT=8001"
            ) from None


def static_is_stale():
    """Say whether the static files were never collected, or have changed since."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.exists():
        return True
    made = manifest.stat().st_mtime
    named = json.loads(manifest.read_text())["paths"]
    return any(
        path not in named or Path(storage.path(path)).stat().st_mtime > made
        for finder in get_finders()
        for path, storage in finder.list([])
    )


def make_login():
    """Make the author's login where nobody can sign in yet; return its password, or None."""
    users = get_user_model().objects
    if any(user.has_usable_password() for user in users.filter(is_active=True)):
        return None
    password = get_random_string(16)
    author, _ = users.get_or_create(username="author")
    author.is_staff = author.is_superuser = True
    author.set_password(password)
    author.save()
    return password


def web(host, port, workers):
    """Return the command line of the web server.

    Its access log stays off: readers' addresses are not written anywhere.
    """
    return [
        *(sys.executable, "-m", "granian", "blogsite.wsgi:application"),
        *("--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--workers", str(workers), "--blocking-threads", str(THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning"),
    ]


def worker():
    """Return the command line of the worker."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]


def run(*commands):
    """Run the commands side by side, starting again what dies, until told to stop. Returns 0.

    A command that dies a third time soon after the first ends everything: returns its exit code.
    """
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "blogsite.settings"}

    def start(command):
        # A session of its own: Ctrl-C in a terminal reaches us alone, and we stop them in order.
        return subprocess.Popen(  # noqa: S603 - our own programs
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - before any thread is started
        )

    running = {tuple(command): start(command) for command in commands}
    deaths = dict.fromkeys(running, 0)
    code = 0
    while not stopped.wait(1) and not code:
        for command, process in running.items():
            if process.poll() is None:
                deaths[command] = max(0, deaths[command] - 0.1)
            elif deaths[command] >= 2:
                code = process.returncode or 1
            else:
                deaths[command] += 1
                running[command] = start(command)
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    return code


def end_with_parent():
    """Let the kernel stop this process should its parent be killed, where it is Linux (prctl(2)).

    Otherwise a killed `serve` would leave the web server behind, and the port taken.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
