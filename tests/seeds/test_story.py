"""The demonstration blog tells the model case whole, and every way in it leads somewhere."""

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from lxml import html

from comments import tasks
from comments.models import Comment, Letter
from posts.models import Post, ViewDay
from seeds import story
from tests import make

pytestmark = pytest.mark.django_db

QUIET_DAY = "/2017/08/a-quiet-day-and-two-from-the-cupboard/"
ROTA = "/2013/03/mrs-oakshott-draws-a-rota/"


@pytest.fixture
def told():
    story.tell()


def page(path):
    return html.fromstring(Client().get(path).content)


def words(element):
    return " ".join(element.text_content().split())


def test_the_quiet_day_reprints_two_posts_with_their_dates_and_figures(told):
    gauge, rota = page(QUIET_DAY).find_class("reprint")

    assert "First published 20 September 2010 · viewed 303 times by 9 August 2017" in words(gauge)
    assert "First published 14 March 2013 · viewed 884 times by 9 August 2017" in words(rota)
    assert "looked at 595 times" in words(page(QUIET_DAY).find_class("text")[0])
    figure = page(QUIET_DAY).find(".//data[@value='595']")
    assert (figure.text, figure.get("title")) == ("595", "views by 9 August 2017")
    yesterday = Post.objects.get(slug="a-dry-august")
    assert ViewDay.objects.total(yesterday.pk, until=story.QUIET_DAY) == 595
    assert [len(one.find_class("chosen")[0].findall(".//li")) for one in (gauge, rota)] == [3, 3]


@pytest.mark.parametrize("path", ["/2010/09/the-night-the-gauge-lied/", QUIET_DAY])
def test_an_amendment_of_2010_stands_on_the_post_and_on_its_reprint(told, path):
    (amendments,) = page(path).find_class("amendments")

    assert "Amended on 3 October 2010 at 21:10" in words(amendments)
    assert "Two of you counted." in words(amendments)


@pytest.mark.parametrize("path", [ROTA, QUIET_DAY])
def test_the_late_reply_its_answer_and_the_refusal_stand_above_the_readers(told, path):
    (exchange,) = page(path).find_class("exchange")
    said = words(exchange)

    assert "Marian Oakshott replies" in said
    assert "Tobias Wren answers" in said
    assert "Declined by the author on 10 November 2013." in said
    before = page(path).xpath("//*[contains(@class, 'exchange')]/preceding::ol[@class='thread']")
    assert before == []


def test_the_talk_has_answers_a_tombstone_a_pseudonym_that_speaks_twice_and_one_held(told):
    thread = words(page(QUIET_DAY).find_class("thread")[0])

    assert "Removed by the author on 9 August 2017: abuse of a person." in thread
    assert thread.count("Bilge Pump ·A") == 2
    assert "answering 3" in thread
    assert [one.name for one in Comment.objects.held()] == ["Tide Table Tom"]


def test_nobody_is_written_to_about_old_news(told):
    assert not Letter.objects.exists()


def test_every_link_within_the_demonstration_leads_somewhere(told):
    client = Client()
    waiting, seen, broken = ["/"], {"/"}, []
    while waiting:
        path, links = waiting.pop(), []
        response = client.get(path)
        if response.status_code in (301, 302):
            links = [response.url]
        elif response.status_code != 200:
            broken.append(path)
        elif response.headers["Content-Type"].startswith("text/html"):
            links = html.fromstring(response.content).xpath("//main//a/@href | //header//a/@href")
        for link in links:
            address = urlsplit(urldefrag(urljoin(f"http://testserver{path}", link))[0])
            target = address.path + (f"?{address.query}" if address.query else "")
            of_a_comment = "?to=" in target or target.endswith("/complain/")  # a form each
            if address.netloc == "testserver" and not of_a_comment and target not in seen:
                seen.add(target)
                waiting.append(target)

    assert broken == []
    assert len(seen) > 80


def test_no_post_speaks_of_an_address_on_the_former_host(told):
    assert not Post.objects.filter(text__contains="slack-water.example").exists()


def test_a_site_that_has_posts_is_left_alone():
    make.post()

    with pytest.raises(CommandError, match="There are posts here"):
        call_command("demonstration")

    assert Post.objects.count() == 1


def test_the_first_minute_of_the_worker_writes_to_nobody(told):
    assert Comment.objects.held().exists()

    tasks.tick()

    assert not Letter.objects.exists()
