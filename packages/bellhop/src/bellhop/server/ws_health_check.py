"""Plain HTTP that reaches the socket service: the health checks, 426 on the socket's path, else 404."""

import asyncio
import json
from typing import Any, Final

from django.db import DatabaseError

from bellhop import health_answers
from bellhop.contract import SOCKET_PATH
from bellhop.database.query_threads import ask_upkeep
from bellhop.models import Inbox, write_database
from bellhop.ring.channel_layer import get_channel_layer

PATIENCE: Final = 1.5
"""Seconds for the database and for Redis to answer a check: below those that web waits for the result."""

_unhealthy = health_answers.ChangeLog("unhealthy", "healthy_again")
_unready = health_answers.ChangeLog("unready", "ready_again")


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer one request, as an ASGI application for scope type ``http``."""
    headers: list[tuple[bytes, bytes]] = []
    body: dict[str, object]
    if scope["path"] == "/healthz":
        # A process without Redis is healthy: the beat serves its sockets.
        reason = await _without_database()
        _unhealthy.note(reason, kind=reason and "database")
        status, body = (503, health_answers.UNHEALTHY) if reason else (200, health_answers.HEALTHY)
    elif scope["path"] == "/readyz":
        status, body = health_answers.readiness(await missing())
    elif scope["path"] == SOCKET_PATH:
        status, body = (
            426,
            {"error": _error("upgrade_required", "this address speaks WebSocket only")},
        )
        headers = [(b"upgrade", b"websocket"), (b"connection", b"Upgrade")]
    else:
        status, body = 404, {"error": _error("not_found", "there is nothing here")}
    content = json.dumps(body).encode()
    headers += [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def missing() -> list[str]:
    """Return which of the parts that this process needs for live delivery do not answer it."""
    asked = {
        "redis": asyncio.create_task(get_channel_layer().is_connected()),
        "database": asyncio.create_task(_without_database()),
    }
    await asyncio.wait(asked.values(), timeout=PATIENCE)
    parts = []
    if _failed(asked["redis"]) or not asked["redis"].result():
        parts.append("redis")
    if _failed(asked["database"]) or asked["database"].result():
        parts.append("database")
    _unready.note(" ".join(parts))
    return parts


def _failed(task: "asyncio.Task[Any]") -> bool:
    """Return whether a check has not ended in time, or ended otherwise than it should."""
    return task.cancel() or task.cancelled() or task.exception() is not None


async def _without_database() -> str:
    """Return why the database does not answer, or the empty string."""
    try:
        await ask_upkeep(Inbox.objects.using(write_database.alias()).exists)
    except DatabaseError as error:
        return f"database: {' '.join(str(error).split())}"
    return ""


def _error(code: str, message: str) -> dict[str, str | None]:
    return {"code": code, "field": None, "message": message}
