"""Parts of `bellhop_check` alone: a server that is none of ours, what a handshake names, and what fails or hangs."""

import threading
from collections.abc import Iterator
from functools import partial
from time import monotonic
from typing import Any

import pytest

from bellhop.checks.running import findings, worker
from bellhop.checks.running.findings import Finding, missing, ok, tried
from bellhop.checks.running.sockets.knock import Knock, knock_at
from bellhop.checks.running.sockets.socket_server import try_socket_server
from rows.checks.running.answers import Answers, said

WS = "http://127.0.0.1:8001"


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"status": 7}', b"\xff"])
def test_a_server_that_is_none_of_ours_is_told(
    server: str, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr(Answers, "status", 404)
    monkeypatch.setattr(Answers, "body", body)
    (line,) = said(try_socket_server(server))
    assert line.startswith("note socket server: /healthz answers 404")


def test_what_a_server_lacks_is_told(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "status", 503)
    monkeypatch.setattr(Answers, "body", b'{"status": "unready", "parts": ["redis", "database"]}')
    assert "unready redis database" in said(try_socket_server(server))[1]


def test_where_redis_alone_is_away_the_address_of_the_server_is_not_doubted(
    server: str, settings: Any, closed_port: int
) -> None:
    settings.BELLHOP = {"REDIS_URL": f"redis://127.0.0.1:{closed_port}/0"}
    lines = said(
        tried(
            "socket server", partial(try_socket_server, server), seconds=60, advice="Correct --ws"
        )
    )
    assert [line.split()[0] for line in lines] == ["ok", "ok", "missing"]
    assert "Redis" in lines[2]
    assert "--ws" not in lines[2]
    assert "refused. Start it" in lines[2]


@pytest.mark.parametrize(
    "url", ["", "here", "ftp://here", "http://", "http://here:port", "http://[::1"]
)
def test_an_address_that_is_none_is_told(url: str) -> None:
    (line,) = said(try_socket_server(url))
    assert line.startswith(f"missing socket server at {url}: ")
    assert "--ws http://host:port" in line


@pytest.mark.parametrize(
    ("changed", "url", "origin"),
    [
        ({"ALLOWED_HOSTS": ["*"]}, "ws://127.0.0.1:8001", WS),
        ({"DEBUG": True, "ALLOWED_HOSTS": []}, "ws://127.0.0.1:8001", WS),
        ({"ALLOWED_HOSTS": [".a.org", "b.org"]}, "ws://a.org", "http://a.org"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.a.org", "https://b.org"]}, "ws://127.0.0.1:8001", "https://b.org"),
        ({"BELLHOP": {"ORIGINS": ["https://c.org"]}}, "ws://127.0.0.1:8001", "https://c.org"),
        ({"ALLOWED_HOSTS": []}, "ws://127.0.0.1:8001", WS),
    ],
)  # fmt: skip
def test_a_handshake_names_a_host_and_an_origin_that_are_let_in(
    settings: Any, changed: dict[str, Any], url: str, origin: str
) -> None:
    plain = {"DEBUG": False, "ALLOWED_HOSTS": ["a.org"], "CSRF_TRUSTED_ORIGINS": [], "BELLHOP": {}}
    for name, value in {**plain, **changed}.items():
        setattr(settings, name, value)
    assert knock_at(WS) == Knock(f"{url}/ws/notifications/", origin)


def test_what_fails_is_a_finding_behind_those_that_came_before() -> None:
    def part() -> Iterator[Finding]:
        yield ok("one")
        raise LookupError("two\nlines.")

    found = said(tried("part", part, seconds=5, advice="Do it"))
    assert found == ["ok one", "missing part: two lines. Do it"]


def test_what_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, released = threading.Event(), threading.Event()

    def part() -> Iterator[Finding]:
        yield ok("one")
        hangs.set()
        released.wait(60)
        yield missing("too late")

    def once_it_hangs() -> float:
        """The time, but not before that: its thread may begin late."""
        assert hangs.wait(30)
        return monotonic()

    monkeypatch.setattr(findings, "monotonic", once_it_hangs)
    began = monotonic()
    found = said(tried("part", part, seconds=0.2, advice="Do it"))
    released.set()
    assert found == ["ok one", "missing part: no answer within 0.2 s. Do it"]
    assert monotonic() - began < 30


def test_where_celery_is_not_installed_its_workers_are_not_missed(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket server's own image may do without."""
    settings.BELLHOP = settings.BELLHOP | {"RING": "celery"}
    monkeypatch.setattr(worker, "find_spec", lambda name: None)
    assert said(worker.try_worker()) == [
        "note Celery worker: not tried, Celery is not installed here; try where notify() is called"
    ]
