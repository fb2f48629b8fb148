"""Publishing at the desk: what there is to know first is asked once, and nothing typed is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import Post
from tests import make
from tests.desk import page_of, rows, staff, typed

pytestmark = pytest.mark.django_db

OLD = datetime(2012, 3, 4, 8, tzinfo=UTC)


@pytest.fixture
def source():
    """A post about somebody who was never told."""
    post = make.post("The lantern", published=OLD)
    make.right(post)
    return post


def publishing(post):
    return reverse("admin:posts_post_publish", args=[post.pk])


def sent_by(answer):
    """Return what the button of the page that asks would send."""
    return {name: str(value) for name, value in answer.context["form"].initial.items() if value}


def test_before_a_post_is_public_the_author_is_told_and_asked_once(desk, source):
    draft = make.post("From the drawer", published=None)
    reprint = make.reprint(draft, source)

    row = {"id": reprint.pk, "source": source.pk, "order": 1, "introduction": "<p>Then:</p>"}
    sent = typed("_publish", draft, title="New words", **rows("reprints", row))
    asked = desk.post(page_of(draft), sent, follow=True)

    page = asked.content.decode()
    assert asked.status_code == 200
    assert "“The lantern”: Maud Tarrant, whom it is about, was never told of it." in page
    assert page_of(source.rights.get()) in page
    draft.refresh_from_db()
    assert (draft.state, draft.title) == ("draft", "New words")  # saved, and not public
    reprint.refresh_from_db()
    assert reprint.introduction == "<p>Then:</p>"

    done = desk.post(publishing(draft), sent_by(asked))

    assert done["Location"] == page_of(draft)
    draft.refresh_from_db()
    assert draft.is_published
    reprint.refresh_from_db()
    assert reprint.figure == 0


def test_a_new_post_is_asked_about_as_well(desk, source):
    row = {"source": source.pk, "order": 1}

    sent = typed("_publish", title="New", **rows("reprints", row))
    asked = desk.post(reverse("admin:posts_post_add"), sent, follow=True)
    new = Post.objects.get(title="New")
    assert asked.redirect_chain == [(f"{publishing(new)}?verb=publish", 302)]
    desk.post(publishing(new), sent_by(asked))

    assert Post.objects.get(title="New").is_published


def test_a_new_draft_that_is_sent_again_is_not_saved_once_more(desk, source):
    """Its author has gone back to the form, which has lost what was in rows."""
    sent = typed("_publish", title="New", text="<p>The bar.</p>")
    row = {"source": source.pk, "order": 1}
    desk.post(reverse("admin:posts_post_add"), sent | rows("reprints", row))
    new = Post.objects.get(title="New")

    answer = desk.post(reverse("admin:posts_post_add"), sent)

    assert answer.status_code == 200
    assert "saved already, as a draft" in answer.content.decode()
    assert page_of(new) in answer.content.decode()
    assert list(Post.objects.filter(title="New")) == [new]
    new.refresh_from_db()
    assert new.is_draft


@pytest.mark.parametrize("asked", ["", "?verb=drop", "?verb=schedule&when=soon"])
def test_an_address_that_asks_nonsense_publishes_nothing(desk, asked):
    draft = make.post(published=None)

    answer = desk.get(publishing(draft) + asked)

    assert answer.status_code in (200, 302)
    assert Post.objects.get(pk=draft.pk).is_draft


def test_what_is_public_is_not_asked_about_again(desk):
    post = make.post()

    assert desk.get(publishing(post) + "?verb=publish")["Location"] == page_of(post)


def test_scheduling_asks_too_and_keeps_the_moment(desk, source):
    draft = make.post(published=None)
    make.reprint(draft, source)
    row = {"id": draft.reprints.get().pk, "source": source.pk, "order": 1}
    at = timezone.localtime(timezone.now() + timedelta(days=3)).replace(microsecond=0)
    when = {"when_0": f"{at:%Y-%m-%d}", "when_1": f"{at:%H:%M:%S}"}

    sent = typed("_schedule", draft, **when, **rows("reprints", row))
    asked = desk.post(page_of(draft), sent, follow=True)
    assert "was not used" not in asked.content.decode()
    assert Post.objects.get(pk=draft.pk).is_draft
    desk.post(publishing(draft), sent_by(asked))

    draft.refresh_from_db()
    assert (draft.is_scheduled, draft.publish_at) == (True, at)


def test_what_is_said_of_an_amendment_is_not_lost_by_being_asked(desk, source):
    post = make.post("Out and in", "<p>One.</p>")
    make.reprint(post, source)
    post.unpublish()
    row = {"id": post.reprints.get().pk, "source": source.pk, "order": 1}
    change = {"text": "<p>Two.</p>", "sort": "amendment", "note": " What “changed”. "}

    asked = desk.post(page_of(post), typed("_publish", post, **change, **rows("reprints", row)))
    desk.post(publishing(post), sent_by(asked))

    made = post.revisions.order_by("number").last()
    assert (made.sort, made.note.strip(), made.by) == ("amendment", "What “changed”.", desk.author)


def test_what_comes_up_meanwhile_is_asked_about_again(desk, source):
    draft = make.post(published=None)
    make.reprint(draft, source)
    row = {"id": draft.reprints.get().pk, "source": source.pk, "order": 1}
    sent = typed("_publish", draft, **rows("reprints", row))
    asked = desk.post(page_of(draft), sent, follow=True)
    source.rights.get().receive("I waited.")

    again = desk.post(publishing(draft), sent_by(asked))

    assert "a reply by Maud Tarrant waits" in again.content.decode()
    assert Post.objects.get(pk=draft.pk).is_draft
    desk.post(publishing(draft), sent_by(again))
    assert Post.objects.get(pk=draft.pk).is_published


def test_a_draft_that_was_changed_meanwhile_is_not_published_unseen(desk, source):
    draft = make.post("Old title", published=None)
    make.reprint(draft, source)
    row = {"id": draft.reprints.get().pk, "source": source.pk, "order": 1}
    sent = typed("_publish", draft, **rows("reprints", row))
    asked = desk.post(page_of(draft), sent, follow=True)
    Post.objects.get(pk=draft.pk).save()

    answer = desk.post(publishing(draft), sent_by(asked), follow=True)

    assert "it has changed since" in answer.content.decode()
    assert Post.objects.get(pk=draft.pk).is_draft


@pytest.mark.parametrize("sent", [{}, {"verb": "drop"}, {"verb": "publish", "when": "soon"}])
def test_nonsense_publishes_nothing(desk, sent):
    draft = make.post(published=None)

    answer = desk.post(publishing(draft), {"seen": draft.changed_at.isoformat(), **sent})

    assert answer.status_code == 302
    assert Post.objects.get(pk=draft.pk).is_draft


def test_who_may_only_look_publishes_nothing(client):
    draft = make.post(published=None)
    sent = {"verb": "publish", "seen": draft.changed_at.isoformat(), "known": "x"}
    assert client.post(publishing(draft), sent).status_code == 302

    client.force_login(staff("view_post"))

    assert client.post(publishing(draft), sent).status_code == 403
    assert client.get(publishing(draft) + "?verb=publish").status_code == 403
    assert Post.objects.get(pk=draft.pk).is_draft


def test_a_post_that_reprints_nothing_worrying_is_published_at_once(desk):
    draft = make.post(published=None)
    make.reprint(draft, make.post(published=OLD))
    row = {"id": draft.reprints.get().pk, "source": draft.reprints.get().source_id, "order": 1}

    desk.post(page_of(draft), typed("_publish", draft, **rows("reprints", row)))

    assert Post.objects.get(pk=draft.pk).is_published


def test_the_form_of_a_draft_tells_what_is_to_be_known(desk, source):
    draft = make.post(published=None)
    make.reprint(draft, source)
    assert "was never told of it" in desk.get(page_of(draft)).content.decode()

    draft.publish()

    assert "was never told of it" not in desk.get(page_of(draft)).content.decode()


def test_a_reprint_put_into_a_public_post_is_told_about(desk, source):
    post = make.post()
    row = {"source": source.pk, "order": 1}

    answer = desk.post(page_of(post), typed("_save", post, **rows("reprints", row)), follow=True)

    assert "was never told of it" in answer.content.decode()
    assert post.reprints.count() == 1


def test_taking_a_post_out_of_view_says_where_it_was_reprinted(desk):
    source = make.post(published=OLD)
    make.reprint(make.post("From the drawer"), source)

    answer = desk.post(page_of(source), typed("_unpublish", source), follow=True)

    assert "A note stands in its place where it is reprinted: “From the drawer”." in (
        answer.content.decode()
    )
