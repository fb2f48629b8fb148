"""Logs: no line holds a secret, however it got into the record."""

import logging

import pytest

from blogsite.logs import NoSecrets

SECRET = "25-AAAAAAAAAAAAAAAAAAAAAA"
WAYS = ["yours", "reply", "decide", "confirm", "stop"]


def line(message, *arguments, fault=None):
    """Return what stands in the log for a message."""
    exc_info = (type(fault), fault, None) if fault else None
    record = logging.LogRecord("django", 20, "", 0, message, arguments, exc_info)
    assert NoSecrets().filter(record)
    return logging.Formatter().format(record)


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_in_an_argument_is_blacked_out(way):
    assert line("%s %s", "Not Found", f"/{way}/{SECRET}/") == f"Not Found /{way}/***/"


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_in_a_message_is_blacked_out(way):
    written = line(f'"GET /{way}/{SECRET}/?a=1 HTTP/1.1" 200')

    assert written == f'"GET /{way}/***/?a=1 HTTP/1.1" 200'


@pytest.mark.parametrize("ending", ["", "/", "?a=1", "#a", " HTTP/1.1", '"', "'", "&b"])
def test_a_secret_is_blacked_out_whatever_follows(ending):
    assert SECRET not in line(f"http://blog.example/reply/{SECRET}{ending}")


def test_each_secret_of_a_line_is_blacked_out():
    assert SECRET not in line(
        "%s from %s", f"/reply/{SECRET}/", f"http://b.example/reply/{SECRET}/"
    )


def test_a_secret_in_a_traceback_is_blacked_out():
    written = line("Internal Server Error", fault=ValueError(f"no /decide/{SECRET}/ here"))

    assert "no /decide/***/ here" in written


def test_other_lines_stay_as_they_are():
    assert line("%s sent %d letters", "tick", 3) == "tick sent 3 letters"
    assert line("GET /2019/08/reply-of-the-week/") == "GET /2019/08/reply-of-the-week/"
    assert line("100% of nothing") == "100% of nothing"
