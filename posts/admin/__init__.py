"""The desk's pages for what the author writes."""

from posts.admin.blog import BlogAdmin, LabelAdmin, OldAddressAdmin
from posts.admin.post import PostAdmin
from posts.admin.reprint import ReprintAdmin

__all__ = ["BlogAdmin", "LabelAdmin", "OldAddressAdmin", "PostAdmin", "ReprintAdmin"]
