"""Who somebody is: a person the post names already, one known from elsewhere, or a new one."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from comments import names
from comments.models import RightOfReply, Subject

KNOWN, NEW, RIGHT = "known", "new", "right:"
NAMED = ("shown_name", "unnamed", "part")
PERSON_FIELDS = ["who", "known", "name", *NAMED]


class PersonForm(forms.Form):
    """Fields by which the author says who somebody is, and how a post shall name them.

    A form that has them calls `offer()` when it is made and `check_person()` when it is sent; then
    `person` is the Subject (an unsaved one where it is new), and `named` how a new right names it.
    """

    who = forms.ChoiceField(label=_("Who it is"), widget=forms.RadioSelect, required=False)
    known = forms.ModelChoiceField(
        label=_("Somebody known already"), queryset=Subject.objects.all(), required=False
    )
    name = forms.CharField(
        label=_("Name of a new person"), max_length=100, required=False, strip=True
    )
    shown_name = forms.CharField(
        label=_("Name as readers see it"),
        max_length=100,
        required=False,
        help_text=_("On this post. Empty: the person’s name."),
    )
    unnamed = forms.BooleanField(
        label=_("Not named here"),
        required=False,
        help_text=_("Readers see “A person not named here” instead of a name."),
    )
    part = forms.CharField(
        label=_("What they are in this post"),
        max_length=200,
        required=False,
        help_text=_("Not shown."),
    )

    person = None

    def offer(self, post, name=""):
        """Offer the people that `post` names, everybody known, and a new one called `name`."""
        self.rights = {
            f"{RIGHT}{right.pk}": right for right in post.rights.select_related("subject")
        }
        self.fields["who"].choices = [
            *((key, _words(right)) for key, right in self.rights.items()),
            (KNOWN, _("Somebody known from elsewhere, chosen below")),
            (NEW, _("A new person, named below")),
        ]
        of_right = RightOfReply._meta.get_field("subject")
        self.fields["known"].widget = AutocompleteSelect(of_right, admin.site)
        self.fields["known"].widget.choices = self.fields["known"].choices
        self.initial.setdefault("name", name)

    def likely(self, name):
        """Return the choice of `who` that is likely for somebody called `name`: "" for none.

        The one of the post's people whose name looks like it; somebody new, where it names nobody.
        """
        if not self.rights:
            return NEW
        sought = names.skeleton(name)
        alike = [
            key
            for key, right in self.rights.items()
            if sought and sought in map(names.skeleton, (right.subject.name, right.shown_name))
        ]
        return alike[0] if len(alike) == 1 else ""

    def check_person(self, data):
        """Find out who is meant; what stands in the way is an error of its field."""
        who = data.get("who")
        right = self.rights.get(who)
        if who == KNOWN and data.get("known"):
            same = (one for one in self.rights.values() if one.subject_id == data["known"].pk)
            right = next(same, None)
            self.person = data["known"]
        elif who == KNOWN:
            self.add_error("known", _("Choose the person."))
        elif who == NEW and not data.get("name"):
            self.add_error("name", _("Write down a name; readers need not see it."))
        elif who == NEW:
            self.person = Subject(name=data["name"])
        elif not right:
            self.add_error("who", _("Say who it is."))
        self.named = {name: data.get(name) for name in NAMED}
        if right:
            self.person = right.subject
            if any(self.named.values()):
                words = _("The post names this person already: change that on its own page.")
                self.add_error("who", words)


def _words(right):
    """Return how a right of the post is offered."""
    words = f"{right.subject} – {right.part}" if right.part else str(right.subject)
    return _("%s, whom this post names already") % words
