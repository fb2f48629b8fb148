"""Which comments are held for what came before: likeness, floods, networks. Nothing is refused."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from comments import networks, screening, tasks
from comments.models import Comment, Commenter, Sign
from comments.models.holding import ENOUGH_TO_TELL, MOST_BY_ONE, MOST_ON_A_POST
from comments.screening import Sent
from posts.models import Blog
from tests import make
from tests.spam import SPAM, SPUN
from tests.threads import together

pytestmark = pytest.mark.django_db

GENUINE = (
    "I have worked the tugs for thirty years, and nobody ever asked a pilot what the fog was like"
    " on the night the lightship dragged her anchors across the bar."
)
LINKS = "http://a.example http://b.example http://c.example"


@pytest.fixture
def post():
    make.blog(comment_policy="screened")
    return make.post()


def write(post, typed=GENUINE, **more):
    return Comment.objects.write(post, typed, **more)


def reasons(comment):
    return comment.held_because.split()


def written_ago(comment, **ago):
    Comment.objects.filter(pk=comment.pk).update(written_at=timezone.now() - timedelta(**ago))


# Likeness to spam, and the same again


@pytest.mark.parametrize("typed", [SPAM, SPUN])
def test_what_is_like_spam_is_held_under_any_post(post, typed):
    write(post, SPAM).mark_spam()

    comment = write(make.post(), typed)

    assert screening.ALIKE in reasons(comment)
    assert comment.is_held


def test_what_is_not_like_spam_is_published(post):
    write(post, SPAM).mark_spam()

    assert write(post).is_published


def test_spam_that_came_with_an_import_is_learned_when_it_is_marked(post):
    make.comment(post, SPAM).mark_spam()

    assert screening.ALIKE in reasons(write(post, SPUN))


def test_what_the_author_took_for_spam_and_then_publishes_teaches_nothing(post):
    comment = write(post, SPAM)
    comment.mark_spam()
    comment.publish()

    assert screening.ALIKE not in reasons(write(post, SPUN))


def test_the_same_words_under_another_post_are_held(post):
    assert write(post).is_published

    assert reasons(write(make.post(), GENUINE.upper())) == [screening.AGAIN]


@pytest.mark.parametrize("typed", ["Thank you", "+1", "Same here, thirty years on."])
def test_what_many_people_say_in_few_words_is_not_held(post, typed):
    written = [write(make.post(), typed) for _ in range(5)]

    assert all(one.is_published for one in written)


def test_who_withdrew_may_say_it_again(post):
    write(post).remove(role="writer")

    assert write(make.post()).is_published


def test_an_edit_is_not_held_for_being_like_itself(post):
    comment = write(post)

    comment.edit(f"{GENUINE} And the next night, too.")

    assert comment.edited_at


def test_a_trusted_commenter_passes(post):
    write(post, SPAM).mark_spam()
    commenter = Commenter.objects.create(trusted=True)

    assert write(post, SPAM, commenter=commenter).is_published


def test_the_authors_words_to_read_first(post):
    Blog.objects.update(blocked="lightship")

    assert reasons(write(post)) == [screening.BLOCKED]


def test_a_link_that_stood_in_spam_is_held_in_whatever_words(post):
    write(post, SPAM).mark_spam()

    assert reasons(write(post, "See oilskins.example")) == [screening.SPAM_HOST]
    assert write(post, "See sou-westers.example").is_published


def test_a_link_of_this_blog_is_no_spammers(post):
    write(post, f"Read http://testserver/ and {LINKS}").mark_spam()

    assert write(post, "As http://testserver/2019/ says.").is_published


def test_a_link_that_the_author_lets_through_is_held_no_more(post):
    write(post, SPAM).mark_spam()
    write(post, "See oilskins.example").publish(by=make.author())

    assert write(post, "I saw oilskins.example, too.").is_published


@pytest.mark.parametrize("verb", ["remove", "hold"])
def test_a_link_of_what_is_no_spam_after_all_is_not_held(post, verb):
    comment = write(post, SPAM)
    comment.mark_spam()
    getattr(comment, verb)()

    assert write(post, "See http://oilskins.example").is_published


def test_a_comment_let_through_by_mistake_and_put_back_says_nothing_for_its_links(post):
    write(post, SPAM).mark_spam()
    comment = write(post, "See http://oilskins.example")
    comment.publish(by=make.author())
    comment.hold()

    assert screening.SPAM_HOST in reasons(write(post, "I saw http://oilskins.example"))


def test_abbreviations_and_times_of_spam_are_no_links(post):
    write(post, "Buy pills, e.g. blue ones, at 9.30 p.m. in the U.S.A shop.").mark_spam()

    for words in ("Fog, e.g. at dawn.", "The 9.30 was late.", "I left the U.S.A long ago."):
        assert write(post, words).is_published


def test_a_link_of_this_blog_under_its_other_name_is_no_spammers(post, settings):
    settings.SITE_URL = "https://www.tidetable.example"
    write(post, "Read https://www.tidetable.example/ today.").mark_spam()

    assert write(post, "As https://tidetable.example/2019/ says.").is_published


def test_honest_people_who_quote_the_post_that_spam_copied_are_not_held(post):
    post.text = f"<p>{GENUINE}</p>"
    post.save()
    write(post, f"{GENUINE} See http://oilskins.example").mark_spam()

    for words in ("is how I remember it, too.", "is wrong: it was the other lightship."):
        assert write(post, f'"{GENUINE}" {words}').is_published


def test_words_that_were_changed_into_spam_are_learned(post):
    comment = write(
        post, "It was a quiet night on the bar, with nothing to be seen or heard at all."
    )
    comment.edit(SPAM)
    comment.mark_spam()

    assert screening.ALIKE in reasons(write(make.post(), SPUN.replace("oilskins.", "sails.")))


@pytest.mark.parametrize("most, is_held", [(0, True), (1, False)])
def test_the_author_says_how_many_links_are_many(post, most, is_held):
    Blog.objects.update(most_links=most)

    assert write(post, "See http://a.example").is_held == is_held


# Floods


def test_many_by_one_commenter_are_held_and_none_is_refused(post):
    commenter = Commenter.objects.create()
    written = [write(post, f"Sounding {n}.", commenter=commenter) for n in range(MOST_BY_ONE + 2)]

    held = [one for one in written if one.is_held]
    assert [reasons(one) for one in held] == [[screening.BUSY]] * 2
    assert held == written[-2:]


def test_a_commenter_who_takes_their_time_is_not_held(post):
    commenter = Commenter.objects.create()
    for n in range(MOST_BY_ONE):
        written_ago(write(post, f"Sounding {n}.", commenter=commenter), minutes=11)

    assert write(post, "One more.", commenter=commenter).is_published


def test_a_flood_under_one_post_is_held_from_some_point_on_and_is_one_line(post):
    written = [write(post, f"Sounding {n}.") for n in range(MOST_ON_A_POST + 3)]

    held = [one for one in written if one.is_held]
    assert [reasons(one) for one in held] == [[screening.FLOOD]] * 3
    assert list(Comment.objects.held().one_of_each_flood()) == held[:1]
    assert set(Comment.objects.held().of_flood(-post.pk)) == set(held)
    assert write(make.post(), "Elsewhere.").is_published


def test_where_a_third_had_to_be_held_the_rest_is_looked_at_too(post):
    for n in range(2 * ENOUGH_TO_TELL):
        write(post, f"Sounding {n}.")
    for n in range(ENOUGH_TO_TELL):
        assert screening.FLOOD not in reasons(write(post, f"{LINKS} {n}"))

    assert reasons(write(post, "Plain words.")) == [screening.FLOOD]
    assert write(make.post(), "Plain words.").is_published


def test_variants_of_one_text_are_held_after_a_few_and_stand_together(post):
    things = [
        "oilskins",
        "lanterns",
        "anchors",
        "compasses",
        "barometers",
        "sextants",
        "charts",
        "whistles",
    ]
    written = [write(make.post(), SPAM.replace("oilskins", thing)) for thing in things]

    held = [one for one in written if one.is_held]
    assert len(held) >= len(things) - 4
    assert len({one.flood_id for one in held if one.flood_id}) == 1
    assert Comment.objects.held().one_of_each_flood().count() <= 2


def test_of_each_flood_the_first_that_still_waits_is_listed(post):
    root, *more = [write(make.post(), SPAM) for _ in range(4)]
    lone = write(post, LINKS)

    listed = Comment.objects.held().one_of_each_flood()
    assert root.is_published  # nothing was known against the first
    assert set(listed) == {more[0], lone}
    more[0].mark_spam()
    assert set(Comment.objects.held().one_of_each_flood()) == {more[1], lone}


def test_of_a_flood_not_everything_is_learned(post):
    for _ in range(40):
        write(make.post(), SPAM)

    sketches = Sign.objects.filter(is_host=False)
    assert sketches.values("comment").distinct().count() == 1


def test_three_hundred_within_minutes_under_one_post_all_pass(post):
    written = [write(post, f"Sounding {n}.", sent=Sent(network="office")) for n in range(299)]

    assert all(one.is_published for one in written)


def test_what_is_held_for_a_policy_stands_together_only_if_it_is_much_alike(post):
    post.comment_policy = "hold_all"
    post.save()
    other = "Nobody ever asked us on the lightship whether the pilots could see her anchors at all."
    honest = [write(post, GENUINE), write(post, other)]
    spam = [write(post, f"{SPAM} {n}") for n in range(2)]

    assert set(Comment.objects.held().one_of_each_flood()) == {*honest, spam[0]}


# Networks


def sent(name):
    return Sent(network=name)


def test_a_network_is_not_held_for_its_number(post):
    written = [write(post, f"Sounding {n}.", sent=sent("office")) for n in range(60)]

    assert all(one.is_published for one in written)


def test_a_network_many_of_whose_comments_had_to_be_held_is_held(post):
    for n in range(ENOUGH_TO_TELL):
        write(make.post(), f"{LINKS} {n}", sent=sent("den"))

    assert reasons(write(post, "Plain words.", sent=sent("den"))) == [screening.NETWORK]
    assert write(post, "Plain words too.", sent=sent("office")).is_published


def test_what_a_policy_held_is_held_against_no_network(post):
    closed = make.post(comment_policy="hold_all")
    for n in range(ENOUGH_TO_TELL):
        write(closed, f"Sounding {n}.", sent=sent("office"))

    assert write(post, sent=sent("office")).is_published


def request(address):
    class Request:
        META = {"REMOTE_ADDR": address}

    return Request


def test_the_hash_of_a_network_holds_no_address_and_lasts_a_day():
    today = networks.of(request("192.0.2.7"))
    tomorrow = timezone.now() + timedelta(days=1)
    with patch("django.utils.timezone.now", return_value=tomorrow):
        later = networks.of(request("192.0.2.7"))

    assert len(today) == 16
    assert today != later
    assert today == networks.of(request("192.0.2.7")) != networks.of(request("192.0.2.8"))


def test_of_an_ipv6_address_the_first_half_is_the_network():
    one, same, other = (
        networks.of(request(address))
        for address in ("2001:db8:1:1::1", "2001:db8:1:1:ffff::2", "2001:db8:1:2::1")
    )

    assert one == same != other


@pytest.mark.parametrize(
    "address", ["", "unix:", "no address", "127.0.0.1", "::1", "192.168.1.7", "10.1.2.3", "fd00::1"]
)
def test_a_socket_a_proxy_and_a_house_are_no_network(address):
    assert networks.of(request(address)) == ""


@pytest.fixture
def folder(settings, tmp_path):
    """Where the keys are, with nothing in it yet."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "networks"


def test_the_keys_are_the_owners_alone_and_random(folder):
    networks.of(request("192.0.2.7"))

    (key,) = folder.glob("*.key")
    assert key.stat().st_mode & 0o077 == 0
    assert key.parent.stat().st_mode & 0o077 == 0
    assert len(key.read_text()) > 40


def test_after_two_days_key_and_hashes_are_gone(post, folder):
    old = write(post, sent=Sent(network=networks.of(request("192.0.2.7"))))
    (key,) = folder.glob("*.key")
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=1)):
        tasks.tick()
    assert key.exists()

    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=2)):
        tasks.tick()

    old.refresh_from_db()
    assert not key.exists()
    assert old.network == ""


def test_a_key_is_never_empty_and_the_same_for_all_who_need_it_first_at_once(folder):
    for _ in range(20):
        found = together(8, lambda _: networks.of(request("192.0.2.7")))
        assert len(set(found)) == 1
        assert found[0]
        for path in folder.iterdir():
            path.unlink()


def test_what_is_to_be_forgotten_is_forgotten_once_a_day_without_any_network_too(
    folder, monkeypatch
):
    days = []
    monkeypatch.setattr("comments.models.Sign.objects.forget_old", lambda: days.append(1))
    for _ in range(3):
        tasks.tick()
    assert len(days) == 1

    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=1)):
        tasks.tick()
    assert len(days) == 2


def test_a_key_that_was_half_made_is_removed_too(folder):
    networks.of(request("192.0.2.7"))
    (key,) = folder.glob("*.key")
    key.rename(folder / f".{key.name}.0123456789abcdef")

    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=2)):
        tasks.tick()

    assert list(folder.glob("*.key*")) == []


def test_signs_are_forgotten_when_nothing_is_compared_with_them_any_more(post):
    fine, spam = write(post), write(post, SPAM)
    spam.mark_spam()
    for comment in (fine, spam):
        written_ago(comment, days=40)
    tasks.forget()
    assert [fine.signs.exists(), spam.signs.exists()] == [False, True]

    written_ago(spam, days=400)  # but it was marked just now
    tasks.forget()
    assert spam.signs.exists()
    Comment.objects.filter(pk=spam.pk).update(removed_at=timezone.now() - timedelta(days=400))
    tasks.forget()
    assert not spam.signs.exists()


def test_erasing_takes_hashes_and_signs_along(post):
    write(post, SPAM).mark_spam()
    comment = write(post, SPUN, sent=sent("0123456789abcdef"))
    assert comment.signs.exists() or comment.flood_id

    comment.erase()

    comment.refresh_from_db()
    assert (comment.network, comment.flood_id, comment.held_because) == ("", None, "")
    assert not comment.signs.exists()
