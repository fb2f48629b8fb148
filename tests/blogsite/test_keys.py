"""Keys that an installation makes for itself."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_processes_that_start_at_once_get_one_key(tmp_path):
    code = "import sys, pathlib; from blogsite.keys import kept_key; sys.stdin.read();"
    code += "print(kept_key(pathlib.Path(sys.argv[1])))"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, tmp_path / "key"],
            cwd=HOUSE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    for process in processes:
        process.stdin.close()  # they wait for this

    keys = {process.stdout.read() for process in processes}

    assert [process.wait() for process in processes] == [0] * 6
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
