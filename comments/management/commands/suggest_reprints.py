"""`manage.py suggest_reprints`: find older posts that stand, pasted, in newer ones."""

import sys
from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.formats import date_format
from tqdm import tqdm

from comments import suggestions
from comments.models import Suggestion
from posts.models import Post


class Command(BaseCommand):
    help = (
        "Find older posts whose text stands, pasted, in newer ones, with the comments quoted there,"
        " and suggest them as reprints. Changes no post: you accept or dismiss each at the desk."
        " Running it again finds what is new, and leaves alone what you have decided."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what is found, and write nothing"
        )

    def handle(self, *, dry_run, verbosity, **options):
        self.quiet = verbosity == 0
        try:
            number, counts = self._search(dry_run)
        except DatabaseError as error:
            raise CommandError(f"The database can't be used: {error}") from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted. What was found by then is kept.") from None
        if not self.quiet:
            self._tell(number, counts, dry_run)

    def _search(self, dry_run):
        """Tell and store what is found; return the number of posts, and what came of each found."""
        number = Post.objects.published().posts().count()
        counts = Counter()
        pairs = set()
        with self._bar("Reading", number) as reading, self._bar("Comparing", number) as comparing:
            for found in suggestions.search(reading.update, comparing.update):
                outcome = Suggestion.objects.put(found, write=not dry_run)
                counts[outcome] += 1
                pairs.add((found.post.pk, found.source.pk))
                if outcome != Suggestion.DECIDED and not self.quiet:
                    with tqdm.external_write_mode():
                        self.stdout.write(sentence(found))
        if not dry_run:
            counts["gone"] = Suggestion.objects.drop_all_but(pairs)
        return number, counts

    def _bar(self, words, total):
        hidden = self.quiet or not sys.stderr.isatty()
        return tqdm(desc=words, total=total, disable=hidden, file=sys.stderr)

    def _tell(self, number, counts, dry_run):
        words = "Would be suggested" if dry_run else "Suggested"
        self.stdout.write(
            f"{number} posts compared. {words}: {counts[Suggestion.NEW]} new. Waiting for you"
            f" already: {counts[Suggestion.WAITING]}. Decided before, or reprints already:"
            f" {counts[Suggestion.DECIDED]}."
        )
        if counts["gone"]:
            self.stdout.write(
                f"{counts['gone']} that waited for you are not found any more, and were taken off"
                " the list."
            )


def sentence(found):
    """Return what was found in one line: how much of which post, where, with which comments."""
    numbers = [str(comment.number) for comment in found.evidence.comments]
    line = f"{found.evidence.percent} % of {titled(found.source)} stands in {titled(found.post)}"
    if len(numbers) == 1:
        return f"{line}, with comment {numbers[0]}"
    return f"{line}, with comments {', '.join(numbers)}" if numbers else line


def titled(post):
    """Return the post's title and the day on which it was first published."""
    return f"“{post}” ({date_format(timezone.localtime(post.published_at))})"
