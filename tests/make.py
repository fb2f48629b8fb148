"""Plain builders for tests: each makes one thing, by the models' own verbs, with words of our own.

`make.post()`, `make.comment(post)` and the like; what a test is about it says itself, the rest
comes from here.
"""

from itertools import count

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from comments.models import (
    ChosenComment,
    Comment,
    Commenter,
    CourtesyLetter,
    Reason,
    RightOfReply,
    Subject,
    Subscription,
    Thread,
)
from posts.models import Blog, Label, Post, Reprint, SearchDocument, ViewDay

NOW = object()  # when a post is published unless a test says otherwise
PASSWORD = "tide tables by heart"  # make.author() signs in with it
_numbers = count(1)


def blog(**values):
    """Save the blog: "The Tide Table" by Ines Harker, with an e-mail, and what `values` change."""
    values = {
        "name": "The Tide Table",
        "tagline": "Notes of a harbour pilot",
        "author_name": "Ines Harker",
        "author_email": "ines@tidetable.example",
        **values,
    }
    saved = Blog(**values)
    saved.save()
    return saved


def author(username="ines", **values):
    """Return a user who can sign in at the desk, with `PASSWORD`."""
    return get_user_model().objects.create_superuser(username, password=PASSWORD, **values)


def post(title=None, text=None, *, published=NOW, scheduled=None, labels=(), **values):
    """Return a new post, published now; `published` may be another moment, or None for a draft.

    `scheduled` is the moment for a scheduled post. `labels` are names.
    """
    number = next(_numbers)
    title = f"Fog signals, part {number}" if title is None else title
    text = f"<p>The {number} o’clock boat was late again.</p>" if text is None else text
    made = Post.objects.create(title=title, text=text, **values)
    made.labels.set([Label.objects.named(name) for name in labels])
    if scheduled:
        made.schedule(scheduled)
    elif published:
        made.publish(at=timezone.now() if published is NOW else published)
    return made


def comment(on, text=None, name="", *, parent=None, state="published", at=None, **values):
    """Return a new comment under the post `on`, in one of the four states, written `at` a moment.

    A removed comment, or spam, was published before, and leaves a tombstone. `voice` and `right`
    may be among `values`; a reader has a commenter of their own unless one is given.
    """
    text = f"I heard it too, {next(_numbers)} times." if text is None else text
    at = at or timezone.now()
    if values.get("voice", Comment.Voice.READER) == Comment.Voice.READER:
        values["commenter"] = values.get("commenter") or Commenter.objects.create()
    made = Comment(post=on, typed=text, name=name, parent=parent, written_at=at, **values)
    made.save()
    if state != Comment.State.HELD:
        made.publish(at=at, quietly=True)
    if state == Comment.State.REMOVED:
        made.remove(reason=Reason.OFF_TOPIC)
    elif state == Comment.State.SPAM:
        made.mark_spam()
    return made


def crowd(on, size, answers, voice=lambda number: "reader"):
    """Let `size` comments stand under the post `on`; `answers(n)` is what number n answers, or 0.

    Made all at once: each says “Sounding 7.”, and readers' are of one commenter. `voice(n)` is the
    voice of number n, reader or author.
    """
    commenter = Commenter.objects.create()
    rows = [
        Comment(
            post=on,
            number=number,
            typed=f"Sounding {number}.",
            shown=f"<p>Sounding {number}.</p>",
            name="Leadsman",
            voice=voice(number),
            commenter=commenter if voice(number) == Comment.Voice.READER else None,
            state=Comment.State.PUBLISHED,
            written_at=on.published_at,
            published_at=on.published_at,
        )
        for number in range(1, size + 1)
    ]
    Comment.objects.bulk_create(rows)
    ids = [None, *(row.pk for row in rows)]
    with connection.cursor() as cursor:  # bulk_update() takes a minute for some thousands
        cursor.executemany(
            "UPDATE comments_comment SET parent_id = %s WHERE id = %s",
            [(ids[answers(row.number)], row.pk) for row in rows],
        )
    SearchDocument.objects.put([row.search_document() for row in rows])
    Thread.objects.update_or_create(post=on, defaults={"last_number": size})


def reprint(post, source, introduction="<p>From the old logbook.</p>", *, chosen=(), **values):
    """Return a reprint of `source` inside `post`, with the comments `chosen` of the source."""
    made = Reprint.objects.create(post=post, source=source, introduction=introduction, **values)
    for order, one in enumerate(chosen, start=1):
        ChosenComment.objects.create(reprint=made, comment=one, order=order)
    return made


def subscription(comment, email="bosun@example.com", confirmed=True):
    """Return the subscription of whoever wrote the comment, confirmed unless a test says not."""
    made = Subscription.objects.leave(comment.commenter, email)
    if confirmed:
        made.confirm()
    return made


def subject(name="Maud Tarrant", email="maud@example.com", **values):
    """Return a person that posts may be about."""
    return Subject.objects.create(name=name, email=email, **values)


def right(post, subject=None, **values):
    """Return the right of reply of `subject` (default: a new one) to `post`."""
    person = subject or globals()["subject"]()
    return RightOfReply.objects.create(post=post, subject=person, **values)


def tell(right):
    """Let the subject of `right` be told of the post by letter, as the worker does it."""
    CourtesyLetter(right=right).go()
    right.refresh_from_db(fields=["told_at"])


def views(post, counts):
    """Let `post` have been viewed as `counts` says: {day: how often}."""
    for day, times in counts.items():
        ViewDay.objects.create(post=post, day=day, count=times)
