"""Names known from other posts are found in a text."""

import json

import pytest
from django.urls import reverse

from comments.known_people import known_in
from tests import make
from tests.desk import page_of, rows, staff, typed

pytestmark = pytest.mark.django_db
PEOPLE = reverse("admin:posts_post_people")


@pytest.fixture
def zoe():
    """A person in two posts, in one of them under another name."""
    person = make.subject("Zoë Märtens", "")
    make.right(make.post(), person)
    make.right(make.post(), person, shown_name="the old keeper")
    return person


@pytest.mark.parametrize(
    "text",
    [
        "I met Zoë Märtens at the lock.",
        "ZOE MARTENS, again!",
        "Zoe\u0308 Ma\u0308rtens’ boat",
        "(zoë\nmärtens)",
        "It was the old keeper who rang.",
    ],
)
def test_a_name_is_found_whatever_its_case_and_accents(zoe, text):
    assert known_in(text) == [zoe]


@pytest.mark.parametrize("text", ["Zoë Märtensen", "Zoë", "Märtens Zoë", "Zoë and Märtens", ""])
def test_what_is_not_the_whole_name_is_none(zoe, text):
    assert known_in(text) == []


def test_a_name_of_three_letters_is_not_looked_for():
    make.subject("Ann", "")
    anne = make.subject("Anne", "")

    assert known_in("Ann and Anne") == [anne]


def test_finding_takes_two_queries_however_many_there_are(zoe, django_assert_num_queries):
    for number in range(5):
        make.right(make.post(), make.subject(f"Person {number}", ""))

    with django_assert_num_queries(2):
        assert len(known_in("Person 1, Person 2 and Zoë Märtens")) == 3


def test_the_desk_answers_who_stands_in_a_text_and_where_else(desk, zoe):
    answer = desk.post(PEOPLE, {"text": "Zoe Martens rang."})

    assert json.loads(answer.content) == {
        "people": [{"id": zoe.pk, "name": "Zoë Märtens", "words": "also in 2 other posts"}]
    }


def test_who_may_not_see_subjects_is_told_of_none(client, zoe):
    client.force_login(staff("change_post"))

    assert client.post(PEOPLE, {"text": "Zoe Martens rang."}).status_code == 403


def test_without_its_script_the_desk_says_after_saving_who_stands_in_the_text(desk, zoe):
    post = make.post(text="<p>Zoë <em>Märtens</em> rang.</p>", published=None)

    answer = desk.post(page_of(post), typed("_save", post), follow=True)

    assert "Zoë Märtens (also in 2 other posts) stands in the text" in answer.content.decode()


def test_who_is_named_already_is_not_mentioned(desk, zoe):
    post = make.post(text="<p>Zoë Märtens rang.</p>", published=None)
    row = rows("rights", {"subject": zoe.pk, "tell": "on"})

    answer = desk.post(page_of(post), typed("_save", post, **row), follow=True)

    assert "stands in the text" not in answer.content.decode()


def test_what_the_script_has_offered_is_not_said_once_more(desk, zoe):
    post = make.post(text="<p>Zoë Märtens rang.</p>", published=None)

    answer = desk.post(page_of(post), typed("_save", post, people_offered="1"), follow=True)

    assert "stands in the text" not in answer.content.decode()
