"""`manage.py demonstration`: fill an empty site with the demonstration blog of seeds/."""

from django.core.management.base import BaseCommand, CommandError

from posts.models import Post
from seeds import story


class Command(BaseCommand):
    help = "Fills an empty site with the demonstration blog."

    def handle(self, **options):
        if Post.objects.exists():
            raise CommandError("There are posts here; the demonstration is for an empty site.")
        story.tell()
