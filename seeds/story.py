"""The demonstration blog, told with the program's own means.

Two Blogger exports of eight years come in through the importer. What happened since
is done as it would be done on the site: the author amends a post; a person the author wrote about
replies months later and asks for an amendment; the author answers, and declines; in 2017 the author
reprints two old posts on a quiet day, and readers talk about them. And yesterday somebody wrote
that a post of 2011 is about him: that waits at the desk.
"""

import random
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from comments.models import ChosenComment, Claim, Comment, Commenter, RightOfReply, Subject
from posts.models import Blog, Label, Post, Reprint, Revision, ViewDay

HERE = Path(__file__).parent
LONDON = ZoneInfo("Europe/London")
GAUGE, ROTA, YESTERDAY = "the-night-the-gauge-lied", "mrs-oakshott-draws-a-rota", "a-dry-august"
FIGURES = {GAUGE: 303, ROTA: 884, YESTERDAY: 595}
"""Views up to and with the day of the reprint."""

QUIET_DAY = datetime(2017, 8, 9, 9, 24, tzinfo=LONDON)
CHOSEN = {GAUGE: ["500009", "500014", "500018"], ROTA: ["600006", "600011", "600016"]}


def tell():
    """Fill the empty site. Everything or nothing."""
    with transaction.atomic():
        author = get_user_model().objects.create_user("author", is_staff=True, is_superuser=True)
        blog = Blog(
            name="Slack Water",
            tagline="A tide-gate keeper’s notebook",
            author_name="Tobias Wren",
        )
        blog.save()
        call_command("import_blog", *sorted(HERE.glob("*.atom")), stdout=StringIO())
        the_amendment(author)
        the_right_of_reply(author)
        count_views(until=QUIET_DAY - timedelta(minutes=1))
        quiet = the_reprint()
        the_talk(quiet, author)
        count_views(until=QUIET_DAY + timedelta(days=22), besides=FIGURES)
        the_claim()
        # All of it is old news to him: he gets no letters about it.
        Comment.objects.held().update(told_at=timezone.now())
        blog.author_email = "tobias@slack-water.example"
        blog.save()


def text(name):
    """Return one of the story's texts."""
    return (HERE / "texts" / name).read_text(encoding="utf-8").strip()


def the_amendment(author):
    """October 2010: a fact that two readers had counted."""
    post = Post.objects.get(slug=GAUGE)
    before = "It is three pages long, with a table, and"
    assert before in post.text
    after = "It is four pages long, the last of them a table, and"
    post.revise(
        post.title,
        post.text.replace(before, after),
        Revision.Sort.AMENDMENT,
        text("amendment.txt"),
        by=author,
        at=datetime(2010, 10, 3, 21, 10, tzinfo=LONDON),
    )


def the_right_of_reply(author):
    """March to November 2013: not told, found by chance, replied; answered and declined."""
    post = Post.objects.get(slug=ROTA)
    subject = Subject.objects.create(name="Marian Oakshott")
    right = RightOfReply.objects.create(
        post=post,
        subject=subject,
        part="Head of Operations, whose rota the post is about",
        tell=False,
        not_told_because="I told myself that somebody would be sure to show it to her.",
    )
    sent = datetime(2013, 11, 9, 20, 41, tzinfo=LONDON)
    reply = right.receive(text("reply.html"), at=sent)
    request = right.ask(
        words=text("request-words.txt"),
        wrong=text("request-wrong.txt"),
        wanted=text("request-wanted.txt"),
        public=True,
        at=sent,
    )
    reply.publish(by=author, at=sent + timedelta(minutes=52))
    answered = datetime(2013, 11, 10, 11, 15, tzinfo=LONDON)
    Comment.objects.write(
        post,
        text("answer.html"),
        name="Tobias Wren",
        parent=reply,
        voice=Comment.Voice.AUTHOR,
        by=author,
        written_at=answered,
    )
    request.decline(text("decision.txt"), by=author, at=answered + timedelta(minutes=7))
    # Known from here on, so that no letter goes out now about what was decided years ago.
    subject.email = "m.oakshott@levels-board.example"
    subject.save()


def the_reprint():
    """9 August 2017: too dry to write about, so two older posts come out again."""
    post = Post(
        title="A quiet day, and two from the cupboard",
        text=text("reprint-intro.html"),
        created_at=QUIET_DAY - timedelta(minutes=38),
    )
    post.save()
    post.labels.add(Label.objects.named("Gauges"), Label.objects.named("Rotas"))
    for order, slug in enumerate([GAUGE, ROTA], start=1):
        source = Post.objects.get(slug=slug)
        reprint = Reprint.objects.create(
            post=post, source=source, order=order, introduction=text(f"reprint-{order}.html")
        )
        for place, its_id in enumerate(CHOSEN[slug], start=1):
            comment = source.comments.get(origin__its_id=its_id)
            ChosenComment.objects.create(reprint=reprint, comment=comment, order=place)
    post.publish(at=QUIET_DAY)
    return post


def the_talk(post, author):
    """What was said under it: threads, a pseudonym that speaks twice, one removed, one held."""
    said = {}
    commenters = {}
    for number, line in enumerate(text("later-comments.txt").splitlines(), start=1):
        name, time, answers, words = line.lstrip("!?").split("|", 3)
        hour, minute = time.split(":")
        at = QUIET_DAY.replace(hour=int(hour), minute=int(minute))
        by_author = name == Blog.current().author_name
        if name != "Anonymous" and name not in commenters and not by_author:
            commenters[name] = Commenter.objects.create(created_at=at)
        said[number] = Comment.objects.write(
            post,
            words,
            name="" if name == "Anonymous" else name,
            parent=said.get(int(answers)) if answers.isdecimal() else None,
            voice=Comment.Voice.AUTHOR if by_author else Comment.Voice.READER,
            by=author if by_author else None,
            commenter=commenters.get(name),
            written_at=at,
        )
        if line.startswith("!"):
            note = "Call the rota what you like, but not the person."
            said[number].remove(by=author, reason="abuse", note=note, at=at + timedelta(minutes=31))


def the_claim():
    """Yesterday: one more person finds himself in an old post, which named nobody to be told."""
    yesterday = timezone.now() - timedelta(days=1)
    claim = Claim.objects.create(
        post=Post.objects.get(slug="mr-pym-and-the-three-foot-rule"),
        name="Gerald Pym",
        how=text("claim-how.txt"),
        proof=text("claim-proof.txt"),
        email="gerald.pym@levels-board.example",
        made_at=yesterday,
    )
    claim.confirm(at=yesterday + timedelta(minutes=6))


def count_views(until, besides=()):
    """Give each post a believable history of views up to `until`, most in its first week."""
    chance = random.Random(2017)  # noqa: S311 - the same demonstration every time
    for post in Post.objects.published().order_by("published_at"):
        if post.slug in besides:
            total, since = chance.randint(4, 40), QUIET_DAY + timedelta(days=1)
        elif post.view_days.exists():
            continue
        else:
            total = FIGURES.get(post.slug) or chance.randint(240, 1400)
            since = post.published_at
        days = max((until.date() - since.date()).days, 0) + 1
        counts = {}
        for _ in range(total):
            late = chance.random() ** 9 if post.slug not in besides else chance.random()
            day = since.date() + timedelta(days=int(late * days))
            counts[day] = counts.get(day, 0) + 1
        ViewDay.objects.bulk_create(
            ViewDay(post=post, day=day, count=count) for day, count in counts.items()
        )
