"""Forms that write what was changed in them, and nothing else: others may write the row meanwhile.

A name that was hidden in another tab, or an e-mail that came in by a claim, would else be undone by
whoever saves a form that was opened before.
"""

import json

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


class OpenedField(forms.CharField):
    """Hidden: what the row said when the form was opened. No change of it is anybody's."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class OpenedForm(forms.ModelForm):
    """A form of a row that verbs, and other forms, may have written since it was opened.

    What nobody changed in the form stays as the row has it now. What was changed in both is refused
    once, with both values. A subclass says which fields these are (`WATCHED`) and how the row is
    held (`hold`), and shows `opened`.
    """

    WATCHED = ()

    opened = OpenedField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.touched = []
        if self.instance.pk:
            values = {name: getattr(self.instance, name) for name in self._watched}
            self.initial["opened"] = json.dumps(values)

    def hold(self):
        """Return the row as it is now, held until the transaction ends."""
        raise NotImplementedError

    @property
    def _watched(self):
        return [name for name in self.WATCHED if name in self.fields]

    def clean(self):
        data = super().clean()
        opened = self._opened()
        if not opened:
            self.touched = self.changed_data
            return data
        row = self.hold()
        for name in self._watched:
            if name not in data or name not in opened:
                continue
            now = getattr(row, name)
            if _same(data[name], opened[name]):
                data[name] = now
                continue
            self.touched.append(name)
            if not (_same(now, opened[name]) or _same(now, data[name])):
                self._refuse(name, now, data[name], opened)
        return data

    def _opened(self):
        """Return {field: value} as it was sent back, or {}: a new row, or a form without it."""
        if not self.instance.pk or self.instance._state.adding:
            return {}
        try:
            opened = json.loads(self.data.get(self.add_prefix("opened")) or "{}")
        except ValueError:
            return {}
        return opened if isinstance(opened, dict) else {}

    def _refuse(self, name, now, typed, opened):
        """Say what the field holds by now; whoever sends it once more has seen that."""
        self.data = self.data.copy()
        opened[name] = now
        self.data[self.add_prefix("opened")] = json.dumps(opened)
        words = _now(
            "This was changed since you opened the form: it says %(now)s now, and you say "
            "%(typed)s. Nothing was saved. If you save again, yours takes its place."
        )
        self.add_error(name, words % {"now": _in_words(now), "typed": _in_words(typed)})


def _same(one, other):
    """Say whether two values are the same but for what a browser does to them on the way."""
    return _plain(one) == _plain(other)


def _plain(value):
    return "\n".join(value.strip().splitlines()) if isinstance(value, str) else value


def _in_words(value):
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"“{value}”" if value else _("nothing")
