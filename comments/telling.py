"""What the letters to a subject say: the author's words, drafted for them, and what stays in all.

The fixed part is no author's to leave out: where the post is, what the subject can do, and how to
get no more letters. Secret links are in none of it; comments/models/letter.py fills them in.
"""

import re

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from comments.models.letter import Letter
from posts.models import Blog

QUOTED = 300
"""Characters of what somebody wrote that a letter about it quotes."""
QUOTATION = re.compile(r"(?m)^>.*(\n|$)")


def subject_line(courtesy):
    """Return the subject line of a CourtesyLetter."""
    title = {"title": courtesy.right.post}
    if courtesy.reprint:
        return _("A post about you was reprinted: %(title)s") % title
    if courtesy.revision:
        return _("A post about you was amended: %(title)s") % title
    return _("A post about you: %(title)s") % title


def words(courtesy, blog=None):
    """Return the author's words in a CourtesyLetter: as changed, or else as drafted."""
    return courtesy.words or drafted(courtesy, blog)


def drafted(courtesy, blog=None):
    """Return the words as we draft them for the author; `blog` is the current one, if known."""
    blog = blog or Blog.current()
    facts = {"blog": blog.name, "title": courtesy.right.post}
    if courtesy.reprint:
        return _(
            "I write the blog %(blog)s. My post “%(title)s”, which is about you or names you, "
            "is shown again: I have reprinted it in a new post, “%(newer)s”."
        ) % {**facts, "newer": courtesy.reprint.post}
    if courtesy.revision:
        return _(
            "I write the blog %(blog)s. I have amended my post “%(title)s”, which is about you "
            "or names you. The note that readers get says:\n\n%(note)s"
        ) % {**facts, "note": "\n".join(courtesy.revision.note.strip().splitlines())}
    return (
        _(
            "I write the blog %(blog)s. My post “%(title)s” is about you, or names you, and I "
            "would like you to hear of it from me."
        )
        % facts
    )


def fixed(courtesy):
    """Return the part of a CourtesyLetter that stays as it is, but for the ways to stop letters."""
    return f"{addresses(courtesy)}\n\n{possible()}"


def addresses(courtesy):
    """Return where the post is, and what the letter is about."""
    post = courtesy.right.post
    when = date_format(timezone.localtime(post.published_at or timezone.now()), "DATE_FORMAT")
    if not post.published_at:  # nobody knows yet when it will be
        when = date_format(post.date, "DATE_FORMAT")
    lines = _("The post, first published on %(date)s:\n%(url)s") % {
        "date": when,
        "url": _full(post.get_absolute_url()),
    }
    if courtesy.reprint:
        newer = _full(courtesy.reprint.post.get_absolute_url())
        lines += "\n\n" + _("The post that reprints it:\n%s") % newer
    if courtesy.revision:
        comparison = _full(f"{post.get_changes_url()}?to={courtesy.revision.number}")
        lines += "\n\n" + _("What it said and what it says, side by side:\n%s") % comparison
    return lines


def possible():
    """Return what a subject can ask for, and where."""
    return _(
        "If you wish to reply, you can do so here, in your own words, as long as you like:\n"
        "%(letterbox)s\n\n"
        "Your reply will stand on the post itself, before the readers’ comments, and wherever "
        "the post is reprinted. There you can also ask for something to be changed: you will "
        "get a decision, with reasons. The link is yours alone; nobody else has it. No account "
        "is needed."
    ) % {"letterbox": Letter.LETTERBOX}


def stops():
    """Return how to get no more letters: the end of every letter to a subject."""
    return _(
        "To get no more letters about this post:\n%(post)s\n\n"
        "To get no letters from this blog at all:\n%(all)s"
    ) % {"post": Letter.STOP_POST, "all": Letter.STOP_ALL}


def greeting(name):
    """Return how a letter to somebody of this `name` begins."""
    return _("Dear %(name)s,") % {"name": Letter.plain(name)}


def signature(blog=None):
    """Return who writes, as it stands below the words; `blog` is the current one, if known."""
    return Letter.plain((blog or Blog.current()).author_name)


def below(courtesy, blog=None):
    """Return all that stands below the author's words in a CourtesyLetter, as the desk shows it."""
    return Letter.plain("\n\n".join([signature(blog), fixed(courtesy), stops()]))


def letter(name, text, more=""):
    """Return a whole letter to a subject: greeting, words, who writes, and what stays in all.

    Links are filled into `more` alone, which nobody has typed.
    """
    parts = [greeting(name), Letter.plain(text), signature(), more]
    return "\n\n".join(part for part in parts if part) + "\n"


def quoted(words):
    """Return the beginning of what somebody wrote, each line marked: none can pass for ours."""
    short = Truncator(words.strip()).chars(QUOTED)
    return "\n".join(f"> {line}".rstrip() for line in short.splitlines())


def without_quotes(body):
    """Return the text of a letter without what it quotes."""
    return QUOTATION.sub("", body)


def printed(courtesy):
    """Return the whole letter for another channel than mail, with the true link in it: secret."""
    right = courtesy.right
    text = letter(right.subject.name, words(courtesy), fixed(courtesy))
    return text.replace(Letter.LETTERBOX, right.letterbox)


def _full(path):
    return settings.SITE_URL + path
