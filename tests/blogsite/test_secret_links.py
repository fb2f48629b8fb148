"""Secret addresses: each opens its own row, and nothing else opens anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogsite import secret_links
from comments.models import RightOfReply
from tests import make

ROW, OTHER_ROW = 37, 38


class Rows:
    """Stands in for a queryset: two rows, by id."""

    class Row:
        def __init__(self, pk, serial):
            self.pk, self.serial = pk, serial

    rows = {ROW: Row(ROW, 3), OTHER_ROW: Row(OTHER_ROW, 3)}

    def filter(self, pk):
        self.found = self.rows.get(pk)
        return self

    def first(self):
        return self.found


def opens(secret):
    row = secret_links.find("reply", secret, Rows())
    return row and row.pk


SECRET = secret_links.derive("reply", ROW, 3)
OTHER = secret_links.derive("reply", OTHER_ROW, 3)


def test_a_secret_opens_its_row():
    assert (opens(SECRET), opens(OTHER)) == (ROW, OTHER_ROW)


@pytest.mark.parametrize(
    "secret",
    [
        secret_links.derive("yours", ROW, 3),
        secret_links.derive("reply", ROW, 2),
        secret_links.derive("reply", ROW, 4),
        secret_links.derive("reply", 39, 3),
        f"{OTHER_ROW:x}-{SECRET.partition('-')[2]}",
        SECRET[:-1],
        SECRET[1:],
        SECRET + "A",
        SECRET + "\n",
        SECRET.swapcase(),
        SECRET.replace("-", "", 1),
        f"0{SECRET}",
        f"{ROW:x}-",
        f"{ROW:x}-{'A' * 22}",
        f"zzz-{'A' * 22}",
        f"{'f' * 13}-{'A' * 22}",
        f"{'f' * 16}-{'A' * 22}",
        "",
        "-",
        "٣-" + "A" * 22,
    ],
)
def test_another_secret_opens_nothing(secret):
    assert opens(secret) is None


@given(st.text() | st.from_regex(secret_links.SHAPE, fullmatch=True))
def test_a_guess_opens_nothing(secret):
    assert opens(secret) is None or secret in (SECRET, OTHER)


def test_another_key_opens_nothing(settings):
    settings.LINK_KEY = "another"

    assert opens(SECRET) is None


@pytest.mark.django_db
def test_a_letterbox_opens_until_its_link_is_renewed():
    right, other = make.right(make.post()), make.right(make.post())
    former = right.letterbox.rstrip("/").rpartition("/")[2]
    assert RightOfReply.objects.by_secret(former) == right

    right.renew_link()
    current = right.letterbox.rstrip("/").rpartition("/")[2]

    assert RightOfReply.objects.by_secret(former) is None
    assert RightOfReply.objects.by_secret(current) == right
    assert other.serial == 1


@pytest.mark.django_db
def test_a_link_renewed_twice_at_once_opens_by_the_last_letter_alone():
    right = make.right(make.post())
    stale = RightOfReply.objects.get()
    right.renew_link()
    first = right.letterbox.rstrip("/").rpartition("/")[2]

    stale.renew_link()

    assert RightOfReply.objects.by_secret(first) is None


@pytest.mark.django_db
def test_a_number_beyond_any_row_opens_nothing():
    secret = f"{2**63 + 1:x}"[:13] + "-" + "A" * 22

    assert RightOfReply.objects.by_secret(secret) is None
