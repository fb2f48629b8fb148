"""Every public address answers as it should, to readers who ask nicely and to those who don't."""

import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import get_resolver
from lxml import html

from posts.models import OldAddress
from tests import make, model_case

pytestmark = pytest.mark.django_db

LATE_IN_JULY = datetime(2019, 7, 31, 23, 30, tzinfo=UTC)  # in London it is 1 August, 00:30


@pytest.fixture
def case():
    case = model_case.tell()
    case.subscription = make.subscription(case.good)
    return case


def addresses(case):
    """Return {name of a route: an address of it that answers 200 (or 302)}."""
    old, new = ("2013", "07", case.source.slug), ("2017", "08", case.newer.slug)
    return {
        "home": "/",
        "year": "/2017/",
        "month": "/2017/08/",
        "post": f"/{'/'.join(new)}/",
        "post-feed": f"/{'/'.join(old)}/feed/",
        "changes": f"/{'/'.join(old)}/changes/",
        "about-you": f"/{'/'.join(old)}/about-you/?comment=1",
        "page": f"/pages/{case.page.slug}/",
        "page-about-you": f"/pages/{case.page.slug}/about-you/",
        "page-changes": f"/pages/{case.page.slug}/changes/",
        "amendments": "/amendments/",
        "amendment": f"/amendments/{case.request.log_entry.number}/",
        "amendment-feed": "/feed/amendments/",
        "label": "/labels/pilotage/",
        "label-feed": "/labels/pilotage/feed/",
        "reprints": "/reprints/",
        "search": "/search/?q=flood",
        "feed": "/feed/",
        "comment-feed": "/feed/comments/",
        "comments": "/comments/",
        "comment": f"/comments/{case.good.pk}/",
        "write": f"/comments/on/{case.source.slug}/?to=1",
        "complain": f"/comments/{case.good.pk}/complain/",
        "complain-of-post": f"/complaints/on/{case.source.slug}/",
        "rules": "/rules/",
        "decide": case.held.decision_link.removeprefix("http://testserver"),
        "confirm": case.subscription.confirm_link.removeprefix("http://testserver"),
        "stop": case.subscription.stop_link.removeprefix("http://testserver"),
        "yours": case.good.commenter.path,
        "write-again": f"{case.good.commenter.path}on/{case.source.slug}/",
        "letterbox": case.right.letterbox.removeprefix("http://testserver"),
        "count-by-picture": f"/views/{case.source.pk}.gif",
        "django.contrib.sitemaps.views.sitemap": "/sitemap.xml",
        "robots": "/robots.txt",
        "healthz": "/healthz",
    }


POSTED_TO = {"count"}
"""Routes that answer a POST alone."""

PAGES = [
    "home",
    "year",
    "month",
    "post",
    "page",
    "changes",
    "page-changes",
    "label",
    "reprints",
    "amendments",
    "search",
    "comments",
    "write",
    "complain",
    "complain-of-post",
    "about-you",
    "page-about-you",
    "rules",
]


def words(response):
    return html.fromstring(response.content).text_content()


# Every address


def test_every_route_of_the_site_is_tried_here(case):
    routes = {
        pattern.name for pattern in get_resolver().url_patterns if getattr(pattern, "name", None)
    }

    assert routes == addresses(case).keys() | POSTED_TO


def test_every_address_answers(client, case):
    answers = {name: client.get(path).status_code for name, path in addresses(case).items()}

    assert (answers.pop("comment"), answers.pop("amendment")) == (302, 302)
    assert set(answers.values()) == {200}, answers


def test_every_address_answers_a_head_request(client, case):
    answers = {name: client.head(path).status_code for name, path in addresses(case).items()}

    assert set(answers.values()) == {200, 302}, answers


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_address_takes_what_it_does_not_know(client, case, method):
    answers = {
        name: getattr(client, method)(path).status_code
        for name, path in addresses(case).items()
        if "feed" not in name and "sitemap" not in name
    }

    assert set(answers.values()) == {405}, answers


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing/", "/2016/", "/2017/09/", "/0000/", "/9999/", "/0000/01/", "/9999/12/"),
        *("/2017/00/", "/2017/13/", "/2017/8/", "/17/08/", "/2017/08/no-such-post/"),
        *("/2017/08/no-such-post/feed/", "/pages/no-such-page/", "/labels/no-such-label/"),
        *("/labels/no-such-label/feed/", "/comments/999999/", "/comments/on/no-such-post/"),
        *("/views/999999.gif", "/reply/no-such-secret/", f"/comments/{10**30}/"),
        *(f"/comments/{'9' * 5000}/", f"/views/{10**30}.gif", "/comments/-1/", "/comments/1.5/"),
    ],
)
def test_what_is_not_there_is_a_404_in_the_sites_look(client, case, path):
    response = client.get(path)

    assert response.status_code == 404
    assert "There is nothing at this address" in words(response)
    assert case.blog.name in words(response)


ODD = {
    "NUL": "a\x00b",
    "long": "a" * 5000,
    "percent": "%",
    "newline": "a\nb",
    "quotes": "'\"><script>",
    "emoji": "🜁",
    "unassigned": "\U000e0fff",
    "dots": "..",
    "backslash": "\\",
    "broken utf-8": b"\xff\xfe",
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "path",
    [
        *("/2017/08/{}/", "/2017/08/{}/feed/", "/pages/{}/", "/labels/{}/", "/labels/{}/feed/"),
        *("/comments/on/{}/", "/reply/{}/", "/{}", "/search/label/{}", "/2017/08/{}.html"),
    ],
)
def test_an_odd_name_in_an_address_is_a_404(client, path, odd):
    response = client.get(path.format(quote(odd, safe="")), follow=True)

    assert response.status_code == 404


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_an_odd_name_where_comments_are_sent_is_a_404(client, odd):
    path = f"/comments/on/{quote(odd, safe='')}/"

    assert client.post(path, {"text": "x"}).status_code == 404


# The address of a post


@pytest.mark.parametrize("date", ["2017/09", "2016/08", "0000/01", "9999/12"])
def test_a_wrong_date_leads_to_the_right_one_for_good(client, case, date):
    response = client.get(f"/{date}/{case.newer.slug}/")

    assert response.status_code == 301
    assert response["Location"] == f"/2017/08/{case.newer.slug}/"


def test_a_post_whose_address_has_letters_beyond_ascii_opens(client):
    post = make.post("Føhn über dem Großen Belt")

    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_post_late_on_the_last_of_july_in_utc_stands_in_august_here(client):
    post = make.post("Midnight", published=LATE_IN_JULY)

    assert client.get("/2019/08/midnight/").status_code == 200
    assert post.get_absolute_url() == "/2019/08/midnight/"


def test_the_archive_has_a_post_in_its_local_month_and_no_other(client):
    make.post("Midnight", published=LATE_IN_JULY)

    assert "Midnight" in words(client.get("/2019/08/"))
    assert client.get("/2019/07/").status_code == 404


def test_the_archive_counts_a_post_in_its_local_month(client):
    make.post("Midnight", published=LATE_IN_JULY)

    side = html.fromstring(client.get("/").content).find_class("archive")[0]

    assert [link.get("href") for link in side.iter("a")] == ["/2019/", "/2019/08/"]


def test_the_year_page_puts_a_post_under_its_local_month(client):
    make.post("Midnight", published=LATE_IN_JULY)

    assert re.search(r"August\s+1 August\s+Midnight", words(client.get("/2019/")))


@pytest.mark.parametrize("name", ["draft", "scheduled"])
def test_a_post_that_is_not_public_is_a_404(client, case, name):
    assert client.get(getattr(case, name).get_absolute_url()).status_code == 404


def test_a_post_that_was_taken_back_is_a_404(client, case):
    case.source.unpublish()

    assert client.get(case.source.get_absolute_url()).status_code == 404


def test_a_page_is_no_post_and_a_post_is_no_page(client, case):
    assert client.get(f"/2017/08/{case.page.slug}/").status_code == 404
    assert client.get(f"/pages/{case.newer.slug}/").status_code == 404


@pytest.mark.parametrize("name", ["newer", "page"])
def test_a_post_names_its_own_address_as_the_canonical_one(client, case, name):
    post = getattr(case, name)

    page = html.fromstring(client.get(post.get_absolute_url() + "?utm_source=x").content)

    links = page.xpath("//link[@rel='canonical']/@href")
    assert links == [f"http://testserver{post.get_absolute_url()}"]


def neighbours(client, post):
    page = html.fromstring(client.get(post.get_absolute_url()).content)
    return {
        rel: page.xpath(f"//nav[@class='neighbours']//a[@rel='{rel}']/@href")
        for rel in ("prev", "next")
    }


def test_a_post_leads_to_the_posts_before_and_after_it_in_time(client):
    posts = [make.post(published=datetime(2019, month, 1, tzinfo=UTC)) for month in (3, 1, 2)]
    third, first, second = posts

    assert neighbours(client, second) == {
        "prev": [first.get_absolute_url()],
        "next": [third.get_absolute_url()],
    }


def test_the_first_and_last_posts_lead_to_nothing_beyond_them(client):
    first = make.post(published=datetime(2019, 1, 1, tzinfo=UTC))
    last = make.post(published=datetime(2019, 1, 2, tzinfo=UTC))

    assert neighbours(client, first)["prev"] == []
    assert neighbours(client, last)["next"] == []


def test_drafts_and_pages_are_nobodys_neighbours(client):
    post = make.post(published=datetime(2019, 1, 2, tzinfo=UTC))
    make.post(published=datetime(2019, 1, 1, tzinfo=UTC), kind="page")
    make.post(published=datetime(2019, 1, 3, tzinfo=UTC)).unpublish()

    assert neighbours(client, post) == {"prev": [], "next": []}


def test_a_comments_address_leads_to_its_place_under_the_post(client, case):
    response = client.get(f"/comments/{case.good.pk}/")

    assert response["Location"] == f"/2013/07/{case.source.slug}/#c{case.good.number}"


def test_a_removed_comments_address_leads_to_its_tombstone(client, case):
    response = client.get(f"/comments/{case.bad.pk}/")

    assert response["Location"].endswith(f"#c{case.bad.number}")


def test_no_place_on_a_page_has_the_name_of_another(client, case):
    make.reprint(case.newer, make.post(published=model_case.OLD), order=2)
    for post in (case.source, case.newer):
        places = html.fromstring(client.get(post.get_absolute_url()).content).xpath("//@id")

        assert sorted(places) == sorted(set(places))


# Turning pages


HOSTILE = ["0", "-1", "1e9", "", "abc", "9" * 5000, "\x00", "١", "1.5", "last", "'", "🜁", "²"]


@pytest.mark.parametrize("number", HOSTILE)
@pytest.mark.parametrize("path", ["/", "/2019/", "/2019/01/", "/labels/fog/", "/comments/"])
def test_a_list_answers_whatever_page_is_asked_for(client, path, number):
    make.post(published=datetime(2019, 1, 1, tzinfo=UTC), labels=["fog"])

    assert client.get(path, {"page": number}).status_code == 200


@pytest.mark.parametrize("number", HOSTILE)
def test_search_answers_whatever_page_is_asked_for(client, number):
    make.post(text="<p>herring</p>")

    assert client.get("/search/", {"q": "herring", "page": number}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", '"', "'", "''", "-", "--", "*", "a*", "NEAR(", "AND", "OR NOT", "a AND", "^a"),
        *(
            '"unfinished',
            "(",
            ")",
            ":",
            "text:herring",
            "a:*",
            "herring & !",
            "<->",
            "\\",
            "%",
            "_",
        ),
        *("herring -", "-herring", '-"herring"', "the", "-the herring", "\x00", "her\x00ring"),
        *("x" * 5000, "🜁", "؀", "<script>alert(1)</script>", "{{ 7 }}", "; DROP TABLE posts_post"),
    ],
)
def test_search_answers_whatever_is_asked_for(client, query):
    make.post(text="<p>herring</p>")

    assert client.get("/search/", {"q": query}).status_code == 200


def test_what_was_searched_for_is_words_on_the_page_and_nothing_else(client):
    response = client.get("/search/", {"q": "\"><script>alert('x')</script>"})

    assert b"<script>alert" not in response.content


def test_the_home_page_goes_on_on_a_second_page(client):
    for day in range(1, 13):
        make.post(f"Log of day {day}.", published=datetime(2019, 1, day, tzinfo=UTC))

    titles = [
        html.fromstring(client.get("/", {"page": number}).content).xpath("//article/h2//text()")
        for number in (1, 2)
    ]

    assert titles[0] == [f"Log of day {day}." for day in range(12, 2, -1)]
    assert titles[1] == ["Log of day 2.", "Log of day 1."]


# What nobody may see


WHERE = [
    *("home", "year", "month", "label", "label-feed", "reprints", "feed", "comment-feed"),
    *("comments", "post", "post-feed", "django.contrib.sitemaps.views.sitemap", "page"),
]


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("name, said", [("draft", "Drafty"), ("scheduled", "Sooner")])
def test_a_post_that_is_not_public_is_nowhere(client, case, where, name, said):
    post = getattr(case, name)
    post.labels.set(case.source.labels.all())

    text = client.get(addresses(case)[where]).content.decode()

    assert [word for word in (said, post.title, post.slug) if word in text] == []


@pytest.mark.parametrize("where", WHERE)
def test_a_held_comment_is_nowhere(client, case, where):
    text = client.get(addresses(case)[where]).content.decode()

    assert [word for word in ("still wait", "Waiter") if word in text] == []


@pytest.mark.parametrize("where", WHERE)
def test_a_comment_on_a_post_that_is_not_public_is_nowhere(client, case, where):
    other = make.post(published=datetime(2013, 7, 3, tzinfo=UTC), labels=["pilotage"])
    make.comment(other, "Under what was taken back.", "Castaway")
    other.unpublish()

    text = client.get(addresses(case)[where]).content.decode()

    assert [word for word in ("taken back", "Castaway") if word in text] == []


@pytest.mark.parametrize("said", ["Drafty", "Sooner", "still wait", "had to go", "Grudge"])
def test_what_is_not_public_is_not_found(client, case, said):
    assert "0 found" in words(client.get("/search/", {"q": said}))


def test_what_was_taken_back_is_not_found_any_more(client, case):
    case.source.unpublish()

    assert "0 found" in words(client.get("/search/", {"q": "worse in June"}))


def test_a_held_comments_address_is_a_404(client, case):
    assert client.get(f"/comments/{case.held.pk}/").status_code == 404


def test_a_draft_takes_no_comment(client, case):
    path = f"/comments/on/{case.draft.slug}/"

    assert client.post(path, {"text": "x"}, HTTP_ORIGIN="http://testserver").status_code == 404
    assert case.draft.comments.count() == 0


def test_a_sitemap_names_every_public_post_and_page_and_nothing_else(client, case):
    places = re.findall(r"<loc>(.*?)</loc>", client.get("/sitemap.xml").content.decode())

    assert sorted(places) == sorted(
        f"http://testserver{post.get_absolute_url()}"
        for post in (case.source, case.newer, case.page)
    )


def test_robots_are_led_to_the_sitemap_and_away_from_secrets(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert {"Disallow: /reply/", "Disallow: /admin/"} <= set(lines)
    for many in ("/comments/?", "/*?*comment=", "/*?*since=", "/*?*order="):
        assert f"Disallow: {many}" in lines


def test_a_health_check_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


# What every answer carries


def everything(client, case):
    """Yield (name, answer) for every address, and for those that are wrong."""
    for name, path in addresses(case).items():
        yield name, client.get(path)
    yield "404", client.get("/nothing/")
    yield "letterbox 404", client.get("/reply/wrong/")
    yield "wrong date", client.get(f"/2001/01/{case.newer.slug}/")
    yield "held", client.get(f"/comments/{case.held.pk}/")


def policy(response):
    """Return the content security policy as {directive: its words}."""
    parts = response.headers.get("Content-Security-Policy", "").split(";")
    return {words[0]: words[1:] for words in map(str.split, parts) if words}


def test_every_answer_has_a_policy_that_allows_nothing_it_does_not_name(client, case):
    lacking = {
        name
        for name, response in everything(client, case)
        if policy(response).get("default-src") != ["'none'"]
    }

    assert lacking == set()


def test_every_answer_allows_scripts_and_styles_from_files_of_this_site_alone(client, case):
    for name, response in everything(client, case):
        rules = policy(response)

        assert (rules["script-src"], rules["style-src"]) == (["'self'"], ["'self'"]), name
        assert rules["base-uri"] == rules["frame-ancestors"] == ["'none'"], name


def test_no_page_has_a_script_or_style_that_its_policy_forbids(client, case):
    for name in PAGES:
        page = html.fromstring(client.get(addresses(case)[name]).content)

        # JSON-LD is data: no browser runs it, and no policy forbids it.
        scripts = page.xpath("//script[not(@src) and not(@type='application/ld+json')]")
        assert scripts + page.xpath("//style | //@style") == []
        assert [one for one in page.xpath("//@*") if one.attrname.startswith("on")] == []


def test_no_answer_lets_itself_be_framed(client, case):
    framed = {
        name
        for name, response in everything(client, case)
        if response.headers.get("X-Frame-Options") != "DENY"
    }

    assert framed == set()


def test_every_answer_says_what_may_be_told_of_its_address(client, case):
    policies = {
        name: response.headers.get("Referrer-Policy") for name, response in everything(client, case)
    }

    assert {name for name, policy in policies.items() if policy != "same-origin"} == {
        *("letterbox", "letterbox 404", "yours", "write-again", "decide", "confirm", "stop")
    }
    for name in ("letterbox", "yours", "write-again", "decide", "confirm", "stop"):
        assert policies[name] == "no-referrer"


def test_every_answer_says_that_its_sort_is_what_it_is(client, case):
    unsure = {
        name
        for name, response in everything(client, case)
        if response.headers.get("X-Content-Type-Options") != "nosniff"
    }

    assert unsure == set()


def test_a_reader_gets_no_cookie_for_reading(case):
    client = Client(enforce_csrf_checks=True)

    given = {name for name, response in everything(client, case) if response.cookies}

    assert given == set()


def test_a_reader_gets_no_cookie_for_writing(case):
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    write, letterbox = f"/comments/on/{case.source.slug}/", addresses(case)["letterbox"]
    answers = [
        client.post(write, {"text": "Well said."}),
        client.post(write, {"text": ""}),
        client.post(write, {"text": "x", "website": "x"}),
        client.post(write, {"text": "x"}, headers={"Origin": "http://elsewhere.example"}),
        client.post(letterbox, {"text": "I was there."}),
        client.post(letterbox, {}),
        client.post(f"/views/{case.source.pk}/"),
        client.post("/"),
    ]

    assert [response.status_code for response in answers] == [
        302,
        422,
        302,
        403,
        302,
        422,
        204,
        403,
    ]
    assert [str(response.cookies) for response in answers] == [""] * len(answers)


def test_a_page_is_the_same_for_two_readers(case):
    pages = [Client(headers={"User-Agent": agent}).get("/").content for agent in ("one", "two")]

    assert pages[0] == pages[1]


# When something is wrong here


@pytest.fixture
def broken(client, monkeypatch):
    """A site on which the home page meets a fault."""

    def fault(*args):
        raise RuntimeError("the keel is off")

    monkeypatch.setattr("posts.views._archive", fault)
    client.raise_request_exception = False
    return client


def test_a_fault_of_ours_is_a_500_page_in_the_sites_look(broken):
    response = broken.get("/")

    assert response.status_code == 500
    assert "The fault is ours, not yours" in words(response)
    assert html.fromstring(response.content).xpath("//link[@rel='stylesheet']/@href")


def test_the_500_page_says_nothing_about_the_fault(broken):
    assert b"keel" not in broken.get("/").content


def test_the_500_page_has_the_sites_headers_and_no_cookie(broken):
    response = broken.get("/")

    assert policy(response)["script-src"] == ["'self'"]
    assert response["X-Frame-Options"] == "DENY"
    assert not response.cookies


def test_the_500_page_asks_nothing_of_the_database(rf, django_assert_num_queries):
    from blogsite.views import server_error

    with django_assert_num_queries(0):
        assert server_error(rf.get("/")).status_code == 500


def test_a_label_that_drafts_alone_carry_is_not_there_yet(client):
    make.post(published=None, labels=["Soundings"])

    assert client.get("/labels/soundings/").status_code == 404
    assert client.get("/labels/soundings/feed/").status_code == 404


def test_a_post_here_is_at_its_own_address_though_another_stood_there_once(client):
    post = make.post("Soundings", "<p>Mine.</p>", published=datetime(2017, 8, 9, tzinfo=UTC))
    other = make.post("Soundings", "<p>Theirs.</p>", published=datetime(2017, 8, 10, tzinfo=UTC))
    OldAddress.objects.create(path=post.get_absolute_url(), post=other)

    page = client.get(post.get_absolute_url())

    assert page.status_code == 200
    assert "Mine." in page.content.decode()


def test_an_old_address_comes_before_a_slug_of_another_month(client):
    make.post("Soundings", published=datetime(2017, 8, 9, tzinfo=UTC))
    old = make.post("Old soundings", published=datetime(2012, 3, 9, tzinfo=UTC))
    OldAddress.objects.create(path="/2012/03/soundings/", post=old)

    response = client.get("/2012/03/soundings/")

    assert (response.status_code, response.url) == (301, old.get_absolute_url())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("path", ["/feed/", "/feed/comments/", "/sitemap.xml"])
def test_feeds_and_the_sitemap_name_the_address_in_the_settings(client, settings, path, host):
    settings.SITE_URL = "https://tides.example"
    make.comment(make.post())

    said = client.get(path, headers={"Host": host}).content.decode()

    assert "https://tides.example/" in said
    assert host not in said
