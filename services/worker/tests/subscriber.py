"""A subscriber on the real layer, in a thread with a loop of its own, as the socket service is one."""

import asyncio
import threading
import time
import uuid
from types import TracebackType
from typing import Any, Self

from bellhop.conf import conf, prefix
from bellhop.ring.channel_layer import DoorbellLayer

PATIENCE = 30.0


class Subscriber:
    """Hears one group from `with` until its end."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._heard: list[dict[str, Any]] = []
        self._told = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._layer = DoorbellLayer(conf.REDIS_URL, prefix())

    def __enter__(self) -> Self:
        self._thread.start()
        self.settle()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(PATIENCE)

    def settle(self) -> list[dict[str, Any]]:
        """Return all that was rung before now: what is sent last is heard last."""
        deadline = time.monotonic() + PATIENCE
        mark = {"type": "settled", "n": uuid.uuid4().hex}
        while mark not in self._heard:
            assert time.monotonic() < deadline, "the layer is deaf"
            asyncio.run(self._send(mark))
            time.sleep(0.05)
        # It goes on being filled: what comes meanwhile is for the next call.
        fresh = self._heard[self._told :]
        self._told += len(fresh)
        return [event for event in fresh if event["type"] != "settled"]

    async def _send(self, mark: dict[str, Any]) -> None:
        layer = DoorbellLayer(conf.REDIS_URL, prefix())
        await layer.group_send(self._group, mark)
        await layer.flush()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._listen())
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        finally:
            self._loop.close()

    async def _listen(self) -> None:
        channel = await self._layer.new_channel()
        await self._layer.group_add(self._group, channel)
        while True:
            event = await self._layer.receive(channel)
            self._heard.append(event)
