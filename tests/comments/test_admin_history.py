"""What the desk says was done: who did what to what, oldest first, on every page that tells it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.models import Act, Claim, Comment, Reason
from tests import make
from tests.desk import page_of, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def right():
    make.blog()
    return make.right(make.post("Fog", "<p>Late.</p>"), make.subject("Percy Alder"))


def of_reply(comment):
    return reverse("admin:comments_comment_reply", args=[comment.pk])


def history(client, address):
    """Return the rows of "What was done", in plain words."""
    page = client.get(address).content.decode()
    rows = page.split('id="history-title"')[1].split("<tbody>")[1].split("</tbody>")[0]
    rows = (re.sub(r"<[^>]+>", " ", row) for row in rows.split("</tr>"))
    return [" ".join(row.split()) for row in rows if row.strip()]


def test_it_is_told_from_the_beginning_and_says_of_what(desk, right):
    first = right.receive("It was the ebb.")
    request = right.ask("The date.")
    request.decline("It is right.", by=desk.author)
    later = right.receive("And another thing.")

    told = history(desk, of_reply(later))

    assert len(told) == 4
    assert "Percy Alder replied: the reply of" in told[0]
    assert "Percy Alder asked for an amendment: the request of" in told[1]
    assert "ines declined an amendment: the request of" in told[2]
    assert told[3].endswith("Percy Alder replied: this reply")
    page = desk.get(of_reply(later)).content.decode()
    assert of_reply(first) in page
    assert page_of(request) in page


def test_the_page_of_a_request_tells_the_same(desk, right):
    reply = right.receive("It was the ebb.")
    request = right.ask("The date.")

    told = history(desk, page_of(request))

    assert len(told) == 2
    assert "Percy Alder replied: the reply of" in told[0]
    assert told[1].endswith("asked for an amendment: this request")
    assert of_reply(reply) in desk.get(page_of(request)).content.decode()


def test_who_has_made_a_claim_that_nobody_has_accepted_is_no_subject(desk):
    claim = Claim.objects.make(
        make.post(), name="Maud", how="I left.", proof="Ask.", email="m@example.com", comment=None
    )
    claim.confirm()
    claim.ask_once_more("Who?", by=desk.author)

    told = history(desk, page_of(claim))

    assert ["the person" in row for row in told] == [True, True, False]
    assert "ines asked once more" in told[2]


def test_the_page_of_a_comment_has_the_oldest_first(desk):
    comment = make.comment(make.post())
    comment.remove(by=desk.author, reason=Reason.ABUSE, note="Twice.")
    comment.publish(by=desk.author)

    told = history(desk, page_of(comment))

    assert [("removed" in row, "published" in row) for row in told] == [
        *((True, False), (False, True)),
    ]
    assert "abuse of a person Twice." in told[0]


def test_what_a_subject_does_needs_no_reason(desk, right):
    declined = right.receive("It was the ebb.")
    declined.publish()
    right.withdraw(declined)
    right.erase_reply(declined)

    told = history(desk, of_reply(declined))

    assert any("took it back" in row for row in told)
    assert not any("its writer asked" in row for row in told)


def test_why_a_reply_is_declined_is_not_said_to_be_another_reason(desk, right):
    comment = right.receive("It was the ebb.")
    desk.post(
        of_reply(comment),
        {"do": "decline", "seen": comment.written_at.isoformat(), "reasons": "It names a child."},
    )

    page = desk.get(of_reply(comment)).content.decode()

    assert "another reason" not in page
    assert "<strong>Declined</strong>" in page
    assert "Removed" not in page


def test_taking_a_mark_back_says_what_was_taken_back(desk, right):
    comment = make.comment(right.post, "I was there.", "A reader")
    comment.mark(right, "They said so.", by=desk.author)
    comment.unmark(by=desk.author)

    assert "took back that a comment is theirs" in history(desk, page_of(comment))[-1]


def test_there_is_no_way_to_what_one_may_not_see(client, right):
    comment = right.receive("It was the ebb.")
    request = right.ask("Between you and me.", public=False)
    client.force_login(staff("view_comment"))

    page = client.get(of_reply(comment)).content.decode()

    assert page_of(request) not in page


def test_the_history_costs_the_same_queries_however_long(desk, right):
    comment = right.receive("It was the ebb.")

    def queries():
        with CaptureQueriesContext(connection) as counted:
            desk.get(of_reply(comment))
        return len(counted)

    right.ask("The date.")
    few = queries()
    for n in range(5):
        right.receive(f"Part {n}.")
        right.ask(f"Wrong {n}.")

    assert Act.objects.count() > 10
    assert queries() == few


# Names


@pytest.fixture
def unnamed(right):
    right.unnamed = True
    right.save()
    return right


def test_the_desk_calls_them_by_their_own_name_and_says_how_readers_do_once(desk, unnamed):
    comment = unnamed.receive("It was the ebb.")
    request = unnamed.ask("The date.")

    for address in (of_reply(comment), page_of(request)):
        page = desk.get(address).content.decode()
        assert re.search(r"<h1>What Percy Alder (says|asks)</h1>", page)
        assert page.count("readers: a person not named here") == 1


def test_an_erased_reply_is_called_so(desk, right):
    first = right.receive("It was the ebb.")
    first.publish()
    later = right.receive("And another thing.")
    right.erase_reply(first)

    page = desk.get(of_reply(later)).content.decode()

    assert "Below 1, which is erased" in page
    assert "1 erased</a>" in page
    assert "Anonymous" not in page
    assert str(Comment.objects.get(pk=first.pk)) == "1 erased"
