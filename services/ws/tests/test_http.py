"""Plain HTTP and wrong paths: short answers, never a traceback."""

import json
import socket
import subprocess
import sys
from typing import Any

import pytest
from channels.testing import ApplicationCommunicator, WebsocketCommunicator
from django.db import OperationalError
from django.test import override_settings

from bellhop.contract import SOCKET_PATH
from bellhop.layer import DoorbellLayer
from bellhop.models import Inbox
from config.asgi import application
from tests.support import ORIGIN


async def get(path: str, method: str = "GET") -> tuple[int, dict[bytes, bytes], Any]:
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}
    line = ApplicationCommunicator(application, scope)
    await line.send_input({"type": "http.request", "body": b""})
    start, body = await line.receive_output(10), await line.receive_output(10)
    await line.wait()
    return start["status"], dict(start["headers"]), json.loads(body["body"])


@pytest.mark.django_db(transaction=True)
async def test_healthz_is_200_when_database_and_redis_answer() -> None:
    status, headers, body = await get("/healthz")
    assert (status, body) == (200, {"status": "ok"})
    assert headers[b"cache-control"] == b"no-store"


@pytest.mark.django_db(transaction=True)
async def test_healthz_is_503_and_says_so_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        port = closing.getsockname()[1]
    nowhere = DoorbellLayer(f"redis://127.0.0.1:{port}")
    monkeypatch.setattr("core.http.get_channel_layer", lambda: nowhere)
    status, _, body = await get("/healthz")
    assert (status, body["status"]) == (503, "unhealthy")
    assert body["reason"].startswith("redis: ")


async def test_healthz_is_503_and_says_so_without_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> bool:
        raise OperationalError("connection refused\n")

    monkeypatch.setattr(Inbox.objects, "exists", away)
    status, _, body = await get("/healthz")
    assert (status, body["reason"]) == (503, "database: connection refused")


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_the_sockets_path_asks_for_an_upgrade(method: str) -> None:
    status, headers, body = await get(SOCKET_PATH, method)
    assert status == 426
    assert (headers[b"upgrade"], headers[b"connection"]) == (b"websocket", b"Upgrade")
    assert body["error"]["code"] == "upgrade_required"


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/notifications", "/healthz/", "/admin/"])
async def test_anything_else_is_404_in_json(path: str) -> None:
    status, headers, body = await get(path)
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert headers[b"content-type"] == b"application/json"


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/notifications", "/ws/notifications/7/"])
async def test_an_unknown_socket_path_is_accepted_and_closed_with_4404(path: str) -> None:
    line = WebsocketCommunicator(application, path, headers=[(b"origin", ORIGIN.encode())])
    assert (await line.connect())[0]
    assert (await line.receive_output())["code"] == 4404


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
    assert (await line.connect())[0] is False


async def test_the_origin_is_checked_before_the_path() -> None:
    line = WebsocketCommunicator(application, "/nowhere", headers=[(b"origin", b"http://evil")])
    assert (await line.connect())[0] is False


@override_settings(PUBLIC_ORIGINS=["https://notify.example.com"])
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
    from core.gate import OriginGate
    from core.gate import UnknownPath as inside  # noqa: N813 - any application behind the gate

    line = WebsocketCommunicator(OriginGate(inside.as_asgi()), "/", headers=[(b"origin", origin)])
    assert (await line.connect())[0] is allowed


def test_the_socket_service_knows_neither_celery_nor_pages() -> None:
    code = (
        "import sys, config.asgi\n"
        "print([name for name in ('celery', 'kombu', 'allauth', 'ninja') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=50
    )
    assert run.stdout.strip().splitlines()[-1] == "[]"
