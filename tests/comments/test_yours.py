"""The return link: its holder alone comes back to what they wrote, and decides about it."""

import html as escapes
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from comments.models import Act, Comment, Commenter, CommentRevision, Reason, Subscription
from posts.models import SearchDocument
from tests import make
from tests.desk import page_of

pytestmark = pytest.mark.django_db

HERE = {"Origin": "http://testserver"}


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("Fog signals")


@pytest.fixture
def mine(post):
    return make.comment(post, "I heard it from the quay.", "Halyard")


@pytest.fixture
def reader():
    """A reader's browser, which says where its writes come from."""
    return Client(enforce_csrf_checks=True, headers=HERE)


def do(client, comment, verb, **fields):
    """Press a button on the return link's page; return the page that follows."""
    sent = {"do": verb, "comment": comment.pk, **fields}
    return client.post(comment.commenter.path, sent, follow=True)


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def as_it_is(comment):
    return Comment.objects.get(pk=comment.pk)


def under(post):
    return words(Client().get(post.get_absolute_url()))


# Coming back


def test_the_page_shows_each_comment_its_state_and_the_answers(reader, post, mine):
    held = make.comment(post, "Wait.", state="held", commenter=mine.commenter)
    held.held_because = "links"
    held.save()
    gone = make.comment(post, "Rude.", commenter=mine.commenter)
    gone.remove(reason=Reason.ABUSE)
    make.comment(post, "So did I.", "Bosun", parent=mine)
    make.comment(post, "Nobody asked.", "Cox")

    page = words(reader.get(mine.commenter.path))

    assert "I heard it from the quay." in page
    assert "the author reads it first Why: it has many links" in page
    assert "not shown: abuse of a person" in page
    assert "1 answer 3 Bosun" in page
    assert "So did I." in page
    assert "Nobody asked." not in page


def test_a_wrong_or_former_link_opens_nothing(reader, mine):
    former = mine.commenter.path
    mine.commenter.serial += 1
    mine.commenter.save()
    another = make.comment(mine.post)

    assert reader.get(former).status_code == 404
    assert reader.get(f"{former[:-2]}x/").status_code == 404
    mac = another.commenter.secret.partition("-")[2]
    assert reader.get(f"/yours/{mine.commenter.pk:x}-{mac}/").status_code == 404


def test_the_page_is_kept_found_and_told_nowhere(reader, mine):
    for path in (mine.commenter.path, mine.commenter.path.rstrip("/")):
        answer = reader.get(path)
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]


def test_the_page_costs_the_same_with_many_comments_and_answers(
    reader, mine, django_assert_num_queries
):
    make.comment(mine.post, parent=mine)
    reader.get(mine.commenter.path)
    with CaptureQueriesContext(connection) as few:
        reader.get(mine.commenter.path)
    for _ in range(4):
        more = make.comment(make.post(), commenter=mine.commenter)
        make.comment(more.post, parent=more)

    with django_assert_num_queries(len(few)):
        reader.get(mine.commenter.path)


def test_words_of_a_post_out_of_view_are_their_writers_still(reader, mine):
    mine.post.unpublish()

    page = words(reader.get(mine.commenter.path))

    assert "I heard it from the quay." in page
    assert "Fog signals" not in page


# Changing


def test_words_are_changed_and_the_page_says_edited(reader, post, mine):
    make.comment(post, "So did I.", parent=mine)

    page = do(reader, mine, "edit", text="I heard it from the pier.")

    assert "Your comment is changed." in words(page)
    assert "from the pier" in under(post)
    assert "quay" not in under(post)
    assert "edited" in under(post)
    assert mine.number == as_it_is(mine).number
    assert SearchDocument.objects.filter(kind="comment", text__contains="pier").exists()


def test_the_form_that_is_shown_changes_the_words(reader, mine):
    page = reader.get(f"{mine.commenter.path}?edit={mine.pk}")
    (form,) = (
        form
        for form in html.fromstring(page.content).xpath("//form[@method='post']")
        if "text" in form.fields
    )
    form.fields["text"] = "I heard it from the pier."

    reader.post(form.get("action"), dict(form.form_values()))

    assert as_it_is(mine).typed == "I heard it from the pier."


def test_what_stands_on_another_page_of_theirs_is_changed_there(reader, mine):
    long_ago = timezone.now() - timedelta(days=9)
    Comment.objects.filter(pk=mine.pk).update(written_at=long_ago)
    for _ in range(51):
        make.comment(mine.post, commenter=mine.commenter)

    assert "Save the change" in words(reader.get(f"{mine.commenter.path}?edit={mine.pk}"))
    make.blog(comment_policy="hold_all")
    assert "From the pier." in do(reader, mine, "edit", text="From the pier.").text


def test_the_author_sees_what_was_changed(desk, mine):
    do(Client(headers=HERE), mine, "edit", text="I heard it from the pier.")

    page = words(desk.get(page_of(mine)))

    assert "I heard it from the quay." in page
    assert "changed the words" in page
    assert Act.objects.get(verb="edit").role == "writer"


def test_after_fifteen_minutes_nothing_is_changed_and_the_words_are_handed_back(reader, mine):
    long_ago = timezone.now() - timedelta(minutes=15, seconds=1)
    Comment.objects.filter(pk=mine.pk).update(published_at=long_ago)

    page = do(reader, mine, "edit", text="I heard it from </textarea> the pier.")

    assert page.status_code == 422
    assert "The time for changes is over." in words(page)
    (typed,) = re.findall(r'<textarea name="text"[^>]*>\n?(.*?)</textarea>', page.text, re.DOTALL)
    assert escapes.unescape(typed) == "I heard it from </textarea> the pier."
    assert "quay" in as_it_is(mine).typed
    assert "Change the words" not in words(reader.get(mine.commenter.path))


@pytest.mark.parametrize("policy", ["screened", "hold_all"])
def test_no_change_brings_in_what_the_author_would_have_read_first(reader, mine, policy):
    make.blog(comment_policy=policy)
    text = "Mind. http://a.example http://b.example http://c.example"

    page = do(reader, mine, "edit", text=text)

    assert "The author would have to read it first" in words(page)
    assert text in page.text
    assert "quay" in as_it_is(mine).typed
    assert not CommentRevision.objects.exists()


def test_the_same_words_change_nothing(reader, mine):
    do(reader, mine, "edit", text=mine.typed)

    assert as_it_is(mine).edited_at is None


@pytest.mark.parametrize("text", ["", "x" * 10_001])
def test_nothing_and_too_much_are_refused(reader, mine, text):
    assert do(reader, mine, "edit", text=text).status_code == 422
    assert "quay" in as_it_is(mine).typed


def test_what_was_removed_is_not_changed(reader, mine):
    mine.remove(reason=Reason.ABUSE)

    assert do(reader, mine, "edit", text="Back again.").status_code == 422
    assert as_it_is(mine).typed == "I heard it from the quay."


# Withdrawing and erasing


@pytest.mark.parametrize("state", ["published", "held"])
def test_a_comment_is_withdrawn(reader, post, state):
    comment = make.comment(post, "I heard it.", state=state)

    page = do(reader, comment, "withdraw")

    assert "withdrawn" in words(page)
    assert as_it_is(comment).state == "removed"
    assert as_it_is(comment).removed_by == "writer"
    assert "I heard it." not in under(post)
    assert ("Withdrawn by its writer" in under(post)) == (state == "published")
    assert Act.objects.get(verb="remove").role == "writer"


def test_what_the_author_removed_stays_removed_by_the_author(reader, mine):
    mine.remove(by=make.author(), reason=Reason.ABUSE)

    do(reader, mine, "withdraw")

    assert as_it_is(mine).removed_by == "author"


def test_a_comment_is_erased_with_what_it_said_before(reader, post, mine):
    do(reader, mine, "edit", text="I heard it from the pier.")

    page = do(reader, mine, "erase")

    assert "erased" in words(page)
    assert as_it_is(mine).is_erased
    assert not CommentRevision.objects.exists()
    assert as_it_is(mine).edited_at is None
    assert "Withdrawn by its writer" in under(post)
    assert not Client().get("/search/?q=pier").text.count("from the")


def test_what_was_spam_stays_so_when_it_is_erased(reader, mine):
    mine.mark_spam(by=make.author())

    do(reader, mine, "erase")

    assert as_it_is(mine).is_erased
    assert (as_it_is(mine).removed_by, as_it_is(mine).removed_because) == ("author", "advertising")


def test_everything_erased_twice_is_erased_once(mine):
    first, second = (Commenter.objects.get(pk=mine.commenter_id) for _ in range(2))

    first.erase()
    second.erase()

    assert as_it_is(mine).is_erased


def test_words_of_somebody_erased_meanwhile_are_stored_all_the_same(post, mine):
    known = Commenter.objects.get(pk=mine.commenter_id)
    known.erase()

    stored = Comment.objects.write(post, "And again.", commenter=known)

    assert stored.commenter_id not in (None, known.pk)


def test_everything_is_erased_and_the_link_opens_nothing_more(reader, mine):
    other = make.comment(make.post(), commenter=mine.commenter)
    answer = make.comment(mine.post, "So did I.", parent=mine)
    path = mine.commenter.path

    page = do(reader, mine, "erase-all")

    assert "Everything you wrote here is erased" in words(page)
    assert as_it_is(mine).is_erased
    assert as_it_is(other).is_erased
    assert not as_it_is(answer).is_erased
    assert not Commenter.objects.filter(pk=mine.commenter_id).exists()
    assert reader.get(path).status_code == 404


# Breaking in


@pytest.mark.parametrize("verb", ["edit", "withdraw", "erase"])
@pytest.mark.parametrize("whose", ["another's", "nobody's", "no number", "huge"])
def test_nobody_decides_about_anothers_comment(reader, mine, verb, whose):
    another = make.comment(mine.post, "Another's.")
    pk = {"another's": another.pk, "nobody's": 999999, "no number": "x", "huge": "9" * 30}[whose]

    answer = reader.post(mine.commenter.path, {"do": verb, "comment": pk, "text": "Mine now."})

    assert answer.status_code in (302, 404)
    assert as_it_is(another).typed == "Another's."
    assert as_it_is(another).is_published
    assert as_it_is(mine).typed == "I heard it from the quay."


def test_words_sent_to_a_link_that_opens_nothing_are_handed_back(reader, post):
    page = reader.post("/yours/no-such-secret/", {"do": "edit", "text": "Half an hour of work."})

    assert page.status_code == 404
    assert "Half an hour of work." in page.text


def test_what_it_does_not_know_it_does_not_do(reader, mine):
    page = reader.post(mine.commenter.path, {"do": "publish", "text": "Half an hour of work."})

    assert page.status_code == 404
    assert "Half an hour of work." in page.text
    assert as_it_is(mine).is_published


# Another by the same person


def test_another_written_from_the_link_is_by_the_same_person_and_both_carry_a_mark(reader, mine):
    path = f"{mine.commenter.path}on/{mine.post.slug}/"
    form = html.fromstring(reader.get(path).content).xpath("//form[@method='post']")[0]
    assert form.fields["name"] == "Halyard"
    assert form.get("action") == path

    answer = reader.post(path, {"text": "And again.", "name": "Halyard"})

    second = Comment.objects.get(typed="And again.")
    assert answer["Location"] == f"{mine.commenter.path}?posted={second.pk}"
    assert second.commenter == mine.commenter
    assert under(mine.post).count("·A") == 3  # both, and the line that explains it


def test_another_is_refused_with_its_words_where_comments_are_closed(reader, mine):
    mine.post.comment_policy = "closed"
    mine.post.save()

    page = reader.post(f"{mine.commenter.path}on/{mine.post.slug}/", {"text": "And again."})

    assert page.status_code == 403
    assert "And again." in page.text
    assert page["Cache-Control"] == "no-store, private"


def test_pages_tell_nobody_that_one_person_wrote_on_two_posts(mine):
    other = make.comment(make.post("Otters"), commenter=mine.commenter)

    pages = [Client().get(one.post.get_absolute_url()).content.decode() for one in (mine, other)]

    assert not any(mine.commenter.secret in page or "commenter" in page for page in pages)
    assert not any('class="mark"' in page for page in pages)


# A name of one's own

LOOK_ALIKES = [
    *(
        "halyard",
        "Hal yard",
        "НаІуаrd",
        "Ｈａｌｙａｒｄ",
        "Hal\u200byard",
        "Ha\u0301lyard",
        "HA1YARD",
    ),
    *("Hаlyаrd ", "ʜalyard"),
]


def keep(client, commenter, name):
    return client.post(commenter.path, {"do": "keep", "name": name}, follow=True)


def sign(post, name, path=None):
    """Return the answer to a comment by somebody else (or from `path`) under this name."""
    return Client(headers=HERE).post(
        path or f"/comments/on/{post.slug}/", {"text": "It was me.", "name": name}
    )


def test_a_name_is_kept_and_nobody_else_signs_with_it_or_what_looks_like_it(reader, post, mine):
    page = keep(reader, mine.commenter, " Halyard ")

    assert "The name is yours" in words(page)
    assert mine.commenter.kept_names.get().name == "Halyard"
    for name in ("Halyard", *LOOK_ALIKES):
        answer = sign(post, name)
        assert answer.status_code == 422, name
        assert "belongs to somebody else here. If you keep it yourself" in words(answer)
        assert "It was me." in answer.text
    assert sign(post, "Halyards").status_code == 302


def test_its_keeper_signs_with_it(reader, post, mine):
    keep(reader, mine.commenter, "Halyard")

    answer = sign(post, "Halyard", f"{mine.commenter.path}on/{post.slug}/")

    assert answer.status_code == 302
    assert Comment.objects.get(typed="It was me.").name == "Halyard"


@pytest.mark.parametrize("name", ["Ines Harker", "Іnes Harker", "The Tide Table", "Maud Tarrant"])
def test_names_of_the_author_the_subjects_and_the_site_are_kept_from_the_start(
    reader, post, mine, name
):
    make.right(post)

    page = keep(reader, mine.commenter, name)

    assert page.status_code == 422
    assert "belongs to somebody else here" in words(page)
    assert sign(post, name).status_code == 422


def test_a_name_that_is_drawn_much_longer_than_typed_is_not_kept(reader, mine):
    assert "too long to keep" in words(keep(reader, mine.commenter, "ﷺ" * 100))


@pytest.mark.parametrize("name", ["", "Anonymous", "anonymous", "***", "\u200b"])
def test_no_name_is_no_name_to_keep(reader, mine, name):
    page = keep(reader, mine.commenter, name)

    assert page.status_code == 422
    assert "a name needs a letter or a digit" in words(page)


def test_a_name_under_which_others_have_written_is_not_kept(reader, post, mine):
    make.comment(post, name="Bosun")
    imported = make.comment(post, name="Piet")
    Comment.objects.filter(pk=imported.pk).update(commenter=None)

    for name in ("Bosun", "P1et"):
        assert "Somebody else has written here" in words(keep(reader, mine.commenter, name))
    assert not mine.commenter.kept_names.exists()


def test_three_names_are_kept_and_one_given_up_is_free_again(reader, post, mine):
    for name in ("One", "Two", "Three"):
        keep(reader, mine.commenter, name)
    assert "You keep 3 names already." in words(keep(reader, mine.commenter, "Four"))

    kept = mine.commenter.kept_names.get(name="Two")
    reader.post(mine.commenter.path, {"do": "release", "kept": kept.pk})

    assert sign(post, "Two").status_code == 302
    assert sign(post, "One").status_code == 422


def test_nobody_gives_up_anothers_name(reader, post, mine):
    keep(reader, mine.commenter, "Halyard")
    other = make.comment(post)

    for pk in (mine.commenter.kept_names.get().pk, "x", "9" * 40):
        reader.post(other.commenter.path, {"do": "release", "kept": pk})

    assert mine.commenter.kept_names.exists()


def test_what_somebody_keeps_another_does_not(post, mine):
    other = make.comment(post, name="").commenter
    keep(Client(headers=HERE), mine.commenter, "Skipper")

    page = keep(Client(headers=HERE), other, "Sk1pper")

    assert "belongs to somebody else here" in words(page)


def test_a_name_goes_with_everything_else_that_is_erased(reader, post, mine):
    keep(reader, mine.commenter, "Halyard")

    do(reader, mine, "erase-all")

    assert sign(post, "Halyard").status_code == 302


# Being remembered


def test_a_device_remembers_whoever_asks_for_it_and_nobody_else(post):
    browser = Client(headers=HERE)
    browser.post(f"/comments/on/{post.slug}/", {"text": "First."})
    assert not browser.cookies
    first = Comment.objects.get()

    page = do(browser, first, "remember")

    cookie = browser.cookies["yours"]
    assert "This device remembers you." in words(page)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/comments/on/",
        True,
        "Lax",
    )
    browser.post(f"/comments/on/{post.slug}/", {"text": "Second."})
    assert Comment.objects.get(typed="Second.").commenter == first.commenter
    assert "as the same person" in words(browser.get(f"/comments/on/{post.slug}/"))
    assert "no-store" in browser.get(f"/comments/on/{post.slug}/")["Cache-Control"]


def test_it_forgets_again(post, mine):
    browser = Client(headers=HERE)
    do(browser, mine, "remember")

    do(browser, mine, "forget")

    assert browser.cookies["yours"].value == ""
    browser.post(f"/comments/on/{post.slug}/", {"text": "Second."})
    assert Comment.objects.get(typed="Second.").commenter != mine.commenter


@pytest.mark.parametrize("value", ["", "x", "1-AAAAAAAAAAAAAAAAAAAAAA", "9" * 5000])
def test_a_cookie_that_opens_nothing_is_passed_over(post, mine, value):
    browser = Client(headers=HERE)
    browser.cookies["yours"] = value

    browser.post(f"/comments/on/{post.slug}/", {"text": "Second."})

    assert Comment.objects.get(typed="Second.").commenter != mine.commenter


@pytest.mark.parametrize(
    "verb", ["remember", "erase", "erase-all", "withdraw", "edit", "keep", "leave", "stop"]
)
def test_another_site_does_nothing_with_its_own_link_or_anothers(mine, verb):
    browser = Client(headers={"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"})
    make.subscription(mine)
    theirs = {"text": "Not mine.", "name": "Halyard", "email": "cox@example.com"}
    sent = {"do": verb, "comment": mine.pk, **theirs}

    page = browser.post(mine.commenter.path, sent)

    assert page.status_code == 403
    assert not browser.cookies
    assert "Not mine." in page.text
    assert as_it_is(mine).typed == "I heard it from the quay."
    assert not mine.commenter.kept_names.exists()
    assert Subscription.objects.get().email == "bosun@example.com"


def test_the_cookie_goes_over_https_alone_where_the_site_does(mine, settings):
    settings.SESSION_COOKIE_SECURE = True
    browser = Client(headers=HERE)

    do(browser, mine, "remember")

    assert browser.cookies["yours"]["secure"]


def test_another_site_writes_in_nobodys_name(post, mine):
    browser = Client(headers={"Origin": "http://elsewhere.example"})
    browser.cookies["yours"] = mine.commenter.secret

    assert browser.post(f"/comments/on/{post.slug}/", {"text": "Not me."}).status_code == 403
    assert Comment.objects.count() == 1


def test_the_author_sees_what_else_a_person_wrote(desk, mine):
    make.comment(make.post("Otters"), "On otters I agree.", commenter=mine.commenter)

    page = words(desk.get(page_of(mine)))

    assert "What else this person wrote" in page
    assert "On otters I agree." in page
