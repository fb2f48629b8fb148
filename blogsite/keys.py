"""Keys that a fresh installation makes for itself, once, and keeps in `DATA_DIR`."""

import os
import secrets


def kept_key(path):
    """Return the key kept in the file `path` (a Path), making it first where there is none.

    The file is readable by its owner alone. Two processes that start at once get the same
    key: whoever is second finds the file there. Raises OSError where it can't be read or made.
    """
    if not path.exists():
        # A name of its own: of two threads, one must not empty what the other has just linked.
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            # A link appears whole or not at all, and never replaces a key that is in use.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
