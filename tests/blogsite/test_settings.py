"""Settings come from the environment; what cannot work is refused in one line that names it."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

HOUSE = Path(__file__).resolve().parents[2]


def start(folder, code=None, **environment):
    """Run `manage.py check` (or the Python `code`) as a process with this environment alone."""
    command = ["-c", code] if code else ["manage.py", "check"]
    return subprocess.run(
        [sys.executable, *command],
        cwd=HOUSE,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder),
            # As if not set; so that a file .env in the house says nothing either.
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": "",
            "SECRET_KEY": "",
            "LINK_KEY": "",
            "DEBUG": "false",
            "EMAIL_URL": "",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def told(folder, *names, **environment):
    """Return the settings with these names, as a process sees them."""
    code = (
        "import json; from blogsite import settings;"
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}, default=str))"
    )
    ran = start(folder, code, **environment)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_it_starts_with_nothing_set(tmp_path):
    ran = start(tmp_path)

    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    "name, value",
    [
        ("DEBUG", "perhaps"),
        ("PORT", "0"),
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("SITE_URL", "blog.example"),
        ("SITE_URL", "https://blog.example/somewhere"),
        ("SITE_URL", "ftp://blog.example"),
        ("TIME_ZONE", "Europe/Atlantis"),
        ("DATABASE_URL", "a database"),
        ("DATABASE_URL", "oracle7://blog@localhost/blog"),
        ("CACHE_URL", "a cache"),
        ("EMAIL_URL", "pigeon://loft.example"),
        ("DATA_DIR", "/dev/null/data"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_names_it(tmp_path, name, value):
    ran = start(tmp_path, **{name: value})

    assert ran.returncode != 0
    assert f"{name}: " in ran.stderr
    assert ran.stderr.count("\n") == 1, ran.stderr


def test_all_wrong_values_are_told_at_once(tmp_path):
    ran = start(tmp_path, PORT="eighty", TIME_ZONE="Europe/Atlantis")

    assert "PORT: " in ran.stderr
    assert "TIME_ZONE: " in ran.stderr


def test_a_site_in_public_refuses_debug(tmp_path):
    ran = start(tmp_path, ALLOWED_HOSTS="blog.example", SECRET_KEY="long" * 20, DEBUG="true")

    assert ran.returncode != 0
    assert "DEBUG: " in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("hosts", ["blog.example", "localhost,.blog.example", "*"])
def test_a_site_in_public_wants_a_secret_key(tmp_path, hosts):
    ran = start(tmp_path, ALLOWED_HOSTS=hosts)

    assert ran.returncode != 0
    assert "SECRET_KEY: " in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_a_site_in_public_has_the_address_of_its_first_host(tmp_path):
    settings = told(
        tmp_path,
        *("SITE_URL", "SESSION_COOKIE_SECURE", "CSRF_TRUSTED_ORIGINS"),
        ALLOWED_HOSTS="localhost,blog.example",
        SECRET_KEY="long" * 20,
    )

    assert settings == {
        "SITE_URL": "https://blog.example",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_TRUSTED_ORIGINS": ["https://blog.example"],
    }


def test_keys_are_made_once_for_their_owner_alone(tmp_path):
    first = told(tmp_path, "SECRET_KEY", "LINK_KEY")
    second = told(tmp_path, "SECRET_KEY", "LINK_KEY")

    assert first == second
    assert min(map(len, first.values())) >= 50
    assert first["SECRET_KEY"] != first["LINK_KEY"]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*_key")}
    assert modes == {"secret_key": 0o600, "link_key": 0o600}


def test_keys_of_the_environment_come_first(tmp_path):
    (tmp_path / "link_key").write_text("kept")

    settings = told(tmp_path, "SECRET_KEY", "LINK_KEY", SECRET_KEY="given", LINK_KEY="given too")

    assert settings == {"SECRET_KEY": "given", "LINK_KEY": "given too"}


def test_sqlite_writes_ahead_and_waits_its_turn(tmp_path):
    code = (
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'blogsite.settings';"
        "django.setup(); from django.db import connection as c; cursor = c.cursor();"
        "print(*(cursor.execute(f'PRAGMA {name}').fetchone()[0]"
        " for name in ('journal_mode', 'busy_timeout')), c.transaction_mode)"
    )

    ran = start(tmp_path, code, DATABASE_URL=f"sqlite:///{tmp_path}/blog.sqlite3")

    assert ran.stdout.split() == ["wal", "20000", "IMMEDIATE"], ran.stderr


@pytest.mark.django_db
def test_these_tests_run_on_the_database_that_was_asked_for():
    asked = os.environ["DATABASE_URL"].partition(":")[0]

    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[asked]
