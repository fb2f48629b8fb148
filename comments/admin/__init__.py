"""The desk's pages for what everybody else says, and what becomes of it."""

from comments.admin.act import ActAdmin
from comments.admin.claim import ClaimAdmin
from comments.admin.comment import CommentAdmin
from comments.admin.complaint import ComplaintAdmin
from comments.admin.courtesy import CourtesyLetterAdmin
from comments.admin.letter import LetterAdmin
from comments.admin.request import AmendmentRequestAdmin
from comments.admin.right import RightOfReplyAdmin
from comments.admin.subject import SubjectAdmin
from comments.admin.suggestion import SuggestionAdmin

__all__ = [
    "ActAdmin",
    "AmendmentRequestAdmin",
    "ClaimAdmin",
    "CommentAdmin",
    "ComplaintAdmin",
    "CourtesyLetterAdmin",
    "LetterAdmin",
    "RightOfReplyAdmin",
    "SubjectAdmin",
    "SuggestionAdmin",
]
