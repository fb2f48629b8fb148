"""Ways to lose a comment: what happens to the database and in the program.

A table of faults × moments × everything that people write. Each ends with the words stored once, or
handed back, whole.
"""

import sqlite3
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from blogsite import html
from blogsite.views import bad_request, no_token, server_error
from comments.models import Comment
from tests.losing import (
    WAYS,
    WHOLE,
    Way,
    World,
    assert_handed_back,
    assert_stored,
    broken,
    is_handed_back,
    times_stored,
)

pytestmark = pytest.mark.django_db


def only_on(vendor):
    """Decorator for a test of what one database alone has; on the other there is no such test."""
    return lambda test: test if connection.vendor == vendor else None


@pytest.fixture
def world():
    return World()


# The database


FAULTS = {
    "locked": (OperationalError("database is locked"), 503),
    "deadlocked": (OperationalError("deadlock detected"), 503),
    "gone": (InterfaceError("connection already closed"), 503),
    "contradicting": (IntegrityError("UNIQUE constraint failed"), 500),
    "broken": (RuntimeError("the keel is off"), 500),
}
WORDS = "comments_(comment|commentrevision|complaint|amendmentrequest|letterboxdraft)"
MOMENTS = {
    "first asked": r"",
    "taking the thread": r'comments_(thread|rightofreply)"',
    "taking the words": rf'^(INSERT INTO|UPDATE) "{WORDS}"',
    "telling search": r'^INSERT INTO "posts_searchdocument"',
    "noting the act": r'^INSERT INTO "comments_act"',
    "writing the letter": r'^INSERT INTO "comments_letter"',
}


# Each fault at the moment that matters most; two of them, of which the program itself catches one
# in places, at every moment.
MET = [(fault, "taking the words") for fault in FAULTS]
MET += [(fault, moment) for fault in ("locked", "contradicting") for moment in MOMENTS]


@pytest.mark.parametrize("kind, moment", sorted(set(MET)))
@pytest.mark.parametrize("name", WAYS)
def test_whenever_the_database_has_whatever_fault(world, name, kind, moment):
    fault, status = FAULTS[kind]
    way = Way(name, world)

    with broken(fault, MOMENTS[moment]) as met:
        answer = way.send(WHOLE)

    if met:
        assert_handed_back(way, WHOLE, answer, status)
        assert ("Retry-After" in answer) == (status == 503)
        assert str(fault) not in answer.text
        answer = way.send(WHOLE)
    assert_stored(way, WHOLE, answer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", WAYS)
def test_a_database_that_goes_away_at_the_last_moment(name, monkeypatch):
    world = World()
    way = Way(name, world)
    with monkeypatch.context() as patch:

        def gone():
            raise OperationalError("server closed the connection unexpectedly")

        patch.setattr(connection, "_commit", gone)
        answer = way.send(WHOLE)

    assert_handed_back(way, WHOLE, answer, 503)
    assert_stored(way, WHOLE, way.send(WHOLE))


def test_a_page_that_is_only_read_says_when_to_come_back(world):
    with broken(OperationalError("database is locked"), ""):
        answer = world.reader.get("/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "can’t work just now" in answer.text
    assert "<textarea" not in answer.text


@pytest.mark.parametrize("page", [server_error, bad_request, no_token])
def test_a_page_that_hands_words_back_asks_nothing_of_the_database(
    rf, page, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = page(rf.post("/comments/on/fog-signals/", {"text": WHOLE}))

    assert is_handed_back(answer, WHOLE)


@only_on("sqlite")  # whose page limit it is
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", WAYS)
def test_a_full_disk(name):
    world = World()
    way = Way(name, world)
    text = WHOLE + "🜁" * 4000  # more than what is left of the last pages
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")

        answer = way.send(text)

        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert_handed_back(way, text, answer, 503)
    assert_stored(way, text, way.send(text))


@pytest.fixture
def occupied():
    """Call it to get a database in which somebody else is writing, who does not come to an end."""

    @contextmanager
    def by_another():
        if connection.vendor == "sqlite":
            connection.connection.execute("PRAGMA busy_timeout = 50")
            other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
        else:
            connection.cursor().execute("SET lock_timeout = 50")
            other = connection.copy()
            other.set_autocommit(False)
            other.cursor().execute("LOCK TABLE comments_thread, comments_rightofreply")
        try:
            yield
        finally:
            other.rollback()
            other.close()
            connection.close()

    return by_another


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", WAYS)
def test_a_database_that_somebody_else_holds(name, occupied):
    world = World()
    way = Way(name, world)
    with occupied():
        answer = way.send(WHOLE)

    assert_handed_back(way, WHOLE, answer, 503)
    assert_stored(way, WHOLE, way.send(WHOLE))


@only_on("postgresql")  # SQLite is no server
@pytest.mark.django_db(transaction=True)
def test_a_server_of_the_database_that_drops_everybody():
    world = World()
    way = Way("a comment", world)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.close()

    answer = way.send(WHOLE)

    assert is_handed_back(answer, WHOLE)
    assert answer.status_code == 503
    connection.close()  # as Django does after every request that met a fault
    assert_stored(way, WHOLE, way.send(WHOLE))


@pytest.mark.django_db(transaction=True)
def test_a_post_that_is_deleted_while_it_gets_a_comment(monkeypatch):
    world = World()
    way = Way("a comment", world)

    def slow(text):
        world.post.delete()
        return html.comment(text)

    monkeypatch.setitem(html.DOORS, "comment", slow)
    answer = way.send(WHOLE)

    assert answer.status_code == 500
    assert is_handed_back(answer, WHOLE)
    assert times_stored(WHOLE) == 0


# The program


def _break(*args, **kwargs):
    raise RuntimeError("the keel is off")


PARTS = {
    "the door": lambda patch: patch.setattr(html, "DOORS", dict.fromkeys(html.DOORS, _break)),
    "the search document": lambda patch: patch.setattr(Comment, "search_document", _break),
    "the queue of letters": lambda patch: patch.setattr(
        "comments.models.letter.Letter.enqueue", _break
    ),
    "the form": lambda patch: patch.setattr("django.forms.Form.full_clean", _break),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", WAYS)
def test_a_fault_in_a_part_of_the_program(world, name, part, monkeypatch):
    way = Way(name, world)
    with monkeypatch.context() as patch:
        PARTS[part](patch)
        answer = way.send(WHOLE)

    if answer.status_code != 302:  # it has to do with this part
        assert_handed_back(way, WHOLE, answer, 500)
        assert "keel" not in answer.text
        answer = way.send(WHOLE)
    assert_stored(way, WHOLE, answer)


@pytest.mark.parametrize("name", WAYS)
def test_a_fault_after_it_was_stored_hands_it_back_and_sent_again_it_is_there_once(
    world, name, monkeypatch
):
    way = Way(name, world)
    with monkeypatch.context() as patch:
        for module in ("views", "yours", "complaining", "letterbox", "claiming"):
            patch.setattr(f"comments.{module}.redirect", _break)
        answer = way.send(WHOLE)

    assert answer.status_code == 500
    assert is_handed_back(answer, WHOLE)
    assert_stored(way, WHOLE, way.send(WHOLE))


def test_a_fault_on_the_page_after_it_was_stored_leaves_it_there_once(world, monkeypatch):
    way = Way("a comment", world)
    answer = way.send(WHOLE)
    with monkeypatch.context() as patch:
        patch.setattr("comments.yours._page", _break)
        after = world.reader.get(answer["Location"])

    assert after.status_code == 500
    assert "data-acknowledged" not in after.text  # the browser keeps its draft
    assert_stored(way, WHOLE, way.send(WHOLE))


def test_a_fault_while_the_refused_form_is_shown_hands_the_words_back(world, monkeypatch):
    way = Way("a comment", world)
    monkeypatch.setattr("comments.views.render", _break)

    answer = way.browser.post(way.path, {**way.fields(WHOLE), "name": "Ines Harker"})

    assert_handed_back(way, WHOLE, answer, 500)
