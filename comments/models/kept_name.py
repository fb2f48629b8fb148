"""Names that commenters keep for themselves."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments import names
from comments.models.comment import Comment
from comments.models.commenter import Commenter

LONGEST_SKELETON = 4 * names.LONGEST
MOST = 3
"""Names that one commenter may keep."""
TAKEN = _("This name, or one that looks like it, belongs to somebody else here.")


class KeptNameQuerySet(models.QuerySet):
    def keep(self, commenter, name, taken=()):
        """Keep a name for its commenter; return the KeptName, the same one where it is kept.

        `taken` are skeletons that belong to others besides. ValidationError, in words for the
        commenter, where the name can't be theirs: nobody takes a name under which others have
        written.
        """
        name = names.tidy(name)
        skeleton = names.skeleton(name)
        if not skeleton or skeleton == names.skeleton(_now("Anonymous")):
            raise ValidationError(_now("This can’t be kept: a name needs a letter or a digit."))
        kept = self.filter(skeleton=skeleton).first()
        if kept and kept.commenter_id == commenter.pk:
            return kept
        if len(skeleton) > LONGEST_SKELETON:  # one sign can stand for a whole sentence
            raise ValidationError(_now("This name is too long to keep."))
        if kept or skeleton in taken:
            raise ValidationError(TAKEN)
        if self.filter(commenter=commenter).count() >= MOST:
            raise ValidationError(_now("You keep %s names already.") % MOST)
        if skeleton in self._used_by_others(commenter):
            raise ValidationError(
                _now("Somebody else has written here under this name, or one that looks like it.")
            )
        try:
            with transaction.atomic():
                return self.create(commenter=commenter, name=name, skeleton=skeleton)
        except IntegrityError as error:  # somebody was quicker
            raise ValidationError(TAKEN) from error

    def _used_by_others(self, commenter):
        rows = Comment.objects.in_thread().exclude(name="").order_by()
        others = rows.exclude(commenter=commenter) | rows.filter(commenter=None)
        return {names.skeleton(name) for name in others.values_list("name", flat=True).distinct()}

    def skeletons(self, besides=None):
        """Return the skeletons of all kept names, a set; those of the commenter `besides` not."""
        rows = self.exclude(commenter=besides) if besides else self
        return set(rows.values_list("skeleton", flat=True))


class KeptName(models.Model):
    """A name that nobody but its commenter may sign with, nor one that looks like it."""

    commenter = models.ForeignKey(
        Commenter, models.CASCADE, related_name="kept_names", verbose_name=_("commenter")
    )
    name = models.CharField(_("name"), max_length=names.LONGEST)
    skeleton = models.CharField(_("skeleton"), max_length=LONGEST_SKELETON, unique=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects = KeptNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept name")
        verbose_name_plural = _("kept names")
        ordering = ["since", "pk"]

    def __str__(self):
        return self.name
