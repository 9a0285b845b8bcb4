"""Plain HTTP and wrong paths: short answers, never a traceback."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from channels.testing import ApplicationCommunicator, WebsocketCommunicator
from django.db import OperationalError
from django.test import override_settings
from structlog.testing import capture_logs

from bellhop.contract import SOCKET_PATH
from bellhop.models import Inbox
from bellhop.ring.channel_layer import DoorbellLayer
from sockets.support import ORIGIN, PATIENCE, application


async def get(path: str, method: str = "GET") -> tuple[int, dict[bytes, bytes], Any]:
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}
    line = ApplicationCommunicator(application, scope)
    await line.send_input({"type": "http.request", "body": b""})
    start, body = await line.receive_output(PATIENCE), await line.receive_output(PATIENCE)
    await line.wait(PATIENCE)
    return start["status"], dict(start["headers"]), json.loads(body["body"])


@pytest.mark.django_db(transaction=True)
async def test_healthz_is_200_when_database_and_redis_answer() -> None:
    status, headers, body = await get("/healthz")
    assert (status, body) == (200, {"status": "ok"})
    assert headers[b"cache-control"] == b"no-store"


@pytest.fixture
def without_redis(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> None:
    nowhere = DoorbellLayer(f"redis://127.0.0.1:{closed_port}")
    monkeypatch.setattr("bellhop.server.ws_health_check.get_channel_layer", lambda: nowhere)


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OperationalError('connection to "db" (10.1.2.3) as bellhop failed\n')

    monkeypatch.setattr(Inbox.objects, "using", lambda _: SimpleNamespace(exists=away))


@pytest.mark.django_db(transaction=True)
async def test_readyz_is_200_when_database_and_redis_answer() -> None:
    status, headers, body = await get("/readyz")
    assert (status, body) == (200, {"status": "ready"})
    assert headers[b"cache-control"] == b"no-store"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("without_redis")
async def test_without_redis_it_is_healthy_since_the_beat_serves_and_not_ready() -> None:
    assert (await get("/healthz"))[::2] == (200, {"status": "ok"})
    assert (await get("/readyz"))[::2] == (503, {"status": "unready", "parts": ["redis"]})


@pytest.mark.usefixtures("without_database")
async def test_without_the_database_it_is_neither_and_the_reason_is_in_the_log_once() -> None:
    with capture_logs() as lines:
        for _ in range(3):
            answer = await get("/healthz")
            assert answer[::2] == (503, {"status": "unhealthy"}), "nothing about the inside"
        said = [line for line in lines if line["event"] == "unhealthy"]
        assert len(said) == 1
        assert "10.1.2.3" in said[0]["reason"]
    assert (await get("/readyz"))[::2] == (503, {"status": "unready", "parts": ["database"]})


@pytest.mark.usefixtures("without_redis", "without_database")
async def test_all_that_is_not_there_is_named() -> None:
    assert (await get("/readyz"))[2]["parts"] == ["redis", "database"]


async def test_what_hangs_is_not_there_and_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Hanging:
        async def is_connected(self) -> bool:
            await asyncio.sleep(60)
            return True

    async def hang(function: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("bellhop.server.ws_health_check.get_channel_layer", Hanging)
    monkeypatch.setattr("bellhop.server.ws_health_check.ask_upkeep", hang)
    monkeypatch.setattr("bellhop.server.ws_health_check.PATIENCE", 0.1)
    async with asyncio.timeout(PATIENCE):
        assert (await get("/readyz"))[2]["parts"] == ["redis", "database"]


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_the_sockets_path_asks_for_an_upgrade(method: str) -> None:
    status, headers, body = await get(SOCKET_PATH, method)
    assert status == 426
    assert (headers[b"upgrade"], headers[b"connection"]) == (b"websocket", b"Upgrade")
    assert body["error"]["code"] == "upgrade_required"


@pytest.mark.parametrize(
    "path", ["/", "/ws/", "/ws/notifications", "/healthz/", "/readyz/", "/admin/"]
)
async def test_anything_else_is_404_in_json(path: str) -> None:
    status, headers, body = await get(path)
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert headers[b"content-type"] == b"application/json"


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/notifications", "/ws/notifications/7/"])
async def test_an_unknown_socket_path_is_accepted_and_closed_with_4404(path: str) -> None:
    line = WebsocketCommunicator(application, path, headers=[(b"origin", ORIGIN.encode())])
    assert (await line.connect(PATIENCE))[0]
    assert (await line.receive_output(PATIENCE))["code"] == 4404


HOST = ORIGIN.partition("://")[2]


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://evil.example",
        f"{ORIGIN}.evil.example",
        f"http://evil@{HOST}",
        f"http://{HOST}@evil.example",
        f"{ORIGIN}/path",
        f"{ORIGIN}?query",
        "http://localhost:1",
        "http://localhost:99999",
        "http://localhost:x",
        f"ftp://{HOST}",
        HOST,
    ],
)
async def test_a_foreign_origin_is_refused_before_anything_is_asked(origin: str | None) -> None:
    """No database is allowed in this test: the session was not even looked up."""
    headers = [] if origin is None else [(b"origin", origin.encode())]
    line = WebsocketCommunicator(application, SOCKET_PATH, headers=headers)
    assert (await line.connect(PATIENCE))[0] is False


async def test_the_origin_is_checked_before_the_path() -> None:
    line = WebsocketCommunicator(application, "/nowhere", headers=[(b"origin", b"http://evil")])
    assert (await line.connect(PATIENCE))[0] is False


@override_settings(BELLHOP={"ORIGINS": ["https://notify.example.com"]})
@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (b"https://notify.example.com", True),
        (b"https://notify.example.com:443", True),
        (b"http://notify.example.com", False),
        (b"https://notify.example.com:8443", False),
        (b"https://sub.notify.example.com", False),
        (b"https://example.com", False),
    ],
)
async def test_scheme_host_and_port_of_the_public_address_all_count(
    origin: bytes, allowed: bool
) -> None:
    from bellhop.sockets.admission.origin import OriginGate
    from bellhop.sockets.admission.origin import UnknownPath as inside  # noqa: N813 - any application behind the gate

    line = WebsocketCommunicator(OriginGate(inside.as_asgi()), "/", headers=[(b"origin", origin)])
    assert (await line.connect(PATIENCE))[0] is allowed
