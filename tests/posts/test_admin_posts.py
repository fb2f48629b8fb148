"""The desk's list of posts: what it shows, finds and does, and who may what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from posts.models import Post, Reprint, SearchDocument
from tests import make
from tests.desk import act_on, list_of, page_of, staff

pytestmark = pytest.mark.django_db

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)
LISTS = list_of(Post)


def test_the_list_costs_as_many_queries_with_forty_posts_as_with_two(
    desk, django_assert_num_queries
):
    for _ in range(2):
        make.comment(make.post(labels=["Fog", "Tide"]))
    with CaptureQueriesContext(connection) as few:
        desk.get(LISTS)

    for _ in range(38):
        make.comment(make.post(labels=["Fog"]))

    with django_assert_num_queries(len(few)):
        desk.get(LISTS)


def test_the_list_shows_views_and_published_comments(desk):
    post = make.post("Counted")
    make.views(post, {date(2019, 3, 4): 300, date(2019, 3, 5): 3})
    make.comment(post)
    make.comment(post, state="held")

    row = desk.get(LISTS).context["cl"].result_list[0]

    assert (row.views, row.comment_count) == (303, 1)


@pytest.mark.parametrize(
    "query",
    ["state__exact=draft", "kind__exact=post", "year=2017", "published_at__year=2017", "year=x"],
)
def test_every_filter_answers(desk, query):
    make.post(published=OLD)
    make.post(published=None)

    assert desk.get(f"{LISTS}?{query}").status_code == 200


def test_search_finds_words_of_drafts(desk):
    found = make.post("Splicing", "<p>An eye splice.</p>", published=None)
    make.post("Mud", "<p>Nothing.</p>")

    rows = desk.get(f"{LISTS}?q=spli").context["cl"].result_list

    assert list(rows) == [found]


def test_the_picker_of_a_reprint_offers_published_posts_alone(desk):
    found = make.post("Fog at noon", published=OLD)
    make.post("Fog at night", published=None)

    answer = desk.get(
        reverse("admin:autocomplete"),
        {"app_label": "posts", "model_name": "reprint", "field_name": "source", "term": "fo"},
    ).json()

    assert [row["id"] for row in answer["results"]] == [str(found.pk)]


def test_a_picker_that_finds_very_much_leaves_no_message_for_the_next_page(desk):
    posts = Post.objects.bulk_create(Post(title="Fog", slug=f"fog-{n}") for n in range(201))
    SearchDocument.objects.put([post.search_document() for post in posts])
    found = {"app_label": "posts", "model_name": "oldaddress", "field_name": "post", "term": "fog"}

    desk.get(reverse("admin:autocomplete"), found)

    assert not list(desk.get(LISTS).context["messages"])


def test_reprint_begins_a_draft_with_the_oldest_first(desk):
    late = make.post("Ebb", published=OLD + timedelta(days=9))
    early = make.post("Flood", published=OLD)

    answer = desk.post(LISTS, act_on([late, early], "reprint"))

    draft = Post.objects.get(state="draft")
    assert answer["Location"] == page_of(draft)
    assert [reprint.source for reprint in draft.reprints.all()] == [early, late]
    assert "Flood; Ebb" in draft.title


def test_a_draft_of_reprints_is_made_whole_or_not_at_all(desk, monkeypatch):
    posts = [make.post(published=OLD) for _ in range(2)]
    monkeypatch.setattr(Reprint.objects, "create", lambda **values: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        desk.post(LISTS, act_on(posts, "reprint"))

    assert set(Post.objects.all()) == set(posts)


@pytest.mark.parametrize("count", [1, 6])
def test_reprint_takes_one_to_five_published_posts(desk, count):
    posts = [make.post(published=OLD if count > 1 else None) for _ in range(count)]

    desk.post(LISTS, act_on(posts, "reprint"))

    assert Post.objects.count() == count


# Deleting, previewing, permissions


def test_only_a_draft_that_was_never_public_can_be_deleted(desk):
    draft, public = make.post(published=None), make.post()
    make.reprint(draft, public)
    taken_out = make.post()
    taken_out.unpublish()

    codes = [
        desk.post(reverse("admin:posts_post_delete", args=[post.pk]), {"post": "yes"}).status_code
        for post in (draft, public, taken_out)
    ]

    assert codes == [302, 403, 403]
    assert set(Post.objects.all()) == {public, taken_out}
    assert "delete_selected" not in desk.get(LISTS).content.decode()


def test_the_preview_is_for_the_desk_alone_and_kept_nowhere(desk, client):
    post = make.post("Not yet", published=None)
    address = reverse("admin:posts_post_preview", args=[post.pk])

    shown = desk.get(address)
    assert "Not yet" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]

    desk.force_login(staff())
    assert desk.get(address).status_code == 403
    desk.logout()
    assert desk.get(address).status_code == 302


def test_who_is_not_staff_is_asked_to_sign_in(client):
    assert "login" in client.get(LISTS)["Location"]
