"""The texts of a post as readers may compare them: its revisions, tidied. Needs no database.

A clean-up (posts/models/revision.py) takes out what an import left behind. It is the author's
alone: for readers, the revision before it has been tidied all along, and keeps its number.
"""

from dataclasses import dataclass


@dataclass
class Version:
    """One revision as readers may see it; `tidied` is it, or the last clean-up that followed it."""

    revision: object
    tidied: object

    @property
    def number(self):
        return self.revision.number

    @property
    def since(self):
        return self.revision.since

    @property
    def withheld(self):
        return self.tidied.withheld

    @property
    def title(self):
        return self.tidied.title

    @property
    def text(self):
        return self.tidied.instead or self.tidied.text


def versions(revisions):
    """Return the Versions that `revisions`, those of one post in order of number, make."""
    found = []
    for revision in revisions:
        if revision.is_clean_up and found:
            found[-1].tidied = revision
        else:
            found.append(Version(revision, revision))
    return found


def find(versions, number):
    """Return the version with this number, or the one that a clean-up with it tidied; or None."""
    earlier = [version for version in versions if version.number <= number]
    if not earlier or number > versions[-1].tidied.number:
        return None
    return earlier[-1]


def two(versions, older, newer):
    """Return the two versions to compare, (older, newer), or None where there is but one.

    `older` and `newer` are numbers, in either order, or None; where they name nothing that can be
    compared, the newer one is the last amendment whose former text is shown, or else the last
    version.
    """
    if len(versions) < 2:
        return None
    amendments = [version for version in versions if version.revision.is_amendment]
    last = find(versions, newer or 0) or (amendments or versions)[-1]
    shown = [version for version in versions if not version.withheld]
    if not newer and not older and len(shown) > 1 and before(versions, last).withheld:
        last = shown[-1]  # what the amendment took out is shown no more; what came after it is
    first = find(versions, older or 0) or before(versions, last)
    if first is last or first is None:
        first, last = before(versions, last) or versions[0], last
        last = versions[1] if first is last else last
    return tuple(sorted((first, last), key=lambda version: version.number))


def before(versions, version):
    """Return the version that stood before this one, or None."""
    place = versions.index(version)
    return versions[place - 1] if place else None


def after(versions, version):
    """Return the version that took the place of this one, or None."""
    return next(iter(versions[versions.index(version) + 1 :]), None)


def withholder(versions):
    """Return the version whose amendment took the earlier words out, or None if none did."""
    if not versions or not versions[0].withheld:
        return None
    return next(version for version in versions if not version.withheld)
