"""Plain HTTP that reaches the socket service: the health check, 426 on the socket's path, else 404."""

import json
from typing import Any

from channels.layers import get_channel_layer
from django.db import DatabaseError

from bellhop.contract import SOCKET_PATH
from bellhop.models import Inbox
from core.database import ask_upkeep


async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An ASGI application for scope type ``http``."""
    headers: list[tuple[bytes, bytes]] = []
    body: dict[str, object]
    if scope["path"] == "/healthz":
        reason = await unhealthy()
        status, body = (
            (503, {"status": "unhealthy", "reason": reason}) if reason else (200, {"status": "ok"})
        )
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


async def unhealthy() -> str:
    """Return why this process cannot do its whole job, or the empty string."""
    try:
        await ask_upkeep(Inbox.objects.exists)
    except DatabaseError as error:
        return f"database: {error}".strip()
    if not await get_channel_layer().is_connected():
        return "redis: no answer; notifications arrive by the beat"
    return ""


def _error(code: str, message: str) -> dict[str, str | None]:
    return {"code": code, "field": None, "message": message}
