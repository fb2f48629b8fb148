"""Posters who write to the real server at once while it is killed: `try_to_lose()`."""

import http.client
import random
import socket
import threading
import time
from urllib.parse import quote, urlencode

from django.db import connection

from comments.models import Comment, Thread
from posts.models import SearchDocument
from tests import make
from tests.serving import Server
from tests.threads import together

NAMELESS = 3  # posters whose submissions have no id, as of browsers without script
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
            self.write(end + 2 * PATIENCE)

    def write(self, end):
        """Send a comment until it is acknowledged; give up, as a fault, after `end`."""
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
            assert time.monotonic() < end, "The server answers no more."
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


def try_to_lose(folder, number, seconds, kills):
    """Let so many posters write to one post while the server is killed; check that all is there.

    The server is the one that an author starts, on the database that this test sees, with its own
    settings. Returns the counts in words.
    """
    make.blog(comment_policy="open")
    post = make.post()
    server = Server(folder, DATABASE_URL=url())
    posters = [Poster(n, server.port, f"/comments/on/{post.slug}/") for n in range(number)]
    server.start()
    end = time.monotonic() + seconds
    away = []
    killer = threading.Thread(target=_kill_now_and_then, args=(server, end, seconds, kills, away))
    killer.start()
    try:
        together(number, lambda n: posters[n].write_until(end))
    finally:
        killer.join()
        server.stop()

    told = {text: place for poster in posters for text, place in poster.told.items()}
    assert len(away) == kills
    assert [one.refused for one in posters if one.refused] == []
    check(post, told)
    assert "Traceback" not in server.said.read_text()
    repeated, cut_off = (sum(getattr(one, name) for one in posters) for name in COUNTED)
    return (
        f"{connection.vendor}: {len(told)} comments acknowledged and stored, "
        f"{len(told) / (seconds - sum(away)):.0f} a second while it was up; {repeated} times sent "
        f"again, {cut_off} cut off half-way, {kills} times killed (away for {sum(away):.0f} s)"
    )


COUNTED = ("repeated", "cut_off")


def _kill_now_and_then(server, end, seconds, kills, away):
    """Kill the server and start it again, at a chance moment of each part of the time."""
    part = seconds / kills
    for number in range(kills):
        begins = end - seconds + part * number
        time.sleep(max(0, begins + random.uniform(0.1, 0.7) * part - time.monotonic()))
        killed = time.monotonic()
        server.kill()
        server.start()
        away.append(time.monotonic() - killed)


def check(post, told):
    """Every comment that was acknowledged is there once, whole; numbers and search agree."""
    comments = list(Comment.objects.filter(post=post))
    documents = SearchDocument.objects.filter(kind="comment", public=True)
    assert sorted(one.typed for one in comments) == sorted(told)
    assert {one.state for one in comments} == {"published"}
    assert sorted(one.number for one in comments) == [*range(1, len(told) + 1)]
    assert Thread.objects.get(post=post).last_number == len(told)
    assert {one.row: (one.number, one.text) for one in documents} == {
        one.pk: (one.number, one.typed) for one in comments
    }
    elsewhere = [one for one in comments if not _leads_to(one, told[one.typed])]
    assert elsewhere == []


def _leads_to(comment, place):
    """Say whether an acknowledgement led to this very comment."""
    return place.endswith((f"?posted={comment.pk}", f"#c{comment.number}"))
