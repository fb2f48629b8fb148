"""Let sixteen posters write to one post at once while the server is killed: `make trial-posters`.

Each poster does what a browser with a draft does: it sends until it is acknowledged. Some are cut
off in the middle of a request first; some name no submission. Five times in between everything that
serves is killed (kill -9) and started again. In the end every acknowledged comment must be there
once, whole, and nothing else; numbers and search must agree with it. Prints the counts.
"""

import os

import pytest

from tests.posters import try_to_lose

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = int(os.environ.get("TRIAL_SECONDS", "60"))
POSTERS = int(os.environ.get("TRIAL_POSTERS", "16"))
KILLS = int(os.environ.get("TRIAL_KILLS", "5"))


def test_sixteen_posters_and_a_server_that_is_killed(tmp_path):
    print("\n" + try_to_lose(tmp_path, POSTERS, SECONDS, KILLS))
