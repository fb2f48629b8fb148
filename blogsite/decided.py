"""Rows of which some fields are written by the author, and some decided by verbs."""

from django.db import models


class Decided(models.Model):
    """A row whose `save()` writes what people write; `DECIDED` names what verbs alone write.

    A form may have been open while a verb was at work: it must not take back what was decided. So
    `save()` of a row that is there holds it, takes over what was decided (`take_over`), and
    writes the rest (`written`).
    """

    DECIDED = ()

    class Meta:
        abstract = True

    def written(self, asked=None):
        """Return the names of the fields that `save()` may write: of those `asked`, or of all."""
        names = {field.name for field in self._meta.concrete_fields} - {"id", *self.DECIDED}
        return names & set(asked or names)

    def take_over(self, row):
        """Take over what verbs have decided of `row`, this row as it is in the database now."""
        for name in self.DECIDED:
            setattr(self, name, getattr(row, name))
