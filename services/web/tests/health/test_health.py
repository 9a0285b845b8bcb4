"""What web says of itself, and of all that makes notifications arrive at once."""

import http.server
import json
import threading
import time
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from redis import Redis
from structlog.testing import capture_logs

from bellhop.health_answers import Recent
from bellhop.models import Inbox
from core.health import healthz as health
from core.health import readiness
from stack import task_names

pytestmark = pytest.mark.django_db(transaction=True)
READY = (200, {"status": "ready"})
WS_ANSWER, REDIS_ANSWER = readiness.WS_ANSWER, readiness.REDIS_ANSWER


def unready(*parts: str) -> tuple[int, dict[str, Any]]:
    return (503, {"status": "unready", "parts": list(parts)})


def readyz() -> tuple[int, dict[str, Any]]:
    """Ask anew, whatever was found a moment ago."""
    readiness.missing.forget()
    answer = Client(headers={"host": "10.0.0.7:8000"}).get("/readyz")
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()


class Ws(http.server.ThreadingHTTPServer):
    """A socket service as web sees it."""

    body = json.dumps({"status": "ready"}).encode()
    asked = 0
    seconds = 0.0


class Handler(http.server.BaseHTTPRequestHandler):
    server: Ws

    def do_GET(self) -> None:
        assert self.path == "/readyz"
        self.server.asked += 1
        time.sleep(self.server.seconds)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(autouse=True)
def ws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ws]:
    with Ws(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        monkeypatch.setattr(settings, "WS_URL", f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there answers in time, however busy the machine is; a test of what hangs sets its bound back."""
    for name in ("PATIENCE", "WS_ANSWER", "REDIS_ANSWER"):
        monkeypatch.setattr(readiness, name, 30.0)


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A worker that lives: its sign in Redis, where others may give theirs meanwhile."""
    monkeypatch.setattr(settings, "REDIS_PREFIX", f"ut-{uuid.uuid4().hex}.")
    redis: Any = Redis.from_url(settings.BROKER_URL)
    key = f"{settings.REDIS_PREFIX}{task_names.WORKER_SIGN}"
    redis.set(key, 1, ex=60)
    readiness._client.cache_clear()
    monkeypatch.setattr(health, "_log", type(health._log)("unhealthy", "healthy_again"))
    monkeypatch.setattr(readiness, "_log", type(health._log)("unready", "ready_again"))
    yield SimpleNamespace(stop=lambda: redis.delete(key), start=lambda: redis.set(key, 1, ex=60))
    redis.delete(key)
    redis.close()
    readiness._client.cache_clear()


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OperationalError('failed to resolve host "db"\nas bellhop')

    monkeypatch.setattr(Inbox.objects, "exists", away)


def test_all_there_is_ready() -> None:
    assert readyz() == READY


def test_a_worker_without_a_sign_of_life_is_named_and_ready_again_with_one(worker: Any) -> None:
    worker.stop()
    with capture_logs() as lines:
        assert readyz() == unready("worker")
        assert readyz() == unready("worker")
        worker.start()
        assert readyz() == READY
    assert [line["event"] for line in lines] == ["unready", "ready_again"]


def test_another_installations_worker_is_not_ours(
    worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "REDIS_PREFIX", "another.")
    assert readyz() == unready("worker")


@pytest.mark.parametrize("fault", ["closed_port", "silent_port"])
def test_without_redis_nobody_knows_of_the_worker(
    fault: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "REDIS_ANSWER", REDIS_ANSWER)
    port = request.getfixturevalue(fault)
    monkeypatch.setattr(settings, "BROKER_URL", f"redis://127.0.0.1:{port}/0")
    readiness._client.cache_clear()
    started = time.monotonic()
    assert readyz() == unready("redis")
    assert time.monotonic() - started < 3 * REDIS_ANSWER


def test_a_ws_that_is_away_is_named(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WS_URL", f"http://127.0.0.1:{closed_port}")
    assert readyz() == unready("ws")
    monkeypatch.setattr(settings, "WS_URL", "http://no-such-host.invalid:8001")
    assert readyz() == unready("ws")


def test_a_ws_that_hangs_is_named_in_time(ws: Ws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "WS_ANSWER", WS_ANSWER)
    ws.seconds = 20
    started = time.monotonic()
    assert readyz() == unready("ws")
    assert time.monotonic() - started < 3 * WS_ANSWER


def test_the_bounds_together_keep_an_answer_below_three_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    assert readiness.REDIS_ANSWER < readiness.WS_ANSWER < readiness.PATIENCE < 3


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"status": "unready", "parts": ["redis"]}, ["redis"]),
        ({"status": "unready", "parts": ["redis", "database"]}, ["redis", "database"]),
        ({"status": "unready", "parts": ["the moon"]}, ["ws"]),
        ({"status": "unready", "parts": []}, ["ws"]),
        ({"status": "unready"}, ["ws"]),
        ({"status": "unready", "parts": 7}, ["ws"]),
        ({}, ["ws"]),
        ([], ["ws"]),
        (None, ["ws"]),
    ],
)
def test_what_a_ws_misses_is_named_and_nonsense_is_a_ws_that_is_missing(
    ws: Ws, answer: Any, named: list[str]
) -> None:
    ws.body = json.dumps(answer).encode()
    assert readyz() == unready(*named)


def test_what_speaks_no_json_is_no_ws(ws: Ws) -> None:
    ws.body = b"<html>"
    assert readyz() == unready("ws")


def test_every_address_behind_the_name_is_asked(
    ws: Ws, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two replicas: one that answers, and one whose machine is gone."""
    port = ws.server_port

    def both(host: str, _: int, **options: Any) -> list[Any]:
        assert host == "ws.example"
        return [(0, 0, 0, "", (address, port)) for address in ("127.0.0.1", "127.0.0.2")]

    monkeypatch.setattr(settings, "WS_URL", f"http://ws.example:{port}")
    monkeypatch.setattr(readiness, "socket", SimpleNamespace(getaddrinfo=both, SOCK_STREAM=1))
    assert readyz() == unready("ws")
    assert ws.asked == 1


@pytest.mark.usefixtures("without_database")
def test_without_the_database_neither_is_well_and_nothing_is_told_but_in_the_log() -> None:
    assert readyz() == unready("database")
    with capture_logs() as lines:
        for _ in range(3):
            answer = Client().get("/healthz")
            assert (answer.status_code, answer.json()) == (503, {"status": "unhealthy"})
            assert answer.headers["cache-control"] == "no-store"
    assert [line["event"] for line in lines] == ["unhealthy"]
    assert lines[0]["reason"] == 'database: failed to resolve host "db" as bellhop'


@pytest.mark.usefixtures("without_database")
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_who_asks_again_and_again_fills_no_log(path: str, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        readiness.missing.forget()
        assert Client().get(path).status_code == 503
    assert [record.getMessage() for record in caplog.records if path in record.getMessage()] == []


def test_health_is_200_for_any_host_without_a_session_and_without_the_others(
    worker: Any, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.stop()
    monkeypatch.setattr(settings, "WS_URL", f"http://127.0.0.1:{closed_port}")
    answer = Client(headers={"host": "10.0.0.7:8000"}).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


def test_a_crowd_of_strangers_makes_no_more_work_than_one(
    ws: Ws, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever is late because the machine is busy is one of the crowd all the same.
    monkeypatch.setattr(readiness.missing, "_seconds", 60.0)
    ws.seconds = 0.2
    readiness.missing.forget()
    answers: list[int] = []
    crowd = [
        threading.Thread(target=lambda: answers.append(Client().get("/readyz").status_code))
        for _ in range(8)
    ]
    for stranger in crowd:
        stranger.start()
    for stranger in crowd:
        stranger.join()
    assert answers == [200] * 8
    assert ws.asked == 1


def test_while_it_is_worked_out_anew_the_last_answer_is_given_for_some_seconds() -> None:
    begun, free = threading.Event(), threading.Event()
    answers = iter([1, 2])

    def work() -> int:
        answer = next(answers)
        if answer == 2:
            begun.set()
            free.wait(30)
        return answer

    recent = Recent(work, seconds=0.0, stale=60.0)
    assert recent.get() == 1
    slow = threading.Thread(target=recent.get)
    slow.start()
    assert begun.wait(30)
    assert recent.get() == 1
    free.set()
    slow.join()


def test_what_raises_is_asked_again() -> None:
    answers = iter([ValueError("once"), 2])

    def work() -> Any:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    recent = Recent(work)
    with pytest.raises(ValueError, match="once"):
        recent.get()
    assert recent.get() == 2
