"""Feeds are Atom as RFC 4287 asks for it, hold the whole text, and their ids stay for ever."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree, html

from posts.models import Label
from tests import make, model_case

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture
def case():
    return model_case.tell()


@pytest.fixture
def fetch(client):
    """Call it with an address to get the feed's root element."""

    def fetched(path, **how):
        response = client.get(path, **how)
        assert response.status_code == 200
        return etree.fromstring(response.content)

    return fetched


def feeds(case):
    """Return the address of a feed of each sort."""
    return {
        "posts": "/feed/",
        "label": "/labels/pilotage/feed/",
        "comments": "/feed/comments/",
        "post": f"{case.source.get_absolute_url()}feed/",
    }


SORTS = ["posts", "label", "comments", "post"]


def text(element, name):
    return element.findtext(ATOM + name)


def entries(feed):
    return feed.findall(ATOM + "entry")


def entry_of(feed, title):
    return next(entry for entry in entries(feed) if text(entry, "title") == title)


def content(entry):
    return entry.findtext(ATOM + "content")


def said(entry):
    """Return the words of an entry's content, as a reader sees them."""
    return " ".join(html.fragment_fromstring(content(entry), "div").text_content().split())


def moment(element, name):
    return datetime.fromisoformat(text(element, name))


# What RFC 4287 asks for


@pytest.mark.parametrize("sort", SORTS)
def test_a_feed_is_served_as_atom(client, case, sort):
    assert client.get(feeds(case)[sort])["Content-Type"].startswith("application/atom+xml")


@pytest.mark.parametrize("sort", SORTS)
def test_a_feed_and_its_entries_have_what_each_must_have_once(fetch, case, sort):
    feed = fetch(feeds(case)[sort])

    assert feed.tag == ATOM + "feed"
    for element in (feed, *entries(feed)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1, name
            assert text(element, name).strip(), name


@pytest.mark.parametrize("sort", SORTS)
def test_ids_are_whole_addresses_and_no_two_are_the_same(fetch, case, sort):
    feed = fetch(feeds(case)[sort])

    ids = [text(feed, "id"), *(text(entry, "id") for entry in entries(feed))]

    assert all(urlsplit(one).scheme in ("http", "https", "tag") for one in ids)
    assert len(ids) == len(set(ids)) > 1


@pytest.mark.parametrize("sort", SORTS)
def test_every_entry_has_an_author_with_a_name(fetch, case, sort):
    for entry in entries(fetch(feeds(case)[sort])):
        assert entry.find(ATOM + "author").findtext(ATOM + "name").strip()


@pytest.mark.parametrize("sort", SORTS)
def test_every_moment_is_a_whole_one_with_its_zone(fetch, case, sort):
    feed = fetch(feeds(case)[sort])

    moments = [one.text for name in ("updated", "published") for one in feed.iter(ATOM + name)]

    assert [one for one in moments if not MOMENT.fullmatch(one)] == []


@pytest.mark.parametrize("sort", SORTS)
def test_a_feed_names_its_own_address_and_that_of_its_page(fetch, case, sort):
    path = feeds(case)[sort]

    links = {link.get("rel"): link.get("href") for link in fetch(path).findall(ATOM + "link")}

    assert links["self"] == f"http://testserver{path}"
    assert links["alternate"].startswith("http://testserver/")


@pytest.mark.parametrize("sort", SORTS)
def test_an_entry_has_one_page_and_it_is_there(client, fetch, case, sort):
    for entry in entries(fetch(feeds(case)[sort])):
        (link,) = (one.get("href") for one in entry.findall(ATOM + "link"))

        assert client.get(link).status_code in (200, 302)


@pytest.mark.parametrize("sort", SORTS)
def test_an_entrys_text_is_html_in_one_element(fetch, case, sort):
    for entry in entries(fetch(feeds(case)[sort])):
        (element,) = entry.findall(ATOM + "content")

        assert (element.get("type"), len(element)) == ("html", 0)
        assert entry.find(ATOM + "summary") is None


@pytest.mark.parametrize("path", ["/feed/", "/feed/comments/"])
def test_a_feed_of_nothing_is_a_feed(fetch, path):
    feed = fetch(path)

    assert entries(feed) == []
    assert MOMENT.fullmatch(text(feed, "updated"))


@pytest.mark.parametrize("path", ["/feed/", "/feed/comments/"])
def test_letters_that_xml_cannot_hold_do_not_break_a_feed(fetch, path):
    post = make.post("Fog\x0bsignals \x1b[1m <&>", "<p>One\x0ctwo</p>", labels=["fo\x08g"])
    make.right(post).ask("Not\x0bso.", public=True).decline("It\x0cwas.")
    make.comment(post, "Three\x0bfour", "Hal\x08yard")

    assert len(entries(fetch(path))) == 1


@pytest.mark.parametrize("sort", SORTS)
def test_a_title_is_words_and_no_html(fetch, case, sort):
    case.source.revise("Tides < 2 m & <b>rising</b>", case.source.text)

    titles = [text(entry, "title") for entry in entries(fetch(feeds(case)[sort]))]

    assert any("Tides < 2 m & <b>rising</b>" in title for title in titles)


# Posts


def test_an_entry_has_the_whole_text_of_its_post(fetch):
    make.post("Long", "".join(f"<p>Sounding {n}.</p>" for n in range(2000)))

    assert "Sounding 1999." in said(entries(fetch("/feed/"))[0])


def test_an_entry_has_the_reprint_with_its_date_figure_and_chosen_comments(fetch, case):
    entry = said(entry_of(fetch("/feed/"), "Two from the drawer"))

    for words in (
        "It is a quiet day on the river.",
        "This one made people angry.",
        "First published 2 July 2013",
        "viewed 0 times by 9 August 2017",
        "Maud Tarrant left the bar before the flood.",
        "The bar is worse in June.",
    ):
        assert words in entry


@pytest.mark.parametrize("title", ["Two from the drawer", "The pilot who would not wait"])
def test_an_entry_has_the_whole_exchange_of_its_post_and_of_what_it_reprints(fetch, case, title):
    entry = said(entry_of(fetch("/feed/"), title))

    exchange = [
        "Maud Tarrant replies",
        "I waited forty minutes, and the log says so.",
        "Ines Harker answers",
        "The harbour’s log says ten.",
        "It was the ebb.",
        "on the ebb",
        "Declined by the author",
        "Both logs say flood.",
    ]
    places = [entry.find(words) for words in exchange]
    assert -1 not in places
    assert places == sorted(places)


def test_an_entry_has_the_note_of_an_amendment(fetch, case):
    case.source.revise(case.source.title, "<p>New.</p>", "amendment", "The hour was wrong.")

    assert "The hour was wrong." in said(entry_of(fetch("/feed/"), case.source.title))


def test_pictures_and_links_lead_to_this_site_from_wherever_the_entry_is_read(fetch):
    make.post(text='<p><a href="/2013/07/x/">older</a></p>')
    element = entries(fetch("/feed/"))[0].find(ATOM + "content")

    (link,) = html.fromstring(element.text).xpath("//a/@href")

    assert urljoin(element.get(XML + "base"), link) == "http://testserver/2013/07/x/"


def test_an_entry_says_when_its_post_was_first_published(fetch):
    at = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)
    make.post(published=at)

    assert moment(entries(fetch("/feed/"))[0], "published") == at


def test_an_entry_names_the_labels_of_its_post(fetch):
    make.post(labels=["fog", "Tide & time"])

    terms = [one.get("term") for one in entries(fetch("/feed/"))[0].findall(ATOM + "category")]

    assert sorted(terms) == ["Tide & time", "fog"]


def test_an_amendment_makes_an_entry_new(fetch):
    post = make.post(published=datetime(2019, 3, 4, tzinfo=UTC))
    before = moment(entries(fetch("/feed/"))[0], "updated")

    amendment = post.revise(post.title, "<p>Corrected.</p>", "amendment", "A slip.")

    after = moment(entries(fetch("/feed/"))[0], "updated")
    assert before == post.published_at
    assert abs(after - amendment.since) < timedelta(seconds=1)


def test_a_small_correction_does_not_make_an_entry_new(fetch):
    post = make.post(published=datetime(2019, 3, 4, tzinfo=UTC))

    post.revise(post.title, "<p>Spelt rightly.</p>")

    entry = entries(fetch("/feed/"))[0]
    assert (said(entry), moment(entry, "updated")) == ("Spelt rightly.", post.published_at)


def test_an_entrys_id_stays_when_title_slug_and_text_change(fetch):
    post = make.post("Before", published=datetime(2019, 3, 4, tzinfo=UTC))
    (before,) = (text(entry, "id") for entry in entries(fetch("/feed/")))

    post.title, post.slug, post.text = "After", "after", "<p>After.</p>"
    post.save()

    (entry,) = entries(fetch("/feed/"))
    assert (text(entry, "title"), text(entry, "id")) == ("After", before)


def test_an_entrys_id_stays_when_its_post_was_taken_back_and_published_again(fetch):
    post = make.post(published=datetime(2019, 3, 4, tzinfo=UTC))
    (before,) = (text(entry, "id") for entry in entries(fetch("/feed/")))

    post.unpublish()
    post.publish()

    assert [text(entry, "id") for entry in entries(fetch("/feed/"))] == [before]


def test_a_posts_id_is_the_same_in_every_feed_it_is_in(fetch, case):
    ids = {
        text(entry_of(fetch(path), case.source.title), "id")
        for path in ("/feed/", "/labels/pilotage/feed/")
    }

    assert len(ids) == 1


@pytest.mark.parametrize("path", ["/feed/", "/feed/comments/"])
def test_ids_are_the_same_whatever_the_site_was_called_by(fetch, case, path):
    names = ("testserver", "localhost")

    ids = [[text(e, "id") for e in entries(fetch(path, headers={"Host": name}))] for name in names]

    assert ids[0] == ids[1] != []


def test_the_feed_has_the_newest_posts_first_and_no_pages(fetch):
    for day in range(1, 26):
        make.post(f"Log of day {day}", published=datetime(2019, 1, day, tzinfo=UTC))
    make.post("Who writes here", kind="page")

    titles = [text(entry, "title") for entry in entries(fetch("/feed/"))]

    assert titles == [f"Log of day {day}" for day in range(25, 5, -1)]


def test_a_labels_feed_has_the_posts_with_that_label_alone(fetch):
    make.post("In fog", labels=["fog", "tide"])
    make.post("In sun", labels=["tide"])

    assert [text(entry, "title") for entry in entries(fetch("/labels/fog/feed/"))] == ["In fog"]


def test_a_label_whose_name_is_not_ascii_has_a_feed(fetch):
    make.post(labels=["Føhn"])

    path = f"{Label.objects.get().get_absolute_url()}feed/"

    assert len(entries(fetch(path))) == 1


# Comments


def test_the_comment_feed_says_who_wrote_on_what(fetch):
    make.comment(make.post("Fog signals"), "I heard it.", "Halyard")

    (entry,) = entries(fetch("/feed/comments/"))

    assert text(entry, "title") == "Halyard on “Fog signals”"
    assert said(entry) == "I heard it."


def test_a_posts_own_feed_has_its_comments_alone(fetch):
    post = make.post()
    make.comment(post, "Here.")
    make.comment(make.post(), "There.")

    feed = fetch(f"{post.get_absolute_url()}feed/")

    assert [said(entry) for entry in entries(feed)] == ["Here."]


def test_a_posts_own_feed_is_at_its_date_alone(client):
    post = make.post(published=datetime(2019, 3, 4, tzinfo=UTC))

    assert client.get(f"/2019/04/{post.slug}/feed/").status_code == 404


def test_a_comments_id_stays_when_its_posts_slug_changes(fetch):
    comment = make.comment(make.post())
    (before,) = (text(entry, "id") for entry in entries(fetch("/feed/comments/")))

    comment.post.slug = "elsewhere"
    comment.post.save()

    assert [text(entry, "id") for entry in entries(fetch("/feed/comments/"))] == [before]


@pytest.mark.parametrize("state", ["held", "removed", "spam"])
@pytest.mark.parametrize("path", ["/feed/comments/", "post"])
def test_a_comment_that_is_not_published_is_in_no_comment_feed(fetch, state, path):
    post = make.post()
    make.comment(post, state=state)

    path = f"{post.get_absolute_url()}feed/" if path == "post" else path
    assert entries(fetch(path)) == []
