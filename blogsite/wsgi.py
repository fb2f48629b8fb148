"""The WSGI application that the web server serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "blogsite.settings")


class Whole:
    """A request's body that is read whole, or not at all: OSError where it ends too early.

    The web server hands on what had come when a connection broke. Half a comment would be
    stored, as if its writer had wanted to say no more.
    """

    def __init__(self, stream, length):
        self.stream, self.left = stream, length

    def read(self, size):
        read = self.stream.read(size)
        self.left -= len(read)
        if len(read) < size and self.left > 0:
            raise OSError("The connection broke before the request had come whole.")
        return read

    def readline(self, *size):
        """Return the next line, as streams do; Django reads no form by lines."""
        return self.stream.readline(*size)


def application(environ, start_response):
    """Answer a request by Django, which never reads beyond its Content-Length."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdecimal():
        environ["wsgi.input"] = Whole(environ["wsgi.input"], int(length))
    return _django(environ, start_response)


_django = get_wsgi_application()
