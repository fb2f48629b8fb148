"""Letters on the page that asks before a post is public: seen, changed, sent or not sent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments.admin.telling import letters
from comments.models import Act, CourtesyLetter, Letter, RightOfReply
from comments.tasks import tick
from posts.models import Post
from tests import make
from tests.desk import page_of, rows, staff, typed

pytestmark = pytest.mark.django_db
OLD = datetime(2012, 3, 4, 8, tzinfo=UTC)


@pytest.fixture
def draft():
    return make.post("The bell", published=None)


@pytest.fixture
def right(draft):
    return make.right(draft)


def publishing(post):
    return reverse("admin:posts_post_publish", args=[post.pk])


def press(desk, right, button="_publish", **more):
    """Press a button of the form of the post that the right is about; return the answer."""
    row = rows("rights", {"id": right.pk, "subject": right.subject_id, "tell": "on"})
    return desk.post(page_of(right.post), typed(button, right.post, **row, **more), follow=True)


def sent_by(answer, **typed_):
    """Return what the page that asks would send, with `typed_` for its letters.

    `words`, `choice` and `because` are those of the first letter.
    """
    sent = {name: str(value) for name, value in answer.context["form"].initial.items() if value}
    forms = answer.context["letters"].forms
    for form in forms:
        sent |= {f"{form.prefix}-{name}": form[name].value() or "" for name in form.fields}
    return sent | {f"{forms[0].prefix}-{name}": value for name, value in typed_.items()}


def told(source):
    """Return the right of somebody who knows of the post `source`."""
    made = make.right(source)
    RightOfReply.objects.filter(pk=made.pk).update(told_at=OLD)
    return made


def test_the_letter_is_shown_before_the_post_is_public(desk, right):
    page = press(desk, right).content.decode()

    assert "maud@example.com" in page
    assert "My post “The bell” is about you" in page
    assert "[letterbox]" in page
    assert right.letterbox not in page
    assert Post.objects.get().is_draft


def test_what_is_typed_there_goes_with_the_publication(desk, right):
    asked = press(desk, right)

    desk.post(publishing(right.post), sent_by(asked, words="I hope that you are well."))
    tick()

    assert Post.objects.get().is_published
    assert "I hope that you are well." in Letter.objects.get().body


def test_words_that_were_not_touched_are_as_drafted(desk, right):
    desk.post(publishing(right.post), sent_by(press(desk, right)))

    assert CourtesyLetter.objects.get().words == ""


def test_a_scheduled_post_is_asked_about_too_and_takes_its_letter_along(desk, right):
    at = timezone.localtime(timezone.now() + timedelta(days=3)).replace(microsecond=0)
    when = {"when_0": f"{at:%Y-%m-%d}", "when_1": f"{at:%H:%M:%S}"}
    asked = press(desk, right, "_schedule", **when)

    desk.post(publishing(right.post), sent_by(asked, words="I hope that you are well."))
    Post.objects.update(publish_at=timezone.now())
    Post.objects.get().publish_if_due()
    tick()

    assert "I hope that you are well." in Letter.objects.get().body


def test_do_not_tell_them_needs_a_reason_and_no_word_is_lost(desk, right):
    asked = press(desk, right)

    answer = desk.post(publishing(right.post), sent_by(asked, choice="drop", words="My words."))

    page = answer.content.decode()
    assert "Say why they are not told." in page
    assert "My words." in page
    assert Post.objects.get().is_draft


def test_do_not_tell_them_keeps_the_reason(desk, right):
    asked = press(desk, right)

    desk.post(publishing(right.post), sent_by(asked, choice="drop", because="They know."))
    tick()

    assert Post.objects.get().is_published
    assert RightOfReply.objects.get().not_told_because == "They know."
    assert Act.objects.get(verb="not_told").by == desk.author
    assert not Letter.objects.exists()


def test_what_is_typed_survives_being_asked_again(desk, right):
    asked = press(desk, right)
    sent = sent_by(asked, words="My words.")
    make.right(right.post, make.subject("Otto Brandt", "otto@example.com"))

    again = desk.post(publishing(right.post), sent)

    page = again.content.decode()
    assert "Meanwhile there is something else to know." in page
    assert "My words." in page
    assert "otto@example.com" in page
    desk.post(publishing(right.post), sent_by(again))
    assert Post.objects.get().is_published
    assert CourtesyLetter.objects.get(right=right).words == "My words."


def test_what_is_typed_is_kept_where_the_post_was_changed_meanwhile(desk, right):
    asked = press(desk, right)
    Post.objects.get().save()

    desk.post(publishing(right.post), sent_by(asked, words="My words."))

    assert Post.objects.get().is_draft
    assert "My words." in press(desk, right_of(right)).content.decode()


def right_of(right):
    return RightOfReply.objects.select_related("post").get(pk=right.pk)


def test_subjects_of_what_is_reprinted_get_a_letter_too(desk, draft):
    source = make.post("The lantern", published=OLD)
    right = told(source)
    reprint = make.reprint(draft, source)
    row = {"id": reprint.pk, "source": source.pk, "order": 1}

    sent = typed("_publish", draft, **rows("reprints", row))
    asked = desk.post(page_of(draft), sent, follow=True)
    assert "I have reprinted it in a new post, “The bell”" in asked.content.decode()
    desk.post(publishing(draft), sent_by(asked, words="Again, and gladly."))
    tick()

    letter = Letter.objects.get()
    assert letter.right == right
    assert "Again, and gladly." in letter.body


def test_of_a_reprint_somebody_may_not_be_told_for_a_reason(desk, draft):
    source = make.post("The lantern", published=OLD)
    right = told(source)
    reprint = make.reprint(draft, source)
    row = {"id": reprint.pk, "source": source.pk, "order": 1}
    sent = typed("_publish", draft, **rows("reprints", row))
    asked = desk.post(page_of(draft), sent, follow=True)

    desk.post(publishing(draft), sent_by(asked, choice="drop", because="Once was enough."))
    tick()

    assert not Letter.objects.exists()
    assert CourtesyLetter.objects.get().not_told_because == "Once was enough."
    assert RightOfReply.objects.get(pk=right.pk).not_told_because == ""


def test_who_has_no_e_mail_is_named_there_with_room_for_the_reason(desk, right):
    unknown = make.right(right.post, make.subject("Otto Brandt", ""))
    asked = press(desk, right)
    assert "Otto Brandt" in asked.content.decode()

    reason = {f"untold-{unknown.pk}-because": "Nobody knows where he lives."}
    desk.post(publishing(right.post), sent_by(asked) | reason)

    unknown.refresh_from_db()
    assert unknown.not_told_because == "Nobody knows where he lives."
    assert Act.objects.get(verb="not_told").right == unknown


def test_without_that_reason_the_desk_goes_on_naming_them(desk, right):
    unknown = make.right(right.post, make.subject("Otto Brandt", ""))

    desk.post(publishing(right.post), sent_by(press(desk, right)))

    assert list(RightOfReply.objects.untold()) == [unknown]


def test_a_post_about_nobody_is_not_asked_about(desk, draft):
    desk.post(page_of(draft), typed("_publish", draft))

    assert Post.objects.get().is_published


def test_who_may_not_write_letters_does_not_see_them(client, right):
    client.force_login(
        staff("view_post", "change_post", "change_rightofreply", "view_rightofreply")
    )

    answer = press(client, right)

    assert answer.redirect_chain == [(page_of(right.post), 302)]
    assert Post.objects.get().is_published


def test_a_publication_that_is_refused_keeps_the_words_and_sends_nothing(desk, right):
    newer = make.post("Newer")
    asked = press(desk, right)
    sent = sent_by(asked, words="My words.")
    reprint = make.reprint(right.post, newer)
    Post.objects.filter(pk=newer.pk).update(published_at=timezone.now() + timedelta(days=1))

    desk.post(publishing(right.post), sent)
    tick()

    assert reprint.post.is_draft
    assert not Letter.objects.exists()


def test_asking_takes_the_same_queries_for_one_and_for_five(desk):
    def queries(number):
        draft = make.post(published=None)
        for order in range(number):
            make.right(draft)
            make.right(draft, make.subject("Otto Brandt", ""))
            source = make.post(published=OLD)
            told(source)
            make.reprint(draft, source, order=order)
        with CaptureQueriesContext(connection) as asked:
            found = letters(draft, desk.author)
            assert len(found.forms) == 2 * number
            assert [form.below for form in found.forms]
        return len(asked)

    assert queries(1) == queries(5)
