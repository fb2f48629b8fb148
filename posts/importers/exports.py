"""An export: told by its content which system wrote it, and read to its end before it is stored."""

from posts.importers import blogger, reading, takeout, wordpress
from posts.importers.entries import About, Unreadable
from posts.importers.spool import Spool

TAKEOUT_NAMESPACE = "http://schemas.google.com/blogger/2018"


class Export:
    """One file. Making one reads the whole of it; raises Unreadable if that can't be done.

    `about` is what it says of itself, `spool` what it holds, `notes` what had to be mended.
    """

    def __init__(self, path, on_read=None):
        self.path = path
        self.notes = []
        self.spool = Spool()
        try:
            reader = recognise(path)
            self.about = About(reader.FORMAT, reader.SYSTEM)
            elements = reading.children(path, self.notes, on_read)
            for entry in reader.read(elements, self.about):
                self.spool.add(entry)
        except OSError as error:
            reason = (error.strerror or "an error").lower()
            raise Unreadable(f"{path} cannot be read ({reason}): nothing was imported.") from None
        self.spool.close(nested=reader is wordpress)
        self.about.names |= self.spool.names(self.about.authors)


def recognise(path):
    """Return the module that reads the file at `path`. Raises Unreadable where there is none."""
    if path.is_dir():
        raise Unreadable(f"{path} is a folder: give the export's file. Nothing was imported.")
    if not path.exists():
        raise Unreadable(f"There is no file {path}: nothing was imported.")
    if not path.stat().st_size:
        raise Unreadable(f"{path.name} is empty: nothing was imported.")
    name, namespaces, its_id = reading.root(path)
    if name == "feed" and TAKEOUT_NAMESPACE in namespaces:
        return takeout
    if name == "feed" and its_id.startswith("tag:blogger.com,1999:"):
        return blogger
    if name == "rss" and any(wordpress.NAMESPACE in (space or "") for space in namespaces):
        return wordpress
    raise Unreadable(f"{path.name} is not an export of Blogger or WordPress: nothing was imported.")
