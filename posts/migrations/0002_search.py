"""The search index that each database keeps beside posts_searchdocument, by itself."""

import unicodedata

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE posts_search USING fts5(
        title, name, text,
        content='posts_searchdocument', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2'
    )""",
    """CREATE TRIGGER posts_search_added AFTER INSERT ON posts_searchdocument BEGIN
        INSERT INTO posts_search (rowid, title, name, text)
        VALUES (new.id, new.title, new.name, new.text);
    END""",
    """CREATE TRIGGER posts_search_gone AFTER DELETE ON posts_searchdocument BEGIN
        INSERT INTO posts_search (posts_search, rowid, title, name, text)
        VALUES ('delete', old.id, old.title, old.name, old.text);
    END""",
    """CREATE TRIGGER posts_search_changed AFTER UPDATE ON posts_searchdocument BEGIN
        INSERT INTO posts_search (posts_search, rowid, title, name, text)
        VALUES ('delete', old.id, old.title, old.name, old.text);
        INSERT INTO posts_search (rowid, title, name, text)
        VALUES (new.id, new.title, new.name, new.text);
    END""",
]
# Accents need not be typed: Latin letters lose them on the way into the index (SQLite's tokenizer
# does that by itself), and combining ones, which translate() has nothing for, disappear.
BARE = {
    letter: unicodedata.normalize("NFD", letter)[0]
    for letter in map(chr, range(0xC0, 0x250))
    if unicodedata.normalize("NFD", letter)[0].isascii()
}
ACCENTED = "".join(BARE) + "".join(map(chr, range(0x300, 0x370)))
PLAIN = "".join(BARE.values())
# A tsvector holds at most one megabyte, so the longest texts are indexed as far as that goes.
POSTGRESQL = [
    f"""ALTER TABLE posts_searchdocument ADD COLUMN words tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', translate(title, '{ACCENTED}', '{PLAIN}')), 'A')
        || setweight(to_tsvector('english', translate(name, '{ACCENTED}', '{PLAIN}')), 'B')
        || setweight(
            to_tsvector('english', translate(left(text, 250000), '{ACCENTED}', '{PLAIN}')), 'C'
        )
    ) STORED""",
    "CREATE INDEX posts_search_words ON posts_searchdocument USING gin (words)",
]


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for trigger in ("added", "gone", "changed"):
            schema_editor.execute(f"DROP TRIGGER posts_search_{trigger}")
        schema_editor.execute("DROP TABLE posts_search")
    else:
        schema_editor.execute("ALTER TABLE posts_searchdocument DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
