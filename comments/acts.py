"""Acts in words: what was done, and for which reason."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments.models import Act, Reason

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
    "withdraw_request": _("withdrew a request"),
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
    "unmark": _("took back that a comment is theirs"),
    "answer_complaint": _("answered a complaint"),
    "trust": _("trusted its writer"),
    "distrust": _("trusted its writer no longer"),
    "edit": _("changed the words"),
    "accept_suggestion": _("made a pasted older post a reprint"),
    "undo_suggestion": _("undid that, and put the text back"),
    "dismiss_suggestion": _("dismissed a suggested reprint"),
    "reopen_suggestion": _("reopened a suggested reprint"),
}

ITS_OWN = (Act.Role.WRITER, Act.Role.SUBJECT)
"""Who does it to what they have said themselves, and needs no reason."""


YOU = {
    "reply": _("you replied"),
    "rewrite": _("you sent a changed reply"),
    "insist": _("you asked for your reply to stand as it is"),
    "remove": _("you withdrew your reply"),
    "erase": _("you took your reply out for good"),
    "ask": _("you asked for an amendment"),
    "withdraw_request": _("you withdrew your request"),
    "erase_request": _("you took the words of your request out for good"),
    "stop_letters": _("you asked for no more letters about this post"),
    "stop_all_letters": _("you asked for no more letters at all"),
    "resume_letters": _("you asked for letters again"),
    "erase_email": _("you erased your e-mail"),
    "claim": _("you said that the post is about you"),
    "confirm_claim": _("you confirmed your address"),
    "answer_claim": _("you answered the question"),
    "erase_claim": _("you erased what you had said about it"),
}
"""What the person whom a post is about did, said to them."""
TO_YOU = {
    "tell": _("you were told by letter"),
    "not_told": _("%(who)s decided not to tell you by letter"),
    "renew_link": _("%(who)s made a new link to your letterbox"),
    "publish": _("%(who)s published your reply"),
    "hold": _("%(who)s put your reply back to be decided"),
    "remove": _("%(who)s took your reply out of sight"),
    "mark_spam": _("%(who)s took your reply away as spam"),
    "erase": _("%(who)s erased your reply for good"),
    "acknowledge": _("%(who)s said that it has been read"),
    "ask_to_reconsider": _("%(who)s asked you to reconsider your reply"),
    "decline_reply": _("%(who)s declined to publish your reply"),
    "ask": _("%(who)s noted that you asked for an amendment"),
    "write_down_request": _("%(who)s wrote down a request of yours"),
    "request made": _("%(who)s made the amendment that you asked for"),
    "request in_part": _("%(who)s made in part the amendment that you asked for"),
    "request declined": _("%(who)s declined the amendment that you asked for"),
    "erase_request": _("%(who)s erased the words of your request"),
    "stop_letters": _("%(who)s noted that you want no more letters about this post"),
    "stop_all_letters": _("%(who)s noted that you want no more letters at all"),
    "resume_letters": _("%(who)s noted that you want letters again"),
    "erase_email": _("%(who)s erased your e-mail"),
    "ask_claimant": _("%(who)s asked you something"),
    "accept_claim": _("%(who)s accepted that the post is about you"),
    "decline_claim": _("%(who)s declined that the post is about you"),
    "erase_claim": _("%(who)s erased what you had said about it"),
    "mark": _("%(who)s marked a comment as yours"),
    "unmark": _("%(who)s said that a comment is not yours after all"),
}
"""What others did, said to them: `who` is who did it."""


def what(act):
    """Return in words what was done."""
    if act.verb == "remove" and act.role in ITS_OWN:
        return _("took it back")
    return VERBS.get(act.verb, act.verb)


def to_you(act, who):
    """Return in a sentence what was done, for the person whom it is about; `who` else did it."""
    if act.role == Act.Role.SUBJECT:
        return YOU.get(act.verb) or _now("you: %s") % what(act)
    if act.verb == "tell" and act.note:  # how, as the author noted it for themselves
        return _now("%(who)s noted that you were told in another way") % {"who": who}
    words = TO_YOU.get(act.verb)
    return words % {"who": who} if words else f"{who}: {what(act)}"


def why(act):
    """Return in words for which reason; "" where the act itself says it."""
    if act.verb == "decline_reply" or act.role in ITS_OWN:
        return ""
    return dict(Reason.choices).get(act.reason, act.reason)
