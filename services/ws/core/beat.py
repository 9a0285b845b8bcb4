"""The beat: the one repairer. Every few seconds it asks the database, for all sockets of this process at once,
who is behind and whose session is gone. With Redis stopped, the beat alone delivers.
"""

import asyncio
import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import structlog
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError

from core import feed

if TYPE_CHECKING:
    from core.consumers import NotificationConsumer

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS: Final = 25.0
"""A `beat` frame at least this often, so that a browser, which cannot see pings, knows it is not deaf."""


class Beat:
    """The open sockets of this process, and the task that looks after them."""

    def __init__(self) -> None:
        self.sockets: set[NotificationConsumer] = set()
        self._per_user: Counter[int] = Counter()
        self._task: asyncio.Task[None] | None = None
        self._database_lost = False

    def count(self, user_id: int) -> int:
        """Return how many sockets that user has open here."""
        return self._per_user[user_id]

    def add(self, socket: "NotificationConsumer") -> None:
        """Look after a socket from now on."""
        self.sockets.add(socket)
        self._per_user[socket.login.user_id] += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def discard(self, socket: "NotificationConsumer") -> None:
        """Forget a socket that has closed."""
        if socket in self.sockets:
            self.sockets.remove(socket)
            self._per_user[socket.login.user_id] -= 1
            self._per_user += Counter()  # drops the zeros

    async def _run(self) -> None:
        while self.sockets:
            await asyncio.sleep(settings.BEAT_SECONDS * random.uniform(0.9, 1.1))  # noqa: S311
            try:
                await self.tick()
            except DatabaseError as error:
                # Sockets stay: the next beat that reaches the database repairs everything.
                if not self._database_lost:
                    log.warning("beat_lost_database", error=str(error).strip())
                self._database_lost = True
            except Exception:
                # The repairer must outlive whatever went wrong with one socket.
                log.exception("beat_failed")
            else:
                if self._database_lost:
                    log.info("beat_found_database")
                self._database_lost = False

    async def tick(self) -> None:
        """One beat: close dead sessions, send what is missing, and say that the line is alive."""
        sockets = [socket for socket in self.sockets if socket.is_ready]
        survey = await database_sync_to_async(feed.survey)(
            {socket.login.user_id for socket in sockets},
            {socket.login.session_key for socket in sockets},
        )
        for socket in sockets:
            standing = survey.users.get(socket.login.user_id)
            alive = socket.login.session_key in survey.sessions
            if standing is None or not alive or standing.password != socket.login.password:
                await socket.end_session()
                continue
            if standing.seq > socket.cursor:
                await socket.catch_up("beat")
            if standing.rev > socket.rev:
                await socket.send_changes({"rev": standing.rev})
        await self._say_alive(survey)
        # A deaf process would go on as if nobody ever rang.
        await get_channel_layer().probe()

    async def _say_alive(self, survey: feed.Survey) -> None:
        # Half a beat early rather than half a beat late: the client gives up after 60 s of silence.
        due_before = time.monotonic() - HEARTBEAT_SECONDS + settings.BEAT_SECONDS / 2
        due = [
            socket for socket in self.sockets if socket.is_ready and socket.last_beat <= due_before
        ]
        if not due:
            return
        users = {socket.login.user_id for socket in due}
        unread = await database_sync_to_async(feed.unread_counts)(users)
        for socket in due:
            user_id = socket.login.user_id
            if standing := survey.users.get(user_id):
                await socket.send_beat(standing.seq, standing.rev, unread.get(user_id, 0))


beat = Beat()
