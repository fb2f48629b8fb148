"""Model fields whose contents cannot be unsafe, whichever way they were written."""

import re

from django.db import models

from blogsite import html


class HTMLField(models.TextField):
    """HTML for showing: goes through the door named `door` on its way into the database.

    The door stands in `get_prep_value`, so that `create()`, `bulk_create()`, `update()` and
    importers pass it too; a form's or `clean()`'s check they would not. What comes back from the
    database is therefore marked safe, and only that: a text that was just assigned is
    escaped by a template until it is saved.
    """

    def __init__(self, *args, door="post", **kwargs):
        self.door = door
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "door": self.door}

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return str(html.DOORS[self.door](value)) if value else value

    def from_db_value(self, value, expression, connection):
        return html.Clean(value) if value else value


class WebAddressField(models.URLField):
    """The address of a site that a name may link to: http or https, or else nothing.

    Stands in `get_prep_value` for the same reason as the door: what an export says of its
    commenters' sites is never looked at by a form.
    """

    def get_prep_value(self, value):
        value = (super().get_prep_value(value) or "").strip()
        fits = len(value) <= self.max_length and not re.search(r"[\s\x00-\x20\x7f]", value)
        return value if fits and re.match(r"https?://[^/]", value, re.IGNORECASE) else ""


class ShownField(HTMLField):
    """HTML made, on every save, from what was typed into another field of the same row.

    `source` names the field with the typed words. The row's `door` (a property of the model)
    names the door, because a subject may write more tags than a reader.
    """

    def __init__(self, *args, source="typed", **kwargs):
        self.source = source
        kwargs["editable"] = False
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, instance, add):
        value = getattr(instance, self.attname)
        # Whoever makes a row may have put the text through the door before it took a lock.
        if not (add and value and isinstance(value, html.Clean)):
            value = html.DOORS[instance.door](getattr(instance, self.source))
            setattr(instance, self.attname, value)
        return value

    def get_prep_value(self, value):
        # Made by `pre_save`, so it has been through its own door; nh3 and bleach would
        # otherwise see each comment twice.
        if isinstance(value, html.Clean):
            return str(value)
        return super().get_prep_value(value)
