"""A temporary PostgreSQL for the tests: in a folder of its own, reached by a socket alone."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ORDINARY_USERS = ("postgres", "nobody")
"""Whom root becomes, the first that exists: PostgreSQL refuses to run as root."""


def binaries():
    """Return the folder (a Path) that holds `initdb` and `postgres`, or None."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    return None


@contextmanager
def temporary(programs):
    """Run a new server from the folder `programs`; give its `DATABASE_URL`, then remove it all."""
    # Not under TMPDIR: a socket's path is at most 107 characters long.
    folder = Path(tempfile.mkdtemp(prefix="blog-postgresql-", dir="/tmp"))
    server = None
    try:
        user = _ordinary_user()
        if user:
            shutil.chown(folder, user)
        subprocess.run(
            [
                *(programs / "initdb", "--pgdata", folder / "data", "--username", "blog"),
                *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            cwd=folder,
            user=user,
            stdout=subprocess.DEVNULL,
        )
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [
                    *(programs / "postgres", "-D", folder / "data", "-k", folder, "-h", ""),
                    *("-c", "fsync=off", "-c", "synchronous_commit=off"),
                    *("-c", "full_page_writes=off", "-c", "shared_memory_type=mmap"),
                ],
                cwd=folder,
                user=user,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the tests; the server is stopped after them.
                start_new_session=True,
                preexec_fn=_end_with_its_parent if sys.platform == "linux" else None,
            )
        _wait_until_it_answers(server, folder)
        yield f"postgres://blog@{quote(str(folder), safe='')}/postgres"
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)  # to PostgreSQL: drop everybody and stop
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_its_parent():
    """Have the kernel stop this process when its parent is gone, even by kill -9."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _ordinary_user():
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ORDINARY_USERS if name in names)


def _wait_until_it_answers(server, folder):
    import psycopg2

    for _ in range(300):
        try:
            psycopg2.connect(host=str(folder), user="blog", dbname="postgres").close()
            return
        except psycopg2.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
