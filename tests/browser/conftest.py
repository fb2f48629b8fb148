"""A real browser for tests: Debian's Chromium, one in each worker, a fresh profile for each test.

A page fails its test when anything goes wrong in it that nobody asked about: an error in a script,
a line on the console (a breach of the content security policy is one), a request to another host.
"""

import os
import shutil
from urllib.parse import urlsplit

import pytest

from tests import lacking, make

# Debian's headless build first: the same engine, at two thirds of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE = 10_000  # milliseconds that a page may take before its test fails


@pytest.fixture(scope="session")
def chromium():
    """The browser; the tests that want one are skipped where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        lacking.skip("the browser (no Chromium found)")
    # Playwright keeps an event loop in this thread, for whose sake Django would refuse to work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, settings):
    """The running site; `site.url` is its address, which the site knows for its own."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server


@pytest.fixture
def open_page(chromium, site):
    """Call it to get a page in a fresh profile; it takes what Playwright's `new_context` takes."""
    contexts, faults = [], []

    def opened(**how):
        context = chromium.new_context(base_url=site.url, locale="en-GB", **how)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: _hear(message, faults))
        context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
        context.on("response", lambda response: _look(response, faults))
        context.on("request", lambda request: _watch(request, site.url, faults))
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def page(open_page):
    """A page on a desktop."""
    return open_page(viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(open_page):
    """A page on a phone."""
    return open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture
def without_script(open_page):
    """A page in a browser that runs no script."""
    return open_page(java_script_enabled=False)


@pytest.fixture
def author_page(open_page, site, client):
    """A page of the author, signed in at the desk; the user is `author_page.author`."""
    author = make.author()
    client.force_login(author)
    page = open_page(viewport={"width": 1280, "height": 900})
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}]
    )
    page.author = author
    return page


def _hear(message, faults):
    # Chromium also reports each answer of 400 and above, among them those that a test asks for.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        faults.append(f"console: {message.text}")


def _look(response, faults):
    of_page = response.request.resource_type not in ("document", "fetch", "xhr")
    if of_page and response.status >= 400:
        faults.append(f"{response.status}: {response.url}")


def _watch(request, ours, faults):
    address = urlsplit(request.url)
    if address.scheme not in ("data", "blob", "about") and not request.url.startswith(f"{ours}/"):
        faults.append(f"request to elsewhere: {request.url}")
