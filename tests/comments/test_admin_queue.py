"""The queue: a decision beside each comment, floods in one line, and a way back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments import screening
from comments.models import Act, Comment, Commenter, Sign
from comments.screening import Sent
from posts.models import SearchDocument
from tests import make
from tests.desk import list_of, page_of, staff

pytestmark = pytest.mark.django_db

QUEUE = list_of(Comment)
UNDO = reverse("admin:comments_comment_undo")
SPAM = (
    "I have found really good oilskins at low prices on the shop of a friend, and you will not"
    " believe how fast they came to my door. Visit http://oilskins.example today!"
)


def press(desk, verb, comment, query="", **more):
    return desk.post(QUEUE + query, {"_decide": f"{verb}:{comment.pk}", **more}, follow=True)


def press_flood(desk, verb, root):
    """Press a button of a flood's line, as the page has it."""
    (line,) = (one for one in listed(desk) if one.root == root.pk)
    asked = {"_decide": f"{verb}:{root.pk}:{line.flood_last}"}
    return desk.post(QUEUE, asked, follow=True)


def done(answer):
    """Return what the list says was done, beside the undo."""
    return answer.context["undo"][1]


def undo(desk, query=""):
    decision = (desk.get(QUEUE + query).context["undo"] or [""])[0]
    return desk.post(UNDO + query, {"decision": decision}, follow=True)


def state_of(comment):
    return Comment.objects.get(pk=comment.pk).state


def listed(desk, query=""):
    return list(desk.get(QUEUE + query).context["cl"].result_list)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


VARIANT = (
    "I have bought quite fine oilskins at low prices in the shop of an aunt, and nobody will"
    " believe how soon these came to the door. Look at http://oilskins.example before winter."
)


@pytest.fixture
def later(monkeypatch):
    """Nothing that was written is from the last hour any more."""
    monkeypatch.setattr("comments.models.holding.SEVERAL", 1000)


@pytest.fixture
def held():
    return make.comment(make.post(), state="held")


@pytest.fixture
def flood():
    """Six of one kind; the first was published before anything was known."""
    make.blog(comment_policy="screened")
    return [Comment.objects.write(make.post(), f"{SPAM} {n}") for n in range(6)]


# Beside each comment


@pytest.mark.parametrize(
    "verb, state, act",
    [
        ("publish", "published", "publish"),
        ("trust", "published", "trust"),
        ("spam", "spam", "mark_spam"),
        ("remove", "removed", "remove"),
    ],
)
def test_a_button_beside_a_comment_decides_about_it(desk, held, verb, state, act):
    press(desk, verb, held, **{f"reason-{held.pk}": "abuse"})

    assert state_of(held) == state
    assert Act.objects.filter(comment=held, verb=act, by=desk.author).exists()
    assert Commenter.objects.get().trusted == (verb == "trust")


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_published_reason_nothing_is_removed(desk, held, reason):
    answer = press(desk, "remove", held, **{f"reason-{held.pk}": reason})

    assert state_of(held) == "held"
    assert told(answer) == ["Choose the reason for removing; nothing was removed."]


def test_the_reason_beside_another_comment_is_not_taken(desk, held):
    other = make.comment(held.post, state="held")

    press(desk, "remove", held, **{f"reason-{other.pk}": "abuse"})

    assert state_of(held) == state_of(other) == "held"


@pytest.mark.parametrize("asked", ["publish:999999", "publish:", "publish:x", "dance:1", ":", "1"])
def test_what_no_button_says_does_nothing(desk, held, asked):
    answer = desk.post(QUEUE, {"_decide": asked}, follow=True)

    assert answer.status_code == 200
    assert state_of(held) == "held"


def test_one_stays_in_the_list_that_one_was_in(desk, held):
    answer = press(desk, "publish", held, "?state=all&q=heard")

    assert answer.redirect_chain == [(f"{QUEUE}?state=all&q=heard", 302)]


def test_what_is_answered_is_seen_beside_the_answer(desk, held):
    parent = make.comment(held.post, "The lamp was out, and had been for a week.")
    make.comment(held.post, parent=parent, state="held")

    assert "The lamp was out, and had been for a week." in desk.get(QUEUE).text


def test_who_may_only_look_finds_no_buttons_and_can_press_none(client, held):
    client.force_login(staff("view_comment"))

    page = client.get(QUEUE).text
    assert "_decide" not in page
    assert "By keyboard" not in page
    assert client.post(QUEUE, {"_decide": f"publish:{held.pk}"}).status_code == 403
    assert client.post(UNDO).status_code == 403
    assert state_of(held) == "held"


def test_a_page_of_another_site_presses_nothing(held):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.author())

    assert client.post(QUEUE, {"_decide": f"publish:{held.pk}"}).status_code == 403
    assert client.post(UNDO).status_code == 403


# The way back


@pytest.mark.parametrize("verb", ["publish", "trust", "spam", "remove"])
def test_a_decision_is_taken_back(desk, held, verb):
    press(desk, verb, held, **{f"reason-{held.pk}": "abuse"})
    page = desk.get(QUEUE).text
    assert "Undo" in page
    assert "By keyboard" in page

    answer = undo(desk)

    held.refresh_from_db()
    assert held.is_held
    assert told(answer) == ["Taken back: 1 comment."]
    assert not Commenter.objects.get().trusted
    assert Act.objects.filter(comment=held, verb="hold", by=desk.author).exists()
    assert "Undo" not in desk.get(QUEUE).text


@pytest.mark.parametrize("state", ["published", "removed", "spam"])
@pytest.mark.parametrize("verb", ["publish", "remove", "spam"])
def test_whatever_it_was_before_it_is_again(desk, state, verb):
    comment = make.comment(make.post(), state=state)
    before = (comment.state, comment.number, comment.removed_because)
    press(desk, verb, comment, "?state=all", **{f"reason-{comment.pk}": "abuse"})

    undo(desk)

    comment.refresh_from_db()
    assert (comment.state, comment.number, comment.removed_because) == before


def test_who_was_trusted_before_stays_so(desk, held):
    held.commenter.trust()
    press(desk, "trust", held)

    undo(desk)

    assert Commenter.objects.get().trusted


def test_a_number_stays_with_a_comment_that_is_put_back(desk, client, held):
    press(desk, "publish", held)
    undo(desk)
    make.comment(held.post)
    page = Client().get(held.post.get_absolute_url()).text

    assert "The author is reading it again." in page
    assert held.typed not in page
    assert not SearchDocument.objects.get(kind="comment", row=held.pk).public
    held.refresh_from_db()
    held.publish()
    assert held.number == 1


def test_what_was_decided_otherwise_meanwhile_is_left(desk, held):
    press(desk, "publish", held)
    Comment.objects.get(pk=held.pk).remove(reason="abuse")

    answer = undo(desk)

    assert state_of(held) == "removed"
    assert "Decided otherwise meanwhile, and left so: 1." in told(answer)


def test_what_was_erased_meanwhile_does_not_come_back(desk, held):
    press(desk, "spam", held)
    Comment.objects.get(pk=held.pk).erase()

    undo(desk)

    assert state_of(held) == "removed"


def test_a_button_pressed_twice_spoils_no_undo(desk, held):
    for _ in range(2):
        press(desk, "spam", held)

    undo(desk)

    assert state_of(held) == "held"
    assert Act.objects.filter(verb="mark_spam").count() == 1


def test_an_old_page_takes_no_later_decision_back(desk, held):
    other = make.comment(held.post, state="held")
    press(desk, "publish", held)
    (decision, _) = desk.get(QUEUE).context["undo"]
    press(desk, "publish", other)

    answer = desk.post(UNDO, {"decision": decision}, follow=True)

    assert told(answer) == ["There is nothing to take back."]
    assert [state_of(held), state_of(other)] == ["published", "published"]


def test_after_an_hour_nothing_is_taken_back(desk, held, monkeypatch):
    press(desk, "publish", held)
    (decision, _) = desk.get(QUEUE).context["undo"]
    monkeypatch.setattr("comments.admin.queue.UNDO_FOR", -1)

    desk.post(UNDO, {"decision": decision})

    assert state_of(held) == "published"


def test_what_its_writer_withdrew_is_withdrawn_again(desk):
    comment = make.comment(make.post())
    comment.remove(reason="asked", role="writer", at=timezone.now() - timedelta(days=3))
    before = (comment.removed_at, comment.removed_by)
    press(desk, "spam", comment, "?state=all")

    undo(desk)

    comment.refresh_from_db()
    assert (comment.removed_at, comment.removed_by) == before
    assert comment.state == "removed"


def test_one_is_led_back_to_where_one_was(desk, held):
    press(desk, "publish", held, "?state=all")

    answer = undo(desk, "?state=all")

    assert answer.redirect_chain == [(f"{QUEUE}?state=all", 302)]


def test_a_decision_is_about_what_was_seen():
    post = make.post()
    published, erased, gone = (make.comment(post, state="held") for _ in range(3))
    seen = [Comment.objects.get(pk=one.pk) for one in (published, erased, gone)]
    published.publish()
    erased.erase(role="writer")
    gone.delete()

    assert [one.if_still("held", "mark_spam") for one in seen] == [False] * 3
    assert state_of(published) == "published"
    erased.refresh_from_db()
    assert (erased.state, erased.removed_by) == ("removed", "writer")


def test_an_erased_comment_stays_what_it_is(desk):
    erased = make.comment(make.post())
    erased.erase(role="writer")

    erased.mark_spam(by=desk.author)
    erased.remove(by=desk.author, reason="abuse")

    erased.refresh_from_db()
    assert (erased.state, erased.removed_by, erased.removed_because) == (
        "removed",
        "writer",
        "asked",
    )


def test_there_is_nothing_to_take_back_twice(desk, held):
    press(desk, "publish", held)
    undo(desk)

    assert told(undo(desk)) == ["There is nothing to take back."]


def test_looking_takes_nothing_back(desk, held):
    press(desk, "publish", held)

    assert desk.get(UNDO).status_code == 403
    assert state_of(held) == "published"


def test_the_actions_of_the_list_and_of_the_page_are_taken_back_too(desk, held):
    other = make.comment(held.post, state="held")
    ids = [held.pk, other.pk]
    desk.post(QUEUE, {"action": "mark_spam", "_selected_action": ids})
    undo(desk)
    assert [state_of(held), state_of(other)] == ["held", "held"]

    desk.post(page_of(held), {"_spam": "1", "reason": "", "note": ""})
    undo(desk)
    assert state_of(held) == "held"


# Floods


def test_a_flood_is_one_line_that_says_how_many(desk, flood):
    (line,) = listed(desk)

    assert line == flood[1]
    assert line.flood_size == 5
    page = desk.get(QUEUE).text
    assert "5 of this kind wait." in page
    assert set(listed(desk, f"?state=held&flood={flood[0].pk}")) == set(flood[1:])


def test_a_search_finds_each_of_a_flood(desk, flood):
    assert len(listed(desk, "?q=oilskins&state=held")) == 5


def test_a_flood_is_marked_as_spam_at_once_and_taken_back_at_once(desk, flood):
    press_flood(desk, "flood-spam", flood[0])
    assert [state_of(one) for one in flood] == ["published"] + ["spam"] * 5
    assert Act.objects.filter(verb="mark_spam", by=desk.author).count() == 5
    assert Comment.objects.filter(removed_because="advertising", removed_by="author").count() == 5

    undo(desk)
    assert [state_of(one) for one in flood] == ["published"] + ["held"] * 5
    assert Act.objects.filter(verb="hold").count() == 5


def test_what_is_like_a_flood_that_was_spam_is_held_from_then_on_and_no_more_once_it_is_undone(
    desk, flood, later
):
    press_flood(desk, "flood-spam", flood[0])
    reasons = Comment.objects.write(make.post(), VARIANT).held_because
    assert reasons == "alike spamhost"

    undo(desk)
    again = Comment.objects.write(make.post(), f"{VARIANT} Twice.").held_because
    assert "alike" not in again
    assert "spamhost" not in again


@pytest.mark.parametrize("number", [1, 5])
def test_what_came_from_elsewhere_teaches_when_it_is_marked(desk, number):
    make.blog(comment_policy="screened")
    several = [make.comment(make.post(), SPAM, state="held") for _ in range(number)]
    ids = [one.pk for one in several]

    desk.post(QUEUE, {"action": "mark_spam", "_selected_action": ids})

    assert Comment.objects.write(make.post(), VARIANT).held_because == "alike spamhost"
    learned = Sign.objects.filter(is_host=False, comment__in=several)
    assert learned.values("comment").distinct().count() == number


def test_what_comes_in_after_the_page_was_made_is_not_decided_with_it(desk, flood):
    (line,) = listed(desk)
    late = Comment.objects.write(make.post(), f"{SPAM} 99")

    asked = f"flood-spam:{flood[0].pk}:{line.flood_last}"
    desk.post(QUEUE, {"_decide": asked})

    assert [state_of(one) for one in flood[1:]] == ["spam"] * 5
    assert state_of(late) == "held"


@pytest.mark.parametrize("verb", ["flood-dance", "flood-"])
def test_a_flood_is_decided_by_a_button_that_is_there_alone(desk, flood, verb):
    press_flood(desk, verb, flood[0])

    assert [state_of(one) for one in flood] == ["published"] + ["held"] * 5


def test_those_of_a_flood_that_came_through_are_told_of(desk, flood):
    page = desk.get(QUEUE).text

    assert "1 like it is published" in page
    assert listed(desk, f"?state=published&flood={flood[0].pk}") == [flood[0]]


def test_a_flood_is_published_at_once(desk, flood):
    answer = press_flood(desk, "flood-publish", flood[0])

    assert {state_of(one) for one in flood} == {"published"}
    assert done(answer) == "Published: 5."


def test_of_a_great_flood_some_are_published_and_the_rest_waits(desk, flood, monkeypatch):
    monkeypatch.setattr("comments.admin.queue.MOST_PUBLISHED", 3)

    answer = press_flood(desk, "flood-publish", flood[0])

    assert Comment.objects.held().count() == 2
    assert done(answer) == "Published: 3."
    assert "2 more of them wait" in told(answer)[0]


def test_what_came_in_at_once_and_is_not_alike_can_only_be_looked_at_one_by_one(desk):
    post = make.post()
    several = [make.comment(post, state="held", held_because="flood") for _ in range(3)]
    make.comment(post, state="held", held_because="network")
    make.comment(make.post(), state="held", held_because="flood")

    assert [line.flood_size for line in listed(desk)] == [4, 1]
    page = desk.get(QUEUE).text
    assert "4 came in here at once." in page
    assert "All of them are spam" not in page
    assert len(listed(desk, f"?state=held&flood=-{post.pk}")) == 4
    press(desk, "spam", several[0])
    assert [line.flood_size for line in listed(desk)] == [3, 1]


@pytest.mark.parametrize("asked", ["x", "-", "0", "-0", "--1", "1" * 30, ""])
def test_whatever_stands_in_the_address_for_a_flood_shows_a_list(desk, held, asked):
    assert desk.get(f"{QUEUE}?flood={asked}", follow=True).status_code == 200


def test_another_that_is_held_belongs_to_no_flood(desk, flood, held):
    press_flood(desk, "flood-spam", flood[0])

    assert listed(desk) == [held]


def test_one_of_a_flood_that_had_stood_under_its_post_leaves_a_tombstone(desk, flood):
    flood[1].publish()
    flood[1].hold()

    press_flood(desk, "flood-spam", flood[0])

    flood[1].refresh_from_db()
    assert (flood[1].state, flood[1].number) == ("spam", 1)
    assert {state_of(one) for one in flood[2:]} == {"spam"}


def test_the_queue_costs_as_much_with_ever_so_many_in_a_flood(desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make.blog(comment_policy="screened")
    Comment.objects.write(make.post(), SPAM, sent=Sent(trap="x"))
    with CaptureQueriesContext(connection) as few:
        desk.get(QUEUE)
    for n in range(30):
        Comment.objects.write(make.post(), f"{SPAM} {n}")

    with django_assert_num_queries(len(few)):
        desk.get(QUEUE)


def test_why_one_waits_again_is_said(desk):
    comment = make.comment(make.post())
    comment.hold(by=desk.author)

    assert Comment.objects.get(pk=comment.pk).held_because == screening.BACK
    assert "the author has put it back" in desk.get(QUEUE).text
