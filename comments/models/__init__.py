"""What everybody else says, and what becomes of it."""

from comments.models.act import Act
from comments.models.amendment_request import AmendmentRequest
from comments.models.asking import Asking
from comments.models.comment import Comment
from comments.models.comment_revision import CommentRevision
from comments.models.commenter import Commenter
from comments.models.complaint import Complaint
from comments.models.kept_name import KeptName
from comments.models.letter import Letter
from comments.models.reason import Reason
from comments.models.reprint import ChosenComment
from comments.models.right_of_reply import RightOfReply, Subject
from comments.models.sign import Sign
from comments.models.subscription import Subscription
from comments.models.suggestion import Suggestion
from comments.models.thread import Thread

__all__ = [
    "Act",
    "AmendmentRequest",
    "Asking",
    "ChosenComment",
    "Comment",
    "CommentRevision",
    "Commenter",
    "Complaint",
    "KeptName",
    "Letter",
    "Reason",
    "RightOfReply",
    "Sign",
    "Subject",
    "Subscription",
    "Suggestion",
    "Thread",
]
