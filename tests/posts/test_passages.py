"""Shared passages: a pasted post is found whatever was edited, a quotation is not."""

import random

import pytest

from posts.alignment import align, places_of
from posts.blocks import Text, cut, marked, numbers, only, plain_words, put_in
from posts.passages import Source, compare, reprinted
from posts.shingles import LENGTH, OFTEN, VERY_MANY, VERY_MANY_OF, WINDOW, Index, shingles
from tests.pasted import BARGE, LANTERN, rewrapped


def words(number, seed=1):
    chance = random.Random(seed)
    return " ".join(f"{chance.choice('bdgklm')}{chance.randint(100, 999)}" for _ in range(number))


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def indexed(*texts):
    index = Index()
    for text in texts:
        index.add(numbers(text))
    index.settle()
    return index


# Words


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("“Don’t,” he said", '"Don\'t," he said'),
        ("caf&eacute; Noël", "cafe NOEL"),
        ("full—stop", "full - stop"),
        ("soft\u00adhyphen", "softhyphen"),
        ("ﬁne", "fine"),
        ("one&nbsp;two", "one two"),
    ],
)
def test_words_are_the_same_however_they_are_written(written, also):
    assert plain_words(written) == plain_words(also)


def test_words_written_without_spaces_are_compared_sign_by_sign():
    assert plain_words("日本") == ["日", "本"]


def test_the_quick_reading_of_a_text_finds_the_same_words_as_the_full_one():
    html = LANTERN + '<ul><li>One<b>two</b> &quot;three&quot;</li></ul><img src="a.png">four<br>5'

    assert numbers(html) == Text(html).words


# What is a reprint


def test_a_post_pasted_rewrapped_curled_and_edited_is_found_in_its_place():
    newer = Text(paragraphs("A quiet day.", *rewrapped(LANTERN), "That was all."))

    (match,) = reprinted(newer, [Source("old", Text(LANTERN))])

    assert match.is_reprint
    assert match.share > 0.95
    assert match.place == 3
    assert sum(map(bool, match.mine)) == len(newer.words) - 3 - 3


@pytest.mark.parametrize("quoted", [LANTERN.split("</p>")[0], LANTERN.split("</p>")[1]])
def test_a_quoted_paragraph_is_no_reprint(quoted):
    newer = Text(paragraphs(words(60), quoted, words(60, 2)))

    assert reprinted(newer, [Source("old", Text(LANTERN))]) == []


def test_two_thirds_of_a_post_are_no_reprint_and_four_fifths_are():
    old = paragraphs(words(200))
    assert not reprinted(Text(paragraphs(words(200)[: 5 * 200 * 2 // 3])), [Source("", Text(old))])
    assert reprinted(Text(paragraphs(words(200)[: 5 * 200 * 4 // 5])), [Source("", Text(old))])


def test_a_post_into_which_an_older_one_has_grown_is_no_reprint_and_one_with_remarks_is():
    parts = [words(30, seed) for seed in range(6)]

    def with_words_between(number):
        between = [words(number, 100 + seed) for seed in range(6)]
        return Text(paragraphs(*(one for two in zip(parts, between, strict=True) for one in two)))

    source = Source("old", Text(paragraphs(*parts)))
    assert reprinted(with_words_between(12), [source])
    assert not reprinted(with_words_between(30), [source])


def test_a_line_quoted_far_above_the_pasted_post_does_not_make_it_another_text():
    line = " ".join(LANTERN.split()[1:16])
    newer = Text(paragraphs(line, words(400), LANTERN))

    assert reprinted(newer, [Source("old", Text(LANTERN))])


def test_what_the_older_post_itself_quoted_does_not_make_a_reprint():
    law = words(200)
    old = (
        f"<p>The new bye-law in full:</p><blockquote><p>{law}</p></blockquote><p>{words(80, 2)}</p>"
    )
    newer = f"<p>I looked up the bye-law again:</p><p>{law}</p>"

    assert reprinted(Text(newer), [Source("old", Text(old))]) == []


def test_what_stands_in_very_many_posts_is_nobodys_own():
    signature = words(50, 9)
    texts = [paragraphs(words(70, seed), signature) for seed in range(VERY_MANY + 8)]
    index = indexed(*texts)
    old, newer = Text(paragraphs(words(3, 99), signature)), Text(texts[5])

    def found(standing):
        return reprinted(newer, [Source("old", old, standing)])

    assert found(set())
    assert not found(index.standing_in(old.words))


def test_an_announcement_made_a_few_times_needs_nearly_all_its_words():
    same = words(60, 5)
    texts = [paragraphs(same, words(8, seed)) for seed in range(OFTEN + 2)]
    old, newer = Text(texts[0]), Text(texts[1])
    often = indexed(*texts).often_in(old.words)

    assert compare(Source("old", old), newer)
    assert not compare(Source("old", old, often=often), newer)


def test_of_two_posts_that_share_a_passage_the_one_with_more_of_itself_has_it():
    shared, first, second = words(60), words(30, 2), words(30, 3)
    older, younger = paragraphs(shared, first), paragraphs(shared, second)
    sources = [Source("older", Text(older)), Source("younger", Text(younger))]

    found = reprinted(Text(paragraphs("Hello there.", younger)), sources)

    assert [match.source.key for match in found] == ["younger"]


def test_of_two_equal_posts_the_older_is_reprinted():
    sources = [Source(key, Text(LANTERN)) for key in ("first", "second")]

    assert [match.source.key for match in reprinted(Text(LANTERN), sources)] == ["first"]


def test_two_posts_in_one_are_both_found_in_the_order_of_their_places():
    newer = Text(paragraphs("Two.", *rewrapped(BARGE), "And this:", *rewrapped(LANTERN)))

    found = reprinted(newer, [Source(1, Text(LANTERN)), Source(2, Text(BARGE))])

    assert [match.source.key for match in found] == [2, 1]
    assert not any(one and two for one, two in zip(found[0].mine, found[1].mine, strict=True))


def test_words_that_an_even_older_post_had_first_do_not_count():
    between = Text(paragraphs(LANTERN, words(20)))
    foreign = bytearray(b"\1" * len(Text(LANTERN).words) + bytes(20))

    assert reprinted(Text(LANTERN), [Source("between", between)])
    assert not reprinted(Text(LANTERN), [Source("between", between, not_its_own=foreign)])


def test_a_short_post_may_be_one_where_its_title_stands_above_it():
    short = words(20)
    match = compare(Source("short", Text(short)), Text(paragraphs("Title", short)))

    assert (match.is_reprint, match.may_be_short) == (False, True)
    assert compare(Source("tiny", Text(words(8))), Text(words(8))) is None


def test_a_post_without_words_is_found_nowhere():
    for old, newer in [("", LANTERN), (LANTERN, ""), ("", "")]:
        assert compare(Source("old", Text(old)), Text(newer)) is None


# The index


def test_every_pair_that_shares_enough_is_a_candidate_and_no_other():
    texts = [words(300, seed) for seed in range(20)]
    texts.append(words(100, 77) + " " + texts[3] + " " + words(100, 78))
    index = indexed(*texts)

    assert index.candidates(20) == [3]
    assert [index.candidates(number) for number in range(20)] == [[]] * 20


def test_a_passage_of_twenty_words_is_always_in_the_sample():
    for seed in range(50):
        shared = words(20, 1000 + seed)
        index = indexed(shared, f"{words(30, seed)} {shared} {words(30, seed + 500)}")
        assert index.candidates(1) == [0]


def test_shingles_are_the_same_every_time():
    assert shingles([1, 2, 3, 4, 5, 6])[0] == hash((1, 2, 3, 4, 5))
    assert shingles([1, 2, 3, 4]) == []


def test_of_a_signature_not_a_word_is_the_posts_own():
    signature = words(50, 999)
    texts = [paragraphs(words(200, seed), signature) for seed in range(VERY_MANY * 10)]
    index = indexed(*texts)
    own = [
        Source(n, Text(text), index.standing_in(numbers(text))).own()
        for n, text in enumerate(texts)
    ]

    assert not any(any(one[200:]) for one in own)
    assert all(sum(one[:200]) >= 200 - WINDOW - LENGTH for one in own)


def test_what_was_reprinted_every_year_on_a_large_blog_is_a_candidate_all_the_same():
    often = words(120, 3)
    years = VERY_MANY + 8
    texts = [words(12, 1000 + seed) for seed in range(VERY_MANY_OF * (years + 1))]
    texts[100::VERY_MANY_OF] = [f"{often} {one}" for one in texts[100::VERY_MANY_OF]]
    index = indexed(*texts)

    assert index.candidates(len(texts) - VERY_MANY_OF)[0] == 100
    assert not index.standing_in(numbers(texts[100]))


# Alignment


def test_an_edited_sentence_between_two_runs_belongs_to_the_passage():
    older = [*range(100, 120), 1, 2, 3, 4, *range(200, 220)]
    newer = [7, 7, *range(100, 120), 1, 8, 9, 4, *range(200, 220), 7]
    free = bytearray(b"\1" * len(newer))
    own = bytearray(b"\1" * len(older))

    there, mine = align(older, newer, own, free, places_of(newer))

    assert sum(there) == len(older) - 2  # what was replaced is not found
    assert [bool(one) for one in mine] == [False] * 2 + [True] * 44 + [False]


@pytest.mark.parametrize(
    ("gap", "hole", "is_edit"),
    [
        (1, 2, True),
        (8, 8, True),
        (30, 9, False),  # written anew
        (2, 5, False),  # put in between
        (0, 1, False),
    ],
)
def test_few_words_in_place_of_few_are_an_edit_and_many_are_new(gap, hole, is_edit):
    older = [*range(100, 120), *range(500, 500 + gap), *range(200, 220)]
    newer = [*range(100, 120), *range(900, 900 + hole), *range(200, 220)]
    free, own = bytearray(b"\1" * len(newer)), bytearray(b"\1" * len(older))

    there, mine = align(older, newer, own, free, places_of(newer))

    assert sum(there) == 40
    assert list(mine[20 : 20 + hole]) == [2 if is_edit else 0] * hole


def test_of_a_sentence_rewritten_but_for_half_its_words_all_is_an_edit():
    sentence = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    rewritten = [1, 2, 81, 4, 82, 6, 7, 83, 9, 10, 84, 12]
    older = [*range(100, 120), *sentence, *range(200, 220)]
    newer = [*range(100, 120), *rewritten, *range(200, 220)]
    free, own = bytearray(b"\1" * len(newer)), bytearray(b"\1" * len(older))

    there, mine = align(older, newer, own, free, places_of(newer))

    assert sum(there) == 48
    assert all(mine)


def test_a_remark_put_in_between_is_not_the_older_posts():
    older = [*range(100, 120), *range(200, 220)]
    newer = [*range(100, 120), *range(900, 930), *range(200, 220)]
    free = bytearray(b"\1" * len(newer))

    there, mine = align(older, newer, bytearray(b"\1" * 40), free, places_of(newer))

    assert sum(there) == 40
    assert not any(mine[20:50])


# Cutting


@pytest.mark.parametrize(
    ("html", "gone", "left"),
    [
        ("<p>One.</p><p>Two.</p>", "<p>Two.</p>", "<p>One.</p>"),
        ("<p>One. <b>Two.</b></p>", "Two.", "<p>One. </p>"),
        ("<ul><li>One</li><li>Two</li></ul>", "Two", "<ul><li>One</li></ul>"),
        ("<div><p>One</p></div><p>Two</p>", "One", "<p>Two</p>"),
        ("<p>One<br>Two<br>Three</p>", "Two<br>", "<p>One<br>Three</p>"),
        ('<p><img src="a.png"></p><p>One</p>', "One", '<p><img src="a.png"></p>'),
        ("<p></p><p>One</p>", "One", "<p></p>"),
        ("One:<blockquote>Two</blockquote>Three", "Two", "One:<br>Three"),
        ("One<div>Two</div><b>Three</b>", "Two", "One<br><b>Three</b>"),
        ("One<div>Two</div><p>Three</p>", "Two", "One<p>Three</p>"),
        ("One<hr>Two", "<hr>", "One<br>Two"),
        ("One <b>Two</b> Three", "Two", "One  Three"),
    ],
)
def test_what_is_left_of_a_cut_is_well_formed(html, gone, left):
    start = html.index(gone)

    assert cut(html, [(start, start + len(gone))]) == left


def test_only_is_what_cut_takes_away():
    html = "<div><p>One.</p><p>Two <b>three</b>.</p></div><p>Four.</p>"
    start, end = html.index("Two"), html.index(".</p></div>")

    assert only(html, [(start, end)]) == "<div><p>Two <b>three</b></p></div>"


def test_marks_stand_around_words_and_pictures_and_never_around_a_tag():
    html = '<p>One <b>two</b> three</p><p><img src="a.png"> four</p>'

    assert marked(html, [(html.index("two"), html.index("four"))]) == (
        '<p>One <b><mark>two</mark></b><mark> three</mark></p><p><mark><img src="a.png"></mark>'
        " four</p>"
    )
    assert marked(html, []) == html


@pytest.mark.parametrize(
    ("html", "after", "whole"),
    [
        ("<p>One.</p><p>Two.</p>", "One.", "<p>One.</p><p>NEW</p><p>Two.</p>"),
        ("<div><p>One.</p></div>", "One.", "<div><p>One.</p><p>NEW</p></div>"),
        ("<ul><li>One</li><li>Two</li></ul>", "One", "<ul><li>One</li><li>Two</li></ul><p>NEW</p>"),
        (
            "<div><ul><li>One</li><li>Two</li></ul>Three</div>",
            "One",
            "<div><ul><li>One</li><li>Two</li></ul><p>NEW</p>Three</div>",
        ),
        ("One", "One", "One<p>NEW</p>"),
        ("One<br><br>Two", "One", "One<p>NEW</p>Two"),
        ("<p>One<br><br>Two</p>", "One", "<p>One</p><p>NEW</p><p>Two</p>"),
        ("<p>One<br><br>Two</p>", "<p>", "<p>NEW</p><p>One<br><br>Two</p>"),
        ("<p>A <b>b c</b> d</p>", "A <b>b", "<p>A <b>b</b></p><p>NEW</p><p><b>c</b> d</p>"),
    ],
)
def test_what_is_put_back_is_parted_from_what_stands_there(html, after, whole):
    place = html.index(after) + len(after)

    assert put_in(html, place, "<p>NEW</p>") == whole


def test_bare_words_are_put_back_as_a_block_and_nothing_is_put_back_as_nothing():
    assert put_in("One<br>Two", 3, "NEW<br>AND MORE") == "One<div>NEW<br>AND MORE</div>Two"
    assert put_in("<p>One</p>", 6, "") == "<p>One</p>"
