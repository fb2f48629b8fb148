"""Reprints: an older post as it stands, and a view figure frozen at one moment."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from comments.models import ChosenComment
from posts.models import Reprint
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


def test_a_reprint_shows_the_source_as_it_stands(source):
    reprint = make.reprint(make.post(), source)
    source.revise("Fog", "<p>Two.</p>")
    reprint.refresh_from_db()

    assert reprint.shown == "<p>Two.</p>"


def test_a_reprint_of_one_revision_keeps_showing_it(source):
    reprint = make.reprint(make.post(), source, revision=source.revisions.get())
    source.revise("Fog", "<p>Two.</p>")
    reprint.refresh_from_db()

    assert reprint.shown == "<p>One.</p>"


def test_a_reprint_of_words_that_were_withheld_shows_the_source_as_it_stands(source):
    reprint = make.reprint(make.post(), source, revision=source.revisions.get())
    source.revise("Fog", "<p>Two.</p>", "amendment", note="A name.", withheld=True)
    reprint = Reprint.objects.get(pk=reprint.pk)

    assert reprint.shown == "<p>Two.</p>"


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
