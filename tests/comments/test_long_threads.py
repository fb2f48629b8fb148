"""Long threads: page by page, in either order, and every link to a comment leads to its page."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from comments import thread_pages
from comments.models import Comment, Reason
from posts.models import Origin
from tests import make
from tests.model_case import subject_says

pytestmark = pytest.mark.django_db

THEN = datetime(2017, 8, 9, 9, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def ten(monkeypatch):
    """Ten comments make a page."""
    monkeypatch.setattr(thread_pages, "A_PAGE", 10)


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("Fog signals", published=THEN)


def pairs(number):
    """What a comment answers where each even number answers the one before it."""
    return 0 if number % 2 else number - 1


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content)


def numbers(page):
    """Return the numbers in the thread on a page, in the order in which they stand."""
    return [int(one.get("id")[1:]) for one in page.xpath("//ol[@class='thread']/li")]


def follow(client, address, on=""):
    """Return (the page that a link leads to in the end, the anchor there), as a browser does it.

    `on` is the address of the page that the link stands on.
    """
    anchor = urlsplit(address).fragment
    if address.startswith("#"):
        return page_of(client, on), anchor
    address = address.removeprefix("http://testserver")
    for _ in range(5):
        response = client.get(address)
        if response.status_code == 200:
            return html.fromstring(response.content), anchor
        assert response.status_code in (301, 302), address
        address = response["Location"].removeprefix("http://testserver")
        anchor = urlsplit(address).fragment or anchor
    raise AssertionError(f"{address} leads round in a circle")


def leads_to(client, address, number, on=""):
    """Say whether a link leads to comment `number`: to a page on which it stands, and there."""
    page, anchor = follow(client, address, on)
    return anchor == f"c{number}" and len(page.xpath(f"//*[@id='c{number}']")) == 1


def words(element):
    return " ".join(element.text_content().split())


# 2,500 comments


@pytest.fixture
def crowded(post):
    """A post with 2,500 comments, of which the later answer the earlier."""
    make.crowd(post, 2500, lambda n: n // 3)
    return post


def test_every_comment_of_a_great_thread_stands_on_one_page_and_its_address_leads_there(
    client, crowded
):
    address = crowded.get_absolute_url()
    pages = [page_of(client, f"{address}?thread={n}" if n > 1 else address) for n in (1, 2, 3)]

    shown = [numbers(page) for page in pages]
    assert [len(several) <= 1000 for several in shown] == [True] * 3
    assert sorted(number for several in shown for number in several) == [*range(1, 2501)]
    ids = dict(crowded.comments.values_list("number", "pk"))
    for turned, several in enumerate(shown, start=1):
        for number in (several[0], several[len(several) // 2], several[-1]):
            there = f"{address}?thread={turned}" if turned > 1 else address
            for way in (f"/comments/{ids[number]}/", f"{address}?comment={number}"):
                assert client.get(way)["Location"] == f"{there}#c{number}"
    assert words(pages[1].get_element_by_id("comments-title")) == "2500 comments"
    assert "Comments: page 2 of 3" in words(pages[1])


# Pages


def test_a_thread_that_fits_on_one_page_has_no_others(client, post, ten):
    make.crowd(post, 10, pairs)

    page = page_of(client, post.get_absolute_url())

    assert numbers(page) == [*range(1, 11)]
    assert page.find_class("pages") == []


def test_pages_lead_to_each_other_above_and_below(client, post, ten):
    make.crowd(post, 25, pairs)
    address = post.get_absolute_url()

    page = page_of(client, f"{address}?thread=2")

    assert numbers(page) == [*range(11, 21)]
    for pages in page.find_class("pages"):
        assert words(pages.find("span")) == "Comments: page 2 of 3"
        links = {link.get("rel"): link.get("href") for link in pages.iter("a")}
        assert links == {
            "prev": f"{address}#comments",
            "next": f"{address}?thread=3#comments",
        }
    assert len(page.find_class("pages")) == 2


@pytest.mark.parametrize(
    "asked, shown",
    [
        *(("0", 1), ("1", 1), ("3", 3), ("4", 3), ("99", 3), ("9" * 5000, 1), ("-1", 1)),
        *(("x", 1), ("", 1), ("\x00", 1), ("١", 1), ("2.5", 1)),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest_or_the_first(client, post, ten, asked, shown):
    make.crowd(post, 25, pairs)

    response = client.get(post.get_absolute_url(), {"thread": asked})

    assert numbers(html.fromstring(response.content))[0] == 10 * (shown - 1) + 1


def head(page):
    """Return (title, canonical address, whether search engines are to leave the page alone)."""
    robots = page.xpath("//meta[@name='robots']/@content")
    return page.findtext(".//title"), *page.xpath("//link[@rel='canonical']/@href"), bool(robots)


def test_a_later_page_has_a_title_and_a_canonical_address_of_its_own(client, post, ten):
    make.crowd(post, 25, pairs)
    address = post.get_absolute_url()
    ours = f"http://testserver{address}"
    plain = "Fog signals – The Tide Table"
    second = "Fog signals – page 2 of the comments – The Tide Table"

    assert head(page_of(client, address)) == (plain, ours, False)
    assert head(page_of(client, f"{address}?thread=1")) == (plain, ours, False)
    assert head(page_of(client, f"{address}?thread=2")) == (second, f"{ours}?thread=2", False)
    assert head(page_of(client, f"{address}?thread=2&utm_source=x"))[1] == f"{ours}?thread=2"
    assert head(page_of(client, f"{address}?order=time&thread=2")) == (second, ours, True)
    assert head(page_of(client, f"{address}?since=3")) == (plain, ours, True)


def test_the_marks_of_people_are_the_same_on_every_page(client, post, ten):
    make.crowd(post, 12, lambda n: 0)  # all of one commenter: A
    several = make.comment(post).commenter
    for _ in range(9):
        make.comment(post, commenter=several)

    def marks(address):
        found = page_of(client, address).find_class("mark")
        return {one.text for one in found}

    address = post.get_absolute_url()
    assert [marks(f"{address}?thread={n}") for n in (1, 2, 3)] == [{"·A"}, {"·A", "·B"}, {"·B"}]


def test_the_exchange_stands_on_every_page(client, post, ten):
    reply = subject_says(make.right(post), "I waited forty minutes.")
    for _ in range(12):
        make.comment(post)
    address = post.get_absolute_url()

    for asked in ("", "?thread=2", "?order=time"):
        assert "I waited forty minutes." in words(page_of(client, address + asked))
    for way in (reply.get_absolute_url(), f"{address}?comment={reply.number}"):
        assert client.get(way)["Location"] == f"{address}#c{reply.number}"


def test_a_page_of_the_blog_has_pages_of_comments_too(client, ten):
    page = make.post("Who writes here", kind="page", published=THEN)
    make.crowd(page, 25, pairs)

    assert numbers(page_of(client, f"{page.get_absolute_url()}?thread=3")) == [*range(21, 26)]
    assert leads_to(client, f"{page.get_absolute_url()}?comment=15", 15)


# In order of time


def test_in_order_of_time_comments_stand_by_number_and_say_what_they_answer(client, post, ten):
    make.crowd(post, 25, lambda n: 1 if n > 20 else 0)
    address = f"{post.get_absolute_url()}?order=time"

    last = page_of(client, f"{address}&thread=3")

    assert numbers(page_of(client, address)) == [*range(1, 11)]
    assert numbers(last) == [*range(21, 26)]
    assert not re.search(r"depth-[1-9]", html.tostring(last).decode())
    for number in range(21, 26):
        place = last.get_element_by_id(f"c{number}")
        assert words(place.find_class("place")[0]) == f"Comment {number}, answering 1"
        (link,) = place.xpath(".//span[@class='answers']/a/@href")
        assert link == f"{address}#c1"


def test_a_thread_with_an_answer_leads_to_its_other_order_and_back(client, post):
    make.crowd(post, 4, pairs)
    address = post.get_absolute_url()

    def ways(asked):
        page = page_of(client, address + asked)
        return dict(page.xpath("//p[@class='ways']//a[contains(., 'Read')]")[0].items())["href"]

    assert ways("") == f"{address}?order=time#comments"
    assert ways("?order=time") == f"{address}#comments"
    assert ways("?since=3") == f"{address}?order=time&since=3#comments"


def test_a_thread_without_answers_has_one_order(client, post):
    make.crowd(post, 4, lambda n: 0)

    assert page_of(client, post.get_absolute_url()).find_class("ways") == []


def test_an_unknown_order_is_the_usual_one(client, post):
    make.crowd(post, 4, lambda n: 1 if n == 4 else 0)

    assert numbers(page_of(client, f"{post.get_absolute_url()}?order=x")) == [1, 4, 2, 3]


# Every link to a comment


@pytest.fixture
def talk(post, ten):
    """A thread of three pages whose comments name others on each of them; the post."""
    make.crowd(post, 25, lambda n: {23: 2, 14: 2}.get(n, 0))
    for number in (1, 13, 25):
        row = post.comments.get(number=number)
        row.typed = "As #1, #14, #2, #22 and #25 say, not #99."
        row.save()
    return post


@pytest.mark.parametrize("asked", ["", "?thread=2", "?thread=3", "?order=time", "?since=4"])
def test_every_link_to_a_comment_on_a_posts_page_leads_to_it(client, talk, asked):
    address = talk.get_absolute_url() + asked
    page = page_of(client, address)

    links = {
        (link.get("href"), int(re.search(r"\d+$", link.text_content())[0]))
        for link in page.xpath("//ol[@class='thread']//a[contains(@href, '#c')]")
    }

    assert len(links) >= 8
    wrong = [link for link, number in links if not leads_to(client, link, number, on=address)]
    assert wrong == []


@pytest.mark.parametrize("order", ["", "order=time"])
def test_a_number_that_a_comment_names_leads_to_its_page_in_the_order_asked_for(
    client, talk, order
):
    address = talk.get_absolute_url()
    page = page_of(client, f"{address}?{order}")
    (said,) = page.get_element_by_id("c1").find_class("text")

    links = {link.text: link.get("href") for link in said.iter("a")}

    second, third = (f"{address}?{order}{'&' if order else ''}thread={n}" for n in (2, 3))
    expected = {"#1": "#c1", "#2": "#c2", "#25": f"{third}#c25"}
    expected |= {"#22": f"{third}#c22", "#14": f"{second}#c14" if order else "#c14"}
    assert links == expected
    assert "not #99." in words(said)


def test_a_number_in_a_feed_leads_to_its_page(client, talk):
    feed = etree.fromstring(client.get(f"{talk.get_absolute_url()}feed/").content)
    entries = {one.find(f"{ATOM}link").get("href"): one for one in feed.iter(f"{ATOM}entry")}
    last = entries[f"http://testserver{talk.comments.get(number=25).get_absolute_url()}?since=25"]

    links = html.fragment_fromstring(last.findtext(f"{ATOM}content"), "div").xpath(".//a/@href")

    assert len(links) == 6
    for link, number in zip(links, (1, 14, 2, 22, 25), strict=False):
        assert leads_to(client, link, number), link
    assert follow(client, links[-1])[1] == "comments"  # there is no 99


def test_a_number_on_the_page_of_the_newest_comments_leads_to_its_page(client, talk):
    page = page_of(client, "/comments/")

    links = {link for link in page.xpath("//div[@class='text']//a/@href") if "#c" in link}

    wrong = [one for one in links if "99" not in one and not _leads_as_it_says(client, one)]
    assert len(links) == 6
    assert wrong == []


def _leads_as_it_says(client, link):
    return leads_to(client, link, int(link.rpartition("#c")[2]))


@pytest.mark.parametrize("path", ["/feed/comments/", "post"])
def test_every_entry_of_a_feed_leads_to_its_comment_and_marks_what_is_new(client, talk, path):
    path = f"{talk.get_absolute_url()}feed/" if path == "post" else path
    feed = etree.fromstring(client.get(path).content)
    links = [link.get("href") for link in feed.iterfind(f"{ATOM}entry/{ATOM}link")]

    assert len(links) == 25
    for number, link in zip(range(25, 0, -1), sorted(links, key=_since, reverse=True), strict=True):
        assert link.endswith(f"?since={number}")
        page, anchor = follow(client, link)
        assert anchor == f"c{number}"
        assert page.get_element_by_id(anchor).find_class("new")


def _since(link):
    return int(link.rpartition("=")[2])


def test_the_ids_of_entries_say_nothing_of_pages_or_of_what_is_new(client, talk):
    feed = etree.fromstring(client.get("/feed/comments/").content)

    ids = {one.text for one in feed.iterfind(f"{ATOM}entry/{ATOM}id")}

    assert ids == {
        f"tag:testserver,2017-08-09:comment-{pk}"
        for pk in talk.comments.values_list("pk", flat=True)
    }


def test_an_address_from_blogger_leads_to_its_comment_on_its_page(client, talk):
    origin = Origin.objects.create(system="blogger", blog="1", kind="comment", its_id="901")
    talk.comments.filter(number=22).update(origin=origin)
    talk.old_addresses.create(path="/2017/08/fog-signals.html")

    for shown in ("901",):
        address = f"/2017/08/fog-signals.html?showComment={shown}#c901"
        assert leads_to(client, address, 22)


@pytest.mark.parametrize("asked", ["99", "0", "-1", "x", "", "9" * 5000, "\x00", "١"])
def test_a_comment_that_is_not_there_leads_to_the_comments_of_the_post(client, talk, asked):
    response = client.get(talk.get_absolute_url(), {"comment": asked})

    assert response.status_code == 302
    assert response["Location"] == f"{talk.get_absolute_url()}#comments"


def test_a_comment_is_found_under_a_wrong_date_too(client, talk):
    address = talk.get_absolute_url().replace("2017/08", "2016/01")

    assert leads_to(client, f"{address}?comment=22", 22)


def test_a_held_comment_has_no_place(client, post):
    held = make.comment(post, state="held")

    assert client.get(f"/comments/{held.pk}/").status_code == 404


def test_the_author_is_led_to_the_page_of_what_they_wrote(desk, talk):
    response = desk.post(
        f"/comments/on/{talk.slug}/",
        {"text": "It was the bell.", "to": "24"},
        HTTP_ORIGIN="http://testserver",
    )

    assert response["Location"] == f"{talk.get_absolute_url()}?thread=3#c26"


def test_a_reader_is_led_to_the_page_of_what_they_wrote(client, talk):
    response = client.post(
        f"/comments/on/{talk.slug}/", {"text": "So I say."}, HTTP_ORIGIN="http://testserver"
    )
    page = page_of(client, response["Location"])
    (link,) = page.xpath("//div[@role='status']//a/@href")

    assert leads_to(client, link, 26)


def test_the_number_of_what_a_reader_answers_leads_to_its_page(client, talk):
    page = page_of(client, f"/comments/on/{talk.slug}/?to=25")

    assert leads_to(client, page.xpath("//a[@class='number']/@href")[0], 25)
    assert leads_to(client, page.xpath("//div[@class='text']//a[.='#14']/@href")[0], 14)


# Jumps


def jumps(page, number):
    """Return {what is read of a jump: where it leads} of a comment."""
    links = page.xpath(f"//*[@id='c{number}']//span[@class='jumps']/a")
    return {link.find_class("visually-hidden")[0].text: link.get("href") for link in links}


def ways(page):
    return [words(one) for one in page.xpath("//p[@class='ways']/span")]


def test_the_authors_comments_lead_to_each_other_across_pages(client, post, ten):
    make.crowd(post, 25, lambda n: 0, voice=lambda n: "author" if n in (3, 8, 22) else "reader")
    address = post.get_absolute_url()

    first, last = page_of(client, address), page_of(client, f"{address}?thread=3")

    assert jumps(first, 3) == {"Next by the author: comment 8": "#c8"}
    assert jumps(first, 8) == {
        "Previous by the author: comment 3": "#c3",
        "Next by the author: comment 22": f"{address}?thread=3#c22",
    }
    assert jumps(last, 22) == {"Previous by the author: comment 8": f"{address}#c8"}
    assert len(first.find_class("jumps")) == 2
    assert ways(first) == ["The author wrote 3 of them, beginning with comment 3"]
    assert last.xpath("//p[@class='ways']//a/@href") == [f"{address}#c3"]


def test_one_comment_of_the_author_is_led_to_and_has_nothing_to_jump_to(client, post):
    make.crowd(post, 3, lambda n: 0, voice=lambda n: "author" if n == 2 else "reader")

    page = page_of(client, post.get_absolute_url())

    assert ways(page) == ["The author wrote one of them: comment 2"]
    assert page.find_class("jumps") == []


def test_jumps_follow_the_order_in_which_comments_are_read(client, post):
    make.crowd(
        post,
        4,
        lambda n: 1 if n == 4 else 0,
        voice=lambda n: "author" if n in (2, 4) else "reader",
    )
    address = post.get_absolute_url()

    assert jumps(page_of(client, address), 4) == {"Next by the author: comment 2": "#c2"}
    by_time = page_of(client, f"{address}?order=time")
    assert jumps(by_time, 4) == {"Previous by the author: comment 2": "#c2"}


def test_a_removed_comment_of_the_author_is_jumped_over(client, post):
    make.crowd(post, 4, lambda n: 0, voice=lambda n: "reader" if n == 1 else "author")
    post.comments.get(number=3).remove(by=make.author(), reason=Reason.OTHER)

    assert jumps(page_of(client, post.get_absolute_url()), 2) == {
        "Next by the author: comment 4": "#c4"
    }


def test_the_exchange_is_jumped_through_with_the_rest_as_it_is_read(client, post, ten):
    right = make.right(post)
    reply = subject_says(right, "I waited forty minutes.")
    make.comment(post)
    answer = make.comment(post, "The log says ten.", voice="author", parent=reply)
    subject_says(right, "Look again.")
    make.comment(post, "I looked.", voice="author")

    page = page_of(client, post.get_absolute_url())

    assert jumps(page, reply.number) == {"Next by Maud Tarrant: comment 4": "#c4"}
    assert jumps(page, answer.number) == {"Next by the author: comment 5": "#c5"}
    assert jumps(page, 5) == {"Previous by the author: comment 3": "#c3"}


# New since


def new(page):
    """Return the numbers that are marked as new."""
    marked = page.xpath("//span[@class='new']/ancestor::*[contains(@class, 'comment ')]/@id")
    return sorted(int(one[1:]) for one in marked)


def test_what_is_new_is_marked_counted_and_led_through_across_pages(client, post, ten):
    make.crowd(post, 25, lambda n: {24: 2}.get(n, 0))
    address = post.get_absolute_url()
    first, last = (page_of(client, f"{address}?since=23{more}") for more in ("", "&thread=3"))

    assert new(first) == [24]
    assert new(last) == [23, 25]
    assert "3 new, from comment 23 on: the first of them comment 24" in ways(first)
    place = first.get_element_by_id("c24")
    assert words(place.find_class("new")[0]) == "new next new one comment 23"
    (link,) = place.xpath(".//span[@class='new']/a/@href")
    assert link == f"{address}?since=23&thread=3#c23"
    assert last.get_element_by_id("c25").xpath(".//span[@class='new']/a") == []


def test_a_comments_address_keeps_what_is_asked_for_as_new(client, post, ten):
    make.crowd(post, 25, pairs)
    address = post.get_absolute_url()

    def place(number, asked):
        pk = post.comments.get(number=number).pk
        return client.get(f"/comments/{pk}/?since={asked}")["Location"]

    assert place(5, "5") == f"{address}?since=5#c5"
    assert place(25, "7") == f"{address}?since=7&thread=3#c25"
    for garbage in ("x", "0", "-1", "9" * 5000, "", "%00"):
        assert place(5, garbage) == f"{address}#c5"


@pytest.mark.parametrize("asked", ["x", "0", "-1", "", "9" * 5000, "\x00", "1.5"])
def test_garbage_is_not_asked_for_as_new(client, post, asked):
    make.crowd(post, 3, pairs)

    page = html.fromstring(client.get(post.get_absolute_url(), {"since": asked}).content)

    assert new(page) == []
    assert not head(page)[2]


def test_nothing_new_is_said_to_be_nothing(client, post):
    make.crowd(post, 3, lambda n: 0)

    page = page_of(client, f"{post.get_absolute_url()}?since=4")

    assert ways(page) == ["Nothing new from comment 4 on."]


def test_a_removed_comment_is_not_new(client, post):
    make.crowd(post, 3, lambda n: 0)
    post.comments.get(number=3).remove(by=make.author(), reason=Reason.OTHER)

    assert new(page_of(client, f"{post.get_absolute_url()}?since=2")) == [2]


def test_what_is_new_in_an_exchange_is_marked_too(client, post):
    make.comment(post)
    reply = subject_says(make.right(post), "I waited forty minutes.")

    page = page_of(client, f"{post.get_absolute_url()}?since=2")

    assert page.get_element_by_id(f"c{reply.number}").find_class("new")
    assert "1 new, from comment 2 on: the first of them comment 2" in ways(page)


# Comments found


@pytest.fixture
def said(post):
    for name, text in [
        ("Halyard", "The lighthouse was dark."),
        ("Otto Brandt", "Halyard saw no <b>lighthouse</b> & no bell."),
        ("", "I heard the bell."),
    ]:
        make.comment(post, text, name)
    make.comment(post, "A lighthouse that waits.", "Halyard", state="held")
    make.comment(make.post("Taken back"), "A lighthouse.", "Halyard").post.unpublish()
    return post


def found(client, **asked):
    page = html.fromstring(client.get("/comments/", asked).content)
    return [words(one) for one in page.xpath("//ol[@class='hits']/li/h2")]


@pytest.mark.parametrize(
    "asked, names",
    [
        ({"q": "lighthouse"}, ["Otto Brandt", "Halyard"]),
        ({"name": "Halyard"}, ["Halyard"]),
        ({"q": "lighthouse", "name": "otto"}, ["Otto Brandt"]),
        ({"q": "bell", "name": "Anonymous"}, ["Anonymous"]),
        ({"q": "bell", "name": "Halyard"}, []),
        ({"q": "waits"}, []),
    ],
)
def test_comments_are_found_by_words_and_by_name_newest_first(client, said, asked, names):
    assert found(client, **asked) == [f"{name} on “Fog signals”" for name in names]


def test_what_is_found_leads_to_its_place_and_shows_the_words(client, said):
    page = html.fromstring(client.get("/comments/", {"q": "bell", "name": "otto"}).content)

    (hit,) = page.xpath("//ol[@class='hits']/li")
    assert leads_to(client, hit.xpath("./h2/a/@href")[0], 2)
    assert [one.text for one in hit.iter("mark")] == ["bell"]
    assert "Comment 2" in words(hit)
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_nothing_found_is_said_to_be_nothing(client, said):
    page = html.fromstring(client.get("/comments/", {"q": "nowhere"}).content)

    assert "No comment was found." in words(page.xpath("//*[@role='status']")[0])


def test_what_was_asked_for_stands_in_the_form(client, said):
    page = html.fromstring(client.get("/comments/", {"q": '"><b>', "name": "Otto"}).content)

    assert page.get_element_by_id("words").get("value") == '"><b>'
    assert page.get_element_by_id("signed").get("value") == "Otto"


@pytest.mark.parametrize("blank", [{}, {"q": ""}, {"q": " ", "name": " "}])
def test_where_nothing_is_asked_the_newest_comments_stand(client, said, blank):
    page = html.fromstring(client.get("/comments/", blank).content)

    assert words(page.find(".//h1")) == "Newest comments"
    assert len(page.xpath("//ol[@class='thread']/li")) == 3


def test_what_is_found_goes_on_on_a_second_page(client, post, monkeypatch):
    monkeypatch.setattr("comments.views.A_PAGE", 2)
    for n in range(5):
        make.comment(post, f"Bell {n}.", "Halyard & Son")

    rows = []
    address = "/comments/?q=bell&name=halyard"
    while address:
        page = page_of(client, address)
        rows += page.xpath("//ol[@class='hits']/li/h2/a/@href")
        address = "".join("/comments/" + link for link in page.xpath("//a[@rel='next']/@href"))

    newest = Comment.objects.newest_first()
    assert rows == [comment.get_absolute_url() for comment in newest]


@pytest.mark.parametrize("name", ["q", "name"])
@pytest.mark.parametrize(
    "typed",
    ['"', "'", "-", "*", "NEAR(", "AND", "a:*", "name:x", "\x00", "x" * 5000, "🜁", "%", "-bell"],
)
def test_the_search_of_comments_answers_whatever_is_asked_for(client, said, name, typed):
    for page in ("1", "0", "x", "9" * 5000, "499"):
        assert client.get("/comments/", {name: typed, "page": page}).status_code == 200


# What a screen reader reads


def test_a_comment_is_read_with_its_number_and_what_it_answers(client, post):
    make.crowd(post, 2, pairs)

    page = page_of(client, post.get_absolute_url())

    assert words(page.get_element_by_id("c1").find_class("head")[0]).startswith("Comment 1 ")
    answer = page.get_element_by_id("c2").find_class("head")[0]
    assert words(answer).startswith("Comment 2, answering 1 ")


def test_no_place_on_a_page_has_the_name_of_another(client, post, ten):
    subject_says(make.right(post), "I waited forty minutes.")
    for _ in range(12):
        make.comment(post)

    for asked in ("", "?thread=2", "?order=time", "?since=3"):
        places = page_of(client, post.get_absolute_url() + asked).xpath("//@id")
        assert sorted(places) == sorted(set(places))
