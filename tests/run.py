"""Run every test: on SQLite, then those that touch a database again on PostgreSQL.

PostgreSQL is a temporary one of our own, where its programs are installed. What could not be tried
is named at the end; with `CI` or `REQUIRE_ALL` set it is a failure. Arguments go on to pytest.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

from tests import postgresql  # noqa: E402

WORDS = {"error": "errors"}
ORDER = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")
NO_TESTS = 5  # pytest's exit code where nothing was left to run


def main():
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, frame: sys.exit(128 + number))
    began = time.monotonic()
    arguments = sys.argv[1:]
    required = bool(os.environ.get("CI") or os.environ.get("REQUIRE_ALL"))
    programs = postgresql.binaries()
    not_tried = []
    # The server starts first: where it can't, that is known before minutes have gone by.
    server = postgresql.temporary(programs) if programs else nullcontext()
    with tempfile.TemporaryDirectory(prefix="blog-run-") as folder, server as url:
        runs = [run("SQLite", "", arguments, Path(folder) / "sqlite")]
        if url:
            only = ["--database-tests-only", *arguments]
            runs.append(run("PostgreSQL", url, only, Path(folder) / "postgresql"))
        else:
            not_tried.append("PostgreSQL (no initdb found)")
    failed = any(one["exit"] not in (0, NO_TESTS) for one in runs)
    failed = failed or all(one["exit"] == NO_TESTS for one in runs)
    print()
    for one in runs:
        not_tried += [what for what in one["not_tried"] if what not in not_tried]
        for test in one["broken"]:
            print(f"FAILED {test} [{one['database']}]")
        if one["exit"] not in (0, 1, NO_TESTS):
            print(f"FAILED the run on {one['database']} ended early, with {one['exit']}")
    for what in not_tried:
        print(f"not tried here: {what}")
    if not_tried and required:
        print("FAILED everything has to be tried here, as CI or REQUIRE_ALL is set")
        failed = True
    print(closing_line(runs, time.monotonic() - began))
    return 1 if failed else 0


def run(database, url, arguments, tally):
    """Run pytest once; return what its `--tally` says, with the database and the exit code."""
    # What tests leave in temporary folders goes with ours, also when they are interrupted.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(tally.parent)}
    environment.pop("DATABASE_URL", None)
    if url:
        environment["DATABASE_URL"] = url
    print(f"\n{database}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    process = subprocess.Popen(
        [*command, f"--tally={tally}", *arguments],
        cwd=HOUSE,
        env=environment,
    )
    try:
        process.wait()
    except BaseException as ending:
        if not isinstance(ending, KeyboardInterrupt):  # Ctrl-C goes to pytest by itself
            process.send_signal(signal.SIGINT)
        process.wait()
        raise
    told = json.loads(tally.read_text()) if tally.exists() else {}
    return {
        "counts": {},
        "broken": [],
        "not_tried": [],
        **told,
        "database": database,
        "exit": process.returncode,
    }


def closing_line(runs, seconds):
    """Return the last line, as pytest writes it, with the runs added together."""
    counts = {word: sum(one["counts"].get(word, 0) for one in runs) for word in ORDER}
    parts = [f"{count} {WORDS.get(word, word)}" for word, count in counts.items() if count]
    return f" {', '.join(parts) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
