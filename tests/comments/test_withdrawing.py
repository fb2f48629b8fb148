"""Requests for an amendment that whoever asked sends again otherwise, takes back, or erases."""

import pytest
from django.test import Client

from comments.models import Act, AmendmentRequest, Letter
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post("Fog", "<p>On the flood.</p>"))


@pytest.fixture
def asked(right):
    return right.ask("It was the ebb.", words="On the flood.", wanted="On the ebb.", public=True)


def again(request):
    return AmendmentRequest.objects.get(pk=request.pk)


def verbs(right):
    return list(right.acts.order_by("pk").values_list("verb", flat=True))


def page(right):
    return Client().get(right.post.get_absolute_url()).content.decode()


# Asked again


def test_a_request_is_private_where_nothing_else_is_said(right):
    assert not right.ask("It was the ebb.").public


@pytest.mark.parametrize("first", [True, False])
def test_the_same_words_sent_once_more_are_as_public_as_they_were_sent_last(right, first):
    request = right.ask("It was the ebb.", public=first)
    second = right.ask("It was the ebb.", public=not first)

    assert (second, second.is_switched) == (request, True)
    assert again(request).public is not first
    assert verbs(right) == ["ask", "ask"]
    assert Letter.objects.count() == 1


def test_the_same_words_sent_twice_alike_are_asked_once(right, asked):
    second = right.ask("It was the ebb.", words="On the flood.", wanted="On the ebb.", public=True)

    assert (second, second.is_switched, verbs(right)) == (asked, False, ["ask"])


# Withdrawn


def test_a_withdrawn_request_awaits_no_decision_and_gets_none(right, asked):
    for _ in range(2):
        asked.withdraw()

    row = again(asked)
    assert (row.is_withdrawn, row.is_decided, row.log_entry) == (True, False, None)
    assert not AmendmentRequest.objects.awaiting_decision().exists()
    assert verbs(right) == ["ask", "withdraw_request"]
    with pytest.raises(ValueError, match="decided"):
        row.decline("No.")


def test_a_decided_request_is_not_withdrawn(asked):
    asked.decline("It was the flood.")
    asked.withdraw()

    assert again(asked).state == "declined"


def test_of_a_withdrawn_request_readers_see_that_it_was(right, asked):
    right.receive("I was there.").publish()
    asked.withdraw()

    shown = page(right)

    assert "Withdrawn by the person on" in shown
    assert "It was the ebb." not in shown


def test_of_a_withdrawn_request_that_was_never_shown_readers_see_nothing(right, asked):
    asked.withdraw()

    assert "Withdrawn" not in page(right)


def test_what_was_withdrawn_can_be_asked_again(right, asked):
    asked.withdraw()

    assert right.ask("It was the ebb.", words="On the flood.", wanted="On the ebb.").pk != asked.pk


# Erased


def test_who_asked_erases_their_words_and_closes_the_request_thereby(right, asked):
    for _ in range(2):
        asked.erase(role=Act.Role.SUBJECT)

    row = again(asked)
    assert (row.words, row.wrong, row.wanted) == ("", "", "")
    assert (row.is_withdrawn, row.is_erased, row.decided_at) == (True, True, row.erased_at)
    assert verbs(right) == ["ask", "withdraw_request", "erase_request"]
    assert set(right.acts.values_list("role", flat=True)) == {"subject"}
    assert not Letter.objects.filter(key__startswith="erased request").exists()


def test_of_a_decided_request_the_decision_stays_when_its_words_are_erased(asked):
    asked.decline("It was the flood.")
    asked.erase(role=Act.Role.SUBJECT)

    assert (again(asked).state, again(asked).reasons) == ("declined", "")
