"""`manage.py import_blog FILE…`: move a blog in from Blogger or WordPress."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from posts.importers.entries import Unreadable
from posts.importers.exports import Export
from posts.importers.intake import Intake

WARNINGS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import a blog from Blogger (Atom export or Google Takeout's feed.atom) or WordPress (WXR)."
        " Running it again changes nothing that has not changed there."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would happen, and write nothing"
        )
        parser.add_argument(
            "--report", metavar="FILE.json", type=Path, help="write what was done to this file"
        )

    def handle(self, *, files, dry_run, report, verbosity, **options):
        self.quiet = verbosity == 0
        if report and (report.is_dir() or not report.absolute().parent.is_dir()):
            raise CommandError(f"The report cannot be written to {report}. Nothing was imported.")
        # Every file is read to its end before the first is stored: a broken one changes nothing.
        try:
            exports = [self._read(path) for path in files]
        except Unreadable as error:
            raise CommandError(str(error)) from None
        intake = Intake(dry_run=dry_run)
        reports = [self._store(intake, export) for export in exports]
        if report:
            told = [one.as_dict() for one in reports]
            written = json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=1)
            report.write_text(f"{written}\n", encoding="utf-8")
        for one in reports if not self.quiet else ():
            self._tell(one, dry_run)
        if not self.quiet and not dry_run:
            self.stdout.write(
                "Older posts that were pasted into newer ones are found by"
                " `manage.py suggest_reprints`."
            )

    def _read(self, path):
        size = path.stat().st_size if path.is_file() else 0
        with self._bar(f"Reading {path.name}", size, unit="B", unit_scale=True) as bar:
            return Export(path, on_read=bar.update)

    def _store(self, intake, export):
        counts = export.spool.counts
        number = counts["posts"] + counts["pages"] + counts["comments"]
        with self._bar(f"Storing {export.path.name}", number) as bar:
            return intake.store(export, on_stored=bar.update)

    def _bar(self, words, total, **options):
        hidden = self.quiet or not sys.stderr.isatty()
        return tqdm(desc=words, total=total, disable=hidden, file=sys.stderr, **options)

    def _tell(self, report, dry_run):
        self.stdout.write(f"{'Would be: ' if dry_run else ''}{report}")
        for word, told in (("Warning", report.warnings), ("Skipped", report.skipped)):
            for one in told[:WARNINGS_SHOWN]:
                self.stdout.write(f"  {word}: {one['id']} {one['reason']}".rstrip())
            if len(told) > WARNINGS_SHOWN:
                more = len(told) - WARNINGS_SHOWN
                self.stdout.write(f"  … and {more} more (--report FILE.json has them all).")
