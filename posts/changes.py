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
    def withheld(self):
        return self.tidied.withheld

    @property
    def title(self):
        return self.tidied.title

    @property
    def text(self):
        return self.tidied.text


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
