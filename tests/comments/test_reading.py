"""What is read with a post: on its page, on every reprint of it, in the feeds, at all times."""

import re

import pytest
from lxml import html

from comments.models import Reason
from posts.models import Revision
from tests import make, model_case
from tests.model_case import NEW, OLD, subject_says

pytestmark = pytest.mark.django_db

NOTE = "The older post that stood here is no longer public."


@pytest.fixture
def case():
    return model_case.tell()


def page_of(client, post):
    """Return the page of a post as readers see it: without what is for search engines."""
    page = html.fromstring(client.get(post.get_absolute_url()).content)
    for script in page.xpath("//script"):
        script.drop_tree()
    return page


def words(element):
    return " ".join(element.text_content().split())


def reprint_on(client, case):
    """Return the words of the reprint in the newer post's page."""
    return words(page_of(client, case.newer).find_class("reprint")[0])


def feed_of(client):
    return client.get("/feed/").content.decode()


# The exchange stands above all comments of readers, those of a reprint included


def test_a_post_that_reprints_shows_its_own_exchange_first(client, case):
    subject_says(make.right(case.newer), "I was the plastic chair.")

    page = page_of(client, case.newer)
    order = [part.get("class") for part in page.xpath("//article[@class='post']/section")]
    assert order[:2] == ["exchange", "reprint"]
    feed = feed_of(client)
    assert feed.index("I was the plastic chair.") < feed.index("The bar is worse in June.")


# The reprint shows the source as it is


def test_a_reprint_shows_the_sources_text_dates_and_chosen_comments(client, case):
    shown = reprint_on(client, case)

    for part in (
        "This one made people angry.",
        "First published 2 July 2013",
        "viewed 0 times by 9 August 2017",
        "Maud Tarrant left the bar before the flood.",
        "The bar is worse in June.",
    ):
        assert part in shown


def test_the_source_says_where_it_was_reprinted(client, case):
    make.comment(case.newer)
    (section,) = page_of(client, case.source).find_class("reprinted-in")

    told = "Reprinted in Two from the drawer, 9 August 2017 · 1 comment there"
    assert words(section) == told
    newer = case.newer.get_absolute_url()
    assert section.xpath(".//a/@href") == [newer, f"{newer}#comments"]


def test_the_source_does_not_name_a_reprint_that_is_not_public(client, case):
    case.newer.unpublish()

    assert page_of(client, case.source).find_class("reprinted-in") == []


def test_a_removed_chosen_comment_is_a_tombstone_in_the_reprint(client, case):
    (place,) = page_of(client, case.newer).xpath(f"//*[@id='r1c{case.bad.number}']")

    assert re.search(r"Removed on .*: abuse of a person", words(place))
    assert "had to go" not in words(place)


@pytest.mark.parametrize("hidden", ["Words that had to go", "Grudge"])
def test_a_tombstone_names_neither_the_words_nor_who_wrote_them(client, case, hidden):
    pages = words(page_of(client, case.newer)) + words(page_of(client, case.source))

    assert hidden not in pages


def test_a_removed_chosen_comment_is_not_in_the_feed(client, case):
    assert "had to go" not in feed_of(client)


def test_a_chosen_comment_that_was_published_again_is_back_in_the_reprint(client, case):
    case.bad.publish()

    assert "Words that had to go" in reprint_on(client, case)


def test_a_chosen_comment_that_was_never_published_is_not_in_the_reprint(client, case):
    case.reprint.chosen.create(comment=case.held)

    assert "still wait" not in reprint_on(client, case)


def test_a_chosen_comment_of_the_exchange_stands_there_once(client, case):
    case.reprint.chosen.create(comment=case.reply)

    assert reprint_on(client, case).count("I waited forty minutes") == 1


def test_a_source_out_of_public_view_leaves_a_plain_note_and_nothing_else_of_it(client, case):
    case.source.unpublish()

    shown = reprint_on(client, case)

    assert shown == f"This one made people angry. {NOTE}"


def test_a_source_out_of_public_view_leaves_nothing_in_feeds_or_lists(client, case):
    case.source.unpublish()

    for path in ("/feed/", "/feed/comments/", "/", "/reprints/", "/comments/"):
        text = client.get(path).content.decode()
        assert [part for part in ("flood", "would not wait", "forty") if part in text] == [], path


def test_a_source_published_again_is_back_in_its_reprint(client, case):
    case.source.unpublish()
    case.source.publish()

    assert "before the flood" in reprint_on(client, case)


def test_a_reprint_without_a_revision_shows_the_text_as_it_stands(client, case):
    case.source.revise(case.source.title, "<p>She left on the flood.</p>")

    shown = reprint_on(client, case)

    assert "She left on the flood." in shown
    assert "left the bar before" not in shown


def test_a_reprint_shows_the_revision_it_names(client, case):
    case.reprint.revision = case.source.revisions.get(number=1)
    case.reprint.save()
    case.source.revise(case.source.title, "<p>She left on the flood.</p>")

    shown = reprint_on(client, case)

    assert "left the bar before" in shown
    assert "She left on the flood." not in shown


def test_a_reprint_never_shows_a_revision_whose_words_are_withheld(client, case):
    case.reprint.revision = case.source.revisions.get(number=1)
    case.reprint.save()
    case.source.revise(
        case.source.title,
        "<p>She left on the flood.</p>",
        Revision.Sort.AMENDMENT,
        "It was wrong.",
        withheld=True,
    )

    shown = reprint_on(client, case)

    assert "She left on the flood." in shown
    assert "left the bar before" not in shown + feed_of(client)


def test_an_amendment_of_the_source_is_told_on_the_reprint(client, case):
    case.source.revise(case.source.title, "<p>New.</p>", Revision.Sort.AMENDMENT, "The hour.")

    assert re.search(r"Amended on .*: The hour\.", reprint_on(client, case))


def test_a_figure_is_frozen_and_does_not_move_with_later_views(client, case):
    make.views(case.source, {OLD.date(): 303})

    assert "viewed 0 times by 9 August 2017" in reprint_on(client, case)
    assert "viewed 303 times" in words(page_of(client, case.source))


def test_two_reprints_in_one_post_stand_in_their_order_each_with_places_of_its_own(client, case):
    second = make.post("Second from the drawer", published=OLD)
    chosen = make.comment(second, "From the second.")
    make.reprint(case.newer, second, chosen=[chosen], order=2)

    page = page_of(client, case.newer)

    titles = [words(title) for title in page.xpath("//section[@class='reprint']//h2")]
    assert titles == ["The pilot who would not wait", "Second from the drawer"]
    assert "From the second." in words(page.get_element_by_id(f"r2c{chosen.number}"))


# The exchange travels


EXCHANGE = [
    "I waited forty minutes, and the log says so.",
    "The harbour’s log says ten.",
    "It was the ebb.",
    "on the ebb",
    "Declined by the author on",
    "Both logs say flood.",
]


@pytest.mark.parametrize("name", ["source", "newer"])
def test_the_whole_exchange_stands_on_the_post_and_on_its_reprint_in_order(client, case, name):
    shown = words(page_of(client, getattr(case, name)))

    places = [shown.find(part) for part in EXCHANGE]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["source", "newer"])
def test_the_exchange_stands_once(client, case, name):
    shown = words(page_of(client, getattr(case, name)))

    assert [shown.count(part) for part in EXCHANGE] == [1] * len(EXCHANGE)


def test_what_a_reader_answered_to_the_reply_stands_in_the_thread_and_says_so(client, case):
    place = page_of(client, case.source).get_element_by_id(f"c{case.reader.number}")

    assert "thread" in place.getparent().get("class")
    assert f"answering {case.reply.number}" in words(place)


def test_a_later_part_stands_with_the_first(client, case):
    subject_says(case.right, "And here is a picture of the log.")

    for post in (case.source, case.newer):
        (exchange,) = page_of(client, post).find_class("exchange")
        assert "And here is a picture of the log." in words(exchange)


def test_a_removed_reply_is_a_tombstone_in_its_exchange_on_post_and_reprint(client, case):
    case.reply.remove(by=make.author(), reason=Reason.ASKED)

    for post, place in ((case.source, "c"), (case.newer, "r1c")):
        (exchange,) = page_of(client, post).find_class("exchange")
        told = exchange.get_element_by_id(f"{place}{case.reply.number}")
        assert "Removed by the author" in words(told)
        assert "The harbour’s log says ten." in words(exchange)
        assert "forty minutes" not in words(page_of(client, post)) + feed_of(client)


@pytest.mark.parametrize("name", ["source", "newer"])
def test_a_private_request_and_its_decision_are_shown_to_nobody(client, case, name):
    case.request.public = False
    case.request.save()

    shown = words(page_of(client, getattr(case, name))) + feed_of(client)

    assert [part for part in EXCHANGE[2:] if part in shown] == []


def test_a_waiting_request_is_shown_with_the_reply_and_says_that_it_waits(client, case):
    case.right.ask("The date is wrong too.", public=True)

    shown = words(page_of(client, case.source))

    assert "The date is wrong too." in shown
    assert "Awaiting a decision since" in shown


def test_a_waiting_request_alone_is_not_shown(client):
    post = make.post()
    make.right(post).ask("The date is wrong.", public=True)

    assert "The date is wrong." not in words(page_of(client, post)) + feed_of(client)


@pytest.mark.parametrize("path", ["post", "/"])
def test_the_head_of_a_post_says_that_its_subject_replied(client, case, path):
    path = case.source.get_absolute_url() if path == "post" else path

    (line, *_) = html.fromstring(client.get(path).content).find_class("replied")

    assert words(line).startswith("Maud Tarrant, whom this post is about, replied on")


def test_readers_see_the_name_that_the_subject_chose(client, case):
    case.right.shown_name = "M. T."
    case.right.save()

    shown = words(page_of(client, case.newer))

    assert "M. T. replies" in shown
    assert "Maud Tarrant replies" not in shown


def test_a_number_in_a_comment_leads_to_its_place_wherever_the_comment_is_shown(client):
    make.blog(comment_policy="open")
    source = make.post("Fog", published=OLD)
    make.comment(source, "First.")
    said = make.comment(source, "As #1 says.")
    newer = make.post("Again", published=NEW)
    make.reprint(newer, source, chosen=[said])
    place = source.get_absolute_url()

    def leads(path, to):
        page = client.get(path).content.decode().replace("&lt;", "<").replace("&gt;", ">")
        rel = ' rel="nofollow"' if "?" in to else ""
        assert f'<a href="{to}#c1"{rel}>#1</a>' in page.replace("&quot;", '"'), path

    leads(place, "")
    for path in (newer.get_absolute_url(), "/comments/", f"/comments/{said.pk}/complain/"):
        leads(path, f"{place}?comment=1")
    leads(said.commenter.path, f"{place}?comment=1")
    for path in ("/feed/", "/feed/comments/"):
        leads(path, f"http://testserver{place}?comment=1")


def test_a_chosen_answer_says_what_it_answers(client):
    source = make.post("Fog", published=OLD)
    first = make.comment(source, "First.")
    answer = make.comment(source, "And so say I.", parent=first)
    newer = make.post("Again", published=NEW)
    make.reprint(newer, source, chosen=[answer])

    page = html.fromstring(client.get(newer.get_absolute_url()).content)

    (answers,) = page.xpath("//*[@id='r1c2']//*[@class='answers']")
    assert answers.text_content().split() == ["answering", "1"]
    assert answers.xpath("a/@href") == [first.get_absolute_url()]
