"""The rich editor: what it can write, and which texts it would not harm."""

import re

from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms import Script
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Underline": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "HardBreak": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Image": True,
    "Figure": True,
    "Caption": True,
    "Link": {"enableTarget": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "HTML": True,
    "History": True,
}

# What the editor reads and writes again without loss. Anything else of what a post may hold
# (a definition list, a picture within a sentence) it would silently drop.
KEPT = {
    *("p", "br", "strong", "b", "em", "i", "s", "u", "sub", "sup", "code", "pre", "a"),
    *("h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr"),
    *("table", "tbody", "tr", "th", "td", "figure", "img", "figcaption"),
}
FIGURE = re.compile(
    r"<figure>\s*<img\b[^>]*>\s*(?:<figcaption>.*?</figcaption>)?\s*</figure>", re.S
)


def keeps(text):
    """Say whether the rich editor would keep all of `text` (HTML out of the door)."""
    tags = {tag.lower() for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", text)}
    loose = FIGURE.sub("", text)
    return tags <= KEPT and "<img" not in loose and "<figure" not in loose


class Unescaped:
    """For a widget whose value came through the door, and is marked safe: not within a textarea.

    There a browser reads `&lt;` as `<`: words about HTML would become HTML.
    """

    def format_value(self, value):
        value = super().format_value(value)
        return value and value + ""  # a plain string, which the template escapes


class RichText(Unescaped, AdminProseEditorWidget):
    """The editor, and before it the script that keeps it from breaking our policy."""

    @property
    def media(self):
        return Media(js=[Script("admin-desk/editor.js")]) + super().media


class Source(Unescaped, AdminTextareaWidget):
    """HTML as it is written."""


def rich():
    """Return the widget that edits HTML as it will look."""
    return RichText(config={"extensions": EXTENSIONS}, preset="configurable")


def source():
    """Return the widget that shows HTML as it is written."""
    return Source(attrs={"rows": 30, "class": "vLargeTextField html-source"})


class NoncedMedia:
    """For a ModelAdmin with a rich editor: its import map is a script in the page."""

    def render_change_form(self, request, context, *args, **kwargs):
        """Give the page's scripts the nonce that the policy asks of a script in the page."""
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        return super().render_change_form(request, context, *args, **kwargs)
