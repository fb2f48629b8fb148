"""Exchanges: what a subject and the author said to each other, apart from the readers' thread."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.exchanges import apart, gather
from comments.models import AmendmentRequest, Comment, Reply, RightOfReply

MAUD, OTTO = 1, 2  # two people a post is about, by the ids of their rights


def said(number, voice, answers=None, right=None, state="published"):
    """Return a comment that is in no database: its id is its number."""
    made = Comment(
        pk=number, number=number, voice=voice, parent_id=answers, right_id=right, state=state
    )
    made._state.fields_cache["reply"] = None  # fetched, and there is none
    return made


def declined(pk, days, right=MAUD):
    """Return a reply that was declined some days from now, and has no number."""
    comment = Comment(pk=pk, voice="subject", right_id=right)
    at = timezone.now() + timedelta(days=days)
    comment.reply = Reply(comment=comment, declined_at=at, reasons="It names Otto.")
    return comment


def reply(number, right=MAUD, answers=None, state="published"):
    return said(number, "subject", answers, right, state)


def asked(right=MAUD, state="waiting"):
    return AmendmentRequest(
        right_id=right, wrong="The tide was out.", state=state, decided_at=timezone.now()
    )


def exchanges(*comments, requests=()):
    """Return what `gather` makes of it: {right id: (numbers of its comments, requests)}."""
    rights = [RightOfReply(pk=pk) for pk in (MAUD, OTTO)]
    found = gather(comments, rights, requests)
    return {
        one.right.pk: ([comment.number for comment in one.comments], len(one.requests))
        for one in found
    }


def test_a_subjects_reply_is_an_exchange():
    assert exchanges(reply(3)) == {MAUD: ([3], 0)}


def test_the_authors_answer_to_the_reply_belongs_to_the_exchange():
    assert exchanges(reply(1), said(2, "author", answers=1)) == {MAUD: ([1, 2], 0)}


def test_the_authors_second_answer_to_their_own_answer_belongs_too():
    comments = [reply(1), said(2, "author", answers=1), said(3, "author", answers=2)]

    assert exchanges(*comments) == {MAUD: ([1, 2, 3], 0)}


def test_a_readers_answer_to_the_reply_stays_in_the_thread():
    assert exchanges(reply(1), said(2, "reader", answers=1)) == {MAUD: ([1], 0)}


def test_the_authors_answer_to_a_reader_stays_in_the_thread():
    comments = [reply(1), said(2, "reader", answers=1), said(3, "author", answers=2)]

    assert exchanges(*comments) == {MAUD: ([1], 0)}


def test_the_authors_comment_on_the_post_itself_stays_in_the_thread():
    assert exchanges(reply(1), said(2, "author")) == {MAUD: ([1], 0)}


@pytest.mark.parametrize("answers", [1, 2, None])
def test_a_later_part_belongs_to_the_exchange_whatever_it_answers(answers):
    comments = [reply(1), said(2, "author", answers=1), reply(5, answers=answers)]

    assert exchanges(*comments) == {MAUD: ([1, 2, 5], 0)}


def test_a_later_part_that_answers_a_reader_belongs_to_the_exchange():
    comments = [reply(1), said(2, "reader"), reply(3, answers=2)]

    assert exchanges(*comments) == {MAUD: ([1, 3], 0)}


@pytest.mark.parametrize("state", ["removed", "spam", "held"])
def test_a_reply_that_was_taken_down_leaves_its_place_and_the_answers_to_it(state):
    assert exchanges(reply(1, state=state), said(2, "author", answers=1)) == {MAUD: ([1, 2], 0)}


def test_a_later_part_stays_when_the_first_reply_was_removed():
    assert exchanges(reply(1, state="removed"), reply(2, answers=1)) == {MAUD: ([1, 2], 0)}


def test_the_first_part_that_stands_is_the_reply():
    comments = [reply(1, state="removed"), said(2, "author", 1), reply(3), reply(4)]

    assert gather(comments, [RightOfReply(pk=MAUD)], [])[0].reply.number == 3


def test_an_exchange_of_which_no_word_of_the_subject_stands_has_no_reply_and_no_name():
    comments = [reply(1, state="removed"), said(2, "author", 1)]

    (found,) = gather(comments, [RightOfReply(pk=MAUD)], [])

    assert (found.reply, found.is_named) == (None, False)


def test_the_words_of_a_waiting_request_go_with_the_last_word_that_is_taken_back():
    (found,) = gather([reply(1, state="removed")], [RightOfReply(pk=MAUD)], [asked()])

    assert [request.is_without_words for request in found.requests] == [True]


def test_an_answer_of_the_author_that_was_removed_keeps_its_place_and_what_follows_it():
    comments = [reply(1), said(2, "author", answers=1, state="removed"), said(3, "author", 2)]

    assert exchanges(*comments) == {MAUD: ([1, 2, 3], 0)}


def test_an_answer_that_was_published_before_what_it_answers_belongs_too():
    comments = [reply(1), said(2, "author", answers=3), reply(3, answers=1)]

    assert exchanges(*comments) == {MAUD: ([1, 2, 3], 0)}


def test_a_declined_reply_stands_where_it_was_decided_and_is_not_the_reply():
    first, last = reply(1), reply(2)
    first.published_at, last.published_at = (timezone.now() + timedelta(days=n) for n in (1, 3))

    (found,) = gather([first, last, declined(7, days=2)], [RightOfReply(pk=MAUD)], [])

    assert [comment.pk for comment in found.comments] == [1, 7, 2]
    assert found.reply == first


def test_a_declined_reply_alone_is_an_exchange_without_a_reply():
    (found,) = gather([declined(7, days=2)], [RightOfReply(pk=MAUD)], [asked()])

    assert (found.reply, found.is_named) == (None, True)
    assert [request.is_without_words for request in found.requests] == [True]


def test_the_reply_is_the_subjects_first_word_and_not_the_authors():
    found = gather([reply(4), said(5, "author", 4), reply(6)], [RightOfReply(pk=MAUD)], [])

    assert found[0].reply.number == 4


def test_an_exchange_with_a_decision_alone_has_no_reply():
    found = gather([], [RightOfReply(pk=MAUD)], [asked(state="declined")])

    assert found[0].reply is None


def test_two_subjects_have_two_exchanges_each_with_its_own_answers():
    comments = [reply(1, OTTO), reply(2, MAUD), said(3, "author", 2), said(4, "author", 1)]

    assert exchanges(*comments) == {OTTO: ([1, 4], 0), MAUD: ([2, 3], 0)}


def test_exchanges_stand_in_the_order_of_their_first_reply():
    assert list(exchanges(reply(1, OTTO), reply(2, MAUD))) == [OTTO, MAUD]


def test_what_one_subject_says_to_another_stays_in_the_speakers_exchange():
    assert exchanges(reply(1, MAUD), reply(2, OTTO, answers=1)) == {
        MAUD: ([1], 0),
        OTTO: ([2], 0),
    }


def test_a_waiting_request_alone_is_an_exchange_without_its_words_and_is_no_reply():
    (found,) = gather([], [RightOfReply(pk=MAUD)], [asked()])

    assert [request.is_without_words for request in found.requests] == [True]
    assert (found.reply, found.is_named) == (None, True)


def test_with_a_request_whose_words_were_erased_before_a_decision_nobody_is_named():
    request = asked(state="declined")
    request.erased_at = request.decided_at

    (found,) = gather([], [RightOfReply(pk=MAUD)], [request])

    assert (found.is_named, found.requests) == (False, [request])


@pytest.mark.parametrize("right, without", [(MAUD, False), (OTTO, True)])
def test_a_waiting_request_has_its_words_with_a_reply_of_the_same_person(right, without):
    request = asked(MAUD)

    gather([reply(1, right)], [RightOfReply(pk=MAUD), RightOfReply(pk=OTTO)], [request])

    assert request.is_without_words == without


@pytest.mark.parametrize("state", ["made", "in_part", "declined"])
def test_a_decided_request_stands_without_a_reply(state):
    assert exchanges(requests=[asked(state=state)]) == {MAUD: ([], 1)}


def test_a_decision_stays_when_the_reply_was_removed():
    assert exchanges(reply(1, state="removed"), requests=[asked(state="declined")]) == {
        MAUD: ([1], 1)
    }


def test_an_exchange_of_5000_turns_is_gathered_whole():
    turns = [reply(1)] + [said(number, "author", number - 1) for number in range(2, 5001)]

    assert len(exchanges(*turns)[MAUD][0]) == 5000


def test_what_stands_apart_is_what_stands_in_exchanges():
    comments = [reply(1), said(2, "reader", 1), said(3, "author", 1), said(4, "author", 2)]

    assert apart(gather(comments, [RightOfReply(pk=MAUD)], [])) == {1, 3}
