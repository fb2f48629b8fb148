"""Search over posts and comments: one module, whichever database is underneath.

SQLite has an FTS5 table beside the documents, PostgreSQL a generated `tsvector` with a GIN index;
both are made by a migration and kept by the database itself. What a reader types is never an
error: words, "phrases" and -exclusions are understood, everything else is looked for as words.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import mark_safe

from blogsite.requests import as_number
from posts.models import Post

LONGEST_QUERY = 200
MOST_PAGES = 500
"""Of what was found: each costs the database as much as all before it."""
START, END = "\x02", "\x03"  # around a word that was found; neither can stand in a document
TERM = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')


@dataclass
class Hit:
    """One document that was found; `snippet` is HTML, with the words found in `<mark>`."""

    kind: str
    row: int
    post_id: int
    number: int | None
    name: str
    title: str
    at: datetime
    snippet: str


def find(
    query,
    *,
    kinds=("post", "comment"),
    everything=False,
    prefix=False,
    newest=False,
    start=0,
    most=20,
    name="",
):
    """Return (hits, total) for what was typed: at most `most` hits from `start` on, best first.

    With a `name`, only what was signed with its words is found; `query` may then be empty.
    `everything` looks at drafts and held comments too, for the desk. `prefix` lets the last
    word be unfinished, for pickers. `newest` orders by date.
    """
    terms = parse(query)
    signed = [word for _, words in parse(name) for word in words.split()]
    nobody = name.strip() and not signed  # a name of signs alone is not everybody's
    if nobody or not (signed or any(wanted for wanted, _ in terms)):
        return [], 0
    engine = _sqlite if connection.vendor == "sqlite" else _postgresql
    match, parameter, rank, rank_parameter, snippets, snippet_parameter = engine(
        terms, prefix, signed
    )
    where = f"{match} AND d.kind IN ({', '.join(['%s'] * len(kinds))})"
    if not everything:
        where += " AND d.public AND p.state = 'published'"
    order = "d.at DESC, d.id DESC"
    if newest:
        rank_parameter = []
    else:
        order = f"{rank}, {order}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {SOURCES[connection.vendor]} WHERE {where}",  # noqa: S608
            [*parameter, *kinds],
        )
        total = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT d.id FROM {SOURCES[connection.vendor]} WHERE {where}"  # noqa: S608
            f" ORDER BY {order} LIMIT %s OFFSET %s",
            [*parameter, *kinds, *rank_parameter, most, start],
        )
        ids = [row[0] for row in cursor.fetchall()]
        hits = _hits(cursor, ids, match, parameter, snippets, snippet_parameter)
    return hits, total


def page(query, number, size, **how):
    """Return (hits, total, number, more) of page `number` (as it was sent), each hit with its post.

    `how` is what find() takes. `number` is the page that is shown, `more` whether there is another.
    """
    number = min(max(as_number(number) or 1, 1), MOST_PAGES)
    start = (number - 1) * size
    hits, total = find(query, start=start, most=size, **how)
    posts = Post.objects.in_bulk({hit.post_id for hit in hits})
    hits = [hit for hit in hits if hit.post_id in posts]  # one may have been deleted just now
    for hit in hits:
        hit.post = posts[hit.post_id]
    return hits, total, number, total > number * size and number < MOST_PAGES


def matching(query, kinds, prefix=False):
    """Return the ids of all posts or comments that match, drafts and held ones included, unranked.

    For the desk: `rows.filter(pk__in=matching(…))` searches within whatever else is asked.
    """
    terms = parse(query)
    if not any(wanted for wanted, _ in terms):
        return []
    engine = _sqlite if connection.vendor == "sqlite" else _postgresql
    match, parameter, *_ = engine(terms, prefix)
    if connection.vendor == "postgresql":
        # Beside other words, “the” and the like match everything: they are not in the index.
        match, parameter = f"(numnode({match.split(' @@ ')[1]}) = 0 OR {match})", parameter * 2
    return RawSQL(  # noqa: S611 - what was typed is a parameter
        f"SELECT d.row FROM {SOURCES[connection.vendor]} WHERE {match}"  # noqa: S608
        f" AND d.kind IN ({', '.join(['%s'] * len(kinds))})",
        [*parameter, *kinds],
    )


def parse(query):
    """Return what was typed as a list of (wanted, words): False for what must not be found."""
    query = unicodedata.normalize("NFC", query)[:LONGEST_QUERY]
    query = "".join(letter if letter.isprintable() else " " for letter in query)
    terms = []
    for not_phrase, phrase, not_word, word in TERM.findall(query):
        words = re.findall(r"[^\W_]+", phrase or word)
        if words:
            terms.append((not (not_phrase or not_word), " ".join(words)))
    return terms


SOURCES = {
    # CROSS JOIN keeps SQLite from walking the documents first, which takes 100 times as long.
    "sqlite": "posts_search CROSS JOIN posts_searchdocument d ON d.id = posts_search.rowid"
    " CROSS JOIN posts_post p ON p.id = d.post_id",
    "postgresql": "posts_searchdocument d JOIN posts_post p ON p.id = d.post_id",
}


def _sqlite(terms, prefix, signed=()):
    wanted = [f'"{words}"' for is_wanted, words in terms if is_wanted]
    if prefix and wanted:
        wanted[-1] += "*"
    wanted += [f'name : "{word}"' for word in signed]
    match = " AND ".join(wanted)
    unwanted = [f'"{words}"' for is_wanted, words in terms if not is_wanted]
    if unwanted:
        match = f"({match}) NOT ({' OR '.join(unwanted)})"
    snippet = "snippet(posts_search, 2, char(2), char(3), '…', 30)"
    rank = "bm25(posts_search, 8.0, 4.0, 1.0)"
    return "posts_search MATCH %s", [match], rank, [], snippet, []


def _postgresql(terms, prefix, signed=()):
    # The words are letters and digits alone, so nothing in them means anything to tsquery.
    parts = [
        ("" if is_wanted else "!!") + "phraseto_tsquery('english', %s)" for is_wanted, _ in terms
    ]
    bare = [without_accents(words) for _, words in terms]
    typed = [words for _, words in terms]
    if prefix and terms and terms[-1][0]:
        parts[-1] = "to_tsquery('english', %s)"
        bare[-1], typed[-1] = (" <-> ".join(words[-1].split()) + ":*" for words in (bare, typed))
    query = f"({' && '.join(parts)})" if parts else "''::tsquery"
    options = "StartSel=\x02, StopSel=\x03, MaxWords=30, MinWords=15, MaxFragments=1"
    # The index has no accents, the text of the snippet may have some.
    snippet = f"ts_headline('english', d.text, {query} || {query}, '{options}')"
    # A text of stop words alone asks for nothing, and finds nothing.
    rank = f"-ts_rank_cd(d.words, {query})"
    matches, parameter = [f"d.words @@ {query}"] if terms else [], [*bare]
    if terms and signed:
        # Beside a name, “the” and the like match everything, as in matching().
        matches, parameter = [f"(numnode({query}) = 0 OR {matches[0]})"], [*bare, *bare]
    if signed:
        # Names have weight B. “Will” is no word to the index, and is looked for letter by letter.
        matches.append(
            "CASE WHEN numnode(to_tsquery('english', %s)) > 0"
            " THEN d.words @@ to_tsquery('english', %s) ELSE d.name ILIKE %s END"
        )
        weighed = " & ".join(f"{without_accents(word)}:B" for word in signed)
        parameter += [weighed, weighed, f"%{' '.join(signed)}%"]
    return " AND ".join(matches), parameter, rank, bare, snippet, [*bare, *typed]


def without_accents(words):
    """Return `words` with letters that have an accent as the letters alone."""
    letters = unicodedata.normalize("NFD", words)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _hits(cursor, ids, match, parameter, snippet, snippet_parameter):
    """Return the hits with these document ids; snippets are made for them alone."""
    if not ids:
        return []
    where = f"d.id IN ({', '.join(['%s'] * len(ids))})"
    if connection.vendor == "sqlite":  # whose snippets need the match beside them
        where = f"{match} AND {where}"
        snippet_parameter = [*snippet_parameter, *parameter]
    cursor.execute(
        "SELECT d.id, d.kind, d.row, d.post_id, d.number, d.name, d.title, d.at,"  # noqa: S608
        f" {snippet} FROM {SOURCES[connection.vendor]} WHERE {where}",
        [*snippet_parameter, *ids],
    )
    found = {row[0]: row[1:] for row in cursor.fetchall()}
    hits = [Hit(*found[one][:-1], snippet=_marked(found[one][-1])) for one in ids]
    for hit in hits:
        if hit.at.tzinfo is None:  # SQLite keeps moments in UTC without saying so
            hit.at = hit.at.replace(tzinfo=UTC)
    return hits


def _marked(snippet):
    """Return a snippet of plain text as HTML, with `<mark>` for what was found."""
    snippet = escape(snippet).replace(START, "<mark>").replace(END, "</mark>")
    return mark_safe(snippet)  # noqa: S308 - escaped in the line above
