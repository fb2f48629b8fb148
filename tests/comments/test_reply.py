"""A subject's reply, as it is decided: let through, asked about, or declined with reasons."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Act, Comment, Letter, Reply
from posts.models import Blog
from tests import make
from tests.stored import everything_stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make.author()


@pytest.fixture
def reply():
    """The row of a reply that waits."""
    comment = make.right(make.post("Fog")).receive("It was the ebb.")
    return Reply.of(comment)


def again(reply):
    return Reply.objects.select_related("comment").get(pk=reply.pk)


def letters():
    return [letter.key.split()[0] for letter in Letter.objects.order_by("pk")]


def verbs():
    return list(Act.objects.order_by("pk").values_list("verb", flat=True))


def rewritten(reply):
    """Let the words have come in anew, later than everything before."""
    later = timezone.now() + timedelta(seconds=1)
    Comment.objects.filter(pk=reply.pk).update(edited_at=later)
    return again(reply)


def insisted(reply):
    Reply.objects.filter(pk=reply.pk).update(insisted_at=timezone.now())
    return again(reply)


# Acknowledging


def test_acknowledging_tells_the_subject_by_when_there_is_a_decision(reply, author):
    reply.acknowledge(by=author)

    promised = reply.promise(Blog.current()).decide_by
    letter = Letter.objects.get()
    assert letter.to == "maud@example.com"
    assert f"a decision by {promised.day} " in letter.body
    act = Act.objects.latest("pk")
    assert (act.verb, act.by, act.comment, act.right, act.note) == (
        *("acknowledge", author, reply.comment, reply.comment.right, ""),
    )


def test_acknowledging_twice_is_once(reply, author):
    reply.acknowledge(by=author)
    moment = again(reply).acknowledged_at

    again(reply).acknowledge(by=author)

    assert again(reply).acknowledged_at == moment
    assert verbs().count("acknowledge") == len(letters()) == 1


def test_what_is_decided_is_not_acknowledged_any_more(reply, author):
    reply.publish(by=author)

    reply.acknowledge(by=author)

    assert again(reply).acknowledged_at is None


# Publishing


def test_a_reply_is_published_as_it_is_and_the_subject_is_told(reply, author):
    reply.publish(by=author)

    comment = again(reply).comment
    assert (comment.is_published, comment.typed) == (True, "It was the ebb.")
    letter = Letter.objects.get()
    assert f"/comments/{comment.pk}/" in letter.body


def test_publishing_twice_is_one_letter_and_one_act(reply, author):
    reply.publish(by=author)
    again(reply).publish(by=author)

    assert (letters(), verbs()) == (["published"], ["reply", "publish"])


def test_what_was_taken_back_is_not_the_authors_to_publish(reply, author):
    reply.comment.remove(role=Act.Role.SUBJECT, reason="asked")

    with pytest.raises(ValueError, match="taken it back"):
        again(reply).publish(by=author)

    assert not again(reply).comment.is_published


# Asking to reconsider


def test_asking_to_reconsider_sends_the_reason_and_stops_the_clock(reply, author):
    reply.ask_to_reconsider("You name a child.", by=author)

    row = again(reply)
    assert (row.is_with_subject, row.is_waiting, row.promise(Blog.current())) == (True, False, None)
    letter = Letter.objects.get()
    assert "You name a child." in letter.body
    assert Letter.LETTERBOX in letter.body
    act = Act.objects.latest("pk")
    assert (act.verb, act.comment, act.note) == ("ask_to_reconsider", reply.comment, "")


def test_who_asks_has_read_it(reply, author):
    reply.ask_to_reconsider("You name a child.", by=author)

    assert again(reply).acknowledged_at == again(reply).asked_at


def test_one_version_is_asked_about_once(reply, author):
    reply.ask_to_reconsider("You name a child.", by=author)

    with pytest.raises(ValueError, match="now"):
        again(reply).ask_to_reconsider("And another thing.", by=author)

    assert again(reply).question == "You name a child."


def test_the_same_question_sent_twice_is_one(reply, author):
    reply.ask_to_reconsider("You name a child.", by=author)
    again(reply).ask_to_reconsider("You name a child.", by=author)

    assert (letters(), verbs()) == (["reconsider"], ["reply", "ask_to_reconsider"])


def test_a_question_needs_words(reply):
    with pytest.raises(ValueError, match="why"):
        reply.ask_to_reconsider(" \n")


def test_a_changed_reply_waits_anew_and_can_be_asked_about_again(reply, author):
    reply.ask_to_reconsider("You name a child.", by=author)
    row = rewritten(reply)

    assert (row.is_waiting, row.may_be_asked) == (True, True)
    assert row.since == row.comment.edited_at
    row.ask_to_reconsider("And a horse.", by=author)
    assert letters() == ["reconsider", "reconsider"]


def test_who_insists_is_not_asked_again(reply, author):
    reply.ask_to_reconsider("You name a child.", by=author)
    row = insisted(reply)

    assert (row.is_waiting, row.may_be_asked, row.since) == (True, False, row.insisted_at)
    with pytest.raises(ValueError, match="now"):
        row.ask_to_reconsider("I insist, too.", by=author)


# Declining


def test_a_declined_reply_never_had_a_number_and_the_subject_gets_the_reasons(reply, author):
    reply.decline("It names a child.", by=author)

    row = again(reply)
    comment = row.comment
    assert (comment.state, comment.number, comment.removed_by) == ("removed", None, "author")
    assert (row.is_declined, row.reasons) == (True, "It names a child.")
    assert "It names a child." in Letter.objects.get().body
    act = Act.objects.latest("pk")
    assert (act.verb, act.by, act.comment, act.note) == ("decline_reply", author, comment, "")


@pytest.mark.parametrize("reasons", ["", " \n"])
def test_a_reply_is_not_declined_without_reasons(reply, reasons):
    with pytest.raises(ValueError, match="reasons"):
        reply.decline(reasons)

    assert again(reply).comment.is_held


def test_declining_twice_is_once(reply, author):
    reply.decline("It names a child.", by=author)
    again(reply).decline("It names a child.", by=author)

    assert (letters(), verbs()) == (["decline"], ["reply", "decline_reply"])


def test_a_published_reply_is_not_declined(reply, author):
    reply.publish(by=author)

    with pytest.raises(ValueError, match="wait"):
        again(reply).decline("It names a child.", by=author)

    assert again(reply).comment.is_published


@pytest.mark.parametrize("how", ["reply", "comment"])
def test_a_declined_reply_that_is_published_after_all_is_declined_no_longer(reply, author, how):
    reply.decline("It names a child.", by=author)

    (again(reply) if how == "reply" else again(reply).comment).publish(by=author)

    row = again(reply)
    assert (row.comment.is_published, row.is_declined, row.reasons) == (True, False, "")


def test_what_is_erased_leaves_no_words_of_what_was_asked_and_answered_about_it(reply, author):
    Reply.objects.filter(pk=reply.pk).update(role="the pilot", known_by="By her voice.")
    again(reply).ask_to_reconsider("You name Otto’s child.", by=author)
    again(reply).decline("It names Otto’s horse.", by=author)

    again(reply).comment.erase(by=author)

    kept = everything_stored()
    for words in ("Otto’s child", "Otto’s horse", "the pilot", "By her voice", "the ebb"):
        assert words not in kept
    assert again(reply).is_declined


def test_what_is_erased_leaves_no_words_in_the_earlier_letters_about_it_either(reply, author):
    reply.ask_to_reconsider("You name Otto’s child.\n\nAnd [letterbox] his dog.", by=author)
    right, comment = reply.comment.right, reply.comment
    right.rewrite(comment, "It was Otto.")
    again(reply).ask_to_reconsider("You name Otto’s cat.", by=author)
    again(reply).decline("It names Otto’s horse.", by=author)
    again(reply).publish(by=author)

    again(reply).comment.erase(by=author)

    kept = everything_stored()
    for words in ("Otto’s child", "his dog", "Otto’s cat", "Otto’s horse"):
        assert words not in kept
    assert all(letter.is_to_subject for letter in Letter.objects.filter(key__startswith="recon"))


@pytest.mark.parametrize("verb", ["acknowledge", "publish", "decline", "ask_to_reconsider"])
def test_a_reply_whose_letter_cant_be_written_is_not_decided(reply, author, monkeypatch, verb):
    def broken(*args, **kwargs):
        raise RuntimeError("no room")

    monkeypatch.setattr(Letter.objects._queryset_class, "write", broken)
    words = [] if verb in ("acknowledge", "publish") else ["Because."]
    with pytest.raises(RuntimeError):
        getattr(again(reply), verb)(*words, by=author)

    row = again(reply)
    assert (row.comment.state, row.acknowledged_at, row.asked_at, row.declined_at) == (
        *("held", None, None, None),
    )
    assert verbs() == ["reply"]


def test_no_link_in_the_mail_decides_a_reply(reply, client):
    address = reply.comment.decision_link.removeprefix("http://testserver")

    assert client.get(address).status_code == 404
    assert client.post(address, {"do": "publish"}).status_code == 404
    assert again(reply).comment.is_held
