"""Suggestions: an older post that stands, pasted, in a newer one, and could be a reprint of it."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comments import evidence, restoring, suggestions
from comments.models.act import Act
from comments.models.comment import Comment
from comments.models.reprint import ChosenComment
from comments.models.suggestion_queryset import DECIDED, NEW, WAITING, SuggestionQuerySet
from comments.models.thread import Thread
from posts import blocks
from posts.blocks import Text
from posts.models import Post, Reprint, Revision


class Suggestion(models.Model):
    """An older post (`source`) found pasted in a newer one; the author accepts or dismisses it.

    What is kept of the evidence is for lists. A page that shows it, and accept(), look again at the
    texts as they stand. `standing` are shingles of the source that stand in very many posts.
    An accepted one keeps what it did: `reprint`, `revision` (the text trimmed) and `trimmed`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    NEW, WAITING, DECIDED = NEW, WAITING, DECIDED

    post = models.ForeignKey(
        "posts.Post",
        models.CASCADE,
        related_name="suggestions",
        verbose_name=_("newer post"),
    )
    source = models.ForeignKey(
        "posts.Post", models.CASCADE, related_name="suggested_in", verbose_name=_("older post")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.OPEN, editable=False
    )
    share = models.PositiveSmallIntegerField(_("share found"), help_text=_("in per cent"))
    place = models.PositiveIntegerField(_("place"), help_text=_("words before it"))
    comment_count = models.PositiveIntegerField(_("comments found"), default=0)
    standing = models.JSONField(default=list, editable=False)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    reprint = models.OneToOneField(
        "posts.Reprint",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="suggestion",
        verbose_name=_("reprint"),
    )
    revision = models.ForeignKey(
        "posts.Revision",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("text trimmed"),
    )
    trimmed = models.JSONField(default=dict, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # it is a matter of the posts: who may change these, may decide
        verbose_name = _("suggested reprint")
        verbose_name_plural = _("suggested reprints")
        ordering = ["post__published_at", "post", "place"]
        constraints = [
            models.UniqueConstraint(fields=["post", "source"], name="suggested_once"),
        ]

    def __str__(self):
        return f"{self.source} → {self.post}"

    # Questions

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    @property
    def is_accepted(self):
        return self.state == self.State.ACCEPTED

    @property
    def is_dismissed(self):
        return self.state == self.State.DISMISSED

    def look(self):
        """Return (the newer post's Text, the Evidence as it stands now); None where it is gone."""
        text = Text(Post.objects.get(pk=self.post_id).text)
        found = self._found_in(text)
        what = found.pop(self, None)
        if what:
            ends = [other.last for row, other in found.items() if row.is_open]
            ends += [number for other in (what, *found.values()) for number in other.half]
            ends = [end for end in ends if end < what.first] + self._cut_before(text, what)
            if ends:
                evidence.introduce(text, what, max(ends))
        return text, what

    def _found_in(self, text):
        """Return {suggestion for this newer post: its Evidence} of those that stand in `text`."""
        # Those accepted have been cut; the others have a claim to their own passages.
        rows = self._of_the_post().exclude(state=self.State.ACCEPTED)
        found = suggestions.of_post(text, [row._asked() for row in rows])
        return {row: what for row, _match, what in found if what}

    def _asked(self):
        """Return what suggestions.of_post() is asked about this one, which is its key."""
        return self, self.source, self.standing, self._foreign_words()

    def returning(self):
        """Return the HTML that undo() would put back, a list of texts."""
        former = self._former()
        if not former:
            return []
        return restoring.returning(former.text, self.trimmed, self._public())

    def _former(self):
        """Return the revision from which the text was trimmed, or None."""
        return Revision.objects.filter(pk=self.trimmed.get("former"), post=self.post_id).first()

    def _of_the_post(self):
        return Suggestion.objects.filter(post=self.post_id).select_related("source")

    def _foreign_words(self):
        """Return which words of the source an even older post had first, or None."""
        rows = Suggestion.objects.filter(post=self.source_id).exclude(state=self.State.ACCEPTED)
        asked = [(row.pk, row.source, row.standing, None) for row in rows.select_related("source")]
        if not asked:
            return None
        text = Text(self.source.text)
        foreign = bytearray(len(text.words))
        for _key, match, what in suggestions.of_post(text, asked):
            if what:
                foreign = bytearray(map(max, foreign, match.mine))
        return foreign

    def _cut_before(self, text, what):
        """Return the blocks behind which others, accepted before, were cut, above this passage."""
        places = []
        accepted = self._of_the_post().filter(state=self.State.ACCEPTED, place__lt=self.place)
        for row in accepted:
            words, number = row.trimmed.get("after") or [None, 0]
            same = [n for n, block in enumerate(text.blocks) if text.words_of(block) == words]
            if words is None:
                places.append(-1)
            elif same:
                places.append(same[min(number, len(same) - 1)])
        return [place for place in places if place < what.first]

    # Verbs

    def accept(self, by=None, seen=None, unseen=False):
        """Make the pasted text a reprint with its comments, and trim it from the newer post.

        Returns the reprint. The evidence is looked for again: ValueError, and nothing changed,
        where the posts no longer bear it out, or it is not what was `seen` (a fingerprint). What is
        accepted `unseen` has to be plain: nothing is cut that is not pasted to the word.
        """
        with transaction.atomic():
            post = self._lock()
            self._check_reprintable(post)
            text, what = self.look()
            if not what:
                raise ValueError(
                    _now("The text has changed: the older post no longer stands in it.")
                )
            if seen is not None and seen != what.fingerprint(text.html):
                raise ValueError(_now("The text has changed since you looked. Look again."))
            if unseen and not what.is_plain:
                raise ValueError(
                    _now("Look at it first: not everything there is pasted word for word.")
                )
            former = post.revisions.order_by("-number").first()
            # What an undo before had readers see instead is cut once more.
            tidied = self.trimmed.get("tidied", [])
            for revision in post.revisions.filter(pk__in=[pk for pk, _instead in tidied]):
                revision.instead = self._cut_again(revision.instead, revision.text)
                revision.save(update_fields=["instead"])
            self.revision = post.revise(
                post.title, blocks.cut(text.html, what.ranges), sort=Revision.Sort.TRIM, by=by
            )
            self.reprint = self._make_reprint(post, text, what)
            self._put_in_order()
            self.trimmed = {
                "former": former.pk,
                "ranges": what.ranges,
                "introduction": what.introduction,
                "introduced": str(self.reprint.introduction),
                "quoted": list(what.quoted.items()),
                "after": what.after,
                "tidied": tidied,
            }
            self._decide(self.State.ACCEPTED, "accept_suggestion", by)
            return self.reprint

    def undo(self, by=None):
        """Take the reprint away again, with its chosen comments, and put the text back.

        What was written since stays. Comments that are no longer public are not put back. Raises
        ValueError, and changes nothing, where the text would bring back words that were since
        withheld or taken out of view, or stands there again already.
        """
        with transaction.atomic():
            post = self._lock()
            if not self.is_accepted:
                raise ValueError(_now("This suggestion is not accepted."))
            self._check_words_may_return(post)
            former = self._former()
            if not former or not self.revision:
                raise ValueError(_now("The text as it stood before is gone."))
            if self._is_back(post.text):
                raise ValueError(
                    _now(
                        "The older post stands in this text again already. Take the reprint away "
                        "in the post’s form, if you want the text alone."
                    )
                )
            reprint = self.reprint or post.reprints.filter(source=self.source).first()
            introduced = self.trimmed["introduced"]
            how = self.revision.text, former.text, self.trimmed, self._public()
            text = restoring.restored(
                post.text,
                *how,
                str(reprint.introduction) if reprint else introduced,
                not_before=self._end_of_those_before(post.text),
            )
            tidied = self.trimmed.get("tidied", []) if self._are_all_public() else []
            if last := self._last_clean_up(post):
                before = last.instead or last.text
                place = self._end_of_those_before(before)
                instead = restoring.restored(before, *how, introduced, not_before=place)
                tidied = [*tidied, [last.pk, instead]]
            for pk, instead in tidied:
                post.revisions.filter(pk=pk).update(instead=instead)
            if reprint:
                reprint.delete()
            post.revise(post.title, text, sort=Revision.Sort.TRIM, by=by)
            self.reprint = self.revision = None
            self.trimmed = {"tidied": [[pk, str(instead)] for pk, instead in tidied]}
            self._decide(self.State.OPEN, "undo_suggestion", by)

    def dismiss(self, by=None):
        """Say that this is no reprint. Harmless twice; ValueError for one that was accepted."""
        with transaction.atomic():
            self._lock()
            if self.is_accepted:
                raise ValueError(_now("This suggestion is accepted; undo that first."))
            if self.is_open:
                self._decide(self.State.DISMISSED, "dismiss_suggestion", by)

    def reopen(self, by=None):
        """Let a dismissed suggestion wait for a decision again."""
        with transaction.atomic():
            self._lock()
            if self.is_accepted:
                raise ValueError(_now("This suggestion is accepted; undo that first."))
            if self.is_dismissed:
                self._decide(self.State.OPEN, "reopen_suggestion", by)

    def _end_of_those_before(self, html):
        """Return where in the text those passages end that stood above this one."""
        text = Text(html)
        found = self._found_in(text)
        last = [what.last for row, what in found.items() if row.place < self.place]
        return text.blocks[max(last)].end if last else 0

    def _cut_again(self, instead, trimmed):
        """Return `instead` without the passage, if that is not what the clean-up left anyway."""
        found = suggestions.of_post(Text(instead), [self._asked()])
        found = [what for _key, _match, what in found if what]
        left = blocks.cut(instead, found[0].ranges) if found else ""
        return "" if left == trimmed else left

    def _last_clean_up(self, post):
        """Return the last of the clean-ups in a row of which accepting was one, if more came since.

        It says how readers see the text before it: cut, though that was undone. None where nothing
        came since: then the undo is one more of them, and says how.
        """
        last = None
        for revision in post.revisions.filter(number__gte=self.revision.number).order_by("number"):
            if not revision.is_clean_up:
                return last
            last = revision
        return None

    def _is_back(self, html):
        """Say whether the older post stands in this text, and did not when it had been trimmed."""
        asked = [self._asked()]
        return any(suggestions.of_post(Text(html), asked)) and not any(
            suggestions.of_post(Text(self.revision.text), asked)
        )

    def _lock(self):
        """Hold what may bear upon a decision until the transaction ends; return the newer post.

        These are both posts and the older one's thread: no word is withheld, and no comment taken
        out of sight, while they are looked at.
        """
        pks = sorted((self.post_id, self.source_id))
        posts = Post.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
        held = {post.pk: post for post in posts}
        if len(held) < 2:
            raise Post.DoesNotExist
        Thread.lock(self.source_id)
        self.refresh_from_db()
        return held[self.post_id]

    def _check_reprintable(self, post):
        if not self.is_open:
            raise ValueError(_now("This suggestion has been decided already."))
        if not post.is_published or not self.source.is_published:
            raise ValueError(_now("Both posts have to be public."))
        if not self.source.is_older_than(post):
            raise ValueError(_now("Only an older post can be reprinted."))
        if post.reprints.filter(source=self.source).exists():
            raise ValueError(_now("This post is reprinted there already."))

    def _make_reprint(self, post, text, what):
        introduction = blocks.only(text.html, what.introduction) if what.introduction else ""
        reprint = Reprint(post=post, source=self.source, introduction=introduction)
        reprint.save(uncounted=True)  # how often it had been viewed at the time, nobody knows
        reprint.refresh_from_db()
        for order, comment in enumerate(what.comments, start=1):
            ChosenComment.objects.create(reprint=reprint, comment=comment, order=order)
        return reprint

    def _decide(self, state, verb, by):
        self.state = state
        self.decided_at = None if state == self.State.OPEN else timezone.now()
        self.save()
        Act.record(verb, by=by, post_id=self.post_id, note=str(self.source))

    def _put_in_order(self):
        """Number the reprints of the post: this one behind those that stood before it."""
        rows = list(self.post.reprints.exclude(pk=self.reprint.pk).select_related("suggestion"))
        place = 0
        for number, row in enumerate(rows, start=1):
            suggested = getattr(row, "suggestion", None)
            if suggested is None or suggested.place <= self.place:
                place = number
        rows.insert(place, self.reprint)
        for order, row in enumerate(rows, start=1):
            Reprint.objects.filter(pk=row.pk).update(order=order)

    def _check_words_may_return(self, post):
        if not self.source.is_published:
            raise ValueError(
                _now("The older post is out of public view; its words can’t be put back.")
            )
        for one in (post, self.source):
            if _withheld_since(one, self.decided_at):
                raise ValueError(
                    _now(
                        "Former words of “%(title)s” were withheld since, and may stand in what "
                        "would be put back. You can take the reprint away in the post’s form."
                    )
                    % {"title": one}
                )

    def _are_all_public(self):
        return self._public() == {pk for pk, _ranges in self.trimmed["quoted"]}

    def _public(self):
        """Return the ids of those comments that were cut and are still public."""
        cut = [pk for pk, _ranges in self.trimmed["quoted"]]
        return set(Comment.objects.published().filter(pk__in=cut).values_list("pk", flat=True))


def _withheld_since(post, moment):
    """Say whether former words of the post were withheld at this moment or later."""
    last = post.revisions.filter(withheld=True).order_by("-number").first()
    if last is None:
        return False
    # Words are withheld by the revision that follows.
    by = post.revisions.filter(number__gt=last.number).order_by("number").first()
    return by is not None and by.since >= moment
