"""The desk's page for a reprint, and those for the blog, its labels and old addresses."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from posts.models import Blog, Label, Reprint
from tests import make
from tests.desk import errors, page_of, rows, typed

pytestmark = pytest.mark.django_db

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)


# Within the post's form


def test_a_reprint_in_the_form_keeps_its_source_and_its_figure(desk):
    source, other = make.post(published=OLD), make.post(published=OLD)
    reprint = make.reprint(make.post(), source)
    row = {"id": reprint.pk, "source": other.pk, "order": 3, "introduction": "<p>Then:</p>"}

    answer = desk.post(page_of(reprint.post), typed("_save", reprint.post, **rows("reprints", row)))

    assert answer.status_code == 302
    reprint.refresh_from_db()
    assert (reprint.source, reprint.order, reprint.introduction) == (source, 3, "<p>Then:</p>")
    assert reprint.figure == 0


@pytest.mark.parametrize("button", ["_save", "_unpublish"])
def test_a_post_is_saved_and_taken_out_of_view_though_a_source_went_out_of_view(desk, button):
    source = make.post(published=OLD)
    reprint = make.reprint(make.post(), source)
    source.unpublish()
    row = {"id": reprint.pk, "source": source.pk, "order": 1, "introduction": "<p>Changed.</p>"}

    answer = desk.post(page_of(reprint.post), typed(button, reprint.post, **rows("reprints", row)))

    assert answer.status_code == 302
    reprint.refresh_from_db()
    assert reprint.introduction == "<p>Changed.</p>"
    assert reprint.post.is_draft is (button == "_unpublish")


def test_a_post_out_of_view_is_no_source_of_a_new_reprint(desk):
    source, post = make.post(published=None), make.post()
    row = {"source": source.pk, "order": 1}

    answer = desk.post(page_of(post), typed("_save", post, **rows("reprints", row)))

    assert "Only a published post can be reprinted." in answer.content.decode()
    assert not Reprint.objects.exists()


# A reprint's page


def test_comments_are_chosen_in_the_order_of_their_numbers(desk):
    source = make.post(published=OLD)
    first, second, third = (make.comment(source) for _ in range(3))
    make.comment(source, state="held")
    reprint = make.reprint(make.post(published=None), source, chosen=[second])
    address = reverse("admin:posts_reprint_change", args=[reprint.pk])
    offered = desk.get(address).context["adminform"].form.fields["comments"].queryset
    assert list(offered) == [first, second, third]

    desk.post(address, {"introduction": "<p>Then:</p>", "comments": [third.pk, first.pk]})

    assert [chosen.comment for chosen in reprint.chosen.all()] == [first, third]
    reprint.refresh_from_db()
    assert reprint.introduction == "<p>Then:</p>"


def test_a_comment_of_another_post_cannot_be_chosen(desk):
    reprint = make.reprint(make.post(published=None), make.post(published=OLD))
    stranger = make.comment(make.post())
    address = reverse("admin:posts_reprint_change", args=[reprint.pk])

    answer = desk.post(address, {"comments": [stranger.pk]})

    assert errors(answer, "comments")


def test_the_exchange_with_a_subject_comes_along_without_being_chosen(desk):
    source = make.post(published=OLD)
    reply = make.right(source).receive("It was not me.")
    reply.publish(by=desk.author)
    reprint = make.reprint(make.post(published=None), source)

    page = desk.get(reverse("admin:posts_reprint_change", args=[reprint.pk]))

    assert not page.context["adminform"].form.fields["comments"].queryset.exists()


def test_a_reprint_offers_its_sources_revisions_that_are_not_withheld(desk):
    source = make.post(text="<p>One.</p>", published=OLD)
    source.revise(source.title, "<p>Two.</p>", "amendment", "Why.", withheld=True)
    make.post()
    reprint = make.reprint(make.post(published=None), source)

    page = desk.get(reverse("admin:posts_reprint_change", args=[reprint.pk]))

    offered = page.context["adminform"].form.fields["revision"].queryset
    assert [revision.number for revision in offered] == [2]


# The blog, labels, old addresses


def test_the_blogs_list_leads_to_its_one_row(desk):
    address = reverse("admin:posts_blog_changelist")
    assert desk.get(address)["Location"] == reverse("admin:posts_blog_add")

    make.blog()

    assert desk.get(address)["Location"] == reverse("admin:posts_blog_change", args=[1])
    assert desk.get(reverse("admin:posts_blog_add")).status_code == 403
    assert desk.post(reverse("admin:posts_blog_delete", args=[1])).status_code == 403
    assert Blog.objects.count() == 1


def test_a_label_gets_its_address_from_its_name(desk):
    desk.post(reverse("admin:posts_label_add"), {"name": "Spring tides", "slug": ""})

    assert Label.objects.get().slug == "spring-tides"


def test_old_addresses_can_be_searched(desk):
    post = make.post()
    post.old_addresses.create(path="/2017/08/fog.html")
    post.old_addresses.create(path="/2016/01/mud.html")

    rows = desk.get(reverse("admin:posts_oldaddress_changelist") + "?q=fog")

    assert [row.path for row in rows.context["cl"].result_list] == ["/2017/08/fog.html"]
