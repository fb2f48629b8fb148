"""Threads, which number the comments of a post."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Thread(models.Model):
    """The numbering of a post's comments: the last number given. A number is never given twice.

    A row of its own, because the post's row is saved whole by other people at other times.
    """

    post = models.OneToOneField("posts.Post", models.CASCADE, primary_key=True)
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self):
        return f"{self.post_id}: {self.last_number}"

    @classmethod
    def lock(cls, post_id):
        """Return the thread of the post, held by this transaction until it ends."""
        cls.objects.get_or_create(post_id=post_id)
        return cls.objects.select_for_update().get(post_id=post_id)

    def next_number(self):
        """Return the next number, which is thereby given. Only on a locked thread."""
        self.last_number += 1
        self.save(update_fields=["last_number"])
        return self.last_number
