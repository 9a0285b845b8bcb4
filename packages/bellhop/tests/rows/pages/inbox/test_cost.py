"""What the inbox page costs: the same number of queries for one row as for hundreds, and few bytes for a row."""

import gzip
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from rows.pages.inbox.test_paging import many

pytestmark = pytest.mark.django_db
INBOX = "/notifications/"


@pytest.mark.parametrize("count", [0, 1, 300])
@pytest.mark.parametrize(
    ("query", "queries"),
    [
        # Session, user; the standing, the page, the zone, counts, kinds.
        ("", 7),
        ("?view=unread&kind=message", 7),
        ("?view=archived", 7),
        # Whether there is anything on the other side.
        ("?before=100", 8),
    ],
)
def test_it_asks_as_often_however_much_there_is(
    browser: Client,
    user: User,
    django_assert_num_queries: Any,
    count: int,
    query: str,
    queries: int,
) -> None:
    many(user, count)
    with django_assert_num_queries(queries):
        assert browser.get(f"{INBOX}{query}").status_code == 200


def test_fifty_rows_take_eight_kilobytes_on_the_wire(browser: Client, user: User) -> None:
    many(user, 60, body="It has left and comes on Monday.", url="/orders/")
    content = browser.get(INBOX).content
    assert content.count(b'data-testid="notification" data-id') == 51  # with the one to clone
    assert len(gzip.compress(content, 6)) <= 8 * 1024
