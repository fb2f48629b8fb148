"""Look for reprints on a generated blog of 10,000 posts: `make trial-reprints`.

A hundred older posts stand, pasted, in newer ones, some with their comments, among decoys: posts
that quote, posts with much the same in them, a signature, a standing introduction. Exactly the
hundred must be found, each with its place and its comments. Prints minutes and peak memory.
"""

import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils.html import escape

from blogsite import html
from comments.models import Comment, Suggestion
from posts.blocks import plain_words
from posts.models import Post
from tests.pasted import pasted

pytestmark = pytest.mark.django_db(transaction=True)
HOUSE = Path(__file__).resolve().parents[2]
POSTS = int(os.environ.get("TRIAL_POSTS", "10000"))
PAIRS = 100
DECOYS = 60  # of each kind
WORDS = 800
BEGAN = datetime(2003, 1, 1, 9, tzinfo=UTC)
SIGNATURE = (
    "This notebook is kept by the lock-keeper of the lower gate, in his own time and at his own"
    " expense. Nothing in it is the opinion of the Board, of the harbour, or of anybody who has to"
    " sign for a boat. Corrections are welcome, by letter, and are read aloud at breakfast."
)
SERIES = (
    "Every Friday I empty the pockets of my coat onto the table and write down what is in them."
    " There are no prizes and there is no system. Whoever recognises a thing as theirs may have it"
    " back for the asking, and whoever can say what a thing is for may keep it for good."
)
MINUTES, MEGABYTES = 5, 500


class Teller:
    """Tells things in words of its own, always the same ones."""

    def __init__(self):
        self.chance = random.Random(1789)
        ends = [a + b for a in "bdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "ai", "ea")]
        made = {
            "".join(self.chance.choices(ends, k=self.chance.choice((1, 2, 2, 3))))
            for _ in range(9000)
        }
        self.words = sorted(made)
        self.chance.shuffle(self.words)
        self.weights = list(accumulate(1 / (rank + 8) for rank in range(len(self.words))))

    def sentence(self):
        number = self.chance.randint(6, 22)
        said = self.chance.choices(self.words, cum_weights=self.weights, k=number)
        if self.chance.random() < 0.15:
            said[2], said[4] = f'"{said[2]}', f'{said[4]},"'
        if self.chance.random() < 0.1:
            said[1] += "'s"
        return f"{' '.join(said).capitalize()}{self.chance.choice('...?!')}"

    def paragraphs(self, words):
        """Return HTML of about so many words, in paragraphs; and the paragraphs."""
        made, count = [], 0
        while count < words:
            made.append(" ".join(self.sentence() for _ in range(self.chance.randint(2, 6))))
            count += len(made[-1].split())
        return [f"<p>{escape(one)}</p>" for one in made]

    def title(self, number):
        return f"{' '.join(self.chance.choices(self.words, k=3)).capitalize()}, {number}"


class Blog:
    """The generated blog; `planted` is what must be found: {(newer, older): (place, comments)}."""

    def __init__(self):
        self.teller = Teller()
        self.posts, self.said, self.planted = [], {}, {}

    def fill(self):
        """Write all posts with their comments, from old to new."""
        chance = self.teller.chance
        newer = sorted(chance.sample(range(POSTS // 2, POSTS), PAIRS * 4 // 5 + 3 * DECOYS))
        chance.shuffle(newer)
        kinds = [self.reprint_two] * (PAIRS // 5) + [self.reprint] * (PAIRS * 3 // 5)
        kinds += [kind for kind in (self.quote, self.half, self.roundup) for _ in range(DECOYS)]
        kind_of = dict(zip(newer, kinds, strict=False))
        self.sources = chance.sample(range(POSTS // 2), 2 * PAIRS + 3 * DECOYS)
        for number in range(POSTS):
            kind = kind_of.get(number, self.ordinary)
            post = Post(
                title=self.teller.title(number),
                slug=f"post-{number}",
                state=Post.State.PUBLISHED,
                published_at=BEGAN + timedelta(hours=13 * number),
            )
            post.text = html.Clean(kind(post) + f"<hr><p>{SIGNATURE}</p>")
            Post.objects.bulk_create([post])
            self.posts.append(post)
            self.comment_on(number)

    def comment_on(self, number):
        """Let some readers say something, more of them under a post that is a source."""
        chance = self.teller.chance
        lengths = (60, 30, 6, 45, 25, 8) if number in self.sources else (30,) * (number % 2)
        self.said[number] = [
            Comment(
                post=self.posts[number],
                number=place,
                name=chance.choice(("Bosun", "Halyard", "Piet", "")),
                typed=" ".join(self.teller.sentence() for _ in range(length // 12 + 1)),
                state=Comment.State.PUBLISHED,
                written_at=self.posts[number].published_at + timedelta(hours=place),
                published_at=self.posts[number].published_at + timedelta(hours=place),
            )
            for place, length in enumerate(lengths, start=1)
        ]
        Comment.objects.bulk_create(self.said[number])

    # What a post may be; each returns its text

    def ordinary(self, post):
        start = f"<p>{SERIES}</p>" if self.teller.chance.random() < 0.1 else ""
        return start + "".join(self.teller.paragraphs(WORDS))

    def reprint(self, post):
        return self.with_pasted(post, "".join(self.teller.paragraphs(80)))

    def reprint_two(self, post):
        return self.with_pasted(post, self.reprint(post) + "".join(self.teller.paragraphs(40)))

    def with_pasted(self, post, text):
        number = self.sources.pop()
        source = Post.objects.get(pk=self.posts[number].pk)
        quoted = self.teller.chance.choice(([0, 1], [3], [1, 0, 2], []))
        comments = [self.said[number][place] for place in quoted]
        source.text = source.text.split("<hr>")[0]
        both = text + pasted(source, comments)
        before = text + pasted(source).split("</p>")[0]
        place = len(plain_words(html.to_text(before)))
        numbers = {comment.number for comment in comments}
        self.planted[post.slug, source.slug] = (place, numbers)
        return both

    def quote(self, post):
        """Two paragraphs of an older post, in quotation marks or as a quotation."""
        older = self.older_paragraphs()[1:3]
        own = self.teller.paragraphs(WORDS // 2)
        if self.teller.chance.random() < 0.5:
            return "".join([*own, "<blockquote>", *older, "</blockquote>"])
        return "".join([*own, *older])

    def half(self, post):
        """Half of an older post, gone on with in another way."""
        older = self.older_paragraphs()
        return "".join([*older[: len(older) // 2], *self.teller.paragraphs(WORDS // 2)])

    def roundup(self, post):
        """What readers said under an older post, without the post."""
        said = self.said[self.sources.pop()]
        quoted = [f"<blockquote>{escape(one.typed)}</blockquote>" for one in said]
        return "".join([*self.teller.paragraphs(WORDS // 4), *quoted])

    def older_paragraphs(self):
        text = self.posts[self.sources.pop()].text.split("<hr>")[0]
        return [f"{one}</p>" for one in text.split("</p>") if one]


def test_a_hundred_among_ten_thousand():
    blog = Blog()
    blog.fill()

    minutes, megabytes, told = run()

    print(
        f"\n{connection.vendor}: {POSTS} posts in {minutes:.1f} minutes, {megabytes:.0f} MB at most"
    )
    print(told.splitlines()[-1])
    found = {
        (one.post.slug, one.source.slug): (
            one.place,
            {comment.number for comment in one.look()[1].comments},
        )
        for one in Suggestion.objects.select_related("post", "source")
    }
    assert len(blog.planted) == PAIRS
    assert {pair: found[pair] for pair in found if pair not in blog.planted} == {}
    assert {pair: blog.planted[pair] for pair in blog.planted if pair not in found} == {}
    assert {
        pair: (found[pair], planted)
        for pair, planted in blog.planted.items()
        if found[pair] != planted
    } == {}
    assert minutes < MINUTES
    assert megabytes < MEGABYTES


def run():
    """Run the command as a process of its own; return (minutes, megabytes, what it told)."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{settings['NAME']}"
    else:
        url = f"postgres://{settings['USER']}@{quote(settings['HOST'], safe='')}/{settings['NAME']}"
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "suggest_reprints"],
        cwd=HOUSE,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
    )
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return (time.monotonic() - began) / 60, usage.ru_maxrss / 1024, told
