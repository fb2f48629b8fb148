"""What search engines are told of a post, apart from its text: JSON-LD, and its own address."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from tests import make

pytestmark = pytest.mark.django_db

FIRST = datetime(2017, 8, 9, 9, tzinfo=UTC)
HOSTILE = "</script><script>alert(1)</script><!-- & ]]> \" ' \\ \u2028"


def page_of(client, post):
    response = client.get(post.get_absolute_url())
    assert response.status_code == 200
    return html.fromstring(response.content)


def described(client, post):
    """Return what the page of `post` tells search engines."""
    (script,) = page_of(client, post).xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def amend(post, text, note="A slip.", *, days=1, title=None, **more):
    at = FIRST + timedelta(days=days)
    return post.revise(title or post.title, text, "amendment", note=note, at=at, **more)


# What a post is


def test_a_post_is_described_as_a_post_of_this_blog_by_its_author(client):
    make.blog()
    post = make.post("The late ferry", published=FIRST)

    told = described(client, post)

    assert (told["@context"], told["@type"]) == ("https://schema.org", "BlogPosting")
    assert told["headline"] == "The late ferry"
    assert told["author"] == {"@type": "Person", "name": "Ines Harker"}
    assert told["url"] == told["mainEntityOfPage"] == "http://testserver/2017/08/the-late-ferry/"


def test_a_page_is_described_as_a_web_page(client):
    page = make.post("Who writes here", kind="page", published=FIRST)

    told = described(client, page)

    assert told["@type"] == "WebPage"
    assert told["url"] == "http://testserver/pages/who-writes-here/"


def test_a_post_without_a_title_has_a_headline_all_the_same(client):
    assert described(client, make.post(""))["headline"] == "(untitled)"


def test_addresses_are_those_of_the_site_whatever_name_it_was_called_by(client, settings):
    settings.SITE_URL = "https://tides.example"
    source = make.post("The late ferry", published=FIRST)
    post = make.post("Two from the drawer", published=FIRST + timedelta(days=1))
    make.reprint(post, source)

    told = described(client, post)

    assert told["url"] == "https://tides.example/2017/08/two-from-the-drawer/"
    assert told["isBasedOn"][0]["url"] == "https://tides.example/2017/08/the-late-ferry/"


def test_comments_that_are_public_are_counted(client):
    post = make.post()
    for state in ("published", "published", "held", "removed", "spam"):
        make.comment(post, state=state)

    assert described(client, post)["commentCount"] == 2


# Dates and corrections


def moments(told):
    return [datetime.fromisoformat(told[name]) for name in ("datePublished", "dateModified")]


def test_a_post_as_first_published_was_never_modified_and_has_no_correction(client):
    told = described(client, make.post(published=FIRST))

    assert moments(told) == [FIRST, FIRST]
    assert "correction" not in told


def test_a_small_correction_modifies_nothing_that_search_engines_should_know_of(client):
    post = make.post(published=FIRST)
    post.revise(post.title, "<p>Spelt rightly.</p>")

    told = described(client, post)

    assert moments(told) == [FIRST, FIRST]
    assert "correction" not in told


def test_an_amendment_is_a_correction_with_its_note_and_date(client):
    post = make.post("Fog bells", "<p>One.</p>", published=FIRST)
    amend(post, "<p>Two.</p>", "The hour was wrong.", days=1)
    amend(post, "<p>Three.</p>", "The day, too.", days=2)

    told = described(client, post)

    assert moments(told) == [FIRST, FIRST + timedelta(days=2)]
    assert [
        (one["@type"], one["text"], datetime.fromisoformat(one["datePublished"]))
        for one in told["correction"]
    ] == [
        ("CorrectionComment", "The hour was wrong.", FIRST + timedelta(days=1)),
        ("CorrectionComment", "The day, too.", FIRST + timedelta(days=2)),
    ]


def test_a_post_that_was_taken_back_and_published_again_keeps_its_first_date(client):
    post = make.post(published=FIRST)
    post.unpublish()
    post.publish()

    assert moments(described(client, post)) == [FIRST, FIRST]


def test_of_withheld_words_nothing_is_told_but_the_notes(client):
    post = make.post("About Otto", "<p>Otto did it.</p>", published=FIRST, slug="about-a-pilot")
    amend(post, "<p>Otto may have done it.</p>", "It is not certain.", days=1)
    amend(post, "<p>Somebody did it.</p>", "A name.", days=2, title="About a pilot", withheld=True)

    told = described(client, post)

    assert [one["text"] for one in told["correction"]] == ["It is not certain.", "A name."]
    assert told["headline"] == "About a pilot"
    assert "Otto" not in client.get(post.get_absolute_url()).content.decode()


# Reprints


@pytest.fixture
def source():
    return make.post("The late ferry", "<p>It sailed at seven.</p>", published=FIRST)


@pytest.fixture
def newer(source):
    post = make.post("Two from the drawer", published=FIRST + timedelta(days=400))
    make.reprint(post, source)
    return post


def test_a_post_that_reprints_another_is_based_on_it(client, newer, source):
    (based_on,) = described(client, newer)["isBasedOn"]

    assert datetime.fromisoformat(based_on.pop("datePublished")) == FIRST
    assert based_on == {
        "@type": "BlogPosting",
        "headline": "The late ferry",
        "url": "http://testserver/2017/08/the-late-ferry/",
    }


def test_a_post_is_based_on_all_that_it_reprints_in_order(client, newer, source):
    other = make.post("Fog bells", published=FIRST)
    make.reprint(newer, other, order=2)

    told = described(client, newer)["isBasedOn"]

    assert [one["headline"] for one in told] == ["The late ferry", "Fog bells"]


def test_a_post_that_reprints_nothing_is_based_on_nothing(client, newer, source):
    assert "isBasedOn" not in described(client, source)


def test_nothing_is_told_of_a_source_that_is_not_public_any_more(client, newer, source):
    other = make.post("Fog bells", published=FIRST)
    make.reprint(newer, other, order=2)
    source.unpublish()

    assert [one["headline"] for one in described(client, newer)["isBasedOn"]] == ["Fog bells"]

    other.unpublish()
    assert "isBasedOn" not in described(client, newer)

    source.publish()
    assert [one["headline"] for one in described(client, newer)["isBasedOn"]] == ["The late ferry"]


def test_an_amendment_of_the_source_is_no_correction_of_what_reprints_it(client, newer, source):
    amend(source, "<p>It sailed at eight.</p>", days=500)

    told = described(client, newer)

    assert "correction" not in told
    assert moments(told) == [newer.published_at] * 2


@pytest.mark.parametrize("query", ["", "?utm_source=x"])
def test_a_post_that_reprints_another_is_at_its_own_address_to_search_engines(
    client, newer, source, query
):
    for post in (newer, source):
        page = html.fromstring(client.get(post.get_absolute_url() + query).content)

        canonical = page.xpath("//link[@rel='canonical']/@href")
        assert canonical == [f"http://testserver{post.get_absolute_url()}"]


# Where it stands


def test_nothing_that_was_written_ends_the_script(client):
    make.blog(author_name=HOSTILE[:80])
    source = make.post(f"Older {HOSTILE}", published=FIRST)
    post = make.post(HOSTILE, f"<p>{HOSTILE}</p>", published=FIRST + timedelta(days=1))
    make.reprint(post, source)
    amend(post, f"<p>Two. {HOSTILE}</p>", HOSTILE, days=2)

    page = page_of(client, post)
    told = described(client, post)

    assert (told["headline"], told["correction"][0]["text"]) == (post.title, HOSTILE)
    assert told["isBasedOn"][0]["headline"] == source.title
    assert HOSTILE[:40] in post.title
    assert HOSTILE[:40] in told["author"]["name"]
    scripts = page.xpath("//script[not(@src)]")
    assert [one.get("type") for one in scripts] == ["application/ld+json"]
    raw = client.get(post.get_absolute_url()).content.decode()
    inside = raw.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(inside) == told
    assert not {"<", ">", "&"} & set(inside)


def test_letters_of_every_script_are_told_as_they_are(client):
    post = make.post("Føhn, 霧, «туман» 🜁", published=FIRST)

    assert described(client, post)["headline"] == "Føhn, 霧, «туман» 🜁"


def test_a_preview_tells_search_engines_nothing(desk):
    post = make.post(published=None)

    page = html.fromstring(desk.get(f"/admin/posts/post/{post.pk}/preview/").content)

    assert page.xpath("//article[@class='post']")
    assert page.xpath("//script[@type='application/ld+json'] | //link[@rel='canonical']") == []
