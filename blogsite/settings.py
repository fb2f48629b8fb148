"""The settings of the site: one file, read from the environment.

With nothing set, the blog runs for this machine alone: SQLite and media in
`DATA_DIR`, loopback hosts, keys generated once, mail written to files. As soon
as `ALLOWED_HOSTS` names another host it is a site in public, and refuses to
start with `DEBUG` on or without a `SECRET_KEY`. A wrong value is an error that
names its variable. The README lists every variable.
"""

import os
import zoneinfo
from pathlib import Path
from urllib.parse import urlsplit

import dj_email_url
from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, ValidationError

from blogsite.keys import kept_key

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]"}


def check_site_url(value):
    """Refuse an address of the site that is not a plain origin such as https://blog.example."""
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path):
        raise ValidationError("give scheme and host alone, such as https://blog.example")


def check_email_url(value):
    """Refuse an address of a mail server whose scheme is none of Django's mail backends."""
    schemes = {"smtp", "smtps", "smtp+tls", "smtp+ssl", "submission", "submit", "console", "file"}
    if value and urlsplit(value).scheme not in schemes:
        raise ValidationError("give an address such as smtp+tls://name:password@mail.example:587")


def check_time_zone(value):
    """Refuse a time zone that is not in the IANA list."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError("give a name of the IANA list, such as Europe/London")


def check_port(value):
    """Refuse a port that no server can listen on."""
    if not 0 < value < 65536:
        raise ValidationError("give a number from 1 to 65535")


# Not eager: every wrong value is told at once, by `env.seal()`.
env = Env(eager=False)
if (BASE_DIR / ".env").is_file():
    env.read_env(str(BASE_DIR / ".env"), recurse=False)

DEBUG = env.bool("DEBUG", False)
PORT = env.int("PORT", 8000, validate=check_port)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", "", validate=check_site_url)
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "data")
SECRET_KEY = env.str("SECRET_KEY", "")
LINK_KEY = env.str("LINK_KEY", "")
TIME_ZONE = env.str("TIME_ZONE", "Europe/London", validate=check_time_zone)
for name in ("DATABASE_URL", "CACHE_URL"):  # set to nothing is not set
    if not os.environ.get(name, "").strip():
        os.environ.pop(name, None)
database = env.dj_db_url("DATABASE_URL", "sqlite://:memory:")
cache = env.dj_cache_url("CACHE_URL", "locmem://")
EMAIL_URL = env.str("EMAIL_URL", "", validate=check_email_url)
DATABASE_URL = env.str("DATABASE_URL", "")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "blog@localhost")

try:
    env.seal()
except EnvValidationError as error:
    wrong = "; ".join(
        f"{name}: {' '.join(str(message) for message in messages)}"
        for name, messages in error.error_messages.items()
    )
    raise ImproperlyConfigured(wrong) from None

SERVER_EMAIL = DEFAULT_FROM_EMAIL
PUBLIC = not LOOPBACK.issuperset(ALLOWED_HOSTS)
if PUBLIC and DEBUG:
    raise ImproperlyConfigured(
        "DEBUG: it is on, while ALLOWED_HOSTS names a host that others can reach."
    )
if PUBLIC and not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY: it is empty, while ALLOWED_HOSTS names a host that others can reach."
    )
if not SITE_URL:
    named = [host.lstrip(".") for host in ALLOWED_HOSTS if host not in LOOPBACK and host != "*"]
    SITE_URL = f"https://{named[0]}" if named else f"http://127.0.0.1:{PORT}"

try:
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    SECRET_KEY = SECRET_KEY or kept_key(DATA_DIR / "secret_key")
    LINK_KEY = LINK_KEY or kept_key(DATA_DIR / "link_key")
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR: {DATA_DIR} cannot be used ({error.strerror}).") from None

# Parts

INSTALLED_APPS = [
    "blogsite",
    "posts",
    "comments",
    "blogsite.admin.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "crispy_forms",
    "csp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "posts.old_addresses.OldAddressMiddleware",
    "blogsite.typed.FormsAloneMiddleware",
]

ROOT_URLCONF = "blogsite.urls"
WSGI_APPLICATION = "blogsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "posts.context.blog",
            ],
        },
    },
]
CRISPY_TEMPLATE_PACK = "plain"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["plain"]

# Where things are kept

if not DATABASE_URL:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "blog.sqlite3"}
if database["ENGINE"] == "django.db.backends.sqlite3":
    # WAL: readers go on while somebody writes. IMMEDIATE: a writer waits its turn at BEGIN
    # instead of failing at its first write. The timeout (seconds) is how long it waits.
    # FULL: what was acknowledged outlives a power cut, however SQLite itself was built.
    database.setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command=("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON"),
    )
else:
    database.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DATABASES = {"default": database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": cache}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "media/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "static/"
# Every file has its hash in its name, and the plain one is not needed; nobody reads source maps.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "gif", "webp", "woff", "woff2", "gz", "br", "map"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Mail

if EMAIL_URL:
    globals().update(dj_email_url.parse(EMAIL_URL))
else:
    EMAIL_BACKEND = "blogsite.mail.FileBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 20

# Who may do what

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "admin:login"
# A message in a cookie would mark a reader; the desk's messages live in its session.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "blogsite.views.no_token"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# No script or style stands in a page; nothing loads from elsewhere but the pictures of posts that
# were written on another system and still have their pictures there.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        # The nonce is sent where a page asks for one: at the desk, for the editor's import map.
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "https:", "http:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# Words

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
FORMAT_MODULE_PATH = ["blogsite.formats"]
USE_I18N = True
USE_TZ = True

# Logs hold no reader's address, and no path of a secret page.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_secrets": {"()": "blogsite.logs.NoSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["no_secrets"],
            "formatter": "line",
        },
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Each mistyped address and form would be a line.
        "django.request": {"level": "ERROR"},
        # Each task that starts and ends would be a line.
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
