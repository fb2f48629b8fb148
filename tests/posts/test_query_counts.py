"""Reading costs a fixed number of queries, however much there is to read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import thread_pages
from comments.models import Reason, Reply
from posts.models import Post
from tests import make, model_case

pytestmark = pytest.mark.django_db

MONTH = datetime(2019, 3, 1, 12, tzinfo=UTC)


def queries(client, path):
    """Return the number of queries that `path` costs."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured)


def live(number):
    """Let `number` more posts be there, each with what a post may have besides its text."""
    begun = Post.objects.count()
    for n in range(begun, begun + number):
        source = make.post(f"Soundings {n}", "<p>Herring.</p>", published=MONTH, labels=["fog"])
        right = make.right(source, make.subject(f"Person {n}"))
        reply = model_case.subject_says(right, "Herring? I was not there.")
        Reply.objects.create(comment=reply, role="skipper")
        model_case.subject_says(right, "Nor was she.").remove(reason=Reason.ASKED)
        declined = Reply.of(right.receive("Words of somebody else."))
        declined.declined_at, declined.reasons = MONTH, "They are not hers."
        declined.save()
        make.comment(source, "The herring log says so.", voice="author", parent=reply)
        right.ask("It was herring.", public=True).decline("It was not.")
        amendment = source.revise(source.title, "<p>Herring, again.</p>", "amendment", "A slip.")
        right.ask("It was cod.", public=True).grant(amendment)
        source.earlier_figures.create(count=3, as_of=MONTH.date())
        make.views(source, {MONTH.date(): 3})
        chosen = [make.comment(source, "Herring!") for _ in range(2)]
        newer = make.post(
            f"Again {n}", "<p>Herring.</p>", published=MONTH + timedelta(1), labels=["fog"]
        )
        make.reprint(newer, source, chosen=chosen)


PATHS = [
    *("/", "/2019/", "/2019/03/", "/labels/fog/", "/labels/fog/feed/", "/reprints/", "/feed/"),
    *("/feed/comments/", "/comments/", "/comments/?q=herring", "/comments/?name=halyard"),
    *(
        "/search/?q=herring",
        "/search/?q=herring&newest=1",
        "/sitemap.xml",
        "/amendments/",
        "/feed/amendments/",
    ),
]


def test_lists_and_feeds_cost_the_same_with_2_posts_and_with_30(client):
    live(1)
    with_2 = {path: queries(client, path) for path in PATHS}
    live(14)

    assert {path: queries(client, path) for path in PATHS} == with_2


def test_a_post_and_its_feed_cost_the_same_with_2_comments_and_with_30(client):
    post = make.post(published=MONTH)
    paths = [post.get_absolute_url(), f"{post.get_absolute_url()}feed/"]

    def talk(times):
        for n in range(times):
            first = make.comment(post, name="Halyard")
            make.comment(post, voice="author", parent=first)
            model_case.subject_says(make.right(post, make.subject(f"Person {post.pk} {n}")), "No.")

    talk(1)
    with_2 = [queries(client, path) for path in paths]
    talk(14)

    assert [queries(client, path) for path in paths] == with_2


def test_a_post_costs_the_same_with_2_reprints_and_with_12(client):
    post = make.post(published=MONTH)

    def add(times):
        for order in range(times):
            source = make.post(published=MONTH - timedelta(1))
            right = make.right(source, make.subject(f"Person of {source.pk}"))
            model_case.subject_says(right, "I was not there.")
            make.reprint(post, source, chosen=[make.comment(source)], order=order)

    add(2)
    with_2 = queries(client, post.get_absolute_url())
    add(10)

    assert queries(client, post.get_absolute_url()) == with_2


def test_a_post_costs_the_same_however_often_it_was_reprinted(client):
    source = make.post(published=MONTH)

    def reprint(times):
        for _ in range(times):
            make.reprint(make.post(), source)

    reprint(2)
    with_2 = queries(client, source.get_absolute_url())
    reprint(10)

    assert queries(client, source.get_absolute_url()) == with_2


def test_changes_and_the_log_cost_the_same_with_3_texts_and_with_27(client):
    post = make.post(published=MONTH)
    right = make.right(post)
    address = post.get_absolute_url()
    paths = [f"{address}changes/", f"{address}changes/?from=1&to=2", "/amendments/"]
    paths += ["/feed/amendments/", address, "/feed/"]

    def change(times):
        for _ in range(times):
            number = post.revisions.count()
            post.revise(post.title, f"<p>Sounding {number}.</p>")
            made = post.revise(post.title, f"<p>Depth {number}.</p>", "amendment", "A slip.")
            right.ask(f"It was {number} fathoms.", public=True).grant(made)
            right.ask(f"Nor {number}.", public=True).decline("It was.")
            right.ask(f"Privately, {number}.", public=False).grant(made)

    change(1)
    with_3 = {path: queries(client, path) for path in paths}
    change(12)

    assert post.revisions.count() == 27
    assert {path: queries(client, path) for path in paths} == with_3


@pytest.mark.parametrize(
    "size, answers",
    [(300, lambda n: n - 1), (1000, lambda n: n // 3), (1000, lambda n: 0)],
    ids=["300 deep", "1000 with answers", "1000 one after the other"],
)
def test_a_great_thread_opens_whole_at_the_price_of_a_small_one(client, size, answers):
    small, great = make.post(published=MONTH), make.post(published=MONTH)
    make.crowd(small, 2, lambda n: n - 1)
    make.crowd(great, size, answers)
    price = queries(client, small.get_absolute_url())

    with CaptureQueriesContext(connection) as captured:
        page = client.get(great.get_absolute_url()).content.decode()

    assert page.count('<div class="text"><p>Sounding ') == size
    assert len(captured) == price


def test_a_thread_costs_the_same_on_one_page_and_on_many(client, monkeypatch):
    monkeypatch.setattr(thread_pages, "A_PAGE", 100)
    great, greater = make.post(published=MONTH), make.post(published=MONTH)
    make.crowd(great, 100, lambda n: n // 3)
    make.crowd(greater, 250, lambda n: n // 3)

    prices = {
        queries(client, post.get_absolute_url() + asked)
        for post in (great, greater)
        for asked in ("", "?thread=2", "?order=time&thread=3", "?since=40")
    }

    assert len(prices) == 1


def test_the_way_to_a_comment_costs_the_same_in_a_thread_of_many_pages(client):
    great, greater = make.post(published=MONTH), make.post(published=MONTH)
    make.crowd(great, 30, lambda n: n // 3)
    make.crowd(greater, 2500, lambda n: n // 3)

    def price(path):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 302
        return len(captured)

    for way in (
        lambda post: f"/comments/{post.comments.get(number=30).pk}/",
        lambda post: f"{post.get_absolute_url()}?comment=30",
    ):
        assert len({price(way(post)) for post in (great, greater)}) == 1


def test_the_form_to_answer_costs_the_same_in_a_great_thread(client):
    small, great = make.post(published=MONTH), make.post(published=MONTH)
    make.crowd(small, 2, lambda n: n - 1)
    make.crowd(great, 300, lambda n: n - 1)

    prices = {queries(client, f"/comments/on/{post.slug}/?to=2") for post in (small, great)}

    assert len(prices) == 1
