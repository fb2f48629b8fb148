"""The blog itself: its name, its author, its rules. One row."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from blogsite import emails


class CommentPolicy(models.TextChoices):
    """What happens to a new comment of a reader."""

    OPEN = "open", _("open: every comment is published at once, whatever is in it")
    SCREENED = "screened", _("screened: held only where there is a reason")
    HOLD_FIRST = "hold_first", _("hold first comments: until one of the same person was published")
    HOLD_ALL = "hold_all", _("hold every comment")
    CLOSED = "closed", _("closed: no new comments")


class Blog(models.Model):
    """The one row that says what this blog is called and how it behaves."""

    name = models.CharField(_("name"), max_length=200, default="A new blog")
    tagline = models.CharField(_("tagline"), max_length=300, blank=True)
    author_name = models.CharField(
        _("the author's name"),
        max_length=100,
        default="The author",
        help_text=_("Stands under posts and beside the author's comments; nobody else can use it."),
    )
    author_email = models.EmailField(
        _("the author's e-mail"),
        blank=True,
        help_text=_("Where the blog writes to the author. Never shown."),
    )
    comment_policy = models.CharField(
        _("comments"),
        max_length=20,
        choices=CommentPolicy,
        default=CommentPolicy.SCREENED,
    )
    hold_after = models.PositiveIntegerField(
        _("hold every comment on a post older than"),
        null=True,
        blank=True,
        help_text=_(
            "In days; leave it empty for never. Pages, and posts with a setting of their own, are "
            "left alone."
        ),
    )
    close_after = models.PositiveIntegerField(
        _("no comments on a post older than"),
        null=True,
        blank=True,
        help_text=_(
            "In days; leave it empty for never. Pages, and posts with a setting of their own, are "
            "left alone."
        ),
    )

    most_links = models.PositiveIntegerField(
        _("links that a comment may have"),
        default=2,
        help_text=_(
            "One with more is held, unless comments are open to whatever is in them. Nearly all "
            "spam has a link, and few other comments have: with 0 you read every comment with a "
            "link first, but for those of people you trust."
        ),
    )
    blocked = models.TextField(
        _("words and addresses to read first"),
        blank=True,
        help_text=_(
            "One to a line: a word, several words in a row, or a host such as casino.example. A "
            "comment with one of them is held, unless comments are open to whatever is in them."
        ),
    )
    digest_minutes = models.PositiveIntegerField(
        _("tell me by mail of comments that wait"),
        null=True,
        blank=True,
        default=30,
        help_text=_(
            "At most once every so many minutes; leave it empty for no mail. Needs your e-mail."
        ),
    )
    acknowledge_days = models.PositiveSmallIntegerField(
        _("acknowledge within (days)"),
        default=7,
        help_text=_("What you promise the people your posts are about: that you have read it."),
    )
    decide_days = models.PositiveSmallIntegerField(
        _("decide within (days)"),
        default=21,
        help_text=_("The same, for your decision on what they ask and send."),
    )

    class Meta:
        verbose_name, verbose_name_plural = _("blog"), _("the blog")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_blog")]

    def __str__(self):
        return self.name

    def policy_at_age(self, days):
        """Return what happens to a new comment on a post that is `days` old (a CommentPolicy)."""
        if self.close_after is not None and days > self.close_after:
            return CommentPolicy.CLOSED
        holds = self.comment_policy != CommentPolicy.CLOSED
        if holds and self.hold_after is not None and days > self.hold_after:
            return CommentPolicy.HOLD_ALL
        return self.comment_policy

    def save(self, *args, **kwargs):
        self.pk = 1
        self.author_email = emails.without_unseen(self.author_email)
        super().save(*args, **kwargs)

    @classmethod
    def current(cls):
        """Return the blog; an unsaved one with the default names where nothing was set up yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
