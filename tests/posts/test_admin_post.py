"""The desk's form for posts: each button calls its verb, and nothing else writes a state."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from posts.admin import editor
from posts.models import Label, Post, Reprint, Revision, ViewLeftOut
from tests import make
from tests.desk import act_on, errors, list_of, page_of, staff, typed

pytestmark = pytest.mark.django_db

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)
ADD = reverse("admin:posts_post_add")
LISTS = list_of(Post)


# Buttons


def test_a_draft_may_be_saved_without_a_title(desk):
    desk.post(ADD, typed("_save", text="<p>Half a thought.</p>"))

    post = Post.objects.get()
    assert post.is_draft
    assert post.words == "Half a thought."


def test_publish_now_publishes_and_stays_with_the_post(desk):
    answer = desk.post(ADD, typed("_publish", title="Low water", text="<p>Mud.</p>"))

    post = Post.objects.get()
    assert post.is_published
    assert answer["Location"] == page_of(post)


def test_nothing_is_published_without_a_title(desk):
    answer = desk.post(ADD, typed("_publish", text="<p>Mud.</p>"))

    assert errors(answer, "title")
    assert not Post.objects.exists()
    assert "Mud." in answer.content.decode()


def test_publishing_freezes_the_figures_of_the_reprints_in_the_same_form(desk):
    source = make.post(published=OLD)
    make.views(source, {date(2017, 8, 10): 303})
    sent = typed("_publish", title="A quiet day")
    sent |= {
        "reprints-TOTAL_FORMS": "1",
        "reprints-0-source": source.pk,
        "reprints-0-order": "1",
        "reprints-0-introduction": "<p>Nine years ago.</p>",
    }

    desk.post(ADD, sent)

    assert Reprint.objects.get().figure == 303


def test_a_reprint_put_into_a_public_post_gets_its_figure_too(desk):
    source = make.post(published=OLD)
    make.views(source, {date(2017, 8, 10): 884})
    post = make.post()
    sent = typed("_save", post)
    sent |= {
        "reprints-TOTAL_FORMS": "1",
        "reprints-0-source": source.pk,
        "reprints-0-order": "1",
    }

    desk.post(page_of(post), sent)

    assert Reprint.objects.get().figure == 884


def test_schedule_wants_a_moment_that_is_still_to_come(desk):
    post = make.post(published=None)

    without = desk.post(page_of(post), typed("_schedule", post))
    past = desk.post(page_of(post), typed("_schedule", post, when_0="2017-08-09", when_1="09:24"))

    assert errors(without, "when") and errors(past, "when")
    post.refresh_from_db()
    assert post.is_draft


def test_schedule_reads_the_moment_as_local_time(desk):
    post = make.post(published=None)

    desk.post(page_of(post), typed("_schedule", post, when_0="01/07/2099", when_1="09:24"))

    post.refresh_from_db()
    assert post.is_scheduled
    assert post.publish_at == datetime(2099, 7, 1, 8, 24, tzinfo=UTC)


def test_a_scheduled_post_saved_with_another_moment_waits_for_that_one(desk):
    post = make.post(published=None, scheduled=timezone.now() + timedelta(days=1))

    desk.post(page_of(post), typed("_save", post, when_0="2099-07-01", when_1="09:24"))

    post.refresh_from_db()
    assert post.is_scheduled
    assert post.publish_at.year == 2099


def test_take_out_of_public_view_keeps_the_first_date(desk):
    post = make.post(published=OLD)

    desk.post(page_of(post), typed("_unpublish", post))

    post.refresh_from_db()
    assert post.is_draft
    assert post.published_at == OLD


def test_labels_are_saved(desk):
    label = Label.objects.named("Fog")

    desk.post(ADD, typed("_save", title="Horn", labels=[label.pk]))

    assert list(Post.objects.get().labels.all()) == [label]


# Changing what is public


def test_a_small_correction_makes_a_revision_and_no_amendment(desk):
    post = make.post(text="<p>At five.</p>", published=OLD)

    desk.post(page_of(post), typed("_save", post, text="<p>At six.</p>", sort="small"))

    post.refresh_from_db()
    made = post.revisions.get(number=2)
    assert (made.sort, made.by, post.amended_at) == ("small", desk.author, None)


def test_an_amendment_has_its_note_and_withholds_the_former_words(desk):
    post = make.post(text="<p>She was late.</p>", published=OLD)

    desk.post(
        page_of(post),
        typed(
            "_save",
            post,
            text="<p>The boat was late.</p>",
            sort="amendment",
            note="It was the boat.",
            withheld="on",
        ),
    )

    post.refresh_from_db()
    former, made = post.revisions.order_by("number")
    assert former.withheld and not made.withheld
    assert (made.sort, made.note, made.by) == ("amendment", "It was the boat.", desk.author)
    assert post.amended_at


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": "<p>New.</p>", "sort": "amendment"}, "note"),
        ({"sort": "amendment", "note": "Nothing has changed, though."}, "note"),
        ({"text": "<p>New.</p>", "sort": "small", "withheld": "on"}, "withheld"),
    ],
)
def test_an_amendment_that_would_not_be_one_is_an_error_of_its_field(desk, sent, field):
    post = make.post(text="<p>Old.</p>", published=OLD)

    answer = desk.post(page_of(post), typed("_save", post, **sent))

    assert errors(answer, field)
    assert post.revisions.count() == 1


def test_saving_a_public_post_unchanged_makes_no_revision(desk):
    post = make.post(text="<p>Write &lt;b&gt; for bold &amp; so on.</p>", published=OLD)
    shown = desk.get(page_of(post)).content.decode()
    assert "Write &amp;lt;b&amp;gt; for bold" in shown  # escaped once more, for the textarea

    desk.post(page_of(post), typed("_save", post, sort="small", comment_policy="closed"))

    post.refresh_from_db()
    assert post.comment_policy == "closed"
    assert post.revisions.count() == 1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<p>One <strong>two</strong></p><h3>three</h3>", True),
        ('<figure><img src="/a.jpg"><figcaption>A bell</figcaption></figure>', True),
        ('<p>A bell <img src="/a.jpg"> in a sentence</p>', False),
        ("<dl><dt>Ebb</dt><dd>out</dd></dl>", False),
        ("<div>From Blogger</div>", False),
        ("", True),
    ],
)
def test_a_text_that_the_rich_editor_would_harm_is_shown_as_html(desk, text, kept):
    post = make.post(text=text)

    form = desk.get(page_of(post)).context["adminform"].form
    asked = desk.get(page_of(post) + "?editor=rich").context["adminform"].form

    assert isinstance(form.fields["text"].widget, editor.RichText) is kept
    assert isinstance(asked.fields["text"].widget, editor.RichText)


# Revisions, people, requests beside the form


def test_the_form_shows_revisions_and_the_letterbox_link(desk):
    post = make.post(text="<p>Old.</p>")
    post.revise(post.title, "<p>New.</p>", Revision.Sort.AMENDMENT, "Why it changed.")
    right = make.right(post)
    right.requests.create(wrong="All of it.")

    page = desk.get(page_of(post)).content.decode()

    assert "Why it changed." in page
    assert right.letterbox in page
    assert "All of it." in page


def test_the_form_shows_views_by_day_and_what_was_not_counted(desk):
    post = make.post(published=OLD)
    today = timezone.localdate()
    make.views(post, {date(2017, 8, 10): 303, today - timedelta(days=29): 17, today: 4})
    for day, reason, count in ((OLD, "crawler", 40), (today, "crawler", 2), (today, "author", 5)):
        ViewLeftOut.objects.create(post=post, day=day, reason=reason, count=count)

    answer = desk.get(page_of(post))

    days = answer.context["views"]["days"]
    assert len(days) == 30
    assert (days[0], days[1][1], days[29][1]) == ((today, 4), 0, 17)
    assert answer.context["views"]["left_out"] == [
        ("a crawler or another program", 42),
        ("the author", 5),
    ]
    assert "324 views in all." in answer.content.decode()


def test_the_form_costs_as_many_queries_with_many_days_and_revisions_as_with_few(
    desk, django_assert_num_queries
):
    post = make.post(published=OLD)
    make.views(post, {date(2017, 8, 10): 303})
    ViewLeftOut.objects.create(post=post, day=OLD, reason="crawler", count=1)
    desk.get(page_of(post))
    with CaptureQueriesContext(connection) as few:
        desk.get(page_of(post))

    today = timezone.localdate()
    make.views(post, {today - timedelta(days=ago): ago for ago in range(60)})
    for reason in ViewLeftOut.Reason.values:
        ViewLeftOut.objects.create(post=post, day=today, reason=reason, count=1)
    for number in range(5):
        post.revise(post.title, f"<p>{number}</p>", by=desk.author)

    with django_assert_num_queries(len(few)):
        desk.get(page_of(post))


def test_the_letterbox_link_is_not_for_those_who_only_look(client):
    right = make.right(make.post())
    client.force_login(staff("view_post", "view_rightofreply"))

    for page in (
        page_of(right.post),
        reverse("admin:comments_rightofreply_change", args=[right.pk]),
    ):
        answer = client.get(page)
        assert answer.status_code == 200
        assert right.letterbox not in answer.content.decode()


def test_the_import_map_carries_the_nonce_of_the_policy(desk):
    answer = desk.get(ADD)

    policy = answer["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'<script type="importmap" nonce="{nonce}">' in answer.content.decode()
    assert "unsafe" not in policy


def test_preview_saves_and_opens_it(desk):
    post = make.post(published=None)

    answer = desk.post(page_of(post), typed("_preview", post, title="Changed"))

    post.refresh_from_db()
    assert post.title == "Changed"
    assert answer["Location"] == reverse("admin:posts_post_preview", args=[post.pk])


def test_staff_without_permission_can_do_nothing(client):
    post = make.post(published=None)
    client.force_login(staff())

    assert client.get(LISTS).status_code == 403
    assert client.post(page_of(post), typed("_publish", post)).status_code == 403
    client.force_login(staff("view_post", username="looker"))
    assert client.get(page_of(post)).status_code == 200
    assert client.post(page_of(post), typed("_publish", post)).status_code == 403
    client.post(LISTS, act_on([post], "reprint"))
    assert Post.objects.count() == 1
