"""The report of an import: what the file holds, and what the run did."""

KINDS = {"post": "posts", "page": "pages", "comment": "comments"}


class Report:
    """What is told of one file. `dry_run` changes nothing in it: that is the point of both."""

    def __init__(self, export):
        self.file = export.path.name
        self.about = export.about
        self.holds = {**export.spool.counts, "labels": len(export.spool.labels)}
        self.did = {
            what: dict.fromkeys(KINDS.values(), 0) for what in ("new", "changed", "unchanged")
        }
        self.warnings = [{"id": "", "reason": note} for note in export.notes]
        self.skipped = []
        for fault in export.spool.faults:
            self.skip(fault.its_id, fault.reason)

    def count(self, what, kind):
        """Count one thing as "new", "changed" or "unchanged"."""
        self.did[what][KINDS[kind]] += 1

    def warn(self, its_id, reason):
        """Tell that something came in otherwise than it stood there, or did not change."""
        self.warnings.append({"id": its_id, "reason": reason})

    def skip(self, its_id, reason):
        """Tell that something did not come in."""
        self.skipped.append({"id": its_id, "reason": reason})

    def as_dict(self):
        """Return the report as `--report` writes it."""
        return {
            "file": self.file,
            "format": self.about.format,
            **self.holds,
            **self.did,
            "warnings": self.warnings,
            "skipped": self.skipped,
        }

    def __str__(self):
        new, changed, unchanged = (
            ", ".join(f"{number} {kind}" for kind, number in self.did[what].items())
            for what in ("new", "changed", "unchanged")
        )
        return (
            f"{self.file}: new {new}; changed {changed}; unchanged {unchanged};"
            f" {len(self.warnings)} warnings, {len(self.skipped)} skipped."
        )
