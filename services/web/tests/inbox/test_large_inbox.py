"""However many notifications somebody has, each answer costs the same number of queries."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.rows import add


def read_all(client: Client) -> Any:
    body = json.dumps({"through": 3000})
    return client.post("/api/notifications/read", body, content_type="application/json")


ANSWERS: dict[str, Callable[[Client], Any]] = {
    "page": lambda client: client.get("/"),
    "list": lambda client: client.get("/api/notifications/?limit=200"),
    "ascending": lambda client: client.get("/api/notifications/?after=0"),
    "summary": lambda client: client.get("/api/notifications/summary"),
    "read all": read_all,
}


@pytest.mark.parametrize("name", ANSWERS)
def test_many_notifications_cost_no_more_queries_than_one(
    user: User, browser: Client, name: str
) -> None:
    counts = []
    for more in (1, 2999):
        add(user, more)
        # The first one of a session marks where it began, that of a long inbox how many are unread.
        browser.get("/api/notifications/summary")
        with CaptureQueriesContext(connection) as queries:
            assert ANSWERS[name](browser).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
