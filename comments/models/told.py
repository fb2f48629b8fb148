"""What a subject is told of a post: by letter, otherwise, or not, for a reason of somebody's."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now

from blogsite import secret_links
from blogsite.decided import Decided
from comments import telling
from comments.models.act import Act
from comments.models.letter import Letter
from comments.models.letter_queryset import HEARD


class Told(Decided):
    """A right of reply, as far as telling goes."""

    class Meta:
        abstract = True

    @property
    def is_stopped(self):
        """Whether its subject wants no letters, about this post or at all."""
        return bool(self.stopped_at or self.subject.stopped_at)

    @property
    def may_be_told(self):
        """Whether nothing is against telling its subject, once the post is public."""
        return self.may_get_letters and self.is_to_be_told

    @property
    def may_get_letters(self):
        """Whether a letter can reach its subject, who wants letters."""
        return bool(self.subject.email and not self.is_stopped)

    @property
    def is_to_be_told(self):
        """Whether the author would have its subject told, as a rule: there is no reason why not."""
        return self.tell and not self.not_told_because

    @property
    def is_tellable(self):
        return self.post.is_published and self.may_be_told

    @property
    def is_to_tell(self):
        return self.is_tellable and self.told_at is None

    @property
    def stop_link(self):
        """The address that ends letters about this post: full, secret."""
        secret = secret_links.derive("stop-post", self.pk, self.stop_serial)
        return settings.SITE_URL + reverse("stop", args=[secret])

    def note_told(self, at=None):
        """Note when the subject was first told; on a row that is held."""
        if self.told_at is None:
            self.told_at = at or timezone.now()
            super().save(update_fields=["told_at"])

    def note_untold(self, courtesy):
        """Note that a CourtesyLetter did not go after all: if it was of the post, nobody is told.

        The row is held from now on.
        """
        self.told_at = self.locked().told_at
        if courtesy.is_of_post and not self.acts.filter(verb__in=HEARD).exists():
            self.told_at = None
            super().save(update_fields=["told_at"])

    def tell_from_now(self, at=None):
        """Note that the subject knows of the post since `at`, and is told of what happens to it.

        On a row that is held. What was a reason not to tell them is none any more.
        """
        self.note_told(at)
        self.tell, self.not_told_because = True, ""
        super().save(update_fields=["tell", "not_told_because"])

    def do_not_tell(self, reason, by=None):
        """Send no letter about the post, for a `reason`; ValueError without one."""
        reason = reason.strip()
        if not reason:
            raise ValueError(_now("Say why they are not told."))
        with transaction.atomic():
            row = self.locked()
            self.not_told_because = reason
            drafts = self.courtesy_letters.open()
            drafts.update(dropped_at=timezone.now(), not_told_because=reason)
            if row.not_told_because != reason:
                super().save(update_fields=["not_told_because"])
                Act.record("not_told", by=by, right=self, post=row.post)

    def told_otherwise(self, how, at=None, by=None):
        """Note that the author has told them by other means (`how`), at the moment `at`.

        ValueError without `how`. The same twice is noted once. A letter that reached nobody has
        not told them before.
        """
        how = how.strip()
        if not how:
            raise ValueError(_now("Say how they were told."))
        with transaction.atomic():
            row = self.locked()
            first = row.courtesy_letters.of_posts()
            if first.filter(letter__in=Letter.objects.unread()).exists():
                row.told_at = None
            row.tell_from_now(at)
            first.open().update(dropped_at=timezone.now())
            self.told_at, self.tell, self.not_told_because = row.told_at, True, ""
            if not self.acts.filter(verb="tell_otherwise", note=how).exists():
                Act.record("tell_otherwise", by=by, right=self, post=row.post, note=how)

    def stop_letters(self, by=None):
        """Send nothing more about this post, as the subject wishes. Harmless twice."""
        with transaction.atomic():
            row = self.locked()
            self.stopped_at = row.stopped_at
            if row.stopped_at:
                return
            self.stopped_at = timezone.now()
            super().save(update_fields=["stopped_at"])
            type(self).objects.filter(pk=self.pk).drop_letters()
            self._record_wish("stop_letters", by)

    def resume_letters(self, by=None):
        """Send letters about this post again, as the subject wishes. Harmless twice."""
        with transaction.atomic():
            row = self.locked()
            self.stopped_at = None
            if row.stopped_at:
                super().save(update_fields=["stopped_at"])
                self.courtesy_letters.drop_old_news()
                self._record_wish("resume_letters", by)

    def _record_wish(self, verb, by):
        role = None if by else Act.Role.SUBJECT
        Act.record(verb, by=by, role=role, right=self, post=self.post)

    def locked(self):
        """Return the row as it is now, held until the transaction ends."""
        rows = type(self).objects.select_related("post", "subject")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=self.pk)

    def write_back(self, key, subject_line, text):
        """Put a letter in the post about what the subject sent; it ends with their letterbox."""
        more = _now(
            "Everything you sent, and what became of it, is in your letterbox, where you can also "
            "write again:\n%s"
        )
        self.write(key, subject_line, text, more % Letter.LETTERBOX)

    def write(self, key, subject_line, text, more="", to="", **about):
        """Put a letter to the subject in the post, with the ways to get no more of them.

        `more` stands after the author's name, and is ours: links are filled in there alone. `to`
        is another e-mail than the one that is known of them. None, where no e-mail is known or no
        letters are wanted.
        """
        with transaction.atomic():
            row = self.locked()
            subject = row.subject.locked()
            to = to or subject.email
            if row.stopped_at or subject.stopped_at or not to:
                return None
            more = "\n\n".join(part for part in (more, telling.stops()) if part)
            return Letter.objects.write(
                key=key,
                to=to,
                subject=subject_line,
                body=telling.letter(subject.name, text, more),
                post=row.post,
                right=row,
                **about,
            )
