"""Which suggestions, and what becomes of what a search finds."""

from django.db import models, transaction

from posts.models import Post, Reprint

NEW, WAITING, DECIDED = "new", "waiting", "decided"


class SuggestionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=self.model.State.OPEN)

    def put(self, found, write=True):
        """Say what a search's Found is: NEW, WAITING or DECIDED; store it unless not to `write`.

        DECIDED is a pair that was dismissed, accepted, is a reprint already, or is not public any
        more: it is left alone.
        """
        with transaction.atomic():
            # Held, so that neither post is deleted or decided upon meanwhile.
            pks = sorted((found.post.pk, found.source.pk))
            public = Post.objects.select_for_update(no_key=True).order_by("pk").published()
            if len(public.filter(pk__in=pks).values_list("pk")) < 2:
                return DECIDED
            known = self.filter(post=found.post, source=found.source).first()
            reprinted = Reprint.objects.filter(post=found.post, source=found.source).exists()
            if reprinted or (known and not known.is_open):
                return DECIDED
            if write:
                values = {
                    "share": found.evidence.percent,
                    "comment_count": len(found.evidence.comments),
                    "standing": found.standing,
                }
                # The place stays: those in one post are put in order by it, also when some are cut.
                place = {"place": found.evidence.match.place}
                self.update_or_create(
                    post=found.post,
                    source=found.source,
                    defaults=values,
                    create_defaults=values | place,
                )
            return WAITING if known else NEW

    def drop_all_but(self, found):
        """Delete those that wait for a decision and are not `found` any more; return how many.

        `found` are the pairs (id of the newer post, id of the older one) of a search that ended.
        """
        gone = [
            pk
            for pk, *pair in self.open().values_list("pk", "post", "source")
            if tuple(pair) not in found
        ]
        return self.open().filter(pk__in=gone).delete()[0]
