"""Secret addresses tell a stranger nothing: whatever is tried, the answer is one and the same.

Guessed, cut, lengthened, replaced by a newer link, another row's, another kind's: the page is the
same to the last byte, and the database is asked the same.
"""

import re

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blogsite import secret_links
from comments.models import Claim, Comment, Commenter, RightOfReply, Subject, Subscription
from tests import make, model_case

pytestmark = pytest.mark.django_db

WORDS = {"text": "Seven fathoms at the bell.", "do": "withdraw", "email": "x@example.com"}


@pytest.fixture
def case():
    case = model_case.tell()
    case.subscription = make.subscription(case.good)
    case.claim = Claim.objects.create(post=case.source, name="Maud", email="maud@example.com")
    return case


def _row(case, name):
    """Return (model, kind of the secret, row) of the address that is tried."""
    return {
        "reply": (RightOfReply, "reply", case.right),
        "yours": (Commenter, "yours", case.good.commenter),
        "decide": (Comment, "decide", case.held),
        "confirm": (Subscription, "confirm", case.subscription),
        "claim": (Claim, "claim", case.claim),
        "stop": (Subscription, "stop", case.subscription),
        "stop_post": (RightOfReply, "stop-post", case.right),
        "stop_all": (Subject, "stop-all", case.right.subject),
    }[name]


PREFIX = {
    "reply": "/reply/",
    "yours": "/yours/",
    "decide": "/decide/",
    "confirm": "/confirm/",
    "claim": "/confirm/",
    "stop": "/stop/",
    "stop_post": "/stop/",
    "stop_all": "/stop/",
}


def attempts(kind, row):
    """Return {what a stranger tries: the secret}; none of them opens anything."""
    good = secret_links.derive(kind, row.pk, getattr(row, "serial", 1))
    return {
        "guessed": f"{row.pk:x}-{'A' * 22}",
        "guessed for no row": f"fffff-{'A' * 22}",
        "cut": good[:-1],
        "cut to its row": good.partition("-")[0],
        "lengthened": f"{good}A",
        "replaced": secret_links.derive(kind, row.pk, getattr(row, "serial", 1) + 7),
        "another row's": f"{row.pk + 1:x}-{good.partition('-')[2]}",
        "another kind's": secret_links.derive("something else", row.pk, 1),
        "no secret": "hello",
    }


def answer(method, path):
    """Return what a stranger gets and how: status, headers, page without the path, queries."""
    send = getattr(Client(), method)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = send(path, WORDS) if method == "post" else send(path)
    page = response.text.replace(path, "PATH").replace(path.rstrip("/"), "PATH")
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    headers["Content-Security-Policy"] = re.sub(
        r"nonce-[^']+", "nonce", headers.get("Content-Security-Policy", "")
    )
    page = re.sub(r'nonce="[^"]+"', "", page)
    queries = [re.sub(r"\d+|'[^']*'", "?", query["sql"]) for query in asked]
    return response.status_code, headers, page, queries


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", PREFIX)
def test_a_stranger_learns_nothing_from_a_wrong_secret(case, name, method):
    _, kind, row = _row(case, name)
    answers = {
        what: answer(method, f"{PREFIX[name]}{secret}/")
        for what, secret in attempts(kind, row).items()
    }

    first = answers["guessed"]
    for what, got in answers.items():
        assert got == first, what


SERIAL = ("reply", "yours", "confirm", "claim", "stop")
"""Those that a higher serial replaces; the others end with what they are about."""


@pytest.mark.parametrize("name", SERIAL)
def test_a_link_that_was_replaced_is_like_one_that_never_was(case, name):
    model, kind, row = _row(case, name)
    good = secret_links.derive(kind, row.pk, row.serial)
    never = f"{row.pk:x}-{'A' * 22}"
    path = PREFIX[name]
    assert answer("get", f"{path}{good}/")[2] != answer("get", f"{path}{never}/")[2]

    model.objects.filter(pk=row.pk).update(serial=F("serial") + 1)

    assert answer("get", f"{path}{good}/") == answer("get", f"{path}{never}/")
