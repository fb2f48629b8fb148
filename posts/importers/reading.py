"""Reading XML that strangers wrote: as a stream, to its end, and nothing but what the file holds.

Nothing is fetched, no entity is resolved, and a document type is refused. Exports in the wild use
namespace prefixes that they do not declare; the parser reads those all the same, because it is
told to recover. It would then recover from everything, by losing text (after one control
character it drops every `&amp;` that follows), so what can be mended is mended before it sees it,
and any other fault refuses the file.
"""

import re
from datetime import UTC, datetime
from html.entities import html5

from django.utils import timezone
from lxml import etree

from posts.importers.entries import Unreadable

CONTROL = bytes([*range(9), 11, 12, *range(14, 32)])
# Signs that HTML knows and XML does not, and numbers of characters that XML does not allow.
SIGN = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]*)|#([0-9]+)|#x([0-9a-fA-F]+));"
)
LONGEST_SIGN = 10_000
MOST_DIGITS = 40
# A number that stands for no character, as it reaches those who read HTML; int() refuses more than
# some thousands of digits.
OVERLONG = re.compile(rf"&#(?:[0-9]{{{MOST_DIGITS},}}|[xX][0-9a-fA-F]{{{MOST_DIGITS},}});?")
UNDECLARED = etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE
CUT_OFF = {
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED,
    etree.ErrorTypes.ERR_CDATA_NOT_FINISHED,
    etree.ErrorTypes.ERR_COMMENT_NOT_FINISHED,
    etree.ErrorTypes.ERR_ATTRIBUTE_NOT_FINISHED,
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY,
}
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Mended:
    """A stream of bytes without what would make the parser lose text; `removed` counts it."""

    def __init__(self, stream, on_read=None):
        self.stream, self.on_read = stream, on_read
        self.removed = 0
        self.kept = b""
        self.wide = None  # UTF-16: every second byte is a control character, and rightly so

    def read(self, size):
        while True:
            chunk = self.stream.read(max(size, 1 << 16))
            clean = self._mended(chunk)
            # A piece of which nothing is left is not the end of the file.
            if clean or not chunk:
                return clean

    def _mended(self, chunk):
        if self.wide is None:
            self.wide = chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]
        if self.on_read:
            self.on_read(len(chunk))
        if self.wide:
            return chunk
        clean = chunk.translate(None, CONTROL)
        self.removed += len(chunk) - len(clean)
        whole, self.kept = self.kept + clean, b""
        if chunk:  # a sign that this chunk cuts in two waits for the next
            start = whole.rfind(b"&", -LONGEST_SIGN)
            if start >= 0 and b";" not in whole[start:]:
                whole, self.kept = whole[:start], whole[start:]
        return SIGN.sub(self._sign, whole)

    def _sign(self, found):
        name, number, hexadecimal = found.groups()
        if name:
            letters = html5.get(f"{name.decode()};")
            return b"".join(b"&#%d;" % ord(one) for one in letters) if letters else found[0]
        digits, base = (number, 10) if hexadecimal is None else (hexadecimal, 16)
        code = int(digits, base) if len(digits) < MOST_DIGITS else 0
        if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000 - 2:
            return found[0]
        self.removed += 1
        return b""


class NotXML(Unreadable):
    """A file that is not XML, or not to its end."""


def root(path):
    """Return (name, set of namespaces, id) of the file's outermost element; "" for what is no XML.

    The id is the text of its first element of that name, if it is among the first ones. Raises
    Unreadable for a document type.
    """
    name, namespaces, its_id = "", set(), ""
    with path.open("rb") as stream:
        try:
            for place, (event, element) in enumerate(_Events(Mended(stream), path)):
                if not name:
                    name, namespaces = local(element.tag), set(element.nsmap.values())
                if event == "end" and local(element.tag) == "id":
                    its_id = text(element)
                if its_id or place > 20 or name not in ("feed", "rss"):
                    break
        except NotXML:
            if name:
                raise
    return name, namespaces, its_id


def children(path, notes, on_read=None):
    """Yield each element that stands directly in the file's feed (Atom) or channel (RSS).

    An element lives until the next one is asked for. Appends to `notes` what was mended. When the
    last has been yielded the file has been read to its end; Unreadable is raised there, or before.
    `on_read` is called with the number of bytes after each piece.
    """
    with path.open("rb") as stream:
        mended = Mended(stream, on_read)
        parser = _Events(mended, path)
        depth, level = 0, 0
        for event, element in parser:
            if event == "start":
                depth += 1
                if depth == 1 and local(element.tag) == "feed":
                    level = 2
                elif depth == 2 and local(element.tag) == "channel":
                    level = 3
                continue
            if depth == level and isinstance(element.tag, str):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
            depth -= 1
        if mended.removed:
            notes.append(f"{mended.removed} control characters were left out.")
        for prefix in parser.undeclared:
            notes.append(f"The file uses the prefix {prefix} without declaring it.")


class _Events:
    """The events of a file; raises Unreadable for a document type and for what is not XML."""

    def __init__(self, stream, path):
        self.path = path
        self.undeclared = []
        self.parser = etree.iterparse(
            stream,
            events=("start", "end"),
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )

    def __iter__(self):
        first = True
        try:
            for event, element in self.parser:
                if first and element.getroottree().docinfo.internalDTD is not None:
                    raise Unreadable(
                        f"{self.path.name} declares a document type; exports don't."
                        " Nothing was imported."
                    )
                first = False
                yield event, element
        except etree.XMLSyntaxError as error:
            self._judge()
            raise NotXML(self._sentence(error.lineno or 1, error.msg)) from None
        self._judge()

    def _judge(self):
        for fault in self.parser.error_log:
            if fault.type == UNDECLARED:
                prefix = re.sub(r".*prefix (\S+) .*", r"\1", fault.message)
                if prefix not in self.undeclared:
                    self.undeclared.append(prefix)
            elif fault.type in CUT_OFF:
                raise NotXML(
                    f"{self.path.name} ends in the middle, at line {fault.line}:"
                    " nothing was imported."
                )
            else:
                raise NotXML(self._sentence(fault.line, fault.message))

    def _sentence(self, line, message):
        message = " ".join(message.split()).rstrip(".")
        return (
            f"{self.path.name} cannot be read to its end, at line {line} ({message}):"
            " nothing was imported."
        )


def local(tag):
    """Return the name of an element without its namespace or undeclared prefix."""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1] if isinstance(tag, str) else ""


def text(element):
    """Return the text within an element, without blanks at its ends; "" for None."""
    written = "" if element is None else "".join(element.itertext()).strip()
    return OVERLONG.sub("\ufffd", written)


def child(element, *names):
    """Return the first child of `element` (or of None) with one of these names, or None."""
    within = () if element is None else element
    return next((one for one in within if local(one.tag) in names), None)


def moment(written):
    """Return the moment that `written` (ISO 8601) says, in UTC; one without a zone is local.

    Raises ValueError for what is no moment, or none between 1970 and 2100.
    """
    try:
        at = datetime.fromisoformat(written.strip().upper())
        if timezone.is_naive(at):
            at = timezone.make_aware(at)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"its date cannot be read ({written.strip()[:40] or 'none'})") from None
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"its date is not between 1970 and 2100 ({written.strip()[:40]})")
    return at
