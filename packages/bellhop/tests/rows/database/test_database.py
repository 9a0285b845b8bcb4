"""The bounds against a real PostgreSQL behind a relay that can hang, hang up, and refuse."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool, PoolTimeout
from structlog.testing import capture_logs

from bellhop.database import timeouts
from bellhop.database.postgresql.base import DatabaseWrapper
from bellhop.database.timeouts import (
    ANSWER,
    PAUSE,
    POOL_WAIT,
    BoundedConnection,
)
from bellhop.outage import Outage

pytestmark = pytest.mark.django_db(transaction=True)
SLACK = 4.0
"""Seconds more than its bound that something may take: three times ANSWER."""


class Relay:
    """Passes bytes to PostgreSQL and back. While it hangs it accepts and passes nothing on, like `docker pause`."""

    def __init__(self, port: int) -> None:
        self.hangs = False
        self._target = (
            settings.DATABASES["default"]["HOST"],
            settings.DATABASES["default"]["PORT"],
        )
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self.port = port
        self.accept_again()

    def accept_again(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._accepting = threading.Thread(target=self._accept, args=(self._server,), daemon=True)
        self._accepting.start()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                near, _ = server.accept()
            except OSError:
                return
            far = socket.create_connection(self._target)
            self._pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with one, suppress(OSError):
            while data := one.recv(65536):
                while self.hangs:
                    time.sleep(0.01)
                other.sendall(data)
        # Not closed: the other thread still waits on it, and would keep the line open.
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """End all connections, as a server does that restarts."""
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def refuse(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        # Who was let in at the last moment is sent away as well.
        self._accepting.join()
        self.hang_up()


@pytest.fixture
def relay(closed_port: int) -> Iterator[Relay]:
    made = Relay(closed_port)
    yield made
    made.hangs = False
    made.refuse()


@pytest.fixture(autouse=True)
def availability(monkeypatch: pytest.MonkeyPatch) -> Outage:
    """A process that has not lost anything yet."""
    fresh = Outage("database_lost", "database_back", pause=timeouts.PAUSE)
    monkeypatch.setattr(timeouts, "availability", fresh)
    monkeypatch.setattr("bellhop.database.bounded_wrapper.availability", fresh)
    return fresh


def address(relay: Relay) -> dict[str, Any]:
    found = connection.get_connection_params()
    bounds = {**timeouts.options(bounded=True)}
    bounds.pop("pool")
    return {
        **{name: found[name] for name in ("dbname", "user", "password")},
        **bounds,
        "host": "127.0.0.1",
        "port": relay.port,
        "autocommit": True,
    }


@pytest.fixture
def bounded(relay: Relay) -> Iterator[BoundedConnection]:
    made = BoundedConnection.connect(**address(relay))
    yield made
    made.close()


@pytest.fixture
def django(relay: Relay) -> Iterator[DatabaseWrapper]:
    """Django's connection as a service has it, through the relay, with a pool of its own."""
    given = {
        **connection.settings_dict,
        "HOST": "127.0.0.1",
        "PORT": relay.port,
        "OPTIONS": timeouts.options(bounded=True),
    }
    made = DatabaseWrapper(given, alias="relayed")
    made.inc_thread_sharing()
    yield made
    relay.hangs = False
    made.close()
    made.close_pool()


@contextmanager
def takes(at_least: float, below: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    took = time.monotonic() - started
    assert at_least <= took < below


def ask(django: DatabaseWrapper) -> int:
    """What a request does: borrow a connection, ask, give it back."""
    try:
        with django.cursor() as cursor:
            cursor.execute("SELECT 1")
            return int(cursor.fetchone()[0])
    finally:
        django.close_if_unusable_or_obsolete()
        django.close()


def until_answered(django: DatabaseWrapper, within: float) -> None:
    deadline = time.monotonic() + within
    while True:
        try:
            assert ask(django) == 1
            return
        except OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_a_server_that_says_nothing_is_given_up_and_the_connection_closed(
    relay: Relay, bounded: BoundedConnection
) -> None:
    relay.hangs = True
    with takes(ANSWER, ANSWER + SLACK), pytest.raises(psycopg.OperationalError, match="nothing"):
        bounded.execute("SELECT 1")
    assert bounded.closed
    relay.hangs = False
    with pytest.raises(psycopg.OperationalError):
        bounded.execute("SELECT 1")


def test_a_commit_is_not_waited_for_any_longer(relay: Relay, bounded: BoundedConnection) -> None:
    bounded.autocommit = False
    bounded.execute("SELECT 1")
    relay.hangs = True
    with takes(ANSWER, ANSWER + SLACK), pytest.raises(psycopg.OperationalError):
        bounded.commit()
    assert bounded.closed


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose server takes its time is not given up, however late its answer comes on a busy machine."""
    monkeypatch.setattr(timeouts, "ANSWER", 30.0)


@pytest.mark.usefixtures("patient")
def test_a_slow_statement_is_cancelled_by_the_server_and_its_connection_stays(
    bounded: BoundedConnection, availability: Outage
) -> None:
    with (
        takes(timeouts.STATEMENT, timeouts.STATEMENT + SLACK),
        pytest.raises(psycopg.errors.QueryCanceled),
    ):
        bounded.execute("SELECT pg_sleep(30)")
    assert bounded.execute("SELECT 2").fetchone() == (2,)
    assert not availability.is_lost


@pytest.mark.usefixtures("patient")
def test_a_lock_that_somebody_holds_is_waited_for_no_longer_than_its_bound(
    db: None, bounded: BoundedConnection
) -> None:
    """A login relies on it: it passes without its notification when its inbox is not to be had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(77)")
        try:
            with (
                takes(timeouts.LOCK, timeouts.LOCK + SLACK),
                pytest.raises(psycopg.errors.LockNotAvailable),
            ):
                bounded.execute("SELECT pg_advisory_lock(77)")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(77)")
    assert not bounded.closed


def test_an_error_of_the_statement_says_nothing_about_the_server(
    bounded: BoundedConnection, availability: Outage
) -> None:
    with pytest.raises(psycopg.ProgrammingError):
        bounded.execute("SELECT nonsense")
    assert not availability.is_lost
    assert not bounded.closed


def test_a_hung_database_costs_one_wait_and_then_nothing(
    relay: Relay,
    django: DatabaseWrapper,
    availability: Outage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Within it nobody tries: not over before all have asked.
    monkeypatch.setattr(availability, "_pause", 60.0)
    assert ask(django) == 1
    relay.hangs = True
    with capture_logs() as lines:
        with takes(1, POOL_WAIT + ANSWER + SLACK), pytest.raises(OperationalError):
            ask(django)
        assert availability.is_lost
        # Not even one of them waits.
        with takes(0, POOL_WAIT):
            for _ in range(20):
                with pytest.raises(OperationalError, match="away"):
                    ask(django)
        relay.hangs = False
        monkeypatch.setattr(availability, "_pause", PAUSE)
        availability._retry_at = 0.0
        until_answered(django, within=30)
    assert [line["event"] for line in lines] == ["database_lost", "database_back"]


def test_a_refusing_database_is_given_up_within_the_pools_wait_and_found_again(
    relay: Relay, django: DatabaseWrapper
) -> None:
    assert ask(django) == 1
    with capture_logs() as lines:
        # Within: a thread of the pool may be on its way, and notice before anybody asks.
        relay.refuse()
        with takes(0, POOL_WAIT + SLACK), pytest.raises(OperationalError):
            ask(django)
        # Longer than the pool's own attempts would go on: they must begin anew.
        deadline = time.monotonic() + 3 * PAUSE
        while time.monotonic() < deadline:
            with takes(0, POOL_WAIT + SLACK), pytest.raises(OperationalError):
                ask(django)
            time.sleep(0.1)
        relay.accept_again()
        until_answered(django, within=30)
    assert [line["event"] for line in lines] == ["database_lost", "database_back"]


def test_a_restarted_database_is_noticed_by_nobody(relay: Relay, django: DatabaseWrapper) -> None:
    assert ask(django) == 1
    # Filled, as after a busy hour: all of them die at once.
    pool: Any = django.pool
    pool.timeout = 30.0  # That a busy machine needs longer than POOL_WAIT is another matter.
    taken = [pool.getconn() for _ in range(8)]
    for one in taken:
        pool.putconn(one)
    relay.hang_up()
    with capture_logs() as lines:
        assert ask(django) == 1
    assert lines == []


def test_a_server_that_connects_and_answers_nothing_is_asked_so_often_and_no_more(
    monkeypatch: pytest.MonkeyPatch, availability: Outage
) -> None:
    """As behind a pooler that has nothing to give: each connection is new, so the next one would be no better."""
    tried = 0

    class Connection:
        def execute(self, query: str) -> None:
            nonlocal tried
            tried += 1
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    given_back: list[object] = []
    pool = SimpleNamespace(max_size=8, putconn=given_back.append)
    monkeypatch.setattr(DatabaseWrapper, "pool", pool)
    monkeypatch.setattr(base.DatabaseWrapper, "get_new_connection", lambda *_: Connection())
    wrapper = DatabaseWrapper({**connection.settings_dict}, alias="mute")
    with pytest.raises(psycopg.OperationalError, match="closed the connection"):
        wrapper.get_new_connection({})
    assert tried == len(given_back) == 9
    # One that answers after some dead ones is found, as after a restart.
    dead = [Connection() for _ in range(8)]
    alive = SimpleNamespace(execute=lambda query: None)
    line = iter([*dead, alive])
    monkeypatch.setattr(base.DatabaseWrapper, "get_new_connection", lambda *_: next(line))
    assert wrapper.get_new_connection({}) is alive


def test_while_it_is_away_one_caller_each_pause_tries(availability: Outage) -> None:
    availability.failed(psycopg.OperationalError("gone\n"))
    with pytest.raises(psycopg.OperationalError, match=r"away: gone$"):
        timeouts.refuse_while_away()
    availability._retry_at = 0.0
    timeouts.refuse_while_away()
    with pytest.raises(psycopg.OperationalError):
        timeouts.refuse_while_away()


def test_a_pool_without_a_free_connection_is_no_lost_database(
    relay: Relay, availability: Outage
) -> None:
    options = timeouts.options(bounded=True)["pool"]
    options["max_size"] = 1
    with (
        ConnectionPool(kwargs=address(relay), open=True, **options) as pool,
        pool.connection(timeout=30),
        takes(0, POOL_WAIT + SLACK),
        pytest.raises(PoolTimeout),
    ):
        pool.getconn()
    assert not availability.is_lost


def test_a_job_is_bounded_in_reaching_the_server_and_in_nothing_else() -> None:
    unbounded = timeouts.options(bounded=False)
    assert unbounded["connect_timeout"] == 2
    assert not {"pool", "options"} & set(unbounded)


def test_the_bounds_together_keep_a_request_below_three_seconds() -> None:
    assert timeouts.LOCK < timeouts.STATEMENT < ANSWER
    assert POOL_WAIT + ANSWER < 3


def test_what_database_url_says_of_the_session_holds_for_jobs_and_services_alike(
    relay: Relay,
) -> None:
    """Migrations and services must see the same schema; whatever it says, the bounds stay."""
    given = {"options": "-c search_path=elsewhere -c statement_timeout=0"}
    seen = {}
    for bounded in (True, False):
        options = {**address(relay), **timeouts.options(given, bounded=bounded)}
        options.pop("pool", None)
        with psycopg.connect(**options) as made:
            names = ("search_path", "statement_timeout", "lock_timeout")
            seen[bounded] = [made.execute(f"SHOW {name}").fetchone()[0] for name in names]  # type: ignore[arg-type,index]
    assert seen == {True: ["elsewhere", "1500ms", "1s"], False: ["elsewhere", "0", "0"]}


def test_behind_a_pooler_nothing_is_said_of_the_session() -> None:
    for bounded in (True, False):
        options = timeouts.options({"sslmode": "prefer"}, bounded=bounded, pooler=True)
        assert "options" not in options
        assert options["sslmode"] == "prefer"
        assert options["prepare_threshold"] is None
        assert options["lifts_bounds"] is not bounded
    for name in ("options", "assume_role"):
        with pytest.raises(ValueError, match=f"^{name} cannot pass"):
            timeouts.options({name: "-c search_path=x"}, bounded=True, pooler=True)
