"""The rich editor: what it can write, and which texts it would not harm."""

import json
import re

from django.contrib.admin.widgets import AdminTextareaWidget
from django.forms import Script
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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
    "ViewFigure": {"button": gettext_lazy("View figure")},  # ours: figure-node.js
}

# What the editor reads and writes again without loss. Anything else of what a post may hold
# (a definition list, a picture within a sentence) it would silently drop.
KEPT = {
    *("p", "br", "strong", "b", "em", "i", "s", "u", "sub", "sup", "code", "pre", "a"),
    *("h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr"),
    *("table", "tbody", "tr", "th", "td", "figure", "img", "figcaption"),
    "data",
}
FIGURE = re.compile(
    r"<figure>\s*<img\b[^>]*>\s*(?:<figcaption>.*?</figcaption>)?\s*</figure>", re.S
)
DATA = re.compile(r"<data\b[^>]*>[^<]*</data>")
PRE = re.compile(r"<pre>.*?</pre>", re.S)


def keeps(text):
    """Say whether the rich editor would keep all of `text` (HTML out of the door)."""
    tags = {tag.lower() for tag in re.findall(r"<([a-zA-Z][a-zA-Z0-9]*)", text)}
    loose = FIGURE.sub("", text)
    return (
        tags <= KEPT
        and "<img" not in loose
        and "<figure" not in loose
        and "<data" not in DATA.sub("", text)  # a figure is one thing, without tags in it
        and not any("<data" in code for code in PRE.findall(text))
    )


class Unescaped:
    """For a widget whose value came through the door, and is marked safe: not within a textarea.

    There a browser reads `&lt;` as `<`: words about HTML would become HTML.
    """

    def format_value(self, value):
        value = super().format_value(value)
        return value and value + ""  # a plain string, which the template escapes


class WithFigures:
    """For a widget with the button “View figure”: what figures.js says, and where it asks."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        words = {
            "url": reverse("admin:posts_post_figures"),
            "button": _("View figure"),
            "title": _("Put a view figure into the text"),
            "search": _("Search for a post by its title or a word"),
            "help": _("In the text stands a token, which publication turns into the figure."),
            "failed": _("The posts could not be fetched. Reload the page, or try again later."),
            "close": _("Close"),
        }
        context["widget"]["attrs"]["data-view-figure"] = json.dumps(words)
        return context

    @property
    def media(self):
        ours = Media(
            css={"all": ["admin-desk/figures.css"]},
            js=[
                Script("admin-desk/elements.js", defer=True),
                Script("admin-desk/figures.js", defer=True),
            ],
        )
        return ours + super().media


class RichText(Unescaped, WithFigures, AdminProseEditorWidget):
    """The editor, and before it the script that keeps it from breaking our policy."""

    @property
    def media(self):
        return Media(js=[Script("admin-desk/editor.js")]) + super().media

    def get_config(self):
        """Return the editor's configuration, with the module that has our own extension."""
        return super().get_config() | {"js_modules": [static("admin-desk/figure-node.js")]}


class Source(Unescaped, WithFigures, AdminTextareaWidget):
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
