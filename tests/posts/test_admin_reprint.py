"""The desk's page for a reprint, and those for the blog, its labels and old addresses."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from posts.models import Blog, Label, Reprint
from tests import make
from tests.desk import errors, page_of, rows, staff, typed

pytestmark = pytest.mark.django_db

OLD = datetime(2017, 8, 9, 8, 24, tzinfo=UTC)


def picking(row):
    """Return what a post's form sends of one reprint, with what the choice of comments was."""
    sent = rows("reprints", row)
    if "initial-picked" in row:
        sent["initial-reprints-0-picked"] = sent.pop("reprints-0-initial-picked")
    return sent


def queries(desk, address):
    """Return how many queries it takes to answer."""
    with CaptureQueriesContext(connection) as made:
        assert desk.get(address).status_code == 200
    return len(made)


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


def test_comments_are_picked_and_ordered_in_the_row_and_saved_with_the_post(desk):
    source = make.post(published=OLD)
    first, second, third = (make.comment(source) for _ in range(3))
    reprint = make.reprint(make.post(published=None), source, chosen=[second])
    row = {
        "id": reprint.pk,
        "source": source.pk,
        "order": 1,
        "initial-picked": f"{second.pk}",
        "picked": f"{third.pk},{first.pk}",
    }

    answer = desk.post(page_of(reprint.post), typed("_save", reprint.post, **picking(row)))

    assert answer.status_code == 302
    assert [chosen.comment for chosen in reprint.chosen.all()] == [third, first]


def test_comments_are_picked_in_a_row_that_was_never_saved(desk):
    source = make.post(published=OLD)
    comment = make.comment(source)
    post = make.post(published=None)
    row = {"source": source.pk, "order": 1, "picked": f"{comment.pk}"}

    desk.post(page_of(post), typed("_save", post, **picking(row)))

    assert [chosen.comment for chosen in post.reprints.get().chosen.all()] == [comment]


def test_a_choice_that_was_not_touched_takes_nothing_back_from_another_tab(desk):
    source = make.post(published=OLD)
    first, second = make.comment(source), make.comment(source)
    reprint = make.reprint(make.post(published=None), source, chosen=[second])
    row = {
        "id": reprint.pk,
        "source": source.pk,
        "order": 1,
        "initial-picked": f"{first.pk}",
        "picked": f"{first.pk}",
    }

    desk.post(page_of(reprint.post), typed("_save", reprint.post, **picking(row)))

    assert [chosen.comment for chosen in reprint.chosen.all()] == [second]


@pytest.mark.parametrize("sent", ["x", "1,x", "-1", "0", "9" * 30, "1;2", "٣", "1.5"])
def test_an_unreadable_choice_is_told_and_saves_nothing(desk, sent):
    source = make.post(published=OLD)
    post = make.post(published=None)
    row = {"source": source.pk, "order": 1, "picked": sent}

    answer = desk.post(page_of(post), typed("_save", post, **picking(row)))

    assert "could not be read" in answer.content.decode()
    assert not Reprint.objects.exists()


@pytest.mark.parametrize("which", ["of another post", "held"])
def test_what_cannot_be_chosen_is_told_and_the_other_picks_stay(desk, which):
    source = make.post(published=OLD)
    good = make.comment(source)
    bad = make.comment(source, state="held") if which == "held" else make.comment(make.post())
    post = make.post(published=None)
    picked = f"{good.pk},{bad.pk}"

    answer = desk.post(
        page_of(post),
        typed("_save", post, **picking({"source": source.pk, "order": 1, "picked": picked})),
    )

    page = answer.content.decode()
    assert "they do not stand under this post" in page
    assert f'value="{picked}"' in page
    assert not Reprint.objects.exists()


def test_an_error_elsewhere_in_the_form_keeps_the_picks(desk):
    source = make.post(published=OLD)
    comment = make.comment(source)
    post = make.post(published=None)
    row = {"source": source.pk, "order": 1, "picked": f"{comment.pk}"}

    answer = desk.post(page_of(post), typed("_publish", post, **picking(row), title=""))

    assert f'name="reprints-0-picked" value="{comment.pk}"' in answer.content.decode()


def test_one_that_was_removed_since_may_stay_chosen_while_another_is_added(desk):
    source = make.post(published=OLD)
    gone, other = make.comment(source), make.comment(source)
    reprint = make.reprint(make.post(published=None), source, chosen=[gone])
    gone.remove(by=desk.author, reason="abuse")
    row = {
        "id": reprint.pk,
        "source": source.pk,
        "order": 1,
        "initial-picked": f"{gone.pk}",
        "picked": f"{gone.pk},{other.pk}",
    }

    answer = desk.post(page_of(reprint.post), typed("_save", reprint.post, **picking(row)))

    assert answer.status_code == 302
    assert [chosen.comment for chosen in reprint.chosen.all()] == [gone, other]


# What a row asks for


def test_a_row_is_told_what_its_source_could_bring_along(desk):
    source = make.post(published=OLD)
    source.revise(source.title, "<p>Better.</p>")
    source.revise(source.title, "<p>Tidied.</p>", sort="import")
    first, gone = make.comment(source, "Well said.", "Bosun"), make.comment(source, "Gone.")
    gone.remove(by=desk.author, reason="abuse")
    make.comment(source, "Held.", state="held")
    elsewhere = make.comment(make.post(), "Elsewhere.")
    address = reverse("admin:posts_post_reprintable", args=[source.pk])

    told = desk.get(f"{address}?chosen={gone.pk},{elsewhere.pk}").json()

    assert [row["id"] for row in told["comments"]] == [first.pk, gone.pk]
    assert told["comments"][0]["name"] == "Bosun"
    assert told["comments"][0]["words"] == "Well said."
    assert "Gone" not in told["comments"][1]["words"]
    assert [row["words"][:2] for row in told["revisions"]] == ["1:", "2:"]


@pytest.mark.parametrize("chosen", ["x", "٣,1", "9" * 40, ","])
def test_a_row_that_asks_nonsense_is_answered_all_the_same(desk, chosen):
    address = reverse("admin:posts_post_reprintable", args=[make.post().pk])

    assert desk.get(address, {"chosen": chosen}).json()["comments"] == []


def test_only_the_desk_is_told_what_a_source_could_bring_along(client):
    source = make.post(published=OLD)
    address = reverse("admin:posts_post_reprintable", args=[source.pk])
    assert client.get(address).status_code == 302

    client.force_login(staff("view_comment"))

    assert client.get(address).status_code == 403


def test_what_a_row_asks_for_takes_the_same_queries_for_many_comments(desk):
    source, busy = make.post(published=OLD), make.post(published=OLD)
    make.comment(source)
    for post in (source, busy):
        make.right(post).receive("It was not me.").publish(by=desk.author)
    for _ in range(8):
        make.comment(busy)

    counted = [
        queries(desk, reverse("admin:posts_post_reprintable", args=[post.pk]))
        for post in (source, busy)
    ]

    assert counted[0] == counted[1]


# The picker of the source


def found(desk, term, within=""):
    """Return what the picker of a reprint's source offers for `term`."""
    asked = {"app_label": "posts", "model_name": "reprint", "field_name": "source"}
    answer = desk.get(reverse("admin:autocomplete"), {**asked, "term": term, "within": within})
    return [row["text"] for row in answer.json()["results"]]


def test_a_source_is_found_by_title_text_year_and_label_in_one_box(desk):
    fog = make.post("Fog at noon", "<p>The harbour was shut.</p>", published=OLD)
    fog.labels.add(Label.objects.named("Spring tides"))
    make.post("Fog again", "<p>The quay was shut.</p>", published=OLD.replace(year=2011))
    make.post("Fog to come", published=None)
    only = ["Fog at noon (9 August 2017, 0 views)"]

    assert len(found(desk, "fog")) == 2
    for term in (
        "fog 2017",
        "harb",
        "spring fog",
        "2017 tides harbour",
        '"spring tides"',
        "fog -quay",
    ):
        assert found(desk, term) == only, term
    assert found(desk, "fog 2012") == []
    assert found(desk, "?!") == []


def test_what_is_so_called_is_offered_before_what_only_says_it(desk):
    make.post("The night the gauge lied", published=OLD.replace(year=2010))
    make.post("Another night", "<p>Of the night the gauge lied I say no more.</p>", published=OLD)

    assert [one.partition(" (")[0] for one in found(desk, "gauge lied")] == [
        "The night the gauge lied",
        "Another night",
    ]


def test_a_published_post_is_offered_older_posts_alone(desk):
    old, new = (
        make.post("Fog", published=OLD),
        make.post("Foghorn", published=OLD.replace(year=2018)),
    )

    assert len(found(desk, "fog")) == 2
    assert found(desk, "fog", within=new.pk) == ["Fog (9 August 2017, 0 views)"]
    assert found(desk, "fog", within=old.pk) == []
    assert len(found(desk, "fog", within="x" * 50)) == 2


def test_finding_a_source_takes_the_same_queries_for_few_and_many(desk):
    def asked():
        address = reverse("admin:autocomplete")
        which = "app_label=posts&model_name=reprint&field_name=source"
        return queries(desk, f"{address}?{which}&term=fog 2017")

    make.post("Fog", published=OLD)
    few = asked()
    for _ in range(6):
        make.post("Fog", published=OLD).labels.add(Label.objects.named("Tides"))

    assert asked() == few


# A reprint's page


def test_comments_are_put_into_another_order_by_numbers(desk):
    source = make.post(published=OLD)
    first, second, third = (make.comment(source) for _ in range(3))
    reprint = make.reprint(make.post(published=None), source)
    address = page_of(reprint)
    places = {f"comments-place-{first.pk}": "2", f"comments-place-{third.pk}": "1"}
    ticked = {"comments": [first.pk, second.pk, third.pk], **places}

    desk.post(address, {"introduction": "", **ticked})

    assert [chosen.comment for chosen in reprint.chosen.all()] == [third, first, second]
    assert f'name="comments-place-{third.pk}" value="1"' in desk.get(address).content.decode()


def test_comments_are_chosen_in_the_order_of_their_numbers(desk):
    source = make.post(published=OLD)
    first, second, third = (make.comment(source) for _ in range(3))
    make.comment(source, state="held")
    reprint = make.reprint(make.post(published=None), source, chosen=[second])
    address = reverse("admin:posts_reprint_change", args=[reprint.pk])
    offered = desk.get(address).context["adminform"].form.fields["comments"].queryset
    assert list(offered) == [first, second, third]

    desk.post(address, {"introduction": "<p>Then:</p>", "comments": [first.pk, third.pk]})

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
