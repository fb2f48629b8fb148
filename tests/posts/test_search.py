"""Search: what is asked for comes first, nothing typed is an error, nothing hidden is found."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils.safestring import SafeString
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.models import Comment
from posts import search
from posts.models import Post, SearchDocument
from tests import make

pytestmark = pytest.mark.django_db
THEN = datetime(2017, 8, 9, 10, 0, tzinfo=UTC)


@pytest.fixture
def shelf():
    """Six posts and two comments, all public; {what they are called here: (kind, id)}."""
    days = (THEN + timedelta(days=n) for n in range(6))
    texts = {
        "bell": ("The bell buoy", "<p>It rang all night.</p>"),
        "fog": (
            "A week of fog",
            "<p>The bell buoy was heard, and the lighthouse was not seen.</p>",
        ),
        "keeper": (
            "The keeper",
            "<p>She kept the lighthouse for thirty years; then it closed.</p>",
        ),
        "cafe": ("Café on the quay", "<p>Coffee for pilots, naïve prices.</p>"),
        "tides": ("Tides", "<p>Tables for 2017 and a running commentary.</p>"),
        "ropes": ("Ropes &amp; knots", "<p>Splicing, whipping and a clove hitch.</p>"),
    }
    posts = {
        name: make.post(title, text, published=next(days)) for name, (title, text) in texts.items()
    }
    found = {name: ("post", post.pk) for name, post in posts.items()}
    otto = make.comment(posts["fog"], "My uncle anchored there.", "Otto Brandt", at=THEN)
    plain = make.comment(posts["tides"], "The lighthouse again.", at=THEN)
    return {**found, "otto": ("comment", otto.pk), "again": ("comment", plain.pk)}


def names(shelf, query, **how):
    """Return what is found, in order, by the names of the shelf."""
    called = {thing: name for name, thing in shelf.items()}
    return [called[hit.kind, hit.row] for hit in search.find(query, **how)[0]]


@pytest.mark.parametrize(
    "query, first",
    [
        ("bell", "bell"),  # in the title before the text
        ("bell buoy", "bell"),
        ("LIGHTHOUSE keeper", "keeper"),
        ("lighthouses kept", "keeper"),  # other forms of a word
        ("fog -keeper", "fog"),
        ("lighthouse -keeper -again", "fog"),
        ('"bell buoy was heard"', "fog"),
        ('"the keeper"', "keeper"),
        ("brandt", "otto"),  # who wrote it
        ("uncle", "otto"),
        ("café", "cafe"),
        ("CAFE", "cafe"),
        ("knots", "ropes"),
        ("2017", "tides"),
        ("  splicing,  ", "ropes"),
        ("splicing AND (hitch)", "ropes"),
        ('"splicing', "ropes"),
        ("splicing*", "ropes"),
    ],
)
def test_what_is_asked_for_comes_first(shelf, query, first):
    if "AND" in query:  # a word like any other, and in none of these texts but "and"
        query = query.replace("AND", "and")

    assert names(shelf, query)[:1] == [first]


@pytest.mark.parametrize(
    "query, every",
    [
        ("lighthouse", {"fog", "keeper", "again"}),
        ("lighthouse -keeper", {"fog", "again"}),
        ('lighthouse -"thirty years"', {"fog", "again"}),
        ("buoy heard", {"fog"}),
        ("heard buoy", {"fog"}),
        ('"heard buoy"', set()),
        ("lighthouse hitch", set()),
        ("nowhere", set()),
        ("-lighthouse", set()),
        ("", set()),
        ("   ", set()),
        ('"" - * ()', set()),
    ],
)
def test_all_that_is_asked_for_is_found_and_nothing_else(shelf, query, every):
    hits, total = search.find(query)

    assert set(names(shelf, query)) == every
    assert total == len(hits) == len(every)


def test_the_last_word_may_be_unfinished_for_a_picker(shelf):
    assert names(shelf, "the bel", prefix=True)[:1] == ["bell"]
    assert names(shelf, "clove hit", prefix=True) == ["ropes"]


def test_a_picker_can_ask_for_posts_alone(shelf):
    assert set(names(shelf, "lighthouse", kinds=("post",))) == {"fog", "keeper"}


def test_newest_first_if_asked(shelf):
    assert names(shelf, "lighthouse", kinds=("post",), newest=True) == ["keeper", "fog"]


def test_hits_come_in_pages_that_neither_overlap_nor_leave_out():
    posts = [make.post(f"Fog {n}", published=THEN) for n in range(7)]

    pages = [search.find("fog", start=start, most=3) for start in (0, 3, 6)]

    rows = [[hit.row for hit in hits] for hits, _ in pages]
    assert [len(page) for page in rows] == [3, 3, 1]
    assert {row for page in rows for row in page} == {post.pk for post in posts}
    assert {total for _, total in pages} == {7}


def test_a_hit_says_what_it_is(shelf):
    (hit,), _ = search.find("uncle")

    assert (hit.kind, hit.name, hit.number, hit.at) == ("comment", "Otto Brandt", 1, THEN)


def test_a_snippet_marks_what_was_found_and_lets_no_html_through():
    make.post(text="<p>The lighthouse &amp; 1 &lt; 2 words</p>")

    (hit,), _ = search.find("lighthouse")

    assert isinstance(hit.snippet, SafeString)
    assert hit.snippet.removeprefix("The ") == "<mark>lighthouse</mark> &amp; 1 &lt; 2 words"


@pytest.mark.parametrize("query", ["naive", "naïve", "NAÏVE", "nai\u0308ve"])
def test_accents_need_not_be_typed(shelf, query):
    (hit,), _ = search.find(query)

    assert "naïve" in hit.snippet.replace("<mark>", "").replace("</mark>", "")


def test_marks_cannot_be_forged_with_control_characters():
    make.comment(make.post(), "a \x02lighthouse\x03 \x02")

    (hit,), _ = search.find("lighthouse")

    assert hit.snippet.count("<mark>") == hit.snippet.count("</mark>") == 1


# What readers never find


def test_readers_find_nothing_that_is_not_public():
    post = make.post("Fog")
    make.post("Fog", published=None)
    make.post("Fog", scheduled=THEN)
    make.post("Fog").unpublish()
    for state in ("held", "removed", "spam"):
        make.comment(post, "Fog again.", state=state)
    draft = make.post("Mist")
    make.comment(draft, "Fog again.")
    draft.unpublish()

    hits, total = search.find("fog")

    assert ([(hit.kind, hit.row) for hit in hits], total) == ([("post", post.pk)], 1)


def test_the_desk_finds_everything():
    post = make.post("Fog")
    make.post("Fog", published=None)
    for state in ("published", "held", "removed", "spam"):
        make.comment(post, "Fog again.", state=state)

    assert search.find("fog", everything=True)[1] == 6


def test_words_that_were_changed_are_not_found_any_more():
    post = make.post("Fog", "<p>The lighthouse.</p>")
    post.revise("Fog", "<p>The harbour.</p>", "amendment", note="A name.", withheld=True)

    assert (search.find("lighthouse")[1], search.find("harbour")[1]) == (0, 1)


def test_what_was_deleted_is_not_found_any_more():
    post = make.post("Fog")
    make.comment(post, "Fog again.")

    post.delete()

    assert search.find("fog", everything=True) == ([], 0)
    assert not SearchDocument.objects.exists()


def test_a_comment_that_was_deleted_is_not_found_any_more():
    make.comment(make.post(), "The lighthouse.").delete()

    assert search.find("lighthouse", everything=True) == ([], 0)


def test_comments_deleted_together_are_not_found_any_more():
    post = make.post()
    make.comment(post, "The lighthouse.")

    post.comments.all().delete()

    assert search.find("lighthouse", everything=True) == ([], 0)


# Whatever is typed


@pytest.mark.parametrize(
    "query",
    [
        *("'", '"', '""', "\\", "%", "%s", "*", "-", "--", "(", ")", ":", "&", "|", "!", "<->"),
        *("a'b", 'a"b', "a\\'b", "fog'; DROP TABLE posts_post; --", "title:fog", "NEAR(fog, 2)"),
        *("fog AND", "OR", "NOT fog", "fog NOT", "^fog", "fog*", "*fog", "{fog}", "fog:*", "!!fog"),
        *(
            "the",
            "the and of",
            "-the fog",
            '-"the" fog',
            "\x00",
            "fog\x00",
            "\ud800",
            "💡",
            "引航员",
        ),
        *("x" * 10_000, "a " * 5_000, '"' * 999, "-" * 999, "ﬁ", "½", "²", "İ", "ß", "\u0301"),
    ],
)
@pytest.mark.parametrize("prefix", [False, True])
def test_a_hostile_query_is_no_error(query, prefix):
    make.post("Fog", "<p>a b the AND x</p>")

    hits, total = search.find(query, prefix=prefix)

    assert len(hits) == min(total, 20)


HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            ['"', "'", "-", "*", "(", ")", ":", " AND ", " NOT ", "NEAR", "fog", "the"]
        ),
    ),
    max_size=12,
).map("".join)


@given(HOSTILE, st.booleans(), st.booleans())
@settings(max_examples=200)
def test_whatever_is_typed_is_no_error(query, prefix, newest):
    with transaction.atomic():
        hits, total = search.find(query, prefix=prefix, newest=newest, everything=True)

    assert len(hits) <= total


@given(st.text(min_size=1, max_size=300))
@settings(max_examples=60)
def test_whatever_is_written_can_be_stored_and_drawn_into_a_snippet(text):
    with transaction.atomic():
        post = make.post("Fog", published=None)
        post.text = f"<p>lighthouse {search.escape(text)}</p>"
        post.save()
        (hit,), _ = search.find("lighthouse", everything=True)
        assert hit.snippet.count("<mark>") == hit.snippet.count("</mark>")
        transaction.set_rollback(True)


def test_a_text_longer_than_an_index_holds_is_stored_and_found():
    text = " ".join(f"word{n}" for n in range(200_000))

    Post.objects.create(title="Fog", text=f"<p>{text}</p>").publish()

    assert search.find("fog word77")[1] == 1


def test_the_index_follows_changes_of_every_sort():
    post = make.post("Fog", "<p>The lighthouse.</p>")
    comment = make.comment(post, "The lighthouse.")
    post.revise("Mist", "<p>The harbour.</p>")
    comment.remove()
    make.comment(post, "The lighthouse.").delete()

    assert (search.find("lighthouse")[1], search.find("harbour")[1]) == (0, 1)
    if connection.vendor == "sqlite":  # this raises where index and documents differ
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO posts_search (posts_search, rank) VALUES (%s, 1)", ["integrity-check"]
            )


def test_the_desk_finds_all_that_match_within_whatever_else_it_asks():
    post = make.post("Lighthouse")
    held = make.comment(post, "A lighthouse is no ship.", state="held")
    make.comment(post, "A lighthouse is a house.")

    found = Comment.objects.held().filter(
        pk__in=search.matching("lighth", ["comment"], prefix=True)
    )

    assert list(found) == [held]


@pytest.mark.parametrize("query", ["", "-herring", '"', "\x00"])
def test_the_desk_finds_nothing_where_nothing_is_asked(query):
    make.post("Herring")

    assert not Post.objects.filter(pk__in=search.matching(query, ["post"])).exists()


# By name


@pytest.fixture
def signed():
    """Comments on one post, by who signed them."""
    post = make.post("Fog", published=THEN)
    said = {
        "Halyard": "The lighthouse was dark.",
        "Otto Brandt": "Halyard says so, and Otto was there.",
        "Brandt": "No lighthouse here.",
        "Zoë": "A lighthouse with a café.",
        "Will": "Fog again in the bay.",
        "": "Nobody signs a lighthouse.",
    }
    return {name: make.comment(post, text, name, at=THEN).pk for name, text in said.items()}


@pytest.mark.parametrize(
    "query, name, every",
    [
        ("", "Halyard", {"Halyard"}),  # not whoever speaks of them
        ("", "halyards", {"Halyard"}),
        ("", "brandt", {"Otto Brandt", "Brandt"}),
        ("", "brandt otto", {"Otto Brandt"}),
        ("", "zoe", {"Zoë"}),
        ("", "Will", {"Will"}),
        ("", "anonymous", {""}),
        ("", "Bosun", set()),
        ("", '"', set()),
        ("lighthouse", "brandt", {"Brandt"}),
        ("lighthouse", "-brandt", {"Brandt"}),
        ("-lighthouse", "brandt", {"Otto Brandt"}),
        ("lighthouse", "Will", set()),
        ("lighthouse", "~ *", set()),
        ("otto", "Halyard", set()),
        ("the", "Halyard", {"Halyard"}),  # stop words alone: no index has them
        ("the", "will", {"Will"}),
        ("the bay", "will", {"Will"}),
        ("the lighthouse", "will", set()),
        ("", " ", set()),
    ],
)
def test_comments_are_found_by_who_signed_them(signed, query, name, every):
    hits, total = search.find(query, name=name, kinds=("comment",), newest=True)

    called = {pk: name for name, pk in signed.items()}
    assert {called[hit.row] for hit in hits} == every
    assert total == len(every)


def test_what_was_found_by_name_alone_shows_how_it_begins(signed):
    (hit,), _ = search.find("", name="zoe")

    assert hit.snippet.startswith("A lighthouse with")
    assert "<mark>" not in hit.snippet


@given(HOSTILE, HOSTILE, st.booleans(), st.booleans())
@settings(max_examples=100)
def test_whatever_is_typed_for_a_name_is_no_error(query, name, prefix, newest):
    with transaction.atomic():
        hits, total = search.find(query, name=name, prefix=prefix, newest=newest)

    assert len(hits) <= total
