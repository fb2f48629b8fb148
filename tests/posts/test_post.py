"""Posts: what each verb decides, what it leaves behind, and what cannot be got round."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from posts.models import Label, Post, Revision
from posts.tasks import tick
from tests import make
from tests.threads import together

pytestmark = pytest.mark.django_db
THEN = datetime(2017, 8, 9, 10, 0, tzinfo=UTC)
LATER = THEN + timedelta(days=1)


def again(post):
    return Post.objects.get(pk=post.pk)


def test_publish_makes_a_draft_public_at_the_moment_given():
    post = make.post(published=None)

    post.publish(at=THEN)

    assert (again(post).state, again(post).published_at) == ("published", THEN)


def test_publishing_twice_keeps_the_first_moment():
    post = make.post(published=THEN)

    post.publish(at=LATER)

    assert again(post).published_at == THEN


def test_the_first_date_survives_being_taken_down_and_published_again():
    post = make.post(published=THEN)
    post.unpublish()

    post.publish(at=LATER)

    assert again(post).published_at == THEN


def test_unpublish_takes_a_post_out_of_view_and_keeps_its_revisions():
    post = make.post(published=THEN)

    post.unpublish()

    assert again(post).is_draft
    assert post.revisions.count() == 1


def test_unpublish_takes_a_scheduled_post_off_the_schedule():
    post = make.post(scheduled=THEN)

    post.unpublish()

    assert (again(post).state, again(post).publish_at) == ("draft", None)


def test_a_scheduled_post_is_not_public_before_the_worker_publishes_it():
    post = make.post(scheduled=THEN)

    assert list(Post.objects.published()) == []
    tick()
    assert list(Post.objects.published()) == [post]


def test_the_worker_leaves_a_post_alone_whose_moment_has_not_come():
    post = make.post(scheduled=timezone.now() + timedelta(minutes=1))

    tick()

    assert again(post).is_scheduled


def test_publish_if_due_leaves_alone_what_was_taken_off_the_schedule_meanwhile():
    post = make.post(scheduled=THEN)
    stale = again(post)
    post.unpublish()

    stale.publish_if_due()

    assert again(post).is_draft


def test_a_public_post_cannot_be_scheduled():
    post = make.post(published=THEN)

    post.schedule(LATER)

    assert (again(post).state, again(post).publish_at) == ("published", None)


def test_a_stale_instance_saved_does_not_take_back_a_publication():
    post = make.post(scheduled=THEN)
    stale = again(post)
    post.publish_if_due()

    stale.title = "Fog at last"
    stale.save()

    assert (again(post).state, again(post).title) == ("published", "Fog at last")


def test_a_stale_instance_saved_does_not_publish_what_was_taken_down():
    post = make.post(published=THEN)
    stale = again(post)
    post.unpublish()

    stale.save()

    assert again(post).is_draft


def test_save_does_not_write_what_verbs_decide():
    post = make.post(published=None)
    post.state, post.published_at = "published", THEN

    post.save()

    assert (again(post).state, again(post).published_at) == ("draft", None)


def test_save_with_named_fields_does_not_write_what_verbs_decide():
    post = make.post(published=None)
    post.state, post.published_at = "published", THEN

    post.save(update_fields=["state", "published_at", "title"])

    assert again(post).is_draft


# Revisions


def texts(post):
    return list(post.revisions.order_by("number").values_list("number", "sort", "title", "text"))


def test_a_draft_has_no_revisions():
    post = make.post("Fog", "<p>One.</p>", published=None)
    post.text = "<p>Two.</p>"
    post.save()

    assert texts(post) == []


def test_publication_makes_the_first_revision():
    post = make.post("Fog", "<p>One.</p>", published=THEN)

    assert texts(post) == [(1, "first", "Fog", "<p>One.</p>")]
    assert post.revisions.get().since == THEN


@pytest.mark.parametrize("field", ["title", "text"])
def test_each_save_of_a_changed_public_text_makes_a_revision(field):
    post = make.post("Fog", "<p>One.</p>", published=THEN)
    setattr(post, field, "<p>Two.</p>")

    post.save()

    assert [row[:2] for row in texts(post)] == [(1, "first"), (2, "small")]
    assert texts(post)[1] == (2, "small", post.title, post.text)


def test_a_save_that_changes_nothing_makes_no_revision():
    post = make.post(published=THEN)

    post.save()
    again(post).save()

    assert post.revisions.count() == 1


def test_a_draft_changed_after_being_public_gets_its_revision_when_public_again():
    post = make.post("Fog", "<p>One.</p>", published=THEN)
    post.unpublish()
    post.text = "<p>Two.</p>"
    post.save()

    post.publish()

    assert [row[3] for row in texts(post)] == ["<p>One.</p>", "<p>Two.</p>"]


def test_the_newest_revision_is_always_the_text_of_the_post():
    post = make.post("Fog", "<p>One.</p>", published=THEN)
    post.revise("Fog", "<p onclick=x>Two.")
    post.title = "Mist"
    post.save()

    last = post.revisions.order_by("-number").first()

    assert (last.title, last.text) == (again(post).title, again(post).text)
    assert (last.title, last.text) == ("Mist", "<p>Two.</p>")


@pytest.mark.parametrize("values", [{"text": "<p>x</p>"}, {"title": "x"}])
def test_text_and_title_cannot_be_changed_by_a_bulk_update(values):
    make.post()

    with pytest.raises(ValueError, match="revise"):
        Post.objects.update(**values)


@pytest.mark.parametrize("field", ["text", "title"])
def test_text_and_title_cannot_be_changed_by_bulk_update_of_instances(field):
    post = make.post()
    setattr(post, field, "x")

    with pytest.raises(ValueError, match="revise"):
        Post.objects.bulk_update([post], [field])


def test_revise_returns_the_revision_it_made():
    post = make.post("Fog", "<p>One.</p>", published=THEN)
    author = make.author()

    made = post.revise("Fog", "<p>Two.</p>", by=author)

    assert (made.number, made.sort, made.by) == (2, Revision.Sort.SMALL, author)


def test_a_small_correction_does_not_move_the_last_amended_date():
    post = make.post(published=THEN)

    post.revise("Fog", "<p>Two.</p>")

    assert again(post).amended_at is None


def test_an_amendment_moves_the_last_amended_date_and_keeps_the_first():
    post = make.post(published=THEN)

    made = post.revise("Fog", "<p>Two.</p>", Revision.Sort.AMENDMENT, note="The date was wrong.")

    assert (again(post).published_at, again(post).amended_at) == (THEN, made.since)
    assert list(Revision.objects.amendments()) == [made]


@pytest.mark.parametrize("note", ["", "  \n"])
def test_an_amendment_without_a_note_is_refused_and_changes_nothing(note):
    post = make.post("Fog", "<p>One.</p>", published=THEN)

    with pytest.raises(ValueError, match="note"):
        post.revise("Fog", "<p>Two.</p>", Revision.Sort.AMENDMENT, note=note)

    assert again(post).text == "<p>One.</p>"


def test_withheld_hides_the_words_that_stood_before():
    post = make.post("Fog", "<p>One.</p>", published=THEN)

    post.revise("Fog", "<p>Two.</p>", Revision.Sort.AMENDMENT, note="A name.", withheld=True)

    assert list(post.revisions.values_list("number", "withheld")) == [(1, True), (2, False)]


def test_a_small_correction_withholds_nothing():
    post = make.post("Fog", "<p>One.</p>", published=THEN)

    with pytest.raises(ValueError, match="withheld by an amendment"):
        post.revise("Fog", "<p>Two.</p>", withheld=True)

    assert again(post).text == "<p>One.</p>"


def test_a_revision_that_changes_nothing_is_not_made():
    post = make.post("Fog", "<p>One.</p>", published=THEN)

    assert post.revise("Fog", "<p>One.</p>", Revision.Sort.AMENDMENT, note="None.") is None
    assert (post.revisions.count(), again(post).amended_at) == (1, None)


def test_revising_a_draft_makes_no_revision():
    post = make.post("Fog", published=None)

    assert post.revise("Mist", "<p>Two.</p>") is None
    assert again(post).title == "Mist"


@pytest.mark.django_db(transaction=True)
def test_two_who_revise_at_once_make_two_revisions():
    post = make.post("Fog", "<p>One.</p>", published=THEN)

    together(4, lambda n: again(post).revise("Fog", f"<p>Words {n}.</p>"))

    assert list(post.revisions.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert again(post).text == post.revisions.last().text


@pytest.mark.django_db(transaction=True)
def test_a_post_that_many_workers_publish_at_once_is_published_once():
    post = make.post(scheduled=THEN)

    together(4, lambda _: again(post).publish_if_due())

    assert post.revisions.count() == 1


# Addresses


def test_a_taken_slug_gets_a_number():
    slugs = [make.post("Fog!").slug, make.post("Fog?").slug, make.post("fog").slug]

    assert slugs == ["fog", "fog-2", "fog-3"]


def test_a_page_and_a_post_do_not_share_a_slug():
    slugs = [make.post("Fog").slug, make.post("Fog", kind=Post.Kind.PAGE).slug]

    assert slugs == ["fog", "fog-2"]


@pytest.mark.parametrize(
    "title, slug",
    [
        ("", "post"),
        ("???", "post"),
        ("Ärger im Hafen", "ärger-im-hafen"),
        ("引航员", "引航员"),
        ("x" * 500, "x" * 180),
    ],
)
def test_a_slug_is_made_of_any_title(title, slug):
    assert make.post(title).slug == slug


def test_a_changed_title_does_not_change_the_address():
    post = make.post("Fog")
    post.title = "Mist"
    post.save()

    assert again(post).slug == "fog"


def test_two_posts_cannot_have_one_slug():
    make.post(slug="fog")

    with pytest.raises(IntegrityError), transaction.atomic():
        make.post(slug="fog")


def test_a_label_is_made_once_and_a_taken_slug_gets_a_number():
    labels = [Label.objects.named(name) for name in ("Fog", " Fog ", "fog!")]

    assert [label.slug for label in labels] == ["fog", "fog", "fog-2"]


@pytest.mark.parametrize(
    "moment, local",
    [
        (datetime(2019, 7, 31, 23, 30, tzinfo=UTC), date(2019, 8, 1)),  # summer time
        (datetime(2019, 7, 31, 22, 59, tzinfo=UTC), date(2019, 7, 31)),
        (datetime(2019, 12, 31, 23, 30, tzinfo=UTC), date(2019, 12, 31)),
        (datetime(2019, 3, 31, 23, 30, tzinfo=UTC), date(2019, 4, 1)),
    ],
)
def test_the_date_in_an_address_is_local(moment, local):
    post = make.post("Fog", published=moment)

    assert post.date == local
    assert post.get_absolute_url() == f"/{local:%Y/%m}/fog/"


# The same question, asked of all and asked of one


@pytest.fixture
def every_sort(db):
    """One post of every sort; their moments lie well before and after this minute."""
    return [
        make.post(published=None),
        make.post(published=THEN),
        make.post(scheduled=THEN),
        make.post(scheduled=timezone.now() + timedelta(hours=1)),
        make.post(kind=Post.Kind.PAGE),
        make.post(kind=Post.Kind.PAGE, published=None),
    ]


@pytest.mark.parametrize(
    "which, is_it, number",
    [
        ("published", "is_published", 2),
        ("drafts", "is_draft", 2),
        ("scheduled", "is_scheduled", 2),
        ("due", "is_due", 1),
        ("pages", "is_page", 2),
    ],
)
def test_queryset_and_property_agree(every_sort, which, is_it, number):
    found = set(getattr(Post.objects, which)())

    assert found == {post for post in Post.objects.all() if getattr(post, is_it)}
    assert len(found) == number


def test_posts_and_pages_are_everything(every_sort):
    assert set(Post.objects.posts()) | set(Post.objects.pages()) == set(every_sort)
    assert not set(Post.objects.posts()) & set(Post.objects.pages())


def test_labels_count_published_posts_alone():
    make.post(labels=["fog", "tide"])
    make.post(labels=["fog"])
    make.post(labels=["fog", "wind"], published=None)

    counts = {label.name: label.count for label in Label.objects.with_counts()}

    assert counts == {"fog": 2, "tide": 1}


def test_what_was_rewritten_out_of_public_view_comes_back_as_the_revision_it_is_said_to_be():
    author = make.author()
    post = make.post("Fog", "<p>One.</p>", published=THEN)
    post.unpublish()
    post.text = "<p>Two.</p>"
    post.save()

    post.publish(sort=Revision.Sort.AMENDMENT, note="The hour was wrong.", by=author)

    made = post.revisions.get(number=2)
    assert (made.sort, made.note, made.by) == ("amendment", "The hour was wrong.", author)
    assert again(post).amended_at == made.since


def test_withheld_words_are_in_no_earlier_revision_either():
    post = make.post("Fog", "<p>Her name.</p>", published=THEN)
    post.revise("Fog", "<p>Her  name, spelt rightly.</p>")

    post.revise("Fog", "<p>Nobody.</p>", Revision.Sort.AMENDMENT, note="A name.", withheld=True)

    assert list(post.revisions.values_list("withheld", flat=True)) == [True, True, False]


def test_the_address_of_a_draft_follows_its_title():
    draft = make.post("Fog", published=None)
    draft.title = "Mist on the bar"
    draft.save()

    assert again(draft).slug == "mist-on-the-bar"


def test_an_address_that_the_author_chose_stays():
    draft = make.post("Fog", published=None, slug="my-own")
    draft.title = "Mist on the bar"
    draft.save()

    assert again(draft).slug == "my-own"


def test_the_address_of_a_post_that_was_public_stays():
    post = make.post("Fog")
    post.unpublish()
    post.title = "Mist on the bar"
    post.save()

    assert again(post).slug == "fog"
