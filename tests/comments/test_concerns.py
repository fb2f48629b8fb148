"""Concerns: what the author is told before a post that reprints older ones is public."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.concerns import concerns, fingerprint
from comments.models import Comment
from tests import make

pytestmark = pytest.mark.django_db

OLD = datetime(2012, 3, 4, 8, tzinfo=UTC)
TOLD = datetime(2012, 3, 5, 8, tzinfo=UTC)


@pytest.fixture
def source():
    return make.post("The lantern", "<p>It went out.</p>", published=OLD)


def kinds(post):
    """Return the kinds of all concerns about what `post` reprints."""
    return [one.kind for one in concerns(post)]


def reprinting(*sources, **how):
    """Return a draft that reprints these posts."""
    draft = make.post("From the drawer", published=None)
    for order, one in enumerate(sources, start=1):
        make.reprint(draft, one, order=order, **how)
    return draft


def told(source):
    """Return the right of a subject of `source` who was told."""
    right = make.right(source)
    type(right).objects.filter(pk=right.pk).update(told_at=TOLD)
    right.refresh_from_db()
    return right


def test_of_a_post_about_nobody_there_is_nothing_to_know(source):
    make.comment(source)
    source.revise(source.title, "<p>It went out at ten.</p>", sort="amendment", note="When.")

    assert concerns(reprinting(source)) == []
    assert concerns(source) == []


def test_an_open_request_is_to_be_known_until_it_is_decided(source):
    request = told(source).ask("It was the ebb.", public=True)
    draft = reprinting(source)

    [concern] = concerns(draft)

    assert (concern.kind, concern.about) == ("request", request)
    assert "“The lantern”: Maud Tarrant has asked for an amendment" in concern.words
    request.decline("Both logs say flood.")
    assert kinds(draft) == []


def test_a_reply_is_to_be_known_until_it_is_let_through_and_answered(source):
    reply = told(source).receive("I waited forty minutes.")
    draft = reprinting(source)
    assert kinds(draft) == ["held"]

    reply.publish()

    assert kinds(draft) == ["unanswered"]
    answer = make.comment(source, "So you did.", voice=Comment.Voice.AUTHOR, parent=reply)
    assert kinds(draft) == []
    answer.remove()
    assert kinds(draft) == ["unanswered"]


def test_what_readers_said_to_the_reply_is_no_answer(source):
    reply = told(source).receive("I waited forty minutes.")
    reply.publish()
    make.comment(source, "Well said.", parent=reply)
    make.comment(source, "A word of mine to all.", voice=Comment.Voice.AUTHOR)

    assert kinds(reprinting(source)) == ["unanswered"]


def test_a_subject_who_was_never_told_is_to_be_known_with_the_reason(source):
    right = make.right(source)
    draft = reprinting(source)
    assert kinds(draft) == ["untold"]

    right.not_told_because = "Moved away in 2010."
    right.save()

    [concern] = concerns(draft)
    assert "Moved away in 2010." in concern.words


@pytest.mark.parametrize("verb", ["remove", "mark_spam", "erase"])
def test_a_chosen_comment_that_was_taken_out_is_to_be_known(source, verb):
    comment, other = make.comment(source), make.comment(source)
    draft = reprinting(source, chosen=[comment, other])

    getattr(comment, verb)()

    [concern] = concerns(draft)
    assert (concern.kind, concern.about) == ("removed", comment)
    assert "comment 1, which you chose" in concern.words


def test_an_amendment_after_the_pinned_text_is_to_be_known(source):
    pinned = source.revisions.get()
    draft = reprinting(source, revision=pinned)
    source.revise(source.title, "<p>It went out, once.</p>")
    assert kinds(draft) == []

    amendment = source.revise(source.title, "<p>At ten.</p>", sort="amendment", note="When.")

    [concern] = concerns(draft)
    assert (concern.kind, concern.about) == ("amended", amendment)
    assert kinds(reprinting(source, revision=amendment)) == []


def test_a_pinned_text_whose_words_are_withheld_is_to_be_known(source):
    draft = reprinting(source, revision=source.revisions.get())

    source.revise(source.title, "<p>At ten.</p>", sort="amendment", note="When.", withheld=True)

    assert kinds(draft) == ["withheld"]


def test_of_a_source_out_of_view_nothing_but_that_is_to_be_known(source):
    make.right(source)
    draft = reprinting(source)

    source.unpublish()

    assert kinds(draft) == ["gone"]


def test_the_fingerprint_changes_when_there_is_something_else_to_know(source):
    draft = reprinting(source)
    nothing = fingerprint(concerns(draft))
    make.right(source)
    something = fingerprint(concerns(draft))

    assert nothing != something == fingerprint(concerns(draft))


def test_knowing_takes_the_same_queries_for_one_reprint_and_for_five():
    def sources(number):
        for _ in range(number):
            post = make.post(published=OLD)
            right = make.right(post)
            make.right(post, make.subject("Otto Brandt"))  # who knows of nothing
            right.ask("It was the ebb.", public=True)
            right.receive("I waited.").publish()
            right.receive("I still wait.")
            make.comment(post, state="removed")
            yield post

    counted = []
    for number in (1, 5):
        draft = make.post(published=None)
        for order, source in enumerate(sources(number), start=1):
            gone = source.comments.get(state="removed")
            make.reprint(draft, source, order=order, chosen=[gone])
        with CaptureQueriesContext(connection) as queries:
            assert len(concerns(draft)) == 5 * number
        counted.append(len(queries))

    assert counted[0] == counted[1]
