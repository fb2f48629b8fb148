"""Reprints: an older post as it stands, and a view figure frozen at one moment."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from comments.models import ChosenComment
from comments.reading import read, read_page
from posts.models import EarlierFigure, Post, Reprint, Revision
from tests import make

pytestmark = pytest.mark.django_db
THEN = datetime(2017, 8, 9, 10, 0, tzinfo=UTC)
NOON = datetime(2019, 8, 9, 11, 0, tzinfo=UTC)


@pytest.fixture
def source():
    post = make.post("Fog", "<p>One.</p>", published=THEN)
    make.views(post, {date(2017, 8, 9): 300, date(2019, 8, 9): 3, date(2019, 8, 10): 50})
    return post


def figure(reprint):
    reprint.refresh_from_db()
    return reprint.figure, reprint.figure_at, reprint.figure_of


def test_the_figure_freezes_when_the_reprint_is_published(source):
    newer = make.post(published=None)
    reprint = make.reprint(newer, source)

    newer.publish(at=NOON)

    assert figure(reprint) == (303, NOON, Reprint.VIEWS)


def test_a_draft_has_no_figure_yet(source):
    reprint = make.reprint(make.post(published=None), source)

    assert figure(reprint) == (None, None, "")


def test_a_frozen_figure_never_changes(source):
    newer = make.post(published=None)
    reprint = make.reprint(newer, source)
    newer.publish(at=NOON)
    make.views(source, {date(2018, 1, 1): 1000})

    newer.unpublish()
    newer.publish()

    assert figure(reprint)[0] == 303


def test_a_reprint_that_comes_into_a_public_post_gets_its_figure_at_once(source):
    reprint = make.reprint(make.post(), source)

    assert figure(reprint)[::2] == (353, Reprint.VIEWS)


def test_a_stale_copy_thaws_no_figure(source):
    newer = make.post(published=None)
    reprint = make.reprint(newer, source)
    stale = Reprint.objects.get(pk=reprint.pk)
    also_stale = Reprint.objects.get(pk=reprint.pk)
    newer.publish(at=NOON)

    stale.introduction = "<p>From the old logbook, again.</p>"
    stale.save()
    also_stale.freeze(THEN)

    assert figure(reprint) == (303, NOON, Reprint.VIEWS)
    assert reprint.introduction == "<p>From the old logbook, again.</p>"


def test_a_reprint_keeps_its_source(source):
    reprint = make.reprint(make.post(), source)
    reprint.source = make.post(published=THEN)

    with pytest.raises(ValidationError):
        reprint.full_clean()
    with pytest.raises(ValueError, match="of one post"):
        reprint.save()


def test_a_reprint_whose_source_went_out_of_view_is_still_in_order(source):
    reprint = make.reprint(make.post(), source)
    source.unpublish()

    Reprint.objects.get(pk=reprint.pk).full_clean()


def test_an_earlier_systems_count_is_not_in_the_figure(source):
    source.earlier_figures.create(system="Blogger", count=884, as_of=date(2017, 1, 1))
    newer = make.post(published=None)
    reprint = make.reprint(newer, source)

    newer.publish(at=NOON)

    assert figure(reprint)[0] == 303


def shown(reprint):
    """Return the ReprintReading of `reprint`, as its post's page has it now."""
    return read([Post.objects.get(pk=reprint.post_id)])[0].reprints[0]


def test_a_reprint_shows_the_source_as_it_stands(source):
    reprint = make.reprint(make.post(), source)
    source.revise("Fog", "<p>Two.</p>")

    assert shown(reprint).text == "<p>Two.</p>"
    assert shown(reprint).pinned is None


def test_a_reprint_of_one_revision_keeps_showing_it_and_knows_what_was_amended_since(source):
    source.revise("Fog", "<p>Two.</p>", "amendment", note="A name.")
    reprint = make.reprint(make.post(), source, revision=source.revisions.get(number=1))
    source.revise("Fog", "<p>Three.</p>", "amendment", note="A place.")
    later = make.reprint(make.post(), source, revision=source.revisions.get(number=2))

    assert shown(reprint).text == "<p>One.</p>"
    assert [one.note for one in shown(reprint).amendments] == ["A place.", "A name."]
    assert shown(later).text == "<p>Two.</p>"
    assert [one.note for one in shown(later).amendments] == ["A place."]


def test_a_reprint_of_words_that_were_withheld_shows_the_source_as_it_stands(source):
    reprint = make.reprint(make.post(), source, revision=source.revisions.get())
    source.revise("Fog", "<p>Two.</p>", "amendment", note="A name.", withheld=True)

    assert shown(reprint).text == "<p>Two.</p>"
    assert shown(reprint).pinned is None


def test_a_reprint_of_one_revision_shows_it_as_a_clean_up_left_it(source):
    source.revise("Fog", "<p>One.</p><p>Pasted.</p>")
    reprint = make.reprint(make.post(), source, revision=source.revisions.get(number=2))
    source.revise("Fog", "<p>One!</p>", Revision.Sort.TRIM)
    source.revise("Fog", "<p>Two.</p>")

    assert shown(reprint).text == "<p>One!</p>"


def test_a_reprint_of_a_post_that_reprints_names_what_that_reprinted(source):
    gone = make.post(published=THEN)
    middle = make.post(published=NOON)
    make.reprint(middle, source)
    make.reprint(middle, gone, order=2)
    gone.unpublish()
    reprint = make.reprint(make.post(), middle)

    assert shown(reprint).reprints == [source]
    assert source.text not in shown(reprint).text


def test_an_earlier_systems_figure_stands_with_a_reprint_made_after_it_was_true(source):
    for system, day in ("Blogger", date(2019, 8, 9)), ("WordPress", date(2019, 8, 10)):
        EarlierFigure.objects.create(post=source, system=system, count=884, as_of=day)
    newer = make.post(published=None)
    reprint = make.reprint(newer, source)
    newer.publish(at=NOON)

    assert [figure.system for figure in shown(reprint).earlier] == ["Blogger"]


def test_the_source_knows_where_it_was_reprinted_and_how_much_is_said_there(source):
    later, earlier = make.post(), make.post(published=NOON)
    for newer in (later, earlier, make.post(published=None)):
        make.reprint(newer, source)
    make.comment(earlier)
    make.comment(earlier, state="held")

    assert read_page(source).reprinted_in == [(earlier, 1), (later, 0)]


def test_a_reprint_that_nobody_counted_has_no_figure(source):
    reprint = Reprint(post=make.post(), source=source)
    reprint.save(uncounted=True)

    assert figure(reprint) == (None, None, "")


def test_figures_in_the_introduction_freeze_with_the_reprint(source):
    newer = make.post(published=None)
    reprint = make.reprint(newer, source, "<p>[views of fog] of you.</p>")
    assert reprint.introduction == "<p>[views of fog] of you.</p>"

    newer.publish(at=NOON)
    reprint.refresh_from_db()
    assert "303</data> of you." in reprint.introduction

    reprint.introduction += "<p>[views of fog]</p>"
    reprint.save()
    reprint.refresh_from_db()
    assert "353</data></p>" in reprint.introduction


def test_a_post_that_would_reprint_a_newer_one_is_not_published(source):
    newer = make.post(published=None)
    make.reprint(newer, source)

    with pytest.raises(ValueError, match="newer"):
        newer.publish(at=THEN)

    newer.refresh_from_db()
    assert newer.is_draft
    with pytest.raises(ValueError, match="older"):
        make.reprint(make.post(published=THEN), source)


def test_a_source_cannot_be_deleted_from_under_its_reprints(source):
    make.reprint(make.post(), source)

    with pytest.raises(ProtectedError):
        source.delete()


def test_only_an_older_published_post_can_be_reprinted(source):
    newer = make.post()
    for wrong in (make.post(published=None), newer, make.post()):
        reprint = Reprint(post=newer, source=wrong)
        with pytest.raises(ValidationError):
            reprint.full_clean()

    Reprint(post=newer, source=source).full_clean()


def test_a_post_is_reprinted_once_in_another(source):
    newer = make.post()
    make.reprint(newer, source)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.reprint(newer, source)


def test_a_revision_of_another_post_is_refused(source):
    newer = make.post()

    with pytest.raises(ValidationError):
        Reprint(post=newer, source=source, revision=newer.revisions.get()).full_clean()


def test_a_comment_of_another_post_cannot_be_chosen(source):
    reprint = make.reprint(make.post(), source)
    ours, other = make.comment(source), make.comment(make.post())

    ChosenComment(reprint=reprint, comment=ours).full_clean()
    with pytest.raises(ValidationError):
        ChosenComment(reprint=reprint, comment=other).full_clean()


def test_published_reprints_are_those_in_published_posts(source):
    public = make.reprint(make.post(), source)
    make.reprint(make.post(published=None), source)

    assert list(Reprint.objects.published()) == [public]
