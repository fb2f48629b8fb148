"""The desk's one list about subjects: all that waits, the most urgent first, at a fixed price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.admin import subjects
from comments.models import Claim, Comment, CourtesyLetter, Letter, Reply
from tests import make
from tests.desk import page_of, staff

pytestmark = pytest.mark.django_db

LIST = reverse("admin:comments_subjects")
DESK = reverse("admin:index")
KINDS = ["claim", "letter", "reply", "request", "tell"]


def ago(days):
    return timezone.now() - timedelta(days=days)


def asked(days, **values):
    """Return a request made so many days ago."""
    right = make.right(make.post(), not_told_because="They know.")
    return right.requests.create(wrong="All of it.", asked_at=ago(days), **values)


def replied(days, **values):
    """Return a reply that came in so many days ago; `values` are of its Reply."""
    comment = make.right(make.post(), not_told_because="They know.").receive("It was not me.")
    Comment.objects.filter(pk=comment.pk).update(written_at=ago(days))
    Reply.objects.update_or_create(comment=comment, defaults=values)
    return comment


def claimed(days, state="waiting", **values):
    who = {"name": "Piet", "how": "I am the pilot.", "state": state}
    when = {"made_at": ago(days + 1), "confirmed_at": ago(days)}
    return Claim.objects.create(post=make.post(), **who, **when, **values)


def failed(state="failed"):
    right = make.right(make.post(), not_told_because="They know.")
    letter = Letter.objects.write(f"one {right.pk}", "a@example.com", "Hello", "Text", right=right)
    Letter.objects.filter(pk=letter.pk).update(state=state, fault="No such box")
    return letter


def one_of_each():
    """Let one thing of each kind wait, besides some that don't; return the things by kind."""
    asked(1).decline("No.")
    return {
        "request": asked(2),
        "reply": replied(2),
        "claim": claimed(2),
        "letter": failed(),
        "tell": make.right(make.post(), make.subject("Piet", "")),
    }


def lines(client, query=""):
    return list(client.get(LIST + query).context["page"])


def kinds(client, query=""):
    return sorted(line.kind for line in lines(client, query))


def page(client, query=""):
    return client.get(LIST + query).content.decode()


def test_everything_about_subjects_is_in_one_list_and_leads_to_its_page(desk):
    things = one_of_each()

    words = page(desk)

    assert kinds(desk) == KINDS
    for kind in ("request", "letter", "tell"):
        assert f'href="{page_of(things[kind])}"' in words
    reply = reverse("admin:comments_comment_reply", args=[things["reply"].pk])
    assert f'href="{reply}"' in words
    assert f'href="/admin/comments/claim/{things["claim"].pk}/change/"' in words


def test_the_first_page_of_the_desk_shows_its_first_lines(desk):
    one_of_each()

    (found,) = desk.get(DESK).context["waiting"]

    assert (found.address, found.total) == (LIST, 5)
    assert [row.address for row in found.rows] == [line.address for line in lines(desk)]


def test_what_is_overdue_comes_first_then_what_has_the_fewest_days_left(desk):
    soon = asked(3)
    overdue = replied(9)
    later = claimed(1)
    most_overdue = asked(30)
    decide = asked(12, acknowledged_at=ago(11))

    found = lines(desk)

    assert [line.left for line in found] == [
        "overdue by 9 days",
        "overdue by 2 days",
        "4 days left",
        "6 days left",
        "9 days left",
    ]
    assert [line.address.split("/")[-3] for line in found] == [
        str(one.pk) for one in (most_overdue, overdue, soon, later, decide)
    ]


def test_the_blogs_form_says_how_many_days_are_promised(desk):
    blog = make.blog()
    asked(3)
    page_of_blog = page_of(blog)
    form = desk.get(page_of_blog).context["adminform"].form
    assert (form["acknowledge_days"].value(), form["decide_days"].value()) == (7, 21)

    typed = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    desk.post(page_of_blog, {**typed, "acknowledge_days": 2, "decide_days": 5})

    assert [line.left for line in lines(desk)] == ["overdue by 1 day"]


def test_what_has_no_promise_comes_after_what_has(desk):
    make.right(make.post(published=ago(500)), make.subject("Piet", ""))
    failed()
    asked(0)

    assert [line.kind for line in lines(desk)] == ["request", "letter", "tell"]


def test_a_line_says_in_words_what_is_to_be_done_and_how_late_it_is(desk):
    asked(9)
    asked(0, acknowledged_at=ago(0))
    make.right(make.post(), make.subject("Piet", ""))

    words = page(desk)

    assert "overdue by 2 days" in words
    assert "1 is overdue." in words
    assert "acknowledge by" in words
    assert "decide by" in words
    assert "tell them, or say why not" in words


def test_what_waits_for_the_subject_is_not_in_the_list_and_comes_back_with_their_answer(desk):
    waits = replied(9, asked_at=ago(2))
    claimed(9, state="asked", asked_at=ago(2))
    assert kinds(desk) == []

    Reply.objects.filter(pk=waits.pk).update(insisted_at=ago(1))
    claimed(9, asked_at=ago(2), answered_at=ago(1))

    assert [line.left for line in lines(desk)] == ["6 days left", "6 days left"]


def test_the_list_and_is_waiting_agree(desk):
    now = timezone.now()
    replied(3)
    replied(3, asked_at=now)
    replied(3, asked_at=ago(2), insisted_at=ago(1))
    replied(3, insisted_at=ago(2), asked_at=ago(1))
    rewritten = replied(3, asked_at=ago(2))
    Comment.objects.filter(pk=rewritten.pk).update(edited_at=ago(1))
    replied(3).publish()
    Reply.objects.get_or_create(comment=Comment.objects.latest("pk"))

    found = {line.address for line in lines(desk)}

    waiting = {one.pk for one in Reply.objects.select_related("comment") if one.is_waiting}
    assert found == {reverse("admin:comments_comment_reply", args=[pk]) for pk in waiting}
    assert len(found) == 3


def test_a_letter_that_is_drafted_and_has_not_gone_is_one_to_tell(desk):
    public, draft, dropped, stopped = (
        CourtesyLetter.objects.create(right=make.right(make.post(published=when)))
        for when in (timezone.now(), None, timezone.now(), timezone.now())
    )
    dropped.drop("She knows.")
    stopped.right.stop_letters()

    assert [line.address for line in lines(desk)] == [page_of(public)]


def test_a_letter_about_a_reprint_waits_until_the_reprint_is_public(desk):
    right = make.right(make.post(published=ago(3)), told_at=ago(2))
    newer = make.post(published=None)
    CourtesyLetter.objects.create(right=right, reprint=make.reprint(newer, right.post))
    assert kinds(desk) == []

    newer.publish()

    assert kinds(desk) == ["tell"]


def test_somebody_to_tell_of_several_things_is_one_line(desk):
    right = make.right(make.post(), make.subject("Piet", ""))
    CourtesyLetter.objects.create(right=right)

    assert kinds(desk) == ["tell"]


def test_a_letter_that_came_back_is_one_that_did_not_arrive(desk):
    failed("bounced")
    failed("sent")

    assert kinds(desk) == ["letter"]
    assert "No such box" in page(desk)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_narrows_the_list_to_one_kind(desk, kind):
    one_of_each()

    assert f'href="?kind={kind}"' in page(desk)
    assert kinds(desk, f"?kind={kind}") == [kind]


@pytest.mark.parametrize("query", ["?kind=nonsense", "?page=0", "?page=-3", "?page=x", "?page=99"])
def test_an_odd_address_shows_the_list(desk, query):
    one_of_each()

    assert kinds(desk, query) == KINDS


@pytest.mark.parametrize(
    ("permission", "kind"),
    [
        ("view_amendmentrequest", "request"),
        ("view_comment", "reply"),
        ("view_claim", "claim"),
        ("view_letter", "letter"),
        ("view_rightofreply", "tell"),
    ],
)
def test_what_one_may_not_see_is_left_out(client, permission, kind):
    one_of_each()
    client.force_login(staff(permission))

    assert kinds(client) == [kind]
    assert [name for name, *_ in client.get(LIST).context["kinds"]] == [kind]


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(LIST).status_code == 302


def test_a_long_list_has_pages_and_a_total(desk, monkeypatch):
    monkeypatch.setattr(subjects, "PER_PAGE", 2)
    for _ in range(3):
        asked(1)

    assert len(lines(desk)) == 2
    assert len(lines(desk, "?kind=request&page=2")) == 1
    assert "Page 1 of 2, 3 in all" in page(desk)
    assert 'href="?kind=request&amp;page=2"' in page(desk, "?kind=request")


@pytest.mark.parametrize("address", [LIST, DESK])
def test_it_costs_the_same_however_much_waits(desk, django_assert_num_queries, address):
    one_of_each()
    with CaptureQueriesContext(connection) as few:
        desk.get(address)

    for _ in range(6):
        one_of_each()

    with django_assert_num_queries(len(few)):
        desk.get(address)
