"""What readers may compare: revisions, as clean-ups left them; and the log of amendments."""

import pytest

from comments.models import AmendmentRequest
from posts import changes
from posts.models import LogEntry, Post, Revision
from tests import make
from tests.threads import together

Sort = Revision.Sort


def row(number, sort=Sort.SMALL, withheld=False):
    return Revision(number=number, sort=sort, text=f"text {number}", withheld=withheld)


def told(*revisions):
    return [
        (version.number, version.text, version.withheld) for version in changes.versions(revisions)
    ]


def test_a_clean_up_is_not_seen_and_what_came_before_it_is_seen_tidied():
    revisions = [row(1, Sort.IMPORT), row(2, Sort.TRIM), row(3, Sort.IMPORT), row(4), row(5)]

    assert told(*revisions) == [(1, "text 3", False), (4, "text 4", False), (5, "text 5", False)]


def test_words_withheld_stay_withheld():
    revisions = [row(1, withheld=True), row(2, Sort.TRIM, withheld=True), row(3, Sort.AMENDMENT)]

    assert told(*revisions) == [(1, "text 2", True), (3, "text 3", False)]


def test_every_number_that_was_given_leads_to_a_version():
    versions = changes.versions([row(1), row(2, Sort.TRIM), row(3)])

    assert [changes.find(versions, number).number for number in (1, 2, 3)] == [1, 1, 3]
    assert changes.find(versions, 0) is None
    assert changes.find(versions, 4) is None
    assert changes.find([], 1) is None


def test_a_clean_up_that_was_undone_says_what_is_seen_instead():
    trimmed = Revision(number=2, sort=Sort.TRIM, text="cut", instead="whole")

    assert told(row(1), trimmed, row(3)) == [(1, "whole", False), (3, "text 3", False)]


def test_where_words_were_taken_out_what_came_after_is_compared_unless_something_else_is_asked():
    gone = [row(1, withheld=True), row(2, Sort.AMENDMENT)]
    versions = changes.versions([*gone, row(3), row(4)])

    def two(*asked):
        return tuple(one.number for one in changes.two(versions, *asked))

    assert two(None, None) == (3, 4)
    assert two(1, 2) == (1, 2)
    assert [one.number for one in changes.two(changes.versions(gone), None, None)] == [1, 2]


@pytest.mark.django_db
def test_clean_ups_are_found_as_they_are_told_apart():
    post = make.post()
    for sort in (Sort.SMALL, Sort.TRIM, Sort.IMPORT):
        post.revise("Fog", f"<p>{sort}</p>", sort)

    found = set(Revision.objects.clean_ups())

    assert found == {one for one in Revision.objects.all() if one.is_clean_up}
    assert len(found) == 2


@pytest.mark.django_db
def test_an_amendment_knows_whether_the_words_before_it_are_gone():
    post = make.post()
    post.revise("Fog", "<p>1</p>", "amendment", note="A name.")
    post.revise("Fog", "<p>2</p>", "amendment", note="A worse one.", withheld=True)
    post.revise("Fog", "<p>3</p>", "amendment", note="A place.")

    gone = post.revisions.amendments().with_words_gone().order_by("number")

    assert [one.words_gone for one in gone] == [True, True, False]


@pytest.mark.django_db
def test_amendments_and_public_decisions_are_numbered_in_one_row():
    post, other = make.post(), make.post()
    right = make.right(post)
    post.revise("Fog", "<p>1</p>", "amendment", note="A name.")
    post.revise("Fog", "<p>2</p>")
    right.ask("It was not so.", public=True).decline("It was.")
    right.ask("Nor this.", public=False).decline("It was.")
    other.revise("Mist", "<p>3</p>", "amendment", note="A place.")

    log = [(one.number, one.post, one.revision_id) for one in LogEntry.objects.order_by("number")]

    amendments = Revision.objects.amendments().order_by("pk")
    assert log == [(1, post, amendments[0].pk), (2, post, None), (3, other, amendments[1].pk)]
    assert AmendmentRequest.objects.get(public=True).log_entry.number == 2
    assert AmendmentRequest.objects.get(public=False).log_entry is None


@pytest.mark.django_db
def test_a_number_of_the_log_is_not_given_twice():
    post = make.post()
    entry = LogEntry.record(post, post.published_at)
    Post.objects.filter(pk=post.pk).delete()

    assert LogEntry.objects.get() == entry
    assert LogEntry.record(make.post(), entry.at).number == 2


@pytest.mark.django_db(transaction=True)
def test_amendments_made_at_once_get_numbers_of_their_own():
    posts = [make.post() for _ in range(6)]

    together(6, lambda n: posts[n].revise("Fog", "<p>1</p>", "amendment", note="A name."))

    numbers = LogEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6]
