"""What the picker of comments asks for: all that a reprint of one post could bring along."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from comments.models import Comment
from posts.admin.chosen import as_ids, choosable, named, words_of
from posts.admin.forms import revision_words
from posts.admin.reprint_form import offered_revisions
from posts.models import Post


class ReprintablePages(admin.ModelAdmin):
    """The part of the ModelAdmin for posts that answers a reprint's row."""

    def get_urls(self):
        page = path(
            "<int:pk>/reprintable/",
            self.admin_site.admin_view(self.reprintable),
            name="posts_post_reprintable",
        )
        return [page, *super().get_urls()]

    def reprintable(self, request, pk):
        """Answer {"comments": […], "revisions": […]} for the post `pk`, as JSON.

        A comment is {id, number, name, words}, a revision {id, words}. `?chosen=12,7` asks for
        these comments too, though they were removed since.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        source = get_object_or_404(Post.objects.defer("text"), pk=pk)
        try:
            ids = as_ids(request.GET.get("chosen", ""))
        except ValueError:
            ids = []
        removed = Comment.objects.in_thread().filter(post=source, pk__in=ids)
        comments = (choosable(source) | removed).order_by("number").select_related("right__subject")
        answer = {
            "comments": [
                {
                    "id": comment.pk,
                    "number": comment.number,
                    "name": named(comment),
                    "words": words_of(comment),
                }
                for comment in comments
            ],
            "revisions": [
                {"id": revision.pk, "words": revision_words(revision)}
                for revision in offered_revisions(source.pk)
            ],
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})
