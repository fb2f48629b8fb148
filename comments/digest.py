"""The author's mail about comments that wait: a list now and then, each with a link to decide it.

The letter's row holds neither words of comments nor links: they are filled in when it is sent, from
the comments as they are then. So nothing stays behind of what is erased.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Comment, Letter
from posts.models import Blog

KEY = "held "
MOST = 20
"""Comments in one letter; the others are counted."""
LONGEST = 600
"""Characters of a comment in the letter; the link shows all of it."""
PLACE = re.compile(r"\[held (\d+)\]")


def write():
    """Put a letter in the post about comments of which the author has not been told, if it is time.

    At most one in the minutes that the blog says; harmless when two workers do it at once.
    """
    blog = Blog.current()
    if not (blog.author_email and blog.digest_minutes):
        return
    waiting = Comment.objects.held().filter(voice=Comment.Voice.READER, told_at=None)
    if not waiting.exists():
        return
    last = Letter.objects.filter(key__startswith=KEY).order_by("-written_at").first()
    now = timezone.now()
    if last and now - last.written_at < timedelta(minutes=blog.digest_minutes):
        return
    with transaction.atomic():
        ids = list(waiting.oldest_first().values_list("pk", flat=True))
        if not ids:
            return
        # Of those that are alike, one is enough here.
        alone = waiting.filter(flood=None) | waiting.one_of_each_flood()
        shown = list(alone.oldest_first()[:MOST])
        subject = ngettext("%s comment waits for you", "%s comments wait for you", len(ids))
        lines = [f"[held {one.pk}]" for one in shown]
        if len(ids) > len(shown):
            lines.append(_("And %s more.") % (len(ids) - len(shown)))
        desk = settings.SITE_URL + reverse("admin:comments_comment_changelist")
        lines.append(_("All of them at your desk: %s") % desk)
        Letter.objects.write(
            f"{KEY}{max(ids)}", blog.author_email, subject % len(ids), "\n\n".join(lines) + "\n"
        )
        Comment.objects.filter(pk__in=ids).update(told_at=now)


def filled(body):
    """Return the text of a letter with each comment in its place, as it is now."""
    ids = [int(pk) for pk in PLACE.findall(body)]
    held = Comment.objects.held().select_related("post").in_bulk(ids)
    return PLACE.sub(lambda found: _told(held.get(int(found[1]))), body)


def _told(comment):
    if comment is None:
        return _("(One was decided meanwhile.)")
    head = _("%(name)s on “%(post)s”") % {"name": comment.display_name, "post": comment.post}
    reasons = "; ".join(str(reason) for reason in comment.hold_reasons)
    words = Truncator(comment.typed).chars(LONGEST)
    quoted = "\n".join(f"> {line}" for line in words.splitlines())
    return f"{head} ({reasons})\n{quoted}\n{_('Decide:')} {comment.decision_link}"
