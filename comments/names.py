"""Names that people sign with, and whether two of them look alike."""

import unicodedata

LONGEST = 100

# Letters that are drawn like others: capitals and small letters of other scripts, and whatever
# is drawn like a small L, which is where "I" ends up.
CAPITALS = str.maketrans(
    {
        **dict(zip("АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS", strict=True)),
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
        **dict(zip("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᏚᎢᏙᏔᏃ", "ABCDEGHIJKLMPRSTVWZ", strict=True)),
    }
)
ALIKE = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕԁԛԝһ", "abekmhopctyxljsdqwh", strict=True)),
        **dict(zip("αβειηκνορτυχω", "abelnknoptuxw", strict=True)),
        **dict(zip("ɑɡɩɪᴀʙᴄᴅᴇꜰɢʜᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "agllabcdefghjklmnoprstuvwyz", strict=True)),
        **dict(zip("հոսօ", "hnuo", strict=True)),
        **dict(zip("0135ıił|", "olesllll", strict=True)),
    }
)

LOOK_LATIN = frozenset(chr(code) for code in {*CAPITALS, *ALIKE} if chr(code) > "\u0250")
"""Letters of other scripts that are drawn like Latin ones."""


def tidy(name):
    """Return `name` on one line, without invisible and control characters, at most 100 long."""
    kept = (
        " " if unicodedata.category(letter) in ("Zs", "Zl", "Zp") or letter in "\t\n\r" else letter
        for letter in unicodedata.normalize("NFC", name)
        if letter in "\t\n\r" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())[:LONGEST]


def skeleton(name):
    """Return what is left of `name` when everything is gone that the eye may overlook.

    Two names with one skeleton look alike: case, spacing, punctuation, accents, width and
    letters borrowed from other scripts make no difference, nor does "rn" for "m".
    """
    letters = "".join(letter for letter in bare(tidy(name)) if letter.isalnum())
    return letters.replace("rn", "m").replace("vv", "w")


def bare(text, most=None):
    """Return `text` in the plainest letters that look like its own, without accents and the like.

    Spaces and punctuation stay. It is for comparing, not for reading: "i" is drawn like "l".
    """
    return plain(text, most).translate(CAPITALS).casefold().translate(ALIKE)


def plain(text, most=None):
    """Return `text` without accents and invisible signs, each letter in its ordinary width.

    One sign can stand for a whole sentence: of what comes of it, at most `most` letters are taken.
    """
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)[:most]
        if unicodedata.category(letter) not in ("Mn", "Cf")
    )
