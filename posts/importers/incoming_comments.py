"""Comments on their way in: numbered by time in each post, with voice, parent and tombstones."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from blogsite import html
from comments import screening
from comments.forms import kept_names
from comments.models import Act, Comment, KeptName, Reason, Thread
from comments.names import LONGEST, skeleton, tidy
from posts.importers.atom import ANONYMOUS
from posts.importers.incoming import MOST_IDS, Incoming, digest, lines
from posts.importers.incoming_posts import POST_KINDS
from posts.models import Blog, Origin, Post, SearchDocument

UNVERIFIED = " (unverified)"
"""Stands after a reader's name that looks like one which nobody else can have."""

is_site = URLValidator(schemes=["http", "https"])


class IncomingComments(Incoming):
    kinds = ("comment",)

    def __init__(self, *args):
        super().__init__(*args)
        blog = self.intake.blog or Blog()
        given = {skeleton(name) for name in self.about.names} - ANONYMOUS
        self.authors = given | {skeleton(blog.author_name), skeleton(blog.name)}
        self.others = (kept_names() | KeptName.objects.skeletons()) - self.authors
        self.posts = {}
        self.here = {}

    def kind(self, entry):
        return "comment"

    def source(self, entry):
        return digest(entry.kind, entry.state, tidy(entry.name), lines(entry.typed), entry.at)

    def prepare(self, batch):
        """Find the posts of the batch, and the comments there that its comments may answer."""
        its_ids = list({entry.post for entry in batch})
        self.posts = {}
        for start in range(0, len(its_ids), MOST_IDS):
            rows = Post.objects.filter(
                origin__system=self.about.system,
                origin__blog=self.about.blog,
                origin__kind__in=POST_KINDS,
                origin__its_id__in=its_ids[start : start + MOST_IDS],
            )
            self.posts.update(rows.values_list("origin__its_id", "pk"))
        parents = list({entry.parent for entry in batch if entry.parent})
        origins = self.origins(parents).values()
        rows = Comment.objects.filter(origin__in=[origin.pk for origin in origins])
        self.here = {
            its_id: (pk, post, at)
            for its_id, pk, post, at in rows.values_list(
                "origin__its_id", "pk", "post_id", "written_at"
            )
        }
        self.in_batch = {(entry.its_id, entry.post) for entry in batch}

    def wanted(self, entry, new):
        if len(entry.typed) > html.LONGEST:
            told = f"A text of {len(entry.typed):,} characters is longer than {html.LONGEST:,}."
            self.report.skip(entry.its_id, told)
            return False
        is_there = entry.post in self.posts or self.is_imagined(entry.post, POST_KINDS)
        if is_there or not new:
            self._settle_parent(entry)
            return True
        self.report.skip(entry.its_id, "The post it is about is not here.")
        return False

    def add(self, entries):
        """Store new entries, in order of time in each post, and return them."""
        for entry in entries:
            self._warn_of_name(entry)
        if self.dry_run or not entries:
            return entries
        comments = [self._comment(entry) for entry in entries]
        self._number(comments)
        Origin.objects.bulk_create([comment.origin for comment in comments])
        Comment.objects.bulk_create(comments)
        by_id = {comment.origin.its_id: comment for comment in comments}
        answers = []
        for entry, comment in zip(entries, comments, strict=True):
            if entry.parent in by_id and comment.parent_id is None:
                comment.parent = by_id[entry.parent]
                answers.append(comment)
        Comment.objects.bulk_update(answers, ["parent"], batch_size=200)
        SearchDocument.objects.put([comment.search_document() for comment in comments])
        return entries

    def change(self, entry, origin):
        """Bring a changed entry's comment up to date; False where it has changed here too."""
        comment = Comment.objects.filter(origin=origin).first()
        if comment is None:  # deleted here, and it stays deleted
            return False
        # One that is a subject's was marked so here, and has their name.
        if comment.is_subjects or digest(comment.typed, comment.state) != origin.digest[32:]:
            self.report.warn(entry.its_id, "It has changed there and here: it stays as it is here.")
            return False
        state = Comment.State
        if entry.state == state.HELD and comment.state != state.HELD:
            self.report.warn(entry.its_id, "It waits for approval there now: it stays as it was.")
        if self.dry_run:
            return True
        comment.typed, comment.name = entry.typed, self._name(entry)
        comment.save()
        if entry.state == state.PUBLISHED:
            comment.publish(at=entry.at, quietly=True)
        elif entry.state == state.REMOVED:
            comment.remove(reason=Reason.OLD_SYSTEM, role=Act.Role.PROGRAM)
        elif entry.state == state.SPAM:
            comment.mark_spam()
        self.update(origin, entry, comment.typed, comment.state)
        return True

    def _settle_parent(self, entry):
        """Leave `entry` without a parent, and say so, where that cannot be its parent here."""
        if not entry.parent or (entry.parent, entry.post) in self.in_batch:
            return
        found = self.here.get(entry.parent)
        if found:
            fits = found[1] == self.posts.get(entry.post) and found[2] <= entry.at
        else:
            fits = self.is_imagined(entry.parent)
        if not fits:
            entry.parent = ""
            entry.warnings.append("It answers a comment that is not here: it stands by itself.")

    def _comment(self, entry):
        """Return the unsaved comment of a new entry, and its unsaved origin in it."""
        state = Comment.State
        comment = Comment(
            post_id=self.posts[entry.post],
            voice=self._voice(entry),
            kind=entry.kind,
            state=entry.state,
            name=self._name(entry),
            url=_site(entry.url),
            typed=entry.typed,
            written_at=entry.at,
        )
        if entry.parent in self.here:
            comment.parent_id = self.here[entry.parent][0]
        if comment.state == state.PUBLISHED:
            comment.published_at = entry.at
        elif comment.state == state.HELD:
            comment.held_because = screening.PENDING
            comment.told_at = timezone.now()  # on the former system, long ago
        else:
            comment.removed_at = entry.changed
            comment.removed_by = Act.Role.PROGRAM
            comment.removed_because = Reason.OLD_SYSTEM
        comment.origin = self.origin(entry, comment.typed, comment.state)
        return comment

    def _number(self, comments):
        """Give numbers to those that have a place in the thread, after those given before."""
        threads = {}
        for comment in comments:
            if comment.state in (Comment.State.PUBLISHED, Comment.State.REMOVED):
                if comment.post_id not in threads:
                    threads[comment.post_id] = Thread.lock(comment.post_id)
                threads[comment.post_id].last_number += 1
                comment.number = threads[comment.post_id].last_number
        Thread.objects.bulk_update(threads.values(), ["last_number"], batch_size=200)

    def _voice(self, entry):
        is_authors = entry.writer and entry.writer in self.about.authors
        return Comment.Voice.AUTHOR if is_authors else Comment.Voice.READER

    def _name(self, entry):
        name = tidy(entry.name)
        if self._voice(entry) == Comment.Voice.AUTHOR:
            return self.intake.blog.author_name if self.intake.blog else name
        if self._belied(name):
            return name[: LONGEST - len(UNVERIFIED)] + UNVERIFIED
        return name

    def _warn_of_name(self, entry):
        reason = self._belied(entry.name)
        if reason and self._voice(entry) == Comment.Voice.READER:
            self.report.warn(entry.its_id, reason)

    def _belied(self, name):
        """Return why a reader can't sign with `name`, or "" if nothing speaks against it."""
        look = skeleton(name)
        if look and look in self.authors:
            return "It is signed with the author's name, but not with the author's account."
        if look in self.others:
            return "It is signed with the name of a person whom a post is about."
        return ""


def _site(address):
    """Return the address of a writer's site if it is one, else ""."""
    try:
        is_site(address)
    except ValidationError:
        return ""
    return address if len(address) <= 500 else ""
