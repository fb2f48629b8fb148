"""Screening: what in a comment, or in how it was sent, is a reason to hold it. No database."""

import time

import pytest

from comments import likeness, screening
from comments.screening import Sent, hosts_in, is_blocked, linked_hosts, reasons
from tests.spam import SPAM, SPUN

LONG = (
    "The pilot boat lay off the bar until the fog had lifted, and then it came in with the flood. "
)


@pytest.mark.parametrize(
    "typed, took, is_fast",
    [
        ("Yes.", 1, False),
        ("Yes.", 0, False),
        ("A short one, by thumb.", 1, False),
        (LONG, 1, True),
        (LONG, 2, True),
        (LONG, 10, False),
        (LONG * 20, 60, True),
        (LONG * 20, 120, False),
        (LONG * 20, None, False),
    ],
)
def test_nobody_types_twenty_characters_a_second(typed, took, is_fast):
    assert (screening.FAST in reasons(typed, Sent(took=took))) == is_fast


@pytest.mark.parametrize(
    "typed", ["[url=http://a.example]tides[/url]", "[URL]a.example[/URL]", "see [link=a] here"]
)
def test_marks_that_only_programs_write_are_a_reason(typed):
    assert screening.MARKUP in reasons(typed)


@pytest.mark.parametrize("typed", ["[sic]", "[1] and [2]", "the [imagined] fog", "links [below]"])
def test_brackets_that_people_write_are_none(typed):
    assert reasons(typed) == []


@pytest.mark.parametrize(
    "name, is_address",
    [
        ("best-tides.example", True),
        ("www.tides", True),
        ("http://tides", True),
        ("cheap-oilskins.COM", True),
        ("Mr.Smith", False),
        ("J.R.", False),
        ("Halyard", False),
        ("St.John", False),
        ("No. 4 berth", False),
        ("Anne-Marie.Durand", False),
        ("M.Top", False),
        ("", False),
    ],
)
def test_a_name_that_is_an_address_is_a_reason(name, is_address):
    assert (screening.NAMED in reasons("Nice.", name=name)) == is_address


@pytest.mark.parametrize(
    "typed, is_disguised",
    [
        ("Best c\u0430sino tonight", True),  # a Cyrillic a
        ("Best cas\u200bino tonight", True),
        (
            "\u0414\u043e\u0431\u0440\u0438\u0439 \u0434\u0435\u043d\u044c, Halyard",
            False,
        ),  # two words
        ("the \u03bcm and the k\u03a9", False),
        ("\U0001f469\u200d\u2708\ufe0f at the helm", False),  # an emoji made of two
        ("100k\u03a9, 50\u03bcg, TNF\u03b1 and a PDF\u043a\u0430", False),
        ("sch\u00f6n\u200cgeistig, \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", False),
        ("\u0410mazon", True),  # a Cyrillic A
        ("super\u00adintendent", False),  # a soft hyphen, out of a pasted text
        ("Llanfair\u00adpwll, \u0141\u00f3d\u017a, sm\u00f8rrebr\u00f8d", False),
    ],
)
def test_letters_that_hide_a_word_are_a_reason(typed, is_disguised):
    assert (screening.DISGUISED in reasons(typed)) == is_disguised


BLOCKED = "casino\nquick money\nhttps://www.tides-for-you.example/shop\n\n  Läkare \n"


@pytest.mark.parametrize(
    "text, found",
    [
        ("The Casino ship lay at berth four", True),
        ("C A S I N O", False),
        ("casinos", False),
        ("CAS\u200bINO", True),
        ("c\u0430sino", True),
        ("Ca\u0301sino!", True),
        ("casin0", True),
        ("make quick\nmoney now", True),
        ("quick and easy money", False),
        ("lakare", True),
        ("see http://tides-for-you.example/x", True),
        ("see deep.tides-for-you.example", True),
        ("<a href='//TIDES-FOR-YOU.example'>here</a>", True),
        ("not-tides-for-you.example", False),
        ("tides-for-you.example.org", False),
        ("", False),
    ],
)
def test_the_authors_words_and_hosts_are_found_whole_and_in_disguise(text, found):
    assert is_blocked(text, BLOCKED) == found


def test_a_blocked_word_in_the_name_is_a_reason():
    assert screening.BLOCKED in reasons("Nice.", name="The Casino", blocked=BLOCKED)


def test_a_list_of_nothing_blocks_nothing():
    assert not is_blocked("anything at all", " \n\n--\n")


def test_every_host_is_found_however_it_is_written():
    text = "http://A.example/x?y=z, www.b.example, c.d.example. e@ff.example <a href='//g.example'>"

    found = {"a.example", "b.example", "c.d.example", "ff.example", "g.example"}
    assert hosts_in(text) == linked_hosts(text) == found


def test_what_has_a_dot_in_it_is_not_all_an_address():
    text = "At 9.30 p.m., e.g. in the U.S.A, Mr.Smith had 1.5 shackles out.And that was that."

    assert linked_hosts(text) == set()


@pytest.mark.parametrize(
    "text, blocked, found",
    [
        ("Call 011 now", "oil", False),
        ("the 111 line", "ill", False),
        ("Call 011 now", "011", True),
        ("\u6211\u5011\u8fa6\u8b49\u5427", "\u8fa6\u8b49", True),
    ],
)
def test_numbers_are_no_words_and_not_every_script_has_spaces(text, blocked, found):
    assert is_blocked(text, blocked) == found


HOSTILE = [
    *("a." * 5000, "a" * 10_000, "www." * 2500, "[url" * 2500, "<a " * 3000, "<a >" * 2500),
    *("\u3316" * 10_000, "\ufdfa" * 10_000, "a-" * 5000, "<blockquote>" * 800, "//a." * 2500),
    *("a\u0430" * 5000, "a\u200b" * 5000, "\u0301" * 10_000, "http://" * 1400, "=//" * 3000),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_costs_no_more_than_twenty_times_an_ordinary_one(typed):
    def cost(text):
        began = time.process_time()
        reasons(text, name=text[:100], blocked=BLOCKED)
        likeness.sketch(likeness.features(text))
        likeness.hosts(text)
        return time.process_time() - began

    ordinary = max(min(cost(LONG * 110) for _ in range(3)), 0.01)
    assert min(cost(typed[:10_000]) for _ in range(2)) < 20 * ordinary


# Likeness

GENUINE = (
    "I have worked the tugs for thirty years and I can not believe how they treat the pilots at"
    " the low prices we are paid. On the night of the fog we had no lookout and no radio."
)


def how_alike(one, other):
    return likeness.likeness(likeness.features(one), likeness.features(other))


def sketch(typed):
    return likeness.sketch(likeness.features(typed))


def test_a_text_is_like_itself_and_like_itself_in_other_clothes():
    assert how_alike(SPAM, SPAM) == 1
    assert how_alike(SPAM, SPAM.upper().replace(",", " --").replace(" ", "  ")) == 1


def test_a_spun_text_is_more_alike_than_another_on_everyday_words():
    assert how_alike(SPAM, SPUN) > 0.4 > 2 * how_alike(SPAM, GENUINE)


def test_short_texts_are_like_nothing():
    assert sketch("Thank you so much for this.") == []


QUOTED = f"<blockquote cite='#c1'>{SPAM}</blockquote>"


def test_what_is_quoted_is_left_out():
    own = "But nobody had asked the harbour office what such lanterns cost before the autumn."

    assert likeness.features(QUOTED + own) == likeness.features(own)


def test_a_quotation_hides_nothing_where_nothing_else_is_said():
    for hidden in (QUOTED, f"<blockquote>{SPAM}"):
        assert likeness.features(hidden) >= likeness.features(SPAM)


def test_what_both_have_from_the_post_is_no_likeness():
    answers = [likeness.features(f"{words} {SPAM}") for words in ("Well said.", "Quite wrong.")]

    assert likeness.likeness(*answers) > 0.8
    assert likeness.likeness(*answers, besides=likeness.features(SPAM)) == 0


def test_a_sketch_is_keyed(settings):
    before = sketch(SPAM)
    settings.LINK_KEY = "another"

    assert not set(before) & set(sketch(SPAM))
