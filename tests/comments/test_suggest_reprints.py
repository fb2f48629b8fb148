"""`manage.py suggest_reprints`: what it tells, what it writes, and what it leaves alone."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from comments import suggestions
from comments.models import Suggestion
from posts.models import Post
from tests import make
from tests.pasted import LANTERN, NEW, OLD, pasted, tell

pytestmark = pytest.mark.django_db

FOUND = (
    "{} % of “The lantern on the mole” (20 September 2010) stands in “From the drawer”"
    " (9 August 2017), with comments 3, 1, 4"
)


def run(**options):
    """Run the command; return its lines."""
    out = io.StringIO()
    call_command("suggest_reprints", stdout=out, **options)
    return out.getvalue().splitlines()


def test_it_names_both_posts_the_share_and_the_comments_and_counts():
    tell()

    line, counts = run()

    one = Suggestion.objects.get()
    assert line == FOUND.format(one.share)
    assert 95 < one.share <= 100
    assert counts == (
        "2 posts compared. Suggested: 1 new. Waiting for you already: 0."
        " Decided before, or reprints already: 0."
    )


def test_one_comment_is_not_several_and_none_are_not_mentioned():
    source = make.post("Old", LANTERN, published=OLD)
    comment = make.comment(source, "I was there, and it was colder.", "Piet", at=OLD)
    make.post("With one", pasted(source, [comment]), published=NEW)
    make.post("With none", pasted(source), published=NEW)

    lines = run()

    assert lines[0].endswith("stands in “With one” (9 August 2017), with comment 1")
    assert lines[1].endswith("stands in “With none” (9 August 2017)")


def test_a_dry_run_tells_the_same_and_writes_nothing():
    tell()

    line, counts = run(dry_run=True)

    assert not Suggestion.objects.exists()
    assert line == run()[0]
    assert "Would be suggested: 1 new." in counts


def test_run_again_it_finds_nothing_new():
    tell()
    run()
    before = Suggestion.objects.values().get()

    assert run()[-1].startswith("2 posts compared. Suggested: 0 new. Waiting for you already: 1.")
    assert Suggestion.objects.values().get() == before


def test_what_is_not_found_any_more_is_taken_off_the_list():
    case = tell()
    run()
    case.newer.revise(case.newer.title, "<p>Only this is left.</p>")

    assert "Waiting for you already: 0." in run(dry_run=True)[-1]
    assert Suggestion.objects.exists()
    assert run()[-1] == "1 that waited for you are not found any more, and were taken off the list."
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("verb", ["accept", "dismiss"])
def test_what_is_decided_is_left_alone(verb):
    case = tell()
    run()
    getattr(Suggestion.objects.get(), verb)()
    before, text = Suggestion.objects.values().get(), Post.objects.get(pk=case.newer.pk).text

    lines = run()

    assert len(lines) == 1
    assert "Suggested: 0 new." in lines[0]
    assert Suggestion.objects.values().get() == before
    assert Post.objects.get(pk=case.newer.pk).text == text


def test_a_passage_that_changed_since_is_told_as_it_stands_now():
    case = tell()
    run()
    shorter = case.newer.text.replace("<p>Two of them found the wrong bakery.", "<p>")
    Post.objects.get(pk=case.newer.pk).revise("From the drawer", shorter)
    before = Suggestion.objects.get().share

    run()

    assert Suggestion.objects.get().share < before


def test_it_changes_no_post():
    case = tell()
    text, number = str(case.newer.text), case.newer.revisions.count()

    run()

    case.newer.refresh_from_db()
    assert (str(case.newer.text), case.newer.revisions.count()) == (text, number)


def test_it_is_quiet_when_asked(capsys):
    tell()

    assert run(verbosity=0) == []
    assert Suggestion.objects.count() == 1
    assert capsys.readouterr() == ("", "")


def test_there_is_no_progress_bar_where_nobody_looks(capsys):
    tell()
    run()

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("fault", [OperationalError("database is locked"), KeyboardInterrupt()])
def test_a_fault_on_the_way_is_told_and_what_was_found_is_kept(monkeypatch, fault):
    tell()
    search = suggestions.search

    def broken(*bars):
        yield from search(*bars)
        raise fault

    monkeypatch.setattr(suggestions, "search", broken)

    with pytest.raises(CommandError, match="locked|Interrupted"):
        run()
    assert Suggestion.objects.count() == 1


def test_an_empty_blog_is_no_fault():
    assert run()[0].startswith("0 posts compared.")


def test_posts_without_text_or_title_are_no_fault():
    make.post("", "", published=OLD)
    make.post("", LANTERN, published=OLD)
    make.post("", LANTERN, published=NEW)

    assert run()[0] == "100 % of “(untitled)” (20 September 2010) stands in “(untitled)”" + (
        " (9 August 2017)"
    )
