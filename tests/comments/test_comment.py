"""Comments: written once, numbered for good, taken out of sight at once; each decision recorded."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import screening
from comments.models import Act, Comment, Commenter, Reason, Thread
from comments.screening import Sent
from posts import search
from posts.models import CommentPolicy, Post, SearchDocument
from tests import make

pytestmark = pytest.mark.django_db


def again(comment):
    return Comment.objects.get(pk=comment.pk)


# Numbers

EVENTS = st.one_of(
    st.sampled_from(["write", "hold"]),
    st.tuples(
        st.sampled_from(["publish", "remove", "mark_spam", "save"]),
        st.integers(min_value=0, max_value=9),
    ),
)


@given(st.lists(EVENTS, max_size=15))
@settings(max_examples=40)
def test_a_number_never_changes_and_is_never_given_again(events):
    with transaction.atomic():
        post = make.post()
        comments, given = [], {}
        for event in events:
            if event == "write":
                comments.append(make.comment(post))
            elif event == "hold":
                comments.append(make.comment(post, state="held"))
            elif comments:
                verb, which = event
                getattr(comments[which % len(comments)], verb)()  # on an instance as old as it is
            for comment in Comment.objects.filter(post=post):
                if comment.pk in given:
                    assert comment.number == given[comment.pk]
                elif comment.number is not None:
                    assert comment.number == len(given) + 1  # the next, without a gap
                    given[comment.pk] = comment.number
                assert comment.number is not None or comment.state != "published"
        transaction.set_rollback(True)


def test_each_post_counts_from_one():
    first, second = make.post(), make.post()

    numbers = [make.comment(post).number for post in (first, second, first)]

    assert numbers == [1, 1, 2]


def test_a_deleted_comments_number_is_not_given_again():
    post = make.post()
    make.comment(post)
    make.comment(post).delete()

    assert make.comment(post).number == 3


def test_held_comments_and_spam_that_never_stood_there_have_no_number():
    post = make.post()
    held = make.comment(post, state="held")
    spam = make.comment(post, state="held")
    spam.mark_spam()

    assert (held.number, again(spam).number) == (None, None)


def test_a_comment_published_by_two_stale_instances_gets_one_number():
    post = make.post()
    held = make.comment(post, state="held")
    stale = again(held)

    held.publish()
    stale.publish()

    assert (again(held).number, stale.number, Thread.objects.get().last_number) == (1, 1, 1)


def test_one_number_cannot_stand_twice_under_a_post():
    post = make.post()
    make.comment(post)

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.bulk_create([Comment(post=post, number=1, typed="x")])


def test_a_published_comment_has_a_number():
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.bulk_create([Comment(post=make.post(), state="published", typed="x")])


# Written once


def test_the_same_submission_is_one_comment():
    post = make.post()

    first = Comment.objects.write(post, "The bell is gone.", name="Otto", submission="s1")
    second = Comment.objects.write(post, "The bell is gone.", name="Otto", submission="s1")

    assert first == second
    assert Comment.objects.count() == 1


def test_the_same_words_in_another_submission_are_another_comment():
    post = make.post()

    Comment.objects.write(post, "Agreed.", submission="s1")
    Comment.objects.write(post, "Agreed.", submission="s2")

    assert Comment.objects.count() == 2


def test_other_words_in_the_same_submission_are_not_lost():
    post = make.post()

    Comment.objects.write(post, "The bell is gone.", submission="s1")
    Comment.objects.write(post, "The bell is back.", submission="s1")

    assert list(Comment.objects.oldest_first().values_list("typed", flat=True)) == [
        "The bell is gone.",
        "The bell is back.",
    ]


def test_one_submission_under_two_posts_is_two_comments():
    for post in (make.post(), make.post()):
        Comment.objects.write(post, "Agreed.", submission="s1")

    assert Comment.objects.count() == 2


def test_without_an_id_the_same_words_within_ten_minutes_are_one_comment():
    post = make.post()

    first = Comment.objects.write(post, "The bell is gone.", name="Otto")
    second = Comment.objects.write(post, "The bell is gone.", name=" Otto\u200b ")

    assert first == second


def test_without_an_id_the_same_words_after_ten_minutes_are_another_comment():
    post = make.post()
    before = timezone.now() - timedelta(minutes=10, seconds=1)
    Comment.objects.write(post, "The bell is gone.", written_at=before)

    Comment.objects.write(post, "The bell is gone.")

    assert Comment.objects.count() == 2


@pytest.mark.parametrize("other", ["post", "typed", "name", "parent", "voice"])
def test_without_an_id_anything_different_is_another_comment(other):
    post = make.post()
    first = make.comment(post)
    said = {"post": post, "typed": "Agreed.", "name": "Otto", "parent": None, "voice": "reader"}
    changed = {
        "post": make.post(),
        "typed": "Agreed!",
        "name": "Maud",
        "parent": first,
        "voice": "author",
    }

    one = Comment.objects.write(**said)
    two = Comment.objects.write(**{**said, other: changed[other]})

    assert one != two


def test_what_was_typed_is_kept_as_it_was_typed():
    typed = "  a < b\r\n<script>x</script> <b onclick=y>c  "

    comment = Comment.objects.write(make.post(), typed)

    assert again(comment).typed == typed


def test_each_reader_without_a_link_is_a_commenter_of_their_own():
    post = make.post()

    first = Comment.objects.write(post, "One.")
    second = Comment.objects.write(post, "Two.", commenter=first.commenter)
    third = Comment.objects.write(post, "Three.")

    assert first.commenter == second.commenter
    assert third.commenter not in (None, first.commenter)


# Policies

LINKS = "http://a.example http://b.example http://c.example"


@pytest.mark.parametrize(
    "policy, typed, trusted, trap, reasons",
    [
        ("open", "words", False, "", ""),
        ("open", LINKS, False, "", ""),
        ("open", "words", False, "filled", "trap"),
        ("screened", "words", False, "", ""),
        ("screened", LINKS, False, "", "links"),
        ("screened", LINKS, True, "", ""),
        ("screened", LINKS, False, "filled", "trap links"),
        ("hold_all", "words", False, "", "policy"),
        ("hold_all", "words", True, "", "policy"),
        ("hold_first", "words", False, "", "first"),
        ("hold_first", LINKS, False, "", "first links"),
        ("hold_first", "words", True, "", ""),
    ],
)
def test_a_policy_holds_or_lets_pass(policy, typed, trusted, trap, reasons):
    post = make.post(comment_policy=policy)
    commenter = Commenter.objects.create(trusted=trusted)

    comment = Comment.objects.write(post, typed, commenter=commenter, sent=Sent(trap=trap))

    assert comment.held_because == reasons
    assert comment.is_held == bool(reasons)


def test_every_policy_but_closed_is_in_the_table():
    known = {"open", "screened", "hold_first", "hold_all"}
    assert set(CommentPolicy.values) - {"closed"} == known


def test_a_first_comment_is_held_until_one_of_the_same_person_was_published():
    post = make.post(comment_policy="hold_first")
    first = Comment.objects.write(post, "One.")
    second = Comment.objects.write(post, "Two.", commenter=first.commenter)
    assert second.is_held

    first.publish(by=make.author())

    assert Comment.objects.write(post, "Three.", commenter=first.commenter).is_published
    assert Comment.objects.write(post, "Somebody else.").is_held


@pytest.mark.parametrize(
    ("age", "policy"), [(7, "screened"), (8, "hold_all"), (30, "hold_all"), (31, "closed")]
)
def test_a_policy_depends_on_how_old_the_post_is(age, policy):
    make.blog(comment_policy="screened", hold_after=7, close_after=30)
    published = timezone.now() - timedelta(days=age, minutes=1)

    assert make.post(published=published).policy == policy
    assert make.post(published=published, comment_policy="open").policy == "open"
    assert make.post(published=published, kind="page").policy == "screened"


def test_where_comments_are_closed_age_opens_none():
    make.blog(comment_policy="closed", hold_after=0)

    assert make.post(published=timezone.now() - timedelta(days=9)).policy == "closed"


def test_trust_is_given_and_taken_once_as_acts():
    author, comment = make.author(), make.comment(make.post())

    for verb in (*("trust", "trust"), *("distrust", "distrust")):
        getattr(Commenter.objects.get(), verb)(by=author, comment=comment)

    acts = Act.objects.filter(verb__contains="trust").order_by("pk")
    assert [(act.verb, act.by, act.comment) for act in acts] == [
        ("trust", author, comment),
        ("distrust", author, comment),
    ]
    assert not Commenter.objects.get().trusted


def test_a_post_without_a_policy_has_the_blogs():
    make.blog(comment_policy="hold_all")

    assert Comment.objects.write(make.post(), "words").is_held
    assert not Comment.objects.write(make.post(comment_policy="open"), "words").is_held


def test_the_author_is_never_held():
    post = make.post(comment_policy="hold_all")

    assert Comment.objects.write(post, LINKS, voice="author", by=make.author()).is_published


def test_a_subjects_reply_is_held_even_where_all_is_open():
    post = make.post(comment_policy="open")

    reply = Comment.objects.write(post, "It was not so.", voice="subject", right=make.right(post))

    assert (reply.is_held, reply.held_because) == (True, screening.REPLY)


@pytest.mark.parametrize("typed", [LINKS, "<a href='http://a.example'>http://a.example</a> " * 3])
def test_many_links_are_a_reason(typed):
    assert screening.reasons(typed) == [screening.LINKS]


@pytest.mark.parametrize(
    "typed",
    [
        "http://a.example www.b.example",
        "<a href='http://a.example'>http://a.example</a> " * 2,
        "",
    ],
)
def test_two_links_are_no_reason(typed):
    assert screening.reasons(typed) == []


@pytest.mark.parametrize("voice, with_right", [("subject", False), ("reader", True)])
def test_the_subjects_voice_and_a_right_of_reply_go_together(voice, with_right):
    post = make.post()
    right = make.right(post) if with_right else None

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.bulk_create([Comment(post=post, voice=voice, right=right, typed="x")])


# Decisions


def test_publishing_is_recorded_with_who_and_when():
    author, held = make.author(), make.comment(make.post(), state="held")

    held.publish(by=author)

    act = Act.objects.get()
    assert (act.verb, act.role, act.by, act.comment, act.post) == (
        *("publish", "author", author, held, held.post),
    )


def test_removal_is_recorded_with_its_reason():
    author, comment = make.author(), make.comment(make.post())

    comment.remove(by=author, reason=Reason.PRIVATE, note="a telephone number")

    act = Act.objects.get()
    assert (act.verb, act.by, act.reason, act.note) == (
        *("remove", author, "private", "a telephone number"),
    )
    comment = again(comment)
    assert (comment.removed_because, comment.removed_by, comment.removed_at) == (
        *("private", "author", act.at),
    )


def test_spam_is_recorded():
    comment = make.comment(make.post(), state="held")

    comment.mark_spam(by=make.author())

    assert [act.verb for act in Act.objects.all()] == ["mark_spam"]


@pytest.mark.parametrize("verb", ["publish", "remove", "mark_spam"])
def test_a_decision_made_twice_is_recorded_once(verb):
    comment = make.comment(make.post(), state="held")

    getattr(comment, verb)()
    getattr(comment, verb)()

    assert Act.objects.count() == 1


def test_what_the_policy_let_pass_is_no_act():
    Comment.objects.write(make.post(), "words")

    assert not Act.objects.exists()


def test_a_reason_that_is_not_published_is_refused():
    comment = make.comment(make.post())

    with pytest.raises(ValueError, match="reasons"):
        comment.remove(reason="a bad day")

    assert again(comment).is_published


def test_an_act_is_never_changed():
    act = Act.record("publish", comment=make.comment(make.post()))
    act.note = "something else"

    with pytest.raises(ValueError, match="never changed"):
        act.save()

    with pytest.raises(ValueError, match="never changed"):
        Act.objects.update(note="something else")

    assert Act.objects.get().note == ""


def test_an_act_outlives_its_comment():
    comment = make.comment(make.post(), state="held")
    comment.publish(by=make.author())
    comment.delete()

    act = Act.objects.get()

    assert (act.verb, act.comment) == ("publish", None)


def test_whoever_has_acted_stays_on_the_record():
    author = make.author()
    make.comment(make.post(), state="held").publish(by=author)

    with pytest.raises(ProtectedError):
        author.delete()
    with pytest.raises(ValueError, match="never taken back"):
        Act.objects.all().delete()
    with pytest.raises(ValueError, match="never taken back"):
        Act.objects.get().delete()

    assert Act.objects.get().by == author


def test_a_removed_comment_keeps_its_place_and_can_come_back():
    comment = make.comment(make.post())
    comment.remove()
    removed = again(comment)

    comment.publish()

    assert (removed.is_tombstone, removed.number) == (True, 1)
    assert (again(comment).is_published, again(comment).number) == (True, 1)
    assert (again(comment).removed_at, again(comment).removed_because) == (None, "")


def found(words, **how):
    return [hit.row for hit in search.find(words, kinds=("comment",), **how)[0]]


@pytest.mark.parametrize("verb", ["remove", "mark_spam"])
def test_a_comment_taken_out_is_out_of_search_at_once(verb):
    comment = make.comment(make.post(), "The lighthouse keeper knew.")
    assert found("lighthouse") == [comment.pk]

    getattr(comment, verb)()

    assert found("lighthouse") == []


@pytest.mark.parametrize("verb", ["remove", "mark_spam"])
def test_a_stale_instance_saved_does_not_bring_back_what_was_taken_out(verb):
    comment = make.comment(make.post(), "The lighthouse keeper knew.")
    stale = again(comment)
    getattr(comment, verb)()

    stale.name = "Otto"
    stale.save()

    assert not again(comment).is_published
    assert (again(comment).name, found("lighthouse")) == ("Otto", [])


def test_an_erased_comment_leaves_its_number_and_nothing_else():
    post = make.post()
    comment = make.comment(post, "Words of mine.", "Bosun", url="https://bosun.example/")
    answer = make.comment(post, "I agree.", parent=comment)

    comment.erase()

    comment.refresh_from_db()
    assert (comment.number, comment.is_tombstone, comment.removed_because) == (1, True, "asked")
    assert not any([comment.typed, comment.shown, comment.name, comment.url, comment.commenter])
    assert not SearchDocument.objects.filter(text__contains="Words").exists()
    assert [act.verb for act in comment.acts.order_by("pk")] == ["remove", "erase"]
    answer.refresh_from_db()
    assert answer.parent == comment
    assert make.comment(post).number == 3


def test_a_comment_that_was_removed_for_another_reason_can_be_erased_too():
    comment = make.comment(make.post(), "Words of mine.", state="removed")

    comment.erase()

    comment.refresh_from_db()
    assert (comment.typed, comment.removed_because) == ("", "off_topic")


def test_a_stale_instance_removed_does_not_bring_back_earlier_words():
    comment = make.comment(make.post(), "The lighthouse keeper knew.")
    stale = again(comment)
    comment.typed = "The harbour master knew."
    comment.save()

    stale.remove()
    stale.publish()

    assert (found("lighthouse"), found("harbour")) == ([], [comment.pk])


def test_comments_under_a_draft_are_not_found():
    post = make.post()
    comment = make.comment(post, "The lighthouse keeper knew.")

    post.unpublish()

    assert found("lighthouse") == []
    assert found("lighthouse", everything=True) == [comment.pk]


def test_a_comment_that_was_answered_cannot_be_deleted_alone_and_goes_with_its_post():
    post = make.post()
    parent = make.comment(post)
    make.comment(post, parent=parent)

    with pytest.raises(IntegrityError), transaction.atomic():
        parent.delete()
    post.delete()

    assert not Comment.objects.exists()
    assert not Post.objects.exists()


# The same question, asked of all and asked of one


@pytest.mark.parametrize(
    "which, is_it, number",
    [("published", "is_published", 3), ("held", "is_held", 1), ("in_thread", "is_in_thread", 5)],
)
def test_queryset_and_property_agree(which, is_it, number):
    post = make.post()
    for state in ("published", "held", "removed", "spam"):
        make.comment(post, state=state)
    make.comment(post, voice="author")
    make.comment(post, voice="subject", right=make.right(post))
    make.comment(post, state="held").remove()

    found = set(getattr(Comment.objects, which)())

    assert found == {one for one in Comment.objects.all() if getattr(one, is_it)}
    assert len(found) == number


def test_tombstones_are_what_stands_in_the_thread_and_is_not_published():
    post = make.post()
    for state in ("published", "held", "removed", "spam"):
        make.comment(post, state=state)

    states = {one.state for one in Comment.objects.all() if one.is_tombstone}

    assert states == {"removed", "spam"}


def test_an_answer_to_a_comment_under_another_post_is_refused():
    elsewhere = make.comment(make.post())

    with pytest.raises(ValueError, match="under the same post"):
        Comment.objects.write(make.post(), "Hear, hear.", parent=elsewhere)

    assert Comment.objects.count() == 1


def test_what_is_erased_is_not_published_again():
    comment = make.comment(make.post())
    comment.erase()

    stale = Comment.objects.get()
    stale.commenter, stale.name, stale.typed = Commenter.objects.create(), "Cox", "As it was."

    for one in (comment, stale):
        with pytest.raises(ValueError, match="nothing is left"):
            one.publish()

    comment.refresh_from_db()
    assert comment.state == "removed"
