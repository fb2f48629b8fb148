"""What readers see of changes: the page that compares, the notes on the post, the public log."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from types import SimpleNamespace

import pytest
from lxml import etree, html

from posts.models import LogEntry, OldAddress, Post, Revision
from tests import make

pytestmark = pytest.mark.django_db

Sort = Revision.Sort
ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = datetime(2017, 8, 9, 9, tzinfo=UTC)
GONE = "Words were taken out; they are not shown any more."


@pytest.fixture
def ferry():
    """A post with four texts: the second and the last are small corrections, the third amends."""
    post = make.post(
        "The late ferry", "<p>The ferry sailed at seven, half empty.</p>", published=FIRST
    )
    say(post, "<p>The ferry sailed at seven, half-empty.</p>", days=1)
    amend(post, "<p>The ferry sailed at eight, half-empty.</p>", "The hour was wrong.", days=2)
    say(post, "<p>The ferry sailed at eight, almost half-empty.</p>", days=3)
    return post


def say(post, text, sort=Sort.SMALL, *, days=0, title=None, **more):
    """Give the post another text, so many days after it was published."""
    at = FIRST + timedelta(days=days)
    return post.revise(title or post.title, text, sort, at=at, **more)


def amend(post, text, note="A slip.", **more):
    return say(post, text, Sort.AMENDMENT, note=note, **more)


def clean(element):
    """Return the words of an element as they are seen: without those that are only heard."""
    seen = html.fromstring(html.tostring(element, with_tail=False, encoding="unicode"))
    for heard in seen.find_class("visually-hidden"):
        heard.drop_tree()
    return " ".join(seen.text_content().split())


def words(page):
    return " ".join(page.text_content().split())


def page_at(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return html.fromstring(response.content)


def changes(client, post, query=""):
    return page_at(client, post.get_changes_url() + query)


def numbers(page):
    """Return the numbers of the two texts that the page compares, older one first."""
    (title,) = page.xpath("//*[@id='compared-title']")
    return tuple(map(int, re.fullmatch(r"From text (\d+) to text (\d+)", words(title)).groups()))


def marked(page, mark):
    """Return what is marked as removed ("del") or added ("ins") in the two texts."""
    return [clean(one) for one in page.xpath(f"//article[@class='compared']//{mark}")]


# Which two texts are compared


def test_a_post_is_compared_before_and_after_its_last_amendment(client, ferry):
    page = changes(client, ferry)

    assert numbers(page) == (2, 3)
    assert (marked(page, "del"), marked(page, "ins")) == (["seven"], ["eight"])


def test_of_several_amendments_the_last_one_is_shown_first(client, ferry):
    amend(ferry, "<p>The ferry sailed at nine, almost half-empty.</p>")

    assert numbers(changes(client, ferry)) == (4, 5)


def test_without_an_amendment_the_last_correction_is_shown(client):
    post = make.post("Buoys", "<p>One.</p>")
    say(post, "<p>Two.</p>")
    say(post, "<p>Three.</p>")

    assert numbers(changes(client, post)) == (2, 3)


def test_any_two_texts_are_compared_the_older_one_first_in_whichever_order(client, ferry):
    for one, other in combinations((1, 2, 3, 4), 2):
        forth = changes(client, ferry, f"?from={one}&to={other}")
        back = changes(client, ferry, f"?from={other}&to={one}")

        assert numbers(forth) == numbers(back) == (one, other)
        assert marked(forth, "ins") == marked(back, "ins") != []


def test_the_first_and_last_texts_differ_by_all_that_was_changed(client, ferry):
    page = changes(client, ferry, "?from=1&to=4")

    (text,) = page.xpath("//article[@class='compared']//div[@class='text']")
    assert " ".join(marked(page, "ins")) == "eight, almost half-empty"
    for gone in text.xpath(".//del"):
        gone.drop_tree()
    assert clean(text) == "The ferry sailed at eight, almost half-empty."


def test_it_says_when_both_texts_began_to_stand(client, ferry):
    (section,) = changes(client, ferry, "?from=1&to=3").xpath("//section[@id='compared']")

    assert re.search(r"stood on 9 August 2017.* stood on 11 August 2017", words(section))


def test_a_changed_title_is_compared_too(client, ferry):
    amend(ferry, ferry.text, title="The later ferry")

    (title,) = changes(client, ferry).xpath("//article[@class='compared']/h3")

    assert clean(title) == "The late later ferry"
    assert [one.tag for one in title] == ["del", "ins"]


def test_two_texts_that_do_not_differ_are_said_not_to(client):
    post = make.post("Buoys", "<p>Red to port.</p>")
    say(post, "<p>Green to port.</p>")
    say(post, "<p>Red to port.</p>")

    page = changes(client, post, "?from=1&to=3")

    assert "The two do not differ." in words(page)
    assert marked(page, "del") == marked(page, "ins") == []


NONSENSE = [
    *("", "0", "-1", "5", "9999999", "9" * 5000, "abc", "1.5", "1e0", " 1", "٢", "²", "\x00"),
    *("'", "<script>", "🜁", "None"),
]


def test_what_names_no_text_is_passed_over(client, ferry):
    def compared(**asked):
        answer = client.get(ferry.get_changes_url(), {"from": asked["older"], "to": asked["newer"]})
        return answer.status_code, numbers(html.fromstring(answer.content))

    both = {odd: compared(older=odd, newer=odd) for odd in NONSENSE}
    one = {odd: compared(older="1", newer=odd) for odd in NONSENSE}

    assert both == dict.fromkeys(NONSENSE, (200, (2, 3)))
    assert one == dict.fromkeys(NONSENSE, (200, (1, 3)))


def test_a_text_is_never_compared_with_itself(client, ferry):
    for number in (1, 2, 3, 4):
        older, newer = numbers(changes(client, ferry, f"?from={number}&to={number}"))

        assert older < newer
        assert number in (older, newer)


def test_half_a_question_is_answered_with_two_texts(client, ferry):
    for query in ("?from=1", "?to=1", "?from=4", "?to=4", "?from=1&from=2"):
        older, newer = numbers(changes(client, ferry, query))

        assert older < newer


# How it is told


def test_what_was_removed_and_added_is_told_to_those_who_hear_the_page(client, ferry):
    page = changes(client, ferry)
    (removed,) = page.xpath("//article[@class='compared']//del")
    (added,) = page.xpath("//article[@class='compared']//ins")

    assert words(removed) == "removed: seven (end)"
    assert words(added) == "added: eight (end)"
    heard = [words(one) for mark in (removed, added) for one in mark.find_class("visually-hidden")]
    assert heard == ["removed:", "(end)", "added:", "(end)"]


def test_the_marks_are_explained_in_words(client, ferry):
    assert "taken out is struck through, what was put in is underlined" in words(
        changes(client, ferry)
    )


def test_markup_in_a_title_or_note_is_shown_as_it_was_written(client):
    post = make.post("<b>Fog</b> & bells", "<p>One.</p>")
    amend(post, "<p>Two.</p>", "<i>A</i> & B.", title="<b>Fog</b> & <u>bells</u>")

    page = changes(client, post)

    assert "Changes to <b>Fog</b> & <u>bells</u>" in words(page)
    assert "<i>A</i> & B." in words(page)
    assert page.xpath("//main//b | //main//i | //main//u") == []


def lists(page):
    """Return (open, folded): the numbers in the list that is seen and in the one that is folded."""
    folded = page.xpath("//details//ol[@class='versions']/li/@value")
    both = page.xpath("//section[@aria-labelledby='all']//ol[@class='versions']/li/@value")
    return [one for one in both if one not in folded], folded


def test_amendments_stand_open_and_small_corrections_are_folded_away(client, ferry):
    amend(ferry, "<p>The ferry sailed at nine.</p>", "The hour, again.")
    page = changes(client, ferry)

    (fold,) = page.xpath("//section[@aria-labelledby='all']//details")
    assert lists(page) == (["5", "3"], ["4", "2", "1"])
    assert "open" not in fold.attrib
    assert words(fold.find("summary")) == "Small corrections and the first text"


def test_an_amendment_is_listed_with_its_date_and_note(client, ferry):
    (entry,) = changes(client, ferry).xpath("//li[@value='3']")

    assert "Amendment, 11 August 2017" in clean(entry)
    assert "The hour was wrong." in clean(entry)
    assert entry.xpath(".//a/@href") == [f"{ferry.get_changes_url()}?from=2&to=3"]


def test_the_first_text_is_listed_without_anything_to_compare_it_with(client, ferry):
    (entry,) = changes(client, ferry).xpath("//li[@value='1']")

    assert clean(entry).startswith("First published, 9 August 2017")
    assert entry.xpath(".//a") == []


def test_the_page_says_when_the_post_was_first_published_and_last_amended(client, ferry):
    assert re.search(
        r"First published 9 August 2017[^·]* · last amended 11 August 2017",
        words(changes(client, ferry)),
    )


def test_the_page_leads_back_to_the_post(client, ferry):
    (link,) = changes(client, ferry).xpath("//h1/a")

    assert (words(link), link.get("href")) == (ferry.title, ferry.get_absolute_url())


# The form


def form_of(page):
    (form,) = page.xpath("//form[@class='compare']")
    return form


def test_a_form_asks_for_two_texts_by_get_and_needs_no_script(client, ferry):
    form = form_of(changes(client, ferry))

    assert form.method == "GET"
    assert set(form.fields) == {"from", "to"}
    assert form.xpath(".//button[not(@type) or @type='submit']")
    for field in form.xpath(".//select"):
        assert field.label is not None


def test_the_form_offers_every_text_and_shows_which_were_chosen(client, ferry):
    form = form_of(changes(client, ferry, "?from=4&to=1"))

    assert [field.value_options for field in form.xpath(".//select")] == [["1", "2", "3", "4"]] * 2
    assert dict(form.fields) == {"from": "1", "to": "4"}


def test_what_the_form_sends_is_what_is_compared(client, ferry):
    form = form_of(changes(client, ferry))
    form.fields["from"], form.fields["to"] = "1", "4"

    asked = dict(form.form_values())

    assert numbers(html.fromstring(client.get(ferry.get_changes_url(), asked).content)) == (1, 4)


def test_the_form_offers_no_text_that_is_withheld(client, ferry):
    amend(ferry, "<p>The ferry sailed.</p>", "A name.", withheld=True)
    say(ferry, "<p>The ferry sailed, late.</p>")
    say(ferry, "<p>The ferry sailed, very late.</p>")

    form = form_of(changes(client, ferry))

    assert [field.value_options for field in form.xpath(".//select")] == [["5", "6", "7"]] * 2


def test_there_is_no_form_where_one_text_alone_may_be_seen(client, ferry):
    amend(ferry, "<p>The ferry sailed.</p>", "A name.", withheld=True)

    assert changes(client, ferry).xpath("//form[@class='compare']") == []


# What is not compared


def link_to_changes(client, post):
    return page_at(client, post.get_absolute_url()).xpath("//a[.='Changes to this post']/@href")


def test_a_post_that_was_never_changed_says_so(client):
    post = make.post()

    page = changes(client, post, "?from=1&to=2")

    assert "nothing has been changed" in words(page)
    assert page.xpath("//main//form | //main//details | //*[@id='compared']") == []


def test_only_a_post_that_was_changed_leads_to_its_changes(client, ferry):
    assert link_to_changes(client, make.post()) == []
    assert link_to_changes(client, ferry) == [ferry.get_changes_url()]


def test_a_small_correction_alone_is_reason_enough_for_the_way_to_the_changes(client):
    post = make.post()
    say(post, "<p>Spelt rightly.</p>")

    assert link_to_changes(client, post) == [post.get_changes_url()]


@pytest.mark.parametrize("sort", [Sort.IMPORT, Sort.TRIM])
def test_a_clean_up_is_no_change_to_readers(client, sort):
    post = make.post("Buoys", "<p>Red buoys.</p><p>Left behind by the import.</p>")
    say(post, "<p>Red buoys.</p>", sort)

    page = changes(client, post, "?from=1&to=2")

    assert link_to_changes(client, post) == []
    assert "nothing has been changed" in words(page)
    assert "Left behind" not in words(page)


@pytest.mark.parametrize("sort", [Sort.IMPORT, Sort.TRIM])
def test_what_a_clean_up_took_out_is_in_no_comparison(client, sort):
    post = make.post("Buoys", "<p>Red buoys.</p><p>Left behind.</p>")
    say(post, "<p>Red buoys.</p>", sort)
    amend(post, "<p>Green buoys.</p>")
    say(post, "<p>Green buoys. </p><p>They ring.</p>")
    say(post, "<p>Green buoys.</p><p>They ring in fog.</p>", sort)

    asked = list(product(range(1, 6), repeat=2))
    pages = {pair: changes(client, post, "?from={}&to={}".format(*pair)) for pair in asked}

    assert {pair for pair, page in pages.items() if "Left behind" in words(page)} == set()
    assert {number for page in pages.values() for number in numbers(page)} == {1, 3, 4}
    assert lists(pages[1, 3]) == (["3"], ["4", "1"])
    assert form_of(pages[1, 3]).xpath("./select[1]")[0].value_options == ["1", "3", "4"]
    assert (marked(pages[1, 3], "del"), marked(pages[1, 3], "ins")) == (["Red"], ["Green"])
    assert marked(pages[3, 4], "ins") == ["They ring in fog."]


def test_the_number_of_a_clean_up_leads_to_the_text_that_it_tidied(client):
    post = make.post("Buoys", "<p>Red buoys. Left behind.</p>")
    say(post, "<p>Red buoys.</p>", Sort.IMPORT)
    amend(post, "<p>Green buoys.</p>")

    links = page_at(client, post.get_absolute_url()).xpath("//ul[@class='amendments']//a/@href")
    link = links[0]
    page = page_at(client, link)

    assert link.endswith("?from=2&to=3")
    assert numbers(page) == (1, 3)
    assert (marked(page, "del"), marked(page, "ins")) == (["Red"], ["Green"])


# Words that are withheld


@pytest.mark.parametrize(
    "sorts, shown",
    [
        (["withholding"], {2}),
        (["small", "withholding", "small", "amendment"], {3, 4, 5}),
        (["amendment", "withholding", "withholding", "small"], {4, 5}),
        (["import", "withholding", "trim", "small"], {4, 5}),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_withheld_words_are_not_shown_whatever_is_asked(client, sorts, shown):
    post = make.post("Title1", "<p>Text1.</p>", slug="a-named-ship")
    for number, sort in enumerate(sorts, start=2):
        how = {"sort": sort, "title": f"Title{number}"}
        if sort in ("amendment", "withholding"):
            how |= {"sort": "amendment", "note": "A slip.", "withheld": sort == "withholding"}
        say(post, f"<p>Text{number}.</p>", **how)
    asked = ["", *range(1, len(sorts) + 3)]

    answers = [
        client.get(post.get_changes_url(), {"from": older, "to": newer})
        for older, newer in product(asked, repeat=2)
    ]

    assert {answer.status_code for answer in answers} == {200}
    found = re.findall(r"T(?:itle|ext)(\d)", " ".join(one.content.decode() for one in answers))
    assert set(map(int, found)) == shown


def test_a_comparison_with_withheld_words_says_why_there_is_none(client, ferry):
    amend(ferry, "<p>The ferry sailed.</p>", "A name was wrong.", withheld=True, days=30)
    say(ferry, "<p>The ferry sailed late.</p>", days=31)

    page = changes(client, ferry, "?from=2&to=6")

    (section,) = page.xpath("//section[@id='compared']")
    assert "On 8 September 2017" in words(section)
    assert "is not shown any more" in words(section)
    assert "A name was wrong." in words(section)
    assert page.xpath("//article[@class='compared']") == []


def test_texts_after_a_withholding_amendment_are_compared_as_ever(client, ferry):
    amend(ferry, "<p>The ferry sailed.</p>", "A name.", withheld=True)
    say(ferry, "<p>The ferry sailed late.</p>")

    page = changes(client, ferry, "?from=5&to=6")

    assert marked(page, "ins") == ["late"]


def test_a_withheld_text_is_listed_with_its_date_and_leads_nowhere(client, ferry):
    amend(ferry, "<p>The ferry sailed.</p>", "A name.", withheld=True)

    page = changes(client, ferry)

    for number in (1, 2, 3, 4):
        (entry,) = page.xpath(f"//li[@value='{number}']")
        assert "This text is not shown any more." in words(entry)
        assert entry.xpath(".//a") == []
        assert entry.xpath(".//time")
    (withholding,) = page.xpath("//li[@value='5']")
    assert GONE in words(withholding)
    assert withholding.xpath(".//a") == []


def where_amendments_are_told(client, post):
    """Return {where: the HTML of what is said there of the post's amendments}."""
    told = page_at(client, post.get_absolute_url()).find_class("amendments")
    (feed,) = feed_at(client, "/feed/").iter(f"{ATOM}content")
    (log_feed,) = feed_at(client, "/feed/amendments/").iter(f"{ATOM}content")
    return {
        "post": "".join(html.tostring(one, encoding="unicode") for one in told),
        "/feed/": feed.text,
        "/amendments/": client.get("/amendments/").content.decode(),
        "/feed/amendments/": log_feed.text,
    }


def feed_at(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return etree.fromstring(response.content)


def test_a_withholding_amendment_says_everywhere_that_words_were_taken_out(client):
    post = make.post("Buoys", "<p>Otto’s buoys.</p>")
    amend(post, "<p>Buoys.</p>", "A name.", withheld=True)

    told = where_amendments_are_told(client, post)

    assert {where for where, said in told.items() if GONE not in said} == set()
    assert {where for where, said in told.items() if "A name." not in said} == set()
    assert {where for where, said in told.items() if "changes/?" in said} == set()
    assert {where for where, said in told.items() if "Otto" in said} == set()


def test_an_amendment_that_withholds_nothing_says_nothing_of_that(client):
    post = make.post("Buoys", "<p>Red buoys.</p>")
    amend(post, "<p>Green buoys.</p>", "The colour.")

    told = where_amendments_are_told(client, post)

    assert {where for where, said in told.items() if GONE in said} == set()
    assert {where for where, said in told.items() if "changes/?from=1&amp;to=2" in said} == set(
        told
    )


# On the post


def test_an_amended_post_says_so_under_its_title_and_leads_to_what_was_changed(client, ferry):
    page = page_at(client, ferry.get_absolute_url())

    (note,) = page.xpath("//article[@class='post']/header[h1]/ul[@class='amendments']/li")
    link, entry = note.xpath(".//a")
    assert clean(note).startswith("Amended on 11 August 2017")
    assert "The hour was wrong." in clean(note)
    assert clean(link) == "Compare"
    assert link.get("href") == f"{ferry.get_changes_url()}?from=2&to=3"
    assert numbers(page_at(client, link.get("href"))) == (2, 3)
    assert entry.get("href") == "/amendments/1/"


def test_of_many_amendments_the_newest_stands_open_and_the_older_ones_are_folded(client, ferry):
    amend(ferry, "<p>Two.</p>", "The day, too.")
    assert page_at(client, ferry.get_absolute_url()).xpath("//header//details") == []
    amend(ferry, "<p>Three.</p>", "And the year.")

    (told,) = page_at(client, ferry.get_absolute_url()).find_class("amendments")

    (fold,) = told.xpath("./li/details")
    assert words(fold.find("summary")) == "2 earlier amendments"
    notes = [words(one) for one in told.xpath(".//li[not(details)]")]
    said = ["And the year.", "The day, too.", "The hour was wrong."]
    assert [note in line for note, line in zip(said, notes, strict=True)] == [True] * 3
    assert [one in words(fold) for one in said] == [False, True, True]


def test_an_amendment_that_was_asked_for_privately_has_its_entry_and_nobody_is_named(client, ferry):
    right = make.right(ferry)
    right.ask("It was ten.", public=False).grant(amend(ferry, "<p>It left at ten.</p>", "Ten."))

    note = page_at(client, ferry.get_absolute_url()).find_class("amendments")[0].find("li")

    assert note.xpath(".//a/@href")[-1] == "/amendments/2/"
    assert "asked for" not in words(note)


@pytest.mark.parametrize("where", ["//*[@value='5']", "//*[@id='compared']"])
def test_from_the_comparison_of_what_was_asked_for_a_link_leads_back_to_the_request(
    client, ferry, where
):
    request = make.right(ferry).ask("It was ten.", public=True)
    request.grant(amend(ferry, "<p>It left at ten.</p>", "Ten."))

    page = changes(client, ferry, "?from=4&to=5")

    (back,) = page.xpath(f"{where}//a[contains(., 'asked for by Maud Tarrant on')]")
    assert back.get("href") == f"{ferry.get_absolute_url()}#request-{request.pk}"


def test_the_comparison_says_nothing_of_a_private_request(client, ferry):
    request = make.right(ferry).ask("It was ten.", public=False)
    request.grant(amend(ferry, "<p>It left at ten.</p>", "Ten."))

    assert "asked for" not in words(changes(client, ferry))


def test_a_post_with_small_corrections_alone_says_nothing_under_its_title(client):
    post = make.post()
    say(post, "<p>Spelt rightly.</p>")

    assert page_at(client, post.get_absolute_url()).find_class("amendments") == []


def test_a_reprint_leads_to_the_changes_of_its_source(client, ferry):
    newer = make.post()
    make.reprint(newer, ferry)

    (reprint,) = page_at(client, newer.get_absolute_url()).find_class("reprint")

    links = reprint.xpath(".//ul[@class='amendments']//a/@href")
    assert links == [f"{ferry.get_changes_url()}?from=2&to=3", "/amendments/1/"]


# Pages, and where there is nothing to see


def test_a_page_is_compared_as_a_post_is(client):
    about = make.post("Who writes here", "<p>A pilot.</p>", kind="page")
    amend(about, "<p>A pilot, retired.</p>")

    page = page_at(client, "/pages/who-writes-here/changes/")

    assert numbers(page) == (1, 2)
    assert marked(page, "ins") == [", retired"]
    assert link_to_changes(client, about) == ["/pages/who-writes-here/changes/"]


@pytest.mark.parametrize("kind", ["post", "page"])
def test_the_changes_of_what_is_not_public_are_a_404(client, kind):
    draft = make.post("Unfinished", published=None, kind=kind)
    withdrawn = make.post("Withdrawn", "<p>One.</p>", kind=kind)
    amend(withdrawn, "<p>Two.</p>")
    withdrawn.unpublish()

    for post in (draft, withdrawn):
        assert client.get(post.get_changes_url() + "?from=1&to=2").status_code == 404


def test_a_scheduled_post_shows_no_changes(client):
    post = make.post(scheduled=FIRST + timedelta(days=365_00))

    assert client.get(post.get_changes_url()).status_code == 404


@pytest.mark.parametrize(
    "path", ["/2017/08/no-such-post/changes/", "/pages/no-such-page/changes/", "/changes/"]
)
def test_the_changes_of_nothing_are_a_404(client, ferry, path):
    assert client.get(path).status_code == 404


def test_a_page_is_no_post_and_a_post_is_no_page_among_changes_either(client, ferry):
    make.post("Who writes here", kind="page")

    assert client.get("/2017/08/who-writes-here/changes/").status_code == 404
    assert client.get(f"/pages/{ferry.slug}/changes/").status_code == 404


def leads_to(client, path):
    response = client.get(path)
    return response.status_code, response.get("Location")


def test_a_wrong_date_leads_to_the_changes_for_good(client, ferry):
    for date in ("2017/09", "2016/08", "0000/01", "9999/12"):
        path = f"/{date}/{ferry.slug}/changes/"

        assert leads_to(client, path) == (301, ferry.get_changes_url())


def test_the_changes_of_a_moved_post_are_found_from_its_former_address(client, ferry):
    former = ferry.get_changes_url()
    ferry.slug = "the-later-ferry"
    ferry.save()

    assert leads_to(client, former) == (301, "/2017/08/the-later-ferry/changes/")


def test_the_changes_of_an_imported_post_are_found_from_its_old_address(client, ferry):
    OldAddress.objects.create(path="/2012/03/ferry/", post=ferry)

    assert leads_to(client, "/2012/03/ferry/changes/") == (301, ferry.get_changes_url())


def test_the_changes_of_a_post_with_letters_beyond_ascii_open(client):
    post = make.post("Føhn über dem Großen Belt")

    assert client.get(post.get_changes_url()).status_code == 200


@pytest.mark.parametrize("query", ["", "?from=1&to=4"])
def test_search_engines_are_led_from_the_changes_to_the_post(client, ferry, query):
    page = changes(client, ferry, query)

    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    canonical = page.xpath("//link[@rel='canonical']/@href")
    assert canonical == [f"http://testserver{ferry.get_absolute_url()}"]


# The public log


@pytest.fixture
def logged():
    """A post with an amendment (1), a declined request (2), an amendment asked for (3 and 4)."""
    post = make.post("The late ferry", "<p>It sailed at seven.</p>", published=FIRST)
    right = make.right(post)
    first = amend(post, "<p>It sailed at eight.</p>", "The hour was wrong.", days=1)
    declined = right.ask("It was never late.", words="late", wanted="punctual", public=True)
    declined.decline("The harbour’s log says it was.", at=FIRST + timedelta(days=2))
    granted = right.ask("It sailed at nine.", public=True)
    second = amend(post, "<p>It sailed at nine.</p>", "The hour, again.", days=3)
    granted.grant(second, at=FIRST + timedelta(days=4))
    return SimpleNamespace(
        post=post, right=right, first=first, second=second, declined=declined, granted=granted
    )


def log(client, query=""):
    """Return {number: element} of the entries on a page of the log, in order."""
    page = page_at(client, f"/amendments/{query}")
    entries = page.xpath("//ol[@class='log']/li")
    return {int(entry.get("id").removeprefix("a")): entry for entry in entries}


def text(element, name):
    return element.findtext(ATOM + name)


def feed(client):
    """Return the entries of the feed of amendments."""
    return feed_at(client, "/feed/amendments/").findall(f"{ATOM}entry")


def feed_titles(client):
    return [text(entry, "title") for entry in feed(client)]


def only_a_number(entry, number):
    """Say whether an entry holds nothing but its number, its moment and that it is gone."""
    said = rf"Entry {number} A (post|request) that is no longer public \d+ \w+ \d{{4}} at \d\d:\d\d"
    links = entry.xpath(".//a/@href")
    return bool(re.fullmatch(said, words(entry))) and links == [f"/amendments/{number}/"]


def test_a_log_without_entries_says_so(client):
    make.post()
    page = page_at(client, "/amendments/")

    assert "There has been none yet." in words(page)
    assert page.xpath("//ol[@class='log']") == []
    assert feed(client) == []


def test_every_page_leads_to_the_log_and_the_log_to_its_feed(client):
    assert page_at(client, "/").xpath("//footer//a[@href='/amendments/']")
    feeds = page_at(client, "/amendments/").xpath("//link[@type='application/atom+xml']/@href")
    assert "/feed/amendments/" in feeds


def test_the_log_has_amendments_and_decisions_newest_first(client, logged):
    titles = {number: words(entry.find(".//h2")) for number, entry in log(client).items()}

    assert titles == {
        4: "Entry 4 Maud Tarrant asked for The late ferry to be amended",
        3: "Entry 3 The late ferry was amended",
        2: "Entry 2 Maud Tarrant asked for The late ferry to be amended",
        1: "Entry 1 The late ferry was amended",
    }
    assert list(titles) == [4, 3, 2, 1]


def test_an_amendment_in_the_log_has_its_date_its_note_and_the_way_to_what_was_changed(
    client, logged
):
    entry = log(client)[1]

    assert "10 August 2017" in words(entry)
    assert "The hour was wrong." in words(entry)
    assert entry.xpath(".//h2/a/@href") == ["/amendments/1/", logged.post.get_absolute_url()]
    (compare,) = entry.xpath(".//a[@rel='nofollow']/@href")
    assert compare == f"{logged.post.get_changes_url()}?from=1&to=2"


def test_a_decision_in_the_log_has_what_was_asked_and_the_reasons(client, logged):
    entry = words(log(client)[2])

    asked = ["late", "It was never late.", "Asked for instead:", "punctual"]
    places = [entry.find(said) for said in [*asked, "Declined by the author", "log says it was."]]
    assert -1 not in places
    assert places[1:] == sorted(places[1:])


def test_an_amendment_and_the_request_it_met_lead_to_each_other(client, logged):
    entries = log(client)

    (there,) = entries[3].xpath(".//a[contains(., 'asked for by')]")
    (back,) = entries[4].xpath(".//a[contains(., 'What was changed')]")
    assert (words(there), there.get("href")) == (
        "asked for by Maud Tarrant: entry 4",
        "/amendments/4/",
    )
    assert (words(back), back.get("href")) == ("What was changed: entry 3", "/amendments/3/")
    for number in (1, 2):
        assert "asked for by" not in words(entries[number])
        assert "What was changed" not in words(entries[number])


def test_of_what_was_made_on_request_each_entry_says_its_own_part(client):
    post = make.post("The late ferry", "<p>It sailed at seven.</p>")
    request = make.right(post).ask("It sailed at nine.", public=True)
    request.make(post.title, "<p>At nine.</p>", "The hour.", reasons="The hour.")

    amendment, asked = (log(client)[number] for number in (1, 2))

    assert words(amendment).count("The hour.") == 1
    assert "The hour." not in words(asked)
    assert "It sailed at nine." in words(asked)
    assert amendment.xpath(".//a[contains(@href, 'changes')]")
    assert not asked.xpath(".//a[contains(@href, 'changes')]")


def test_an_amendment_that_met_two_requests_leads_to_both(client, logged):
    other = make.right(logged.post, make.subject("Otto Brandt"))
    other.ask("Nine it was.", public=True).grant(logged.second)

    links = log(client)[3].xpath(".//a[contains(., 'asked for by')]/@href")

    assert links == ["/amendments/4/", "/amendments/5/"]


def test_a_request_that_waits_is_not_in_the_log(client, logged):
    logged.right.ask("This one waits.", public=True)

    assert list(log(client)) == [4, 3, 2, 1]
    assert b"This one waits." not in client.get("/amendments/").content
    assert b"This one waits." not in client.get("/feed/amendments/").content


def test_a_request_that_is_not_public_is_not_in_the_log(client, logged):
    made = amend(logged.post, "<p>It sailed at ten.</p>", "The hour, at last.")
    logged.right.ask("Privately, no.", public=False).decline("Privately, yes.")
    logged.right.ask("Privately, ten.", public=False).grant(made)

    said = client.get("/amendments/").content + client.get("/feed/amendments/").content

    assert b"Privately" not in said
    assert list(log(client)) == [5, 4, 3, 2, 1]
    assert "as asked for" not in words(log(client)[5])


def test_of_an_unpublished_post_the_log_keeps_its_numbers_alone(client, logged):
    other = make.post("Fog bells", "<p>One.</p>")
    amend(other, "<p>Two.</p>", "They ring.")
    logged.post.unpublish()

    entries = log(client)

    assert list(entries) == [5, 4, 3, 2, 1]
    assert {number for number in (1, 2, 3, 4) if not only_a_number(entries[number], number)} == (
        set()
    )
    assert "A post that is no longer public" in words(entries[2])
    assert "They ring." in words(entries[5])


def test_an_unpublished_post_is_not_in_the_feed_of_amendments(client, logged):
    logged.post.unpublish()

    assert feed(client) == []


def test_a_post_that_is_published_again_is_in_the_log_as_before(client, logged):
    before = {number: words(entry) for number, entry in log(client).items()}
    logged.post.unpublish()
    logged.post.publish()

    assert {number: words(entry) for number, entry in log(client).items()} == before


def test_of_a_deleted_post_the_log_keeps_its_number_alone(client):
    post = make.post("Fog bells", "<p>One.</p>")
    amend(post, "<p>Two.</p>", "They ring.")
    post.delete()

    assert only_a_number(log(client)[1], 1)
    assert feed(client) == []
    assert leads_to(client, "/amendments/1/") == (302, "/amendments/#a1")


def test_of_a_request_that_is_no_longer_public_the_log_keeps_its_number_alone(client, logged):
    for request in (logged.declined, logged.granted):
        request.public = False
        request.save()

    entries = log(client)

    assert list(entries) == [4, 3, 2, 1]
    assert only_a_number(entries[2], 2)
    assert only_a_number(entries[4], 4)
    assert "A request that is no longer public" in words(entries[4])
    assert "as asked for" not in words(entries[3])
    assert [title[:2] for title in feed_titles(client)] == ["3:", "1:"]


def test_numbers_have_no_gap_whatever_was_private_unpublished_or_deleted(client):
    for n in range(4):
        post = make.post(text=f"<p>{n}.</p>")
        right = make.right(post) if n % 2 else None
        amend(post, f"<p>{n}, amended.</p>")
        say(post, f"<p>{n}, corrected.</p>")
        if right:
            right.ask("Privately.", public=False).decline("No.")
            right.ask("Publicly.", public=True).decline("No.")
            post.unpublish()
        else:
            Post.objects.get(pk=post.pk).delete()

    assert list(log(client)) == [6, 5, 4, 3, 2, 1]


def test_an_amendment_to_an_unpublished_post_is_in_the_log_once_it_is_public_again(client):
    post = make.post("Fog bells", "<p>One.</p>")
    post.unpublish()
    post.revise(post.title, "<p>Two.</p>")
    post.publish(sort=Sort.AMENDMENT, note="Rewritten.")

    assert "Rewritten." in words(log(client)[1])


def many(number):
    """Let there be `number` entries in the log, of posts that were deleted."""
    LogEntry.objects.bulk_create(LogEntry(number=n, at=FIRST) for n in range(1, number + 1))


@pytest.mark.parametrize(
    "total, places",
    [
        (50, {50: "/amendments/#a50", 1: "/amendments/#a1"}),
        (51, {51: "/amendments/#a51", 2: "/amendments/#a2", 1: "/amendments/?page=2#a1"}),
        (101, {52: "/amendments/#a52", 51: "/amendments/?page=2#a51", 1: "/amendments/?page=3#a1"}),
    ],
    ids=[50, 51, 101],
)
def test_an_entrys_own_address_leads_to_its_place_in_the_log(client, total, places):
    many(total)

    for number, place in places.items():
        assert leads_to(client, f"/amendments/{number}/") == (302, place)
        assert page_at(client, place.partition("#")[0]).xpath(f"//li[@id='a{number}']")


def test_a_number_that_was_not_given_is_a_404(client):
    many(2)
    numbers = ("0", "3", "-1", "1.5", "x", str(10**30), "9" * 5000)

    answers = {number: client.get(f"/amendments/{number}/").status_code for number in numbers}

    assert answers == dict.fromkeys(numbers, 404)


def test_the_log_goes_on_after_fifty_entries(client):
    many(101)

    pages = [list(log(client, query)) for query in ("", "?page=2", "?page=3")]

    assert pages == [list(range(101, 51, -1)), list(range(51, 1, -1)), [1]]
    second = page_at(client, "/amendments/?page=2")
    assert second.xpath("//nav[@class='pages']/a/@href") == ["?page=1", "?page=3"]


def test_fifty_entries_stand_on_one_page(client):
    many(50)

    assert len(log(client)) == 50
    assert page_at(client, "/amendments/").xpath("//nav[@class='pages']") == []


def test_the_log_answers_whatever_page_is_asked_for(client):
    many(51)

    answers = {odd: client.get("/amendments/", {"page": odd}).status_code for odd in NONSENSE}

    assert answers == dict.fromkeys(NONSENSE, 200)


# The feed of the log


def test_the_feed_of_amendments_names_itself_and_the_log(client, logged):
    make.blog()
    root = feed_at(client, "/feed/amendments/")

    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert text(root, "title") == "The Tide Table: amendments"
    assert links == {
        "self": "http://testserver/feed/amendments/",
        "alternate": "http://testserver/amendments/",
    }


def test_an_entry_of_the_feed_says_what_happened_to_which_post(client, logged):
    assert feed_titles(client) == [
        "4: a request about “The late ferry” decided",
        "3: “The late ferry” amended",
        "2: a request about “The late ferry” decided",
        "1: “The late ferry” amended",
    ]


def test_an_entry_of_the_feed_leads_to_its_permanent_address(client, logged):
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed(client)]

    assert links == [f"http://testserver/amendments/{number}/" for number in (4, 3, 2, 1)]
    assert client.get(links[3]).status_code == 302


def test_an_entry_of_the_feed_holds_what_the_log_says(client, logged):
    contents = [html.fromstring(text(entry, "content")) for entry in feed(client)]

    assert "The hour was wrong." in words(contents[3])
    assert "It was never late." in words(contents[2])
    assert "The harbour’s log says it was." in words(contents[2])


def test_the_links_in_an_entry_of_the_feed_are_whole_addresses(client, settings, logged):
    settings.SITE_URL = "https://tides.example"

    links = {
        text(entry, "title")[0]: html.fromstring(text(entry, "content")).xpath("//a/@href")
        for entry in feed(client)
    }

    changes = f"https://tides.example{logged.post.get_changes_url()}"
    log = "https://tides.example/amendments/"

    def request(asked):
        return f"https://tides.example{logged.post.get_absolute_url()}#request-{asked.pk}"

    assert links == {
        "4": [f"{log}3/", request(logged.granted)],
        "3": [f"{changes}?from=2&to=3", f"{log}4/"],
        "2": [request(logged.declined)],
        "1": [f"{changes}?from=1&to=2"],
    }


def test_an_entry_of_the_feed_is_as_old_as_what_it_tells_of(client, logged):
    moments = [datetime.fromisoformat(text(entry, "updated")) for entry in feed(client)]
    root = feed_at(client, "/feed/amendments/")

    assert moments == [FIRST + timedelta(days=days) for days in (4, 3, 2, 1)]
    assert datetime.fromisoformat(text(root, "updated")) == moments[0]


def test_an_entrys_id_stays_whatever_becomes_of_its_post(client, logged):
    before = [text(entry, "id") for entry in feed(client)]
    logged.post.title, logged.post.slug = "The later ferry", "the-later-ferry"
    logged.post.save()
    logged.post.unpublish()
    logged.post.publish()

    after = [text(entry, "id") for entry in feed(client)]

    assert after == before
    assert before[3] == "tag:testserver,2017-08-10:amendment-1"
    assert len(set(before)) == 4


def test_the_feed_has_the_newest_twenty_entries(client):
    post = make.post("Fog bells", "<p>0.</p>")
    for n in range(1, 23):
        amend(post, f"<p>{n}.</p>")

    said = [int(title.partition(":")[0]) for title in feed_titles(client)]

    assert said == list(range(22, 2, -1))


def test_markup_in_a_note_stays_words_in_the_feed(client):
    post = make.post("A <b>bell</b> & a buoy", "<p>One.</p>")
    amend(post, "<p>Two.</p>", "<script>alert(1)</script> & more")

    (entry,) = feed(client)

    content = html.fromstring(text(entry, "content"))
    assert text(entry, "title") == "1: “A <b>bell</b> & a buoy” amended"
    assert "<script>alert(1)</script> & more" in words(content)
    assert content.xpath("//script") == []


# From a decision to the log


@pytest.mark.parametrize("where", ["post", "reprint", "/feed/"])
def test_a_decision_leads_to_its_entry_wherever_it_stands(client, logged, where):
    newer = make.post("Two from the drawer")
    make.reprint(newer, logged.post)
    if where == "/feed/":
        roots = [
            html.fromstring(entry.findtext(f"{ATOM}content"))
            for entry in feed_at(client, "/feed/").iter(f"{ATOM}entry")
        ]
        base = "http://testserver"
    else:
        roots = [page_at(client, (newer if where == "reprint" else logged.post).get_absolute_url())]
        base = ""

    for root in roots:
        links = root.xpath("//p[@class='decision']/a[contains(., 'Entry')]")
        assert [one.get("href") for one in links] == [f"{base}/amendments/{n}/" for n in (2, 4)]
        assert words(links[0]) == "Entry 2 in the list of amendments"


def test_a_request_that_waits_leads_to_no_entry(client, logged):
    right = make.right(make.post("Fog bells"))
    reply = right.receive("They do not ring.")
    reply.publish()
    right.ask("They never rang.", public=True)

    page = page_at(client, right.post.get_absolute_url())

    (decision,) = page.find_class("decision")
    assert "Awaiting a decision" in words(decision)
    assert decision.xpath("./a") == []
