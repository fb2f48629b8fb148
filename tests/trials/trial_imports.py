"""Import real exports twice, each into an empty site: `BLOG_EXPORTS=folder make trial-imports`.

No part of the suite, because those files are other people's. The folder has an EXPECTED.json,
which says what each file holds, counted by another program; the report must agree with it. Every
address that a file gives for what was public must lead to a page, and a second import must find
nothing new.
"""

import io
import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import call_command
from lxml import etree

from posts.models import OldAddress, Post

FOLDER = Path(os.environ.get("BLOG_EXPORTS", "")).absolute()
EXPECTED = FOLDER / "EXPECTED.json"
NOT_YET = {"disqus"}
KNOWN = json.loads(EXPECTED.read_text()) if EXPECTED.is_file() else {}
rows = []


@pytest.fixture(scope="module", autouse=True)
def _table():
    yield
    head = ("file", "agrees", "new", "addresses", "pages", "second import", "told", "skipped")
    widths = [max(len(str(row[place])) for row in [head, *rows]) for place in range(len(head))]
    print()
    for row in [head, *rows]:
        cells = (str(cell).ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def test_the_folder_has_what_is_expected():
    assert KNOWN, f"{EXPECTED} is not there: say BLOG_EXPORTS=folder"


@pytest.mark.django_db
@pytest.mark.parametrize("name", KNOWN)
def test_import(name, tmp_path, client):
    expected = KNOWN[name]
    if expected["format"] in NOT_YET:
        rows.append((name, f"{expected['format']}: not yet", *[""] * 6))
        pytest.skip(f"{expected['format']} is not read yet")
    report = _run(FOLDER / name, tmp_path)
    both = sorted(report.keys() & expected.keys())
    disagree = {key: (report[key], expected[key]) for key in both if report[key] != expected[key]}
    given = _given(FOLDER / name)
    lost = [address for address in given if not _leads(client, address)]
    for row in OldAddress.objects.filter(post__state=Post.State.PUBLISHED):
        address = str(row)
        if address not in given and not _leads(client, address):
            lost.append(address)
    pages = Post.objects.published()
    broken = [page.slug for page in pages if not _shows(client, page)]
    again = _run(FOLDER / name, tmp_path)
    moved = {what: again[what] for what in ("new", "changed") if any(again[what].values())}
    rows.append(
        (
            name,
            "no" if disagree else f"yes ({len(both)} keys)",
            " ".join(str(number) for number in report["new"].values()),
            f"{len(given) - len(lost)} of {len(given)}",
            f"{len(pages) - len(broken)} of {len(pages)}",
            "something new" if moved else "nothing new",
            len(report["warnings"]),
            len(report["skipped"]),
        )
    )
    assert not disagree, "the report says otherwise than EXPECTED.json (report, expected)"
    assert not lost, "these addresses lead nowhere"
    assert not broken, "these pages do not show their posts"
    assert not moved, "a second import must find nothing new"


def _run(path, folder):
    call_command("import_blog", str(path), report=folder / "report.json", stdout=io.StringIO())
    return json.loads((folder / "report.json").read_text())


def _leads(client, address):
    # With its host, because an address may begin with two slashes.
    return client.get(f"http://testserver{address}", follow=True).status_code == 200


def _shows(client, post):
    response = client.get(post.get_absolute_url())
    return response.status_code == 200 and str(post.text) in response.content.decode()


def _given(path):
    """Return the addresses that the file gives for what was public; read apart from the program."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    addresses = []
    for item in etree.parse(str(path), parser).iter("{*}entry", "item"):
        values, links, kinds = {}, {}, []
        for one in item.iter():
            if isinstance(one.tag, str):
                name = one.tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1]
                values.setdefault(name, (one.text or "").strip())
                if name == "link" and one.get("href"):
                    links.setdefault(one.get("rel"), one.get("href"))
                if name == "category" and (one.get("scheme") or "").endswith("#kind"):
                    kinds.append(one.get("term").rsplit("#", 1)[-1])
        if kinds and kinds[0] in ("post", "page") and values.get("draft") != "yes":
            addresses.append(links.get("alternate", ""))
        elif values.get("type") in ("POST", "PAGE") and values.get("status") == "LIVE":
            addresses.append(values.get("filename", ""))
        elif (
            values.get("post_type") in ("post", "page")
            and values.get("status") == "publish"
            and not values.get("post_password")
        ):
            addresses.append(values["link"])
    parts = [urlsplit(address) for address in addresses if address]
    return [f"{unquote(one.path)}?{one.query}".rstrip("?") for one in parts]
