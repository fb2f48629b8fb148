"""The desk's pages for suggested reprints: the evidence, the decisions, and who may make them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments import suggestions
from comments.models import Act, Suggestion
from posts.models import Post, Reprint
from tests import make, pasted
from tests.desk import act_on, list_of, page_of, staff
from tests.pasted import BARGE, LANTERN, NEW, OLD, suggested

pytestmark = pytest.mark.django_db

LIST = list_of(Suggestion)
DESK = reverse("admin:index")


def told(answer):
    """Return what the user is told after this answer."""
    return [str(message) for message in answer.context["messages"]]


def press(client, one, button, **more):
    return client.post(page_of(one), {button: "1", **more}, follow=True)


def accept(client, one):
    """Press Accept on the page as it stands."""
    seen = re.search('name="seen" value="([0-9a-f]+)"', client.get(page_of(one)).content.decode())
    return press(client, one, "_accept", seen=seen[1])


def state_of(one):
    return Suggestion.objects.get(pk=one.pk).state


def several(number, edited=False):
    """Return `number` suggestions, each of a newer post of its own."""
    source = make.post("The barge", BARGE, published=OLD)
    for day in range(number):
        moment = NEW + timedelta(days=day + 1)
        text = f"<p>{day}.</p>{pasted.pasted(source, edited=edited)}"
        make.post(f"Barge again {day}", text, published=moment)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    return list(Suggestion.objects.filter(source=source))


# The list


def test_the_list_shows_both_titles_with_dates_share_and_state_open_ones_first(desk):
    first, second = several(2)
    first.dismiss()

    answer = desk.get(LIST)
    page = answer.content.decode()

    assert list(answer.context["cl"].result_list) == [second, first]
    assert "The barge" in page
    assert "20 September 2010" in page
    assert "11 August 2017" in page
    assert f"{first.share} % of the older post" in page


def test_the_list_can_be_filtered_by_state_and_searched_by_either_title(desk):
    case = suggested()
    (other,) = several(1)
    other.dismiss()

    def listed(query):
        return list(desk.get(LIST + query).context["cl"].result_list)

    assert listed("?state__exact=dismissed") == [other]
    assert listed("?q=lantern") == [case.suggestion]
    assert listed("?q=drawer") == [case.suggestion]


def test_the_list_costs_the_same_however_many_there_are(desk, django_assert_num_queries):
    several(1)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    several(6)

    with django_assert_num_queries(len(few)):
        assert desk.get(LIST).context["cl"].result_count == 7


def test_several_are_accepted_at_once_and_each_that_cannot_be_says_why(desk):
    first, second, third = several(3)
    second.dismiss()
    answer = desk.post(LIST, act_on([first, second, third], "accept"), follow=True)

    assert [state_of(one) for one in (first, second, third)] == [
        "accepted",
        "dismissed",
        "accepted",
    ]
    assert told(answer) == [
        "Nothing was done about “The barge” in “Barge again 1”."
        " This suggestion has been decided already.",
        "Accepted: 2.",
    ]


def test_what_is_not_pasted_word_for_word_is_accepted_on_its_page_alone(desk):
    (one,) = several(1, edited=True)

    answer = desk.post(LIST, act_on([one], "accept"), follow=True)

    assert state_of(one) == "open"
    assert told(answer) == [
        "Nothing was done about “The barge” in “Barge again 0”."
        " Look at it first: not everything there is pasted word for word."
    ]
    accept(desk, one)
    assert state_of(one) == "accepted"


def test_several_are_dismissed_at_once(desk):
    rows = several(2)

    answer = desk.post(LIST, act_on(rows, "dismiss"), follow=True)

    assert {state_of(one) for one in rows} == {"dismissed"}
    assert told(answer) == ["Dismissed: 2."]


def test_two_in_one_post_accepted_at_once_keep_the_words_between_them_as_introduction(desk):
    first = make.post("The lantern", LANTERN, published=OLD)
    second = make.post("The barge", BARGE, published=OLD)
    one, two = pasted.pasted(second, edited=False), pasted.pasted(first, edited=False)
    text = f"<p>Two.</p>{one}<p>Wetter.</p>{two}"
    newer = make.post("Both", text, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)

    desk.post(LIST, act_on(Suggestion.objects.order_by("-place"), "accept"))

    assert [(str(one), one.introduction) for one in newer.reprints.all()] == [
        ("The barge", ""),
        ("The lantern", "<p>Wetter.</p>"),
    ]


# The page of one


def test_the_page_shows_titles_dates_links_share_passage_and_comments(desk):
    case = suggested(before="<p>A longer word before.</p>", after="<p>And after.</p>")

    page = desk.get(page_of(case.suggestion)).content.decode()

    for post, at in ((case.source, "20 September 2010 at 10:00"), (case.newer, "9 August 2017")):
        assert post.title in page
        assert at in page
        assert f'href="{page_of(post)}"' in page
        assert f'href="{post.get_absolute_url()}"' in page
    assert f"{case.suggestion.share} % of the older post" in page
    assert "<mark>The lantern on the north mole" in page
    assert "<p>A longer word before.</p>" in page
    assert "<p>And after.</p>" in page
    for comment, name in ((case.spoon, "Halyard"), (case.crusts, "Bosun"), (case.nights, "Piet")):
        assert f'<a href="{page_of(comment)}">{comment.number}</a></td><td>{name}</td>' in page
    assert f'href="{page_of(case.silent)}"' not in page


def test_nothing_but_the_passage_is_marked(desk):
    case = suggested(before="<p>Before.</p>", after="<p>After.</p>")

    page = desk.get(page_of(case.suggestion)).content.decode()

    marked = " ".join(re.findall("<mark>(.*?)</mark>", page, re.DOTALL))
    assert "north mole" in marked
    assert "It was three nights, not two." in marked
    for own in ("quiet day", "Before", "After"):
        assert own in page
        assert own not in marked


def test_the_page_has_no_script_or_style_of_its_own_and_its_style_sheet(desk):
    case = suggested()

    page = desk.get(page_of(case.suggestion)).content.decode()

    assert "admin-desk/suggestions.css" in page
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "suggestions.css" not in desk.get(LIST).content.decode()


def test_accept_and_undo_are_pressed_one_after_the_other(desk):
    case = suggested()

    answer = accept(desk, case.suggestion)

    assert answer.redirect_chain == [(page_of(case.suggestion), 302)]
    assert "is now a reprint in “From the drawer”" in told(answer)[0]
    reprint = Reprint.objects.get()
    page = desk.get(page_of(case.suggestion)).content.decode()
    assert f'href="{page_of(reprint)}"' in page
    assert "_accept" not in page
    assert "Old Beppo" in page

    answer = press(desk, case.suggestion, "_undo")

    assert told(answer) == [
        "Undone: “The lantern on the mole” stands in the text of “From the drawer” again."
    ]
    assert not Reprint.objects.exists()
    assert Act.objects.get(verb="undo_suggestion").by == desk.author


def test_dismiss_and_reopen_are_pressed_one_after_the_other(desk):
    case = suggested()

    press(desk, case.suggestion, "_dismiss")
    assert state_of(case.suggestion) == "dismissed"
    assert "_dismiss" not in desk.get(page_of(case.suggestion)).content.decode()
    press(desk, case.suggestion, "_reopen")

    assert state_of(case.suggestion) == "open"


def test_a_page_that_was_opened_before_the_text_changed_accepts_nothing(desk):
    case = suggested()
    seen = re.search('value="([0-9a-f]{16})"', desk.get(page_of(case.suggestion)).content.decode())
    newer = Post.objects.get(pk=case.newer.pk)
    newer.revise(newer.title, f"{newer.text}<p>One word more.</p>")

    answer = press(desk, case.suggestion, "_accept", seen=seen[1])

    assert told(answer) == [
        "Nothing was done about “The lantern on the mole” in “From the drawer”."
        " The text has changed since you looked. Look again."
    ]
    assert answer.redirect_chain == [(page_of(case.suggestion), 302)]
    assert state_of(case.suggestion) == "open"


def test_a_text_without_the_passage_has_a_page_without_accept(desk):
    case = suggested()
    case.newer.revise(case.newer.title, "<p>Nothing of it is left.</p>")

    page = desk.get(page_of(case.suggestion)).content.decode()

    assert "no longer stands in this text" in page
    assert "_accept" not in page
    assert "_dismiss" in page
    assert "no longer stands" in told(press(desk, case.suggestion, "_accept"))[0]


def test_an_undo_that_is_refused_says_why(desk):
    case = suggested()
    case.suggestion.accept()
    case.source.unpublish()

    answer = press(desk, case.suggestion, "_undo")

    assert "out of public view" in told(answer)[0]
    assert state_of(case.suggestion) == "accepted"


def test_what_is_half_the_authors_own_is_said_to_stay(desk):
    source = make.post("The lantern", LANTERN, published=OLD)
    parts = pasted.rewrapped(source.text)
    mixed = f"<p>{parts[1]} and I, for one, would have gone on {parts[2]}</p>"
    make.post("New", f"<p>{parts[0]}</p>{mixed}", published=NEW)
    (found,) = suggestions.search()
    Suggestion.objects.put(found)

    page = desk.get(page_of(Suggestion.objects.get())).content.decode()

    assert "only a part of it is pasted" in page


def test_words_before_it_that_become_the_introduction_are_shown_as_such(desk):
    first = make.post("The lantern", LANTERN, published=OLD)
    second = make.post("The barge", BARGE, published=OLD)
    text = f"{pasted.pasted(second)}<p>Wetter still.</p>{pasted.pasted(first)}"
    make.post("Both", text, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)

    page = desk.get(page_of(Suggestion.objects.get(source=first))).content.decode()

    assert "become the reprint’s introduction" in page
    assert "<mark>Wetter still.</mark>" in page


def test_a_page_costs_the_same_however_many_others_there_are(desk, django_assert_num_queries):
    one = several(1)[0]
    desk.get(page_of(one))
    with CaptureQueriesContext(connection) as few:
        desk.get(page_of(one))
    several(5)

    with django_assert_num_queries(len(few)):
        desk.get(page_of(one))


# Breaking in


def test_nothing_is_added_edited_or_deleted_by_hand(desk):
    case = suggested()

    assert desk.get(reverse("admin:comments_suggestion_add")).status_code == 403
    delete = reverse("admin:comments_suggestion_delete", args=[case.suggestion.pk])
    assert desk.post(delete, {"post": "yes"}).status_code == 403
    desk.post(LIST, act_on([case.suggestion], "delete_selected", post="yes"))
    desk.post(page_of(case.suggestion), {"state": "accepted", "share": "1", "_save": "1"})

    case.suggestion.refresh_from_db()
    assert (case.suggestion.state, case.suggestion.share > 90) == ("open", True)


def test_looking_decides_nothing(desk):
    case = suggested()

    desk.get(page_of(case.suggestion) + "?_accept=1")
    desk.get(LIST, act_on([case.suggestion], "accept"))

    assert state_of(case.suggestion) == "open"


def test_a_post_from_elsewhere_is_refused(client):
    case = suggested()
    client.handler.enforce_csrf_checks = True
    client.force_login(make.author())

    assert client.post(page_of(case.suggestion), {"_dismiss": "1"}).status_code == 403
    assert state_of(case.suggestion) == "open"


@pytest.mark.parametrize(
    "permissions", [(), ("view_post",), ("view_comment", "change_comment", "change_reprint")]
)
def test_who_may_not_change_posts_sees_and_decides_nothing(client, permissions):
    case = suggested()
    client.force_login(staff(*permissions))

    for button in ("_accept", "_dismiss", "_undo", "_reopen"):
        assert client.post(page_of(case.suggestion), {button: "1"}).status_code == 403
    assert client.get(page_of(case.suggestion)).status_code == 403
    assert client.get(LIST).status_code == 403
    assert client.post(LIST, act_on([case.suggestion], "accept")).status_code == 403
    assert state_of(case.suggestion) == "open"
    assert "uggested reprint" not in client.get(DESK).content.decode()


def test_who_may_change_posts_may_decide(client):
    case = suggested()
    client.force_login(staff("change_post"))

    assert client.get(LIST).status_code == 200
    accept(client, case.suggestion)

    assert state_of(case.suggestion) == "accepted"


def test_a_reader_is_asked_to_sign_in(client):
    case = suggested()

    for answer in (
        client.get(LIST),
        client.get(page_of(case.suggestion)),
        client.post(page_of(case.suggestion), {"_accept": "1"}),
    ):
        assert "login" in answer["Location"]
    assert state_of(case.suggestion) == "open"


@pytest.mark.parametrize("which", ["999999", "nonsense"])
def test_a_page_that_is_not_there_leads_back_to_the_desk(desk, which):
    address = reverse("admin:comments_suggestion_change", args=[which])

    for answer in (desk.get(address), desk.post(address, {"_accept": "1"})):
        assert answer.status_code == 302


def test_markup_in_a_title_is_shown_as_typed(desk):
    case = suggested(title="The <b>lantern</b> on the mole")

    for address in (LIST, page_of(case.suggestion), DESK):
        page = desk.get(address).content.decode()
        assert "The &lt;b&gt;lantern&lt;/b&gt; on the mole" in page
        assert "The <b>lantern" not in page.replace("<mark>The <b>", "")


# The desk's first page


def test_suggestions_that_wait_are_named_on_the_first_page(desk):
    rows = several(7)
    rows[0].dismiss()

    answer = desk.get(DESK)
    (one,) = answer.context["waiting"]

    assert (one.name, one.total, len(one.rows)) == ("suggested", 6, 5)
    assert "stands in “Barge again 1”" in answer.content.decode()
    assert desk.get(one.address).context["cl"].result_count == 6


def test_they_cost_the_first_page_one_query(desk, django_assert_num_queries):
    with CaptureQueriesContext(connection) as none:
        desk.get(DESK)
    several(3)
    with CaptureQueriesContext(connection) as some:
        desk.get(DESK)

    assert len(some) == len(none)
    assert len([query for query in some if "comments_suggestion" in query["sql"]]) == 1
