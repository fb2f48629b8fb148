"""The one table that search reads: a row for each post and each comment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchDocumentQuerySet(models.QuerySet):
    def put(self, documents):
        """Store the unsaved `documents`, each in the place of the one its row had."""
        self.bulk_create(
            documents,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["kind", "row"],
            update_fields=["post", "number", "name", "title", "text", "at", "public"],
        )

    def drop(self, kind, rows):
        """Forget the documents of the rows with these ids."""
        self.filter(kind=kind, row__in=rows).delete()


class SearchDocument(models.Model):
    """The words of one post or comment, as plain text. Whoever saves the thing puts it here.

    `row` is the id of the post or comment. `public` documents are what readers find; the rest
    is for the desk. Each database keeps an index of its own beside this table (made by a
    migration; see posts/search.py).
    """

    class Kind(models.TextChoices):
        POST = "post", _("post")
        COMMENT = "comment", _("comment")

    kind = models.CharField(max_length=10, choices=Kind)
    row = models.BigIntegerField()
    post = models.ForeignKey("posts.Post", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(null=True)
    name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    public = models.BooleanField(default=False)

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="document_once")]

    def __str__(self):
        return f"{self.kind} {self.row}"
