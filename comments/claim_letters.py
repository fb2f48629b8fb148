"""What the letters about a claim say: each is (subject line, text), with links put in when sent.

They go to whoever made it, but for the two that go to the author. None repeats what a stranger
typed: an address is asked before anybody knows whose it is.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comments.models.letter import Letter
from posts.models import Blog


def to_confirm(claim):
    """The letter that asks whether the address is right."""
    return _letter(
        claim,
        _("Is “%(title)s” about you?"),
        _(
            "somebody said on the blog %(blog)s that “%(title)s” is about them, and left this "
            "address.\n\n"
            "If it was you, open this page and press the button there:\n%(link)s\n\n"
            "Then the author looks at it. Keep the link: it leads to a page of your own, on which "
            "you see what becomes of it.\n\n"
            "If it was not you, do nothing: nobody learns of it, nothing more is sent because of "
            "it, and the address is forgotten after a month."
        ),
    )


def acknowledged(claim):
    """The letter that says that the author has read it."""
    promise = claim.promise(Blog.current())
    words = _("%(author)s has read what you said about “%(title)s”, and will answer soon.")
    if promise.decide_by >= promise.today:
        words = _(
            "%(author)s has read what you said about “%(title)s”, and will answer by %(date)s."
        )
    return _letter(
        claim,
        _("What you said about “%(title)s” has been read"),
        words + "\n\n" + _("You see how it stands on this page:\n%(link)s"),
        date=date_format(promise.decide_by),
    )


def asked(claim):
    """The letter that hands on the author's question."""
    return _letter(
        claim,
        _("A question about “%(title)s”"),
        _(
            "you said that “%(title)s” is about you. %(author)s asks:\n\n%(words)s\n\n"
            "Please answer on this page; nobody but %(author)s reads it:\n%(link)s"
        ),
        words=claim.question,
    )


def accepted(claim):
    """The letter with the letterbox link."""
    return _letter(
        claim,
        _("Your letterbox for “%(title)s”"),
        _(
            "you said that “%(title)s” is about you, and %(author)s agrees.\n\n"
            "You can reply here, in your own words, for as long as you like. Your reply will stand "
            "on the post itself, before the readers’ comments:\n%(letterbox)s\n\n"
            "There you can also ask for something to be changed. The link is yours alone; nobody "
            "else has it. No account is needed."
        ),
    )


def declined(claim):
    """The letter that says why not."""
    return _letter(
        claim,
        _("What you said about “%(title)s”"),
        _(
            "you said that “%(title)s” is about you. %(author)s has declined that, for these "
            "reasons:\n\n%(words)s\n\n"
            "If there is more to say, you can come again from the post. What was said until now "
            "stands here:\n%(link)s"
        ),
        words=claim.reasons,
    )


def claimed(claim):
    """The letter to the author: there is a claim to look at."""
    return _to_author(
        claim,
        _("Somebody says that a post is about them: %(title)s"),
        _(
            "Somebody says that “%(title)s” is about them, and has confirmed their address. You "
            "have promised an answer by %(date)s. What they say is at your desk:\n%(desk)s\n"
        ),
    )


def answered(claim):
    """The letter to the author: the question was answered."""
    return _to_author(
        claim,
        _("An answer to your question about “%(title)s”"),
        _(
            "Who said that “%(title)s” is about them has answered your question. You have promised "
            "a decision by %(date)s, at your desk:\n%(desk)s\n"
        ),
    )


def _letter(claim, subject, text, **more):
    blog = Blog.current()
    facts = {
        "title": claim.post,
        "blog": blog.name,
        "author": blog.author_name,
        "link": Letter.CLAIM,
        "letterbox": Letter.LETTERBOX,
        **more,
    }
    return subject % facts, _("Hello,") + f"\n\n{text % facts}\n\n{blog.name}\n"


def _to_author(claim, subject, text):
    facts = {
        "title": claim.post,
        "date": date_format(claim.promise(Blog.current()).decide_by),
        "desk": settings.SITE_URL + reverse("admin:comments_claim_change", args=[claim.pk]),
    }
    return subject % facts, text % facts
