"""What readers see of an exchange: who speaks, what was declined, what was asked and decided."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from lxml import etree, html

from comments import thread_pages
from comments.models import Act, Reason, Reply
from tests import make
from tests.model_case import NEW, OLD, subject_says

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
EVERYWHERE = ["post", "reprint", "feed"]


@pytest.fixture
def source():
    make.blog(comment_policy="open", author_email="")
    return make.post("The ferry", "<p>It left at seven.</p>", published=OLD)


@pytest.fixture
def newer(source):
    post = make.post("From the drawer", published=NEW)
    make.reprint(post, source)
    return post


@pytest.fixture
def right(source):
    return make.right(source, make.subject(email=""))


def page_at(client, path):
    response = client.get(path)
    assert response.status_code == 200
    page = html.fromstring(response.content)
    for script in page.xpath("//script"):
        script.drop_tree()
    return page


def words(element):
    return " ".join(element.text_content().split())


def label_of(exchange):
    """Return what an exchange is called; said once, by its own heading."""
    assert exchange.get("aria-label") is None
    return words(exchange.get_element_by_id(exchange.get("aria-labelledby")))


@pytest.fixture
def exchange_at(client, source, newer):
    """Call it with "post", "reprint" or "feed" for where the exchange stands there."""

    def at(where):
        if where == "feed":
            feed = etree.fromstring(client.get("/feed/").content)
            texts = {
                one.findtext(f"{ATOM}title"): one.findtext(f"{ATOM}content")
                for one in feed.iter(f"{ATOM}entry")
            }
            return html.fragment_fromstring(texts["The ferry"], "div")
        post = source if where == "post" else newer
        (exchange,) = page_at(client, post.get_absolute_url()).find_class("exchange")
        return exchange

    return at


def decline(right, text="Words that were declined.", reasons="It names a third person."):
    reply = right.receive(text)
    Reply.of(reply).decline(reasons)
    reply.refresh_from_db()
    return reply


# Who speaks


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_reply_has_its_role_and_the_way_to_its_writers_site(right, exchange_at, where):
    reply = subject_says(right, "It left at eight.")
    reply.url = "https://ferry.example/"
    reply.save()
    Reply.objects.create(comment=reply, role="master of the ferry")

    exchange = exchange_at(where)

    assert "master of the ferry" in words(exchange)
    (link,) = exchange.xpath(".//a[@href='https://ferry.example/']")
    assert link.get("rel") == "nofollow ugc noopener"


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_person_who_is_not_named_is_named_nowhere_in_the_exchange(right, exchange_at, where):
    subject_says(right, "It left at eight.")
    right.unnamed = True
    right.save()
    right.ask("It left at eight.", public=True).decline("It left at seven.")

    exchange = exchange_at(where)

    assert "A person not named here replies" in words(exchange)
    assert "A person not named here asked for an amendment" in words(exchange)
    assert "Maud" not in words(exchange)
    if where != "feed":
        assert label_of(exchange) == "Exchange with a person not named here"


def test_the_line_under_the_title_names_each_who_replied_and_leads_there(client, source, right):
    first = subject_says(right, "It left at eight.")
    subject_says(right, "Or later.")
    second = subject_says(make.right(source, make.subject("Otto Brandt", ""), unnamed=True), "No.")

    lines = page_at(client, source.get_absolute_url()).find_class("replied")

    assert [re.sub(r" on .*", "", words(line)) for line in lines] == [
        "Maud Tarrant, whom this post is about, replied",
        "A person not named here, whom this post is about, replied",
    ]
    assert [line.xpath(".//a/@href")[0] for line in lines] == [
        f"#c{first.number}",
        f"#c{second.number}",
    ]


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_later_part_says_that_it_was_added_and_when(right, exchange_at, where):
    subject_says(right, "It left at eight.")
    subject_says(right, "Here is the log.")

    level = "h4" if where == "reprint" else "h3"
    headings = [words(one) for one in exchange_at(where).iter(level)]

    assert headings[0] == "Maud Tarrant replies"
    assert re.fullmatch(r"Maud Tarrant adds on \d+ \w+ \d{4}", headings[1])


# What was taken back, and what was declined


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_part_that_was_withdrawn_says_so_in_its_place(source, right, exchange_at, where):
    first = subject_says(right, "It left at eight.")
    make.comment(source, "It did not.", "Ines Harker", voice="author", parent=first)
    subject_says(right, "Here is the log.")
    first.remove(reason=Reason.ASKED, role=Act.Role.SUBJECT)

    shown = words(exchange_at(where))

    told = ["Withdrawn by the person this post is about on", "It did not.", "Here is the log."]
    places = [shown.find(one) for one in told]
    assert -1 not in places
    assert places == sorted(places)
    assert "It left at eight." not in shown


def test_the_line_under_the_title_is_about_the_first_part_that_stands(client, source, right):
    first, second = subject_says(right, "It left at eight."), subject_says(right, "At nine.")
    first.remove(reason=Reason.ASKED, role=Act.Role.SUBJECT)

    (line,) = page_at(client, source.get_absolute_url()).find_class("replied")

    assert line.xpath(".//a/@href") == [f"#c{second.number}"]


def test_who_took_back_every_word_is_not_named_any_more(client, source, right):
    reply = subject_says(right, "It left at eight.")
    make.comment(source, "It did not.", "Ines Harker", voice="author", parent=reply)
    reply.remove(reason=Reason.ASKED, role=Act.Role.SUBJECT)

    page = page_at(client, source.get_absolute_url())

    (exchange,) = page.find_class("exchange")
    assert label_of(exchange) == "Exchange with a person this post is about"
    assert "It did not." in words(exchange)
    assert page.find_class("replied") == []
    assert "Maud" not in words(page)


def test_what_is_out_of_sight_can_be_neither_answered_nor_complained_about(client, source, right):
    subject_says(right, "It left at eight.").remove(reason=Reason.ASKED)

    (exchange,) = page_at(client, source.get_absolute_url()).find_class("exchange")

    assert exchange.find_class("answer") == []


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_declined_reply_is_told_with_the_reasons_and_without_its_words(right, exchange_at, where):
    decline(right)

    shown = words(exchange_at(where))

    assert re.search(
        r"Maud Tarrant sent a reply on .* The author declined to publish it on .*: "
        r"It names a third person\.",
        shown,
    )
    assert "Words that were declined" not in shown


def test_a_declined_reply_is_found_by_no_search_and_is_no_reply(client, source, right):
    decline(right)

    assert "Words that were" not in client.get("/search/?q=declined").content.decode()
    page = page_at(client, source.get_absolute_url())
    assert page.find_class("replied") == []
    assert "Words that were declined" not in words(page)


@pytest.mark.parametrize("where", EVERYWHERE)
def test_of_a_declined_reply_that_was_erased_the_decision_stays_and_no_name(
    right, exchange_at, where
):
    right.erase_reply(decline(right))

    exchange = exchange_at(where)

    assert "A person this post is about sent a reply on" in words(exchange)
    assert "The reply and the reasons were erased since." in words(exchange)
    assert "Maud" not in words(exchange)


def test_one_that_waits_again_and_is_withdrawn_is_not_told(client, source, right):
    reply = decline(right)
    reply.hold()
    right.withdraw(reply)

    assert page_at(client, source.get_absolute_url()).find_class("exchange") == []


@pytest.mark.parametrize("where", ["post", "reprint"])
def test_headings_stand_in_order(client, source, newer, right, where):
    subject_says(right, "It left at eight.")
    right.ask("It left at eight.", public=True).decline("It did not.")

    page = page_at(client, (source if where == "post" else newer).get_absolute_url())

    levels = [int(one.tag[1]) for one in page.xpath("//h1|//h2|//h3|//h4")]
    jumps = [two for two in zip(levels, levels[1:], strict=False) if two[1] > two[0] + 1]
    assert jumps == []


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_declined_reply_that_is_published_later_is_a_reply_like_any_other(
    right, exchange_at, where
):
    decline(right).publish()

    shown = words(exchange_at(where))

    assert "Words that were declined." in shown
    assert "declined to publish" not in shown


@pytest.mark.parametrize("where", EVERYWHERE)
def test_one_that_was_published_before_it_was_declined_keeps_its_place(right, exchange_at, where):
    reply = subject_says(right, "It left at eight.")
    subject_says(right, "Here is the log.")
    reply.hold()
    Reply.of(reply).decline("It names a third person.")

    shown = words(exchange_at(where))

    assert 0 <= shown.find("It names a third person.") < shown.find("Here is the log.")
    assert "It left at eight." not in shown


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_reply_that_was_erased_says_so_and_when(right, exchange_at, where):
    reply = subject_says(right, "It left at eight.")
    subject_says(right, "Here is the log.")
    reply.remove(reason=Reason.ASKED, role=Act.Role.SUBJECT, at=NEW)
    right.erase_reply(reply)

    shown = words(exchange_at(where))

    assert f"Erased on {date_format(timezone.localtime())}." in shown
    assert "Withdrawn" not in shown
    assert "2017" not in shown


@pytest.mark.parametrize("where", EVERYWHERE)
def test_what_the_author_removed_says_why_though_it_was_erased_since(right, exchange_at, where):
    reply = subject_says(right, "It left at eight.")
    reply.remove(reason=Reason.PRIVATE, role=Act.Role.AUTHOR, at=NEW)
    right.erase_reply(reply)

    shown = words(exchange_at(where))

    assert "Removed by the author on 9 August 2017: somebody's private affairs. Erased on" in shown


# Its number, and what readers answer


def test_a_reply_under_a_long_thread_is_found_and_answered(client, source, right, monkeypatch):
    monkeypatch.setattr(thread_pages, "A_PAGE", 10)
    make.crowd(source, 35, lambda n: 0)
    reply = subject_says(right, "It left at eight.")
    answer = make.comment(source, "So it did.", parent=reply)

    way = client.get(reply.get_absolute_url())["Location"]
    last = page_at(client, f"{source.get_absolute_url()}?thread=4")

    assert way == f"{source.get_absolute_url()}#c36"
    assert f"answering {reply.number}" in words(last.get_element_by_id(f"c{answer.number}"))
    assert last.get_element_by_id("c36").getparent().get("class") == "exchange"


def test_on_a_reprint_each_word_of_an_exchange_has_a_place_of_its_own(right, exchange_at):
    reply = subject_says(right, "It left at eight.")

    place = exchange_at("reprint").get_element_by_id(f"r1c{reply.number}")

    assert "It left at eight." in words(place)
    assert place.find_class("number")[0].get("href") == reply.get_absolute_url()


# With several people


@pytest.mark.parametrize("where", ["post", "reprint"])
def test_two_exchanges_are_headed_for_all_to_see_one_alone_for_screen_readers(
    client, source, newer, right, where
):
    address = (source if where == "post" else newer).get_absolute_url()
    subject_says(right, "It left at eight.")

    def headings():
        exchanges = page_at(client, address).find_class("exchange")
        return [(words(one[0]), one[0].get("class")) for one in exchanges]

    assert headings() == [("Exchange with Maud Tarrant", "visually-hidden")]

    subject_says(make.right(source, make.subject("Otto Brandt", "")), "At nine.")

    assert headings() == [("Exchange with Maud Tarrant", None), ("Exchange with Otto Brandt", None)]


# Requests and amendments


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_request_is_told_at_once_and_without_its_words(right, exchange_at, where):
    right.ask("It left at eight.", words="seven", wanted="Make it eight.", public=True)

    shown = words(exchange_at(where))

    day = date_format(timezone.localtime())
    assert f"Maud Tarrant asked for an amendment on {day} Awaiting a decision since then." in shown
    assert not [one for one in ("left at eight", "Make it eight", "had promised") if one in shown]


@pytest.mark.parametrize("where", EVERYWHERE)
def test_it_has_its_words_with_a_published_reply_and_each_says_what_it_is(
    right, exchange_at, where
):
    subject_says(right, "Let me tell.")
    right.ask("It left at eight.", words="seven", wanted="Make it eight.", public=True)

    shown = words(exchange_at(where))

    assert re.search(
        r"The words meant: ?seven What is wrong: ?It left at eight\. "
        r"Asked for instead: ?Make it eight\. Awaiting a decision since \d",
        shown,
    )


def test_a_request_is_no_reply(client, source, newer, right):
    right.ask("It left at eight.", public=True)

    for post in (source, newer):
        assert page_at(client, post.get_absolute_url()).find_class("replied") == []
    assert client.get("/amendments/").content.decode().count("asked for") == 0


def test_a_private_request_is_told_to_nobody(client, source, right):
    right.ask("It left at eight.", public=False)

    page = page_at(client, source.get_absolute_url())

    assert page.find_class("exchange") == []
    assert "Maud" not in words(page)


@pytest.mark.parametrize("where", EVERYWHERE)
@pytest.mark.parametrize("days, late", [(21, False), (22, True)])
def test_a_decision_that_was_promised_for_an_earlier_day_is_said_to_be(
    right, exchange_at, where, days, late
):
    asked = timezone.now() - timedelta(days=days)
    right.ask("It left at eight.", at=asked, public=True)

    by = date_format(timezone.localtime(asked) + timedelta(days=21))
    told = f"The author had promised a decision by {by}." in words(exchange_at(where))
    assert told == late


def test_requests_that_wait_cost_the_same_however_many(client, source, right):
    right.ask("It left at eight.", public=True)
    client.get(source.get_absolute_url())
    with CaptureQueriesContext(connection) as few:
        client.get(source.get_absolute_url())
    for n in range(5):
        right.ask(f"It left at {n}.", at=OLD, public=True)

    with CaptureQueriesContext(connection) as many:
        client.get(source.get_absolute_url())

    assert len(many) == len(few)


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_request_erased_before_a_decision_was_not_declined_and_names_nobody(
    right, exchange_at, where
):
    right.ask("It left at eight.", public=True).erase()

    shown = words(exchange_at(where))

    assert "A person this post is about asked for an amendment on" in shown
    assert "without a decision." in shown
    assert not [one for one in ("Declined", "Maud", "eight") if one in shown]


@pytest.fixture
def made(source, right):
    """A request that was made, and the amendment that it led to."""
    request = right.ask("It left at eight.", public=True)
    amendment = source.revise(source.title, "<p>It left at eight.</p>", "amendment", "The hour.")
    request.grant(amendment)
    return request


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_request_that_was_made_leads_to_what_was_changed(source, made, exchange_at, where):
    (decision,) = exchange_at(where).find_class("decision")

    base = "http://testserver" if where == "feed" else ""
    assert decision.xpath(".//a/@href") == [
        f"{base}{source.get_changes_url()}?from=1&to=2",
        f"{base}/amendments/2/",
    ]


@pytest.mark.parametrize("where", ["post", "reprint"])
def test_the_line_of_an_amendment_leads_back_to_who_asked(client, source, newer, made, where):
    page = page_at(client, (source if where == "post" else newer).get_absolute_url())

    (line,) = page.find_class("amendments")
    (back,) = line.xpath(".//a[contains(., 'asked for by Maud Tarrant')]/@href")

    assert back == f"#request-{made.pk}" if where == "post" else f"#r1-request-{made.pk}"
    assert "It left at eight." in words(page.get_element_by_id(back[1:]))
    assert line.xpath(".//a[contains(., 'Entry')]/@href") == ["/amendments/1/"]


def test_in_the_log_and_its_feed_what_was_asked_and_what_was_changed_are_said_once(
    client, source, made
):
    place = f"{source.get_absolute_url()}#request-{made.pk}"
    log = client.get("/amendments/").content.decode()
    feed = client.get("/feed/amendments/").content.decode()

    assert log.count(f'href="{place}"') == 1
    assert feed.count(f'href="http://testserver{place}"') == 1
    assert "asked for by Maud Tarrant" in log
    assert "asked for by Maud Tarrant" in feed
    compared = f"{source.get_changes_url()}?from=1&amp;to=2"
    assert log.count(f'href="{compared}"') == 1


@pytest.mark.parametrize("where", EVERYWHERE)
def test_where_the_former_words_are_withheld_a_request_shows_no_comparison(
    source, right, exchange_at, where
):
    request = right.ask("That is private.", public=True)
    request.grant(
        source.revise(source.title, "<p>It left.</p>", "amendment", "Private.", withheld=True)
    )

    exchange = exchange_at(where)

    assert "Words were taken out; they are not shown any more." in words(exchange)
    assert not [link for link in exchange.xpath(".//a/@href") if "changes" in link]


@pytest.mark.parametrize("where", EVERYWHERE)
def test_a_request_that_was_erased_says_so_and_keeps_its_decision(right, exchange_at, where):
    request = right.ask("My address.", words="seven", wanted="No address.", public=True)
    request.decline("It is a public house.")
    request.wrong = request.words = request.wanted = ""
    request.erased_at = timezone.now()
    request.save()

    shown = words(exchange_at(where))

    assert "What was asked for was erased on" in shown
    assert "Declined by the author on" in shown
    assert "Asked for instead" not in shown


def test_the_request_of_a_person_not_named_reads_well_beside_its_amendment(client, source, right):
    right.unnamed = True
    right.save()
    amendment = source.revise(source.title, "<p>At eight.</p>", "amendment", "The hour.")
    right.ask("At eight.", public=True).grant(amendment)

    (line,) = page_at(client, source.get_absolute_url()).find_class("amendments")

    assert "asked for by a person not named here" in words(line)
