"""Posts and pages on their way in: with slug, labels, revision, search document, old addresses."""

from urllib.parse import unquote

from django.utils.text import slugify

from blogsite import html
from posts.importers.incoming import Incoming, digest, lines
from posts.models import CommentPolicy, Label, OldAddress, Origin, Post, Revision, SearchDocument

POST_KINDS = ("post", "page")
LONGEST_TITLE = 500
LONGEST_PATH = 500
LONGEST_QUERY = 200


class IncomingPosts(Incoming):
    kinds = POST_KINDS

    def __init__(self, *args):
        super().__init__(*args)
        self.intake.slugs.update(Post.objects.values_list("slug", flat=True))
        self.labels = {}

    def source(self, entry):
        # The date of a published post is a fact here; only a planned one can still move.
        planned = entry.at if entry.state == Post.State.SCHEDULED else None
        held = (entry.kind, entry.state, entry.title, lines(entry.text), sorted(entry.labels))
        return digest(*held, planned)

    def add(self, entries):
        """Store new entries and return those that could be stored."""
        texts = [(entry, self._text(entry)) for entry in entries]
        texts = [(entry, text) for entry, text in texts if text is not None]
        posts = [self._post(entry, text) for entry, text in texts]
        if self.dry_run or not posts:
            for post in posts:
                self.intake.imagined_at[_address(post)] = self._key(post.origin.its_id)
            return [entry for entry, text in texts]
        Origin.objects.bulk_create([post.origin for post in posts])
        Post.objects.bulk_create(posts)
        Revision.objects.bulk_create(
            Revision(
                post=post,
                number=1,
                sort=Revision.Sort.IMPORT,
                since=post.published_at,
                title=post.title,
                text=post.text,
            )
            for post in posts
            if post.is_published
        )
        through = Post.labels.through
        through.objects.bulk_create(
            through(post_id=post.pk, label_id=self._label(name).pk)
            for post, (entry, _) in zip(posts, texts, strict=True)
            for name in _names(entry)
        )
        SearchDocument.objects.put([post.search_document() for post in posts])
        return [entry for entry, text in texts]

    def change(self, entry, origin):
        """Bring a changed entry's post up to date; False where the post is the author's by now."""
        post = Post.objects.filter(origin=origin).first()
        if post is None:  # the author has deleted it, and it stays deleted
            return False
        if digest(*_stored(post)) != origin.digest[32:]:
            self.report.warn(entry.its_id, "It has changed there and here: it stays as it is here.")
            return False
        text = self._text(entry)
        if text is None:
            return False
        if post.is_published and entry.state != Post.State.PUBLISHED:
            self.report.warn(entry.its_id, "It is not public there now: it stays public here.")
        if self.dry_run:
            return True
        post.revise(entry.title[:LONGEST_TITLE], text, sort=Revision.Sort.IMPORT)
        post.labels.set([self._label(name) for name in _names(entry)])
        # A post that had been public and is not was taken back here, by the author.
        if not post.is_published and not post.published_at:
            if entry.state == Post.State.PUBLISHED:
                post.publish(at=entry.at)
            elif entry.state == Post.State.SCHEDULED:
                post.schedule(entry.at)
        self.update(origin, entry, *_stored(post))
        return True

    def finish(self, batch):
        """Store the batch's old addresses, but for those that a post has here anyway."""
        wanted = {(path, query): entry.its_id for entry in batch for path, query in entry.addresses}
        paths = list({path for path, query in wanted if "\x00" not in path})
        stored = set(OldAddress.objects.filter(path__in=paths).values_list("path", "query"))
        origins = [origin.pk for origin in self.origins(list(wanted.values())).values()]
        here = Post.objects.filter(origin__in=origins)
        posts = dict(here.values_list("origin__its_id", "pk"))
        owners = self._owners(paths)
        rows = []
        for (path, query), its_id in wanted.items():
            if its_id not in posts and not self.is_imagined(its_id):
                continue
            owner = None if query else owners.get(path.rstrip("/"))
            if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
                self.report.warn(its_id, "Its old address is too long to keep.")
            elif "\x00" in path:
                self.report.warn(its_id, "Its old address cannot be kept: it holds a NUL.")
            elif owner and owner != self._key(its_id):
                self.report.warn(its_id, f"Its old address is another post's here: {path}")
            elif not owner and (path, query) not in stored and not self.dry_run:
                rows.append(OldAddress(path=path, query=query, post_id=posts[its_id]))
        OldAddress.objects.bulk_create(rows, ignore_conflicts=True)

    def _owners(self, paths):
        """Return {path: key} of those of the paths at which a post stands here by itself.

        The key is that of what came in from elsewhere; of what was written here, any other.
        """
        slugs = {path.rstrip("/").rsplit("/", 1)[-1] for path in paths}
        found = Post.objects.filter(slug__in=slugs).select_related("origin").defer("text")
        owners = dict(self.intake.imagined_at)
        for post in found:
            origin = post.origin
            key = origin and (origin.system, origin.blog, self.kinds, origin.its_id)
            owners[_address(post)] = key or post.pk
        owners.pop("", None)
        return owners

    def _text(self, entry):
        """Return the text of `entry` as the door let it in; None where it did not."""
        written, warnings = entry.html()
        try:
            text = str(html.post(written))
        except ValueError as error:
            self.report.skip(entry.its_id, str(error))
            return None
        for warning in warnings:
            self.report.warn(entry.its_id, warning)
        if len(entry.title) > LONGEST_TITLE:
            self.report.warn(entry.its_id, f"Its title was cut to {LONGEST_TITLE} letters.")
        return text

    def _post(self, entry, text):
        """Return the unsaved post of a new entry, and its unsaved origin in it."""
        post = Post(
            kind=entry.kind,
            state=entry.state,
            title=entry.title[:LONGEST_TITLE],
            slug=self._slug(entry),
            text=text,
            created_at=entry.begun,
            comment_policy=CommentPolicy.CLOSED if entry.closed else "",
        )
        if post.is_published:
            post.published_at = entry.at
        elif post.is_scheduled:
            post.publish_at = entry.at
        post.origin = self.origin(entry, post.title, post.text, sorted(_names(entry)))
        return post

    def _slug(self, entry):
        """Return a free slug, without asking the database again for each."""
        base = (slugify(text, allow_unicode=True) for text in (entry.slug, entry.title))
        base = next((slug[:180].strip("-") for slug in base if slug.strip("-")), entry.kind)
        slug, number = base, 2
        while slug in self.intake.slugs:
            slug, number = f"{base}-{number}", number + 1
        self.intake.slugs.add(slug)
        return slug

    def _label(self, name):
        if name not in self.labels:
            self.labels[name] = Label.objects.named(name)
        return self.labels[name]


def _names(entry):
    """Return the names of the entry's labels as they are stored: short enough, each once."""
    return list({name[:200].strip(): True for name in entry.labels})


def _stored(post):
    """Return what the second half of an origin's digest is made of."""
    return post.title, post.text, sorted(post.labels.values_list("name", flat=True))


def _address(post):
    """Return the path of the post here, without the slash at its end; "" for a draft."""
    return "" if post.is_draft else unquote(post.get_absolute_url()).rstrip("/")
