"""What everybody else says, and what becomes of it."""

from comments.models.act import Act
from comments.models.amendment_request import AmendmentRequest
from comments.models.asking import Asking
from comments.models.claim import Claim
from comments.models.comment import Comment
from comments.models.comment_revision import CommentRevision
from comments.models.commenter import Commenter
from comments.models.complaint import Complaint
from comments.models.courtesy_letter import CourtesyLetter
from comments.models.kept_name import KeptName
from comments.models.letter import Letter
from comments.models.letterbox_draft import LetterboxDraft
from comments.models.reason import Reason
from comments.models.reply import Reply
from comments.models.reprint import ChosenComment
from comments.models.right_of_reply import RightOfReply
from comments.models.sign import Sign
from comments.models.subject import Subject
from comments.models.subscription import Subscription
from comments.models.suggestion import Suggestion
from comments.models.thread import Thread

__all__ = [
    "Act",
    "AmendmentRequest",
    "Asking",
    "ChosenComment",
    "Claim",
    "Comment",
    "CommentRevision",
    "Commenter",
    "Complaint",
    "CourtesyLetter",
    "KeptName",
    "Letter",
    "LetterboxDraft",
    "Reason",
    "Reply",
    "RightOfReply",
    "Sign",
    "Subject",
    "Subscription",
    "Suggestion",
    "Thread",
]
