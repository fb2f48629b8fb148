"""What letters to commenters say when they are sent: of an answer, of a reply, or asking.

A letter's row holds no words or name of an answer or reply, and no secret link: they are filled in
when it is sent, from what is there then. So nothing stays behind of what is erased.
"""

import re

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from blogsite import html
from comments.models import Act, Comment, Letter, Subscription
from comments.models.letter import NotNow
from posts.models import Blog

LONGEST = 600
"""Characters of an answer in a letter; its place on the post shows all of it."""
LINE_ENDS = re.compile(r"<br\b[^>]*>|</(?:p|div|li|h\d|blockquote|pre)>")
Role = Act.Role
MARKS = re.compile('[“”„‟"]')
MOST_OF_A_NAME = 40
"""Characters of a name in a letter: it is no place for a sentence."""


def filled(letter):
    """Return (text, headers) of a subscription's letter as it is now; None: it is never to go.

    That is so when the address is not theirs any more, the answer or what it answers is erased, or
    nothing is shown that was written by whoever left the address. Raises NotNow where an answer or
    its post is out of sight for the moment, or for good: nobody can tell.
    """
    mine = Subscription.objects.select_related("commenter")
    subscription = mine.filter(pk=letter.subscription_id, email=letter.to).first()
    if subscription is None:
        return None
    write = _asking
    if letter.is_about_answer:
        write = _about_answer
    elif letter.is_about_reply:
        write = _about_reply
    body = write(letter, subscription)
    return body and (body, _headers(subscription))


def _headers(subscription):
    """Return what tells a mail program that nobody sits here, and how to stop it (RFC 8058)."""
    return {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{subscription.stop_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _asking(letter, subscription):
    # Locked: a comment that is published at this moment is either seen here, or sees that nobody
    # was asked, and asks.
    with subscription.locked() as row:
        if row is None:
            return None
        if not row.commenter.comments.published().on_public_posts().exists():
            # It was spam, say, and the author was quick. The next publication may ask again.
            row.asked_at = None
            row.save(update_fields=["asked_at"])
            Letter.objects.filter(pk=letter.pk).delete()
            return None
    return letter.body.replace(letter.CONFIRM, subscription.confirm_link)


def _about_answer(letter, subscription):
    answers = Comment.objects.select_related("post", "parent")
    answer = answers.filter(pk=letter.answer_id, parent__commenter=subscription.commenter).first()
    if answer is None or answer.is_erased or not subscription.is_confirmed:
        return None
    if not (answer.is_published and answer.post.is_published):
        raise NotNow
    facts = _facts(answer, subscription) | {"number": answer.parent.number}
    head = _("%(name)s has answered your comment %(number)s on “%(title)s”:") % facts
    foot = (
        _(
            "The answer in its place:\n%(place)s\n\n"
            "All that you wrote, where you can answer back (the link is yours alone):\n"
            "%(yours)s\n\n"
            "You get this because you wrote comment %(number)s on “%(title)s”, and left this "
            "address to hear of answers. To get no more of these letters:\n%(stop)s\n\n"
            "%(blog)s"
        )
        % facts
    )
    body = letter.body.replace(letter.ANSWER, f"{head}\n\n{_quoted(answer)}")
    return f"{body.rstrip()}\n\n{foot}\n"


def _about_reply(letter, subscription):
    replies = Comment.objects.select_related("post", "right__subject")
    reply = replies.filter(pk=letter.reply_id, voice=Comment.Voice.SUBJECT).first()
    gone = reply is None or reply.is_erased or reply.removed_by in (Role.SUBJECT, Role.WRITER)
    if gone or not subscription.is_confirmed:
        return None
    comments = subscription.commenter.comments.published().filter(post=reply.post)
    mine = comments.order_by("number").first()
    if mine is None:
        return None
    if not (reply.is_published and reply.post.is_published):
        raise NotNow
    facts = _facts(reply, subscription) | {"name": reply.right.name, "number": mine.number}
    head = _("%(name)s, whom the post is about, has replied on “%(title)s”:") % facts
    foot = (
        _(
            "The reply in its place:\n%(place)s\n\n"
            "All that you wrote (the link is yours alone):\n%(yours)s\n\n"
            "You get this because you wrote comment %(number)s on “%(title)s”, and left this "
            "address to hear of answers. To get no more of these letters:\n%(stop)s\n\n"
            "%(blog)s"
        )
        % facts
    )
    body = letter.body.replace(letter.ANSWER, f"{head}\n\n{_quoted(reply)}")
    return f"{body.rstrip()}\n\n{foot}\n"


def _facts(comment, subscription):
    """Return what every letter names: the comment it is about, where it stands, and the ways."""
    return {
        "name": _name(comment),
        "title": comment.post,
        "place": settings.SITE_URL + comment.get_absolute_url(),
        "yours": subscription.commenter.return_link,
        "stop": subscription.stop_link,
        "blog": Blog.current().name,
    }


def _name(answer):
    """Return who answers; a reader's name is quoted, so that it can't go on in our words."""
    if answer.is_authors:
        return _("%s (the author)") % answer.display_name
    if answer.is_subjects:
        return _("%s (whom the post is about)") % answer.display_name
    name = Truncator(answer.display_name).chars(MOST_OF_A_NAME)
    return f"“{MARKS.sub('’', name)}”"


def _quoted(answer):
    """Return the words, each line marked as a quotation: none can pass for ours."""
    lines = [html.to_text(line) for line in LINE_ENDS.split(answer.shown)]
    words = "\n\n".join(line for line in lines if line)
    return "\n".join(f"> {line}".rstrip() for line in Truncator(words).chars(LONGEST).split("\n"))
