"""Nothing that readers may look at shows a text that its source no longer shows.

Random sequences of what may happen to a post, its revisions, its comments and its reprints; then
every page, feed and search is looked at. Every text that is ever written has a word of its own, so
that it is known for each of them where it may stand, and where it must.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.models import Comment, Reason
from comments.screening import Sent
from posts import changes, search
from posts.models import Post, Revision
from tests import make
from tests.model_case import OLD

pytestmark = pytest.mark.django_db

NOTE = "The older post that stood here is no longer public."
Sort = Revision.Sort


class World:
    """A post about a person, and what may become of it, its comments and its reprints.

    `comments` is {id: its word}, `said` [(word, the request it is of; None: a note's)], `chosen`
    {id of reprint: ids of comments}.
    """

    def __init__(self):
        make.blog(comment_policy="open")
        self.count = 0
        self.source = make.post(
            f"Source {self.word()}",
            f"<p>{self.word()}</p>",
            slug="source",
            published=OLD,
            labels=["fog"],
        )
        self.right = make.right(self.source)
        self.comments, self.said, self.chosen = {}, [], {}
        self.reprints = []

    def word(self):
        self.count += 1
        return f"cormorant{self.count}x"

    def pick(self, n, choose=lambda comment: True):
        """Return the `n`-th of the comments that `choose` likes, or None."""
        liked = [one for one in Comment.objects.order_by("pk") if choose(one)]
        return liked[n % len(liked)] if liked else None

    def wrote(self, comment, word):
        self.comments[comment.pk] = word

    def revisions(self):
        return list(self.source.revisions.order_by("number"))

    # What may happen; `n` picks what it happens to.

    def reader_writes(self, n):
        word = self.word()
        parent = self.pick(n, lambda one: one.is_published) if n % 2 else None
        self.wrote(Comment.objects.write(self.source, word, name=word, parent=parent), word)

    def reader_is_held(self, n):
        word = self.word()
        self.wrote(Comment.objects.write(self.source, word, sent=Sent(trap="filled")), word)

    def subject_replies(self, n):
        word = self.word()
        reply = self.right.receive(word)
        if n % 3:
            reply.publish()
        self.wrote(reply, word)

    def author_answers(self, n):
        word = self.word()
        parent = self.pick(n, lambda one: one.is_published)
        self.wrote(Comment.objects.write(self.source, word, voice="author", parent=parent), word)

    def publish(self, n):
        if comment := self.pick(n, lambda one: not one.is_published and one.typed):
            comment.publish()

    def remove(self, n):
        if comment := self.pick(n):
            comment.remove(reason=Reason.PRIVATE)

    def mark_spam(self, n):
        if comment := self.pick(n):
            comment.mark_spam()

    def erase(self, n):
        if comment := self.pick(n):
            comment.erase()

    def subject_asks(self, n):
        word = self.word()
        request = self.right.ask(word, public=n % 4 > 0)
        self.said.append((word, request))
        if n % 2:
            request.decline(f"No: {word}.")

    def edit(self, n):
        self.source.revise(f"Source {self.word()}", f"<p>{self.word()}</p>", Sort.SMALL)

    def amend(self, n):
        if self.source.is_published:
            note = self.word()
            self.said.append((note, None))
            title, text = f"Source {self.word()}", f"<p>{self.word()}</p>"
            self.source.revise(title, text, Sort.AMENDMENT, note, withheld=n % 2 == 0)

    def tidy(self, n):
        self.source.revise(f"Source {self.word()}", f"<p>{self.word()}</p>", Sort.TRIM)

    def restore(self, n):
        revisions = self.revisions()
        old = revisions[n % len(revisions)]
        self.source.revise(old.title, old.text)

    def reprint(self, n):
        if not self.source.is_published:
            return
        post = make.post(f"Reprint {len(self.reprints)}", published=OLD + timedelta(days=100 + n))
        chosen = {one.pk: one for one in (self.pick(n), self.pick(n + 1)) if one}
        reprint = make.reprint(post, self.source, chosen=chosen.values())
        self.chosen[reprint.pk] = set(chosen)
        self.reprints.append(reprint)
        if n % 3 == 0:  # and a reprint of the reprint, which must not bring the source along
            make.reprint(make.post("Again"), post)

    def pin(self, n):
        if self.reprints:
            reprint = self.reprints[n % len(self.reprints)]
            revisions = [None, *self.revisions()]
            reprint.revision = revisions[n % len(revisions)]
            reprint.save()

    def unpublish_source(self, n):
        self.source.unpublish()

    def publish_source(self, n):
        self.source.publish()

    def unpublish_reprint(self, n):
        if self.reprints:
            self.reprints[n % len(self.reprints)].post.unpublish()

    # What must hold after it

    def look(self):
        """Return {address: its answer as text} of everything that readers may look at."""
        last = len(self.revisions()) + 1
        source = self.source.get_absolute_url()
        paths = [
            *("/", "/2013/", "/2013/07/", "/labels/fog/", "/labels/fog/feed/", "/reprints/"),
            *("/feed/", "/feed/comments/", "/feed/amendments/", "/amendments/", "/comments/"),
            *("/search/?q=source", "/search/?q=source&newest=1", "/sitemap.xml"),
            *(source, f"{source}feed/", f"{source}changes/"),
            *(f"{source}changes/?from={n}&to={to}" for n in range(1, last + 1) for to in (1, last)),
            *(f"{source}changes/?from={n}&to={n + 1}" for n in range(1, last)),
            *(post.get_absolute_url() for post in Post.objects.published().exclude(slug="")),
        ]
        client = Client()
        return {path: client.get(path).content.decode() for path in dict.fromkeys(paths)}

    def check(self):
        self.source.refresh_from_db()
        pages = self.look()
        self.check_texts(pages)
        self.check_comments(pages)
        if not self.source.is_published:
            for word, _ in self.said:
                assert_nowhere(word, pages, "said about a post out of view")
        for word, request in self.said:
            if request and not request.public:
                assert_nowhere(word, pages, "a request that was not made public")

    def check_texts(self, pages):
        """Each text of the source stands where it may, and the present one where it must."""
        source = self.source.get_absolute_url()
        public = self.source.is_published
        versions = changes.versions(self.revisions()) if public else []
        compared = {word for one in versions if not one.withheld for word in words_of(one)}
        now = words_of(self.source)
        pinned = {}
        for reprint in self.reprints:
            reprint.refresh_from_db()
            reprint.post.refresh_from_db()
            revision = reprint.pinned if public else None
            version = revision and changes.find(versions, revision.number)
            shown = text_of(version or self.source)
            pinned[reprint.post.get_absolute_url()] = shown
            if reprint.post.is_published:
                page = pages[reprint.post.get_absolute_url()]
                assert (NOTE in page) == (not public)
                assert (shown in page) == public, "the text of a reprint"
        every = {word for one in self.revisions() for word in words_of(one)} | now
        for path, page in pages.items():
            may = set(now) if public else set()
            if path.startswith(f"{source}changes/"):
                may |= compared
            elif path in pinned:
                may.add(pinned[path])
            elif path in ("/feed/",):
                may |= set(pinned.values()) if public else set()
            wrong = [word for word in every - may if word in page]
            assert not wrong, f"{path} shows a text of before"
        if public:
            assert text_of(self.source) in pages[source], "the text on its own page"
        for word in every - (now if public else set()):
            assert search.find(word) == ([], 0), "a text of before is found"

    def check_comments(self, pages):
        """A published comment stands once on its post and where it was chosen, others nowhere."""
        source = self.source.get_absolute_url()
        public = self.source.is_published
        comments = {one.pk: one for one in Comment.objects.all()}
        for pk, word in self.comments.items():
            comment = comments[pk]
            if not comment.is_published or not public:
                assert_nowhere(word, pages, f"{comment.state} {comment.voice}")
                assert search.find(word) == ([], 0)
                continue
            shown = f"<p>{word}</p>"
            assert pages[source].count(shown) == 1, f"{comment.voice} on its post"
            for reprint in self.reprints:
                if pk in self.chosen[reprint.pk] and reprint.post.is_published:
                    page = pages[reprint.post.get_absolute_url()]
                    assert page.count(shown) == 1, f"{comment.voice} on a reprint"
        if public:
            self.check_replies(comments, pages)

    def check_replies(self, comments, pages):
        """A published reply stands above the first reader's comment, on post and reprints."""
        shown = {pk: f"<p>{word}</p>" for pk, word in self.comments.items()}
        said = [(one, shown[pk]) for pk, one in comments.items() if one.is_published]
        readers = [word for one, word in said if one.is_readers]
        public = [one for one in self.reprints if one.post.is_published]
        for reply in (word for one, word in said if one.is_subjects):
            for post in (self.source, *(one.post for one in public)):
                page = pages[post.get_absolute_url()]
                below = [page.index(word) for word in readers if word in page]
                assert page.index(reply) < min(below, default=len(page))
            feed = pages["/feed/"]
            quoted = reply.replace("<", "&lt;").replace(">", "&gt;")
            # With its post, with each reprint, and as news of its own: the post is years old.
            assert feed.count(quoted) == 1 + len(public) + 1


def words_of(one):
    """Return the words of our own that stand in title and text of a post, revision or version."""
    return {*one.title.split()[1:], text_of(one)}


def text_of(one):
    return one.text.removeprefix("<p>").removesuffix("</p>")


def assert_nowhere(word, pages, what):
    shown = [path for path, page in pages.items() if word in page]
    assert not shown, f"{what}: {shown}"


EVENTS = [
    *(World.reader_writes, World.reader_is_held, World.subject_replies, World.author_answers),
    *(World.publish, World.remove, World.mark_spam, World.erase, World.subject_asks),
    *(World.edit, World.amend, World.tidy, World.restore, World.reprint, World.pin),
    *(World.unpublish_source, World.publish_source, World.unpublish_reprint),
]
# Things to happen to are there from the beginning, so that few events are for nothing.
BEGINNING = [
    *(World.reader_writes, World.subject_replies, World.author_answers, World.edit, World.reprint),
]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 11)), min_size=1, max_size=16))
def test_nothing_shows_a_text_that_its_source_no_longer_shows(events):
    with transaction.atomic():
        world = World()
        for event in BEGINNING:
            event(world, 1)
        for event, n in events:
            event(world, n)
        world.check()
        transaction.set_rollback(True)


@pytest.fixture
def world():
    world = World()
    for event in BEGINNING:
        event(world, 1)
    return world


# The test above could not fail if check() saw nothing.


def test_check_sees_the_words_of_a_removed_comment(world):
    comment = Comment.objects.filter(voice=Comment.Voice.READER).first()
    Comment.objects.filter(pk=comment.pk).update(state="removed")
    make.post("Quoting", comment.shown, published=datetime(2020, 1, 1, tzinfo=UTC))

    with pytest.raises(AssertionError, match="removed reader"):
        world.check()


def test_check_sees_a_text_of_before(world):
    make.post("Copy", world.revisions()[0].text, published=datetime(2020, 1, 1, tzinfo=UTC))

    with pytest.raises(AssertionError, match="a text of before"):
        world.check()


def test_check_sees_withheld_words_that_are_compared(world):
    world.amend(0)
    world.check()
    Revision.objects.update(withheld=False)
    pages = world.look()
    Revision.objects.filter(number__lt=3).update(withheld=True)

    with pytest.raises(AssertionError, match="changes/.* shows a text of before"):
        world.check_texts(pages)
