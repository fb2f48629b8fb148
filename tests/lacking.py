"""What this machine lacks for a test: named at the end of the run; a failure where all must run."""

import os

import pytest

SAID = "not tried here: "
ALL_MUST_RUN = bool(os.environ.get("CI") or os.environ.get("REQUIRE_ALL"))


def skip(what):
    """Leave the test at hand; `what` says what could not be tried, and why."""
    (pytest.fail if ALL_MUST_RUN else pytest.skip)(SAID + what)
