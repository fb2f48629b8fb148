"""Old HTML made fit to read: what other systems' texts hold that the door would throw away.

The door (blogsite/html.py) decides what is safe; this module decides what is worth keeping, and
how. Needs no database.
"""

import html
import re
from urllib.parse import parse_qs, urlsplit

BLOCKS = (
    "table|thead|tfoot|caption|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|blockquote|p|h[1-6]|hr"
    "|section|article|aside|header|footer|figure|figcaption|address|form|center"
)
ATTRIBUTE = r"""(?<=[\s"']){}\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
SERVICES = {
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "videopress.com": "VideoPress",
    "v.wordpress.com": "VideoPress",
    "dailymotion.com": "Dailymotion",
    "soundcloud.com": "SoundCloud",
    "blogger.com": "Blogger",
    "video.google.com": "Google Video",
    "google.com": "Google",
}
ELEMENTS = {
    "iframe": "Page",
    "object": "Video",
    "embed": "Video",
    "video": "Video",
    "audio": "Sound",
}


def text(written, markup="html"):
    """Return (the text as plain HTML, a list of warnings).

    `markup` is "html", or "wordpress", where blank lines make paragraphs and shortcodes stand in
    square brackets.
    """
    warnings = []
    if markup == "wordpress":
        return _wordpress(written, warnings).strip(), warnings
    return _players(written).strip(), warnings


def title(written):
    """Return a title that was HTML as one line of plain text."""
    plain = re.sub(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", "", written, flags=re.DOTALL)
    return " ".join(html.unescape(plain).split())


def paragraphs(written):
    """Return `written` with blank lines made paragraphs and single ends of line made `<br>`.

    WordPress's classic rule: what stands in a block or in `<pre>` keeps its shape.
    """
    kept = []

    def keep(found):
        kept.append(found[0])
        return f"\n\n\x02{len(kept) - 1}\x03\n\n"

    written = written.replace("\r\n", "\n").replace("\r", "\n")
    written = re.sub(r"<(pre|script|style)\b.*?</\1\s*>", keep, written, flags=re.I | re.S)
    written = re.sub(r"<br\s*/?>\s*?\n?\s*?<br\s*/?>", "\n\n", written, flags=re.I)
    # A block stands apart from the lines around it.
    written = re.sub(rf"(<(?:{BLOCKS})\b[^>]*>)", r"\n\n\1", written, flags=re.I)
    written = re.sub(rf"(</(?:{BLOCKS})>|<hr\b[^>]*>)", r"\1\n\n", written, flags=re.I)
    block = re.compile(rf"</?(?:{BLOCKS})\b|\x02", re.I)
    parts = []
    for part in re.split(r"\n[ \t\xa0]*\n\s*", written):
        part = part.strip("\n \t")
        if not part or not part.strip("\xa0 "):
            continue
        if block.match(part):
            # Of lines within a block the browser makes one, as it did there but for its own.
            opened = re.match(r"<(p|blockquote|div|li|td|dd)\b[^>]*>", part, re.I)
            parts.append(_lines(part) if opened else part)
        elif re.search(rf"</(?:{BLOCKS})>$", part, re.I):
            parts.append(_lines(part))
        else:
            parts.append(f"<p>{_lines(part)}</p>")
    joined = "\n".join(parts)
    return re.sub(r"\x02(\d+)\x03", lambda found: kept[int(found[1])], joined)


def _lines(part):
    ended = r"(?<!<br>)(?<!<br />)(?<!<br/>)"
    return re.sub(rf"{ended}[ \t]*\n[ \t]*(?!</?(?:br|p)\b)", "<br>\n", part)


def _wordpress(written, warnings):
    blocks = "<!-- wp:" in written
    written = re.sub(r"<!--.*?-->", "", written, flags=re.DOTALL)
    written = re.sub(
        r"\[caption\b([^\]]*)\](.*?)\[/caption\]", _caption, written, flags=re.I | re.S
    )
    written, galleries = re.subn(r"\[gallery\b[^\]]*\]", "", written, flags=re.I)
    if galleries:
        warnings.append(f"{galleries} picture galleries are not in the file and were left out.")
    written = re.sub(r"\[embed\b[^\]]*\](.*?)\[/embed\]", r"\1", written, flags=re.I | re.S)
    written = re.sub(r"\[(?:youtube|vimeo)[ =]([^\]\s]+)\s*\]", r"\1", written, flags=re.I)
    written = _players(written)
    if blocks:
        return written if "<pre" in written else re.sub(r"\n{3,}", "\n\n", written)
    return paragraphs(written)


def _caption(found):
    """Return WordPress's caption as a figure: the picture (perhaps linked), then its words."""
    inside = re.match(r"\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", found[2], re.I | re.S)
    if not inside:
        return found[2]
    words = inside[2].strip() or html.unescape(_attribute(found[1], "caption"))
    caption = f"<figcaption>{' '.join(words.split())}</figcaption>" if words else ""
    return f"\n\n<figure>{inside[1].strip()}{caption}</figure>\n\n"


def _players(written):
    """Return `written` with every embedded player made a link to what it played."""
    for name in ELEMENTS:
        lower = written.lower()
        last_end = lower.rfind(f"</{name}")
        parts, at = [], 0
        for found in re.finditer(rf"<{name}\b[^<>]*>", written, re.IGNORECASE):
            if found.start() < at:
                continue  # within the player before
            end = found.end()
            if name != "embed" and not found[0].endswith("/>") and end <= last_end:
                end = lower.index(f"</{name}", end)
                end = lower.find(">", end) + 1 or len(written)
            parts += [written[at : found.start()], _player(written[found.start() : end])]
            at = end
        written = "".join([*parts, written[at:]])
    return written


def _player(element):
    movie = re.search(r"<param\b[^>]*\bname\s*=\s*[\"']?movie\b[^>]*>", element, re.I)
    address = _attribute(element, "src") or (movie and _attribute(movie[0], "value")) or ""
    address = _plain_address(html.unescape(address).strip())
    if not address:
        return ""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    kind = re.match(r"<(\w+)", element)[1].lower()
    service = next((SERVICES[one] for one in SERVICES if f".{host}".endswith(f".{one}")), "")
    opening = re.match(r"<[^>]*>", element)[0]
    words = html.unescape(_attribute(opening, "title"))
    if not words:
        what = "Video" if service and kind == "iframe" and service != "Google" else ELEMENTS[kind]
        words = f"{what} on {service or host}"
    return f'<p><a href="{html.escape(address)}">{html.escape(words)}</a></p>'


def _plain_address(address):
    """Return the address of the page on which a person can watch what a player plays, or ""."""
    if address.startswith("//"):
        address = f"https:{address}"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    if host in ("youtube.com", "youtube-nocookie.com"):
        video = re.match(r"/(?:embed|v)/([\w-]{6,20})", parts.path)
        if video and video[1] != "videoseries":
            return f"https://www.youtube.com/watch?v={video[1]}"
        playlist = parse_qs(parts.query).get("list")
        if playlist and re.fullmatch(r"[\w-]+", playlist[0]):
            return f"https://www.youtube.com/playlist?list={playlist[0]}"
    if host == "player.vimeo.com":
        video = re.match(r"/video/(\d+)", parts.path)
        if video:
            return f"https://vimeo.com/{video[1]}"
    return address


def _attribute(tag, name):
    found = re.search(ATTRIBUTE.format(name), tag, re.IGNORECASE)
    return next((value for value in found.groups() if value is not None), "") if found else ""
