"""The real server, as an author starts it, for tests: `manage.py serve` on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PATIENCE = 90  # seconds that a process may take on a busy machine


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def children(process):
    """Return the ids of all processes that came from this one."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


class Server:
    """A server with its own folder: what it says stands in `said`. Nothing of ours reaches it.

    `environment` is what it has besides: a DATABASE_URL, or SQLite in the folder.
    """

    def __init__(self, folder, **environment):
        self.port, self.said, self.process = free_port(), folder / "said", None
        ours = ("DATABASE_URL", "PORT", "SECRET_KEY", "LINK_KEY", "SITE_URL")
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        self.environment = {**kept, "DATA_DIR": str(folder), **environment}

    def start(self):
        """Start it; returns when it answers."""
        with self.said.open("a") as said:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=HOUSE,
                env=self.environment,
                stdout=said,
                stderr=said,
            )
        end = time.monotonic() + PATIENCE
        while True:
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < end, self.said.read_text()
            try:
                assert self.fetch("/healthz") == (200, "ok\n")
                return
            except OSError:
                time.sleep(0.1)

    def fetch(self, path):
        """Return (status, text) of what stands at `path`."""
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=20) as response:
            return response.status, response.read().decode()

    def processes(self):
        """Return the ids of all processes that it is made of, but the first."""
        return children(self.process.pid)

    def stop(self):
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self):
        """Kill everything that it is, at once (kill -9)."""
        for process in [*reversed(self.processes()), self.process.pid]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it has followed the one before
        self.process.wait()
