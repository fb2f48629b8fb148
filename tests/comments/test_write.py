"""Writing a comment: no word of it is lost, nobody speaks with another's voice, nothing twice.

The forms are sent here as a browser without script sends them.
"""

import html as escapes
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory
from lxml import html

from blogsite.requests import is_ours
from comments.models import Comment, Commenter, Reason
from tests import make
from tests.threads import together

pytestmark = pytest.mark.django_db

HERE = {"Origin": "http://testserver"}
MADE = "5f3a" * 8  # what the script of a page makes to name a submission


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("Fog signals")


@pytest.fixture
def reader():
    """A reader's browser, which says where its writes come from."""
    return Client(enforce_csrf_checks=True, headers=HERE)


@pytest.fixture
def author():
    """The author's browser, signed in."""
    client = Client(enforce_csrf_checks=True, headers=HERE)
    client.force_login(make.author())
    return client


def write(client, post, text="I heard it.", **fields):
    return client.post(f"/comments/on/{post.slug}/", {"text": text, **fields})


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def textarea(response):
    """Return what stands in the form's textarea, as a browser takes it: byte for byte."""
    inside = re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', response.text, re.DOTALL)
    return escapes.unescape(inside[1])


def form_on(response):
    """Return the form to write in on this page."""
    (form,) = html.fromstring(response.content).xpath("//form[@method='post']")
    return form


def send_again(client, response):
    """Send the form on the page once more, as it stands there."""
    form = form_on(response)
    return client.post(form.get("action"), {**dict(form.form_values()), "text": textarea(response)})


def stored(post):
    return [(one.name, one.typed, one.state) for one in post.comments.order_by("pk")]


# Sending


def test_a_comment_is_published_at_once_and_leads_to_its_writers_own_page(reader, post):
    response = write(reader, post, name="Halyard")

    comment = post.comments.get()
    assert response.status_code == 302
    assert response["Location"] == f"{comment.commenter.path}?posted={comment.pk}"
    assert stored(post) == [("Halyard", "I heard it.", "published")]


def test_a_published_comment_stands_under_the_post(reader, post):
    after = reader.get(write(reader, post, name="Halyard")["Location"])
    (link,) = html.fromstring(after.content).xpath("//div[@role='status']//a/@href")

    place = reader.get(link)["Location"]
    assert place == f"{post.get_absolute_url()}#c1"
    assert "I heard it." in words(reader.get(urlsplit(place).path))


def test_a_held_comment_is_stored_and_shown_to_its_writer_alone(reader, post):
    post.comment_policy = "hold_all"
    post.save()

    response = reader.get(write(reader, post, "Let me in.\n\nPlease.", name="Waiter")["Location"])

    assert response.status_code == 200
    assert "The author reads it first" in words(response)
    assert re.search(r"Waiter.*Let me in\.\s*Please\.", words(response))
    assert stored(post) == [("Waiter", "Let me in.\n\nPlease.", "held")]
    assert "Let me in." not in words(reader.get(post.get_absolute_url()))


def test_the_form_under_the_post_can_be_sent_as_it_is_without_script(reader, post):
    form = form_on(reader.get(post.get_absolute_url()))
    form.fields["text"] = "By hand."

    response = reader.post(form.get("action"), dict(form.form_values()))

    assert (response.status_code, stored(post)) == (302, [("", "By hand.", "published")])


def test_the_form_has_a_page_of_its_own(reader, post):
    assert "Write a comment" in words(reader.get(f"/comments/on/{post.slug}/"))


def test_a_comment_without_a_name_is_by_anonymous(reader, post):
    write(reader, post)

    assert "Anonymous" in words(reader.get(post.get_absolute_url()))


def test_a_page_takes_comments_too(reader, post):
    page = make.post("Who writes here", kind="page")

    assert write(reader, page).status_code == 302
    assert stored(page) == [("", "I heard it.", "published")]


def test_the_same_submission_sent_twice_is_one_comment_and_leads_to_the_same_page(reader, post):
    first = write(reader, post, name="Halyard", submission=MADE)
    second = write(reader, post, name="Halyard", submission=MADE)

    assert first["Location"] == second["Location"]
    assert len(stored(post)) == 1


@pytest.mark.parametrize("policy", ["open", "hold_all"])
def test_who_sends_the_words_of_another_once_more_is_not_told_their_return_link(post, policy):
    make.blog(comment_policy=policy)
    write(Client(headers=HERE), post, name="Halyard")

    response = write(Client(headers=HERE), post, name="Halyard")

    commenter = post.comments.get().commenter
    assert commenter.secret not in response.get("Location", "") + response.content.decode()
    if policy == "open":
        assert response["Location"] == f"{post.get_absolute_url()}#c1"
    else:
        assert "The author reads it first" in words(response)


def test_nor_is_who_sends_them_under_a_submission_of_their_own(post):
    write(Client(headers=HERE), post, name="Halyard")
    thief = Client(headers=HERE)
    write(thief, post, "Anything.", submission=MADE)

    response = write(thief, post, name="Halyard", submission=MADE)

    commenter = post.comments.get(number=1).commenter
    assert commenter.secret not in response["Location"]


def test_other_words_from_the_page_gone_back_to_are_another_comment(reader, post):
    write(reader, post, "First.", submission=MADE)

    write(reader, post, "Second.", submission=MADE)

    assert [typed for _, typed, _ in stored(post)] == ["First.", "Second."]


def test_other_words_sent_twice_from_the_page_gone_back_to_are_one_comment(reader, post):
    for text in ("First.", "Second.", "Second."):
        write(reader, post, text, submission=MADE)

    assert [typed for _, typed, _ in stored(post)] == ["First.", "Second."]


def test_what_was_withdrawn_can_be_said_again(reader, post):
    write(reader, post, "First.", submission=MADE)
    post.comments.get().remove(reason=Reason.ASKED, role="writer")

    write(reader, post, "First.", submission=MADE)

    assert [state for *_, state in stored(post)] == ["removed", "published"]


def test_a_known_persons_words_are_not_taken_for_anothers(post):
    write(Client(headers=HERE), post, "+1")
    known = Commenter.objects.create()

    for _ in range(2):
        Client(headers=HERE).post(f"{known.path}on/{post.slug}/", {"text": "+1"})

    assert post.comments.count() == 2
    assert known.comments.count() == 1


def test_the_same_words_sent_again_after_signing_in_are_not_a_fault(reader, author, post):
    write(reader, post, submission=MADE)

    assert write(author, post, submission=MADE).status_code == 302


def test_what_was_typed_is_stored_as_typed(reader, post):
    text = 'One\n\n  two <3 & "three"\tfour\n<em>five</em> é 🜁'

    write(reader, post, text)

    assert stored(post)[0][1] == text


def test_lines_may_end_as_browsers_end_them(reader, post):
    write(reader, post, "One.\r\nTwo.")

    assert stored(post)[0][1] == "One.\nTwo."


@pytest.mark.parametrize("field", ["text", "name"])
def test_a_nul_is_left_out_and_the_rest_is_kept(reader, post, field):
    write(reader, post, **{field: "be\x00fore"})

    assert "before" in stored(post)[0]


def test_markup_in_a_comment_is_made_harmless(reader, post):
    write(reader, post, "<script>alert(1)</script><img src=x onerror=alert(2)> <b>bold</b>")

    page = html.fromstring(reader.get(post.get_absolute_url()).content)

    place = page.get_element_by_id("c1")
    assert {one.tag for one in place.find_class("text")[0].iter()} <= {"div", "p", "b"}
    assert place.xpath(".//b/text()") == ["bold"]


def test_markup_in_a_name_is_words(reader, post):
    name = '<b onclick="x">Bo\'sun</b> & co.'

    write(reader, post, name=name)

    (who,) = html.fromstring(reader.get(post.get_absolute_url()).content).find_class("who")
    assert (who.text_content(), len(who)) == (name, 0)


@pytest.mark.parametrize(
    "text", ["<script>alert('x')</script>", "</textarea><script>alert(1)</script>"]
)
def test_markup_on_the_page_of_a_held_comment_is_made_harmless(reader, post, text):
    response = write(reader, post, text + "words", name=text, website="x")

    assert b"<script>alert" not in response.content


# Answering


def test_a_comment_is_answered_by_its_number(reader, post):
    first = make.comment(post)
    form = form_on(reader.get(f"/comments/on/{post.slug}/?to={first.number}"))
    form.fields["text"] = "So did I."
    reader.post(form.get("action"), dict(form.form_values()))

    assert post.comments.get(typed="So did I.").parent == first


def test_the_page_to_answer_on_shows_what_is_answered(reader, post):
    make.comment(post, "Was it two long and one short?")

    response = reader.get(f"/comments/on/{post.slug}/?to=1")

    assert "Answer comment 1" in words(response)
    assert "Was it two long and one short?" in words(response)


@pytest.mark.parametrize("state", ["removed", "spam"])
def test_the_page_to_answer_on_does_not_show_what_was_removed(reader, post, state):
    make.comment(post, "Was it two long and one short?", state=state)

    assert "two long" not in words(reader.get(f"/comments/on/{post.slug}/?to=1"))


ABSURD = ["0", "-1", "7", "1.5", "abc", "9" * 30, "9" * 5000, "\x001", "١٢", "'", "2147483649", "²"]


@pytest.mark.parametrize("number", ABSURD)
def test_a_page_to_answer_an_absurd_number_opens(reader, post, number):
    response = reader.get(f"/comments/on/{post.slug}/", {"to": number})

    assert response.status_code == 200


@pytest.mark.parametrize("number", ABSURD)
def test_an_answer_to_an_absurd_number_is_handed_back(reader, post, number):
    response = write(reader, post, to=number)

    assert (response.status_code, textarea(response)) == (422, "I heard it.")
    assert stored(post) == []


@pytest.mark.parametrize("number", ABSURD)
def test_an_answer_to_an_absurd_number_sent_once_more_answers_nobody(reader, post, number):
    response = send_again(reader, write(reader, post, to=number))

    assert response.status_code == 302
    assert post.comments.get().parent is None


@pytest.mark.parametrize("state", ["removed", "spam", "held"])
def test_an_answer_to_what_is_not_published_is_handed_back(reader, post, state):
    parent = make.comment(post, state=state)

    response = write(reader, post, "So did I.", to=parent.number or 1)

    assert (response.status_code, textarea(response)) == (422, "So did I.")
    assert "no longer there" in words(response)


def test_an_answer_to_what_was_removed_sent_once_more_answers_nobody(reader, post):
    make.comment(post, state="removed")

    response = send_again(reader, write(reader, post, "So did I.", to=1))

    assert response.status_code == 302
    assert post.comments.get(typed="So did I.").parent is None


def test_a_number_means_the_comment_under_this_post_and_no_other(reader, post):
    make.comment(make.post())
    mine = make.comment(post)

    write(reader, post, "So did I.", to=1)

    assert post.comments.get(typed="So did I.").parent == mine


# What is refused is handed back whole


AWKWARD = [
    "</textarea><script>alert(1)</script>",
    "&lt; &amp;lt; < > \" ' &nbsp;",
    "\n\nleading lines",
    "trailing  \n",
    "tab\tand   spaces",
    "ünïcödé 🜁 \u202eturned\u202c",
    "One.\r\n\r\nTwo.",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_a_text_that_is_handed_back_is_the_same_byte_for_byte(reader, post, text):
    response = write(reader, post, text, name="Ines Harker")

    assert (response.status_code, textarea(response)) == (422, text)


def test_a_text_that_is_too_long_is_handed_back_whole(reader, post):
    text = "</textarea>&amp;\n" * 900

    response = write(reader, post, text, name="Halyard")

    assert (response.status_code, textarea(response)) == (422, text)
    assert stored(post) == []


def test_what_is_handed_back_can_break_out_of_nothing(reader, post):
    attack = '"></textarea><script>alert(1)</script>'

    response = write(reader, post, attack, name="x" * 101 + attack, to=attack)

    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00"])
def test_an_empty_comment_is_refused_and_the_name_is_kept(reader, post, text):
    response = write(reader, post, text, name="Halyard")

    (field,) = html.fromstring(response.content).xpath("//input[@name='name']/@value")
    assert (response.status_code, field) == (422, "Halyard")
    assert "Write something first." in words(response)


def test_a_name_that_is_too_long_is_refused_and_both_are_kept(reader, post):
    response = write(reader, post, name="H" * 101)

    (field,) = html.fromstring(response.content).xpath("//input[@name='name']/@value")
    assert (response.status_code, field, textarea(response)) == (422, "H" * 101, "I heard it.")


def test_a_fault_is_tied_to_its_field(reader, post):
    page = html.fromstring(write(reader, post, "").content)

    (field,) = page.xpath("//textarea[@name='text']")
    assert field.get("aria-invalid") == "true"
    described = [page.get_element_by_id(one) for one in field.get("aria-describedby").split()]
    assert "Write something first." in [one.text_content().strip() for one in described]


@pytest.mark.parametrize("submission", ["", MADE])
def test_what_was_corrected_and_sent_again_is_stored_once(reader, post, submission):
    form = form_on(write(reader, post, name="Ines Harker", submission=submission))
    form.fields["name"] = "Halyard"

    for _ in range(2):
        reader.post(form.get("action"), dict(form.form_values()))

    assert stored(post) == [("Halyard", "I heard it.", "published")]


def test_a_comment_on_a_closed_post_is_refused_and_handed_back(reader, post):
    post.comment_policy = "closed"
    post.save()

    response = write(reader, post)

    assert (response.status_code, textarea(response)) == (403, "I heard it.")
    assert stored(post) == []


def test_a_closed_post_shows_no_form(reader, post):
    post.comment_policy = "closed"
    post.save()

    page = reader.get(post.get_absolute_url())

    assert "Comments on this post are closed." in words(page)
    assert b"<textarea" not in page.content


# Where a write comes from


ORIGINS = [
    ({"Origin": "http://testserver"}, True),
    ({"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"}, True),
    ({"Origin": "http://blog.example"}, True),  # SITE_URL, below
    ({"Origin": "https://testserver"}, True),  # a proxy ends TLS
    ({"Origin": "ftp://testserver"}, False),
    ({"Origin": "http://testserver:81"}, False),
    ({"Origin": "http://testserver.evil.example"}, False),
    ({"Origin": "http://evil.example"}, False),
    ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
    ({"Origin": "http://evil.example", "Referer": "http://testserver/"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "null"}, False),
    ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
    ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, False),
    ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
    ({"Origin": "null", "Sec-Fetch-Site": "none"}, False),
    ({"Origin": "null", "Sec-Fetch-Site": "cross-site", "Referer": "http://testserver/"}, False),
    ({"Origin": "null", "Referer": "http://testserver/"}, True),
    ({"Origin": "null", "Referer": "http://evil.example/"}, False),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "none"}, False),
    ({"Referer": "http://testserver/2017/08/fog-signals/"}, True),
    ({"Referer": "http://blog.example/2017/08/fog-signals/"}, True),
    ({"Referer": "http://testserver.evil.example/"}, False),
    ({"Referer": "http://testserver@evil.example/"}, False),
    ({"Referer": "http://evil.example/?http://testserver/"}, False),
    ({"Referer": "http://["}, False),
    ({"Referer": "nonsense"}, False),
    ({}, False),
]


@pytest.mark.parametrize("headers, ours", ORIGINS)
def test_a_write_is_ours_when_the_browser_says_so(settings, headers, ours):
    settings.SITE_URL = "http://blog.example"

    assert is_ours(RequestFactory().post("/comments/on/x/", headers=headers)) == ours


def test_a_write_from_elsewhere_is_refused_and_handed_back(post):
    response = write(Client(headers={"Origin": "http://evil.example"}), post)

    assert (response.status_code, textarea(response)) == (403, "I heard it.")
    assert stored(post) == []


def test_a_write_from_elsewhere_sent_once_more_from_here_is_stored(reader, post):
    refused = write(Client(headers={"Origin": "null"}), post)

    assert send_again(reader, refused).status_code == 302
    assert len(stored(post)) == 1


def test_the_author_signed_in_cannot_be_made_to_write_from_elsewhere(author, post):
    author.post(
        f"/comments/on/{post.slug}/", {"text": "x"}, headers={"Origin": "http://evil.example"}
    )

    assert stored(post) == []


# Names and voices


KEPT = [
    *("Ines Harker", "ines harker", "INES HARKER", "  Ines   Harker ", "Ines-Harker", "InesHarker"),
    *("Inés Harker", "Ines H\u0430rker", "\u0406nes Harker", "lnes Harker", "1nes Harker"),
    *(
        "Ines\u200b Harker",
        "\u202eInes Harker",
        "Ｉｎｅｓ Ｈａｒｋｅｒ",
        "Ines Harker.",
        "Ines\x00 Harker",
    ),
    *("The Tide Table", "the t1de table", "Maud Tarrant", "M. Tarrant", "m tarrant"),
]


@pytest.mark.parametrize("name", KEPT)
def test_nobody_signs_with_a_name_that_is_kept_or_looks_like_it(reader, post, name):
    make.right(post)
    make.right(post, make.subject("Someone else"), shown_name="M. Tarrant")

    response = write(reader, post, name=name)

    assert (response.status_code, textarea(response)) == (422, "I heard it.")
    assert "belongs to somebody else here" in words(response)
    assert stored(post) == []


@pytest.mark.parametrize("name", ["Ines", "Harker", "A pilot", "Table", "Maud T.", "署名なし", "…"])
def test_other_names_are_free(reader, post, name):
    make.right(post)

    write(reader, post, name=name)

    assert stored(post)[0][0] == name


@pytest.mark.parametrize("name", ["Maud Tarrant", "M. T.", "maud  tarrant"])
def test_a_subjects_name_is_kept_on_every_post_as_their_reply_travels(reader, post, name):
    make.right(make.post())
    make.right(make.post(), shown_name="M. T.")

    assert write(reader, post, name=name).status_code == 422
    assert not post.comments.exists()


@pytest.mark.parametrize("name", ["Otto Brandt", "O. B."])
@pytest.mark.parametrize("where", ["draft", "taken back", "nowhere", "unnamed"])
def test_no_refusal_tells_a_stranger_of_somebody_whom_no_public_post_names(
    reader, post, where, name
):
    otto = make.subject("Otto Brandt")
    about = make.post(published=None)
    if where != "draft":
        about.publish()
    if where != "nowhere":
        make.right(about, otto, shown_name="O. B.", unnamed=where == "unnamed")
    if where == "taken back":
        about.unpublish()

    write(reader, post, name=name)

    assert stored(post)[0][0] == name


def test_the_name_behind_the_one_that_readers_see_is_not_told_by_a_refusal(reader, post):
    make.right(make.post(), make.subject("Otto Brandt"), shown_name="O. B.")

    assert write(reader, post, name="Otto Brandt").status_code == 302
    assert write(reader, post, name="O. B.").status_code == 422


def test_the_same_words_in_answer_to_another_are_not_a_repeat(reader, post):
    first, second = make.comment(post), make.comment(post)

    for parent in (first, second):
        write(reader, post, "Agreed.", to=parent.number, submission=MADE)

    assert [one.parent for one in post.comments.filter(typed="Agreed.")] == [first, second]


@pytest.mark.parametrize("field", ["voice", "state", "number", "right", "parent", "commenter"])
def test_a_reader_decides_nothing_by_sending_more_than_the_form_asks(reader, post, field):
    make.right(post)

    write(reader, post, **{field: {"voice": "author", "state": "held"}.get(field, "1")})

    comment = post.comments.get()
    assert (comment.voice, comment.state, comment.right, comment.parent) == (
        *("reader", "published", None, None),
    )


def test_the_author_signed_in_has_the_authors_voice_and_name(author, post):
    write(author, post, name="Somebody else")

    comment = post.comments.get()
    assert (comment.voice, comment.name) == ("author", "Ines Harker")


def test_the_author_is_not_asked_for_a_name(author, post):
    assert b'name="name"' not in author.get(post.get_absolute_url()).content


def test_the_author_is_not_held_and_writes_where_it_is_closed(author, post):
    post.comment_policy = "closed"
    post.save()

    write(author, post, "http://a.example http://b.example http://c.example")

    assert post.comments.get().state == "published"


def test_staff_who_may_not_write_comments_have_a_readers_voice(reader, post, django_user_model):
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_comment"))
    reader.force_login(clerk)

    write(reader, post, name="Clerk")

    assert post.comments.get().voice == "reader"


def test_staff_who_may_not_write_comments_cannot_use_the_authors_name(
    reader, post, django_user_model
):
    reader.force_login(django_user_model.objects.create_user("clerk", is_staff=True))

    assert write(reader, post, name="Ines Harker").status_code == 422


def test_the_authors_voice_is_marked_on_the_page(author, post):
    write(author, post)

    page = html.fromstring(Client().get(post.get_absolute_url()).content)

    assert "voice-author" in page.get_element_by_id("c1").get("class")


# What is held


LINKS = "http://a.example http://b.example http://c.example"


@pytest.mark.parametrize(
    "policy, plain, links, trap",
    [
        ("open", "published", "published", "held"),
        ("screened", "published", "held", "held"),
        ("hold_all", "held", "held", "held"),
        ("closed", "refused", "refused", "refused"),
    ],
)
def test_a_policy_publishes_holds_or_refuses(reader, post, policy, plain, links, trap):
    post.comment_policy = policy
    post.save()

    answers = (
        write(reader, post),
        write(reader, post, LINKS),
        write(reader, post, "Filled in.", website="http://d.example"),
    )

    expected = (plain, links, trap)
    status = {"published": 302, "held": 302, "refused": 403}
    assert [answer.status_code for answer in answers] == [status[one] for one in expected]
    assert [state for *_, state in stored(post)] == [one for one in expected if one != "refused"]


@pytest.mark.parametrize("policy, state", [("open", "published"), ("hold_all", "held")])
def test_the_blogs_policy_holds_where_a_post_has_none(reader, post, policy, state):
    make.blog(comment_policy=policy)

    write(reader, post)

    assert stored(post) == [("", "I heard it.", state)]


def test_where_the_blog_is_closed_a_post_without_a_policy_is(reader, post):
    make.blog(comment_policy="closed")

    assert write(reader, post).status_code == 403


def test_a_comment_with_two_links_is_not_held(reader, post):
    make.blog(comment_policy="screened")

    assert write(reader, post, "http://a.example and http://b.example").status_code == 302


def test_the_trap_is_out_of_sight_and_reach(reader, post):
    page = html.fromstring(reader.get(post.get_absolute_url()).content)

    (trap,) = page.xpath("//input[@name='website']")
    assert trap.get("tabindex") == "-1"
    assert trap.getparent().get("aria-hidden") == "true"


def test_a_held_comment_sent_twice_is_one(reader, post):
    make.blog(comment_policy="hold_all")

    write(reader, post)
    write(reader, post)

    assert len(stored(post)) == 1


# Preview


def test_a_preview_goes_through_the_same_door_and_stores_nothing(reader, post):
    text = "Mind <b>this</b> <script>alert(1)</script> https://a.example"

    page = write(reader, post, text, name="Halyard", preview="Preview")

    shown = make.comment(make.post(), text).shown
    assert page.status_code == 200
    assert str(shown) in page.text
    assert textarea(page) == text
    assert not post.comments.exists()


@pytest.mark.parametrize("fields", [{"text": ""}, {"text": "x" * 10_001}, {"name": "Ines Harker"}])
def test_a_preview_of_what_would_be_refused_says_so(reader, post, fields):
    page = write(reader, post, **{"text": "Mind.", "preview": "Preview", **fields})

    assert page.status_code == 422
    assert "This is how it will look" not in words(page)


def test_a_preview_where_comments_are_closed_hands_the_words_back(reader, post):
    post.comment_policy = "closed"
    post.save()

    page = write(reader, post, "Mind.", preview="Preview")

    assert page.status_code == 403
    assert textarea(page) == "Mind."


# Many at once


@pytest.mark.django_db(transaction=True)
def test_what_eight_browsers_send_at_once_is_all_there_each_where_it_was_said_to_be():
    make.blog(comment_policy="open")
    post = make.post()

    def send_25(n):
        client = Client(headers=HERE)
        return [
            (f"Sounding {n}, {turn}.", write(client, post, f"Sounding {n}, {turn}.")["Location"])
            for turn in range(25)
        ]

    acknowledged = [pair for several in together(8, send_25) for pair in several]

    told = {typed: int(address.rpartition("=")[2]) for typed, address in acknowledged}
    assert dict(Comment.objects.values_list("typed", "pk")) == told
    numbers = Comment.objects.values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, 201))


@pytest.mark.parametrize("submission", ["x" * 5000, "<script>", "5F3A", "\x00"])
def test_a_submission_that_no_script_of_ours_has_named_goes_through(reader, post, submission):
    assert write(reader, post, submission=submission).status_code == 302
    assert Comment.objects.get().submission is None


def test_words_for_a_post_that_is_gone_are_handed_back(reader, post):
    post.unpublish()

    page = write(reader, post, "Half an hour of </textarea> writing.")

    assert page.status_code == 404
    (area,) = html.fromstring(page.content).iter("textarea")
    assert area.text.lstrip("\n") == "Half an hour of </textarea> writing."


def test_an_address_in_capitals_is_a_link_too(reader, post):
    make.blog(comment_policy="screened")

    write(reader, post, "HTTP://A.EXAMPLE HTTP://B.EXAMPLE HTTP://C.EXAMPLE")

    assert post.comments.get().held_because == "links"
