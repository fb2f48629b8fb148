"""Undoing an accepted suggestion when the author has gone on writing: all is back in its place."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import suggestions
from comments.models import Reason, Suggestion
from comments.restoring import restored
from posts.blocks import Text, cut
from posts.changes import versions
from posts.models import Post, Reprint
from tests import make, pasted
from tests.comments.test_trimming import FIRST, PASTED, SECOND, THIRD
from tests.pasted import BARGE, LANTERN, NEW, OLD, suggested

pytestmark = pytest.mark.django_db


def accepted(newer, older=LANTERN):
    """Return (the newer post, its suggestion, which was accepted)."""
    make.post("The lantern on the mole", older, published=OLD)
    post = make.post("New", newer, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    one = Suggestion.objects.get()
    one.accept()
    return Post.objects.get(pk=post.pk), one


def undone_after(post, one, old, new):
    """Return the text after `old` was made `new` in it, and the suggestion undone."""
    assert old in post.text
    post.revise(post.title, post.text.replace(old, new))
    one.undo()
    return str(Post.objects.get(pk=post.pk).text)


BARE = f"{FIRST}<br><br>{SECOND}<br><br>{THIRD}"


@pytest.mark.parametrize(
    ("newer", "old", "new", "whole"),
    [
        # Pieces of paragraphs
        (
            f"<p>Intro. {FIRST}</p><p>{SECOND}</p><p>{THIRD} And so on.</p><p>Outro.</p>",
            "Outro",
            "Outro again",
            f"<p>Intro.</p><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p><p> And so on.</p>"
            "<p>Outro again.</p>",
        ),
        # What stood before it is reworded, then what stood below it, then both
        (
            f"<p>Intro.</p>{PASTED}<p>Outro.</p>",
            "Intro",
            "A better intro",
            f"<p>A better intro.</p>{PASTED}<p>Outro.</p>",
        ),
        (
            f"<p>Intro.</p>{PASTED}<p>Outro.</p>",
            "Outro",
            "A better outro",
            f"<p>Intro.</p>{PASTED}<p>A better outro.</p>",
        ),
        (
            f"<p>So.</p><p>Intro.</p>{PASTED}<p>Outro.</p><p>Bye.</p>",
            "<p>Intro.</p><p>Outro.</p>",
            "<p>Better.</p><p>Worse.</p>",
            f"<p>So.</p><p>Better.</p>{PASTED}<p>Worse.</p><p>Bye.</p>",
        ),
        # It stood at the end, and at the beginning
        (f"<p>Intro.</p>{PASTED}", "Intro", "Hello", f"<p>Hello.</p>{PASTED}"),
        (f"{PASTED}<p>Outro.</p>", "Outro", "Bye", f"{PASTED}<p>Bye.</p>"),
        (f"{PASTED}<p>One.</p><p>Two.</p>", "Two", "Three", f"{PASTED}<p>One.</p><p>Three.</p>"),
        # Bare lines, as on Blogger; and lines within one paragraph
        (
            f"Quiet day.<br><br>{BARE}<br><br>Bye.",
            "Bye",
            "Bye bye",
            f"Quiet day.<div>{BARE}</div>Bye bye.",
        ),
        (
            f"<p>Quiet day.<br><br>{BARE}<br><br>Bye.</p>",
            "Bye",
            "Bye bye",
            f"<p>Quiet day.</p><p>{BARE}</p><p>Bye bye.</p>",
        ),
        # The same line twice
        (
            f"<p>Now.</p><p>And so to bed.</p>{PASTED}<p>And so to bed.</p><p>Bye.</p>",
            "Bye",
            "Bye bye",
            f"<p>Now.</p><p>And so to bed.</p>{PASTED}<p>And so to bed.</p><p>Bye bye.</p>",
        ),
    ],
)
def test_what_was_cut_is_back_in_its_place(newer, old, new, whole):
    post, one = accepted(newer)

    assert undone_after(post, one, old, new).replace("\n", "") == whole


def test_before_a_heading_that_stands_twice_it_is_back_behind_its_own():
    make.post("The lantern", LANTERN, published=OLD)
    make.post("The barge", BARGE, published=OLD)
    heading = "<p>From the archive:</p>"
    lantern = pasted.pasted(Post.objects.get(title="The lantern"), edited=False)
    barge = pasted.pasted(Post.objects.get(title="The barge"), edited=False)
    text = f"<p>Two.</p>{heading}{lantern}{heading}{barge}<p>So.</p>"
    newer = make.post("Both", text, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    before = str(Post.objects.get(pk=newer.pk).text)
    one = Suggestion.objects.get(source__title="The lantern")
    one.accept()

    left = undone_after(Post.objects.get(pk=newer.pk), one, "So.", "So it goes.")

    assert Text(left).words == Text(before.replace("So.", "So it goes.")).words


def test_both_headings_that_are_the_same_introduce_their_own_reprint():
    make.post("The lantern", LANTERN, published=OLD)
    make.post("The barge", BARGE, published=OLD)
    heading = "<p>From the archive:</p>"
    text = f"<p>Two.</p>{heading}{LANTERN}{heading}{BARGE}"
    newer = make.post("Both", text, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    for one in Suggestion.objects.all():
        one.accept()

    newer.refresh_from_db()
    assert newer.text == f"<p>Two.</p>{heading}"
    assert [str(one.introduction) for one in newer.reprints.all()] == ["", heading]


def test_what_the_author_put_back_by_hand_is_not_put_back_twice():
    case = suggested()
    before = str(Post.objects.get(pk=case.newer.pk).text)
    case.suggestion.accept()
    post = Post.objects.get(pk=case.newer.pk)
    post.revise(post.title, before)

    with pytest.raises(ValueError, match="again already"):
        case.suggestion.undo()

    assert Post.objects.get(pk=case.newer.pk).text == before
    assert Reprint.objects.count() == 1


def test_a_reprint_taken_away_and_made_again_by_hand_goes_with_an_undo():
    case = suggested()
    case.suggestion.accept().delete()
    make.reprint(case.newer, case.source)

    Suggestion.objects.get().undo()

    assert not Reprint.objects.exists()
    assert "Beppo" in Post.objects.get(pk=case.newer.pk).text


@pytest.mark.parametrize("how", ["remove", "erase", "mark_spam"])
def test_the_name_at_a_comment_that_was_taken_out_does_not_come_back(how):
    case = suggested()
    case.suggestion.accept()
    getattr(case.spoon, how)(**({} if how == "mark_spam" else {"reason": Reason.ASKED}))

    assert "Halyard" not in "".join(case.suggestion.returning())
    case.suggestion.undo()

    text = Post.objects.get(pk=case.newer.pk).text
    assert "Halyard" not in text
    assert "Bosun" in text


def test_an_introduction_that_was_emptied_since_does_not_come_back():
    make.post("The lantern", LANTERN, published=OLD)
    make.post("The barge", BARGE, published=OLD)
    newer = make.post("Both", f"<p>Two.</p>{LANTERN}<p>Wetter.</p>{BARGE}<p>So.</p>", published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    barge = Suggestion.objects.get(source__title="The barge")
    reprint = barge.accept()
    assert reprint.introduction == "<p>Wetter.</p>"
    reprint.introduction = ""
    reprint.save()

    barge.undo()

    text = Post.objects.get(pk=newer.pk).text
    assert "Wetter" not in text
    assert text.index("Beppo") < text.index("piano") < text.index("So.")


def shown_to_readers(post):
    """Return the texts of the post that readers can compare."""
    return [one.text for one in versions(list(post.revisions.order_by("number")))]


def test_readers_compare_what_they_saw_also_when_an_edit_came_before_the_undo():
    text = f"<p>Intro.</p>{PASTED}<p>Outro.</p>"
    post, one = accepted(text)
    assert shown_to_readers(post) == ["<p>Intro.</p><p>Outro.</p>"]

    undone_after(post, one, "Outro", "Bye")

    assert shown_to_readers(post) == [text, text.replace("Outro", "Bye")]
    one.accept()
    assert shown_to_readers(post) == ["<p>Intro.</p><p>Outro.</p>", "<p>Intro.</p><p>Bye.</p>"]
    one.undo()
    assert shown_to_readers(post) == [text, text.replace("Outro", "Bye")]


def test_readers_compare_what_they_saw_also_when_two_are_undone():
    make.post("The lantern", LANTERN, published=OLD)
    make.post("The barge", BARGE, published=OLD)
    text = f"<p>Two.</p>{LANTERN}<p>And:</p>{BARGE}<p>So.</p>"
    newer = make.post("Both", text, published=NEW)
    for found in suggestions.search():
        Suggestion.objects.put(found)
    before = str(Post.objects.get(pk=newer.pk).text)
    for one in Suggestion.objects.order_by("place"):
        one.accept()
    newer.refresh_from_db()
    newer.revise(newer.title, newer.text.replace("So.", "So it goes."))
    for one in Suggestion.objects.order_by("place"):
        one.undo()

    first, last = (Text(shown).words for shown in shown_to_readers(newer))

    assert first == Text(before).words
    assert last == Text(before.replace("So.", "So it goes.")).words
    Suggestion.objects.get(source__title="The barge").accept()
    first, last = shown_to_readers(newer)
    assert ("Beppo" in first, "piano" in first) == (True, False)
    assert ("Beppo" in last, "piano" in last) == (True, False)


def test_no_former_text_shows_a_comment_that_was_taken_out_before_the_undo():
    case = suggested()
    case.suggestion.accept()
    post = Post.objects.get(pk=case.newer.pk)
    post.revise(post.title, f"{post.text}<p>Written since.</p>")
    case.spoon.erase()

    case.suggestion.undo()

    texts = shown_to_readers(post)
    assert len(texts) == 2
    assert all("Beppo" in text and "crusts" in text for text in texts)
    assert not any("spoon" in text or "Halyard" in text for text in texts)


PARTS = [f"<p>Words of part{letter}, one of six.</p>" for letter in "ABCDEF"]


@settings(max_examples=200)
@given(st.data())
def test_whatever_is_edited_meanwhile_no_word_is_lost_and_the_order_stays(data):
    """Of six paragraphs some are cut; of the others some are rewritten; then the cut is undone."""
    gone = data.draw(st.sets(st.integers(0, 5), min_size=1, max_size=5), "cut")
    former = "".join(PARTS)
    starts = [former.index(part) for part in PARTS]
    ranges = [(starts[n] + 3, starts[n] + len(PARTS[n]) - 4) for n in sorted(gone)]
    left = cut(former, ranges)
    kept = [n for n in range(6) if n not in gone]
    edited = data.draw(st.sets(st.sampled_from(kept)) if kept else st.just(set()), "rewritten")
    now = "".join(f"<p>A new part{'ABCDEF'[n]}.</p>" if n in edited else PARTS[n] for n in kept)
    trimmed = {"ranges": ranges, "quoted": [], "introduction": [], "introduced": ""}

    back = restored(now, left, former, trimmed, set(), "")

    found = re.findall("part([A-F])", back)
    assert sorted(found) == list("ABCDEF")
    if len(edited) < 2:  # of one that was rewritten its neighbours tell the place
        assert found == list("ABCDEF")
