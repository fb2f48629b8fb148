"""A suggested reprint: what accepting it, undoing that, dismissing and reopening it do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import suggestions
from comments.models import Act, Suggestion
from posts.changes import versions
from posts.models import Post, Reprint, Revision
from tests import make, pasted
from tests.pasted import BARGE, LANTERN, NEW, OLD, SHORT, suggested
from tests.threads import together

pytestmark = pytest.mark.django_db

State = Suggestion.State
MIDDLE = OLD + timedelta(days=900)


def text_of(post):
    return " ".join(Post.objects.get(pk=post.pk).words.split())


def accepted(**values):
    case = suggested(**values)
    case.before = text_of(case.newer)
    case.reprint = case.suggestion.accept()
    return case


# Accepting


def test_accepting_makes_the_reprint_with_its_comments_and_trims_the_text():
    case = accepted(after="<p>That was the old one.</p>")

    assert case.reprint.source == case.source
    assert [row.comment for row in case.reprint.chosen.all()] == [
        case.crusts,
        case.spoon,
        case.nights,
    ]
    assert text_of(case.newer) == (
        "It is a quiet day on the river, so here is an old one. That was the old one."
    )
    assert Suggestion.objects.get().state == State.ACCEPTED


def test_a_trim_is_a_revision_of_its_own_sort_that_readers_are_not_told_of():
    case = accepted()

    revisions = list(case.newer.revisions.order_by("number"))
    assert [one.sort for one in revisions] == [Revision.Sort.FIRST, Revision.Sort.TRIM]
    assert len(versions(revisions)) == 1
    assert Post.objects.get(pk=case.newer.pk).amended_at is None


def test_nobody_claims_to_know_how_often_it_had_been_viewed_then():
    case = accepted()

    case.reprint.refresh_from_db()
    assert (case.reprint.figure, case.reprint.figure_at) == (None, None)


def test_accepting_leaves_who_did_it(django_user_model):
    case = suggested()
    author = make.author()
    case.suggestion.accept(by=author)

    act = Act.objects.get(verb="accept_suggestion")
    assert (act.by, act.post, act.note) == (author, case.newer, case.source.title)


def test_what_stands_between_two_passages_introduces_the_second():
    first = make.post("The lantern", LANTERN, published=OLD)
    second = make.post("The barge", BARGE, published=MIDDLE)
    text = f"<p>Two.</p>{pasted.pasted(first)}<p>The other is wetter.</p>{pasted.pasted(second)}"
    newer = make.post("Both", text, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)

    for one in Suggestion.objects.order_by("-place"):
        one.accept()

    assert text_of(newer) == "Two."
    assert [(str(one), one.introduction) for one in newer.reprints.all()] == [
        ("The lantern", ""),
        ("The barge", "<p>The other is wetter.</p>"),
    ]


def test_a_text_that_changed_since_is_looked_at_again():
    case = suggested()
    case.newer.revise(case.newer.title, "<p>Only this is left.</p>")

    with pytest.raises(ValueError, match="no longer stands"):
        case.suggestion.accept()

    assert text_of(case.newer) == "Only this is left."
    assert not Reprint.objects.exists()
    assert Suggestion.objects.get().is_open


def test_what_the_author_did_not_see_is_not_done():
    case = suggested()
    text, what = case.suggestion.look()
    seen = what.fingerprint(text.html)
    case.newer.revise(case.newer.title, f"{case.newer.text}<p>One word more.</p>")

    with pytest.raises(ValueError, match="since you looked"):
        case.suggestion.accept(seen=seen)

    assert not Reprint.objects.exists()
    text, what = case.suggestion.look()
    case.suggestion.accept(seen=what.fingerprint(text.html))


@pytest.mark.parametrize("which", ["source", "newer"])
def test_both_posts_have_to_be_public(which):
    case = suggested()
    getattr(case, which).unpublish()

    with pytest.raises(ValueError, match="public"):
        case.suggestion.accept()


def test_a_reprint_made_by_hand_meanwhile_is_not_made_twice():
    case = suggested()
    make.reprint(case.newer, case.source)

    with pytest.raises(ValueError, match="already"):
        case.suggestion.accept()

    assert Reprint.objects.count() == 1


def test_a_paragraph_that_is_half_the_authors_own_stays():
    source = make.post("The lantern", LANTERN, published=OLD)
    parts = pasted.rewrapped(source.text)
    mixed = f"<p>{parts[1]} and I, for one, would have gone on {parts[2]}</p>"
    newer = make.post("New", f"<p>{parts[0]}</p>{mixed}", published=NEW)
    (found,) = suggestions.search()
    Suggestion.objects.put(found)

    Suggestion.objects.get().accept()

    assert "would have gone on" in text_of(newer)
    assert "Old Beppo" in text_of(newer)
    assert "ten past eleven" not in text_of(newer)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_does():
    pk = suggested().suggestion.pk

    def accept(_):
        try:
            Suggestion.objects.get(pk=pk).accept()
        except ValueError as error:
            return str(error)
        return "done"

    assert sorted(together(2, accept)) == ["This suggestion has been decided already.", "done"]
    assert Reprint.objects.count() == 1
    assert Revision.objects.filter(sort=Revision.Sort.TRIM).count() == 1


# Undoing


def test_an_undo_puts_everything_back_as_it_was():
    case = suggested()
    before = str(Post.objects.get(pk=case.newer.pk).text)
    case.suggestion.accept()

    case.suggestion.undo()

    assert Post.objects.get(pk=case.newer.pk).text == before
    assert not Reprint.objects.exists()
    assert Suggestion.objects.get().is_open
    case.suggestion.accept()
    assert Reprint.objects.exists()


def test_two_undone_in_the_order_they_were_accepted_are_back_in_their_places():
    first = make.post("The lantern", LANTERN, published=OLD)
    second = make.post("The barge", BARGE, published=MIDDLE)
    text = f"<p>Two.</p>{pasted.pasted(first)}<p>And this.</p>{pasted.pasted(second)}<p>So.</p>"
    newer = make.post("Both", text, published=NEW)
    before = text_of(newer)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    for one in Suggestion.objects.all():
        one.accept()
    assert text_of(newer) == "Two. So."

    for one in Suggestion.objects.all():
        one.undo()

    assert text_of(newer) == before


def test_what_was_written_since_stays_when_it_is_undone():
    case = accepted()
    newer = Post.objects.get(pk=case.newer.pk)
    newer.revise("A new title", f"{newer.text}<p>Written since.</p>")

    case.suggestion.undo()

    newer.refresh_from_db()
    assert newer.title == "A new title"
    assert text_of(newer) == f"{case.before} Written since."


def test_an_introduction_rewritten_since_goes_back_in_place_of_the_former():
    first = make.post("The lantern", LANTERN, published=OLD)
    second = make.post("The barge", BARGE, published=MIDDLE)
    text = f"<p>Two.</p>{pasted.pasted(first)}<p>Wetter.</p>{pasted.pasted(second)}"
    newer = make.post("Both", text, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    barge = Suggestion.objects.get(source=second)
    reprint = barge.accept()
    reprint.introduction = "<p>Much wetter.</p>"
    reprint.save()

    barge.undo()

    assert "Much wetter. The barge" in text_of(newer)
    assert text_of(newer).count("etter.") == 1


def test_a_reprint_taken_away_by_hand_can_be_undone_too():
    case = accepted()
    case.reprint.delete()

    Suggestion.objects.get().undo()

    assert text_of(case.newer) == case.before


@pytest.mark.parametrize("how", ["remove", "erase", "mark_spam"])
def test_a_comment_taken_out_since_is_not_put_back(how):
    case = accepted()
    getattr(case.spoon, how)()

    assert "spoon" not in "".join(case.suggestion.returning())
    case.suggestion.undo()

    text = text_of(case.newer)
    assert "spoon" not in text
    assert "burning the crusts" in text
    assert SHORT in text


@pytest.mark.parametrize("which", ["source", "newer"])
def test_words_withheld_since_are_not_put_back(which):
    case = accepted()
    post = Post.objects.get(pk=getattr(case, which).pk)
    note = {"note": "A name is gone.", "withheld": True, "sort": Revision.Sort.AMENDMENT}
    post.revise(post.title, f"{post.text}<p>Amended.</p>", **note)

    with pytest.raises(ValueError, match="withheld since"):
        case.suggestion.undo()

    assert Reprint.objects.count() == 1
    assert "Beppo" not in text_of(case.newer)


def test_words_withheld_before_it_was_accepted_are_no_hindrance():
    case = suggested()
    note = {"note": "A name is gone.", "withheld": True, "sort": Revision.Sort.AMENDMENT}
    case.newer.revise("From the drawer", f"{case.newer.text}<p>Amended.</p>", **note)
    before = text_of(case.newer)
    case.suggestion.accept()

    case.suggestion.undo()

    assert text_of(case.newer) == before


def test_a_source_out_of_public_view_is_not_put_back():
    case = accepted()
    case.source.unpublish()

    with pytest.raises(ValueError, match="out of public view"):
        case.suggestion.undo()

    assert "Beppo" not in text_of(case.newer)


def test_what_was_not_accepted_is_not_undone():
    with pytest.raises(ValueError, match="not accepted"):
        suggested().suggestion.undo()


# Dismissing


def test_dismissing_and_reopening_change_no_text():
    case = suggested()
    before = text_of(case.newer)

    case.suggestion.dismiss()
    case.suggestion.dismiss()
    assert Suggestion.objects.get().is_dismissed
    assert case.suggestion.decided_at <= timezone.now()
    with pytest.raises(ValueError, match="decided already"):
        case.suggestion.accept()
    case.suggestion.reopen()

    assert Suggestion.objects.get().is_open
    assert text_of(case.newer) == before
    assert Act.objects.filter(verb="dismiss_suggestion").count() == 1


@pytest.mark.parametrize("verb", ["dismiss", "reopen"])
def test_what_is_accepted_is_undone_first(verb):
    case = accepted()

    with pytest.raises(ValueError, match="undo that first"):
        getattr(case.suggestion, verb)()
