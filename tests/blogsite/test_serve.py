"""`manage.py serve`: the web server and the worker, side by side, from the first start on."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management.base import CommandError

from blogsite.management.commands import serve
from tests.serving import HOUSE, PATIENCE, Server, free_port


@pytest.fixture
def taken():
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


# The port


def test_a_taken_port_is_refused_in_words_that_name_it_and_a_way_out(taken):
    with pytest.raises(CommandError) as refused:
        serve.check_free("127.0.0.1", taken)

    assert f"127.0.0.1:{taken}" in str(refused.value)
    assert "PORT=" in str(refused.value)


def test_a_free_port_is_not_refused():
    assert serve.check_free("127.0.0.1", free_port()) is None


def test_a_host_that_is_not_this_machines_is_refused():
    with pytest.raises(CommandError):
        serve.check_free("192.0.2.1", free_port())


# The static files


@pytest.fixture
def collected(settings, tmp_path):
    """Static files as if they had just been collected: the manifest's path."""
    settings.STATIC_ROOT = tmp_path
    paths = [path for finder in get_finders() for path, _ in finder.list([])]
    manifest = tmp_path / "staticfiles.json"
    manifest.write_text(json.dumps({"paths": {path: path for path in paths}}))
    return manifest


def test_static_files_that_were_never_collected_are_stale(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path

    assert serve.static_is_stale()


def test_static_files_that_were_just_collected_are_not_stale(collected):
    assert not serve.static_is_stale()


def test_static_files_are_stale_when_one_has_changed_since(collected):
    os.utime(collected, (0, 0))

    assert serve.static_is_stale()


def test_static_files_are_stale_when_there_is_a_new_one(collected):
    paths = json.loads(collected.read_text())["paths"]
    del paths["blog.css"]
    collected.write_text(json.dumps({"paths": paths}))

    assert serve.static_is_stale()


# The login


@pytest.mark.django_db
def test_on_a_new_site_a_login_is_made_that_opens_the_desk():
    password = serve.make_login()

    author = authenticate(username="author", password=password)
    assert author.is_staff
    assert author.is_superuser


@pytest.mark.django_db
def test_a_password_is_shown_once():
    serve.make_login()

    assert serve.make_login() is None


@pytest.mark.django_db
def test_no_login_is_made_where_somebody_can_sign_in():
    get_user_model().objects.create_user("ines", password="tide tables")

    assert serve.make_login() is None
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db
def test_an_author_without_a_password_gets_one():
    author = get_user_model().objects.create_user("author")

    assert authenticate(username="author", password=serve.make_login()) == author


@pytest.mark.django_db
def test_two_sites_get_two_passwords():
    first = serve.make_login()
    get_user_model().objects.all().delete()

    assert serve.make_login() != first


# Side by side


@pytest.fixture
def signals():
    """`run()` listens to signals; afterwards they mean again what they meant."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def program(tmp_path, name, code):
    """Return the command line of a program that notes each of its starts, then does `code`."""
    note = f"import os; open({str(tmp_path / name)!r}, 'a').write(f'{{os.getpid()}}\\n');"
    return [sys.executable, "-c", note + code]


def starts(tmp_path, name):
    """Return the ids of the processes that `name` was."""
    note = tmp_path / name
    return [int(line) for line in note.read_text().split()] if note.exists() else []


def lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def stop_once(true):
    """Send this process SIGTERM as soon as `true()`."""

    def watch():
        while not true():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


SLEEP = "import time; time.sleep(600)"


def test_a_program_that_dies_over_and_over_ends_everything_with_its_code(signals, tmp_path):
    code = serve.run(
        program(tmp_path, "broken", "raise SystemExit(3)"), program(tmp_path, "whole", SLEEP)
    )

    assert code == 3
    assert [lives(process) for process in starts(tmp_path, "whole")] == [False]


def test_a_program_that_dies_once_is_started_again(signals, tmp_path):
    once = tmp_path / "once"
    dies_once = f"p = {str(once)!r}; dies = not os.path.exists(p); open(p, 'w').close();"
    stop_once(lambda: len(starts(tmp_path, "shaky")) == 2)

    code = serve.run(program(tmp_path, "shaky", f"{dies_once} dies and exit(1);{SLEEP}"))

    assert code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_told_to_stop_stops_everything_and_ends_well(signals, tmp_path, number):
    both = ("one", "two")

    def watch():
        while not all(starts(tmp_path, name) for name in both):
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    threading.Thread(target=watch, daemon=True).start()

    code = serve.run(*(program(tmp_path, name, SLEEP) for name in both))

    assert code == 0
    assert [lives(process) for name in both for process in starts(tmp_path, name)] == [False, False]


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's kernel")
def test_what_is_killed_leaves_no_program_behind(tmp_path):
    command = program(tmp_path, "orphan", SLEEP)
    setup = "import django; django.setup(); from blogsite.management.commands import serve;"
    code = f"serve.run({command!r})"
    parent = subprocess.Popen(
        [sys.executable, "-c", setup + code],
        cwd=HOUSE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "blogsite.settings"},
    )
    end = time.monotonic() + PATIENCE
    while not starts(tmp_path, "orphan") and time.monotonic() < end:
        time.sleep(0.02)
    (orphan,) = starts(tmp_path, "orphan")

    parent.kill()
    parent.wait()

    while lives(orphan) and time.monotonic() < end:
        time.sleep(0.02)
    assert not lives(orphan)


# The whole


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux for the processes")
def test_an_empty_folder_becomes_a_site_that_answers_and_stops_without_a_trace(tmp_path):
    server = Server(tmp_path)
    try:
        server.start()
        status, home = server.fetch("/")
        _, robots = server.fetch("/robots.txt")
        processes = server.processes()
        code = server.stop()
    finally:
        server.process.kill()
        server.process.wait()

    assert status == 200
    assert "There is nothing here yet." in home
    assert f"http://127.0.0.1:{server.port}/sitemap.xml" in robots
    assert len(processes) >= 2  # the web server and the worker, at least
    assert code == 0
    assert [process for process in processes if lives(process)] == []
    assert serve.check_free("127.0.0.1", server.port) is None
    assert "Traceback" not in server.said.read_text()
