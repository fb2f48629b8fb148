"""People known from other posts whose names stand in a text."""

import re
from collections import defaultdict

from comments.models import RightOfReply, Subject
from comments.names import plain

SHORTEST = 4
"""Letters of a name; a shorter one is too often something else."""
WORD = re.compile(r"[^\W_]+")


def words_of(text):
    """Return the words of a text in plain small letters, without accents."""
    return WORD.findall(plain(text).casefold())


def known_in(text, besides=()):
    """Return the Subjects whose name, or name as readers saw it, stands in `text` (plain words).

    In the order of their names, each with `post_count`: about how many posts they are. Without
    those with an id in `besides`. Two queries, however many there are.
    """
    words = words_of(text)
    places = defaultdict(list)
    for place, word in enumerate(words):
        places[word].append(place)
    names, posts = defaultdict(set), defaultdict(int)
    for subject_id, shown in RightOfReply.objects.values_list("subject", "shown_name"):
        names[subject_id].add(shown)
        posts[subject_id] += 1
    found = []
    for subject in Subject.objects.exclude(pk__in=besides).order_by("name", "pk"):
        names[subject.pk].add(subject.name)
        if any(_stands(name, words, places) for name in names[subject.pk]):
            subject.post_count = posts[subject.pk]
            found.append(subject)
    return found


def _stands(name, words, places):
    """Say whether the words of `name` stand in `words`, one after another."""
    asked = words_of(name)
    if sum(map(len, asked)) < SHORTEST:
        return False
    return any(words[place : place + len(asked)] == asked for place in places.get(asked[0], ()))
