"""What the letters about a claim say: each is (subject line, text), with links put in when sent.

They go to whoever made it, but for the two that go to the author. None repeats what a stranger
typed: an address is asked before anybody knows whose it is. The one with the letterbox link is a
letter to a subject, who has then got stop links and a name: see comments/telling.py.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comments import telling
from comments.models.letter import Letter
from posts.models import Blog


def to_confirm(claim):
    """The letter that asks whether the address is right."""
    return _letter(
        claim,
        _("Is “%(title)s” about you?"),
        _(
            "somebody said on the blog %(blog)s that %(about)s is about them, and left this "
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
    words = _("%(author)s has read what you said about %(about)s, and will answer soon.")
    if promise.decide_by >= promise.today:
        words = _("%(author)s has read what you said about %(about)s, and will answer by %(date)s.")
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
            "you said that %(about)s is about you. %(author)s asks:\n\n%(words)s\n\n"
            "Please answer on this page; nobody but %(author)s reads it:\n%(link)s"
        ),
        words=claim.question,
    )


def accepted(claim):
    """The letter with the letterbox link: (subject line, text, what stands below the name)."""
    facts = _facts(claim, Blog.current())
    text = _("You said that %(about)s is about you, and I agree.") % facts
    return _("Your letterbox for “%(title)s”") % facts, text, telling.possible()


def declined(claim):
    """The letter that says why not."""
    return _letter(
        claim,
        _("What you said about “%(title)s”"),
        _(
            "you said that %(about)s is about you. %(author)s has declined that, for these "
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
            "Somebody says that %(about)s is about them, and has confirmed their address. You "
            "have promised an answer by %(date)s. What they say is at your desk:\n%(desk)s\n"
        ),
    )


def answered(claim):
    """The letter to the author: the question was answered."""
    return _to_author(
        claim,
        _("An answer to your question about “%(title)s”"),
        _(
            "Who said that %(about)s is about them has answered your question. You have promised "
            "a decision by %(date)s, at your desk:\n%(desk)s\n"
        ),
    )


def _letter(claim, subject, text, **more):
    blog = Blog.current()
    facts = _facts(claim, blog) | {name: Letter.plain(words) for name, words in more.items()}
    body = text % {**facts, "link": Letter.CLAIM}
    return subject % facts, _("Hello,") + f"\n\n{body}\n\n{facts['blog']}\n"


def _to_author(claim, subject, text):
    facts = {
        **_facts(claim, Blog.current()),
        "date": date_format(claim.promise(Blog.current()).decide_by),
        "desk": settings.SITE_URL + reverse("admin:comments_claim_change", args=[claim.pk]),
    }
    return subject % facts, text % facts


def _facts(claim, blog):
    """Return what the letters name: the post, what of it the claim is about, and who writes."""
    title = Letter.plain(claim.post)
    about = _("“%(title)s”") % {"title": title}
    if claim.comment and claim.comment.number:
        number = {"number": claim.comment.number, "title": title}
        about = _("comment %(number)s under “%(title)s”") % number
    author = Letter.plain(blog.author_name)
    return {"title": title, "about": about, "blog": Letter.plain(blog.name), "author": author}
