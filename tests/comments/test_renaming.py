"""Names of subjects: one that is to be seen no more is nowhere."""

import pytest

from comments.models import Comment
from posts.models import SearchDocument
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply():
    made = make.right(make.post("The bell")).receive("It was not so.")
    made.publish()
    return made


def names(reply):
    """Return the names that stand with the reply: in its row, and in the search."""
    document = SearchDocument.objects.get(kind=SearchDocument.Kind.COMMENT, row=reply.pk)
    return Comment.objects.get(pk=reply.pk).name, document.name


def test_who_shall_not_be_named_any_more_is_named_nowhere(client, reply):
    right = reply.right
    right.unnamed = True
    right.save()

    assert set(names(reply)) == {"A person not named here"}
    for address in (right.post.get_absolute_url(), "/comments/", "/feed/comments/"):
        assert "Maud Tarrant" not in client.get(address).content.decode()


def test_a_name_as_readers_see_it_is_that_of_the_replies(reply):
    reply.right.shown_name = "The keeper"
    reply.right.save()

    assert set(names(reply)) == {"The keeper"}


def test_another_name_of_the_subject_is_that_of_the_replies(reply):
    subject = reply.right.subject
    subject.name = "Maud Brandt"
    subject.save()

    assert set(names(reply)) == {"Maud Brandt"}


def test_another_name_of_the_subject_does_not_touch_one_that_readers_see_instead(reply):
    reply.right.shown_name = "The keeper"
    reply.right.save()
    subject = reply.right.subject
    subject.name = "Maud Brandt"
    subject.save()

    assert set(names(reply)) == {"The keeper"}


def test_an_erased_reply_stays_without_a_name(reply):
    reply.erase()
    subject = reply.right.subject
    subject.name = "Maud Brandt"
    subject.save()

    assert Comment.objects.get(pk=reply.pk).is_erased


def test_a_form_that_writes_other_fields_alone_renames_nothing(reply):
    right = reply.right
    right.shown_name, right.part = "The keeper", "pilot"
    right.save(update_fields=["part"])

    assert set(names(reply)) == {"Maud Tarrant"}
