"""Claims: somebody says that a post is about them, confirms their address, and is answered.

Nobody finds out whom a post names, nobody's words are lost, and the author hears of nothing that
nobody confirmed.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from comments import tasks
from comments.models import Act, Asking, Claim, Comment, Letter, RightOfReply, Subject, Thread
from comments.models.claim_queryset import MOST_AN_HOUR
from posts.models import Blog, Origin
from tests import make
from tests.losing import is_handed_back
from tests.stored import everything_stored
from tests.threads import together

pytestmark = pytest.mark.django_db

HERE = {"Origin": "http://testserver"}
MADE = "5f3a" * 8
SAID = {
    "name": "Maud Tarrant",
    "how": "It says that I left the bar before the flood.",
    "proof": "Call the harbour office and ask for me.",
    "email": "maud@example.com",
}


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("Fog signals")


@pytest.fixture
def reader():
    """A reader's browser, which says where its writes come from."""
    return Client(enforce_csrf_checks=True, headers=HERE)


def send(client, post, **fields):
    return client.post(post.get_about_you_url(), {**SAID, **fields})


def made(post, **said):
    """Return a claim that nobody has confirmed."""
    return Claim.objects.make(post, **{"comment": None, **SAID, **said})


def confirmed(post, **said):
    claim = made(post, **said)
    claim.confirm()
    return claim


def path(claim):
    return claim.link.removeprefix("http://testserver")


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def delivered():
    mail.outbox.clear()
    tasks.send_due_letters()
    return list(mail.outbox)


def letter_to(address):
    """Return the text of the last letter to this address."""
    return Letter.objects.filter(to=address).order_by("pk").last().body


def verbs(claim):
    return [act.verb for act in claim.acts.order_by("pk")]


# The form


def test_every_post_and_page_leads_to_the_form(reader, post):
    for one in (post, make.post("Who writes here", kind="page")):
        page = html.fromstring(reader.get(one.get_absolute_url()).content)

        (link,) = page.xpath("//a[text()='Is this post about you?']/@href")
        assert link == f"{one.get_absolute_url()}about-you/"
        assert "Whoever a post is about can have a page of their own" in words(reader.get(link))


def test_a_comments_complaint_page_leads_to_the_form_with_its_number(reader, post):
    comment = make.comment(post, "She ran aground twice.")
    page = html.fromstring(reader.get(f"/comments/{comment.pk}/complain/").content)

    (link,) = page.xpath("//a[text()='Is this comment about you?']/@href")
    form = reader.get(link)

    assert "Is comment 1 about you?" in words(form)
    assert "ran aground twice" in words(form)
    assert html.fromstring(form.content).xpath("//input[@name='comment']/@value") == ["1"]


def test_a_claim_is_stored_with_the_comment_it_means_and_its_address_asked(reader, post):
    comment = make.comment(post)

    answer = send(reader, post, comment=f" #{comment.number} ")

    claim = Claim.objects.get()
    assert answer.status_code == 302
    assert (claim.post, claim.comment, claim.name) == (post, comment, "Maud Tarrant")
    assert (claim.how, claim.proof) == (SAID["how"], SAID["proof"])
    (letter,) = delivered()
    assert letter.to == ["maud@example.com"]
    assert claim.link in letter.body


def test_the_letter_that_asks_has_no_word_that_a_stranger_typed(reader, post):
    send(reader, post, name="Buy nets", how="Buy my nets", proof="http://nets.example")

    (letter,) = delivered()

    assert "nets" not in letter.subject + letter.body


@pytest.mark.parametrize("number", ["999", "0", "-1", "x", "1e3", "١", "9" * 20])
def test_a_comment_that_is_not_there_is_said_to_be_missing_and_nothing_is_lost(
    reader, post, number
):
    page = send(reader, post, comment=number, how="An hour of work.")

    assert page.status_code == 422
    assert "No comment with this number" in words(page)
    assert is_handed_back(page, "An hour of work.")
    assert f'value="{number}"' in page.text
    assert not Claim.objects.exists()


def test_a_comment_under_another_post_or_out_of_sight_is_not_there(reader, post):
    make.comment(make.post())
    assert send(reader, post, comment="1").status_code == 422

    make.comment(post, state="removed")
    assert send(reader, post, comment="1").status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        *({"name": " "}, {"name": "\u200b"}, {"name": "x" * 101}, {"how": ""}, {"how": "x" * 5001}),
        *({"proof": ""}, {"email": ""}, {"email": "maud@"}, {"email": '"a b"@example.com'}),
    ],
    ids=str,
)
def test_what_is_not_whole_is_handed_back(reader, post, fields):
    page = send(reader, post, **fields)

    assert page.status_code == 422
    for name in ("how", "proof"):
        assert is_handed_back(page, fields.get(name, SAID[name]))
    assert not Claim.objects.exists()
    assert not Letter.objects.exists()


def test_what_was_not_sent_from_here_is_handed_back(post):
    page = send(Client(headers={"Origin": "http://elsewhere.example"}), post)

    assert page.status_code == 403
    assert is_handed_back(page, SAID["how"])
    assert not Claim.objects.exists()


def test_a_filled_trap_stores_nothing_and_loses_nothing(reader, post):
    page = send(reader, post, website="http://nets.example")

    (trap,) = html.fromstring(page.content).xpath("//input[@name='website']")
    assert page.status_code == 422
    assert is_handed_back(page, SAID["how"])
    assert not trap.get("value")
    assert not Claim.objects.exists()


@pytest.mark.parametrize("slash", ["/", ""])
def test_a_post_out_of_view_hands_the_words_back(reader, post, slash):
    post.unpublish()

    page = reader.post(post.get_about_you_url().removesuffix("/") + slash, SAID)

    assert page.status_code == 404
    assert is_handed_back(page, SAID["how"])
    assert is_handed_back(page, SAID["proof"])
    assert reader.get(post.get_about_you_url()).status_code == 404


def test_a_wrong_date_leads_to_the_right_one_with_the_number(reader):
    post = make.post("Fog signals", published=datetime(2017, 8, 9, tzinfo=UTC))

    answer = reader.get("/2016/01/fog-signals/about-you/?comment=37")

    assert answer.status_code == 301
    assert answer["Location"] == f"{post.get_about_you_url()}?comment=37"


def test_what_is_sent_to_an_old_address_arrives(reader, post):
    form = post.get_about_you_url()
    post.slug = "horns"
    post.save()

    assert reader.post(form, SAID).status_code == 302
    assert reader.post("/2001/01/horns/about-you", SAID).status_code == 302
    assert Claim.objects.get().post == post


def test_without_the_slash_nothing_is_lost(reader, post):
    assert reader.post(post.get_about_you_url().removesuffix("/"), SAID).status_code == 302


# Sent twice


@pytest.mark.parametrize("submission", [MADE, ""])
def test_sent_twice_is_one_claim_and_one_letter(reader, post, submission):
    for _ in range(3):
        send(reader, post, submission=submission)

    assert Claim.objects.count() == 1
    assert len(delivered()) == 1


def test_sent_at_once_from_two_places_it_is_one(transactional_db, post):
    together(4, lambda n: made(post, submission=MADE))

    assert Claim.objects.count() == 1
    assert Letter.objects.count() == 1


def test_other_words_or_another_address_are_another_claim(reader, post):
    send(reader, post, submission=MADE)
    send(reader, post, submission=MADE, how="And that I was drunk.")
    send(reader, post, email="otto@example.com")
    send(reader, make.post())

    assert Claim.objects.count() == 4


def test_who_was_declined_may_come_again_with_the_same_words(reader, post):
    confirmed(post).decline("It is about another Maud.")

    send(reader, post)

    assert Claim.objects.count() == 2


def test_a_whole_office_may_come_and_a_flood_is_told_so_with_its_words(reader, post):
    for n in range(MOST_AN_HOUR):
        assert send(reader, post, email=f"colleague{n}@example.com").status_code == 302

    page = send(reader, post, how="One more.")

    assert page.status_code == 429
    assert is_handed_back(page, "One more.")
    assert send(reader, make.post()).status_code == 302
    Claim.objects.update(made_at=timezone.now() - timedelta(hours=1, minutes=1))
    assert send(reader, post, how="One more.").status_code == 302


# How many letters ask


def test_a_stranger_gets_three_letters_a_day_whoever_asks(reader, post):
    for n in range(5):
        send(reader, post, how=f"Reason {n}.")

    assert len(delivered()) == 3
    assert not Asking.objects.allow("MAUD@example.com", 0)
    assert Claim.objects.count() == 5


def test_whom_there_was_no_room_to_ask_the_tick_asks_later(reader, post):
    for n in range(4):
        send(reader, post, how=f"Reason {n}.")
    tasks.tick()
    assert Letter.objects.count() == 3

    Asking.objects.all().delete()
    tasks.tick()
    tasks.tick()

    assert Letter.objects.count() == 4


def test_claims_and_commenters_have_the_hour_of_the_blog_in_common(post):
    for n in range(58):
        assert Asking.objects.allow(f"{n}@example.com", n)
    for n in range(4):
        made(post, email=f"claim{n}@example.com")

    assert Letter.objects.count() == 2
    assert not Asking.objects.allow("bosun@example.com", 99)


def test_nobody_is_asked_about_a_post_that_is_out_of_view(post):
    for _ in range(3):
        Asking.objects.allow("maud@example.com", 0)
    made(post)
    Asking.objects.all().delete()
    post.unpublish()

    tasks.tick()
    assert not Letter.objects.exists()

    post.publish()
    tasks.tick()
    assert Letter.objects.count() == 1


# What a stranger learns


def test_the_answer_is_the_same_whoever_the_post_names_and_whatever_is_known(reader):
    blog = make.blog()
    titles = ["Foghorn a", "Foghorn b", "Foghorn c", "Foghorn d"]
    posts = [make.post(title) for title in titles]
    make.right(posts[1], make.subject(email=""))
    make.right(posts[2], make.subject(email="maud@example.com"))
    taken = confirmed(posts[3])
    taken.accept(Subject(name="Maud Tarrant"))

    answers = [reader.post(post.get_about_you_url(), SAID, follow=True) for post in posts]

    pages = {re.sub("[Ff]oghorn[ -][abcd]", "…", answer.content.decode()) for answer in answers}
    assert blog.name in pages.pop()
    assert not pages


def test_the_answer_costs_the_same_whoever_the_post_names(reader, post):
    other = make.post()
    make.right(other, make.subject(email="maud@example.com"))
    costs = []
    for one in (post, other):
        Thread.lock(one.pk)  # made once, with the first comment
        with CaptureQueriesContext(connection) as captured:
            send(reader, one, email=f"maud{one.pk}@example.com")
        costs.append(len(captured))

    assert costs[0] == costs[1]


def wrong(claim):
    """Return {what is wrong: a secret that opens nothing}."""
    secret = path(claim).split("/")[2]
    replaced = secret
    Claim.objects.filter(pk=claim.pk).update(serial=claim.serial + 1)
    lapsed = made(claim.post, how="Other words.")
    gone = path(lapsed).split("/")[2]
    lapsed.delete()
    stopped = make.subscription(make.comment(claim.post))
    used_up = stopped.confirm_link.split("/")[-2]
    stopped.stop()
    return {
        "replaced": replaced,
        "gone": gone,
        "used up": used_up,
        "cut": secret[:-1],
        "guessed": f"{claim.pk:x}-{'A' * 22}",
        "nobody's": f"ffff-{'A' * 22}",
        "no secret": "claim",
        "long": secret * 50,
        "a letterbox": make.right(claim.post).letterbox.split("/")[-2],
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_wrong_secret_gets_the_same_page_at_the_same_cost(reader, post, method):
    pages, costs = set(), set()
    for secret in wrong(made(post)).values():
        with CaptureQueriesContext(connection) as captured:
            answer = getattr(reader, method)(f"/confirm/{secret}/")
        pages.add((answer.status_code, answer.content))
        costs.add(
            tuple(re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in captured.captured_queries)
        )
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "no-referrer"

    assert len(pages) == 1
    assert len(costs) == 1
    assert not Claim.objects.confirmed().exists()


def test_a_wrong_secret_hands_back_what_was_answered(reader, post):
    answer = reader.post("/confirm/wrong/", {"answer": "An hour of work."})

    assert answer.status_code == 404
    assert is_handed_back(answer, "An hour of work.")


def test_a_claims_link_confirms_no_subscription_and_the_other_way_round(reader, post):
    subscription = make.subscription(make.comment(post), confirmed=False)
    claim = made(post)

    reader.post(path(claim))
    assert not subscription.__class__.objects.confirmed().exists()

    reader.post(subscription.confirm_link.removeprefix("http://testserver"))
    assert subscription.__class__.objects.confirmed().exists()


# Confirmed by mail


def test_looking_changes_nothing_and_the_button_confirms(reader, post):
    claim = made(post)

    page = reader.get(path(claim))
    reader.head(path(claim))
    claim.refresh_from_db()
    assert claim.state == "unconfirmed"
    assert "Did you say that this post is about you?" in words(page)
    assert "m…@example.com" in words(page)

    after = reader.post(path(claim), follow=True)

    claim.refresh_from_db()
    assert claim.is_waiting
    assert "Confirmed: the author looks at it" in words(after)
    assert "has promised an answer within 21 days" in words(after)
    assert SAID["how"] in words(after)


def test_confirmed_twice_the_author_gets_one_letter(reader, post):
    claim = made(post)
    for _ in range(3):
        reader.post(path(claim))

    assert Letter.objects.filter(to="ines@tidetable.example").count() == 1
    assert f"/admin/comments/claim/{claim.pk}/change/" in letter_to("ines@tidetable.example")
    assert verbs(claim) == ["claim", "confirm_claim"]
    assert {act.role for act in claim.acts.all()} == {"subject"}


def test_the_authors_letter_has_no_word_of_the_claim(post):
    confirmed(post)

    text = letter_to("ines@tidetable.example")
    assert "Maud" not in text
    assert "flood" not in text


def test_without_an_address_of_the_author_it_is_confirmed_all_the_same(reader):
    make.blog(author_email="")
    claim = made(make.post())

    reader.post(path(claim))

    claim.refresh_from_db()
    assert claim.is_waiting


def test_a_flood_of_confirmed_claims_does_not_flood_the_author(post):
    for n in range(25):
        claim = made(post, email=f"{n}@example.com")
        claim.confirm()

    assert Letter.objects.filter(to="ines@tidetable.example").count() == 20
    assert Claim.objects.waiting().count() == 25


def test_before_it_is_confirmed_nothing_tells_the_author(client, post):
    made(post)
    client.force_login(make.author())

    assert not Letter.objects.filter(to="ines@tidetable.example").exists()
    assert not Act.objects.filter(verb="claim").exists()
    for address in ("/admin/", "/admin/comments/claim/", "/admin/comments/letter/"):
        page = client.get(address).content.decode()
        assert "maud@example.com" not in page
        assert "Maud Tarrant" not in page
    assert "0 claims" in client.get("/admin/comments/claim/").content.decode()
    assert client.get(f"/admin/comments/claim/{Claim.objects.get().pk}/change/").status_code == 302


def test_what_nobody_confirmed_is_forgotten_after_a_month(post):
    made(post)
    other = confirmed(post, email="otto@example.com")
    Claim.objects.update(made_at=timezone.now() - timedelta(days=29))
    tasks.tick()
    assert Claim.objects.count() == 2

    Claim.objects.update(made_at=timezone.now() - timedelta(days=31))
    tasks.tick()

    assert list(Claim.objects.all()) == [other]
    assert "maud@example.com" not in everything_stored()


def test_one_that_is_confirmed_at_the_last_moment_is_kept(post):
    claim = made(post)
    Claim.objects.update(made_at=timezone.now() - timedelta(days=31))
    (late,) = Claim.objects.lapsed()
    claim.confirm()

    late.lapse()

    assert Claim.objects.get().is_waiting


@pytest.mark.parametrize("name", ["lapsed", "waiting", "open", "confirmed"])
def test_questions_about_one_and_about_all_agree(post, name):
    old = made(post, email="old@example.com")
    Claim.objects.update(made_at=timezone.now() - timedelta(days=31))
    old.refresh_from_db()
    made(post)
    confirmed(post, email="a@example.com")
    confirmed(post, email="b@example.com").ask_once_more("Which harbour?")
    confirmed(post, email="c@example.com").decline("No.")
    confirmed(post, email="d@example.com").accept(Subject(name="Dora"))

    every = Claim.objects.all()
    assert set(getattr(Claim.objects, name)()) == {
        one for one in every if getattr(one, f"is_{name}")
    }


# The author's question


def test_a_question_reaches_the_person_and_the_answer_the_author(reader, post):
    claim = confirmed(post)
    claim.ask_once_more("Which boat were you on?")

    assert "Which boat were you on?" in letter_to("maud@example.com")
    page = reader.get(path(claim))
    assert "The author asks you something" in words(page)
    assert "Which boat were you on?" in words(page)

    after = reader.post(path(claim), {"answer": "On the Halcyon."}, follow=True)

    claim.refresh_from_db()
    assert (claim.state, claim.answer) == ("waiting", "On the Halcyon.")
    assert "On the Halcyon." in words(after)
    assert "has answered your question" in letter_to("ines@tidetable.example")
    assert verbs(claim)[2:] == ["ask_claimant", "answer_claim"]


def test_the_letter_with_the_question_leads_to_the_claims_page(post):
    claim = confirmed(post)
    claim.ask_once_more("Which boat?")

    texts = [one.body for one in delivered()]

    assert any("Which boat?" in text and claim.link in text for text in texts)
    assert claim.link not in everything_stored()


def test_the_clock_of_the_promise_begins_again_with_the_answer(post):
    claim = confirmed(post)
    claim.ask_once_more("Which boat?")
    claim.answer_question("The Halcyon.")

    promised = claim.promise(Blog.current()).decide_by
    assert promised == timezone.localdate(claim.answered_at) + timedelta(days=21)


@pytest.mark.parametrize("answer", ["", "x" * 5001])
def test_an_answer_that_is_none_is_handed_back(reader, post, answer):
    claim = confirmed(post)
    claim.ask_once_more("Which boat?")

    page = reader.post(path(claim), {"answer": answer})

    assert page.status_code == 422
    assert is_handed_back(page, answer)
    claim.refresh_from_db()
    assert claim.is_asked


def test_an_answer_sent_twice_is_one(reader, post):
    claim = confirmed(post)
    claim.ask_once_more("Which boat?")

    statuses = [reader.post(path(claim), {"answer": "The Halcyon."}).status_code for _ in range(2)]

    assert statuses == [302, 302]
    assert claim.acts.filter(verb="answer_claim").count() == 1
    assert Letter.objects.filter(key__startswith="claim answered").count() == 1


def test_an_answer_that_comes_too_late_is_handed_back(reader, post):
    claim = confirmed(post)
    claim.ask_once_more("Which boat?")
    claim.decline("You took too long.")

    page = reader.post(path(claim), {"answer": "The Halcyon."})

    assert page.status_code == 422
    assert is_handed_back(page, "The Halcyon.")
    assert "No question is open any more" in words(page)


def test_nobody_is_asked_twice_so_that_no_answer_is_lost(post):
    claim = confirmed(post)
    claim.ask_once_more("Which boat?")
    claim.ask_once_more("Which boat?")  # pressed twice
    claim.answer_question("The Halcyon.")

    with pytest.raises(ValueError, match="ask once"):
        claim.ask_once_more("Which year?")
    claim.refresh_from_db()
    assert (claim.question, claim.answer) == ("Which boat?", "The Halcyon.")
    assert Letter.objects.filter(key__endswith=" asked").count() == 1


# Decided


def test_declined_the_person_gets_the_reasons(reader, post):
    claim = confirmed(post)
    claim.decline("It is about another Maud.")

    assert "It is about another Maud." in letter_to("maud@example.com")
    page = words(reader.get(path(claim)))
    assert "Declined" in page
    assert "It is about another Maud." in page
    assert verbs(claim)[-1] == "decline_claim"
    assert not RightOfReply.objects.exists()


def test_accepted_the_person_holds_the_letterbox_of_the_post(reader, post):
    claim = confirmed(post)
    claim.accept(Subject(name="Maud Tarrant"), part="the pilot")

    right = RightOfReply.objects.get()
    assert (right.post, right.subject.email, right.part) == (post, "maud@example.com", "the pilot")
    assert right.told_at
    assert right.letterbox in [*delivered()][-1].body
    page = reader.get(path(claim))
    assert right.letterbox in page.text
    act = claim.acts.get(verb="accept_claim")
    assert (act.right, act.post) == (right, post)
    tasks.tick()
    assert not Letter.objects.filter(key__startswith="courtesy").exists()


def test_accepted_for_somebody_the_post_names_it_is_their_right(post):
    right = make.right(post, make.subject(email=""), shown_name="The pilot")
    claim = confirmed(post)

    claim.accept(right.subject, shown_name="Another")

    right.refresh_from_db()
    assert claim.right == right
    assert (right.shown_name, right.subject.email) == ("The pilot", "maud@example.com")
    assert right.told_at


def test_what_was_told_before_stays_told_then(post):
    right = make.right(post)
    make.tell(right)

    confirmed(post).accept(right.subject)

    assert RightOfReply.objects.get().told_at == right.told_at


@pytest.mark.parametrize("replace", [True, False])
def test_another_known_address_is_replaced_if_the_author_says_so_alone(post, replace):
    right = make.right(post, make.subject(email="office@example.com"))
    claim = confirmed(post)

    claim.accept(right.subject, replace_email=replace)

    right.subject.refresh_from_db()
    expected = "maud@example.com" if replace else "office@example.com"
    assert right.subject.email == expected
    assert Letter.objects.get(key=f"claim {claim.pk} accepted").to == "maud@example.com"


@pytest.mark.parametrize("verb", ["confirm", "acknowledge", "accept", "decline", "erase"])
def test_twice_is_harmless(post, verb):
    claim = made(post) if verb == "confirm" else confirmed(post)
    how = {"accept": [Subject(name="Maud")], "decline": ["No."]}.get(verb, [])
    getattr(Claim.objects.get(), verb)(*how)
    letters, acts = Letter.objects.count(), Act.objects.count()

    getattr(claim, verb)(*how)

    assert (Letter.objects.count(), Act.objects.count()) == (letters, acts)


def test_accepted_by_two_at_once_it_is_one_person(transactional_db, post):
    claim = confirmed(post)

    together(3, lambda n: Claim.objects.get(pk=claim.pk).accept(Subject(name="Maud")))

    assert (Subject.objects.count(), RightOfReply.objects.count()) == (1, 1)
    assert claim.acts.filter(verb="accept_claim").count() == 1


def test_of_two_decisions_the_first_stands(post):
    claim = confirmed(post)
    claim.decline("No.")

    with pytest.raises(ValueError, match="has been decided"):
        claim.accept(Subject(name="Maud"))
    assert not Subject.objects.exists()


def test_nothing_is_decided_about_what_nobody_confirmed(post):
    claim = made(post)

    for decide in (lambda: claim.accept(Subject(name="Maud")), lambda: claim.decline("No.")):
        with pytest.raises(ValueError, match="decided"):
            decide()
    assert not Subject.objects.exists()


def test_a_fault_while_accepting_leaves_nothing_half_done(post, monkeypatch):
    claim = confirmed(post)

    def fault(*args, **kwargs):
        raise RuntimeError("the keel is off")

    monkeypatch.setattr(Act, "record", fault)
    with pytest.raises(RuntimeError):
        claim.accept(Subject(name="Maud"))

    assert not Subject.objects.exists()
    assert not RightOfReply.objects.exists()
    assert not Letter.objects.filter(key__endswith="accepted").exists()
    assert Claim.objects.get().is_waiting


def test_acknowledged_the_person_hears_that_and_by_when(reader, post):
    claim = confirmed(post)
    claim.acknowledge()

    assert "has read what you said" in letter_to("maud@example.com")
    assert "will answer by" in letter_to("maud@example.com")
    assert "has read it on" in words(reader.get(path(claim)))
    assert verbs(claim)[-1] == "acknowledge"


def test_a_new_letterbox_link_ends_the_claims_page_which_would_show_it(reader, post):
    claim = confirmed(post)
    claim.accept(Subject(name="Maud"))

    claim.right.renew_link()

    assert reader.get(path(claim)).status_code == 404


# Erased


def test_erased_nothing_of_the_words_and_the_address_is_left(reader, post):
    claim = confirmed(post)
    claim.ask_once_more("Which boat were you on?")
    claim.answer_question("On the Halcyon.")
    claim.decline("There was no Halcyon.")

    claim.erase()

    stored = everything_stored()
    for said in (*SAID.values(), "Which boat", "Halcyon"):
        assert said not in stored
    page = words(reader.get(path(claim)))
    assert "Erased on" in page
    assert verbs(claim)[-1] == "erase_claim"
    assert "decline_claim" in verbs(claim)


def test_whoever_made_it_erases_it_on_its_page(reader, post):
    claim = confirmed(post)

    reader.post(path(claim), {"erase": "yes"})

    claim.refresh_from_db()
    assert claim.erased_at
    assert claim.acts.get(verb="erase_claim").role == "subject"
    assert "Erased on" in words(reader.get(path(claim)))


@pytest.mark.parametrize("asked", [True, False])
def test_an_open_claim_that_is_erased_is_closed_without_a_letter(post, asked):
    claim = confirmed(post)
    if asked:
        claim.ask_once_more("Which boat?")

    claim.erase()

    assert (claim.state, claim.is_open) == ("declined", False)
    assert not claim.letters.exists()
    with pytest.raises(ValueError, match="decided"):
        claim.accept(Subject(name="Maud"))


def test_an_accepted_claim_that_is_erased_leaves_the_letterbox(post):
    claim = confirmed(post)
    claim.accept(Subject(name="Maud"))

    claim.erase()

    assert claim.state == "accepted"
    assert RightOfReply.objects.by_secret(claim.right.letterbox.split("/")[-2])


# Years later


def _names_nobody():
    return make.post("Fog signals")


def _of_long_ago():
    return make.post("Fog signals", published=timezone.now() - timedelta(days=15 * 365))


def _imported():
    post = make.post("Fog signals", published=datetime(2009, 3, 1, tzinfo=UTC))
    origin = Origin.objects.create(system="blogger", blog="1", its_id="7", kind="post")
    type(post).objects.filter(pk=post.pk).update(origin=origin)
    return post


def _closed():
    return make.post("Fog signals", comment_policy="closed")


@pytest.mark.parametrize("old", [_names_nobody, _of_long_ago, _imported, _closed])
def test_whatever_the_post_the_whole_way_is_the_same(reader, old):
    make.blog()
    post = old()
    comment = make.comment(post, at=post.published_at)

    page = html.fromstring(reader.get(post.get_absolute_url()).content)
    (link,) = page.xpath("//a[text()='Is this post about you?']/@href")
    assert reader.post(link, {**SAID, "comment": comment.number}).status_code == 302
    (letter,) = delivered()
    (confirm,) = re.findall(r"http://testserver(/confirm/\S+)", letter.body)
    reader.post(confirm)
    Claim.objects.get().accept(Subject(name="Maud Tarrant"))
    letterbox = re.search(r"http://testserver(/reply/\S+)", delivered()[-1].body)[1]
    reader.post(letterbox, {"text": "I waited forty minutes."})
    Comment.objects.get(voice="subject").publish()

    assert "I waited forty minutes." in words(reader.get(post.get_absolute_url()))
