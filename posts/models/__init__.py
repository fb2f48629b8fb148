"""What the author writes, and what is known of it."""

from posts.models.blog import Blog, CommentPolicy
from posts.models.label import Label
from posts.models.log import LogEntry
from posts.models.origin import OldAddress, Origin
from posts.models.post import Post
from posts.models.reprint import Reprint
from posts.models.revision import Revision
from posts.models.search import SearchDocument
from posts.models.views import EarlierFigure, ViewDay, ViewLeftOut

__all__ = [
    "Blog",
    "CommentPolicy",
    "EarlierFigure",
    "Label",
    "LogEntry",
    "OldAddress",
    "Origin",
    "Post",
    "Reprint",
    "Revision",
    "SearchDocument",
    "ViewDay",
    "ViewLeftOut",
]
