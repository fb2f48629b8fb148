"""Names: what is kept of one, and which look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.names import LONGEST, skeleton, tidy


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("Ines Harker", "Ines Harker"),
        ("  Ines \t\n Harker ", "Ines Harker"),
        ("Ines\u00a0Harker", "Ines Harker"),
        ("Ines\u2028Harker", "Ines Harker"),
        ("Ines\u200b\u2060Harker\ufeff", "InesHarker"),
        ("\u202ereviled", "reviled"),
        ("Ines\x00\x1b[31m", "Ines[31m"),
        ("Ine\u0301s", "Inés"),
        ("Łódź pilot", "Łódź pilot"),
        ("引航员", "引航员"),
        ("<b>Ines</b>", "<b>Ines</b>"),
        ("\ud800x", "x"),
        ("x" * 200, "x" * LONGEST),
        ("\u200b \u3164"[:2], ""),
        ("", ""),
    ],
)
def test_tidy(typed, kept):
    assert tidy(typed) == kept


@given(st.text())
def test_a_tidied_name_is_one_short_line_and_stays_as_it_is(typed):
    name = tidy(typed)

    assert len(name) <= LONGEST
    assert name.splitlines() in ([], [name])
    assert tidy(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "ines harker",
        "INES  HARKER",
        "Ines_Harker.",
        "I.n.e.s Harker ®",
        "Inés Hárker",
        "Іnеѕ Наrkеr",  # Cyrillic: І е ѕ Н а е
        "Ιnes Ηarker",  # Greek: Ι Η
        "lnes Harker",
        "1nes Harker",
        "|nes Harker",
        "Ｉｎｅｓ Ｈａｒｋｅｒ",
        "Ines\u200b Harker",
        "I\u0307nes Harker",
        "𝐈𝐧𝐞𝐬 𝐇𝐚𝐫𝐤𝐞𝐫",
        "ınes harker",
        "łnes Harker",
        "Ines Harkеr 👍",
        "ɪnes ʜarker",
        "Iոes Harker",  # Armenian: ո
        "Ꭵnes Ꮋarker",  # Cherokee
        "IΝЕS\u200d hА\u0301rk\u2063er",  # of everything a little
    ],
)
def test_these_look_like_ines_harker(name):
    assert skeleton(name) == skeleton("Ines Harker")


@pytest.mark.parametrize(
    "name", ["Ines Parker", "Inga Harker", "Ines", "Harker Ines", "", "引航员"]
)
def test_these_do_not_look_like_ines_harker(name):
    assert skeleton(name) != skeleton("Ines Harker")


@pytest.mark.parametrize(
    ("name", "other"), [("Burnell", "Bumell"), ("Wim", "VVirn"), ("Wim", "ＶＶim")]
)
def test_two_letters_look_like_one(name, other):
    assert skeleton(name) == skeleton(other)
