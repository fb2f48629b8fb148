"""The intake: stores what an export holds, in batches of one transaction each.

Every thing that came in has an origin (system, blog, its id there), so that a second import of the
same blog, in whichever format, finds what is here already. What has changed there is changed here,
unless the author has changed it here too. Killed in the middle, the next run goes on.
"""

from posts.importers.incoming_comments import IncomingComments
from posts.importers.incoming_posts import IncomingPosts
from posts.importers.report import Report
from posts.models import Blog

POSTS_AT_ONCE = 100
COMMENTS_AT_ONCE = 500


class Intake:
    """One run of the command, over one or several exports. `dry_run`: nothing is written."""

    def __init__(self, dry_run=False):
        self.dry_run = dry_run
        self.blog = Blog.objects.filter(pk=1).first()
        # What a dry run would have stored, and at which address: the next file may hold it too.
        self.imagined = {}
        self.imagined_at = {}
        self.slugs = set()

    def store(self, export, on_stored=None):
        """Store what `export` holds and return the Report.

        `on_stored` is called with the number of things after each batch.
        """
        report = Report(export)
        posts = IncomingPosts(self, export.about, report)
        for batch in export.spool.posts(POSTS_AT_ONCE):
            posts.take(batch)
            if on_stored:
                on_stored(len(batch))
        comments = IncomingComments(self, export.about, report)
        for batch in export.spool.threads(COMMENTS_AT_ONCE):
            comments.take(batch)
            if on_stored:
                on_stored(len(batch))
        return report
