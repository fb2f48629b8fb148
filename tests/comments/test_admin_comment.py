"""The moderation queue: what waits is shown whole, and each decision leaves its act."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.models import Act, Comment, Commenter
from posts.models import SearchDocument
from tests import make
from tests.desk import act_on, errors, list_of, page_of, staff

pytestmark = pytest.mark.django_db

QUEUE = list_of(Comment)
HELD, PUBLISHED, REMOVED, SPAM = "held", "published", "removed", "spam"


def listed(desk, query=""):
    return list(desk.get(QUEUE + query).context["cl"].result_list)


def state_of(comment):
    return Comment.objects.get(pk=comment.pk).state


# The queue


def test_the_queue_shows_what_is_held_oldest_first(desk):
    post = make.post()
    now = timezone.now()
    late = make.comment(post, state=HELD, at=now)
    early = make.comment(post, state=HELD, at=now - timedelta(days=1))
    make.comment(post)

    assert listed(desk) == [early, late]


def test_every_state_can_be_asked_for(desk):
    post = make.post()
    made = {state: make.comment(post, state=state) for state in Comment.State.values}

    for state, comment in made.items():
        assert listed(desk, f"?state={state}") == [comment]
    assert len(listed(desk, "?state=all")) == 4
    assert listed(desk, "?state=nonsense") == [made[HELD]]


def test_the_whole_text_is_shown_with_what_it_answers_and_why_it_is_held(desk):
    post = make.post("Fog")
    parent = make.comment(post, name="Bosun")
    words = "On and on. " * 60
    make.comment(post, words + "The end.", state=HELD, parent=parent, held_because="links")

    page = desk.get(QUEUE).content.decode()

    assert "The end." in page
    assert "answers 1 Bosun" in page
    assert "many links" in page


def test_a_readers_markup_is_shown_and_never_run(desk):
    make.comment(make.post(), "<b>Bold</b> <script>alert(1)</script> 1 < 2", state=HELD)

    page = desk.get(QUEUE).content.decode()

    assert "<b>Bold</b>" in page
    assert "<script>alert" not in page


def test_a_search_looks_into_every_state(desk):
    post = make.post()
    held = make.comment(post, "About the capstan.", state=HELD)
    spam = make.comment(post, "Buy a capstan.", state=SPAM)
    make.comment(post, "Something else.", state=HELD)

    assert set(listed(desk, "?q=capstan")) == {held, spam}
    assert listed(desk, "?q=capstan&state=spam") == [spam]


def test_a_held_comment_is_found_among_ever_so_many_that_are_not(desk):
    post = make.post()
    held = make.comment(post, "One word about the capstan, after many others.", state=HELD)
    others = Comment.objects.bulk_create(
        Comment(post=post, typed="Capstan, capstan.", state=SPAM) for _ in range(250)
    )
    SearchDocument.objects.put([comment.search_document() for comment in others])

    assert listed(desk, "?state=held&q=capst") == [held]


def test_the_queue_costs_as_many_queries_with_thirty_comments_as_with_two(
    desk, django_assert_num_queries
):
    def add(count):
        for _ in range(count):
            post = make.post()
            right = make.right(post)
            parent = make.comment(post)
            make.comment(post, state=HELD, parent=parent)
            make.comment(post, state=HELD, voice="subject", right=right)

    add(1)
    with CaptureQueriesContext(connection) as few:
        desk.get(QUEUE)
    add(15)

    with django_assert_num_queries(len(few)):
        desk.get(QUEUE)


def test_the_queue_tells_what_became_of_a_persons_other_comments(desk):
    post = make.post()
    held = make.comment(post, state=HELD)
    for state in (PUBLISHED, PUBLISHED, "removed", "spam"):
        make.comment(post, commenter=held.commenter, state=state)
    held.commenter.trust()
    make.comment(post, state=HELD)

    page = desk.get(QUEUE).content.decode()

    assert "trusted, of the same person: 2 published; 1 removed; 1 spam" in page
    assert page.count("of the same person") == 1


# Bulk decisions


def test_several_are_published_and_their_writers_trusted(desk):
    one, other = make.comment(make.post(), state=HELD), make.comment(make.post(), state=HELD)
    again = make.comment(one.post, state=HELD, commenter=one.commenter)

    answer = desk.post(QUEUE, act_on([one, other, again], "publish_and_trust"), follow=True)

    assert {state_of(comment) for comment in (one, other, again)} == {PUBLISHED}
    assert Commenter.objects.filter(trusted=True).count() == 2
    assert answer.context["undo"][1] == "Published, and their writers trusted from now on: 3."
    assert Act.objects.filter(verb="trust", by=desk.author).count() == 2


def test_trust_is_given_and_taken_on_the_page_of_a_comment(desk):
    comment = make.comment(make.post(), state=HELD)

    for button, trusted in (("_trust", True), ("_distrust", False)):
        assert button in desk.get(page_of(comment)).content.decode()
        desk.post(page_of(comment), {button: "1"})
        assert Commenter.objects.get(pk=comment.commenter_id).trusted == trusted
    assert state_of(comment) == HELD


def test_publish_lets_through_and_leaves_who(desk):
    comment = make.comment(make.post(), state=HELD)

    desk.post(QUEUE, act_on([comment], "publish"))

    comment.refresh_from_db()
    assert (comment.state, comment.number) == (PUBLISHED, 1)
    act = Act.objects.get(comment=comment)
    assert (act.verb, act.by, act.role) == ("publish", desk.author, "author")


def test_what_is_erased_is_not_published_again_and_is_called_so(desk):
    erased, other = make.comment(make.post()), make.comment(make.post(), state="removed")
    erased.erase()

    listed = desk.get(QUEUE, {"state": "removed"}).content.decode()
    answer = desk.post(f"{QUEUE}?state=removed", act_on([erased, other], "publish"), follow=True)
    page = desk.get(page_of(erased)).content.decode()

    assert listed.count(", erased") == 1
    assert [state_of(one) for one in (erased, other)] == ["removed", PUBLISHED]
    (told,) = answer.context["messages"]
    assert str(told) == "Erased or decided otherwise meanwhile, and left so: 1."
    assert answer.context["undo"][1].endswith("is now: published.")
    assert "_publish" not in page


def test_remove_leaves_the_reason_and_the_note(desk):
    comment = make.comment(make.post())

    desk.post(
        QUEUE + "?state=all",
        act_on([comment], "remove", reason="private", note="Names a child."),
    )

    comment.refresh_from_db()
    assert (comment.state, comment.removed_because) == (REMOVED, "private")
    act = Act.objects.get(comment=comment, verb="remove")
    assert (act.by, act.reason, act.note) == (desk.author, "private", "Names a child.")


@pytest.mark.parametrize("reason", ["", "because"])
def test_remove_without_a_published_reason_changes_nothing(desk, reason):
    comment = make.comment(make.post(), state=HELD)

    answer = desk.post(QUEUE, act_on([comment], "remove", reason=reason), follow=True)

    assert state_of(comment) == HELD
    assert not Act.objects.exists()
    assert answer.context["messages"]


def test_mark_as_spam_takes_all_that_were_chosen(desk):
    post = make.post()
    comments = [make.comment(post, state=HELD) for _ in range(3)]

    desk.post(QUEUE, act_on(comments, "mark_spam"))

    assert {state_of(comment) for comment in comments} == {SPAM}
    assert Act.objects.filter(verb="mark_spam", by=desk.author).count() == 3


# One comment's page


@pytest.mark.parametrize(
    ("button", "state", "verb"),
    [
        ("_publish", PUBLISHED, "publish"),
        ("_remove", REMOVED, "remove"),
        ("_spam", SPAM, "mark_spam"),
    ],
)
def test_each_button_calls_its_verb(desk, button, state, verb):
    comment = make.comment(make.post(), state=HELD)

    answer = desk.post(page_of(comment), {button: "1", "reason": "abuse", "note": "So."})

    assert answer["Location"] == QUEUE
    assert state_of(comment) == state
    assert Act.objects.get(comment=comment).verb == verb
    assert Act.objects.get(comment=comment).by == desk.author


def test_remove_on_its_page_wants_a_reason_and_keeps_the_note(desk):
    comment = make.comment(make.post(), state=HELD)

    answer = desk.post(page_of(comment), {"_remove": "1", "reason": "", "note": "Kept words."})

    assert errors(answer, "reason")
    assert "Kept words." in answer.content.decode()
    assert state_of(comment) == HELD


def test_nobody_edits_a_readers_words(desk):
    comment = make.comment(make.post(), "As I wrote it.", state=HELD)

    desk.post(page_of(comment), {"_publish": "1", "typed": "Changed.", "name": "Changed"})

    comment.refresh_from_db()
    assert (comment.typed, comment.name) == ("As I wrote it.", "")
    assert 'name="typed"' not in desk.get(page_of(comment)).content.decode()


def test_its_page_shows_what_it_answers_what_was_done_and_where_to_answer(desk):
    post = make.post()
    parent = make.comment(post, "Was it the bell?", "Bosun")
    comment = make.comment(post, "It was.", parent=parent)
    comment.remove(by=desk.author, reason="off_topic", note="Not about fog.")
    comment.publish(by=desk.author)

    page = desk.get(page_of(comment)).content.decode()

    assert "Was it the bell?" in page
    assert "Not about fog." in page
    assert "not about the post" in page
    assert f"{reverse('write', args=[post.slug])}?to=2" in page


def test_comments_are_not_added_or_deleted_at_the_desk(desk):
    comment = make.comment(make.post())

    assert desk.get(reverse("admin:comments_comment_add")).status_code == 403
    delete = reverse("admin:comments_comment_delete", args=[comment.pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    assert Comment.objects.exists()


# Erasing


def erasing(comment):
    return reverse("admin:comments_comment_erase", args=[comment.pk])


def test_the_button_leads_to_a_page_that_says_what_is_lost_and_erases_nothing(desk):
    comment = make.comment(make.post(), "My own business.", "Bosun")
    assert f'href="{erasing(comment)}"' in desk.get(page_of(comment)).content.decode()

    answer = desk.get(erasing(comment))

    page = answer.content.decode()
    assert "My own business." in page
    assert "Its number, 1, and its place in the thread stay" in page
    assert "This can’t be undone." in page
    assert "no-store" in answer["Cache-Control"]
    comment.refresh_from_db()
    assert (comment.state, comment.typed) == (PUBLISHED, "My own business.")


def test_erasing_leaves_number_place_and_record_and_nothing_else(desk):
    post = make.post()
    comment = make.comment(post, "My own business.", "Bosun")
    reply = make.comment(post, parent=comment)

    answer = desk.post(erasing(comment), {"reason": "asked", "note": "By letter."})

    assert answer["Location"] == QUEUE
    comment.refresh_from_db()
    assert (comment.state, comment.number) == (REMOVED, 1)
    assert (comment.typed, comment.shown, comment.name, comment.commenter) == ("", "", "", None)
    assert reply.parent == comment
    acts = comment.acts.order_by("pk").values_list("verb", "by", "reason", "note")
    author = desk.author.pk
    assert list(acts) == [("remove", author, "asked", ""), ("erase", author, "asked", "By letter.")]


@pytest.mark.parametrize("state", [HELD, REMOVED, SPAM])
def test_a_comment_in_any_state_can_be_erased(desk, state):
    comment = make.comment(make.post(), "My own business.", state=state)

    assert desk.get(erasing(comment)).status_code == 200
    desk.post(erasing(comment), {"reason": "private"})

    comment.refresh_from_db()
    assert (comment.state, comment.typed) == (REMOVED, "")


def test_the_note_is_kept_of_a_comment_that_was_removed_before(desk):
    removed = make.comment(make.post(), state=REMOVED)

    desk.post(erasing(removed), {"reason": "asked", "note": "By letter."})

    assert Act.objects.get(verb="erase").note == "By letter."


def test_of_a_comment_that_readers_never_saw_no_place_is_promised(desk):
    held = make.comment(make.post(), state=HELD)

    assert "It never stood under the post" in desk.get(erasing(held)).content.decode()


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_published_reason_nothing_is_erased(desk, reason):
    comment = make.comment(make.post(), "My own business.")

    answer = desk.post(erasing(comment), {"reason": reason, "note": "Kept words."})

    assert answer.context["form"].errors["reason"]
    assert "Kept words." in answer.content.decode()
    assert Comment.objects.get().typed == "My own business."


def test_what_is_erased_already_is_not_erased_again(desk):
    comment = make.comment(make.post())
    desk.post(erasing(comment), {"reason": "asked"})

    assert erasing(comment) not in desk.get(page_of(comment)).content.decode()
    for answer in (desk.get(erasing(comment)), desk.post(erasing(comment), {"reason": "asked"})):
        assert answer["Location"] == page_of(comment)
    assert Act.objects.filter(verb="erase").count() == 1


def test_django_itself_notes_no_word_of_a_comment(desk):
    comment = make.comment(make.post(), "My own business.", "Bosun", state=HELD)

    desk.post(page_of(comment), {"_publish": "1"})
    desk.post(erasing(comment), {"reason": "asked"})

    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("number", ["999999", "9" * 19, "9" * 40])
def test_a_comment_that_is_not_there_can_not_be_erased(desk, number):
    assert desk.post(f"/admin/comments/comment/{number}/erase/").status_code == 404


def test_who_may_only_look_erases_nothing(client):
    comment = make.comment(make.post(), "My own business.")
    client.force_login(staff("view_comment"))

    assert erasing(comment) not in client.get(page_of(comment)).content.decode()
    assert client.get(erasing(comment)).status_code == 403
    assert client.post(erasing(comment), {"reason": "asked"}).status_code == 403
    assert Comment.objects.get().typed == "My own business."


def test_a_reader_erases_nothing(client):
    comment = make.comment(make.post(), "My own business.")

    assert "login" in client.post(erasing(comment), {"reason": "asked"})["Location"]
    assert Comment.objects.get().typed == "My own business."


def test_a_page_of_another_site_erases_nothing():
    comment = make.comment(make.post(), "My own business.")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make.author())

    assert browser.post(erasing(comment), {"reason": "asked"}).status_code == 403
    assert Comment.objects.get().typed == "My own business."


# Who may


def test_who_may_only_look_decides_nothing(client):
    comment = make.comment(make.post(), state=HELD)
    client.force_login(staff("view_comment"))

    assert client.get(page_of(comment)).status_code == 200
    assert "_publish" not in client.get(page_of(comment)).content.decode()
    assert client.post(page_of(comment), {"_publish": "1"}).status_code == 403
    client.post(QUEUE, act_on([comment], "publish"))
    assert state_of(comment) == HELD


def test_staff_without_permission_see_nothing(client):
    comment = make.comment(make.post(), state=HELD)
    client.force_login(staff())

    assert client.get(QUEUE).status_code == 403
    assert client.get(page_of(comment)).status_code == 403


def test_a_reader_is_asked_to_sign_in(client):
    assert "login" in client.get(QUEUE)["Location"]
