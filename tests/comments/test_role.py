"""What a subject says they are stands beside their name wherever their words do."""

import pytest
from lxml import html

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/comments/", "answer", "complain"])
def test_the_role_stands_beside_the_name(client, page):
    make.blog(author_email="")
    reply = make.right(make.post()).receive("It left at eight.", role="master of the ferry")
    reply.publish()
    ways = {
        "answer": f"/comments/on/{reply.post.slug}/?to={reply.number}",
        "complain": f"/comments/{reply.pk}/complain/",
    }

    response = client.get(ways.get(page, page))

    assert response.status_code == 200
    (role,) = html.fromstring(response.content).find_class("role")
    assert role.text_content() == "master of the ferry"
