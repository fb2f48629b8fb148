"""What posts and comments have in common on their way in: origins, and what has changed."""

import hashlib
import json

from django.db import transaction

from posts.models import Origin

MOST_IDS = 1000  # in one query: databases bound the number of parameters


class Incoming:
    """Sorts batches of entries into new, changed and unchanged ones, and stores them.

    A subclass says what an entry's `kinds` are, what was read of it (`source`), and how it is
    stored (`add`, `change`).
    """

    kinds = ()

    def __init__(self, intake, about, report):
        self.intake = intake
        self.about = about
        self.report = report

    def take(self, batch):
        """Store one batch in one transaction, or (dry run) only tell what would happen."""
        with transaction.atomic():
            self.prepare(batch)
            known = self.origins([entry.its_id for entry in batch])
            new = []
            for entry in batch:
                origin = known.get(entry.its_id)
                imagined = self.intake.imagined.get(self._key(entry.its_id))
                before = imagined or (origin and origin.digest[:32])
                if not self.wanted(entry, new=before is None):
                    continue
                for warning in entry.warnings:
                    self.report.warn(entry.its_id, warning)
                if before is None:
                    new.append(entry)
                elif before == self.source(entry):
                    self.report.count("unchanged", self.kind(entry))
                else:
                    done = imagined or self.change(entry, origin)
                    self.report.count("changed" if done else "unchanged", self.kind(entry))
                    if done and self.dry_run:
                        self._imagine(entry)
            for entry in self.add(new):
                self.report.count("new", self.kind(entry))
                if self.dry_run:
                    self._imagine(entry)
            self.finish(batch)

    @property
    def dry_run(self):
        return self.intake.dry_run

    def origins(self, its_ids):
        """Return {id there: Origin} for those of the ids that are known here."""
        found = {}
        for start in range(0, len(its_ids), MOST_IDS):
            rows = Origin.objects.filter(
                system=self.about.system,
                blog=self.about.blog,
                kind__in=self.kinds,
                its_id__in=its_ids[start : start + MOST_IDS],
            )
            found.update((origin.its_id, origin) for origin in rows)
        return found

    def origin(self, entry, *stored):
        """Return the unsaved Origin of `entry`, of which `stored` is kept here."""
        return Origin(
            system=self.about.system,
            blog=self.about.blog,
            kind=self.kind(entry),
            its_id=entry.its_id,
            digest=self.source(entry) + digest(*stored),
        )

    def update(self, origin, entry, *stored):
        """Write down that `entry` has been read again, and what of it is kept now."""
        origin.digest = self.source(entry) + digest(*stored)
        origin.save(update_fields=["digest"])

    def is_imagined(self, its_id, kinds=None):
        """Say whether a dry run would have stored the thing with this id."""
        return self._key(its_id, kinds) in self.intake.imagined

    def _imagine(self, entry):
        self.intake.imagined[self._key(entry.its_id)] = self.source(entry)

    def _key(self, its_id, kinds=None):
        return (self.about.system, self.about.blog, kinds or self.kinds, its_id)

    # What a subclass says

    def kind(self, entry):
        return entry.kind

    def prepare(self, batch):
        """Fetch what the whole batch needs."""

    def wanted(self, entry, new):
        """Say whether `entry` can come in; if not, tell the report why."""
        return True

    def finish(self, batch):
        """Do what is left when the batch is stored."""


def digest(*values):
    """Return half an origin's digest: 32 letters that are the same for the same `values`.

    The first half says what the export held when it was last read, the second what was stored of it
    here: so a later import knows which side has changed.
    """
    packed = json.dumps(values, ensure_ascii=True, default=str).encode()
    return hashlib.sha256(packed).hexdigest()[:32]


def lines(text):
    """Return `text` with one kind of line end, for comparing."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
