"""Older posts as authors paste them into newer ones: plain HTML, not quite as it was.

`pasted()` makes such a text: paragraphs joined and parted elsewhere, lines wrapped, straight quotes
curled, one sentence edited; above it title and date, below it what readers had said. `tell()` makes
an older post with comments, and a newer one in which it stands like that.
"""

import re
import textwrap
from datetime import UTC, datetime
from types import SimpleNamespace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape

from blogsite import html
from comments import suggestions
from comments.models import Suggestion
from tests import make

SENTENCE = re.compile(r"[^.!?]+[.!?]+[\"'”’)]*")


OLD = datetime(2010, 9, 20, 9, tzinfo=UTC)
NEW = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)
LANTERN = """
<p>The lantern on the north mole went out on Tuesday at ten past eleven, and nobody noticed before
Thursday. "I thought somebody else had seen to it," said the harbour master, and I believe him.</p>
<p>There is a form for a lantern that is out, and a drawer for the form. The drawer is locked,
because there was once a mouse in it. Old Beppo keeps the key on a nail behind the stove, where
it's too hot to touch until Easter.</p>
<p>So the boats came in by the smell of the bakery, as they did in my grandfather's day. Two of
them found the wrong bakery. When the mayor heard of it he gave a short speech about progress,
and the week after that a lamp on wheels was bought for the mole.</p>"""
BARGE = """
<p>A barge with nothing in it sits high on the water and turns with every breath of wind. Wim
has steered hers for thirty years, and she says that an empty one is the only kind that ever
frightened her. "A load keeps you honest," she says, and spits for luck.</p>
<p>Last winter she took turnips up to the sugar works and came back with a piano. It had been
promised to the school. Nobody at the school could remember who had promised it, or what for,
and the caretaker can't abide music.</p>
<p>It stands in my boathouse now, under a sail, with its lid shut. On calm nights the damp gets
at one string or another and there's a note, very low, that the dog answers.</p>"""
LONG = (
    "My uncle mended that lantern twice, once with a spoon, and was never paid for the spoon, which"
    " he mentioned every year at Christmas until we bought him another."
)
EVEN_LONGER = (
    "You forget to say that the second of the two bakeries belongs to the brother of the first, and"
    " that he has been burning the crusts on purpose since the year of the flood."
)
SHORT = "It was three nights, not two."


def tell(text=LANTERN, title="The lantern on the mole", before="", after=""):
    """Return the case: `source` with its comments `spoon`, `crusts`, `nights` and `silent`,
    and `newer`, in which it stands with all of them but the last; `suggestion` when searched for.

    `before` and `after` are the author's words in the newer post, besides an opening sentence.
    """
    source = make.post(title, text, published=OLD)
    spoon = make.comment(source, LONG, "Halyard", at=OLD)
    silent = make.comment(source, "Nobody ever quoted what I said here, though I said it.", at=OLD)
    crusts = make.comment(source, EVEN_LONGER, "Bosun", at=OLD)
    nights = make.comment(source, SHORT, "Piet", at=OLD)
    opening = f"<p>It is a quiet day on the river, so here is an old one.</p>{before}"
    quoted = pasted(source, [crusts, spoon, nights])
    newer = make.post("From the drawer", f"{opening}{quoted}{after}", published=NEW)
    return SimpleNamespace(
        source=source, newer=newer, spoon=spoon, silent=silent, crusts=crusts, nights=nights
    )


def suggested(**values):
    """Return the case of tell(), with the `suggestion` that a search makes of it."""
    case = tell(**values)
    (found,) = suggestions.search()
    Suggestion.objects.put(found)
    case.suggestion = Suggestion.objects.get(post=case.newer)
    return case


def pasted(source, comments=(), *, edited=True, title=True):
    """Return the HTML of the post `source` as pasted, with `comments` of it quoted below."""
    parts = []
    if title:
        date = date_format(timezone.localtime(source.published_at))
        parts.append(f"<p><b>{escape(source.title)}</b><br>{date}</p>")
    parts += [f"<p>{paragraph}</p>" for paragraph in rewrapped(source.text, edited)]
    for comment in comments:
        said = curled(html.to_text(comment.shown))
        parts.append(f"<p><i>{escape(comment.display_name)} said:</i></p><p>{escape(said)}</p>")
    return "\n".join(parts)


def rewrapped(text, edited=True):
    """Return the paragraphs (HTML) of `text` with three sentences in each, wrapped and curled."""
    sentences = [one.strip() for one in SENTENCE.findall(curled(html.to_text(text)))]
    if edited:
        longest = max(range(len(sentences)), key=lambda place: len(sentences[place]))
        sentences[longest] = edit(sentences[longest])
    groups = [" ".join(sentences[place : place + 3]) for place in range(0, len(sentences), 3)]
    return [textwrap.fill(escape(group), 72) for group in groups]


def edit(sentence):
    """Return the sentence with its third word replaced, its last but one gone, and a new one."""
    words = sentence.split()
    return " ".join([*words[:2], "verily", "indeed", *words[3:-2], words[-1]])


def curled(words):
    """Return plain words with their straight quotes curled."""
    words = re.sub(r"(^|[\s(\[])\"", r"\1“", words).replace('"', "”")
    return re.sub(r"(^|[\s(\[“])'", r"\1‘", words).replace("'", "’")
