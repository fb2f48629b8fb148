"""Acts in words: what was done, and for which reason."""

from django.utils.translation import gettext_lazy as _

from comments.models import Reason

VERBS = {
    "publish": _("published"),
    "hold": _("put back to be decided"),
    "remove": _("removed"),
    "erase": _("erased for good"),
    "mark_spam": _("marked as spam"),
    "tell": _("told by letter"),
    "tell_otherwise": _("told by other means"),
    "renew_link": _("made a new letterbox link"),
    "reply": _("replied"),
    "ask": _("asked for an amendment"),
    "write_down_request": _("wrote a request down"),
    "request made": _("made the amendment asked for"),
    "request in_part": _("made in part the amendment asked for"),
    "request declined": _("declined an amendment"),
    "acknowledge": _("said that they have read it"),
    "ask_to_reconsider": _("asked to reconsider a reply"),
    "rewrite": _("sent a changed reply"),
    "insist": _("asked for the reply to stand as it is"),
    "decline_reply": _("declined to publish a reply"),
    "erase_request": _("erased the words of a request"),
    "not_told": _("decided not to tell by letter"),
    "stop_letters": _("asked for no more letters about this post"),
    "stop_all_letters": _("asked for no more letters at all"),
    "resume_letters": _("asked for letters again"),
    "erase_email": _("erased the e-mail"),
    "claim": _("said that the post is about them"),
    "confirm_claim": _("confirmed their address"),
    "ask_claimant": _("asked once more"),
    "answer_claim": _("answered the author’s question"),
    "accept_claim": _("accepted that the post is about them"),
    "decline_claim": _("declined that the post is about them"),
    "erase_claim": _("erased what was said about a claim"),
    "mark": _("marked a comment as theirs"),
    "unmark": _("took that back"),
    "answer_complaint": _("answered a complaint"),
    "trust": _("trusted its writer"),
    "distrust": _("trusted its writer no longer"),
    "edit": _("changed the words"),
    "accept_suggestion": _("made a pasted older post a reprint"),
    "undo_suggestion": _("undid that, and put the text back"),
    "dismiss_suggestion": _("dismissed a suggested reprint"),
    "reopen_suggestion": _("reopened a suggested reprint"),
}


def what(act):
    """Return in words what was done."""
    return VERBS.get(act.verb, act.verb)


def why(act):
    """Return in words for which reason."""
    return dict(Reason.choices).get(act.reason, act.reason)
