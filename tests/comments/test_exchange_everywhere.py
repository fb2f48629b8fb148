"""A subject's published reply is on its post and on each public reprint, and nowhere else.

Random sequences of what may happen to posts, reprints and exchanges; then the pages, feeds and the
search are looked at as readers get them. Everybody's words are words of their own.
"""

import json
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from comments import thread_pages
from comments.models import AmendmentRequest, Comment, Reason, Reply
from posts import feeds, search
from posts.models import Post, Revision
from tests import make
from tests.model_case import OLD

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
Voice = Comment.Voice


class World:
    """Two posts about three people, and what is said under them; newer posts reprint them.

    `word_of` is {id of a comment: its word}; `asked` the same for requests.
    """

    def __init__(self):
        make.blog(comment_policy="open", author_email="")
        self.count = 0
        self.word_of = {}
        self.asked = {}
        self.sources = [make.post(f"Source {n}", published=OLD) for n in range(2)]
        people = zip(("Maud Tarrant", "Otto Brandt", "Bert Lamb"), (0, 0, 1), strict=True)
        self.rights = [make.right(self.sources[n], make.subject(name)) for name, n in people]
        self.newer = []

    def word(self):
        self.count += 1
        return f"guillemot{self.count}x"

    def say(self, comment, word):
        self.word_of[comment.pk] = word

    def posts(self):
        return [*self.sources, *self.newer]

    def pick(self, n, **fields):
        """Return the `n`-th of the comments with these fields, or None."""
        rows = list(Comment.objects.filter(**fields).order_by("pk"))
        return rows[n % len(rows)] if rows else None

    # What may happen; `n` picks what it happens to.

    def reader_writes(self, n):
        posts = self.posts()
        post, word = posts[n % len(posts)], self.word()
        parent = self.pick(n, state="published", post=post) if n % 2 else None
        self.say(Comment.objects.write(post, word, parent=parent), word)

    def subject_is_told(self, n):
        make.tell(self.rights[n % 3])

    def subject_replies(self, n):
        word = self.word()
        self.say(self.rights[n % 3].receive(word), word)

    def author_lets_through(self, n):
        if reply := self.pick(n, state="held", voice="subject"):
            reply.publish()

    def author_declines(self, n):
        if reply := self.pick(n, state="held", voice="subject", number=None):
            Reply.of(reply).decline("It names a third person.")

    def author_asks_to_reconsider(self, n):
        reply = self.pick(n, state="held", voice="subject")
        if reply and Reply.of(reply).may_be_asked:
            Reply.of(reply).ask_to_reconsider("Is this so?")

    def subject_insists(self, n):
        if reply := self.pick(n, state="held", voice="subject"):
            reply.right.insist(reply)

    def subject_erases(self, n):
        if reply := self.pick(n, voice="subject"):
            reply.right.erase_reply(reply)

    def author_erases(self, n):
        if comment := self.pick(n):
            comment.erase()

    def author_marks(self, n):
        rights = {right.post_id: right for right in self.rights}
        if comment := self.pick(n, state="published", voice="reader", post__in=list(rights)):
            comment.mark(rights[comment.post_id], "They said so at the quay.")

    def author_answers(self, n):
        if parent := self.pick(n, state="published"):
            word = self.word()
            said = Comment.objects.write(parent.post, word, voice="author", parent=parent)
            self.say(said, word)

    def author_puts_back(self, n):
        if reply := self.pick(n, state="published", voice="subject"):
            reply.hold()

    def subject_withdraws(self, n):
        if reply := self.pick(n, state="published", voice="subject"):
            reply.right.withdraw(reply)

    def author_removes(self, n):
        if comment := self.pick(n, state="published"):
            comment.remove(reason=Reason.PRIVATE)

    def subject_asks(self, n):
        word = self.word()
        request = self.rights[n % 3].ask(word, public=True)
        self.asked[request.pk] = word
        if n % 2:
            request.decline("It was so.")

    def source_is_amended(self, n):
        post = self.sources[n % 2]
        if post.is_published:
            text, sort = f"<p>{self.word()}</p>", Revision.Sort.AMENDMENT
            post.revise(post.title, text, sort, "It was wrong.", withheld=n % 3 == 0)

    def source_is_reprinted(self, n):
        post = make.post(f"Newer {len(self.newer)}", published=OLD + timedelta(days=9 + n))
        for order, source in enumerate(self.sources[: n % 2 + 1]):
            chosen = [one for one in [self.pick(n, post=source)] if one]
            make.reprint(post, source, order=order, chosen=chosen)
        self.newer.append(post)

    def reprint_is_pinned(self, n):
        reprints = [one for post in self.newer for one in post.reprints.all()]
        if reprints:
            reprint = reprints[n % len(reprints)]
            reprint.revision = reprint.source.revisions.order_by("number")[0]
            reprint.save()

    def post_is_taken_back(self, n):
        posts = self.posts()
        posts[n % len(posts)].unpublish()

    def post_is_public_again(self, n):
        posts = self.posts()
        posts[n % len(posts)].publish()

    # What must hold after it

    def check(self):
        client = Client()
        pages = {
            post: html.fromstring(client.get(post.get_absolute_url()).content)
            for post in Post.objects.published()
        }
        said = list(Comment.objects.select_related("post", "right__subject").order_by("number"))
        for post, page in pages.items():
            self.check_page(post, page, [one for one in said if one.pk in self.word_of])
        self.check_feed(client, said)
        self.check_search(said)

    def check_page(self, post, page, said):
        described = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
        described = {
            one["url"]: [said["text"] for said in one.get("comment", ()) if "text" in said]
            for one in (described, *described.get("isBasedOn", ()))
        }
        for script in page.xpath("//script"):
            script.drop_tree()
        order = {element: place for place, element in enumerate(page.iter())}
        own = page.xpath("//article[@class='post']/section[@class='exchange']")
        self.check_exchanges(own, post, "c", said)
        self.check_requests(own, post)
        parts = page.find_class("reprint")
        shown = {post.pk}
        for number, (part, reprint) in enumerate(
            zip(parts, post.reprints.order_by("order"), strict=True), start=1
        ):
            there = part.find_class("exchange")
            if reprint.source.is_published:
                shown.add(reprint.source_id)
                self.check_exchanges(there, reprint.source, f"r{number}c", said)
                self.check_requests(there, reprint.source)
                below = part.xpath(".//*[@class='chosen']//li")
                assert not there or not below or order[there[-1]] < order[below[0]]
            else:
                assert not there
        thread = page.xpath("//section[@id='comments']")[0]
        assert all(order[one] < order[thread] for one in page.find_class("exchange"))
        assert not thread.find_class("voice-subject"), "a subject among the readers"
        for comment in said:
            word = self.word_of[comment.pk]
            if comment.is_subjects:
                is_here = comment.is_published and comment.post_id in shown
                assert (page.text_content().count(word) == 1) == is_here, "a reply, once"
                assert page.text_content().count(word) <= 1
                address = f"http://testserver{comment.post.get_absolute_url()}"
                told = [url for url, texts in described.items() if word in texts]
                assert told == ([address] if is_here else []), "structured data"
            if comment.is_readers:
                assert all(word not in one.text_content() for one in page.find_class("exchange"))

    def check_exchanges(self, exchanges, source, place, said):
        """These are the exchanges of `source`, each with what belongs to it, and with no more."""
        of = {}
        for comment in said:  # in order of number: what is answered comes before its answer
            if comment.post_id == source.pk and comment.is_in_thread:
                if comment.is_subjects:
                    of[comment.pk] = comment.right_id
                elif comment.is_authors and comment.parent_id in of:
                    of[comment.pk] = of[comment.parent_id]
        found = {}
        for exchange in exchanges:
            ids = [element.get("id") for element in exchange.find_class("comment")]
            there = [one for one in said if one.pk in of and f"{place}{one.number}" in ids]
            assert len(there) == len(ids)
            assert len({of[one.pk] for one in there}) <= 1, "two people in one exchange"
            found |= {one.pk: exchange for one in there}
        assert found.keys() == of.keys(), "the whole exchange"
        assert len({id(found[pk]) for pk in of}) == len(set(of.values())), "one exchange each"
        for pk, exchange in found.items():
            comment = next(one for one in said if one.pk == pk)
            element = exchange.get_element_by_id(f"{place}{comment.number}")
            assert element.get("class") == f"comment voice-{comment.voice}"
            words = element.text_content()
            assert (self.word_of[pk] in words) == comment.is_published
            headed = bool(element.findall("h3") + element.findall("h4"))
            assert headed == comment.is_published, "headed by what is hidden"
            if comment.is_subjects and comment.is_published:
                assert "whom this post is about" in words
                assert comment.right.name in exchange[0].text_content()

    def check_requests(self, exchanges, source):
        """All that was asked stands there: its words if it is decided, or a reply stands."""
        text = " ".join(exchange.text_content() for exchange in exchanges)
        requests = AmendmentRequest.objects.filter(right__post=source)
        told = [one for exchange in exchanges for one in exchange.find_class("request")]
        assert len(told) == requests.count(), "every request"
        for request in requests:
            stands = request.right.replies.published().exists()
            told = stands or not request.is_awaiting_decision
            assert (self.asked[request.pk] in text) == told, "words that nobody let through"

    def check_feed(self, client, said):
        feed = etree.fromstring(client.get("/feed/").content)
        entries = feed.findall(f"{ATOM}entry")
        texts = [entry.findtext(f"{ATOM}content") for entry in entries]
        titles = [entry.findtext(f"{ATOM}title") for entry in entries]
        times = [entry.findtext(f"{ATOM}published") for entry in entries]
        assert times == sorted(times, reverse=True)
        public = Post.objects.published()
        for reply in (one for one in said if one.is_subjects):
            stands = reply.is_published and reply.post.is_published
            places = 2 + public.filter(reprints__source=reply.post).count() if stands else 0
            word = self.word_of[reply.pk]
            assert sum(text.count(word) for text in texts) == places, "in the feed"
        late = [one for one in said if one.is_late_reply and one.post.is_published]
        news = [f"{one.right.name} replied to “{one.post}”" for one in late]
        assert sorted(title for title in titles if " replied to " in title) == sorted(news)
        home = html.fromstring(client.get("/").content)
        lifted = [one.text for one in home.xpath("//section[@class='recently-answered']//li/a[1]")]
        assert sorted(lifted) == sorted({str(one.post) for one in late})

    def check_search(self, said):
        for comment in said:
            if comment.pk in self.word_of:
                stands = comment.is_published and comment.post.is_published
                assert search.find(self.word_of[comment.pk])[1] == int(stands), "search"


EVENTS = [
    *(World.reader_writes, World.subject_is_told, World.subject_replies, World.subject_replies),
    *(World.author_lets_through, World.author_lets_through, World.author_answers),
    *(World.author_declines, World.author_puts_back, World.subject_withdraws),
    *(World.author_removes, World.subject_asks, World.subject_asks, World.source_is_amended),
    *(World.author_asks_to_reconsider, World.subject_insists, World.subject_erases),
    *(World.author_erases, World.author_marks),
    *(World.source_is_reprinted, World.reprint_is_pinned, World.post_is_taken_back),
    *(World.post_is_public_again,),
]
# Things to happen to are there from the beginning, so that few events are for nothing.
BEGINNING = [
    *((World.reader_writes, 0), (World.subject_replies, 0), (World.author_lets_through, 0)),
    *((World.author_answers, 1), (World.subject_replies, 0), (World.author_lets_through, 0)),
    *((World.subject_replies, 2), (World.author_lets_through, 0)),
    *((World.source_is_reprinted, 1), (World.reader_writes, 2)),
]


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 11)), min_size=3, max_size=14))
def test_a_published_reply_is_on_its_post_and_every_public_reprint_and_nowhere_else(events):
    with transaction.atomic(), patch.object(feeds, "ENTRIES", 200):
        world = World()
        for event, n in [*BEGINNING, *events]:
            event(world, n)
        world.check()
        transaction.set_rollback(True)


@pytest.fixture
def world():
    world = World()
    for event, n in BEGINNING:
        event(world, n)
    return world


# The test above could not fail if check() saw nothing.


def test_check_sees_a_reply_among_the_readers_comments(world):
    world.check()
    apart = patch.object(thread_pages, "exchanges", SimpleNamespace(belonging=lambda stubs: {}))

    with apart, pytest.raises(AssertionError, match="a subject among the readers"):
        world.check()


def test_check_sees_an_exchange_that_is_left_out(world):
    nothing = patch("comments.exchanges.gather", lambda comments, rights, requests: [])

    with nothing, pytest.raises(AssertionError, match="the whole exchange"):
        world.check()


def test_check_sees_words_that_search_still_finds(world):
    reply = Comment.objects.filter(voice=Voice.SUBJECT).first()
    Comment.objects.filter(pk=reply.pk).update(state="held")

    with pytest.raises(AssertionError, match="search"):
        world.check()
