"""What a file must be to be read: whole, plain, and an export. Nothing changes otherwise."""

import pytest
from django.core.management import CommandError

from comments.models import Comment
from posts.importers.reading import Mended, moment
from posts.models import Post
from tests import importing

pytestmark = pytest.mark.django_db

BOMB = (
    '<!DOCTYPE feed [<!ENTITY a "lamp lamp lamp"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>"


def refusal(*files):
    with pytest.raises(CommandError) as error:
        importing.run(*files)
    return str(error.value)


def test_a_truncated_file_changes_nothing(tmp_path):
    whole = (importing.EXPORTS / importing.BLOGGER).read_text()
    path = tmp_path / "cut.xml"
    path.write_text(whole[: whole.index("Nothing to report")])
    line = path.read_text().count("\n") + 1
    assert refusal(path) == f"cut.xml ends in the middle, at line {line}: nothing was imported."
    assert not Post.objects.exists()


def test_a_truncated_file_beside_a_whole_one_changes_nothing(tmp_path):
    path = tmp_path / "cut.xml"
    path.write_text((importing.EXPORTS / importing.BLOGGER).read_text()[:-200])
    refusal(importing.WORDPRESS, path)
    assert not Post.objects.exists()


def test_a_file_cut_within_a_tag_is_refused(tmp_path):
    whole = (importing.EXPORTS / importing.WORDPRESS).read_text()
    path = tmp_path / "cut.xml"
    path.write_text(whole[: whole.index("domain=") + 8])
    assert "ends in the middle" in refusal(path)


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE, "<!DOCTYPE feed []>"])
def test_a_document_type_is_refused(tmp_path, doctype):
    path = importing.changed(
        tmp_path,
        importing.BLOGGER,
        (DECLARATION, DECLARATION + doctype),
        ("Nothing to report", "&a;" if "ENTITY" in doctype else "Nothing"),
    )
    assert "declares a document type" in refusal(path)
    assert not Post.objects.exists()


def test_a_document_type_cannot_hide_in_another_encoding(tmp_path):
    text = (importing.EXPORTS / importing.BLOGGER).read_text()
    path = tmp_path / "wide.xml"
    path.write_text(text.replace(DECLARATION, BOMB), encoding="utf-16")
    assert "declares a document type" in refusal(path)


def test_a_file_in_another_encoding_is_read(tmp_path):
    text = (importing.EXPORTS / importing.BLOGGER).read_text()
    path = tmp_path / "wide.xml"
    path.write_text(text.replace("encoding='UTF-8'", "encoding='UTF-16'"), encoding="utf-16")
    assert importing.run(path)["posts"] == 4


def test_an_undeclared_prefix_is_read_all_the_same(tmp_path):
    path = importing.changed(
        tmp_path, importing.BLOGGER, (" xmlns:app='http://purl.org/atom/app#'", "")
    )
    report = importing.run(path)
    assert report["drafts"] == 1
    assert "prefix app" in report["warnings"][0]["reason"]


def test_ids_padded_with_blanks_are_read(tmp_path):
    path = importing.changed(tmp_path, importing.BLOGGER, ("post-101</id>", "post-101\n  </id>"))
    assert importing.run(path)["new"]["posts"] == 3


@pytest.mark.parametrize("character", ["\x08", "&#8;", "&#x0B;", "\x1f"])
def test_a_control_character_costs_nothing_but_itself(tmp_path, character):
    path = importing.changed(
        tmp_path, importing.BLOGGER, ("First the wick", f"First {character}the wick")
    )
    report = importing.run(path)
    text = Post.objects.get(origin__its_id="101").text
    assert "<div>First the wick &amp; then the glass.</div>" in text
    assert "control character" in report["warnings"][0]["reason"]


def test_a_control_character_in_cdata_costs_nothing_but_itself(tmp_path):
    path = importing.changed(
        tmp_path, importing.WORDPRESS, ("The bees left at noon.", "The bees left\x0b at noon.")
    )
    importing.run(path)
    assert "The bees left at noon." in Post.objects.get(origin__its_id="14").text


def test_a_sign_that_only_html_knows_is_read(tmp_path):
    path = importing.changed(
        tmp_path, importing.BLOGGER, ("About the lamp", "About&nbsp;the &eacute; &amp; lamp")
    )
    importing.run(path)
    assert Post.objects.get(origin__its_id="103").title == "About the é & lamp"


@pytest.mark.parametrize("number", ["9" * 5_000, "x" + "9" * 5_000])
@pytest.mark.parametrize("ampersand", ["&", "&amp;"])
def test_a_sign_with_digits_without_end_costs_nothing_but_itself(tmp_path, ampersand, number):
    sign = f"{ampersand}#{number};"
    changes = [
        ("About the lamp", f"About {sign}the lamp"),
        ("It turns once", f"It {sign}turns once"),
        ("<name>Anónimo</name>", f"<name>Os{sign}k</name>"),
        ("Nine seconds is", f"Nine {sign}seconds is"),
    ]
    importing.run(importing.changed(tmp_path, importing.BLOGGER, *changes))
    page = Post.objects.get(origin__its_id="103")
    comment = Comment.objects.get(origin__its_id="904")
    written = [page.title, page.text, comment.name, comment.shown]
    assert [one.replace("\ufffd", "") for one in written] == [
        "About the lamp",
        "<p>It turns once in nine seconds.</p>",
        "Osk",
        "<p>Nine seconds is too slow.</p>",
    ]


def test_a_sign_with_digits_without_end_costs_a_wordpress_post_nothing_else(tmp_path):
    sign = f"&#{'9' * 5_000};"
    changes = [
        ("<title>Private</title>", f"<title>Pri&amp;{sign[1:]}vate</title>"),
        ("[caption id=", f"[caption caption='{sign}' id="),
        ("<![CDATA[Bees]]>", f"<![CDATA[Bees{sign}]]>"),
        ("<![CDATA[Ada]]>", f"<![CDATA[Ada{sign}]]>"),
    ]
    report = importing.run(importing.changed(tmp_path, importing.WORDPRESS, *changes))
    assert report["skipped"] == []
    assert Post.objects.get(origin__its_id="21").title == "Pri\ufffdvate"


@pytest.mark.parametrize("year", ["9" * 12, "9" * 5_000])
def test_a_mail_date_that_cannot_be_is_none(tmp_path, year):
    path = importing.changed(tmp_path, importing.WORDPRESS, ("01 Jun 2015", f"01 Jun {year}"))
    assert importing.run(path)["skipped"] == []


class Pieces:
    """A stream that gives one byte at a time."""

    def __init__(self, data):
        self.data = data

    def read(self, size):
        first, self.data = self.data[:1], self.data[1:]
        return first


def test_a_sign_cut_in_two_by_a_piece_of_the_file_is_mended():
    mended = Mended(Pieces(b"<a>one&nbsp;two &amp; three&#8;!&#" + b"9" * 5_000 + b";</a>"))
    assert b"".join(iter(lambda: mended.read(1), b"")) == b"<a>one&#160;two &amp; three!</a>"


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 no text at all")
    assert refusal(path) == (
        "photo.jpg is not an export of Blogger or WordPress: nothing was imported."
    )


@pytest.mark.parametrize(
    "text",
    [
        "<rss version='2.0'><channel><title>Any feed</title></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:other</id></feed>",
        "<disqus></disqus>",
        "Dear sir,",
    ],
)
def test_a_foreign_file_is_refused(tmp_path, text):
    path = tmp_path / "blog.xml"
    path.write_text(text)
    assert "is not an export of Blogger or WordPress" in refusal(path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "blog.xml"
    path.touch()
    assert refusal(path) == "blog.xml is empty: nothing was imported."


def test_a_missing_file_is_refused(tmp_path):
    assert "There is no file" in refusal(tmp_path / "none.xml")


def test_a_folder_is_refused(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_what_is_not_xml_to_its_end_is_refused(tmp_path):
    path = importing.changed(tmp_path, importing.BLOGGER, ("Nothing to report.", "Nothing </b>"))
    assert "cannot be read to its end, at line" in refusal(path)
    assert not Post.objects.exists()


@pytest.mark.parametrize("written", ["1969-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "", "soon"])
def test_a_date_that_cannot_be_is_a_fault(written):
    with pytest.raises(ValueError, match="its date"):
        moment(written)


@pytest.mark.parametrize("name", [importing.BLOGGER, importing.TAKEOUT, importing.WORDPRESS])
def test_a_file_is_known_by_its_content(tmp_path, name):
    path = tmp_path / "holiday.txt"
    path.write_bytes((importing.EXPORTS / name).read_bytes())
    assert importing.run(path)["posts"]
