"""The letterbox says where letters go, and ends them."""

import pytest
from django.test import Client

from tests import make
from tests.comments.test_letterbox import path, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post())


@pytest.fixture
def subject(right):
    return Client(enforce_csrf_checks=True)


def press(client, right, do, **more):
    response = client.post(path(right), {"do": do, **more}, follow=True)
    right.refresh_from_db()
    right.subject.refresh_from_db()
    return response


def test_the_page_says_where_letters_go_so_that_only_its_owner_knows(subject, right):
    page = words(subject.get(path(right)))

    assert "goes to m…@example.com" in page
    assert "maud@example.com" not in page


def test_the_page_says_that_no_letters_go_where_no_address_is_known(subject):
    right = make.right(make.post(), make.subject("Otto Brandt", email=""))

    assert "no letters go to you" in words(subject.get(path(right)))


def test_letters_about_a_post_are_stopped_and_wanted_again(subject, right):
    assert "You get no more letters" in words(press(subject, right, "stop"))
    assert right.stopped_at is not None

    assert "You get letters about this post again" in words(press(subject, right, "resume"))
    assert right.stopped_at is None


def test_letters_that_were_all_stopped_are_wanted_again(subject, right):
    right.subject.stop_letters()
    assert "sends no letters at all" in words(subject.get(path(right)))

    press(subject, right, "resume-all")

    assert right.subject.stopped_at is None


def test_having_letters_about_one_post_again_takes_back_no_more_than_that(subject, right):
    right.stop_letters()
    right.subject.stop_letters()

    press(subject, right, "resume")

    assert right.stopped_at is None
    assert right.subject.stopped_at is not None


def test_an_address_is_erased_when_somebody_is_sure(subject, right):
    press(subject, right, "forget")
    assert right.subject.email == "maud@example.com"

    press(subject, right, "forget", sure="yes")

    assert right.subject.email == ""
    assert "no letters go to you" in words(subject.get(path(right)))


def test_whose_e_mail_is_not_known_learns_how_to_leave_one(right):
    right.subject.forget_email()

    page = Client().get(path(right)).text

    assert f'href="{right.post.get_about_you_url()}"' in page
