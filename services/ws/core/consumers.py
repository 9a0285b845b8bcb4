"""NotificationConsumer: one browser tab's line. What happens to a message on its last step is in this file.

The cursor rule: each socket has a cursor. A pushed frame with seq = cursor + 1 is sent, one at or
below the cursor is dropped, and anything else (a gap, a connect, a beat) reads the rows above the cursor in
order and sends those. The socket joins its group first and reads then, so nothing falls between.
"""

import asyncio
import time
from typing import Any, Final
from urllib.parse import parse_qs

import structlog
from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import DatabaseError

from bellhop.contract import (
    CHECK_LOGIN,
    SEND_CHANGES,
    SEND_NOTIFICATION,
    CloseCode,
    user_group,
)
from bellhop.models import Inbox
from core import feed, frames
from core.beat import beat
from core.logins import Login, read_login, session_key

log = structlog.get_logger(__name__)

_EVENTS: Final = frozenset(
    {
        "websocket.connect",
        "websocket.receive",
        "websocket.disconnect",
        SEND_NOTIFICATION,
        SEND_CHANGES,
        CHECK_LOGIN,
    }
)


class Refused(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """The socket is accepted only to be closed with this code."""

    def __init__(self, code: CloseCode) -> None:
        self.code = code
        super().__init__(code)


class NotificationConsumer(AsyncConsumer):
    """Forwards one user's notifications to one socket: each once, in ascending seq."""

    login: Login

    def __init__(self) -> None:
        # The beat and the channel layer both send here; one at a time, or the cursor would race.
        self._turn: Final = asyncio.Lock()
        self._rate = frames.FrameRate(settings.SOCKET_FRAMES_PER_SECOND)
        self._accepted = False
        # Before `ready` was sent the beat leaves the socket alone: nothing may come before it.
        self.is_ready = False
        self._closed = False
        self.cursor = 0
        self.rev = 0
        self.last_beat = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket until it is gone; clean up however it went (daphne may just cancel)."""
        headers = dict(scope["headers"])
        self._connection = headers.get(b"x-request-id", b"").decode("latin-1")
        try:
            await super().__call__(scope, receive, send)
        finally:
            if hasattr(self, "login"):
                beat.discard(self)
                await self.channel_layer.group_discard(
                    user_group(self.login.user_id), self.channel_name
                )

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Call the event's handler; what nobody handles must not cost the user the socket."""
        if message.get("type") not in _EVENTS:
            # Channels would call any method of that name, or raise into the socket.
            log.warning("event_ignored", type=message.get("type"))
            return
        try:
            await super().dispatch(message)
        except DatabaseError as error:
            log.warning("event_left_to_beat", type=message["type"], error=str(error).strip())

    # From the browser

    async def websocket_connect(self, event: dict[str, Any]) -> None:
        """Check session, `after` and limits in this order, then join, accept and catch up."""
        try:
            await self._open()
        except Refused as refused:
            await self._accept()
            await self._close(refused.code)
        except DatabaseError as error:
            log.warning("socket_refused", reason=str(error).strip(), request_id=self._connection)
            await self._accept()
            await self._close(CloseCode.UNAVAILABLE)

    async def _open(self) -> None:
        login = await database_sync_to_async(read_login)(session_key(self.scope))
        if login is None:
            raise Refused(CloseCode.NO_SESSION)
        after = self._after()
        if settings.RATE_LIMITS and beat.count(login.user_id) >= settings.SOCKETS_PER_USER:
            raise Refused(CloseCode.TOO_MANY)
        self.login = login
        beat.add(self)
        # Held until the catch-up is through, so that neither beat nor ring sends before `ready`.
        async with self._turn:
            await self.channel_layer.group_add(user_group(login.user_id), self.channel_name)
            state = await database_sync_to_async(feed.first_look)(login.user_id, login.session_key)
            if state is None:
                # It ended before this socket could hear of it.
                raise Refused(CloseCode.NO_SESSION)
            await self._accept()
            self.rev = state.rev
            await self.send_frame({"type": "ready", **state._asdict(), "user_key": login.user_key})
            log.info("socket_open", user=login.user_id, request_id=self._connection, after=after)
            self.cursor = state.seq
            if after is None:
                after = login.mark if login.mark is not None else state.seq
            if after > state.seq:
                await self.send_frame({"type": "resync", "seq": state.seq})
            else:
                self.cursor = after
                await self._send_missed("catch-up")
        self.is_ready = True

    def _after(self) -> int | None:
        query_string = self.scope["query_string"].decode("latin-1")
        try:
            query = parse_qs(query_string, keep_blank_values=True, max_num_fields=20)
            return frames.parse_after(query.get("after", []))
        except ValueError:
            raise Refused(CloseCode.BAD_FRAME) from None

    async def websocket_receive(self, event: dict[str, Any]) -> None:
        """Validate a client's frame. Only `ack` means something; unknown types are ignored."""
        if self._closed:
            return
        if settings.RATE_LIMITS and self._rate.exceeded():
            await self._close(CloseCode.TOO_MANY)
            return
        try:
            frame = frames.parse(event.get("text"), settings.SOCKET_FRAME_BYTES)
        except frames.BadFrameError:
            await self._close(CloseCode.BAD_FRAME)
            return
        if frame["type"] == "ack" and not await self._is_known(frame.get("seq")):
            await self._close(CloseCode.BAD_FRAME)

    async def _is_known(self, seq: object) -> bool:
        """Whether a client may acknowledge it: a seq up to the latest, which it may know over HTTP."""
        if frames.is_seq(seq, self.cursor):
            return True
        state = await database_sync_to_async(Inbox.state_of)(self.login.user_id)
        return frames.is_seq(seq, state.seq)

    async def websocket_disconnect(self, event: dict[str, Any]) -> None:
        """The browser is gone, or has answered our close."""
        self._closed = True
        log.info("socket_closed", code=event.get("code"), request_id=self._connection)
        raise StopConsumer

    # From the channel layer

    async def send_notification(self, event: dict[str, Any]) -> None:
        """Forward a `send.notification` event: a saved notification by the cursor rule, an unsaved one as it is."""
        frame = event.get("notification")
        if frame is not None and not frames.is_saved(frame):
            log.warning(
                "event_ignored", type=event["type"], reason="a notification without id or seq"
            )
            return
        if frame is None:
            message = " ".join(str(event.get("message", "")).split())
            async with self._turn:
                await self.send_frame(
                    {"type": "notification", "kind": "message", "message": message}
                )
            return
        async with self._turn:
            if frame["seq"] == self.cursor + 1:
                await self._forward(frame, event.get("request_id", ""), "ring")
            elif frame["seq"] > self.cursor:
                await self._send_missed("ring")

    async def send_changes(self, event: dict[str, Any]) -> None:
        """Handle a `send.changes` event: tell what was read, un-read or archived since the rev known here."""
        async with self._turn:
            if event["rev"] <= self.rev:
                return
            self.rev, frame = await database_sync_to_async(feed.changes)(
                self.login.user_id, self.rev
            )
            await self.send_frame(frame)

    async def check_login(self, event: dict[str, Any]) -> None:
        """Handle a `check.login` event: something ended a session of this user; close if it was this one."""
        if await database_sync_to_async(read_login)(self.login.session_key) is None:
            log.info("session_ended", user=self.login.user_id, request_id=self._connection)
            await self._close(CloseCode.NO_SESSION)

    # From the beat

    async def catch_up(self, way: str) -> None:
        """Send every notification above the cursor."""
        async with self._turn:
            await self._send_missed(way)

    async def send_beat(self, seq: int, rev: int, unread: int) -> None:
        """Say that the line is alive, and where the user stands."""
        await self.send_frame({"type": "beat", "seq": seq, "rev": rev, "unread": unread})

    async def end_session(self) -> None:
        """Close because the login session has ended."""
        await self._close(CloseCode.NO_SESSION)

    # The last step

    async def _send_missed(self, way: str) -> None:
        missed = await database_sync_to_async(feed.missed)(self.login.user_id, self.cursor)
        if missed.too_many:
            await self.send_frame({"type": "resync", "seq": missed.latest})
        for frame, request_id in missed.frames:
            await self._forward(frame, request_id, way)
        # What the database does not hold below its latest seq is no hole.
        self.cursor = max(self.cursor, missed.latest)

    async def _forward(self, frame: Any, request_id: str, way: str) -> None:
        if self._closed:
            return
        await self.send_frame(frame)
        self.cursor = frame["seq"]
        log.info(
            "notification_sent",
            request_id=request_id,
            id=frame["id"],
            user=self.login.user_id,
            seq=frame["seq"],
            way=way,
            connection=self._connection,
        )

    async def send_frame(self, frame: Any) -> None:
        """Send one JSON object, unless the socket is closing."""
        if not self._closed:
            if frame["type"] in ("ready", "beat"):
                self.last_beat = time.monotonic()
            await self.send({"type": "websocket.send", "text": frames.dumps(frame)})

    async def _accept(self) -> None:
        # Refusals accept first, too: a browser sees a close code only on a socket that was open.
        if not self._accepted:
            self._accepted = True
            await self.send({"type": "websocket.accept"})

    async def _close(self, code: CloseCode) -> None:
        if not self._closed:
            self._closed = True
            await self.send({"type": "websocket.close", "code": int(code)})
