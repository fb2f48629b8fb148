"""Names on their way in: no reader comes in under one that is the author's or a subject's."""

import pytest

from comments.models import Comment
from posts.models import Post
from tests import importing, make

pytestmark = pytest.mark.django_db

ADA = "<![CDATA[Ada]]></wp:comment_author>\n      <wp:comment_author_email>"
RUTH = "<![CDATA[ruth]]></wp:comment_author>"
LIST = "<wp:author><wp:author_id>7</wp:author_id>"
READER = (
    "<name>Hedda Moss</name>\n      <email>noreply@blogger.com</email>\n    </author>\n    <thr:"
)


def signed(name):
    """Return the change of the WordPress export by which a reader signs with `name`."""
    return ADA, ADA.replace("Ada", name)


def readers(its_id):
    """Return the name of the comment, which is a reader's."""
    comment = Comment.objects.get(origin__its_id=its_id)
    assert comment.voice == Comment.Voice.READER
    return comment.name


ADAS = "51 14"  # her other comment has the same number


@pytest.mark.parametrize("name", ["Ruth Quill", "RUTH  QUILL", "Rυth Quіll", "Ruth\u200b Quill."])
def test_no_reader_comes_in_under_the_name_that_wordpress_shows_for_the_author(tmp_path, name):
    path = importing.changed(tmp_path, importing.WORDPRESS, signed(name))
    report = importing.run(path)
    assert readers(ADAS).endswith(" (unverified)")
    assert "author's name" in importing.reasons(report["warnings"])[ADAS]


def test_no_reader_comes_in_under_a_name_with_which_the_authors_account_signs(tmp_path):
    changes = [signed("Ruth of the Hedge"), (RUTH, RUTH.replace("ruth", "Ruth of the Hedge"))]
    importing.run(importing.changed(tmp_path, importing.WORDPRESS, *changes))
    assert readers(ADAS) == "Ruth of the Hedge (unverified)"
    assert Comment.objects.get(origin__its_id="52").name == "Ruth of the Hedge"


def test_no_reader_comes_in_under_the_name_of_an_author_whom_no_list_names(tmp_path):
    """WXR 1.0 says beside each post alone who wrote it."""
    text = (importing.EXPORTS / importing.WORDPRESS).read_text()
    whole = text[text.index(LIST) : text.index("</wp:author>") + len("</wp:author>")]
    creator = ("<dc:creator><![CDATA[ruth]]>", "<dc:creator><![CDATA[Ruth Quill]]>")
    path = importing.changed(
        tmp_path, importing.WORDPRESS, (whole, ""), creator, signed("Ruth Quill")
    )
    importing.run(path)
    assert readers(ADAS) == "Ruth Quill (unverified)"


def test_no_reader_comes_in_under_the_name_of_the_writer_of_a_blogger_post():
    importing.run(importing.BLOGGER)
    assert readers("905") == "Hedda Moss (unverified)"


def test_no_reader_comes_in_under_the_name_of_the_writer_of_a_takeout_post(tmp_path):
    path = importing.changed(tmp_path, importing.TAKEOUT, ("Osk</name>", "Hedda  MOSS</name>"))
    importing.run(path)
    assert readers("304") == "Hedda MOSS (unverified)"


def test_no_reader_comes_in_under_a_short_name_of_the_authors_blogger_account(tmp_path):
    path = importing.changed(
        tmp_path, importing.BLOGGER, (READER, READER.replace("Hedda Moss", "Hedda"))
    )
    importing.run(path)
    assert readers("905") == "Hedda (unverified)"


def test_whoever_has_no_name_at_blogger_is_not_the_author(tmp_path):
    """The author's account was closed, and is called as nobody is."""
    path = importing.changed(
        tmp_path,
        importing.BLOGGER,
        ("<name>Hedda</name>", "<name>Unknown</name>"),
        ("<name>Osk</name>", "<name>Unknown</name>"),
        ("post-888'/>", "post-101'/>"),
    )
    importing.run(path)
    assert readers("906") == "Unknown"


def test_a_file_without_names_protects_none(tmp_path):
    path = importing.changed(tmp_path, importing.BLOGGER, ("Hedda Moss", ""))
    importing.run(path)
    assert readers("905") == ""


@pytest.mark.parametrize("name", ["Piet Lantern", "Rob Lantern, pilot"])
def test_no_reader_comes_in_under_a_name_of_the_person_whom_the_post_is_about(tmp_path, name):
    first = importing.changed(tmp_path, importing.BLOGGER, ("post-904</id>", "post-888</id>"))
    importing.run(first)
    post = Post.objects.get(origin__its_id="101")
    make.right(post, make.subject("Piet Lantern"))
    make.right(post, make.subject("Rob Lantern"), shown_name="Rob Lantern, pilot")
    path = importing.changed(
        tmp_path, importing.BLOGGER, ("<name>Anónimo</name>", f"<name>{name}</name>")
    )
    report = importing.run(path)
    assert readers("904") == f"{name} (unverified)"
    assert "person" in importing.reasons(report["warnings"])["904"]
