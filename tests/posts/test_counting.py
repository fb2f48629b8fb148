"""Counting views: what is a view, what is left out and why, and that nothing else is kept."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from posts.models import ViewDay, ViewLeftOut
from tests import make
from tests.stored import everything_stored

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
HEADLESS = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36"
HERE = {"Origin": "http://testserver"}


def tally(post):
    """Return what was counted for `post`: {"view" or a reason: how often}."""
    left_out = ViewLeftOut.objects.filter(post=post).values_list("reason", "count")
    views = ViewDay.objects.total(post.pk)
    return {**({"view": views} if views else {}), **dict(left_out)}


def load(post, user=None, **headers):
    """Load the post's page as its script does; without `User-Agent` it is a browser's."""
    client = Client(headers={"User-Agent": FIREFOX, **HERE, **headers})
    if user:
        client.force_login(user)
    return client.post(f"/views/{post.pk}/")


@pytest.mark.parametrize(
    "headers, counted_as",
    [
        ({}, "view"),
        ({"User-Agent": "Opera/9.80 (Windows NT 6.0) Presto/2.12.388 Version/12.14"}, "view"),
        ({"User-Agent": GOOGLEBOT}, "crawler"),
        ({"User-Agent": HEADLESS}, "crawler"),
        ({"User-Agent": "Mozilla/5.0 (compatible; AcmeBot/1.0)"}, "crawler"),
        ({"User-Agent": "Mozilla/5.0 (compatible; LinkPreviewer)"}, "crawler"),
        ({"User-Agent": "Mozilla/5.0 (Linux; Android 9; CUBOT P40) AppleWebKit/537.36"}, "view"),
        ({"User-Agent": "curl/8.5.0"}, "crawler"),
        ({"User-Agent": "Wget/1.21"}, "crawler"),
        ({"User-Agent": "python-requests/2.32"}, "crawler"),
        ({"User-Agent": "Java/17.0.1"}, "crawler"),
        ({"User-Agent": "Go-http-client/2.0"}, "crawler"),
        ({"User-Agent": "facebookexternalhit/1.1"}, "crawler"),
        ({"User-Agent": "Mozilla/5.0 (compatible; preview of links)"}, "crawler"),
        ({"User-Agent": ""}, "no_browser"),
        ({"User-Agent": "Something of my own"}, "no_browser"),
        ({"Sec-Purpose": "prefetch"}, "prefetch"),
        ({"Sec-Purpose": "prefetch;prerender"}, "prefetch"),
        ({"Purpose": "prefetch"}, "prefetch"),
        ({"X-Moz": "prefetch"}, "prefetch"),
    ],
)
def test_a_load_of_a_page_is_counted_as_what_it_is(headers, counted_as):
    post = make.post()

    load(post, **headers)

    assert tally(post) == {counted_as: 1}


def test_the_author_is_not_a_reader():
    post = make.post()

    load(post, user=make.author())

    assert tally(post) == {"author": 1}


def test_somebody_signed_in_who_is_not_of_the_staff_is_a_reader(django_user_model):
    post = make.post()

    load(post, user=django_user_model.objects.create_user("passer-by"))

    assert tally(post) == {"view": 1}


def test_a_look_at_a_draft_is_no_view():
    post = make.post(published=None)

    load(post, user=make.author())

    assert tally(post) == {"preview": 1}


def test_each_load_is_a_view_of_its_own():
    post, other = make.post(), make.post()
    for _ in range(3):
        load(post)
    load(other)

    assert (tally(post), tally(other)) == ({"view": 3}, {"view": 1})


def test_a_view_is_counted_on_the_local_day(monkeypatch):
    post = make.post()
    # 23:30 UTC on 31 July is 00:30 on 1 August in London.
    moment = datetime(2019, 7, 31, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    load(post)

    assert [str(row.day) for row in ViewDay.objects.all()] == ["2019-08-01"]


def test_the_answer_to_a_count_says_nothing():
    response = load(make.post())

    assert (response.status_code, response.content) == (204, b"")


def test_a_count_of_a_post_that_is_not_there_is_a_404(client):
    assert client.post("/views/999999/", headers=HERE).status_code == 404


def test_reading_the_page_alone_counts_nothing(client):
    post = make.post()

    client.get(post.get_absolute_url(), headers={"User-Agent": FIREFOX})

    assert tally(post) == {}


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_address_where_views_are_sent_counts_no_other_request(client, method):
    post = make.post()

    response = getattr(client, method)(f"/views/{post.pk}/", headers={"User-Agent": FIREFOX})

    assert (response.status_code, tally(post)) == (405, {})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Referer": "https://elsewhere.example/"},
    ],
)
def test_other_sites_cannot_have_views_counted(client, headers):
    post = make.post()

    response = client.post(f"/views/{post.pk}/", headers={"User-Agent": FIREFOX, **headers})

    assert (response.status_code, tally(post)) == (403, {})


# Without script


def test_the_picture_counts(client):
    post = make.post()

    response = client.get(f"/views/{post.pk}.gif", headers={"User-Agent": FIREFOX})

    assert (response["Content-Type"], tally(post)) == ("image/gif", {"view": 1})


def test_the_picture_is_left_out_for_the_same_reasons(client):
    post = make.post()

    client.get(f"/views/{post.pk}.gif", headers={"User-Agent": GOOGLEBOT})

    assert tally(post) == {"crawler": 1}


def test_asking_for_the_pictures_head_counts_nothing(client):
    post = make.post()

    client.head(f"/views/{post.pk}.gif", headers={"User-Agent": FIREFOX})

    assert tally(post) == {}


def test_the_picture_is_kept_by_no_browser(client):
    assert "no-store" in client.get(f"/views/{make.post().pk}.gif")["Cache-Control"]


def test_the_page_shows_the_picture_to_browsers_without_script_alone(client):
    post = make.post()

    page = client.get(post.get_absolute_url()).content.decode()

    inside = page.split("<noscript>")[1].split("</noscript>")[0]
    assert page.count(f"/views/{post.pk}.gif") == inside.count(f"/views/{post.pk}.gif") == 1


# What is shown, and what is kept


def test_the_page_says_how_often_it_was_viewed(client):
    post = make.post()
    for _ in range(3):
        load(post)

    assert (
        'viewed <data value="3">3</data> times'
        in client.get(post.get_absolute_url()).content.decode()
    )


def test_nothing_of_a_readers_address_or_browser_is_stored():
    post = make.post()
    client = Client(REMOTE_ADDR="198.51.100.77", headers={**HERE, "X-Forwarded-For": "203.0.113.9"})
    for agent in (FIREFOX, GOOGLEBOT, "curl/8.5.0", "An agent of my own"):
        headers = {"User-Agent": agent}
        client.post(f"/views/{post.pk}/", headers=headers)
        client.get(f"/views/{post.pk}.gif", headers=headers)
        client.post(f"/comments/on/{post.slug}/", {"text": f"Aye, {len(agent)}."}, headers=headers)

    stored = everything_stored()

    found = [
        trace
        for trace in ("198.51", "203.0", "Firefox", "Googlebot", "curl/", "An agent")
        if trace in stored
    ]
    assert "Aye, " in stored
    assert found == []


def test_nothing_of_a_readers_address_or_browser_is_logged(caplog, monkeypatch):
    caplog.set_level("DEBUG")
    client = Client(REMOTE_ADDR="198.51.100.77", headers={"User-Agent": FIREFOX})
    client.get("/nothing/")
    client.raise_request_exception = False
    monkeypatch.setattr("posts.views.counting.count", None)
    client.post(f"/views/{make.post().pk}/", headers=HERE)
    client.post("/views/999999/", headers=HERE)
    client.post(f"/views/{make.post().pk}/", headers={"Origin": "http://elsewhere.example"})

    assert "/views/" in caplog.text
    assert [trace for trace in ("198.51", "Firefox") if trace in caplog.text] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "http://elsewhere.example/a-page"},
        {"Referer": "http://["},
    ],
)
def test_the_picture_counts_for_our_own_pages_alone(headers):
    post = make.post()

    Client(headers={"User-Agent": FIREFOX, **headers}).get(f"/views/{post.pk}.gif")

    assert tally(post) == {"elsewhere": 1}
