"""Let sixteen posters write to one post at once while the server is killed: `make trial-posters`.

The server is the real one, in processes of its own, with its settings as an author has them. Each
poster does what a browser with a draft does: it sends until it is acknowledged. Some are cut off
in the middle of a request first; some name no submission, as browsers without script. Five times in
between everything that serves is killed (kill -9) and started again. In the end every acknowledged
comment must be there once, whole, and nothing else; numbers and search must agree with it.
"""

import http.client
import os
import random
import socket
import threading
import time
from urllib.parse import quote, urlencode

import pytest
from django.db import connection

from comments.models import Comment, Thread
from posts.models import SearchDocument
from tests import make
from tests.serving import Server
from tests.threads import together

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = int(os.environ.get("TRIAL_SECONDS", "60"))
POSTERS = int(os.environ.get("TRIAL_POSTERS", "16"))
KILLS = int(os.environ.get("TRIAL_KILLS", "5"))
NAMELESS = 3  # posters whose submissions have no id
CUT_OFF = 0.03  # of the submissions, before they are sent whole
PATIENCE = 30  # seconds for an answer


class Poster:
    """One who writes to the post behind `address`; `told` is {what was acknowledged: where}."""

    def __init__(self, number, port, address):
        self.number, self.port, self.address = number, port, address
        self.chance = random.Random(number)
        self.told, self.repeated, self.cut_off, self.refused = {}, 0, 0, []
        self.connection = None

    def write_until(self, end):
        while time.monotonic() < end:
            self.write()

    def write(self):
        """Send a comment until it is acknowledged."""
        words = " ".join(self.chance.choices(("fog", "bell", "quay", "pilot", "tide"), k=40))
        text = f"Comment {len(self.told)} of poster {self.number}: {words}. The end."
        sent = {"name": f"Poster {self.number}", "submission": "", "text": text}
        if self.number >= NAMELESS:
            sent["submission"] = f"{self.chance.getrandbits(128):032x}"
        body = urlencode(sent).encode()
        if self.chance.random() < CUT_OFF:
            self.cut_off += 1
            self.send_half(body)
        while not (place := self.send(body)):
            self.repeated += 1
            time.sleep(self.chance.uniform(0.1, 0.5))
        self.told[text] = place

    def send(self, body):
        """Return where the answer leads; None where there is no answer, or a fault."""
        try:
            if not self.connection:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE)
            self.connection.request("POST", self.address, body, self.headers(body))
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return None
        if answer.status == 302:
            return answer.headers["Location"]
        if answer.status < 500:
            self.refused.append(answer.status)
        return None

    def send_half(self, body):
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers(body).items())
        try:
            with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as cut:
                cut.sendall(f"POST {self.address} HTTP/1.1\r\n{head}\r\n".encode())
                cut.sendall(body[: len(body) * 2 // 3])
        except OSError:
            pass  # it is down just now

    def headers(self, body):
        here = f"127.0.0.1:{self.port}"
        return {
            "Host": here,
            "Origin": f"http://{here}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }


def url():
    """Return the DATABASE_URL of the database that this test sees."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgres://{settings['USER']}@{quote(settings['HOST'], safe='')}/{settings['NAME']}"


def kill_now_and_then(server, end, killed):
    """Kill the server and start it again, at a chance moment of each part of the time."""
    part = SECONDS / KILLS
    for number in range(KILLS):
        begins = end - SECONDS + part * number
        time.sleep(max(0, begins + random.uniform(0.1, 0.7) * part - time.monotonic()))
        server.kill()
        killed.append(time.monotonic())
        server.start()


def test_sixteen_posters_and_a_server_that_is_killed(tmp_path):
    make.blog(comment_policy="open")
    post = make.post()
    server = Server(tmp_path, DATABASE_URL=url())
    server.start()
    killed = []
    end = time.monotonic() + SECONDS
    posters = [Poster(n, server.port, f"/comments/on/{post.slug}/") for n in range(POSTERS)]
    killer = threading.Thread(target=kill_now_and_then, args=(server, end, killed))
    killer.start()
    try:
        together(POSTERS, lambda n: posters[n].write_until(end))
    finally:
        killer.join()
        server.stop()

    told = {text: place for poster in posters for text, place in poster.told.items()}
    comments = list(Comment.objects.filter(post=post))
    counts = {name: sum(getattr(one, name) for one in posters) for name in ("repeated", "cut_off")}
    print(
        f"\n{connection.vendor}: {len(told)} acknowledged and {len(comments)} stored, "
        f"{len(told) / SECONDS:.0f} a second; {counts['repeated']} sent again, "
        f"{counts['cut_off']} cut off half-way, the server killed {len(killed)} times"
    )
    assert len(killed) == KILLS
    assert [one.refused for one in posters if one.refused] == []
    assert sorted(one.typed for one in comments) == sorted(told)
    assert {one.state for one in comments} == {"published"}
    assert sorted(one.number for one in comments) == [*range(1, len(told) + 1)]
    assert Thread.objects.get(post=post).last_number == len(told)
    documents = SearchDocument.objects.filter(kind="comment", public=True)
    found = {row: (number, text) for row, number, text in documents.values_list(*FOUND)}
    assert found == {one.pk: (one.number, one.typed) for one in comments}
    by_place = {place: text for text, place in told.items()}
    assert [one for one in comments if not leads_to(one, told[one.typed])] == []
    assert len(by_place) == len(told)
    assert "Traceback" not in server.said.read_text()


FOUND = ("row", "number", "text")


def leads_to(comment, place):
    """Say whether an acknowledgement led to this very comment."""
    return place.endswith((f"?posted={comment.pk}", f"#c{comment.number}"))
