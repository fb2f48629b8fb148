"""The letterbox: whom a post is about replies and asks, unseen by others, and loses no word."""

import html as escapes
import re

import pytest
from django.core import mail
from django.test import Client
from lxml import html

from blogsite import secret_links
from comments.models import AmendmentRequest, Letter, Reason
from posts.models import SearchDocument
from tests import make
from tests.model_case import NEW, OLD

pytestmark = pytest.mark.django_db


@pytest.fixture
def right():
    """A right of reply to a post with a reader's comment, which was reprinted with it."""
    make.blog(comment_policy="open")
    source = make.post("The pilot who would not wait", published=OLD)
    chosen = make.comment(source, "I was on the quay that day.", "Bosun")
    newer = make.post("Two from the drawer", published=NEW)
    make.reprint(newer, source, chosen=[chosen])
    make.comment(newer, "I remember this one.", "Cox")
    return make.right(source)


@pytest.fixture
def subject(right):
    """The subject's browser. No address says that a write comes from here, as in some browsers."""
    return Client(enforce_csrf_checks=True)


def path(right):
    return right.letterbox.removeprefix("http://testserver")


def send(client, right, **fields):
    return client.post(path(right), fields)


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def typed(response):
    """Return what stands in the form's fields, as a browser takes it: byte for byte."""
    areas = re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', response.text, re.DOTALL)
    return {name: escapes.unescape(inside) for name, inside in areas}


def both_pages(right):
    """Return the words of the post's page and of the page that reprints it."""
    reprint = right.post.reprinted_in.get()
    return [words(Client().get(post.get_absolute_url())) for post in (right.post, reprint.post)]


# A reply


def test_a_reply_is_acknowledged_on_the_letterbox_itself(subject, right):
    response = subject.post(path(right), {"text": "I waited forty minutes."}, follow=True)

    assert "what you sent has arrived" in words(response)
    assert "I waited forty minutes." in words(response)
    assert "waiting for the author" in words(response)


def test_a_reply_is_held_whatever_the_policy_and_nobody_else_sees_it(subject, right):
    send(subject, right, text="I waited forty minutes.")

    assert right.replies.get().state == "held"
    assert "forty" not in "".join(both_pages(right))
    assert not SearchDocument.objects.filter(text__contains="forty", public=True).exists()


def test_a_reply_let_through_stands_above_the_readers_on_the_post_and_its_reprint(subject, right):
    send(subject, right, text="I waited forty minutes.")
    right.replies.get().publish()

    own, reprint = both_pages(right)

    assert own.index("I waited forty minutes.") < own.index("on the quay")
    assert reprint.index("I waited forty minutes.") < reprint.index("on the quay")
    assert reprint.index("I waited forty minutes.") < reprint.index("I remember this one.")


def test_a_reply_let_through_says_so_in_the_letterbox_and_leads_to_it(subject, right):
    send(subject, right, text="I waited forty minutes.")
    reply = right.replies.get()
    reply.publish()

    page = html.fromstring(subject.get(path(right)).content)

    assert page.xpath("//article//a[text()='published']/@href") == [reply.get_absolute_url()]


def test_a_removed_reply_is_still_in_its_writers_letterbox(subject, right):
    send(subject, right, text="I waited forty minutes.")
    reply = right.replies.get()
    reply.publish()
    reply.remove(reason=Reason.LAW)

    shown = words(subject.get(path(right)))

    assert "I waited forty minutes." in shown
    assert "not shown" in shown


def test_a_reply_has_the_voice_and_name_of_the_subject_and_no_other(subject, right):
    send(subject, right, text="I was there.", name="Ines Harker", voice="author")

    reply = right.replies.get()
    assert (reply.voice, reply.name) == ("subject", "Maud Tarrant")


def test_a_reply_may_have_headings_and_lists_and_no_script(subject, right):
    send(subject, right, text="<h3>First</h3><ul><li>One</li></ul><script>alert(1)</script>")
    right.replies.get().publish()

    response = Client().get(right.post.get_absolute_url())

    (text,) = html.fromstring(response.content).xpath("//*[@class='exchange']//*[@class='text']")
    assert {one.tag for one in text.iter()} == {"div", "h3", "ul", "li"}


def test_a_reply_of_a_whole_articles_length_is_kept_whole(subject, right):
    text = "".join(f"Sounding {n}, by the lead.\n\n" for n in range(5000)).strip()

    assert send(subject, right, text=text).status_code == 302
    assert right.replies.get().typed == text


def test_a_later_part_goes_the_same_way(subject, right):
    for text in ("I waited.", "And here is the log."):
        send(subject, right, text=text)
        right.replies.get(typed=text).publish()

    for shown in both_pages(right):
        assert shown.index("I waited.") < shown.index("And here is the log.")


def test_the_author_hears_of_a_reply_once(subject, right):
    for _ in range(2):
        send(subject, right, text="I waited.")

    assert Letter.objects.get().to == "ines@tidetable.example"


# A request


def test_a_request_is_stored_with_all_that_was_said(subject, right):
    send(
        *(subject, right),
        words="was late again",
        wrong="I waited.",
        wanted="waited",
        public="on",
    )

    request = right.requests.get()
    assert (request.words, request.wrong, request.wanted, request.public, request.state) == (
        *("was late again", "I waited.", "waited", True, "waiting"),
    )


def test_a_request_is_private_unless_the_subject_says_otherwise(subject, right):
    send(subject, right, wrong="I waited.")

    assert right.requests.get().public is False


def test_a_request_and_its_decision_are_in_the_letterbox(subject, right):
    send(subject, right, wrong="I waited.", wanted="She waited.")
    right.requests.get().decline("The log says otherwise.")

    shown = words(subject.get(path(right)))

    parts = ("I waited.", "She waited.", "Declined by the author", "The log says otherwise.")
    assert [part for part in parts if part not in shown] == []


def test_a_reply_and_a_request_can_be_sent_together(subject, right):
    send(subject, right, text="I was there.", wrong="I waited.")

    assert (right.replies.count(), right.requests.count()) == (1, 1)


# Sent twice


@pytest.mark.parametrize("submission", ["", "5f3a" * 8])
def test_what_is_sent_twice_is_there_once(subject, right, submission):
    for _ in range(2):
        response = send(
            *(subject, right), text="I was there.", wrong="I waited.", submission=submission
        )

    assert response.status_code == 302
    assert (right.replies.count(), right.requests.count()) == (1, 1)


def test_other_words_from_the_page_gone_back_to_are_kept_too(subject, right):
    for text in ("I was there.", "I was there, with the log."):
        send(subject, right, text=text, submission="5f3a" * 8)

    assert right.replies.count() == 2


def test_a_request_made_again_after_it_was_declined_is_another(subject, right):
    send(subject, right, wrong="I waited.")
    right.requests.get().decline("No.")

    send(subject, right, wrong="I waited.")

    states = AmendmentRequest.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["declined", "waiting"]


# What is refused is handed back whole


AWKWARD = "\n</textarea><script>alert(1)</script> &amp; <é>\r\n\r\ntwo  spaces\t🜁 "


@pytest.mark.parametrize(
    "refused",
    [
        {"text": AWKWARD, "words": AWKWARD, "wrong": "", "wanted": AWKWARD},
        {"text": AWKWARD * 5000, "words": AWKWARD, "wrong": AWKWARD, "wanted": AWKWARD},
        {"text": AWKWARD, "words": AWKWARD * 200, "wrong": AWKWARD, "wanted": AWKWARD},
        {"text": AWKWARD, "words": AWKWARD, "wrong": AWKWARD * 200, "wanted": AWKWARD},
        {"text": AWKWARD, "words": AWKWARD, "wrong": AWKWARD, "wanted": AWKWARD * 200},
        {"text": "", "words": "", "wrong": "", "wanted": ""},
    ],
    ids=["nothing wrong", "long text", "long words", "long wrong", "long wanted", "empty"],
)
def test_what_is_refused_is_handed_back_byte_for_byte_and_nothing_is_stored(
    subject, right, refused
):
    response = send(subject, right, **refused)

    assert (response.status_code, typed(response)) == (422, refused)
    assert (right.replies.count(), right.requests.count()) == (0, 0)


def test_a_choice_is_handed_back_too(subject, right):
    response = send(subject, right, words="would not wait", public="on")

    assert html.fromstring(response.content).xpath("//input[@name='public']/@checked")


def test_what_is_refused_says_why_at_its_field(subject, right):
    page = html.fromstring(send(subject, right, words="would not wait").content)

    (field,) = page.xpath("//textarea[@name='wrong']")
    described = [page.get_element_by_id(one) for one in field.get("aria-describedby").split()]
    assert "Say what is wrong" in " ".join(one.text_content() for one in described)


def test_a_nul_is_left_out_and_the_rest_is_kept(subject, right):
    send(subject, right, text="be\x00fore", wrong="af\x00ter", words="\x00", wanted="\x00")

    assert (right.replies.get().typed, right.requests.get().wrong) == ("before", "after")


# Nobody else


def tampered(secret):
    number, _, mac = secret.partition("-")
    other = "B" if mac[0] == "A" else "A"
    return {
        "wrong": f"{number}-{other}{mac[1:]}",
        "truncated": secret[:-1],
        "longer": f"{secret}A",
        "another row's": f"{int(number, 16) + 1:x}-{mac}",
        "without a row": f"{10**9:x}-{mac}",
        "row alone": number,
        "mac alone": mac,
        "empty mac": f"{number}-",
        "in capitals": secret.upper(),
        "huge row": f"{'f' * 13}-{mac}",
        "huger row": f"{'z' * 13}-{mac}",
        "of another kind": secret_links.derive("yours", int(number, 16), 1),
        "with a NUL": f"{secret}%00",
        "with a space": f"%20{secret}",
        "long": "a" * 5000,
    }


@pytest.mark.parametrize("fault", tampered("1-" + "A" * 22))
def test_a_secret_that_is_not_whole_opens_the_page_of_no_secret_at_all(subject, right, fault):
    secret = path(right).split("/")[2]
    nothing = subject.get("/reply/nothing/")

    response = subject.get(f"/reply/{tampered(secret)[fault]}/")

    assert (response.status_code, response.content) == (404, nothing.content)
    assert response.headers == nothing.headers


def test_a_renewed_link_ends_the_former_one_and_opens_the_letterbox(subject, right):
    former = path(right)
    right.renew_link()

    assert subject.get(former).status_code == 404
    assert subject.get(path(right)).status_code == 200


def test_nothing_can_be_sent_by_a_former_link(subject, right):
    former = path(right)
    right.renew_link()

    assert subject.post(former, {"text": "I waited."}).status_code == 404
    assert right.replies.count() == 0


def test_a_letterbox_stays_open_while_the_post_is_out_of_public_view(subject, right):
    send(subject, right, text="I waited forty minutes.")
    right.post.unpublish()

    send(subject, right, text="And then I left.")
    page = words(subject.get(path(right)))

    assert "The post is not public at present." in page
    assert right.post.words not in page
    assert [part for part in ("I waited forty minutes.", "And then I left.") if part in page] == [
        "I waited forty minutes.",
        "And then I left.",
    ]


def test_words_sent_to_a_letterbox_that_is_no_more_are_handed_back(subject, right):
    gone = path(right)
    right.renew_link()

    page = subject.post(gone, {"text": "I waited </textarea> forty minutes.", "wrong": "The hour."})

    assert page.status_code == 404
    typed = [area.text.lstrip("\n") for area in html.fromstring(page.content).iter("textarea")]
    assert typed == ["I waited </textarea> forty minutes.", "The hour."]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not right.replies.exists()


def test_two_letterboxes_of_one_post_do_not_show_each_others_letters(subject, right):
    other = make.right(right.post, make.subject("Otto Brandt"))
    send(subject, right, text="I waited forty minutes.", wrong="The hour.")

    shown = words(subject.get(path(other)))

    assert [part for part in ("forty", "The hour.", "Maud") if part in shown] == []


@pytest.mark.parametrize("which", ["open", "sent", "refused", "wrong", "post"])
def test_a_letterbox_is_kept_nowhere_found_nowhere_and_told_to_nobody(subject, right, which):
    response = {
        "open": lambda: subject.get(path(right)),
        "sent": lambda: subject.get(f"{path(right)}?sent"),
        "refused": lambda: send(subject, right, text=""),
        "wrong": lambda: subject.get("/reply/nothing/"),
        "post": lambda: send(subject, right, text="I waited."),
    }[which]()

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies


def test_a_letterboxes_address_is_in_no_log(subject, right, caplog, monkeypatch):
    def fault(*args, **kwargs):
        raise RuntimeError(f"at {path(right)}")

    caplog.set_level("DEBUG")
    monkeypatch.setattr("comments.letterbox.LetterboxForm", fault)
    secret = path(right).split("/")[2]
    subject.raise_request_exception = False

    subject.get(path(right))

    assert "/reply/***" in caplog.text
    assert secret not in caplog.text


def test_no_page_that_readers_see_leads_to_a_letterbox(right):
    pages = [right.post.get_absolute_url(), "/", "/feed/", "/sitemap.xml"]

    assert [one for one in pages if b"/reply/" in Client().get(one).content] == []


def test_no_letter_to_the_author_holds_the_subjects_link(subject, right):
    send(subject, right, text="I waited.")

    for letter in Letter.objects.all():
        letter.send()

    assert len(mail.outbox) == 1
    assert "/reply/" not in mail.outbox[0].body


def test_a_letterbox_without_its_last_slash_is_as_secret(subject, right):
    response = subject.get(path(right).rstrip("/"))

    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_what_one_person_not_named_here_says_is_no_repeat_of_another_s(subject, right):
    other = make.right(right.post, make.subject("Otto"), unnamed=True)
    right.unnamed = True
    right.save()

    for one in (right, other):
        send(subject, one, text="It is not so.")

    assert [one.replies.count() for one in (right, other)] == [1, 1]
