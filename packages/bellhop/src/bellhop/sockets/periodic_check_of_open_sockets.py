"""The beat: the one repairer. Every few seconds it asks the database, for all sockets of this process at once,
who is behind and whose session is gone. With Redis stopped, the beat alone delivers.
"""

import asyncio
import random
import time
from typing import Any, Final

from django.db import DatabaseError

from bellhop.conf import conf
from bellhop.database.query_threads import ask_upkeep
from bellhop.database.timeouts import availability
from bellhop.logs import get_logger
from bellhop.outage import Outage
from bellhop.ring.channel_layer import get_channel_layer
from bellhop.saving.number import number_left_behind
from bellhop.sockets import find_behind_or_signed_out
from bellhop.sockets.open_sockets import OpenSocket, Registry, registry

log = get_logger(__name__)

HEARTBEAT_SECONDS: Final = 25.0
"""A `beat` frame at least this often, so that a browser, which cannot see pings, knows it is not deaf."""

REPAIRERS: Final = 3
"""Users that are repaired at a time, so that one whose query hangs delays no other."""

STRAGGLER_SECONDS: Final = 1.0
"""A beat waits so long for the last of them; they go on without it."""


class Beat:
    """The task that looks after the open sockets of a registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._task: asyncio.Task[None] | None = None
        self._outage = Outage("beat_lost_database", "beat_found_database")
        self._repairing: set[Any] = set()
        self._probing: asyncio.Task[None] | None = None
        self._repairs: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Beat from now on, until no socket is left; nothing happens if it does already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        took = 0.0
        while self._registry.sockets:
            pause = conf.BEAT_SECONDS * random.uniform(0.9, 1.1)  # noqa: S311
            # From beginning to beginning; but a beat that takes long must leave room for everything else.
            await asyncio.sleep(max(pause - took, pause / 2))
            started = time.monotonic()
            try:
                await self.tick()
            except DatabaseError as error:
                # Sockets stay: the next beat that reaches the database repairs everything.
                self._outage.failed(error)
            except Exception:
                # The repairer must outlive whatever went wrong with one socket.
                log.exception("beat_failed")
            else:
                self._outage.worked()
            took = time.monotonic() - started

    async def tick(self) -> None:
        """One beat: number what was left without, close dead sessions, send what is missing, and say that the line is
        alive.
        """
        await self._number()
        sockets = [socket for socket in self._registry.sockets if socket.is_ready]
        found = await ask_upkeep(
            find_behind_or_signed_out.look, [socket.known for socket in sockets]
        )
        for place in found.over:
            await sockets[place].end_session()
        for place, login in found.renewed.items():
            sockets[place].login = login
        standings = {sockets[place]: standing for place, standing in found.behind.items()}
        await self._repair(standings)
        await self._say_alive()
        if self._probing is None or self._probing.done():
            self._probing = asyncio.create_task(self._probe())

    async def _number(self) -> None:
        """Number what a process that died has left without. Whoever is held up must hold up no socket."""
        try:
            await ask_upkeep(number_left_behind)
        except DatabaseError as error:
            if availability.is_lost:
                raise
            log.warning("numbering_failed", error=" ".join(str(error).split()))

    async def _probe(self) -> None:
        """Notice a deaf link. Beside the beat: a Redis that hangs is waited for, and nobody else may wait with it."""
        try:
            await get_channel_layer().probe()
        except Exception:
            log.exception("probe_failed")

    async def _repair(
        self, standings: dict[OpenSocket, find_behind_or_signed_out.Standing]
    ) -> None:
        """Send to each user's sockets what they miss, several users at a time."""
        behind: dict[Any, list[OpenSocket]] = {}
        for socket in standings:
            behind.setdefault(socket.login.user_id, []).append(socket)
        waiting = [user_id for user_id in behind if user_id not in self._repairing]
        if not waiting:
            return

        async def work() -> None:
            while waiting:
                user_id = waiting.pop()
                self._repairing.add(user_id)
                try:
                    for socket in behind[user_id]:
                        await self._repair_one(socket, standings[socket])
                except DatabaseError as error:
                    log.warning("repair_failed", user=user_id, error=str(error).strip())
                except Exception:
                    # The repairer must outlive whatever went wrong with one socket.
                    log.exception("beat_failed")
                finally:
                    self._repairing.discard(user_id)

        tasks = {asyncio.create_task(work()) for _ in range(min(REPAIRERS, len(waiting)))}
        for task in tasks:
            # asyncio itself holds tasks weakly.
            self._repairs.add(task)
            task.add_done_callback(self._repairs.discard)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(tasks, timeout=STRAGGLER_SECONDS)

    @staticmethod
    async def _repair_one(socket: OpenSocket, standing: find_behind_or_signed_out.Standing) -> None:
        if standing.seq > socket.cursor:
            await socket.catch_up("beat")
        if standing.rev > socket.rev:
            await socket.send_changes({"rev": standing.rev})

    async def _say_alive(self) -> None:
        # Half a beat early rather than half a beat late: the client gives up after 60 s of silence.
        due_before = time.monotonic() - HEARTBEAT_SECONDS + conf.BEAT_SECONDS / 2
        due = [
            socket
            for socket in self._registry.sockets
            if socket.is_ready and socket.last_beat <= due_before
        ]
        if not due:
            return
        states = await ask_upkeep(
            find_behind_or_signed_out.standings, {socket.login.user_id for socket in due}
        )
        for socket in due:
            await socket.send_beat(states[socket.login.user_id])


beat: Final = Beat(registry)
