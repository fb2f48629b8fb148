"""For tests of moving in: our own small exports, and a run of the command over some of them."""

import io
import json
import tempfile
from pathlib import Path

from django.core.management import call_command

EXPORTS = Path(__file__).parent / "exports"
BLOGGER = "blogger.xml"
TAKEOUT = "takeout.atom"
WORDPRESS = "wordpress.xml"


def run(*files, dry_run=False):
    """Import the files (names of ours, or paths) and return what --report says."""
    paths = [str(EXPORTS / file) for file in files]  # an absolute path stays what it is
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        call_command("import_blog", *paths, dry_run=dry_run, report=report, stdout=io.StringIO())
        return json.loads(report.read_text(encoding="utf-8"))


def changed(folder, name, *replacements):
    """Return the path of a copy of our export `name`, in `folder`, with (old, new) replaced."""
    text = (EXPORTS / name).read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def reasons(told):
    """Return {id: reason} of a report's warnings or skipped entries."""
    return {one["id"]: one["reason"] for one in told}
