"""The page of a subject's reply at the desk: its decisions, and what others are kept from it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Act, Comment, Letter, Reply
from tests import make
from tests.desk import act_on, list_of, page_of, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment():
    """A subject's reply that waits."""
    return make.right(make.post("Fog", "<p>Late.</p>")).receive("It was the ebb.\n\nReally.")


def address(comment):
    return reverse("admin:comments_comment_reply", args=[comment.pk])


def sent(comment, do, **more):
    seen = Reply(comment=Comment.objects.get(pk=comment.pk)).version_at.isoformat()
    return {"do": do, "seen": seen, **more}


def state(comment):
    return Comment.objects.get(pk=comment.pk).state


def page(answer):
    return answer.content.decode()


# Looking


def test_the_reply_stands_beside_the_post_as_shown_and_as_typed_with_its_history(desk, comment):
    comment.right.requests.create(wrong="The date.")

    words = page(desk.get(address(comment)))

    assert "<p>Late.</p>" in words
    assert "<p>It was the ebb.</p>" in words
    assert "It was the ebb.\n\nReally." in words
    assert "replied" in words
    assert "The date." in words
    assert "7 days left" in words


def test_the_comments_own_page_leads_here_while_it_is_not_published(desk, comment):
    answer = desk.get(page_of(comment))
    assert (answer.status_code, answer.url) == (302, address(comment))

    comment.publish()

    assert desk.get(page_of(comment)).status_code == 200


def test_a_readers_comment_has_no_such_page(desk):
    assert desk.get(address(make.comment(make.post(), state="held"))).status_code == 404


def test_a_request_that_one_may_not_see_is_left_out(client, comment):
    comment.right.requests.create(wrong="Between you and me.", public=False)
    client.force_login(staff("view_comment"))

    assert "Between you and me." not in page(client.get(address(comment)))


def test_the_text_of_a_draft_is_left_out_for_who_may_not_see_posts(client, comment):
    comment.post.unpublish()
    client.force_login(staff("view_comment"))

    assert "<p>Late.</p>" not in page(client.get(address(comment)))


# Deciding


def test_publishing_is_offered_first(desk, comment):
    words = page(desk.get(address(comment)))

    places = [words.index(f'name="do" value="{do}"') for do in ("publish", "ask", "decline")]
    assert places == sorted(places)


def test_a_reply_is_published_as_it_is(desk, comment):
    answer = desk.post(address(comment), sent(comment, "publish"), follow=True)

    assert state(comment) == "published"
    assert Act.objects.get(verb="publish").by == desk.author
    assert "See it as readers do" in page(answer)


def test_a_reply_is_asked_about(desk, comment):
    asking = sent(comment, "ask", question="You name a child.")
    words = page(desk.post(address(comment), asking, follow=True))

    assert state(comment) == "held"
    assert "They have not answered yet" in words
    assert 'value="ask"' not in words
    assert 'value="publish"' in words


def test_a_reply_is_declined_and_can_be_published_after_all(desk, comment):
    declining = sent(comment, "decline", reasons="It names a child.")
    words = page(desk.post(address(comment), declining, follow=True))

    assert state(comment) == "removed"
    assert "It names a child." in words
    desk.post(address(comment), sent(comment, "publish"))
    assert state(comment) == "published"
    assert not Reply.objects.get(pk=comment.pk).is_declined


@pytest.mark.parametrize(("do", "field"), [("ask", "question"), ("decline", "reasons")])
def test_a_decision_without_its_words_is_an_error_of_its_field(desk, comment, do, field):
    answer = desk.post(address(comment), sent(comment, do, question=" ", reasons=" "))

    assert answer.context["form"].errors[field]
    assert state(comment) == "held"
    assert not Reply.objects.exclude(asked_at=None, declined_at=None).exists()


def test_what_was_changed_meanwhile_is_shown_first_and_no_word_is_lost(desk, comment):
    declining = sent(comment, "decline", reasons="It names a child.")
    later = timezone.now() + timedelta(seconds=1)
    Comment.objects.filter(pk=comment.pk).update(edited_at=later, shown="<p>Nobody.</p>")

    answer = desk.post(address(comment), declining)

    assert "It was changed meanwhile" in page(answer)
    assert "Nobody." in page(answer)
    assert ">\nIt names a child.</textarea>" in page(answer)
    assert state(comment) == "held"
    desk.post(address(comment), declining | {"seen": later.isoformat()})
    assert state(comment) == "removed"


def test_what_was_published_meanwhile_gives_the_typed_reasons_back(desk, comment):
    declining = sent(comment, "decline", reasons="It names a child.")
    comment.publish()

    answer = desk.post(address(comment), declining)

    assert state(comment) == "published"
    assert "It names a child." in page(answer)


def test_it_is_acknowledged_with_one_button(desk, comment):
    desk.post(address(comment), sent(comment, "acknowledge"))

    words = page(desk.get(address(comment)))
    assert "that you have read it." in words
    assert 'value="acknowledge"' not in words
    assert Letter.objects.get().key.startswith("acknowledge")


def test_what_was_taken_back_is_not_offered_to_be_published(desk, comment):
    comment.remove(role=Act.Role.SUBJECT, reason="asked")

    words = page(desk.get(address(comment)))
    answer = desk.post(address(comment), sent(comment, "publish"))

    assert 'value="publish"' not in words
    assert "taken it back" in page(answer)
    assert state(comment) == "removed"


def test_the_words_can_be_changed_nowhere(desk, comment):
    more = {"typed": "It was me.", "shown": "It was me.", "name": "Somebody"}
    desk.post(address(comment), sent(comment, "publish", **more))

    row = Comment.objects.get(pk=comment.pk)
    assert (row.typed, row.name) == ("It was the ebb.\n\nReally.", "Maud Tarrant")


# The ways of other comments


@pytest.mark.parametrize("action", ["remove", "mark_spam"])
def test_held_replies_are_not_taken_away_in_bulk(desk, comment, action):
    other = make.comment(comment.post, state="held")

    chosen = act_on([comment, other], action, reason="private")
    answer = desk.post(list_of(Comment), chosen, follow=True)

    assert (state(comment), state(other)) == ("held", {"mark_spam": "spam"}.get(action, "removed"))
    assert f'href="{address(comment)}"' in page(answer)
    assert "decided on their own pages: 1 left" in page(answer)


def test_many_at_once_take_no_reply_along(desk, comment):
    others = [make.comment(comment.post, state="held") for _ in range(5)]

    desk.post(list_of(Comment), act_on([comment, *others], "mark_spam"))

    assert state(comment) == "held"
    assert {state(one) for one in others} == {"spam"}


@pytest.mark.parametrize("verb", ["publish", "trust", "remove", "spam"])
def test_nor_by_a_button_of_the_queue(desk, comment, verb):
    button = {"_decide": f"{verb}:{comment.pk}", f"reason-{comment.pk}": "private"}
    desk.post(list_of(Comment), button)

    assert state(comment) == "held"


@pytest.mark.parametrize("button", ["_remove", "_spam", "_publish"])
def test_nor_on_the_page_of_a_comment(desk, comment, button):
    answer = desk.post(page_of(comment), {button: "1", "reason": "private"}, follow=True)

    assert state(comment) == "held"
    assert answer.redirect_chain[0][0] == address(comment)
    assert "decided on their own pages" in page(answer)


def test_nor_erased_before_it_is_decided(desk, comment):
    erase = reverse("admin:comments_comment_erase", args=[comment.pk])

    desk.post(erase, {"reason": "other"})
    assert state(comment) == "held"

    Reply.of(comment).decline("It names a child.", by=desk.author)
    desk.post(erase, {"reason": "asked"})
    assert Comment.objects.get(pk=comment.pk).is_erased


def test_a_reply_is_not_published_from_a_list_as_its_words_may_be_others_by_then(desk, comment):
    desk.get(list_of(Comment))
    comment.right.rewrite(comment, "Words that nobody has read.")

    answer = desk.post(list_of(Comment), act_on([comment], "publish"), follow=True)

    assert state(comment) == "held"
    assert "decided on their own pages: 1 left" in page(answer)


def test_a_declined_reply_is_not_published_in_bulk(desk, comment):
    Reply.of(comment).decline("It names a child.", by=desk.author)

    desk.post(list_of(Comment) + "?state=all", act_on([comment], "publish"))

    assert state(comment) == "removed"


def test_a_published_reply_is_removed_for_one_of_the_published_reasons_alone(desk, comment):
    comment.publish()

    desk.post(page_of(comment), {"_spam": "1"})
    assert state(comment) == "published"
    desk.post(page_of(comment), {"_remove": "1", "reason": ""})
    assert state(comment) == "published"
    desk.post(page_of(comment), {"_remove": "1", "reason": "private"})
    assert state(comment) == "removed"


def test_the_queue_leads_to_the_page_of_a_reply_and_offers_no_way_round_it(desk, comment):
    words = page(desk.get(list_of(Comment) + "?state=held"))

    assert f'href="{address(comment)}"' in words
    assert f'value="publish:{comment.pk}"' not in words
    assert f'value="remove:{comment.pk}"' not in words
    assert f'value="spam:{comment.pk}"' not in words


# Who may


@pytest.mark.parametrize("do", ["publish", "ask", "decline", "acknowledge"])
def test_who_may_only_look_decides_nothing(client, comment, do):
    client.force_login(staff("view_comment"))
    words = {"question": "Why?", "reasons": "No."}

    assert client.post(address(comment), sent(comment, do, **words)).status_code == 403
    assert client.post(page_of(comment), {"_publish": "1"}).status_code == 403
    assert 'name="do"' not in page(client.get(address(comment)))
    assert state(comment) == "held"
    assert not Reply.objects.exists()


def test_who_may_see_no_comments_sees_no_reply(client, comment):
    client.force_login(staff("view_amendmentrequest"))

    assert client.get(address(comment)).status_code == 403
