"""What somebody typed, taken out of a request, so that a page that refuses it can hand it back."""

import re
from urllib.parse import unquote_plus

from django.core.exceptions import BadRequest

TYPED = (
    *("text", "words", "wrong", "wanted", "role", "site"),  # readers and subjects
    *("how", "proof"),  # whoever says that a post is about them
    *("introduction", "note", "reasons", "answer"),  # the author, at the desk
)
"""The fields in which people write, in all forms of the site; some have a prefix ("x-0-")."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
IS_TYPED = re.compile(rf"(?:[\w-]+-)?(?:{'|'.join(TYPED)})")
IN_BODY = re.compile(rf"(?:^|&)({IS_TYPED.pattern})=([^&]*)")


def words(request):
    """Return the texts that were typed into the form of `request`: a list; blank ones are left out.

    Asks nothing of the database and raises nothing, in whatever state the request is. What can't be
    read, or could be read in part alone, is not in it.
    """
    if request.method != "POST":
        return []
    try:
        fields = {name: text for name, text in request.POST.items() if IS_TYPED.fullmatch(name)}
    except Exception:  # noqa: BLE001 - too many fields, too large, broken off, another charset
        fields = {}
    try:
        fields = fields or _read_again(request)
    except Exception:  # noqa: BLE001 - as above, or read already
        fields = {}
    return [_showable(text) for text in fields.values() if text.strip("\x00 \t\r\n")]


def _read_again(request):
    """Return {name: text} of a body that Django refused to read as a form, or that is none."""
    encoding = request.encoding or "utf-8"
    if request.content_type == "multipart/form-data":
        return {}
    body = request.body.decode(encoding, "replace")
    if request.content_type not in FORMS:
        return {"text": body}
    found = IN_BODY.findall(body)
    return {name: unquote_plus(text, encoding, "replace") for name, text in found}


def _showable(text):
    """Return `text` without what no page can hold: NUL, and half a character (as utf-7 has)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


class FormsAloneMiddleware:
    """Refuse a body that Django takes for no form, or for none at all since its length is not told.

    The page would see an empty form, and the words be lost.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH")
        is_form = length and request.content_type in FORMS
        has_body = length not in (None, "", "0") or "Transfer-Encoding" in request.headers
        if request.method == "POST" and has_body and not is_form:
            raise BadRequest("This is no form.")
        return self.get_response(request)
