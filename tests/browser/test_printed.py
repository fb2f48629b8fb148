"""The letter for another way than mail, in a real browser: its form says where it comes from."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comments.models import RightOfReply
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_that_they_were_told_otherwise_is_noted(author_page):
    right = make.right(make.post(), make.subject(email=""))
    author_page.goto(reverse("admin:comments_rightofreply_letter", args=[right.pk]))

    author_page.get_by_label("How").fill("by post")
    author_page.get_by_role("button", name="Note that they were told").click()

    expect(author_page.locator(".messagelist")).to_contain_text("Noted: they were told.")
    assert RightOfReply.objects.get().told_at is not None
