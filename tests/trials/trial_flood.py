"""Send 5,000 pieces of spam from 200 addresses at a running blog: `make trial-flood`.

The server is the real one, in processes of its own. Most of the spam is made from a few bones, with
changed words and hosts; some of it is words at random, each piece another. Meanwhile sixty honest
people write, one after the other, and a reader opens the post. In the end nothing that was taken is
missing, no honest comment was refused, and the author works through the queue as it is at the desk.
"""

import http.client
import os
import random
import re
import threading
import time
from collections import Counter
from statistics import median, quantiles
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from tests import make
from tests.desk import list_of, signed_in
from tests.posters import url
from tests.serving import Server
from tests.threads import together
from tests.trials.trial_screening import colleagues

pytestmark = pytest.mark.django_db(transaction=True)
SPAM = int(os.environ.get("TRIAL_SPAM", "5000"))
ADDRESSES, FLOODERS, HONEST = 200, 8, 60
PATIENCE = 60  # seconds for an answer
BONES = [
    "{a} {b} at {c} prices, sent to your {d} within days. Thousands of {e} people have {f} them"
    " already. Visit http://{h}.example and {f} yours",
    "My {e} friend told me of a {d} where {a} is {c} and {b}, and I {f} it at once. You should look"
    " at www.{h}.example before it is {c} no more",
    "Earn {c} money with {a} and {b} from your own {d}, no {e} knowledge needed, we {f} all of it:"
    " http://{h}.example",
    "What a {e} article about {a}. I have {f} many like it on a {d} with {b} and {c} things, see"
    " <a href='http://{h}.example'>here</a>",
]
SLOTS = (
    "lanterns barometers compasses blankets kettles anchors boots jackets watches bargains offers"
    " cheap great lucky secret modern golden royal honest clever happy weekly found bought kept"
    " sold house office garden harbour market cellar attic window corner street village"
)
WORDS = tuple(re.findall("[a-z]+", SLOTS))
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def spam(number):
    """Return piece `number` of the flood: of ten, seven of the same bones, three of no bones."""
    chance = random.Random(number)
    if number % 10 < 7:
        slots = {slot: chance.choice(WORDS) for slot in "abcdef"}
        return chance.choice(BONES).format(h=f"{chance.choice(WORDS)}-{number % 40}", **slots)
    made = ("".join(chance.choices(LETTERS, k=chance.randint(3, 9))) for _ in range(25))
    return " ".join(made).capitalize() + "."


class Sender:
    """Who sends from one address of this machine's own network."""

    def __init__(self, server, post, number):
        self.server, self.post = server, post
        self.here = (f"127.0.{number // 250 + 1}.{number % 250 + 1}", 0)
        self.took, self.answers = [], Counter()

    def ask(self, method, path, fields=None):
        host = f"127.0.0.1:{self.server.port}"
        body = urlencode(fields).encode() if fields else None
        headers = {"Host": host, "Origin": f"http://{host}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        asked = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, PATIENCE, source_address=self.here
        )
        try:
            asked.request(method, path, body, headers)
            answer = asked.getresponse()
            answer.read()
        finally:
            asked.close()
        self.took.append(1000 * (time.monotonic() - began))
        self.answers[answer.status] += 1

    def write(self, text, name=""):
        self.ask("POST", f"/comments/on/{self.post.slug}/", {"text": text, "name": name})


def told(what, took):
    late = quantiles(took, n=20)[-1]
    print(f"  {what}: {len(took)}, median {median(took):.0f} ms, 95 % within {late:.0f} ms")


def test_a_flood(tmp_path, client):
    make.blog(comment_policy="screened")
    post, others = make.post("In the flood"), [make.post() for _ in range(4)]
    server = Server(tmp_path, DATABASE_URL=url())
    server.start()
    flooders = [Sender(server, [post, *others][n % 5], n) for n in range(ADDRESSES)]
    honest, reader = Sender(server, post, ADDRESSES + 1), Sender(server, post, ADDRESSES + 2)
    over = threading.Event()

    def flood(share):
        for number in range(share, SPAM, FLOODERS):
            flooders[number % ADDRESSES].write(spam(number))

    def speak():
        for entry in colleagues()[:HONEST]:
            honest.write(entry["text"], entry["name"])
            time.sleep(1)

    def look():
        while not over.is_set():
            reader.ask("GET", post.get_absolute_url())
            over.wait(1)

    looking, speaking = threading.Thread(target=look), threading.Thread(target=speak)
    began = time.monotonic()
    looking.start()
    speaking.start()
    try:
        together(FLOODERS, flood)
        seconds = time.monotonic() - began
        speaking.join()
    finally:
        over.set()
        looking.join()
        server.stop()

    print(f"\n{connection.vendor}: {SPAM} pieces from {ADDRESSES} addresses in {seconds:.0f} s")
    told("pieces of the flood", [ms for one in flooders for ms in one.took])
    told("honest comments", honest.took)
    told("readers", reader.took)
    answers = sum((one.answers for one in flooders), Counter())
    assert (answers, honest.answers) == ({302: SPAM}, {302: HONEST})
    assert set(reader.answers) == {200}
    texts = {entry["text"] for entry in colleagues()[:HONEST]}
    assert Comment.objects.count() == SPAM + HONEST
    heard = Comment.objects.filter(typed__in=texts)
    assert heard.count() == HONEST
    print(f"  of the flood published: {Comment.objects.published().count()};", end=" ")
    print(f"of the honest held: {heard.held().count()}")
    work_through(signed_in(client), texts)
    assert set(heard.values_list("state", flat=True)) <= {"held", "published"}


def work_through(desk, texts):
    """Do as the author does: all of a kind at once, then page by page what is not alike."""
    queue, presses = list_of(Comment), 0
    began = time.monotonic()
    with CaptureQueriesContext(connection) as captured:
        page = desk.get(queue)
    opened = 1000 * (time.monotonic() - began)
    lines = page.context["cl"].result_count
    waiting = Comment.objects.held().count()
    print(f"  the queue: {waiting} wait in {lines} lines,", end=" ")
    print(f"opened in {opened:.0f} ms with {len(captured)} queries")
    began = time.monotonic()
    while True:
        kinds = [one for one in desk.get(queue).context["cl"].result_list if one.flood_size > 1]
        alike = [one for one in kinds if one.root > 0]
        assert presses < 200, "the buttons do nothing"
        if not alike:
            break
        for one in alike:
            desk.post(queue, {"_decide": f"flood-spam:{one.root}:{one.flood_last}"})
            presses += 1
    print(f"  {presses} presses for all that is alike, {time.monotonic() - began:.1f} s;", end=" ")
    print(f"{Comment.objects.held().count()} are left to be looked at")
    began, pages = time.monotonic(), 0
    for root in {one.root for one in desk.get(queue).context["cl"].result_list}:
        while True:
            address = f"{queue}?state=held&flood={root}"
            shown = desk.get(address).context["cl"].result_list
            bad = [one.pk for one in shown if one.typed not in texts]
            if not bad:
                break
            desk.post(address, {"action": "mark_spam", "_selected_action": bad})
            pages += 1
    print(f"  {pages} pages of what is not alike, {time.monotonic() - began:.1f} s", end="; ")
    print(f"{Comment.objects.held().count()} held comments are left")
