"""Bellhop's publisher, in the web image: what the layer's group_send publishes, and notify().

For `publish` the layer's own group_send runs, with its names and its serialisation; only the last step, redis-py's wait
for each answer, is replaced by one connection that is written to without waiting. So what is measured is the socket
process, not how many answers one Python process can wait for.
"""

import asyncio
import os
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import hiredis  # noqa: E402
import redis.asyncio  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connections  # noqa: E402
from publishing import orders, pace, stamps  # noqa: E402

from bellhop.contract import user_group  # noqa: E402
from bellhop.notify import notify as notify_one  # noqa: E402
from bellhop.notify import notify_many  # noqa: E402
from bellhop.ring.channel_layer import get_channel_layer  # noqa: E402
from config.celery import app  # noqa: E402, F401 - the application that rings are published through


class Wire(asyncio.Protocol):
    """One connection to Redis that commands are written to; the answers (a number each) are not waited for.

    What is written in one turn of the loop leaves in one piece, as node's client does it for Socket.IO.
    """

    _transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._waiting: list[bytes] = []

    def write(self, *words: object) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._send)
        self._waiting.append(hiredis.pack_command(words))

    def close(self) -> None:
        self._send()
        self._transport.close()

    def _send(self) -> None:
        self._transport.write(b"".join(self._waiting))
        self._waiting = []


async def publish(order: orders.Order) -> orders.Order:
    loop = asyncio.get_running_loop()
    target = redis.asyncio.ConnectionPool.from_url(settings.LAYER_URL).connection_kwargs
    _, wire = await loop.create_connection(Wire, target["host"], target.get("port", 6379))
    if target.get("password"):
        wire.write("AUTH", target.get("username", "default"), target["password"])
    layer = get_channel_layer()

    async def execute(_: object, *words: object, **__: object) -> int:
        wire.write(*words)
        return 1

    def send(number: int, user: int) -> None:
        message = stamps.write(number, user, time.monotonic_ns())
        event = {"type": "send.notification", "message": message}
        # It runs to its end at once, as nothing in it has to wait.
        asyncio.Task(layer.group_send(user_group(user), event), loop=loop, eager_start=True)

    original = redis.asyncio.Redis.execute_command
    redis.asyncio.Redis.execute_command = execute
    try:
        return await pace.publish_paced(order, send)
    finally:
        redis.asyncio.Redis.execute_command = original
        wire.close()


def save_and_ring(number: int, user: int) -> None:
    notify_one(User(pk=user), message=stamps.write(number, user, time.monotonic_ns()))


async def notify(order: orders.Order) -> orders.Order:
    return await asyncio.to_thread(pace.notify_paced, order, save_and_ring, connections.close_all)


def broadcast_now(order: orders.Order) -> orders.Order:
    message = stamps.write(order["first"], stamps.EVERYONE, time.monotonic_ns())
    try:
        notify_many([User(pk=user) for user in order["users"]], message=message)
    finally:
        connections.close_all()
    return {"sent": len(order["users"])}


async def broadcast(order: orders.Order) -> orders.Order:
    return await asyncio.to_thread(broadcast_now, order)


if __name__ == "__main__":
    asyncio.run(orders.serve({"publish": publish, "notify": notify, "broadcast": broadcast}))
