"""Old addresses lead to where the thing is now."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from comments.models import Comment
from posts.models import OldAddress, Post
from posts.old_addresses import find, post_named
from tests import importing, make

pytestmark = pytest.mark.django_db

ANOTHERS = "Its old address is another post's here: /2014/07/swarms/"


def leads(client, address):
    response = client.get(address)
    assert response.status_code == 301, response.status_code
    return response["Location"]


def url(its_id):
    return Post.objects.get(origin__its_id=its_id).get_absolute_url()


@pytest.fixture
def blogger():
    importing.run(importing.BLOGGER)


@pytest.fixture
def wordpress():
    importing.run(importing.WORDPRESS)


@pytest.mark.parametrize(
    "address",
    [
        "/2011/03/trimming-great-lamp.html",
        "/2011/03/trimming-great-lamp.html?m=1",
        "/2011/03/trimming-great-lamp.html?utm_source=x",
        "/2011/03/trimming-great-lamp.html/",
    ],
)
def test_an_address_of_blogger_leads_to_the_post(blogger, client, address):
    assert leads(client, address) == url("101")


def test_a_head_request_is_answered_too(blogger, client):
    assert client.head("/2011/03/trimming-great-lamp.html").status_code == 301


def test_a_form_is_never_sent_on(blogger, client):
    assert client.post("/2011/03/trimming-great-lamp.html").headers.get("Location") != url("101")


def test_a_page_of_blogger_leads_to_the_page(blogger, client):
    assert leads(client, "/p/about-lamp.html") == "/pages/about-lamp/"


def test_an_address_of_a_comment_leads_to_the_comment(blogger, client):
    comment = Comment.objects.get(origin__its_id="901")
    address = "/2011/03/trimming-great-lamp.html?showComment=1301641200500"
    assert leads(client, address) == comment.get_absolute_url()


@pytest.mark.parametrize("shown", ["1", "x", "9" * 15, "9" * 40, "-1", ""])
def test_an_unknown_comment_leads_to_the_post(blogger, client, shown):
    address = f"/2011/03/trimming-great-lamp.html?showComment={shown}"
    assert leads(client, address) == url("101")


def test_an_address_of_a_draft_leads_nowhere(blogger, client):
    Post.objects.get(origin__its_id="101").unpublish()
    response = client.get("/2011/03/trimming-great-lamp.html", follow=True)
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("address", "name", "args"),
    [
        ("/feeds/posts/default", "feed", []),
        ("/feeds/posts/default?alt=rss", "feed", []),
        ("/feeds/comments/default", "comment-feed", []),
        ("/search/label/Wicks", "label", ["wicks"]),
        ("/search/label/wicks?max-results=20", "label", ["wicks"]),
        ("/search/label/Oil%20%26%20brass", "label", ["oil-brass"]),
        ("/feeds/posts/default/-/Wicks", "label-feed", ["wicks"]),
        ("/feeds/101/comments/default", "post-feed", [2011, 4, "trimming-great-lamp"]),
        ("/2011_04_01_archive.html", "month", [2011, 4]),
    ],
)
def test_a_listing_of_blogger_leads_to_ours(blogger, client, address, name, args):
    assert leads(client, address) == reverse(name, args=args)


@pytest.mark.parametrize(
    "address",
    ["/search/label/Nothing", "/2011_13_01_archive.html", "/nowhere.html", "/%00.html"],
)
def test_an_address_that_never_was_stays_missing(blogger, client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "its_id"),
    [
        ("/2014/07/15/swarms/", "14"),
        ("/2014/07/15/swarms", "14"),
        ("/2014/07/15/swarms/comment-page-2/", "14"),
        ("/?p=14", "14"),
        ("/index.php?p=14", "14"),
        ("/?p=15", "15"),
        ("/?p=30", "20 https://hedges.example/?p=30"),
        ("/?page_id=2", "2"),
        ("/2015/07/20/swarms/", "20 https://hedges.example/?p=30"),
    ],
)
def test_an_address_of_wordpress_leads_to_the_post(wordpress, client, address, its_id):
    assert leads(client, address) == url(its_id)


@pytest.mark.parametrize(
    ("address", "name", "args"),
    [
        ("/category/bees/", "label", ["bees"]),
        ("/tag/july/", "label", ["july"]),
        ("/comments/feed/", "comment-feed", []),
        ("/2014/07/15/", "month", [2014, 7]),
        ("/2014/07/15/swarms/feed/", "post-feed", [2014, 7, "swarms"]),
    ],
)
def test_a_listing_of_wordpress_leads_to_ours(wordpress, client, address, name, args):
    assert leads(client, address) == reverse(name, args=args)


def test_the_home_page_stays_the_home_page(wordpress, client):
    assert client.get("/?page=1").status_code == 200
    assert client.get("/?p=999").status_code == 200


def test_an_old_address_is_asked_before_the_slug(client):
    """Two posts of different months had one slug there; here the second has "-2"."""
    first, second = make.post("Swarms", slug="swarms"), make.post("Later", slug="swarms-2")
    OldAddress.objects.create(path="/2015/07/swarms/", post=second)
    assert leads(client, "/2015/07/swarms/") == second.get_absolute_url()
    assert first.get_absolute_url() != second.get_absolute_url()


def test_a_posts_own_address_is_not_stored_as_an_old_one(tmp_path):
    path = importing.changed(
        tmp_path, importing.WORDPRESS, ("/2014/07/15/swarms/", "/2014/07/swarms/")
    )
    importing.run(path)
    assert not OldAddress.objects.filter(path="/2014/07/swarms/").exists()


@pytest.fixture
def two_blogs(tmp_path):
    """Exports of two blogs, each with a post at /2014/07/swarms/."""
    paths = []
    for host in ("hedges.example", "meadows.example"):
        folder = tmp_path / host
        folder.mkdir()
        changes = [("/2014/07/15/swarms/", "/2014/07/swarms/"), ("hedges.example", host)]
        paths.append(importing.changed(folder, importing.WORDPRESS, *changes))
    return paths


def test_an_import_never_stores_the_address_that_another_import_has_here(two_blogs, client):
    first, second = importing.run(*two_blogs)
    assert "another post's here" not in str(first["warnings"])
    assert {"id": "14", "reason": ANOTHERS} in second["warnings"]
    assert not OldAddress.objects.filter(path="/2014/07/swarms/").exists()
    post = Post.objects.get(origin__its_id="14", origin__blog="hedges.example")
    assert post.get_absolute_url() == "/2014/07/swarms/"
    assert client.get("/2014/07/swarms/").status_code == 200


def test_a_dry_run_tells_of_the_addresses_that_another_import_will_have(two_blogs):
    assert importing.run(*two_blogs, dry_run=True) == importing.run(*two_blogs)


def test_an_import_never_stores_the_address_of_a_post_written_here(two_blogs, client):
    written = make.post("Swarms", slug="swarms", published=datetime(2014, 7, 2, tzinfo=UTC))
    report = importing.run(two_blogs[0])
    assert ANOTHERS in importing.reasons(report["warnings"]).values()
    assert not OldAddress.objects.filter(path="/2014/07/swarms/").exists()
    assert client.get(written.get_absolute_url()).status_code == 200


def test_an_address_with_index_php_leads_to_the_post(tmp_path, client):
    plain, through = "hedges.example/2014/07/15/", "hedges.example/index.php/2014/07/15/"
    importing.run(importing.changed(tmp_path, importing.WORDPRESS, (plain, through)))
    assert leads(client, "/index.php/2014/07/15/swarms/") == url("14")


@pytest.mark.parametrize("digits", [300, 5_000])
def test_a_number_without_end_is_nobodys(wordpress, client, digits):
    assert client.get(f"/?p={'9' * digits}").status_code == 200
    assert client.get(f"/nowhere/?p={'9' * digits}").status_code == 404


def test_find_costs_one_query(blogger, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert find("/2011/03/trimming-great-lamp.html").slug == "trimming-great-lamp"


@pytest.mark.parametrize("change", [{"slug": "mist"}, {"slug": "nebel-über-der-bucht"}])
def test_a_post_whose_address_was_changed_is_found_where_it_was(client, change):
    post = make.post("Fog", published=datetime(2017, 8, 9, tzinfo=UTC))
    post.slug = change["slug"]
    post.save()

    response = client.get("/2017/08/fog/", follow=True)

    assert response.redirect_chain == [(post.get_absolute_url(), 301)]
    assert response.status_code == 200


def test_a_post_that_became_a_page_is_found_where_it_was(client):
    post = make.post("Fog", published=datetime(2017, 8, 9, tzinfo=UTC))
    post.kind = Post.Kind.PAGE
    post.save()

    assert client.get("/2017/08/fog/").url == "/pages/fog/"


def test_a_post_that_goes_back_to_a_former_address_is_there(client):
    post = make.post("Fog", published=datetime(2017, 8, 9, tzinfo=UTC))
    for slug in ("mist", "fog"):
        post.slug = slug
        post.save()

    assert client.get("/2017/08/fog/").status_code == 200
    assert client.get("/2017/08/mist/").url == "/2017/08/fog/"


def test_a_draft_leaves_no_old_address():
    draft = make.post("Fog", published=None)
    draft.slug = "mist"
    draft.save()

    assert not OldAddress.objects.exists()


def test_a_post_is_known_by_the_name_it_once_had_in_its_address():
    post = make.post("Fog signals")
    post.slug = "horns"
    post.save()

    assert post_named("horns") == post_named("fog-signals") == post
    assert post_named("signals") is None


def test_a_name_that_two_posts_once_had_is_nobodys():
    for year in (2012, 2013):
        post = make.post(published=datetime(year, 3, 9, tzinfo=UTC))
        OldAddress.objects.create(path=f"/{year}/03/soundings/", post=post)

    assert post_named("soundings") is None


def test_a_post_out_of_view_is_known_by_no_name():
    post = make.post("Fog signals")
    post.slug = "horns"
    post.save()
    post.unpublish()

    assert (post_named("horns"), post_named("fog-signals")) == (None, None)
