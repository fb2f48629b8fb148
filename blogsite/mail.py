"""Mail where no mail server is named: written to files, each named on the console."""

import logging
from pathlib import Path

from django.core.mail.backends import filebased

logger = logging.getLogger(__name__)


class FileBackend(filebased.EmailBackend):
    """Write each letter to a file of its own in `EMAIL_FILE_PATH` and say where it is."""

    def write_message(self, message):
        super().write_message(message)
        logger.info("A letter was written to %s", Path(self._get_filename()))
