"""A form that was opened before others wrote its row: it writes what was changed in it alone."""

import pytest

from comments.models import Claim, Reply, RightOfReply
from tests import make
from tests.desk import opened, page_of, staff

pytestmark = pytest.mark.django_db


def again(one):
    return type(one).objects.get(pk=one.pk)


def change(one, **values):
    """Let the row say something else, as by a form in another tab."""
    row = again(one)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


@pytest.fixture
def right(desk):
    """A right whose subject has replied, in public, to a post."""
    made = make.right(make.post("The bell"))
    Reply.of(made.receive("It was not so.")).publish(by=desk.author)
    return again(made)


def readers_page(client, right):
    return client.get(right.post.get_absolute_url()).content.decode()


def form_within(desk, right):
    """Return (the address, what is sent, the prefix) of a right's row in the form of its post."""
    return page_of(right.post), {**opened(desk, right.post), "_save": "1"}, "rights-0-"


def form_alone(desk, right):
    return page_of(right), opened(desk, right), ""


FORMS = pytest.mark.parametrize("form", [form_within, form_alone])


@FORMS
def test_a_name_that_was_hidden_meanwhile_stays_hidden(desk, client, right, form):
    address, sent, prefix = form(desk, right)
    change(right, unnamed=True)

    answer = desk.post(address, {**sent, f"{prefix}part": "the pilot"})

    assert answer.status_code == 302
    assert "Maud Tarrant" not in readers_page(client, right)
    assert again(right).part == "the pilot"


@FORMS
def test_who_is_not_to_be_told_any_more_stays_untold(desk, right, form):
    address, sent, prefix = form(desk, right)
    again(right).do_not_tell("She is in hospital.", by=desk.author)

    desk.post(address, {**sent, f"{prefix}part": "the pilot"})

    assert again(right).not_told_because == "She is in hospital."


@FORMS
def test_who_was_not_to_be_told_meanwhile_needs_no_second_reason(desk, right, form):
    address, sent, prefix = form(desk, right)
    change(right, tell=False)

    answer = desk.post(address, {**sent, f"{prefix}part": "the pilot"})

    assert (answer.status_code, again(right).tell) == (302, False)


@FORMS
def test_what_both_changed_is_refused_once_with_both_words(desk, right, form):
    address, sent, prefix = form(desk, right)
    change(right, shown_name="M. T.")

    answer = desk.post(address, {**sent, f"{prefix}shown_name": "The pilot’s sister"})

    page = answer.content.decode()
    assert (answer.status_code, again(right).shown_name) == (200, "M. T.")
    assert "it says “M. T.” now, and you say “The pilot’s sister”" in page
    assert 'value="The pilot’s sister"' in page
    form = answer.context["adminform"].form
    if prefix:
        form = answer.context["inline_admin_formsets"][1].formset.forms[0]
    seen = {f"{prefix}opened": form["opened"].value()}
    desk.post(address, {**sent, **seen, f"{prefix}shown_name": "The pilot’s sister"})
    assert again(right).shown_name == "The pilot’s sister"


def test_a_row_that_nobody_changed_is_left_as_others_left_it(desk, right):
    address, sent, prefix = form_within(desk, right)
    change(right, shown_name="M. T.", part="the pilot", unnamed=True)

    desk.post(address, {**sent, "text": "<p>The pilot was late, twice.</p>", "sort": "small"})

    row = again(right)
    assert (row.shown_name, row.part, row.unnamed) == ("M. T.", "the pilot", True)
    assert "twice" in again(right.post).text


def test_a_person_renamed_meanwhile_keeps_the_new_name_and_the_note_is_saved(desk, client, right):
    sent = opened(desk, right.subject)
    change(right.subject, name="M. T.")

    desk.post(page_of(right.subject), {**sent, "note": "Met at the lock."})

    assert "Maud Tarrant" not in readers_page(client, right)
    assert again(right.subject).note == "Met at the lock."


def test_an_e_mail_that_a_claim_brought_meanwhile_stays(desk, right):
    otto = make.subject("Otto Brandt", email="")
    sent = opened(desk, otto)
    about = {"name": "Otto", "how": "h", "proof": "p", "email": "otto@example.com"}
    claim = Claim.objects.make(right.post, comment=None, **about)
    claim.confirm()
    claim.accept(otto, by=desk.author)

    desk.post(page_of(otto), {**sent, "note": "A pilot."})

    assert (again(otto).email, again(otto).note) == ("otto@example.com", "A pilot.")


def test_an_e_mail_that_was_erased_meanwhile_stays_erased(desk, right):
    sent = opened(desk, right.subject)
    again(right.subject).forget_email()

    desk.post(page_of(right.subject), {**sent, "note": "Met at the lock."})

    assert again(right.subject).email == ""


def test_words_with_several_lines_are_not_taken_for_a_change(desk, right):
    change(right.subject, note="Met\nat the lock.")
    sent = opened(desk, right.subject)
    change(right.subject, note="Erased.")

    desk.post(page_of(right.subject), {**sent, "note": "Met\r\nat the lock."})

    assert again(right.subject).note == "Erased."


def test_who_may_only_look_sees_no_trace_of_what_a_form_was_opened_with(client, right):
    client.force_login(staff("view_rightofreply", "view_subject", "view_post"))

    for one in (right, right.subject, right.post):
        assert "opened" not in client.get(page_of(one)).content.decode().lower()


def test_the_row_of_a_new_person_needs_nothing_it_was_opened_with(desk, right):
    sent = opened(desk, right.post)
    otto = make.subject("Otto Brandt")
    new = {"rights-TOTAL_FORMS": "2", "rights-1-subject": otto.pk, "rights-1-tell": "on"}

    answer = desk.post(page_of(right.post), {**sent, **new, "_save": "1"})

    assert (answer.status_code, RightOfReply.objects.count()) == (302, 2)
