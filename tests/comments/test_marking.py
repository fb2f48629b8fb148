"""A reader's comment is marked as by somebody the post is about: it moves, and stays itself."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from lxml import html

from comments import threads
from comments.models import Act, Comment, Commenter, Reason, Reply, RightOfReply, Subject
from comments.reading import read, read_page
from posts import search
from tests import importing, make
from tests.desk import page_of, signed_in, staff
from tests.stored import everything_stored

pytestmark = pytest.mark.django_db

HERE = {"Origin": "http://testserver"}
KNEW = "She wrote to me from the harbour office."
OLD = datetime(2009, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def post():
    make.blog(comment_policy="open")
    return make.post("Fog signals", published=OLD)


@pytest.fixture
def right(post):
    return make.right(post)


@pytest.fixture
def reader():
    return Client(enforce_csrf_checks=True, headers=HERE)


def hers(post, text="<ul><li>I waited forty minutes.</li></ul>", **values):
    return make.comment(post, text, "Old Salt", at=OLD, **values)


def above(post):
    """Return the numbers of what stands above the readers' comments."""
    return [one.number for said in read([post])[0].exchanges for one in said.comments]


def below(post):
    return [entry.comment.number for entry in read_page(post).thread.entries]


def words(response):
    return " ".join(html.fromstring(response.content).text_content().split())


# On the post


def test_marked_it_stands_above_with_the_authors_answers_to_it_following(post, right):
    make.comment(post, at=OLD)
    mine = hers(post)
    answer = make.comment(post, "The log says ten.", "Ines Harker", voice="author", parent=mine)
    make.comment(post, parent=mine)
    more = make.comment(post, "And so does mine.", "Ines Harker", voice="author", parent=answer)

    mine.mark(right, KNEW)

    assert above(post) == [mine.number, answer.number, more.number]
    assert below(post) == [1, 4]


def test_an_answer_to_somebody_moves_alone(post, right):
    first = make.comment(post, at=OLD)
    mine = hers(post, parent=first)
    make.comment(post, parent=mine)

    mine.mark(right, KNEW)

    assert (above(post), below(post)) == ([2], [1, 3])


def test_it_has_the_name_and_the_voice_and_keeps_number_address_and_words(client, post, right):
    mine = hers(post)
    address, typed = mine.get_absolute_url(), mine.typed

    mine.mark(right, KNEW)

    mine.refresh_from_db()
    assert (mine.voice, mine.right, mine.name) == ("subject", right, "Maud Tarrant")
    assert (mine.number, mine.typed, mine.get_absolute_url()) == (1, typed, address)
    assert "<li>" in mine.shown  # made by the door of a reply
    page = client.get(address, follow=True)
    assert "Maud Tarrant, whom this post is about, replied on 1 March 2009" in words(page)
    assert "Old Salt" not in words(page)
    assert html.fromstring(page.content).xpath("//article[@id='c1']")


def test_the_former_name_and_how_it_is_known_are_the_authors_alone(client, post, right):
    mine = hers(post)
    mine.mark(right, KNEW)

    reply = Reply.objects.get(comment=mine)
    assert (reply.signed, reply.known_by) == ("Old Salt", KNEW)
    for address in (post.get_absolute_url(), f"{post.get_absolute_url()}feed/", "/feed/", "/"):
        said = client.get(address).content.decode()
        assert "Old Salt" not in said
        assert "harbour office" not in said


def test_feeds_and_search_know_it_by_its_new_name(client, post, right):
    hers(post).mark(right, KNEW)

    assert "Maud Tarrant" in client.get(f"{post.get_absolute_url()}feed/").content.decode()
    assert "waited forty minutes" in client.get("/feed/").content.decode()
    hits = {
        name: search.page("", "1", 9, name=name, kinds=("comment",))[1] for name in ("maud", "salt")
    }
    assert hits == {"maud": 1, "salt": 0}


def test_who_is_not_named_there_is_not_named_nor_linked(client, post):
    right = make.right(post, unnamed=True)
    mine = hers(post, url="https://salt.example/")

    mine.mark(right, KNEW)

    page = client.get(post.get_absolute_url()).content.decode()
    assert "A person not named here" in page
    assert "salt.example" not in page


@pytest.mark.parametrize("kind", ["withdraw", "remove"])
def test_taken_out_of_sight_it_leaves_a_tombstone_in_its_place(post, right, kind):
    mine = hers(post)
    mine.mark(right, KNEW)

    mine.remove(role=Act.Role.WRITER, reason=Reason.ASKED) if kind == "withdraw" else mine.remove()

    assert (above(post), below(post)) == ([1], [])


def test_an_imported_comment_is_marked_like_any_other(post, right):
    mine = hers(post, commenter=Commenter.objects.create())
    Comment.objects.filter(pk=mine.pk).update(commenter=None)
    mine.refresh_from_db()

    mine.mark(right, KNEW)

    assert above(post) == [1]


def test_an_import_that_is_run_again_takes_no_mark_away(tmp_path):
    importing.run(importing.BLOGGER)
    mine = Comment.objects.get(origin__its_id="904")
    mine.mark(make.right(mine.post), KNEW)

    path = importing.changed(tmp_path, importing.BLOGGER, ("Nine seconds is", "Ten seconds is"))
    importing.run(path)

    mine.refresh_from_db()
    assert (mine.voice, mine.name) == ("subject", "Maud Tarrant")
    assert mine.typed == "Nine seconds is too slow."


# On reprints


def reprinted(post, *chosen):
    newer = make.post("From the drawer", published=None)
    make.reprint(newer, post, chosen=chosen)
    newer.publish()
    return newer


def test_on_a_reprint_it_stands_above_too(client, post, right):
    mine = hers(post)
    newer = reprinted(post)
    mine.mark(right, KNEW)

    (part,) = read([newer])[0].reprints
    assert [one.number for said in part.exchanges for one in said.comments] == [1]
    assert "waited forty minutes" in words(client.get(newer.get_absolute_url()))


def test_a_chosen_comment_that_is_marked_stands_once(client, post, right):
    mine = hers(post)
    answer = make.comment(post, "The log says ten.", "Ines", voice="author", parent=mine)
    other = make.comment(post, "Ten it was.")
    newer = reprinted(post, mine, answer, other)
    mine.mark(right, KNEW)

    page = client.get(newer.get_absolute_url()).content.decode()
    page = page.partition("</head>")[2]  # the head tells search engines
    assert page.count("I waited forty minutes.") == 1
    assert page.count("The log says ten.") == 1
    (part,) = read([newer])[0].reprints
    assert part.chosen == [other]

    mine.unmark()
    (part,) = read([newer])[0].reprints
    assert part.chosen == [mine, answer, other]
    assert not part.exchanges


# Its writer


def test_nothing_leads_from_it_to_what_else_its_writer_wrote(client, post, right):
    commenter = Commenter.objects.create()
    mine = hers(post, commenter=commenter)
    for n in range(2):
        make.comment(post, f"Sounding {n}.", commenter=commenter)
    assert len(threads.marks(list(post.comments.order_by("number")))) == 3

    mine.mark(right, KNEW)

    marked = threads.marks(list(post.comments.order_by("number")))
    assert mine.pk not in marked
    assert set(marked.values()) == {"A"}
    page = html.fromstring(client.get(post.get_absolute_url()).content)
    assert page.xpath("count(//*[@class='mark'])") == 2
    assert not page.xpath("//article[@id='c1']//*[@class='mark']")


def test_of_two_by_one_writer_the_other_has_no_mark_any_more(post, right):
    commenter = Commenter.objects.create()
    mine = hers(post, commenter=commenter)
    make.comment(post, commenter=commenter)

    mine.mark(right, KNEW)

    assert not threads.marks(list(post.comments.order_by("number")))


def test_its_return_link_goes_on_working_but_for_changes(reader, post, right):
    mine = make.comment(post, "I waited forty minutes.", "Old Salt")
    path = mine.commenter.path
    mine.mark(right, KNEW)

    page = reader.get(path)
    assert "The author says that this is by somebody whom the post is about" in words(page)
    assert "Change the words" not in words(page)
    edit = reader.post(path, {"do": "edit", "comment": mine.pk, "text": "I waited for hours."})
    assert edit.status_code == 422
    assert "I waited for hours." in edit.content.decode()
    mine.refresh_from_db()
    assert mine.typed == "I waited forty minutes."

    reader.post(path, {"do": "withdraw", "comment": mine.pk})
    mine.refresh_from_db()
    assert (mine.state, mine.removed_by) == ("removed", "writer")


def test_a_change_that_was_begun_before_it_was_marked_is_refused(post, right):
    mine = make.comment(post, "I waited forty minutes.", "Old Salt")
    opened = Comment.objects.get(pk=mine.pk)
    mine.mark(right, KNEW)

    with pytest.raises(ValueError, match="over"):
        opened.edit("I waited for hours.")


def test_their_next_comment_is_not_signed_for_them_with_the_subjects_name(reader, post, right):
    mine = hers(post)
    mine.mark(right, KNEW)

    form = reader.get(f"{mine.commenter.path}on/{post.slug}/").content.decode()
    page = html.fromstring(reader.get(mine.commenter.path).content)

    assert "Maud Tarrant" not in form
    assert page.xpath("//input[@id='keep-name']/@value") == [""]


def test_erased_by_its_writer_nothing_of_it_is_left(reader, post, right):
    mine = hers(post)
    mine.mark(right, KNEW)

    reader.post(mine.commenter.path, {"do": "erase", "comment": mine.pk})

    stored = everything_stored()
    for said in ("Old Salt", "harbour office", "forty minutes"):
        assert said not in stored
    mine.refresh_from_db()
    assert (mine.is_erased, mine.is_marked) == (True, False)


# Back


def test_unmarked_it_is_what_it_was(post, right):
    mine = hers(post)
    before = Comment.objects.filter(pk=mine.pk).values().get()
    mine.mark(right, KNEW)
    mine.unmark()

    assert Comment.objects.filter(pk=mine.pk).values().get() == before
    assert not Reply.objects.exists()
    assert [act.verb for act in mine.acts.order_by("pk")] == ["mark", "unmark"]
    assert {act.right for act in mine.acts.all()} == {right}


def test_twice_is_harmless(post, right):
    mine = hers(post)
    again = Comment.objects.get(pk=mine.pk)
    mine.mark(right, KNEW)
    again.mark(right, "Pressed twice.")
    assert Act.objects.count() == 1
    assert Reply.objects.get().known_by == KNEW

    mine.unmark()
    again.unmark()
    assert Act.objects.count() == 2


def test_what_came_from_the_letterbox_is_never_unmarked(post, right):
    reply = right.receive("I was there.")
    reply.publish()

    reply.unmark()

    reply.refresh_from_db()
    assert reply.is_subjects


# What can't be marked


@pytest.mark.parametrize("state", ["held", "removed", "spam"])
def test_only_what_was_let_through_can_be_marked(post, right, state):
    with pytest.raises(ValueError, match="let through"):
        hers(post, state=state).mark(right, KNEW)


@pytest.mark.parametrize("values", [{"voice": "author"}, {"kind": "pingback"}])
def test_only_the_comment_of_a_reader_can_be_marked(post, right, values):
    with pytest.raises(ValueError, match="a reader"):
        hers(post, **values).mark(right, KNEW)


def test_not_without_saying_how_it_is_known_nor_for_another_post(post, right):
    mine = hers(post)
    with pytest.raises(ValueError, match="how you know"):
        mine.mark(right, "  ")
    with pytest.raises(ValueError, match="no right of reply"):
        mine.mark(make.right(make.post(), right.subject), KNEW)
    mine.refresh_from_db()
    assert mine.is_readers


def test_one_that_is_somebodys_is_nobody_elses(post, right):
    mine = hers(post)
    mine.mark(right, KNEW)

    with pytest.raises(ValueError, match="a reader"):
        mine.mark(make.right(post, make.subject("Otto")), KNEW)


# At the desk


@pytest.fixture
def desk(client):
    return signed_in(client)


def marking(comment):
    return page_of(comment).replace("change", "mark")


def test_marked_for_somebody_the_post_names(desk, post, right):
    mine = hers(post)
    assert marking(mine) in desk.get(page_of(mine)).content.decode()
    assert "whom this post names already" in desk.get(marking(mine)).content.decode()

    answer = desk.post(marking(mine), {"who": f"right:{right.pk}", "known_by": KNEW})

    assert answer.status_code == 302
    mine.refresh_from_db()
    assert mine.right == right
    assert Act.objects.get(verb="mark").by == desk.author
    assert "Marked as by somebody" in desk.get(page_of(mine)).content.decode()


def test_marked_for_a_new_person_the_right_is_made_in_one_go(desk, post):
    mine = hers(post)
    new = {"who": "new", "name": "Maud Tarrant", "shown_name": "The pilot", "known_by": KNEW}

    desk.post(marking(mine), new)

    mine.refresh_from_db()
    assert mine.name == "The pilot"
    assert RightOfReply.objects.get().subject.name == "Maud Tarrant"


def test_marked_for_somebody_known_from_elsewhere(desk, post):
    mine, person = hers(post), make.subject()

    desk.post(marking(mine), {"who": "known", "known": person.pk, "known_by": KNEW})

    mine.refresh_from_db()
    assert mine.right.subject == person


@pytest.mark.parametrize("lacks", ["who", "known_by", "name"])
def test_what_is_missing_is_said_and_nothing_is_made(desk, post, lacks):
    mine = hers(post)
    fields = {"who": "new", "name": "Maud Tarrant", "known_by": KNEW, "part": "pilot", lacks: ""}

    page = desk.post(marking(mine), fields)

    assert page.status_code == 200
    assert page.context["form"].errors[lacks]
    assert 'value="pilot"' in page.content.decode()
    assert not Subject.objects.exists()


def test_a_fault_leaves_neither_person_nor_right(desk, post, monkeypatch):
    mine = hers(post)

    def fault(*args, **kwargs):
        raise ValueError("Decided otherwise meanwhile.")

    monkeypatch.setattr(Comment, "mark", fault)
    page = desk.post(marking(mine), {"who": "new", "name": "Maud", "known_by": KNEW})

    assert "Decided otherwise meanwhile." in page.content.decode()
    assert not Subject.objects.exists()
    assert not RightOfReply.objects.exists()


def test_taken_back_at_the_desk(desk, post, right):
    mine = hers(post)
    mine.mark(right, KNEW)
    assert KNEW in desk.get(marking(mine)).content.decode()

    desk.post(marking(mine), {"_unmark": "1"})

    mine.refresh_from_db()
    assert (mine.voice, mine.name) == ("reader", "Old Salt")


def test_what_can_not_be_marked_says_so(desk, post):
    held = hers(post, state="held")

    assert marking(held) not in desk.get(page_of(held)).content.decode()
    assert "let through, can be marked" in desk.get(marking(held), follow=True).content.decode()
    assert desk.post(marking(held), {"who": "new", "name": "M", "known_by": "x"}).status_code == 302
    assert not Subject.objects.exists()


@pytest.mark.parametrize(
    "permissions", [("view_comment",), ("view_comment", "change_comment"), ("change_rightofreply",)]
)
def test_who_may_not_decide_both_can_mark_nothing(client, post, right, permissions):
    mine = hers(post)
    client.force_login(staff(*permissions))

    answer = client.post(marking(mine), {"who": f"right:{right.pk}", "known_by": KNEW})

    assert answer.status_code == 403
    mine.refresh_from_db()
    assert mine.is_readers
