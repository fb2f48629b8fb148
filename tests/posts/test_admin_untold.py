"""Not telling is chosen each time: said where it is decided, and asked anew at each reprint."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import CourtesyLetter, Letter, LetterboxDraft, RightOfReply
from comments.tasks import tick
from posts.models import Post
from tests import make
from tests.desk import page_of, rows, typed

pytestmark = pytest.mark.django_db
OLD = datetime(2012, 3, 4, 8, tzinfo=UTC)
REASON = "I was sure that somebody would show it to her."


def again(one):
    return type(one).objects.get(pk=one.pk)


@pytest.fixture
def right():
    """The right of somebody whom the author did not tell of an older post, for a reason."""
    made = make.right(make.post("The lantern", published=OLD))
    made.do_not_tell(REASON)
    return again(made)


@pytest.fixture
def draft(right):
    """A draft that reprints it."""
    made = make.post("The bell", published=None)
    make.reprint(made, right.post)
    return made


def publishing(post):
    return reverse("admin:posts_post_publish", args=[post.pk])


def asked(desk, draft):
    reprint = draft.reprints.get()
    row = {"id": reprint.pk, "source": reprint.source_id, "order": 1}
    sent = typed("_publish", draft, **rows("reprints", row))
    return desk.post(page_of(draft), sent, follow=True)


def sent_by(answer, **typed_):
    """Return what the page that asks sends, with `typed_` for its only letter."""
    sent = {name: str(value) for name, value in answer.context["form"].initial.items() if value}
    (form,) = answer.context["letters"].forms
    sent |= {f"{form.prefix}-{name}": form[name].value() or "" for name in form.fields}
    return sent | {f"{form.prefix}-{name}": value for name, value in typed_.items()}


def told(answer):
    """Return what the desk says above the page."""
    return " ".join(str(message) for message in answer.context["messages"])


def test_before_a_reprint_is_public_whoever_was_not_told_is_named_with_the_reason(desk, draft):
    (form,) = asked(desk, draft).context["letters"].forms

    assert (form["choice"].value(), form["because"].value()) == ("drop", REASON)


def test_left_as_it_is_nobody_is_told_and_the_reason_is_kept_for_the_reprint(desk, right, draft):
    answer = desk.post(publishing(draft), sent_by(asked(desk, draft)), follow=True)
    tick()

    assert again(draft).is_published
    assert not Letter.objects.exists()
    assert CourtesyLetter.objects.get(reprint__isnull=False).not_told_because == REASON
    assert f"Maud Tarrant is not told, because: {REASON}" in told(answer)


def test_chosen_otherwise_one_letter_tells_them_of_the_reprint(desk, right, draft):
    answer = desk.post(publishing(draft), sent_by(asked(desk, draft), choice="send"), follow=True)
    assert "A letter to Maud Tarrant goes within a minute." in told(answer)
    for _ in range(2):
        tick()

    assert Letter.objects.get().subject == "A post about you was reprinted: The lantern"
    assert again(right).told_at is not None
    assert again(right).is_to_be_told


def test_what_was_chosen_for_a_reprint_waits_and_is_possible_together(right, draft):
    row = CourtesyLetter(right=right, reprint=draft.reprints.get())
    row.go_along("Here it is again.")
    row = again(CourtesyLetter.objects.get(reprint__isnull=False))
    assert (row.is_possible, CourtesyLetter.objects.waiting().exists()) == (False, False)

    draft.publish()

    row = again(row)
    assert (row.is_possible, CourtesyLetter.objects.waiting().exists()) == (True, True)


def test_after_an_amendment_the_desk_says_who_is_not_told_and_why(desk, right):
    change = {"text": "<p>New.</p>", "sort": "amendment", "note": "The hour was wrong."}

    answer = desk.post(page_of(right.post), typed("_save", right.post, **change), follow=True)

    assert f"Maud Tarrant is not told, because: {REASON}" in told(answer)
    assert page_of(right) in told(answer)


def test_a_small_correction_says_nothing_of_it(desk, right):
    change = {"text": "<p>New.</p>", "sort": "correction", "note": ""}

    answer = desk.post(page_of(right.post), typed("_save", right.post, **change), follow=True)

    assert "is not told" not in told(answer)


def test_after_a_publication_the_desk_says_who_gets_no_letter(desk):
    draft = make.post("The bell", published=None)
    make.right(draft, make.subject("Otto Brandt", ""))

    answer = desk.post(page_of(draft), typed("_publish", draft), follow=True)

    assert "Otto Brandt gets no letter: no e-mail is known." in told(answer)


# Scheduled already


@pytest.fixture
def scheduled():
    return make.post("The bell", published=None, scheduled=timezone.now() + timedelta(days=3))


def keeping(post, **more):
    at = timezone.localtime(post.publish_at)
    return typed("_save", post, when_0=f"{at:%Y-%m-%d}", when_1=f"{at:%H:%M:%S}", **more)


def test_who_is_added_to_a_scheduled_post_has_a_draft_that_the_author_sees(desk, scheduled):
    row = rows("rights", {"subject": make.subject().pk, "tell": "on"})

    answer = desk.post(page_of(scheduled), keeping(scheduled, **row), follow=True)

    made = CourtesyLetter.objects.get()
    assert "A letter to Maud Tarrant goes with the publication." in told(answer)
    assert page_of(made) in told(answer)
    assert again(scheduled).is_scheduled
    tick()
    assert not Letter.objects.exists()


def test_saved_once_more_it_says_so_no_more(desk, scheduled):
    right = make.right(scheduled)
    row = rows("rights", {"id": right.pk, "subject": right.subject_id, "tell": "on"})
    desk.post(page_of(scheduled), keeping(scheduled, **row), follow=True)

    answer = desk.post(page_of(scheduled), keeping(again(scheduled), **row), follow=True)

    assert "goes with the publication" not in told(answer)


# The rows of a post


def test_a_name_without_a_person_is_refused_at_its_row_in_words_that_help(desk):
    post = make.post()

    answer = desk.post(
        page_of(post), typed("_save", post, **rows("rights", {"shown_name": "Otto B."}))
    )

    forms = [one.formset for one in answer.context["inline_admin_formsets"]]
    rights = next(one for one in forms if one.prefix == "rights")
    assert "Choose a person here, or add one" in rights.errors[0]["subject"][0]
    assert 'value="Otto B."' in answer.content.decode()


def test_an_e_mail_that_is_typed_there_is_kept_with_the_person(desk):
    post, subject = make.post(), make.subject("Otto Brandt", "")
    row = {"subject": subject.pk, "tell": "on", "email": "otto@example.com"}

    desk.post(page_of(post), typed("_save", post, **rows("rights", row)))

    assert again(subject).email == "otto@example.com"
    assert CourtesyLetter.objects.get().right.subject == subject


def test_an_e_mail_that_is_known_is_not_written_over(desk):
    post, subject = make.post(), make.subject()
    row = {"subject": subject.pk, "tell": "on", "email": "otto@example.com"}

    answer = desk.post(page_of(post), typed("_save", post, **rows("rights", row)))

    assert "Another e-mail is known of this person." in answer.content.decode()
    assert again(subject).email == "maud@example.com"


def test_the_link_that_adds_a_row_says_what_it_adds(desk):
    page = desk.get(page_of(make.post())).content.decode()

    assert "Add a person this post is about" in page


def test_who_has_begun_to_write_stays_on_record(desk):
    right = make.right(make.post())
    LetterboxDraft.objects.keep(right, {"text": "I waited"})
    row = {"id": right.pk, "subject": right.subject_id, "tell": "on", "DELETE": "on"}

    desk.post(page_of(right.post), typed("_save", right.post, **rows("rights", row)))

    assert RightOfReply.objects.filter(pk=right.pk).exists()


# The whole letter


def test_the_page_that_asks_shows_the_letter_from_greeting_to_signature(desk):
    make.blog()
    draft = make.post("The bell", published=None)
    right = make.right(draft)
    row = rows("rights", {"id": right.pk, "subject": right.subject_id, "tell": "on"})

    sent = typed("_publish", draft, **row)
    page = desk.post(page_of(draft), sent, follow=True).content.decode()

    places = [page.index(words) for words in ("Dear Maud Tarrant,", "is about you", "Ines Harker")]
    assert places == sorted(places)
    assert Post.objects.get().is_draft


def test_so_does_the_page_of_the_letter(desk):
    make.blog()
    right = make.right(make.post("The bell"))
    (made,) = CourtesyLetter.objects.draft(post=right.post)

    page = desk.get(page_of(made)).content.decode()

    places = [page.index(words) for words in ("Dear Maud Tarrant,", "is about you", "Ines Harker")]
    assert places == sorted(places)
    assert "goes on " in page


def test_the_list_says_of_a_drafted_letter_what_it_is_about_and_when_it_goes(desk):
    right = make.right(make.post("The bell"))
    CourtesyLetter.objects.draft(post=right.post)

    page = desk.get(reverse("admin:comments_subjects")).content.decode()

    assert "a letter about the post goes at " in page
