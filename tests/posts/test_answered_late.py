"""A late reply lifts its post: onto the home page for a month, and into the feed for good."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree, html

from comments.models import Act, Comment, Reason, Reply
from tests import make
from tests.model_case import OLD, subject_says

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _blog():
    make.blog(comment_policy="open", author_email="")


def said(post, text="I was not there.", name="Maud Tarrant", at=None):
    """Return what a person said under the post, let through at the moment `at`."""
    right = make.right(post, make.subject(name, ""))
    reply = right.receive(text)
    reply.publish(at=at)
    return reply


def lifted(client, path="/"):
    """Return what the page says was answered recently: [(title, who and when)]."""
    page = html.fromstring(client.get(path).content)
    lines = page.xpath("//section[@class='recently-answered']//li")
    return [tuple(link.text for link in line.xpath("a")) for line in lines]


def entries(client, path="/feed/"):
    feed = etree.fromstring(client.get(path).content)
    return {one.findtext(f"{ATOM}title"): one for one in feed.iter(f"{ATOM}entry")}


# The home page


def test_a_post_answered_late_is_on_the_home_page_with_who_when_and_the_way(client):
    post = make.post("The ferry", published=OLD)
    reply = said(post)

    page = html.fromstring(client.get("/").content)

    (section,) = page.find_class("recently-answered")
    assert section.xpath("./h2/text()") == ["Recently answered"]
    assert section.xpath(".//a/@href") == [post.get_absolute_url(), reply.get_absolute_url()]
    ((title, line),) = lifted(client)
    assert title == "The ferry"
    assert line.startswith("Maud Tarrant, whom this post is about, replied on ")


def test_without_one_there_is_no_place_for_it(client):
    make.post()

    assert "recently-answered" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    "after, ago, is_there",
    [
        (timedelta(hours=23), timedelta(0), False),
        (timedelta(hours=25), timedelta(0), True),
        (DAY * 100, DAY * 29, True),
        (DAY * 100, DAY * 31, False),
    ],
    ids=["on the same day", "on the next day", "a month ago", "longer ago"],
)
def test_it_is_for_replies_of_the_last_month_that_came_a_day_late(client, after, ago, is_there):
    now = timezone.now()
    said(make.post(published=now - ago - after), at=now - ago)

    assert bool(lifted(client)) == is_there


def test_it_names_five_posts_at_most_each_once_the_last_answered_first(client):
    now = timezone.now()
    posts = [make.post(f"Post {n}", published=OLD) for n in range(7)]
    for n, post in enumerate(posts):
        said(post, at=now - DAY * (10 - n))
    subject_says(posts[3].rights.get(), "One thing more.")

    titles = [title for title, _ in lifted(client)]

    assert titles == ["Post 3", "Post 6", "Post 5", "Post 4", "Post 2"]


def test_it_stands_on_the_first_page_alone(client):
    said(make.post(published=OLD))
    for _ in range(11):
        make.post()

    assert lifted(client, "/?page=2") == []
    assert lifted(client, "/?page=1") != []


def withdraw(reply):
    reply.remove(reason=Reason.ASKED, role=Act.Role.SUBJECT)


def hold(reply):
    reply.hold()


def unpublish(reply):
    reply.post.unpublish()


@pytest.mark.parametrize("fate", [withdraw, hold, unpublish])
def test_what_is_gone_is_neither_on_the_home_page_nor_in_the_feed(client, fate):
    make.post("The buoy", labels=["fog"])
    reply = said(make.post("The ferry", published=OLD, labels=["fog"]))
    assert lifted(client) != []

    fate(reply)

    assert lifted(client) == []
    for path in ("/feed/", "/labels/fog/feed/"):
        assert [title for title in entries(client, path) if "replied" in title] == []


def test_a_reader_or_the_author_lifts_no_post(client):
    post = make.post(published=OLD)
    make.comment(post)
    make.comment(post, voice="author")

    assert lifted(client) == []


def test_queryset_and_property_agree():
    now = timezone.now()
    for days in (0, 2):
        post = make.post(published=now - DAY * days)
        said(post)
        subject_says(make.right(post, make.subject("Otto Brandt", "")), "No.", published=False)
        make.comment(post)
        make.comment(post, voice="author")

    late = {one.pk for one in Comment.objects.all() if one.is_late_reply}

    assert {one.pk for one in Comment.objects.late_replies()} == late
    assert len(late) == 1


# The feed


@pytest.mark.parametrize("path", ["/feed/", "/labels/fog/feed/"])
def test_a_late_reply_is_an_entry_of_its_own(client, path):
    post = make.post("The ferry", published=OLD, labels=["fog"])
    at = timezone.now() - DAY
    reply = said(post, "I was on the other boat.", at=at)
    Reply.objects.create(comment=reply, role="master of the ferry")

    entry = entries(client, path)["Maud Tarrant replied to “The ferry”"]

    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver/comments/{reply.pk}/"
    assert entry.findtext(f"{ATOM}id").startswith(f"tag:testserver,{at:%Y-%m-%d}:reply-")
    assert entry.find(f"{ATOM}author").findtext(f"{ATOM}name") == "Maud Tarrant"
    assert entry.findtext(f"{ATOM}published")[:19] == f"{at:%Y-%m-%dT%H:%M:%S}"
    content = html.fragment_fromstring(entry.findtext(f"{ATOM}content"), "div")
    shown = " ".join(content.text_content().split())
    assert "Maud Tarrant, whom The ferry of 2 July 2013 is about, replied on" in shown
    assert "I was on the other boat." in shown
    assert "master of the ferry" in shown
    assert f"http://testserver{post.get_absolute_url()}" in content.xpath(".//a/@href")


def test_a_later_part_is_an_entry_too_with_an_id_of_its_own(client):
    post = make.post("The ferry", published=OLD)
    said(post)
    subject_says(post.rights.get(), "One thing more.")

    feed = etree.fromstring(client.get("/feed/").content)

    ids = [one.findtext(f"{ATOM}id") for one in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) == 3


def test_a_reply_of_the_same_day_is_in_its_posts_entry_alone(client):
    post = make.post("The ferry")
    said(post)

    assert list(entries(client)) == ["The ferry"]


def test_posts_and_replies_stand_by_time_and_the_newest_twenty_are_there(client):
    now = timezone.now()
    old = make.post("The ferry", published=OLD)
    for n in range(25):
        make.post(f"Log {n}", published=now - DAY * (25 - n))
    said(old, at=now - DAY * 3.5)
    said(old, name="Otto Brandt", at=now - DAY * 24.5)

    titles = list(entries(client))

    assert len(titles) == 20
    assert titles[:4] == ["Log 24", "Log 23", "Log 22", "Maud Tarrant replied to “The ferry”"]
    assert not [title for title in titles if "Otto" in title]


def test_a_label_has_the_replies_to_its_own_posts_alone(client):
    said(make.post("The ferry", published=OLD, labels=["fog"]))
    said(make.post("The buoy", published=OLD, labels=["tide"]))

    assert set(entries(client, "/labels/fog/feed/")) == {
        "The ferry",
        "Maud Tarrant replied to “The ferry”",
    }


def test_the_feed_of_comments_says_whose_word_it_is(client):
    said(make.post("The ferry", published=OLD))

    assert list(entries(client, "/feed/comments/")) == [
        "Maud Tarrant, whom the post is about, on “The ferry”"
    ]


# Structured data


def test_a_post_describes_its_exchange_to_search_engines(client):
    post = make.post("The ferry", published=OLD)
    reply = said(post, "I was on the <i>other</i> boat.")
    make.comment(post, "So she was.", "Ines Harker", voice="author", parent=reply)
    make.comment(post, "Aye.", "Halyard", parent=reply)
    gone = subject_says(post.rights.get(), "Taken back.")
    withdraw(gone)

    page = html.fromstring(client.get(post.get_absolute_url()).content)
    (script,) = page.xpath("//script[@type='application/ld+json']")
    told = json.loads(script.text)["comment"]

    assert [(one["author"]["name"], one["text"]) for one in told] == [
        ("Maud Tarrant", "I was on the other boat."),
        ("Ines Harker", "So she was."),
    ]
    assert told[0] == {
        "@type": "Comment",
        "author": {
            "@type": "Person",
            "name": "Maud Tarrant",
            "subjectOf": {
                "@type": "BlogPosting",
                "url": f"http://testserver{post.get_absolute_url()}",
            },
        },
        "text": "I was on the other boat.",
        "datePublished": reply.published_at.isoformat(),
        "url": f"http://testserver/comments/{reply.pk}/",
    }


def described(client, post):
    page = html.fromstring(client.get(post.get_absolute_url()).content)
    (script,) = page.xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def test_a_reprint_describes_the_exchange_of_its_source(client):
    source, newer = make.post("The ferry", published=OLD), make.post("From the drawer")
    make.reprint(newer, source)
    said(source, "I was on the other boat.")

    told = described(client, newer)

    assert "comment" not in told
    assert told["isBasedOn"][0]["comment"] == described(client, source)["comment"]
    assert told["isBasedOn"][0]["comment"][0]["author"]["subjectOf"]["url"].endswith("/the-ferry/")


def test_who_speaks_is_described_with_role_and_site(client):
    post = make.post("The ferry", published=OLD)
    right = make.right(post, make.subject("Maud Tarrant", ""))
    reply = right.receive("Not so.", role="master of the ferry", url="https://ferry.example/")
    reply.publish()

    (told,) = described(client, post)["comment"]

    assert told["author"]["jobTitle"] == "master of the ferry"
    assert told["author"]["url"] == "https://ferry.example/"


def test_a_request_is_described_with_its_decision(client):
    post = make.post("The ferry", published=OLD)
    right = make.right(post, make.subject("Maud Tarrant", ""))
    request = right.ask("It was late.", words="on time", wanted="late", public=True)
    (waiting,) = described(client, post)["comment"]
    request.decline("It was on time.")
    (decided,) = described(client, post)["comment"]

    assert "text" not in waiting
    assert (waiting["creativeWorkStatus"], "comment" in waiting) == ("awaiting a decision", False)
    assert waiting["author"]["name"] == "Maud Tarrant"
    assert waiting["url"].endswith(f"#request-{request.pk}")
    assert decided["text"] == "on time\n\nIt was late.\n\nlate"
    (decision,) = decided["comment"]
    assert (decision["author"]["name"], decision["name"]) == ("Ines Harker", "declined")
    assert decision["text"] == "It was on time."


def test_a_late_reply_lifts_a_page_too(client):
    page = make.post("Who writes here", kind="page", published=OLD)
    said(page)

    assert [title for title, _line in lifted(client)] == ["Who writes here"]
    (entry,) = entries(client).values()
    assert entry.findtext(f"{ATOM}title") == "Maud Tarrant replied to “Who writes here”"
    assert client.get(entry.find(f"{ATOM}link").get("href")).status_code == 302


def test_the_feed_entry_of_a_reprint_says_under_its_title_who_replied(client):
    source, newer = make.post("The ferry", published=OLD), make.post("From the drawer")
    make.reprint(newer, source)
    reply = said(source)

    entry = html.fromstring(entries(client)["From the drawer"].findtext(f"{ATOM}content"))

    (line,) = entry.find_class("replied")
    (way,) = line.xpath(".//a/@href")
    assert way == f"http://testserver{source.get_absolute_url()}#c{reply.number}"
