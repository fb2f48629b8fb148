"""The letters to subjects that go with a publication, on the page that asks before it."""

from dataclasses import dataclass, field

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import telling
from comments.models import CourtesyLetter, RightOfReply
from comments.models.courtesy_queryset import RECENT
from posts.models import Blog

SEND, DROP = "send", "drop"


class LetterForm(forms.Form):
    """One letter: what it says, and whether it goes."""

    words = forms.CharField(
        label=_("What you say"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("Empty: the words that were drafted for you."),
    )
    choice = forms.ChoiceField(
        label=_("Does it go?"),
        required=False,
        initial=SEND,
        widget=forms.RadioSelect,
        choices=[(SEND, _("send it")), (DROP, _("do not tell them, because …"))],
    )
    because = forms.CharField(
        label=_("… because"),
        required=False,
        max_length=300,
        help_text=_("Your reason is kept, for you alone."),
    )

    def __init__(self, courtesy, data, blog):
        self.courtesy, self.blog = courtesy, blog
        prefix = courtesy.key.replace(" ", "-")
        initial = {"words": telling.words(courtesy, blog), "choice": SEND}
        if courtesy.dropped_at:
            initial |= {"choice": DROP, "because": courtesy.not_told_because}
        elif courtesy.pk is None and not self.is_rule:
            initial |= {"choice": DROP, "because": courtesy.right.not_told_because}
        # One that has come up since the page was made begins as drafted.
        known = data is not None and f"{prefix}-words" in data
        super().__init__(data if known else None, prefix=prefix, initial=initial)

    @property
    def is_rule(self):
        """Whether they are told as a rule: else the choice begins with the reason why not."""
        return self.courtesy.right.is_to_be_told

    @property
    def greeting(self):
        """How the letter begins."""
        return telling.greeting(self.courtesy.right.subject.name)

    @property
    def below(self):
        """The part of the letter that stays as it is, below the words: the signature first."""
        return telling.below(self.courtesy, self.blog)

    def clean(self):
        data = super().clean()
        if data.get("choice") == DROP and not data.get("because", "x").strip():
            self.add_error("because", _("Say why they are not told."))
        return data

    def keep(self, by):
        """Keep what was typed: the letter goes with the publication, or not at all."""
        data = self.cleaned_data
        if data["choice"] == DROP:
            self.courtesy.go_along(data["words"])  # should the author think better of it
            self.courtesy.drop(data["because"], by=by)
        else:
            self.courtesy.go_along(data["words"])


class UnknownForm(forms.Form):
    """Somebody whose e-mail is not known: why they are not told, if the author says so."""

    because = forms.CharField(
        label=_("They are not told, because"),
        required=False,
        max_length=300,
        help_text=_("If you leave it empty, the desk goes on naming them."),
    )

    def __init__(self, right, data):
        self.right = right
        super().__init__(data, prefix=f"untold-{right.pk}")

    def keep(self, by):
        if self.cleaned_data["because"].strip():
            self.right.do_not_tell(self.cleaned_data["because"], by=by)


@dataclass
class Letters:
    """What goes with a publication: a LetterForm each, and whom no letter can reach."""

    forms: list = field(default_factory=list)
    unknown: list = field(default_factory=list)

    def __bool__(self):
        return bool(self.forms)

    @property
    def courtesies(self):
        return [form.courtesy for form in self.forms]

    def is_valid(self):
        """Say whether all that was typed can be kept."""
        return not any(form.errors for form in (*self.forms, *self.unknown))

    def keep(self, by):
        """Keep what was typed, as far as it is valid."""
        for form in (*self.forms, *self.unknown):
            if form.is_bound and form.is_valid():
                form.keep(by)


def letters(post, user, data=None):
    """Return the Letters that go when `post` becomes public, with what was typed (`data`).

    None for somebody who may not change them: then they go as drafted.
    """
    if not user.has_perm("comments.change_courtesyletter"):
        return Letters()
    found, unknown = coming(post)
    blog = Blog.current()
    return Letters(
        [LetterForm(courtesy, data, blog) for courtesy in found],
        [UnknownForm(right, data) for right in unknown],
    )


def draft(post):
    """Draft the letters that go with the publication of a scheduled post; return the new ones.

    None where the author has to choose first: see LetterForm.is_rule.
    """
    found, _unknown = coming(post)
    return [one.kept() for one in found if one.pk is None and one.right.is_to_be_told]


def coming(post):
    """Return (the CourtesyLetters that can go with the publication, the rights without an e-mail).

    To the subjects of the post, and to those of the posts it reprints: who know of these, and whom
    the author would not have told of them. That was about those posts; of this one it is asked.
    """
    since = timezone.now() - RECENT
    reprints = [
        reprint
        for reprint in post.reprints.filter(suggestion=None).select_related("post", "source")
        if reprint.source.is_published and (not reprint.figure_at or reprint.figure_at >= since)
    ]
    sources = {reprint.source_id: reprint for reprint in reprints}
    rights = RightOfReply.objects.filter(post__in=[post.pk, *sources])
    rights = list(rights.select_related("post", "subject").order_by("pk"))
    rows = CourtesyLetter.objects.filter(right__in=rights, revision=None)
    rows = {(row.right_id, row.reprint_id): row for row in rows.select_related("reprint__post")}
    found, unknown = [], []
    for right in sorted(rights, key=lambda right: right.post_id != post.pk):
        reprint = sources.get(right.post_id)
        told = right.told_at is not None
        if reprint:
            is_to_ask = told or not right.is_to_be_told
        else:
            is_to_ask = right.is_to_be_told and not told
        if right.may_get_letters and is_to_ask:
            row = rows.get((right.pk, reprint and reprint.pk))
            row = row or CourtesyLetter(right=right, reprint=reprint)
            row.right = right
            if row.letter_id is None:
                found.append(row)
        elif not (told or right.subject.email or right.not_told_because or right.is_stopped):
            unknown.append(right)
    return found, unknown
