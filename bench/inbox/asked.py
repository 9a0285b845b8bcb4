"""What a browser asks of an inbox, and how long the answer takes."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

PAGE: Final = "/notifications/"
API: Final = "/notifications/api/"

ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "page": (PAGE,),
    "list": (API,),
    "unread": (f"{API}?view=unread&counts=true",),
    "archived": (f"{API}?view=archived",),
    "kind": (f"{API}?kind=kind3",),
    "kind, unread": (f"{API}?view=unread&kind=kind0",),
    "kind, archived": (f"{API}?view=archived&kind=kind3",),
    "thread": (f"{API}?thread=order-1",),
    "older": (f"{API}?before=26",),
    "search, one": (f"{API}?q=quokka",),
    "search, none": (f"{API}?q=wallaby",),
    "search, all": (f"{API}?q=order",),
    "bell": (f"{API}summary", f"{API}?limit=10"),
}
"""Addresses by what is asked; several are asked one after the other and counted together."""


@dataclass
class Asking:
    """One person's browser, and the seconds that each of ASKED took."""

    client: Client
    seconds: dict[str, list[float]] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str) -> "Asking":
        client = Client()
        user = User.objects.get(username=name)
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return cls(client)

    def ask(self, what: str) -> None:
        began = time.perf_counter()
        for address in ASKED[what]:
            answer = self.client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code} {answer.content[:200]!r}")
        self.seconds.setdefault(what, []).append(time.perf_counter() - began)

    def queries(self, what: str) -> list[str]:
        """Return the SQL that it takes."""
        with CaptureQueriesContext(connection) as captured:
            for address in ASKED[what]:
                self.client.get(address)
        return [query["sql"] for query in captured.captured_queries]

    def percentile(self, what: str, percent: int) -> float:
        """Return so many milliseconds."""
        taken = sorted(self.seconds[what])
        return 1000 * taken[min(len(taken) - 1, len(taken) * percent // 100)]


def explain(sql: str) -> str:
    """Return how the database answers a query, with what it took."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, SUMMARY OFF) " + sql.replace("%", "%%"), ())
        rows: list[Any] = cursor.fetchall()
    return "\n".join(line for (line,) in rows)
