"""Ways to lose a comment: what is sent, how it is sent, and how much of it comes.

Each ends with the words stored once, or handed back, whole; or, where nothing could be read, with
a page that says that they are in the form still.
"""

import io
from urllib.parse import urlencode

import pytest
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from blogsite.wsgi import application
from tests.losing import (
    WAYS,
    WHOLE,
    Way,
    World,
    assert_handed_back,
    assert_stored,
    broken,
    browser,
    is_handed_back,
    times_stored,
)

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def world():
    return World()


# What is sent, and how


def sent(way, text, content_type=FORM, body=None, **how):
    """Send as a browser does, urlencoded; or a `body` of another sort."""
    body = urlencode(way.fields(text)) if body is None else body
    return way.browser.generic("POST", way.path, body, content_type, **how)


@pytest.mark.parametrize("name", WAYS)
def test_a_form_arrives_in_either_encoding(world, name):
    way = Way(name, world)

    assert_stored(way, WHOLE, sent(way, WHOLE))
    assert_stored(way, WHOLE, way.send(WHOLE))  # the tests' own browser sends it in parts


@pytest.mark.parametrize("name", WAYS)
def test_an_address_without_its_last_slash_takes_a_form_too(world, name):
    way = Way(name, world)
    way.path = way.path.rstrip("/")

    assert_stored(way, WHOLE, way.send(WHOLE))


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("path", ["/", "/nothing/", "/comments/", "/comments/on/a/b/"])
def test_an_address_that_takes_no_form_hands_it_back(world, name, path):
    way = Way(name, world)
    way.path = path

    answer = way.send(WHOLE)

    assert answer.status_code in (403, 404)
    assert is_handed_back(answer, WHOLE)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_what_is_no_post_stores_nothing(world, name, method):
    way = Way(name, world)

    answer = getattr(way.browser, method)(way.path, way.fields(WHOLE))

    assert answer.status_code == (200 if method == "get" else 405)  # no form of ours asks for it
    assert world.rows() == world.began


@pytest.mark.parametrize("name", WAYS)
def test_too_many_fields_are_refused_and_the_words_are_handed_back(world, name):
    way = Way(name, world)
    more = "&".join(f"x{number}=1" for number in range(1100))

    answer = sent(way, WHOLE, body=f"{more}&{urlencode(way.fields(WHOLE))}")

    assert_handed_back(way, WHOLE, answer, 400)


def assert_to_go_back_for(way, answer):
    """Nothing is stored, and the page says that the words are in the form still."""
    assert answer.status_code == 400
    assert "Go back in your browser" in answer.text or "go back in your browser" in answer.text
    assert "<textarea" not in answer.text
    assert way.world.rows() == way.world.began
    assert answer["Cache-Control"].startswith("no-store")
    assert answer["Referrer-Policy"] == ("no-referrer" if way.is_secret else "same-origin")


@pytest.mark.parametrize("name", WAYS)
def test_what_is_too_large_to_be_read_is_in_the_form_still(world, name):
    way = Way(name, world)

    answer = sent(way, "x" * 6_000_000)

    assert_to_go_back_for(way, answer)
    assert "too large" in answer.text


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("fault", ["too many", "too large", "no parts"])
def test_a_form_in_parts_that_cannot_be_read_is_in_the_form_still(world, name, fault):
    way = Way(name, world)
    more = {f"x{number}": 1 for number in range(1100)} if fault == "too many" else {}
    text = "x" * 6_000_000 if fault == "too large" else WHOLE
    body = encode_multipart(
        "here" if fault == "no parts" else BOUNDARY, {**way.fields(text), **more}
    )
    how = "multipart/form-data" if fault == "no parts" else MULTIPART_CONTENT

    assert_to_go_back_for(way, sent(way, text, how, body))


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "nonsense", ""])
def test_a_body_that_is_called_no_form_is_handed_back_as_it_came(world, name, content_type):
    way = Way(name, world)

    assert_handed_back(way, WHOLE, sent(way, WHOLE, content_type, WHOLE), 400)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "koi8-r"])
def test_a_form_in_another_charset_is_handed_back(world, name, charset):
    way = Way(name, world)
    text = "Только слова." if charset == "koi8-r" else "Façade, </textarea> naïve."
    body = urlencode(way.fields(text), encoding=charset)

    answer = sent(way, text, f"{FORM}; charset={charset}", body)

    if charset == "utf-16":
        assert answer.status_code == 400
        assert world.rows() == world.began
    else:
        assert_handed_back(way, text, answer, 400)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize(
    "bytes, kept", [(b"%FF", "\ufffd"), (b"%ED%A0%80", "\ufffd\ufffd\ufffd"), (b"\xff", "ÿ")]
)
def test_bytes_that_are_no_letters_take_no_others_along(world, name, bytes, kept):
    way = Way(name, world)
    body = urlencode(way.fields("before MARK after")).encode().replace(b"MARK", bytes)

    assert_stored(way, f"before {kept} after", sent(way, "", body=body))


def test_half_a_character_is_handed_back_as_a_question_mark(world):
    way = Way("a comment", world)
    body = encode_multipart(BOUNDARY, {"text": "before +2AA- after"})

    answer = sent(way, "", f"{MULTIPART_CONTENT}; charset=utf-7", body)

    assert_handed_back(way, "before ? after", answer, 500)


@pytest.mark.parametrize("host", ["evil.example", "a b", ""])
def test_a_host_that_is_not_ours_hands_the_words_back(world, host):
    way = Way("a comment", world)

    assert_handed_back(way, WHOLE, sent(way, WHOLE, headers={"Host": host}), 400)


# The connection


@pytest.fixture
def ask():
    """Call it to let the whole application have a request; as Django's own client does it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield _ask
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _ask(way, body, **how):
    """Return (status, text) of the answer to a request with this much of a body."""
    said = []
    environ = way.browser._base_environ(
        PATH_INFO=way.path,
        REQUEST_METHOD="POST",
        CONTENT_TYPE=FORM,
        HTTP_ORIGIN="http://testserver",
        **{"wsgi.input": io.BytesIO(body), **how},
    )
    parts = application(environ, lambda status, headers: said.append(status))
    text = b"".join(parts).decode()
    return int(said[0].split()[0]), text


@pytest.mark.parametrize("name", WAYS)
def test_half_of_what_was_sent_is_not_taken_for_the_whole(world, name, ask):
    way = Way(name, world)
    body = urlencode({**way.fields("The first half. The second half."), "end": "1"}).encode()

    status, text = ask(way, body[:-20], CONTENT_LENGTH=str(len(body)))

    assert status == 400
    assert "go back in your browser" in text
    assert world.rows() == world.began


@pytest.mark.parametrize("name", [name for name in WAYS if "author" not in name])
def test_what_came_whole_is_taken(world, name, ask):
    way = Way(name, world)
    body = urlencode(way.fields(WHOLE)).encode()

    assert ask(way, body, CONTENT_LENGTH=str(len(body)))[0] == 302
    assert times_stored(WHOLE) == 1


def test_a_body_whose_length_nobody_told_is_in_the_form_still(world, ask):
    way = Way("a comment", world)

    status, text = ask(way, urlencode(way.fields(WHOLE)).encode(), HTTP_TRANSFER_ENCODING="chunked")

    assert status == 400
    assert "go back in your browser" in text
    assert world.rows() == world.began


# The desk


@pytest.mark.parametrize("fault", ["no token", "database"])
def test_what_the_author_types_at_the_desk_is_handed_back_too(world, fault):
    path = f"/admin/posts/post/{world.post.pk}/change/"
    text = f"<p>Twice.</p>{WHOLE}"
    if fault == "database":
        world.author.handler.enforce_csrf_checks = False
    with broken(OperationalError("database is locked"), "" if fault == "database" else "never"):
        answer = world.author.post(path, {"text": text, "reprints-0-introduction": WHOLE})

    assert answer.status_code == {"no token": 403, "database": 503}[fault]
    assert is_handed_back(answer, text)
    assert is_handed_back(answer, WHOLE)


def test_a_password_is_handed_back_by_no_page(world):
    answer = browser().post("/admin/login/", {"username": "ines", "password": "tide tables"})

    assert answer.status_code == 403
    assert "tide tables" not in answer.text
