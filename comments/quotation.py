"""Quotations: where in a post the words stand that somebody copied from it. Needs no database.

A browser copies words without the tags between them, and people quote by typing: other spaces,
quotation marks, dashes and capitals are the same words here, and dots at either end count as left
out. Words that stand in several paragraphs are found across them.
"""

import html as entities
import re
import unicodedata
from array import array
from functools import lru_cache
from itertools import pairwise

from blogsite.html import Clean

PIECE = re.compile(r"<[^>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);|.", re.DOTALL)
"""A tag, an entity, or a sign: `shown` came out of a door, so that no "<" or "&" stands bare."""
SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "\u00ad": None,
        "\u200b": None,
    }
)
LEFT_OUT = re.compile(r"^[\s.\[\]()\"'-]+|[\s.\[\]()\"'-]+$")
"""At the ends of what was copied: quotation marks around it, dots for what was left out."""
EMPTY = re.compile(r"<(\w+)[^<>]*></\1>")
FIRST = '<mark id="words-meant">'


def stands(shown, words):
    """Say whether `words` (plain text) stand in `shown` (HTML that came out of a door)."""
    return bool(find(shown, words))


def marked(shown, words):
    """Return `shown` with the first place where `words` stand marked, or None where they don't.

    The mark has the id "words-meant"; where tags part the words, each piece has a mark.
    """
    found = find(shown, words)
    if not found:
        return None
    parts = []
    end = 0
    for number, (start, stop) in enumerate(_pieces(shown, *found[0])):
        parts += [shown[end:start], "<mark>" if number else FIRST, shown[start:stop], "</mark>"]
        end = stop
    return Clean("".join([*parts, shown[end:]]))


def find(shown, words):
    """Return where `words` stand in `shown`: [(start, end)], places in the HTML; [] for nowhere.

    No two of them overlap.
    """
    sought = LEFT_OUT.sub("", _plain(words))
    if not sought:
        return []
    text, starts, ends = _read(str(shown))
    found = []
    start = text.find(sought)
    while start >= 0:
        end = start + len(sought)
        if not found or starts[start] >= found[-1][1]:
            found.append((starts[start], ends[end - 1]))
        start = text.find(sought, end)
    return found


@lru_cache(maxsize=1)
def _read(shown):
    """Return the words of `shown` in their plainest form, and where each sign of them stands.

    That is two arrays: where its piece of HTML begins, and where it ends. The last one read is
    kept: a page looks for the words of several requests in one post.
    """
    text, starts, ends = [], array("L"), array("L")
    for piece in PIECE.finditer(shown):
        if piece[0][0] == "<" and len(piece[0]) > 1:
            signs = "" if INLINE.match(piece[0]) else " "
        else:
            signs = _plain_sign(entities.unescape(piece[0]))
        for sign in signs:
            if sign == " " and (not text or text[-1] == " "):
                continue
            text.append(sign)
            starts.append(piece.start())
            ends.append(piece.end())
    return "".join(text), starts, ends


INLINE = re.compile(
    r"</?(?:a|b|i|em|strong|abbr|cite|code|data|q|s|u|del|ins|sub|sup|small|mark)[\s>]"
)
"""Tags within a word or sentence; any other parts the words."""


def _plain(words):
    return re.sub(r"\s+", " ", "".join(_plain_sign(sign) for sign in words)).strip()


@lru_cache(maxsize=4096)
def _plain_sign(sign):
    """Return a sign in its plainest form: one or more signs, or none."""
    folded = unicodedata.normalize("NFKD", sign.translate(SAME)).casefold()
    plain = "".join(one for one in folded if not unicodedata.combining(one))
    return " " if plain.isspace() else plain


def _pieces(shown, start, end):
    """Return the stretches of words from `start` to `end` without the tags between: [(a, b)]."""
    tags = re.finditer(r"<[^>]*>", shown[start:end])
    cuts = [start, *(start + at for tag in tags for at in tag.span()), end]
    spans = list(pairwise(cuts))[::2]
    return [(a, b) for a, b in spans if shown[a:b].strip()]


def standing(shown, words):
    """Return the parts of `shown` that say `words`, one for each place, with the tags in them."""
    return [shown[start:end] for start, end in find(shown, words)]


def replaced(shown, words, wanted):
    """Return `shown` with `wanted` (plain text) where `words` stand; None but where that is once.

    Tags within them stay, as far as there is something left in them. Two full stops in a row, the
    post's and the wanted one, become one.
    """
    found = find(shown, words)
    if len(found) != 1:
        return None
    start, end = found[0]
    wanted = wanted.strip()
    if shown[end : end + 1] == ".":
        wanted = wanted.removesuffix(".")
    put = entities.escape(wanted, quote=False).replace("\n", "<br>")
    parts, last = [], start
    for number, (one, stop) in enumerate(_pieces(shown, start, end)):
        parts += [shown[last:one], "" if number else put]
        last = stop
    return shown[:start] + EMPTY.sub("", "".join([*parts, shown[last:end]])) + shown[end:]
