"""The ground that every test stands on: a folder and a database of its own, and fixed settings.

Without `DATABASE_URL` tests run on SQLite, in a file, as the blog itself does: threads then
have connections of their own. `make test` (tests/run.py) runs them on PostgreSQL as well.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import django
import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache

from tests import lacking

# Each process (pytest's own, and each of its workers) has its folder, which is never ./data. Every
# variable is given, so that neither the environment nor a file .env reaches a test.
FOLDER = Path(tempfile.mkdtemp(prefix="blog-tests-"))
os.environ.update(
    DATA_DIR=str(FOLDER),
    DEBUG="false",
    ALLOWED_HOSTS="localhost,127.0.0.1,[::1]",
    SITE_URL="http://testserver",
    PORT="8000",
    SECRET_KEY="a secret key for tests alone",
    LINK_KEY="a link key for tests alone",
    TIME_ZONE="Europe/London",
    CACHE_URL="locmem://",
    EMAIL_URL="",
    MAIL_FROM="blog@localhost",
)
if os.environ.get("DATABASE_URL", "sqlite:").startswith("sqlite:"):
    os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER}/blog.sqlite3"

# Django is set up here, and its settings are not named in the environment for longer: a worker
# would load them from there before it has read this file and has a folder of its own.
os.environ["DJANGO_SETTINGS_MODULE"] = "blogsite.settings"
database = settings.DATABASES["default"]
del os.environ["DJANGO_SETTINGS_MODULE"]

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.CRISPY_FAIL_SILENTLY = False
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns where it is not there
if database["ENGINE"] == "django.db.backends.sqlite3":
    database["TEST"] = {"NAME": FOLDER / "test.sqlite3"}
    database["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
django.setup()

NEED_A_DATABASE = {"db", "transactional_db", "live_server", "admin_user", "admin_client"}


def pytest_addoption(parser):
    group = parser.getgroup("blog")
    group.addoption(
        "--database-tests-only",
        action="store_true",
        help="leave out the tests that touch no database",
    )
    group.addoption("--tally", metavar="FILE", help="write the counts of this run to FILE (JSON)")


def pytest_configure(config):
    config.add_cleanup(lambda: shutil.rmtree(FOLDER, ignore_errors=True))

    # The same examples every time: a test that fails has failed for the change at hand.
    hypothesis.settings.register_profile("blog", deadline=None, derandomize=True, database=None)
    hypothesis.settings.load_profile("blog")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--database-tests-only"):
        kept = [item for item in items if _needs_a_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def _needs_a_database(item):
    return bool(item.get_closest_marker("django_db")) or bool(
        NEED_A_DATABASE.intersection(item.fixturenames)
    )


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    """Name what was not tried, and keep the tally where tests/run.py asked for it."""
    stats = terminalreporter.stats
    reasons = {
        report.longrepr[2].partition(lacking.SAID)[2]
        for report in stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and lacking.SAID in report.longrepr[2]
    }
    for reason in sorted(reasons):
        terminalreporter.write_line(lacking.SAID + reason)
    if config.getoption("--tally"):
        words = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")
        broken = [*stats.get("failed", []), *stats.get("error", [])]
        tally = {
            "counts": {word: len(stats.get(word, [])) for word in words},
            "broken": [report.nodeid for report in broken],
            "not_tried": sorted(reasons),
        }
        Path(config.getoption("--tally")).write_text(json.dumps(tally))


@pytest.fixture(autouse=True)
def _empty_cache():
    """Nothing that one test kept is there in the next."""
    yield
    cache.clear()


@pytest.fixture
def desk(client):
    """A client signed in as the author; the user is `desk.author`."""
    from tests.desk import signed_in

    return signed_in(client)
