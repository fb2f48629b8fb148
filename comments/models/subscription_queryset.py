"""Which subscriptions: to forget, to ask, to tell of what is published just now."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _now

from blogsite import emails, secret_links
from comments.models.commenter import Commenter
from comments.models.letter import Letter

A_DAY = timedelta(days=1)
MOST_ANSWERS = 10
"""Letters about answers and replies in a day, to one subscription; the last of them says so."""
LAPSES = timedelta(days=30)
"""After this time an address that nobody confirmed is forgotten."""


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self):
        return self.exclude(confirmed_at=None)

    def lapsed(self):
        """Those to forget: confirmed by nobody for long, or of somebody who has no comment left."""
        since = Coalesce("asked_at", "created_at")
        late = Q(confirmed_at=None, since__lt=timezone.now() - LAPSES)
        rows = self.annotate(since=since).filter(late | Q(commenter__comments=None))
        return rows.distinct()

    def to_ask(self):
        """Those that nobody was asked about, though a comment of theirs is there to be answered.

        Too many were asked when it came, or its post was out of view.
        """
        from comments.models.comment import Comment

        # Row by row, as these are few: SQLite would list the commenters of all comments first.
        shown = Comment.objects.published().on_public_posts()
        theirs = Exists(shown.filter(commenter=OuterRef("commenter")))
        return self.filter(theirs, asked_at=None, confirmed_at=None)

    def to_confirm(self, secret):
        """Return the subscription that this secret of a /confirm/ address opens, or None."""
        return secret_links.find("confirm", secret, self)

    def to_stop(self, secret):
        """Return the subscription that this secret of a /stop/ address opens, or None."""
        return secret_links.find("stop", secret, self)

    def leave(self, commenter, email):
        """Note where the commenter wants to hear of answers; return the Subscription.

        The same address again changes nothing. Another one takes its place, and has to be confirmed
        itself. None for a commenter without a comment: there is nothing to answer.
        Raises ValueError for an e-mail that no form takes.
        """
        if not emails.is_plain(email):
            raise ValueError("This is no e-mail that a reader may leave.")
        with transaction.atomic():
            # Held, so that neither an erasure nor a publication overlooks what is left just now.
            holder = Commenter.objects.select_for_update().filter(pk=commenter.pk).first()
            if holder is None or not holder.comments.exists():
                return None
            one = self.select_for_update().filter(commenter=holder).first()
            if one is None:
                one = self.create(commenter=holder, email=email)
            elif emails.normal(one.email) != emails.normal(email):
                one.move(email)
            one.ask_where_they_wrote()
            return one

    def hear_of(self, comment):
        """Write the letters that the publication of `comment` occasions, in its transaction.

        The address that its own writer left is asked now; who wrote what it answers is told, and of
        a subject's word all who commented on the post. A letter is a row: no mail server has a part
        in this.
        """
        concerned = Q()
        if comment.commenter_id:
            # Held: see leave(). Who leaves an address at this moment is asked by one of the two.
            Commenter.objects.select_for_update().filter(pk=comment.commenter_id).first()
            concerned |= Q(commenter=comment.commenter_id)
        if comment.parent_id:
            answered = type(comment).objects.filter(pk=comment.parent_id)
            concerned |= Q(commenter__in=answered.values("commenter"))
        if comment.is_subjects:
            concerned |= Q(pk__in=self.to_hear_of(comment).values("pk"))
        if not concerned:
            return
        answers = comment.parent.commenter_id if comment.is_subjects and comment.parent else None
        others = []
        # Held, so that none is stopped before its letter is written: it would belong to nobody.
        for one in self.filter(concerned).select_for_update().order_by("pk"):
            if one.commenter_id == comment.commenter_id:
                one.ask(comment.post)
            elif comment.is_subjects and one.commenter_id != answers:
                others.append(one)
            else:
                one.tell(comment)
        if others:
            self._tell_all(comment, others)

    def to_hear_of(self, reply):
        """Those who are told of a subject's word on a post because they commented on it."""
        comments = type(reply).objects.published().filter(post=reply.post_id)
        # A list, not a question for each: SQLite would go through the post's comments every time.
        theirs = comments.filter(commenter__isnull=False).values("commenter")
        return self.filter(commenter__in=theirs, confirmed_at__lte=reply.published_at)

    def _tell_all(self, reply, subscriptions):
        """Write the letters about a subject's word to these subscriptions, which are held.

        There may be very many: the rows are all that is written now, and the worker's tick sends
        them. Otherwise as in Subscription.tell().
        """
        now = timezone.now()
        key = f"{Letter.ABOUT_REPLY}{reply.pk} "
        theirs = Letter.objects.filter(subscription__in=self.to_hear_of(reply).values("pk"))
        # Those that were put off, because the reply was out of sight, need wait no longer.
        put_off = theirs.filter(key__startswith=key, state=Letter.State.WAITING, tries=0)
        put_off.update(next_try_at=now)
        today = theirs.about_answers().filter(written_at__gte=now - A_DAY).order_by()
        written = dict(today.values_list("subscription").annotate(count=Count("pk")))
        title = _now("A person whom “%s” is about has replied") % reply.post
        letters = []
        for one in subscriptions:
            number = written.get(one.pk, 0) + 1
            if number <= MOST_ANSWERS:
                body = one.body_about(Letter.ANSWER, number)
                about = {"post": reply.post, "subscription": one}
                letters.append(Letter.of(f"{key}{one.pk}", one.email, title, body, **about))
        Letter.objects.bulk_create(letters, ignore_conflicts=True)

    def end_without_comments(self, commenter_id):
        """End the subscription of a commenter of whom nothing is left; called by an erasure."""
        holder = Commenter.objects.select_for_update().filter(pk=commenter_id).first()
        if holder and not holder.comments.exists():
            for one in self.filter(commenter=holder):
                one.stop()
