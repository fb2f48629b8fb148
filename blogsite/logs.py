"""What a log line may hold: never the path of a secret page."""

import logging
import re

SECRET_PATHS = re.compile(r"/(yours|reply|decide|confirm|stop)/[^/\s'\"]+")


def without_secrets(text):
    """Return `text` with the secret part of every secret address in it blacked out."""
    return SECRET_PATHS.sub(r"/\1/***", text)


class NoSecrets(logging.Filter):
    """A logging filter that blacks out secrets in a record's message, arguments and traceback."""

    def filter(self, record):
        record.msg = without_secrets(record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_secrets(record.exc_text)
        return True
