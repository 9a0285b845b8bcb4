"""What every test of the socket service stands on: PostgreSQL, Redis, and a beat that only ticks when told."""

import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import hypothesis
import pytest
from asgiref.sync import SyncToAsync
from django.conf import settings as live_settings
from django.db import connections
from ports import closed_port  # noqa: F401 - a fixture

from bellhop.database import query_threads as lanes
from bellhop.ring import renew_redis_subscription
from bellhop.server import ws_health_check
from bellhop.sockets import periodic_check_of_open_sockets
from bellhop.sockets.open_sockets import registry
from sockets.support import Visitor

# The pool's idle connections would keep the test database from being dropped at the end ("is being
# accessed by other users"). Instead, each thread that asks for coroutines keeps its connection,
# and `threads_let_go` closes it.
database: Any = live_settings.DATABASES["default"]
# Of its own: the parts are tested beside each other.
database.setdefault("TEST", {})["NAME"] = "test_ws"
database["OPTIONS"].pop("pool")  # after bellhop.database.query_threads has read its size
# Making and dropping that database may take longer than any request.
database["OPTIONS"].pop("options")
database["CONN_MAX_AGE"] = None
LANES = {
    lanes.sockets_lane: lanes.CONNECTIONS - lanes.UPKEEP - lanes.STRANGERS,
    lanes.strangers_lane: lanes.STRANGERS,
    lanes.upkeep_lane: lanes.UPKEEP,
}
live_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Pub/sub knows no database numbers: without a prefix of our own, a stack on the same Redis would
# hear what these tests ring.
live_settings.BELLHOP["PREFIX"] = f"ut-{uuid.uuid4().hex}"

# The same examples at every run, none kept. Speed belongs in bench: on a busy machine any example is slow.
hypothesis.settings.register_profile("ut", database=None, derandomize=True, deadline=None)
hypothesis.settings.load_profile("ut")


@pytest.fixture(scope="session", autouse=True)
def threads_let_go(django_db_setup: None) -> Iterator[None]:
    """Close what coroutines' threads hold, before the test database is dropped."""
    yield
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()
    for lane, size in LANES.items():
        # Each waits for all: so each is on a thread of its own.
        everyone = threading.Barrier(size)
        for done in [lane.submit(_let_go, everyone) for _ in range(size)]:
            done.result()


def _let_go(everyone: threading.Barrier) -> None:
    everyone.wait(60)
    connections.close_all()


@pytest.fixture(autouse=True)
def beats_only_when_told(settings: Any) -> Iterator[None]:
    """The first beat of its own comes after any test has ended; sockets of a test's age need no `beat` frame."""
    settings.BELLHOP = settings.BELLHOP | {"BEAT_SECONDS": 600}
    settings.BELLHOP = settings.BELLHOP | {"RATE_LIMITS": True}
    # A context of its own: some tests undo what they have patched before they end.
    with pytest.MonkeyPatch.context() as patch:
        # Half a beat early is 25 s then, too.
        patch.setattr(periodic_check_of_open_sockets, "HEARTBEAT_SECONDS", 325.0)
        yield


@pytest.fixture(autouse=True)
def patient_with_what_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis and the database are there, however busy the machine is: no time-out takes them for lost."""
    monkeypatch.setattr(ws_health_check, "PATIENCE", 30.0)
    monkeypatch.setattr(renew_redis_subscription, "TIMEOUT", 30.0)


@pytest.fixture
async def visitors(transactional_db: None) -> AsyncIterator[list[Visitor]]:
    """Everybody who came; whatever they opened is closed at the end, and the beat then looks after nobody."""
    came: list[Visitor] = []
    yield came
    for visitor in came:
        for socket in visitor.sockets:
            await socket.leave()
    assert not registry.sockets


@pytest.fixture
async def owner(visitors: list[Visitor]) -> Visitor:
    """Ada, signed in."""
    visitors.append(await Visitor.arrive("ada"))
    return visitors[-1]


@pytest.fixture
async def outsider(visitors: list[Visitor]) -> Visitor:
    """Somebody else, signed in as well."""
    visitors.append(await Visitor.arrive("eve"))
    return visitors[-1]
