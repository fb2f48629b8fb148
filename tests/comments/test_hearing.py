"""What a subject does with a reply that was sent: changed, insisted on, withdrawn, erased."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Act, Comment, Letter, Reply
from posts.models import SearchDocument
from tests import make
from tests.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post())


@pytest.fixture
def reply(right):
    """A reply that waits, and that the author asked to reconsider."""
    reply = right.receive("Otto Brandt was drunk.", role="pilot", url="https://example.org/")
    Reply.objects.filter(comment=reply).update(asked_at=timezone.now(), question="Must he be?")
    return reply


def again(one):
    return type(one).objects.get(pk=one.pk)


def verbs(right):
    return list(right.acts.order_by("pk").values_list("verb", flat=True))


def test_a_changed_reply_has_the_new_words_and_keeps_the_former_ones(right, reply):
    right.rewrite(reply, "<h3>Short</h3>Somebody was drunk.", role="pilot", url="")

    changed = again(reply)
    assert (changed.typed, changed.is_held, changed.url) == (
        *("<h3>Short</h3>Somebody was drunk.", True, ""),
    )
    assert changed.shown == "<h3>Short</h3><p>Somebody was drunk.</p>"
    assert [one.typed for one in reply.revisions.all()] == ["Otto Brandt was drunk."]
    assert "Somebody" in SearchDocument.objects.get(kind="comment", row=reply.pk).text


def test_a_changed_reply_waits_again_and_the_author_is_told(right, reply):
    right.rewrite(reply, "Somebody was drunk.", role="pilot")

    assert again(reply).reply.is_waiting
    assert verbs(right) == ["reply", "rewrite"]
    letter = Letter.objects.order_by("pk").last()
    assert letter.to == "ines@tidetable.example"
    assert f"/comments/comment/{reply.pk}/" in letter.body


def test_what_was_asked_stays_with_the_words_that_it_was_asked_about(right, reply):
    right.insist(reply)
    right.rewrite(reply, "Somebody was drunk.")
    Reply.objects.get(pk=reply.pk).ask_to_reconsider("Must anybody be?")
    right.rewrite(reply, "It was the ebb.")

    former = list(reply.revisions.values_list("typed", "question"))
    assert former == [
        ("Otto Brandt was drunk.", "Must he be?"),
        ("Somebody was drunk.", "Must anybody be?"),
    ]
    assert [one.insisted_at is not None for one in reply.revisions.all()] == [True, False]


def test_a_question_stays_where_only_the_signature_was_changed(right, reply):
    right.rewrite(reply, reply.typed, role="harbour pilot")

    assert reply.revisions.get().question == "Must he be?"
    assert again(reply).reply.is_waiting


def test_that_the_former_words_were_read_is_not_said_of_the_changed_ones(right, reply):
    Reply.objects.filter(pk=reply.pk).update(acknowledged_at=timezone.now())
    right.rewrite(reply, "Somebody was drunk.")
    assert again(reply).reply.acknowledged_at is None

    again(reply).reply.acknowledge()
    Comment.objects.filter(pk=reply.pk).update(edited_at=timezone.now() - timedelta(days=1))
    right.rewrite(reply, "It was the ebb.")
    Comment.objects.filter(pk=reply.pk).update(edited_at=timezone.now() + timedelta(seconds=5))
    again(reply).reply.acknowledge()

    assert Letter.objects.filter(key__startswith="acknowledge reply").count() == 2


def test_a_reply_changed_twice_over_in_the_same_words_is_changed_once(right, reply):
    for _ in range(2):
        right.rewrite(reply, "Somebody was drunk.")

    assert verbs(right) == ["reply", "rewrite"]
    assert reply.revisions.count() == 1


def test_a_reply_sent_again_unchanged_is_to_stand_as_it_is(right, reply):
    right.rewrite(reply, reply.typed, role="pilot", url="https://example.org/")

    assert verbs(right) == ["reply", "insist"]


@pytest.mark.parametrize("happens", ["publish", "remove", "erase"])
def test_a_reply_that_does_not_wait_is_not_changed(right, reply, happens):
    getattr(reply, happens)()

    with pytest.raises(ValueError, match="waiting"):
        right.rewrite(reply, "Somebody was drunk.")

    assert "Somebody" not in again(reply).typed
    assert "rewrite" not in verbs(right)


def test_a_subject_insists_once_and_the_author_is_told(right, reply):
    for _ in range(2):
        right.insist(reply)

    more = again(reply).reply
    assert (more.is_waiting, more.insisted_at is not None) == (True, True)
    assert more.question == "Must he be?"
    assert verbs(right) == ["reply", "insist"]
    assert Letter.objects.filter(key__startswith="insist").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_change_and_an_insistence_at_once_each_is_whole():
    make.blog()
    right = make.right(make.post())
    reply = right.receive("Otto Brandt was drunk.")
    Reply.objects.create(comment=reply, asked_at=timezone.now(), question="Must he be?")
    acts = [lambda: right.insist(reply), lambda: right.rewrite(reply, "Somebody was drunk.")]

    together(4, lambda n: acts[n % 2]())

    assert again(reply).typed == "Somebody was drunk."
    assert verbs(right).count("rewrite") == 1
    assert verbs(right).count("insist") <= 1


@pytest.mark.parametrize("verb", ["insist", "withdraw", "erase_reply"])
def test_nobody_does_anything_with_the_reply_of_another(right, reply, verb):
    other = make.right(right.post, make.subject("Otto Brandt"))

    with pytest.raises(Comment.DoesNotExist):
        getattr(other, verb)(reply)

    assert again(reply).is_held


def test_a_withdrawn_reply_leaves_a_tombstone_that_says_who(right, reply, client):
    reply.publish()
    for _ in range(2):
        right.withdraw(reply)

    page = client.get(right.post.get_absolute_url()).content.decode()

    assert "Withdrawn by the person this post is about on" in page
    assert "Otto Brandt" not in page
    act = Act.objects.get(verb="remove")
    assert (act.role, act.right, act.by) == ("subject", right, None)


def test_a_reply_that_waits_can_be_withdrawn_and_said_again(right, reply):
    right.withdraw(reply)

    second = right.receive(reply.typed)

    assert second.pk != reply.pk
    assert (again(reply).state, second.is_held) == ("removed", True)


def test_a_reply_withdrawn_on_a_page_from_before_it_was_declined_stays_unpublished(right, reply):
    page = right.letterbox.removeprefix("http://testserver")
    Reply.of(again(reply)).decline("It names a child.")

    sent = {"do": "withdraw", "reply": reply.pk, "sure": "1"}
    for _twice in range(2):
        answer = Client().post(page, sent, follow=True).content.decode()

    assert "nobody can publish it any more" in answer
    assert "Your reply is withdrawn. Where it stood" not in answer
    assert verbs(right)[-2:] == ["decline_reply", "remove"]
    with pytest.raises(ValueError, match="taken it back"):
        Reply.of(again(reply)).publish()


def test_what_comes_after_a_withdrawn_reply_is_a_reply_of_its_own(right, reply):
    reply.publish()
    right.withdraw(reply)

    assert right.receive("I say it otherwise.").parent is None


def test_of_an_erased_reply_nothing_is_left_that_says_what_or_who(right, reply):
    right.rewrite(reply, "Somebody was drunk.", role="harbour pilot", url="https://example.org/")
    for _ in range(2):
        right.erase_reply(reply)

    erased = again(reply)
    assert erased.is_erased
    assert (erased.reply.role, erased.reply.question) == ("", "")
    assert not erased.revisions.exists()
    assert verbs(right).count("erase") == 1


def test_readers_are_not_told_of_a_change_before_it_was_published(right, reply, client):
    right.rewrite(reply, "Somebody was drunk.")
    again(reply).publish()

    page = client.get(right.post.get_absolute_url()).content.decode()

    assert "Somebody was drunk." in page
    assert 'class="edited"' not in page


def test_a_role_and_a_link_are_stored_with_the_reply(right, reply):
    assert (again(reply).url, again(reply).reply.role) == ("https://example.org/", "pilot")


def test_a_reply_sent_twice_keeps_the_role_of_the_first(right):
    for role in ("pilot", "master"):
        reply = right.receive("I waited.", role=role)

    assert again(reply).reply.role == "pilot"
