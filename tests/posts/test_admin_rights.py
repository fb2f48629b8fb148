"""People within a post's form: a right of reply is one person's, and stays once it was used."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from comments.models import Act, RightOfReply
from tests import make
from tests.desk import list_of, page_of, rows, staff, typed

pytestmark = pytest.mark.django_db

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)


@pytest.fixture
def right():
    return make.right(make.post(published=OLD), tell=False)


def used(right, how):
    """Let something be behind `right`, so that it is not to be deleted."""
    if how == "told":
        RightOfReply.objects.filter(pk=right.pk).update(told_at=OLD)
    elif how == "reply":
        right.receive("It was not me.")
    elif how == "request":
        right.requests.create(wrong="All of it.")
    elif how == "act":
        right.renew_link()


def sent(right, **more):
    row = {"id": right.pk, "subject": right.subject_id, **more}
    return typed("_save", right.post, **rows("rights", row))


def test_what_one_person_said_never_comes_to_stand_under_another(desk, right):
    right.receive("It was not me.").publish()
    stranger = make.subject("Otto Brandt")

    answer = desk.post(page_of(right.post), sent(right, subject=stranger.pk, part="the pilot"))

    assert answer.status_code == 302
    right.refresh_from_db()
    assert right.name == "Maud Tarrant"
    assert right.part == "the pilot"


@pytest.mark.parametrize("how", ["told", "reply", "request", "act"])
def test_a_right_that_was_used_is_not_deleted_and_the_form_says_why(desk, right, how):
    used(right, how)

    answer = desk.post(page_of(right.post), sent(right, DELETE="on") | {"title": "Typed"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Maud Tarrant has been told, or has spoken: this stays on record." in page
    assert 'value="Typed"' in page
    assert RightOfReply.objects.filter(pk=right.pk).exists()


def test_a_right_with_nothing_behind_it_is_deleted(desk, right):
    desk.post(page_of(right.post), sent(right, DELETE="on"))

    assert not RightOfReply.objects.exists()


@pytest.mark.parametrize("how", ["told", "reply", "request", "act", "nothing"])
def test_on_its_own_page_too_only_an_unused_right_is_deleted(desk, right, how):
    used(right, how)

    answer = desk.post(
        reverse("admin:comments_rightofreply_delete", args=[right.pk]), {"post": "yes"}
    )

    assert answer.status_code == (302 if how == "nothing" else 403)
    assert RightOfReply.objects.exists() is (how != "nothing")
    assert "delete_selected" not in desk.get(list_of(RightOfReply)).content.decode()
    assert Act.objects.filter(verb="renew_link").exists() is (how == "act")


def test_requests_are_shown_to_those_who_may_see_requests_alone(client, right):
    right.requests.create(wrong="Between you and me.", public=False)
    looker = staff("view_post", "view_rightofreply")
    clerk = staff("view_post", "view_rightofreply", "view_amendmentrequest", username="clerk")

    for thing in (right.post, right):
        client.force_login(looker)
        assert "Between you and me." not in client.get(page_of(thing)).content.decode()
        client.force_login(clerk)
        assert "Between you and me." in client.get(page_of(thing)).content.decode()


def test_djangos_own_history_keeps_no_name_of_a_person(desk, right):
    desk.post(page_of(right.post), sent(right, unnamed="on", tell="on"))
    right.refresh_from_db()
    assert right.unnamed
    desk.post(page_of(right), {"shown_name": "The pilot", "tell": "on"})
    desk.post(page_of(right.subject), {"name": "Maud T.", "email": "maud@example.com"})

    told = " ".join(f"{one.object_repr} {one.change_message}" for one in LogEntry.objects.all())
    assert "Maud" not in told
