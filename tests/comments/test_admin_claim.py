"""The desk's pages for claims: who may see what, and what each button does."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Act, Claim, Letter, RightOfReply, Subject
from tests import make
from tests.desk import errors, list_of, page_of, signed_in, staff
from tests.stored import everything_stored

pytestmark = pytest.mark.django_db

EMAIL = "maud@example.com"
NEW = {"_accept": "1", "who": "new", "name": "Maud Tarrant"}


@pytest.fixture
def desk(client):
    make.blog()
    return signed_in(client)


def claim_on(post=None, email=EMAIL, name="Maud Tarrant", comment=None):
    made = Claim.objects.make(
        post or make.post("Fog signals", "<p>The pilot left before the flood.</p>"),
        name=name,
        how="It says that I left the bar.",
        proof="Call the harbour office.",
        email=email,
        comment=comment,
    )
    made.confirm()
    return made


def press(desk, claim, **fields):
    """Send the page's form; return the answer, and the claim as it then is."""
    answer = desk.post(page_of(claim), fields)
    claim.refresh_from_db()
    return answer


# What is seen


def test_the_page_shows_post_comment_words_and_history_side_by_side(desk):
    post = make.post("Fog signals", "<p>The pilot left before the flood.</p>")
    comment = make.comment(post, "She was drunk, too.", "Grudge")
    make.right(post, make.subject("Otto Brandt", email="otto@example.com"), part="the mate")
    earlier = claim_on(make.post("Soundings"))
    earlier.decline("It is another Maud.")
    claim = claim_on(post, comment=comment)

    page = desk.get(page_of(claim)).content.decode()

    for said in (
        *("left before the flood", "She was drunk, too.", "It says that I left the bar."),
        *("Call the harbour office.", "Otto Brandt", "the mate", "Soundings", EMAIL),
        *("said that the post is about them", "confirmed their address"),
    ):
        assert said in page
    assert page_of(earlier) in page


def test_the_list_has_what_waits_first_and_nothing_that_nobody_confirmed(desk):
    declined = claim_on(email="a@example.com")
    declined.decline("No.")
    asked = claim_on(email="b@example.com")
    asked.ask_once_more("Who?")
    waiting = [claim_on(email="c@example.com"), claim_on(email="d@example.com")]
    Claim.objects.make(
        waiting[0].post, name="X", how="X", proof="X", email="x@example.com", comment=None
    )

    listed = list(desk.get(list_of(Claim)).context["cl"].result_list)

    assert listed == [*waiting, asked, declined]


def test_the_list_and_the_page_cost_the_same_with_1_and_with_12(desk):
    post = make.post()
    claim = claim_on(post)

    def costs():
        counted = []
        for address in (list_of(Claim), page_of(claim)):
            with CaptureQueriesContext(connection) as captured:
                desk.get(address)
            counted.append(len(captured))
        return counted

    make.right(post, make.subject("Person"))
    claim_on(email=EMAIL)
    with_1 = costs()
    for n in range(11):
        claim_on(post, email=f"{n}@example.com")
        claim_on(email=EMAIL, name=f"Maud {n}")
        make.right(post, make.subject(f"Person {n}"))

    assert costs() == with_1


# Accepting


def test_accepted_as_a_new_person(desk):
    claim = claim_on()

    answer = press(desk, claim, **NEW, unnamed="on", part="the pilot")

    assert answer.status_code == 302
    right = RightOfReply.objects.get()
    assert (claim.state, claim.right) == ("accepted", right)
    assert (right.subject.name, right.subject.email) == ("Maud Tarrant", EMAIL)
    assert (right.name, right.part) == ("A person not named here", "the pilot")
    assert Act.objects.get(verb="accept_claim").by == desk.author
    page = desk.get(page_of(claim)).content.decode()
    assert page_of(right) in page
    assert 'name="_accept"' not in page


def test_accepted_as_somebody_the_post_names(desk):
    claim = claim_on()
    right = make.right(claim.post, make.subject(email=""))

    press(desk, claim, _accept="1", who=f"right:{right.pk}")

    assert claim.right == right
    right.subject.refresh_from_db()
    assert right.subject.email == EMAIL


@pytest.mark.parametrize("named", [True, False])
def test_accepted_as_somebody_known_from_elsewhere(desk, named):
    claim, person = claim_on(), make.subject(email="")
    if named:  # by this post too, and the author overlooked it
        make.right(claim.post, person)

    press(desk, claim, _accept="1", who="known", known=person.pk)

    assert claim.right == RightOfReply.objects.get(post=claim.post, subject=person)


def test_another_known_address_is_said_and_the_author_chooses(desk):
    claim = claim_on()
    right = make.right(claim.post, make.subject(email="office@example.com"))
    fields = {"_accept": "1", "who": f"right:{right.pk}"}

    answer = press(desk, claim, **fields)
    assert "office@example.com" in str(errors(answer, "which_email"))
    assert claim.is_waiting

    press(desk, claim, **fields, which_email="replace")
    right.subject.refresh_from_db()
    assert right.subject.email == EMAIL


def test_the_same_address_written_otherwise_is_no_other(desk):
    claim = claim_on()
    right = make.right(claim.post, make.subject(email="MAUD@Example.com"))

    press(desk, claim, _accept="1", who=f"right:{right.pk}")

    assert claim.state == "accepted"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"_accept": "1"}, "who"),
        ({"_accept": "1", "who": "known"}, "known"),
        ({"_accept": "1", "who": "new", "name": " "}, "name"),
        ({"_accept": "1", "who": "right:0"}, "who"),
        ({"_accept": "1", "who": "known", "known": "99"}, "known"),
        ({"_ask": "1", "question": " "}, "question"),
        ({"_decline": "1", "why": " "}, "why"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_done(desk, fields, field):
    claim = claim_on()

    answer = press(desk, claim, **{"why": "A long explanation.", **fields})

    assert answer.status_code == 200
    assert errors(answer, field)
    assert field == "why" or "A long explanation." in answer.content.decode()
    assert claim.is_waiting
    assert not Subject.objects.exists()


def test_a_name_for_somebody_named_already_is_not_silently_left_out(desk):
    claim = claim_on()
    right = make.right(claim.post, make.subject(email=""))

    answer = press(desk, claim, _accept="1", who=f"right:{right.pk}", shown_name="The pilot")

    assert "change that on its own page" in str(errors(answer, "who"))
    assert claim.is_waiting


def test_the_likely_person_is_chosen_beforehand(desk):
    claim = claim_on(name="maud  TARRANT")
    assert chosen(desk, claim) == "new"  # the post names nobody

    make.right(claim.post, make.subject("Otto Brandt"))
    assert not chosen(desk, claim)

    right = make.right(claim.post, make.subject("Maud Tarrant"))
    assert chosen(desk, claim) == f"right:{right.pk}"


def chosen(desk, claim):
    return desk.get(page_of(claim)).context["form"]["who"].value()


def test_which_e_mail_is_theirs_is_asked_only_where_another_is_known(desk):
    claim = claim_on()
    make.right(claim.post, make.subject("Otto Brandt", email=EMAIL))
    assert "which_email" not in desk.get(page_of(claim)).content.decode()

    Subject.objects.update(email="otto@example.com")

    page = desk.get(page_of(claim)).content.decode()
    assert "which_email" in page
    assert "Of Otto Brandt, another e-mail is known: otto@example.com." in page


def test_the_page_has_the_days_that_are_left(desk):
    claim = claim_on()

    assert "7 days left" in desk.get(page_of(claim)).content.decode()
    claim.ask_once_more("Who?")
    page = desk.get(page_of(claim)).content.decode()
    assert "days left" not in page
    assert "the days do not count" in page


def test_each_decision_has_its_button_below_its_own_fields(desk):
    page = desk.get(page_of(claim_on())).content.decode()

    places = [
        page.index(f'name="{name}"')
        for name in ("who", "part", "_accept", "question", "_ask", "why", "_decline")
    ]
    assert places == sorted(places)


def test_what_was_typed_too_late_is_handed_back(desk):
    claim = claim_on()
    claim.decline("It is another Maud.")

    answer = desk.post(page_of(claim), {"_ask": "1", "question": "Which boat?"}, follow=True)

    assert "You had typed: Which boat?" in answer.content.decode()


def test_what_is_typed_for_a_new_person_is_not_taken_for_what_was_said(desk):
    claim = claim_on()

    answer = press(desk, claim, _decline="1", name="Somebody else", why=" ")

    assert "<dd>Maud Tarrant</dd>" in answer.content.decode()


# The other buttons


def test_asked_once_more_and_then_not_again(desk):
    claim = claim_on()

    press(desk, claim, _ask="1", question="Which boat?")
    assert (claim.state, claim.question) == ("asked", "Which boat?")

    claim.answer_question("The Halcyon.")
    page = desk.get(page_of(claim)).content.decode()
    assert "The Halcyon." in page
    assert 'name="_ask"' not in page
    press(desk, claim, _ask="1", question="Which year?")
    assert claim.question == "Which boat?"


def test_declined_with_reasons(desk):
    claim = claim_on()

    press(desk, claim, _decline="1", why="It is another Maud.")

    assert (claim.state, claim.reasons) == ("declined", "It is another Maud.")
    assert Letter.objects.filter(key=f"claim {claim.pk} declined", to=EMAIL).exists()


def test_acknowledged(desk):
    claim = claim_on()

    press(desk, claim, _acknowledge="1")

    assert claim.acknowledged_at
    assert claim.is_waiting
    assert 'name="_acknowledge"' not in desk.get(page_of(claim)).content.decode()


@pytest.mark.parametrize(
    "fields", [NEW, {"_decline": "1", "why": "No."}, {"_ask": "1", "question": "Who?"}]
)
def test_pressed_twice_it_is_done_once(desk, fields):
    claim = claim_on()
    press(desk, claim, **fields)
    before = (Letter.objects.count(), Act.objects.count(), Subject.objects.count())

    press(desk, claim, **fields)

    assert (Letter.objects.count(), Act.objects.count(), Subject.objects.count()) == before


def test_a_decision_from_a_page_that_was_open_meanwhile_changes_nothing(desk):
    claim = claim_on()
    claim.decline("It is another Maud.")

    press(desk, claim, **NEW)

    assert claim.state == "declined"
    assert not Subject.objects.exists()


# Erasing


def test_erased_from_a_page_that_asks_first(desk):
    claim = claim_on()
    press(desk, claim, _decline="1", why="It is another Maud.")
    address = page_of(claim).replace("change", "erase")

    assert "This can’t be undone." in desk.get(address).content.decode()
    claim.refresh_from_db()
    assert claim.erased_at is None

    desk.post(address)

    claim.refresh_from_db()
    assert claim.erased_at
    stored = everything_stored()
    assert EMAIL not in stored
    assert "Tarrant" not in stored  # nor in the history that Django keeps
    assert not LogEntry.objects.exists()
    assert "Erased on" in desk.get(page_of(claim)).content.decode()


def test_no_row_is_added_or_deleted(desk):
    claim = claim_on()

    assert desk.get("/admin/comments/claim/add/").status_code == 403
    assert (
        desk.post(f"/admin/comments/claim/{claim.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    desk.post(list_of(Claim), {"action": "delete_selected", "_selected_action": claim.pk})
    assert Claim.objects.exists()


# Who may


def test_who_may_only_look_decides_nothing_and_sees_no_address(client):
    make.blog()
    claim = claim_on()
    right = make.right(claim.post, make.subject("Otto", email="otto@example.com"))
    client.force_login(staff("view_claim"))

    page = client.get(page_of(claim)).content.decode()
    assert "It says that I left the bar." in page
    for said in (EMAIL, "otto@example.com", right.letterbox, claim.link, 'name="_accept"'):
        assert said not in page
    for fields in (NEW, {"_decline": "1", "why": "No."}, {"_ask": "1", "question": "Who?"}):
        assert client.post(page_of(claim), fields).status_code == 403
    erase = page_of(claim).replace("change", "erase")
    assert client.post(erase).status_code == 403
    assert client.get(erase).status_code == 403
    claim.refresh_from_db()
    assert claim.is_waiting
    # Nor can an address be guessed at by searching.
    assert not client.get(list_of(Claim), {"q": EMAIL}).context["cl"].result_list


def test_staff_without_permission_see_nothing(client):
    make.blog()
    claim = claim_on()
    client.force_login(staff())

    assert client.get(list_of(Claim)).status_code == 403
    assert client.get(page_of(claim)).status_code == 403


def test_a_claim_that_nobody_confirmed_has_no_page(desk):
    claim = claim_on()
    Claim.objects.update(confirmed_at=None, state="unconfirmed")

    assert desk.get(page_of(claim)).status_code == 302
    assert desk.post(page_of(claim), NEW).status_code == 302
    assert desk.post(page_of(claim).replace("change", "erase")).status_code == 404
    assert not Subject.objects.exists()
