"""Complaints: any reader says what is wrong, the author decides, nothing is hidden by itself."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from comments.models import Act, Comment, Complaint, Letter, Reason
from comments.models.complaint import MOST_AN_HOUR
from tests import make
from tests.desk import list_of, page_of

pytestmark = pytest.mark.django_db

HERE = {"Origin": "http://testserver"}
SAID = {"reason": "private", "words": "It says where I live."}


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("Fog signals")


@pytest.fixture
def comment(post):
    return make.comment(post, "She lives above the chandler’s.", "Halyard")


@pytest.fixture
def reader():
    return Client(enforce_csrf_checks=True, headers=HERE)


def address(thing):
    if isinstance(thing, Comment):
        return f"/comments/{thing.pk}/complain/"
    return f"/complaints/on/{thing.slug}/"


def complain(client, thing, **fields):
    return client.post(address(thing), {**SAID, **fields}, follow=True)


def words(response):
    return " ".join(html.fromstring(response.text).text_content().split())


# Making one


def test_a_complaint_about_a_comment_arrives_and_hides_nothing(reader, comment):
    page = complain(reader, comment)

    made = Complaint.objects.get()
    assert (made.post, made.comment, made.reason) == (comment.post, comment, "private")
    assert made.words == "It says where I live."
    assert "Your complaint has arrived." in words(page)
    assert "above the chandler" in words(reader.get(comment.post.get_absolute_url()))


def test_a_complaint_about_a_post_arrives(reader, post):
    complain(reader, post, reason="law", law="on")

    made = Complaint.objects.get()
    assert (made.post, made.comment, made.law) == (post, None, True)
    assert made.answer_by - made.made_at == timedelta(hours=48)


def test_each_comment_and_each_post_leads_to_the_form(reader, comment):
    page = html.fromstring(reader.get(comment.post.get_absolute_url()).content)

    links = page.xpath("//a[contains(@href, 'complain')]/@href")
    assert links == [address(comment.post), address(comment)]
    assert "above the chandler" in words(reader.get(address(comment)))


def test_the_same_sent_again_is_one(reader, comment):
    for _ in range(3):
        complain(reader, comment, email="maud@example.com")

    assert Complaint.objects.count() == 1
    assert Letter.objects.filter(to="maud@example.com").count() == 1


def test_two_people_who_say_different_things_are_two(reader, comment):
    complain(reader, comment)
    complain(reader, comment, words="And it isn’t true.")

    assert Complaint.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [{"reason": ""}, {"reason": "asked"}, {"reason": "x"}, {"words": " "}, {"email": "maud@"}],
)
def test_what_is_not_whole_is_handed_back(reader, comment, fields):
    page = complain(reader, comment, **{"words": "It says </textarea> where I live.", **fields})

    assert page.status_code == 422
    assert not Complaint.objects.exists()
    if "words" not in fields:
        area = re.search(r'<textarea name="words"[^>]*>(.*?)</textarea>', page.text, re.DOTALL)
        assert "where I live." in area[1]


def test_too_many_in_an_hour_are_told_so_with_their_words(reader, comment):
    for number in range(MOST_AN_HOUR):
        complain(reader, comment, words=f"Reason {number}.")

    page = complain(reader, comment, words="One more.")

    assert page.status_code == 429
    assert "One more." in page.text
    assert Complaint.objects.count() == MOST_AN_HOUR
    Complaint.objects.update(made_at=timezone.now() - timedelta(hours=2))
    assert complain(reader, comment, words="One more.").status_code == 200


def test_too_many_about_one_comment_bar_no_complaint_about_another(reader, comment):
    for number in range(MOST_AN_HOUR):
        complain(reader, comment, words=f"Reason {number}.")

    assert complain(reader, make.comment(comment.post)).status_code == 200


def test_a_complaint_that_means_the_law_is_never_too_many(reader, comment):
    for number in range(MOST_AN_HOUR):
        complain(reader, comment, words=f"Reason {number}.")

    assert complain(reader, comment, words="One more.", law="on").status_code == 200


def test_nothing_sent_from_nowhere_is_handed_back_as_a_form(comment):
    assert Client().post(address(comment), {}).status_code == 403


def test_one_address_gets_few_letters_a_day(reader, post):
    for _ in range(5):
        complain(reader, make.comment(post), email="maud@example.com")

    assert Complaint.objects.count() == 5
    assert Letter.objects.filter(to="maud@example.com").count() == 3


def test_another_site_complains_in_nobodys_name(comment):
    browser = Client(headers={"Origin": "http://elsewhere.example"})

    page = complain(browser, comment)

    assert page.status_code == 403
    assert "It says where I live." in page.text
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("gone", ["held", "removed", "post"])
def test_words_about_what_is_gone_are_handed_back(reader, post, gone):
    comment = make.comment(post, state="published" if gone == "post" else gone)
    if gone == "post":
        post.unpublish()

    page = complain(reader, comment)

    assert page.status_code == 404
    assert "It says where I live." in page.text


# Letters


def test_whoever_leaves_an_address_hears_that_it_arrived_and_what_was_decided(
    reader, comment, mailoutbox
):
    complain(reader, comment, email="maud@example.com")
    Complaint.objects.get().settle("It is gone: 100% of it.", by=make.author())

    for letter in Letter.objects.filter(to="maud@example.com").order_by("pk"):
        letter.send()
    arrived, answered = mailoutbox
    assert arrived.to == answered.to == ["maud@example.com"]
    assert "has arrived" in arrived.subject
    assert "where I live" not in arrived.body
    assert "It is gone: 100% of it." in answered.body
    assert f"/comments/{comment.pk}/" in answered.body


def test_an_answer_changed_later_goes_out_once(reader, comment):
    complain(reader, comment, email="maud@example.com")
    made = Complaint.objects.get()
    made.settle("It stays.")
    made.settle("It goes.")

    assert Letter.objects.filter(key__endswith="answered").count() == 1


def test_the_author_hears_of_complaints_once_an_hour_and_of_the_law_at_once(reader, comment):
    complain(reader, comment)
    complain(reader, comment, reason="abuse")
    (told,) = Letter.objects.all()
    assert told.to == "ines@tidetable.example"
    assert "/admin/comments/complaint/" in told.body
    Letter.objects.all().delete()

    complain(reader, comment, law="on")

    letter = Letter.objects.get()
    assert letter.to == "ines@tidetable.example"
    assert "It says where I live." in letter.body


# The desk


def test_the_desk_shows_the_law_first_and_those_about_one_comment_together(desk, post):
    one, other = make.comment(post), make.comment(post)
    for comment, law in ((other, False), (one, False), (other, False), (one, True)):
        text = f"Words {Complaint.objects.count()}."
        Complaint.objects.make(post, "abuse", text, comment=comment, law=law)

    rows = desk.get(list_of(Complaint)).context["cl"].result_list

    assert [(row.comment, row.law) for row in rows] == [
        (one, True),
        (one, False),
        (other, False),
        (other, False),
    ]
    assert "comment 1 on “Fog signals”" in words(desk.get(list_of(Complaint)))


def test_the_author_answers_as_an_act(desk, comment):
    made = Complaint.objects.make(comment.post, "abuse", "Mind.", comment=comment)

    desk.post(page_of(made), {"answer": "It stays."})

    made.refresh_from_db()
    assert made.answer == "It stays."
    assert Act.objects.get(verb="answer_complaint").by == desk.author


# The rules


def test_the_rules_name_each_reason_and_count_what_was_removed(reader, post):
    author = make.author()
    for reason in (Reason.ABUSE, Reason.ABUSE, Reason.PRIVATE):
        make.comment(post).remove(by=author, reason=reason)
    make.comment(post, state="held").mark_spam()

    page = html.fromstring(reader.get("/rules/").content)

    assert page.xpath("count(//dl[@class='rules']/dt)") == len(Reason)
    (row,) = page.xpath("//table/tbody/tr")
    heads = [cell.text_content() for cell in page.xpath("//table/thead//th")]
    assert heads[1:] == ["Abuse of a person", "Somebody's private affairs", "Advertising", "All"]
    assert [cell.text_content() for cell in row.xpath("td")] == ["2", "1", "1", "4"]


def test_a_comment_that_was_put_back_is_not_counted_and_one_removed_twice_counts_once(reader, post):
    back, twice = make.comment(post, state="removed"), make.comment(post)
    back.publish()
    for _ in range(2):
        twice.remove(reason="abuse")
        twice.hold()
    twice.remove(reason="abuse")

    page = html.fromstring(reader.get("/rules/").content)

    (row,) = page.xpath("//table/tbody/tr")
    assert [cell.text_content() for cell in row.xpath("td")] == ["1", "1"]


def test_what_was_removed_long_ago_is_counted_no_more(reader, post):
    make.comment(post).remove(at=timezone.now() - timedelta(days=800))

    assert "Nothing has been removed" in words(reader.get("/rules/"))


def test_the_rules_cost_the_same_however_much_was_removed(reader, post, django_assert_num_queries):
    make.comment(post).remove()
    reader.get("/rules/")
    with CaptureQueriesContext(connection) as few:
        reader.get("/rules/")
    for reason in Reason:
        make.comment(post).remove(reason=reason)

    with django_assert_num_queries(len(few)):
        reader.get("/rules/")


def test_an_address_longer_than_the_database_keeps_is_refused_and_loses_nothing(reader, post):
    sent = {"reason": "other", "words": "Too loud.", "email": f"{'a' * 250}@b.example"}

    page = reader.post(f"/complaints/on/{post.slug}/", sent)

    assert page.status_code == 422
    assert "Too loud." in page.text
