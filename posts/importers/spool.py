"""The spool: what was read of one export, on disk until it is stored.

An export has to be read to its end before its first entry can be stored; its comments come in any
order, and answers before what they answer. So entries wait here, in a temporary database of
SQLite's own that vanishes with the process, and come out in the order in which they can be stored.
"""

import json
import sqlite3
from datetime import UTC, datetime

from posts.importers.entries import CommentEntry, Fault, PostEntry

LONGEST_ID = 300  # as long as an origin keeps them
SCHEMA = """
    CREATE TABLE posts (seq INTEGER PRIMARY KEY, id TEXT, apart TEXT, at REAL, data TEXT);
    CREATE TABLE comments (
        seq INTEGER PRIMARY KEY, id TEXT, raw TEXT, post TEXT, of INTEGER, parent TEXT, at REAL,
        data TEXT
    );
    CREATE TABLE addresses (
        path TEXT, query TEXT, sure INTEGER, of INTEGER, PRIMARY KEY (path, query)
    );
    CREATE TABLE signed (writer TEXT, name TEXT, PRIMARY KEY (writer, name));
"""
INDEXES = """
    CREATE INDEX posts_by_id ON posts (id);
    CREATE INDEX comments_by_id ON comments (raw, post);
    CREATE INDEX comments_in_order ON comments (post, at, seq);
"""
# An id that several entries share becomes the id and what else tells them apart.
APART = """
    CREATE TEMP TABLE shared AS SELECT id FROM posts GROUP BY id HAVING count(*) > 1;
    UPDATE comments SET post = (
        SELECT substr(p.id || ' ' || p.apart, 1, 300) FROM posts p WHERE p.seq = comments.of
    ) WHERE post IN (SELECT id FROM shared);
    UPDATE posts SET id = substr(id || ' ' || apart, 1, 300) WHERE id IN (SELECT id FROM shared);
    CREATE TEMP TABLE twice AS SELECT raw FROM comments GROUP BY raw HAVING count(*) > 1;
    UPDATE comments SET id = substr(raw || ' ' || post, 1, 300)
        WHERE raw IN (SELECT raw FROM twice);
"""
AGAIN = [
    (
        "SELECT id FROM posts WHERE seq NOT IN (SELECT min(seq) FROM posts GROUP BY id)",
        "DELETE FROM posts WHERE seq NOT IN (SELECT min(seq) FROM posts GROUP BY id)",
        "post",
    ),
    (
        "SELECT id FROM comments WHERE seq NOT IN (SELECT min(seq) FROM comments GROUP BY id)",
        "DELETE FROM comments WHERE seq NOT IN (SELECT min(seq) FROM comments GROUP BY id)",
        "comment",
    ),
]


class Spool:
    """What one export holds. `counts` are the report's numbers; `faults` cannot be imported."""

    def __init__(self):
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.executescript(SCHEMA)
        self.database.execute("BEGIN")
        self.counts = dict.fromkeys(("posts", "drafts", "pages", "comments", "replies"), 0)
        self.labels = set()
        self.faults = []
        self.last_post = None

    def add(self, entry):
        """Take in what a reader yields."""
        if not isinstance(entry, Fault) and len(entry.its_id) > LONGEST_ID:
            kind = "comment" if isinstance(entry, CommentEntry) else entry.kind
            entry = Fault(entry.its_id[:40] + "…", kind, "its id is too long to keep")
        if isinstance(entry, Fault):
            self.faults.append(entry)
            self._count(entry.kind)
            if entry.kind != "comment":
                self.last_post = None  # what stood in it belongs to nothing else
        elif isinstance(entry, PostEntry):
            self._count(entry.kind)
            if entry.kind == "post" and entry.state != "published":
                self.counts["drafts"] += 1
            self.labels.update(entry.labels)
            row = (entry.its_id, entry.apart, _seconds(entry.begun), _packed(entry))
            self.last_post = self.database.execute(
                "INSERT INTO posts (id, apart, at, data) VALUES (?, ?, ?, ?)", row
            ).lastrowid
            self.database.executemany(
                "INSERT INTO addresses VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET sure = excluded.sure, of = excluded.of WHERE excluded.sure < sure",
                [(*address, self.last_post) for address in entry.addresses],
            )
        elif isinstance(entry, CommentEntry):
            self._count("comment")
            row = (entry.its_id, entry.its_id, entry.post, self.last_post, entry.parent)
            self.database.execute(
                "INSERT INTO comments (id, raw, post, of, parent, at, data)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, _seconds(entry.at), _packed(entry)),
            )
            if entry.writer:
                self.database.execute(
                    "INSERT OR IGNORE INTO signed VALUES (?, ?)", (entry.writer, entry.name)
                )

    def close(self, nested):
        """All is read. Tell apart what has one id; `nested`: comments stood within their post.

        WordPress files that were put together by hand give one id to several posts; what stood in
        a post is its own. Elsewhere a second entry with an id is the first one again.
        """
        self.database.executescript(INDEXES + (APART if nested else ""))
        for find, forget, kind in AGAIN:
            for (its_id,) in self.database.execute(find).fetchall():
                reason = "an earlier entry of the file has this id"
                self.faults.append(Fault(its_id, kind, reason))
            self.database.execute(forget)
        self.counts["replies"] = self.database.execute(
            "SELECT count(*) FROM comments WHERE parent <> ''"
            " AND parent IN (SELECT raw FROM comments)"
        ).fetchone()[0]

    def names(self, writers):
        """Return the names with which these accounts have signed comments: a set."""
        rows = self.database.execute("SELECT writer, name FROM signed")
        return {name for writer, name in rows if writer in writers}

    def posts(self, size):
        """Yield lists of up to `size` PostEntry, oldest first, each with the addresses it won."""
        query = "SELECT id, seq, data FROM posts ORDER BY at, seq"
        for rows in _in_lists(self.database.execute(query), size):
            batch = []
            for its_id, seq, data in rows:
                entry = _unpacked(PostEntry, data)
                entry.its_id = its_id
                entry.addresses = self.database.execute(
                    "SELECT path, query FROM addresses WHERE of = ? ORDER BY sure", (seq,)
                ).fetchall()
                batch.append(entry)
            yield batch

    def threads(self, size):
        """Yield lists of about `size` CommentEntry: whole threads, each in order of time.

        A parent is an earlier comment on the same post, or one that is not in the file.
        """
        query = (
            "SELECT c.id, c.post, c.parent, c.data, p.id, (p.at, p.seq) < (c.at, c.seq)"
            " FROM comments c LEFT JOIN comments p ON p.raw = c.parent AND p.post = c.post"
            " ORDER BY c.post, c.at, c.seq"
        )
        batch, last = [], None
        for its_id, post, parent, data, found, earlier in self.database.execute(query):
            if post != last and len(batch) >= size:
                yield batch
                batch = []
            last = post
            entry = _unpacked(CommentEntry, data)
            entry.its_id, entry.post = its_id, post
            if found:
                parent = found if earlier else ""
                if not earlier:
                    entry.warnings.append("It answers a later comment: it stands by itself.")
            entry.parent = parent
            batch.append(entry)
        if batch:
            yield batch

    def _count(self, kind):
        if kind:
            self.counts[f"{kind}s"] += 1


def _packed(entry):
    return json.dumps(entry.__dict__, default=datetime.isoformat)


def _unpacked(kind, data):
    values = json.loads(data)
    for name in ("at", "begun", "changed"):
        if values.get(name):
            values[name] = datetime.fromisoformat(values[name])
    return kind(**values)


def _seconds(at):
    return (at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


def _in_lists(rows, size):
    while batch := rows.fetchmany(size):
        yield batch
