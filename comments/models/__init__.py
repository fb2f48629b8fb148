"""What everybody else says, and what becomes of it."""

from comments.models.act import Act
from comments.models.comment import Comment, Commenter, Reason, Thread
from comments.models.complaint import Complaint
from comments.models.letter import Letter
from comments.models.reprint import ChosenComment
from comments.models.right_of_reply import AmendmentRequest, RightOfReply, Subject

__all__ = [
    "Act",
    "AmendmentRequest",
    "ChosenComment",
    "Comment",
    "Commenter",
    "Complaint",
    "Letter",
    "Reason",
    "RightOfReply",
    "Subject",
    "Thread",
]
