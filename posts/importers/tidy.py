"""Old HTML made fit to read: what other systems' texts hold that the door would throw away.

The door (blogsite/html.py) decides what is safe; this module decides what is worth keeping, and
how. Needs no database.

Texts are as long as strangers make them, so no step takes more than linear time: what is never
closed is sought once (`_between`), and no pattern runs past where the next could begin.
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
BREAK = re.compile(r"</?(?:br|p)\b", re.IGNORECASE)
TAG_NAMES = re.IGNORECASE | re.ASCII  # without ASCII, "İ" and "ı" would be "i" to a pattern


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
    plain = re.sub(r"</?[a-zA-Z][^<>]*>", "", _between(written, "<!--", "-->", lambda *_: ""))
    return " ".join(html.unescape(plain).split())


def paragraphs(written):
    """Return `written` with blank lines made paragraphs and single ends of line made `<br>`.

    WordPress's classic rule: what stands in a block or in `<pre>` keeps its shape.
    """
    kept = []

    def keep(opening, inside, closing):
        kept.append(opening + inside + closing)
        return f"\n\n\x02{len(kept) - 1}\x03\n\n"

    written = written.replace("\r\n", "\n").replace("\r", "\n")
    written = _between(written, r"<(pre|script|style)\b", r"</{}\s*>", keep)
    written = re.sub(r"<br\s*/?>\s*<br\s*/?>", "\n\n", written, flags=re.I)
    # A block stands apart from the lines around it.
    written = re.sub(rf"(<(?:{BLOCKS})\b[^<>]*>)", r"\n\n\1", written, flags=re.I)
    written = re.sub(rf"(</(?:{BLOCKS})>|<hr\b[^<>]*>)", r"\1\n\n", written, flags=re.I)
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
    first, *rest = part.split("\n")
    lines = [first]
    for line in rest:
        line = line.lstrip(" \t")
        before = lines[-1].rstrip(" \t")
        if not before.endswith(("<br>", "<br />", "<br/>")) and not BREAK.match(line):
            lines[-1] = f"{before}<br>"
        lines.append(line)
    return "\n".join(lines)


def _wordpress(written, warnings):
    blocks = "<!-- wp:" in written
    galleries = []
    written = _between(written, "<!--", "-->", lambda *_: "")
    written = _between(written, r"\[caption\b", r"\[/caption\]", _caption)
    written = _between(written, r"\[gallery\b", r"\]", lambda *_: galleries.append(1) or "")
    if galleries:
        warnings.append(
            f"{len(galleries)} picture galleries are not in the file and were left out."
        )
    written = _between(written, r"\[embed\b", r"\[/embed\]", _embed)
    written = re.sub(r"\[(?:youtube|vimeo)[ =]([^\[\]\s]+)\s*\]", r"\1", written, flags=re.I)
    written = _players(written)
    if blocks:
        return written if "<pre" in written else re.sub(r"\n{3,}", "\n\n", written)
    return paragraphs(written)


def _between(written, opening, closing, replace):
    """Return `written` with each stretch from `opening` to the next `closing` replaced.

    `replace` gets the opening, what stands between, and the closing. Both are patterns; a "{}" in
    `closing` is what `opening` captured. What is never closed stays as it is.
    """
    parts, at, never = [], 0, set()
    for start in re.finditer(opening, written, TAG_NAMES):
        ending = closing.format(*start.groups()).lower()
        if start.start() < at or ending in never:
            continue
        end = re.compile(ending, TAG_NAMES).search(written, start.end())
        if end:
            inside = written[start.end() : end.start()]
            parts += [written[at : start.start()], replace(start[0], inside, end[0])]
            at = end.end()
        else:
            never.add(ending)
    return "".join([*parts, written[at:]])


def _caption(opening, inside, closing):
    """Return WordPress's caption as a figure: the picture (perhaps linked), then its words."""
    attributes, bracket, content = inside.partition("]")
    if not bracket:
        return opening + inside + closing
    picture = r"((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)"
    found = re.match(picture, content.lstrip(), re.I | re.S)
    if not found:
        return content
    words = found[2].strip() or html.unescape(_attribute(attributes, "caption"))
    caption = f"<figcaption>{' '.join(words.split())}</figcaption>" if words else ""
    return f"\n\n<figure>{found[1].strip()}{caption}</figure>\n\n"


def _embed(opening, inside, closing):
    """Return the address in WordPress's shortcode for a player."""
    attributes, bracket, address = inside.partition("]")
    return address if bracket else opening + inside + closing


def _players(written):
    """Return `written` with every embedded player made a link to what it played."""
    for name in ELEMENTS:
        closing = re.compile(rf"</{name}[^>]*(?:>|\Z)", TAG_NAMES)
        is_closed = name != "embed"
        parts, at = [], 0
        for found in re.finditer(rf"<{name}\b[^<>]*>", written, TAG_NAMES):
            if found.start() < at:
                continue  # within the player before
            end = found.end()
            if is_closed and not found[0].endswith("/>"):
                closed = closing.search(written, end)
                is_closed = closed is not None  # none here, none further on
                end = closed.end() if closed else end
            player = _player(name, found[0], written[found.start() : end])
            parts += [written[at : found.start()], player]
            at = end
        written = "".join([*parts, written[at:]])
    return written


def _player(kind, opening, element):
    params = re.findall(r"<param\b[^<>]*>", element, re.I)
    movies = (one for one in params if _attribute(one, "name").lower() == "movie")
    address = _attribute(element, "src") or _attribute(next(movies, ""), "value")
    address = _plain_address(html.unescape(address).strip())
    if not address:
        return ""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    service = next((SERVICES[one] for one in SERVICES if f".{host}".endswith(f".{one}")), "")
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
