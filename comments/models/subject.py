"""Subjects: the people that posts are about."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blogsite import secret_links
from blogsite.decided import Decided
from comments.models.act import Act
from comments.models.letter import Letter
from comments.models.thread import Thread


class SubjectQuerySet(models.QuerySet):
    def to_stop(self, secret):
        """Return the subject that this secret of a /stop/ address is about, or None."""
        return secret_links.find("stop-all", secret, self)


class Subject(Decided):
    """A person a post is about. The e-mail and the note are the author's, and never shown."""

    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("private e-mail"), blank=True)
    note = models.TextField(_("private note"), blank=True)
    stopped_at = models.DateTimeField(_("wants no letters since"), null=True, editable=False)
    email_erased_at = models.DateTimeField(_("e-mail erased"), null=True, editable=False)
    serial = models.PositiveIntegerField(_("serial of the link"), default=1, editable=False)

    objects = SubjectQuerySet.as_manager()

    DECIDED = ("stopped_at", "email_erased_at", "serial")

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def stop_link(self):
        """The address that ends all letters to them: full, secret."""
        secret = secret_links.derive("stop-all", self.pk, self.serial)
        return settings.SITE_URL + reverse("stop", args=[secret])

    def save(self, *args, **kwargs):
        """Save what the author writes; under another name stands then all that they have said."""
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            row = self.held_with_threads()
            self.take_over(row)
            kwargs["update_fields"] = self.written(kwargs.get("update_fields"))
            super().save(*args, **kwargs)
            self._readdress(row.email)
            if row.name != self.name:
                for right in self.rights.all():
                    right.name_replies(self)

    def note_email(self, email):
        """Let this be their e-mail where none is known, and draft the letters that can go now.

        Nothing but the row is held: whoever calls this may hold the thread of a post.
        """
        from comments.models.courtesy_letter import CourtesyLetter

        with transaction.atomic():
            row = Subject.objects.filter(pk=self.pk, email="")
            if row.update(email=email, email_erased_at=None):
                self.refresh_from_db(fields=["email", "email_erased_at"])
                CourtesyLetter.objects.draft(subject=self)

    def take_email(self, email):
        """Let this be their e-mail: it was confirmed. Nothing else of the row is written."""
        with transaction.atomic():
            former = self.held().email
            self.email, self.email_erased_at = email, None
            super().save(update_fields=["email", "email_erased_at"])
            self._readdress(former)

    def stop_letters(self, by=None):
        """Send them nothing at all any more, as they wish. Harmless twice."""
        with transaction.atomic():
            row = self.held()
            self.stopped_at = row.stopped_at or timezone.now()
            if not row.stopped_at:
                super().save(update_fields=["stopped_at"])
                self.rights.all().drop_letters()
                self._record_wish("stop_all_letters", by)

    def resume_letters(self, by=None):
        """Send them letters again, as they wish; about which posts, they have said. Twice too."""
        from comments.models.courtesy_letter import CourtesyLetter

        with transaction.atomic():
            row = self.held()
            self.stopped_at = None
            if row.stopped_at:
                super().save(update_fields=["stopped_at"])
                CourtesyLetter.objects.filter(right__subject=self).drop_old_news()
                self._record_wish("resume_letters", by)

    def forget_email(self, by=None):
        """Erase the e-mail from all that is kept here: this row, letters to it, and claims."""
        from comments.models.claim import Claim

        with transaction.atomic():
            row = self.held()
            claims = Claim.objects.filter(right__subject=self)
            known = row.email or claims.exclude(email="").exists()
            self.email, self.email_erased_at = "", row.email_erased_at
            if not known:
                return
            self.email_erased_at = timezone.now()
            super().save(update_fields=["email", "email_erased_at"])
            self.rights.all().drop_letters()
            claims.update(email="")  # before letters, as when a claim is erased
            theirs = models.Q(right__subject=self) | models.Q(claim__in=claims)
            letters = Letter.objects.filter(theirs)
            of_them = models.Q(pk__in=letters.to_subjects()) | models.Q(claim__in=claims)
            Letter.objects.filter(of_them).update(to="", fault="")
            if row.email:
                letters.filter(to__iexact=row.email).update(to="", fault="")
            self._record_wish("erase_email", by)

    def held_with_threads(self):
        """Return the row as it is now, held after the threads of the posts about them."""
        for post_id in self.rights.order_by("post").values_list("post", flat=True):
            Thread.lock(post_id)
        return self.held()

    def held(self):
        """Return the row as it is now, held after their rights: whoever writes to them does so."""
        list(self.rights.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        return self.locked()

    def locked(self):
        """Return the row as it is now, held until the transaction ends."""
        return Subject.objects.select_for_update(no_key=True).get(pk=self.pk)

    def _readdress(self, former):
        """Let letters that wait go to the e-mail that is known now; without one, wait unwritten."""
        if self.email == former:
            return
        if not self.email:
            self.rights.all().drop_letters()
            return
        letters = Letter.objects.filter(right__subject=self).to_subjects().waiting()
        letters.update(to=self.email)

    def _record_wish(self, verb, by):
        """Write down an act for each of their posts: each letterbox shows its own."""
        role = None if by else Act.Role.SUBJECT
        for right in self.rights.all() or [None]:
            Act.record(verb, by=by, role=role, right=right, post_id=right and right.post_id)
