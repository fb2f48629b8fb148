"""The desk's pages for letters to subjects: drafted, changed, sent, put off, dropped, come back."""

from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from comments.models import Act, CourtesyLetter, Letter, RightOfReply
from comments.tasks import send_due_letters, tick
from tests import make
from tests.desk import act_on, list_of, page_of, rows, staff, typed

pytestmark = pytest.mark.django_db


def again(one):
    return type(one).objects.get(pk=one.pk)


def right_sent(right, **more):
    """Return what the form of the right's own page sends."""
    values = {name: getattr(right, name) for name in ("shown_name", "part", "not_told_because")}
    return {**values, "tell": "on", **more}


@pytest.fixture
def right():
    return make.right(make.post("The bell"))


@pytest.fixture
def draft(right):
    """The draft of a letter about a public post."""
    (made,) = CourtesyLetter.objects.draft(post=right.post)
    return made


# Where the post is public already


def test_an_e_mail_that_is_added_drafts_a_letter_and_says_when_it_goes(desk):
    right = make.right(make.post(), make.subject(email=""))
    sent = {"name": "Maud Tarrant", "email": "maud@example.com", "note": ""}

    page = desk.post(page_of(right.subject), sent, follow=True).content.decode()

    draft = CourtesyLetter.objects.get()
    assert timedelta(minutes=14) < draft.goes_at - timezone.now() <= timedelta(minutes=15)
    assert "A letter to Maud Tarrant goes at" in page
    assert page_of(draft) in page
    tick()
    assert not Letter.objects.exists()


def test_a_subject_who_is_added_to_a_public_post_gets_a_draft(desk):
    post, subject = make.post(), make.subject()
    row = rows("rights", {"subject": subject.pk, "tell": "on"})

    page = desk.post(page_of(post), typed("_save", post, **row), follow=True).content.decode()

    assert page_of(CourtesyLetter.objects.get()) in page


def test_an_amendment_drafts_a_letter(desk, right):
    RightOfReply.objects.update(told_at=timezone.now() - timedelta(days=1))
    change = {"text": "<p>New.</p>", "sort": "amendment", "note": "The hour was wrong."}

    desk.post(page_of(right.post), typed("_save", right.post, **change))

    draft = CourtesyLetter.objects.get()
    assert (draft.revision.note, draft.goes_at is not None) == ("The hour was wrong.", True)


def test_a_reprint_that_is_put_into_a_public_post_drafts_a_letter(desk, right):
    RightOfReply.objects.update(told_at=timezone.now() - timedelta(days=1))
    newer = make.post()
    row = rows("reprints", {"source": right.post.pk, "order": 1})

    desk.post(page_of(newer), typed("_save", newer, **row))

    assert CourtesyLetter.objects.get().reprint == newer.reprints.get()


# The page of one


def test_the_page_of_a_letter_shows_what_it_says_and_no_secret_link(desk, right, draft):
    page = desk.get(page_of(draft)).content.decode()

    assert "My post “The bell” is about you" in page
    assert "[letterbox]" in page
    for link in (right.letterbox, right.stop_link, right.subject.stop_link):
        assert link not in page


def test_its_words_are_changed_and_it_goes_when_it_would_have_gone(desk, draft):
    desk.post(page_of(draft), {"words": "I hope that you are well.", "_save": "1"})

    assert again(draft).words == "I hope that you are well."
    assert again(draft).goes_at == draft.goes_at


def test_it_is_sent_now_with_the_words_that_stand_there(desk, draft):
    desk.post(page_of(draft), {"words": "I hope that you are well.", "_send": "1"})

    assert "I hope that you are well." in Letter.objects.get().body
    assert Act.objects.get(verb="tell").by == desk.author


def test_it_is_put_off(desk, draft):
    desk.post(page_of(draft), {"words": "Wait.", "_put_off": "1"})

    assert (again(draft).is_put_off, again(draft).words) == (True, "Wait.")
    assert "waits for you" in desk.get(page_of(draft)).content.decode()


def test_it_is_dropped_for_a_reason(desk, right, draft):
    desk.post(page_of(draft), {"words": "No.", "because": "They know.", "_drop": "1"})

    assert again(right).not_told_because == "They know."
    assert Act.objects.get(verb="not_told").by == desk.author
    assert "not told, because: They know." in desk.get(page_of(draft)).content.decode()


def test_it_is_not_dropped_without_a_reason_and_no_word_is_lost(desk, draft):
    answer = desk.post(page_of(draft), {"words": "My words.", "because": " ", "_drop": "1"})

    page = answer.content.decode()
    assert "Say why they are not told." in page
    assert "My words." in page
    assert again(draft).dropped_at is None


def test_a_letter_that_has_gone_meanwhile_says_so(desk, right, draft):
    draft.send_now()

    answer = desk.post(page_of(draft), {"words": "Later words.", "_send": "1"}, follow=True)

    assert answer.status_code == 200
    assert Letter.objects.count() == 1


def test_who_may_only_look_sends_nothing(client, draft):
    client.force_login(staff("view_courtesyletter"))

    assert client.get(page_of(draft)).status_code == 200
    assert client.post(page_of(draft), {"_send": "1"}).status_code == 403
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("sent", "sent on"),
        ("failed", "failed: nobody there"),
        ("bounced", "came back. nobody there"),
        ("waiting", "is being sent. nobody there"),
    ],
)
def test_the_page_of_a_right_lists_its_letters_with_their_fate(desk, right, state, words):
    make.tell(right)
    sent_at = timezone.now() if state == "sent" else None
    Letter.objects.update(state=state, fault="nobody there", sent_at=sent_at)

    page = desk.get(page_of(right)).content.decode()

    assert words in page
    assert page_of(right.courtesy_letters.get()) in page


def test_the_list_of_letters_costs_the_same_for_one_and_for_many(
    desk, django_assert_max_num_queries
):
    for _ in range(6):
        right = make.right(make.post())
        make.tell(right)
        right.ask("It was the ebb.")

    with django_assert_max_num_queries(10):
        assert desk.get(list_of(CourtesyLetter)).status_code == 200


# What came back


def test_the_author_notes_that_a_letter_came_back_and_the_desk_names_it(desk, right):
    make.tell(right)
    send_due_letters()
    letter = Letter.objects.get()

    assert "It came back" in desk.get(page_of(letter)).content.decode()
    desk.post(page_of(letter), {"_came_back": "1"})

    assert again(letter).state == "bounced"
    assert page_of(letter) in desk.get(reverse("admin:index")).content.decode()
    assert "came back" in desk.get(page_of(right)).content.decode()


def test_in_the_list_too_only_what_was_sent_came_back(desk):
    sent = Letter.objects.write("one", "a@example.com", "Hello", "Text")
    waits = Letter.objects.write("two", "b@example.com", "Hello", "Text")
    sent.send()

    desk.post(list_of(Letter), act_on([sent, waits], "it_came_back"))

    assert (again(sent).state, again(waits).state) == ("bounced", "waiting")


def test_a_letter_that_came_back_is_sent_again_from_its_page(desk, right):
    make.tell(right)
    send_due_letters()
    Letter.objects.get().came_back()
    row = right.courtesy_letters.get()

    desk.post(page_of(row), {"_again": "1"})
    send_due_letters()

    assert len(mail.outbox) == 2


# A link renewed, printed, and told by other means


def test_a_button_on_the_page_of_the_right_makes_a_new_link(desk, right):
    former = right.letterbox

    desk.post(page_of(right), right_sent(right, _renew_link="1"))

    assert again(right).letterbox != former


def test_after_a_new_link_the_letter_with_it_is_offered(desk, right):
    answer = desk.post(page_of(right), right_sent(right, _renew_link="1"), follow=True)

    letter = reverse("admin:comments_rightofreply_letter", args=[right.pk])
    told = "".join(str(message) for message in answer.context["messages"])
    assert letter in told
    assert "The link that they have now opens nothing any more" in answer.content.decode()


def test_a_browser_says_from_where_the_form_of_that_letter_is_sent(desk, right):
    answer = desk.get(reverse("admin:comments_rightofreply_letter", args=[right.pk]))

    assert answer["Referrer-Policy"] == "same-origin"  # else it is from "null", and refused


def test_the_letter_to_print_has_the_true_link_and_is_kept_nowhere(desk, right):
    answer = desk.get(reverse("admin:comments_rightofreply_letter", args=[right.pk]))

    page = answer.content.decode()
    assert right.letterbox in page
    assert "Dear Maud Tarrant," in page
    assert right.stop_link not in page
    assert "no-store" in answer["Cache-Control"]


def test_who_may_only_look_gets_no_letter_to_print(client, right):
    client.force_login(staff("view_rightofreply"))

    answer = client.get(reverse("admin:comments_rightofreply_letter", args=[right.pk]))

    assert answer.status_code == 403


def test_that_they_were_told_by_other_means_is_noted(desk, right):
    address = reverse("admin:comments_rightofreply_letter", args=[right.pk])

    desk.post(address, {"how": "by post", "on": "2017-08-09"})

    assert timezone.localtime(again(right).told_at).date().isoformat() == "2017-08-09"
    act = Act.objects.get(verb="tell_otherwise")
    assert (act.note, act.by) == ("by post", desk.author)
    assert "by post" in desk.get(page_of(right)).content.decode()


def test_a_day_that_has_not_come_is_refused_and_no_word_is_lost(desk, right):
    address = reverse("admin:comments_rightofreply_letter", args=[right.pk])

    page = desk.post(address, {"how": "by post", "on": "2999-01-01"}).content.decode()

    assert 'value="by post"' in page
    assert again(right).told_at is None


# Not telling


def row_of(right, **more):
    row = {"id": right.pk, "subject": right.subject_id, **more}
    return typed("_save", right.post, **rows("rights", row))


def test_in_the_form_of_a_post_not_telling_needs_a_reason(desk, right):
    answer = desk.post(page_of(right.post), row_of(right))

    assert "Say why they are not told." in answer.content.decode()
    assert again(right).tell


def test_a_reason_that_is_typed_there_is_recorded(desk, right):
    desk.post(page_of(right.post), row_of(right, not_told_because="They know."))

    assert again(right).not_told_because == "They know."
    act = Act.objects.get(verb="not_told")
    assert (act.by, act.right) == (desk.author, right)


def test_so_is_one_of_a_new_row(desk):
    post, subject = make.post(), make.subject()
    row = rows("rights", {"subject": subject.pk, "tell": "on", "not_told_because": "They know."})

    desk.post(page_of(post), typed("_save", post, **row))

    assert post.rights.get().not_told_because == "They know."
    assert Act.objects.get(verb="not_told").by == desk.author
    assert not CourtesyLetter.objects.exists()


def test_and_one_on_the_page_of_the_right(desk, right):
    desk.post(page_of(right), right_sent(right, not_told_because="They know."))

    assert again(right).not_told_because == "They know."
    assert Act.objects.get(verb="not_told").by == desk.author


def test_telling_after_all_drafts_the_letter(desk, right):
    right.do_not_tell("They know.")

    desk.post(page_of(right), right_sent(right, not_told_because=""))

    assert CourtesyLetter.objects.get().is_open
    assert again(right).is_to_tell


def test_who_is_not_named_here_is_chosen_in_the_form_of_the_post(desk, right):
    desk.post(page_of(right.post), row_of(right, tell="on", unnamed="on"))

    assert again(right).name == "A person not named here"


def test_what_is_typed_about_a_letter_that_has_gone_meanwhile_is_handed_back(desk, draft):
    page = page_of(draft)
    draft.send_now()

    for button in ("_drop", "_along", "_save"):
        said = desk.post(page, {button: "1", "words": "Dear Maud,", "because": "Ill."}, follow=True)
        assert "You had typed: Dear Maud,\nIll." in unescape(said.text)


def test_a_colleague_who_may_not_see_letters_hears_of_none(client, right):
    client.force_login(staff("change_post", "view_post"))
    changed = typed(
        "_save", right.post, text="<p>Other.</p>", sort="amendment", note="It was not so."
    )

    said = client.post(page_of(right.post), changed, follow=True)

    assert "Maud" not in said.text
