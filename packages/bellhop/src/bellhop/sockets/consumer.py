"""SocketConsumer: one browser tab's line. What happens to a message on its last step is in this file.

The cursor rule: each socket has a cursor. A pushed frame with seq = cursor + 1 is sent, one at or
below the cursor is dropped, and anything else (a gap, a connect, a beat) reads the rows above the cursor in
order and sends those. The socket joins its group first and reads then, so nothing falls between. While its reader
is behind, nothing is sent and the cursor stays; when the line is free again, the rows above it are read.

A `state` frame goes out with the cursor at its seq or above: rows that it counts are sent before it. So a ring that was
made before somebody changed the row's words, and comes after, is dropped by the cursor rule.
"""

import asyncio
import time
from typing import Any, Final

from channels.consumer import AsyncConsumer, get_handler_name
from channels.exceptions import StopConsumer
from django.db import DatabaseError

from bellhop.conf import conf
from bellhop.contract import (
    CHECK_LOGIN,
    SEND_CHANGES,
    SEND_NOTIFICATION,
    CloseCode,
    user_group,
)
from bellhop.database.query_threads import ask_for, ask_joining
from bellhop.logs import get_logger
from bellhop.models import Inbox, InboxState
from bellhop.ring.channel_layer import get_channel_layer
from bellhop.sessions.cookie_to_user import Login
from bellhop.sessions.ended_logins import read_again
from bellhop.sockets import (
    changes_since,
    check_client_frames,
    find_behind_or_signed_out,
    missed_notifications,
)
from bellhop.sockets.admission.origin import may_knock
from bellhop.sockets.admission.session_and_sockets_per_user import (
    Refused,
    admit,
    first_missed,
    standing,
)
from bellhop.sockets.line.log_sent_notifications import Sent, note
from bellhop.sockets.line.outbound import Line
from bellhop.sockets.open_sockets import registry
from bellhop.sockets.periodic_check_of_open_sockets import beat
from bellhop.sockets.shared_question import SharedQuestion

log = get_logger(__name__)

_FROM_SERVER: Final = frozenset({"websocket.connect", "websocket.receive", "websocket.disconnect"})
_FROM_GROUP: Final = frozenset({SEND_NOTIFICATION, SEND_CHANGES, CHECK_LOGIN})
_EVENTS: Final = _FROM_SERVER | _FROM_GROUP

changes: Final = SharedQuestion[tuple[Any, int, int, bool], tuple[int, dict[str, Any]]]()
"""What has changed of a user after the rev that a socket knows, asked for by a ring of another rev."""

BACKLOG: Final = 100
"""Events of one socket that may wait for their turn; more are dropped, and the beat reads what they told of."""


class SocketConsumer(AsyncConsumer):
    """Forwards one user's notifications to one socket: each once, in ascending seq."""

    login: Login
    line: Line

    def __init__(self) -> None:
        # The beat and the channel layer both send here; one at a time, or the cursor would race.
        self._turn: Final = asyncio.Lock()
        self._waiting: set[asyncio.Task[None]] = set()
        self._rate = check_client_frames.FrameRate(conf.SOCKET_FRAMES_PER_SECOND)
        # Before `ready` was sent the beat leaves the socket alone: nothing may come before it.
        self.is_ready = False
        self.cursor = 0
        self.rev = 0
        # What was not sent because the reader was behind: notifications, and changes up to this rev.
        self._withheld = False
        self._withheld_rev = 0
        # Whether the browser knows something of a history that a restored backup does not hold.
        self._knows_lost = False
        # Whether that will be looked at, once it is this socket's turn.
        self._resumes = False
        self.last_beat = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket until it is gone; clean up however it went (daphne may just cancel)."""
        self.scope = scope
        self.channel_layer = get_channel_layer()
        self.line = Line(scope, send)
        self.line.on_writable(self._hear_writable)
        self._connection = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        if not may_knock(scope):
            # In a project's own ASGI application nobody else has looked.
            await receive()
            await send({"type": "websocket.close"})
            return
        try:
            # Not Channels' own loop: it keeps two more tasks a socket, one for the server and one for the layer.
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self.line.is_closed = True
            registry.leave(self)
            if hasattr(self, "login"):
                await self.channel_layer.unlisten(user_group(self.login.user_id), self.hear)
            for task in self._waiting:
                task.cancel()

    def hear(self, event: dict[str, Any]) -> None:
        """Take an event of this user's group from the channel layer.

        It is handled at once, within this call; only one that must wait, for the database or for its turn, becomes a
        task that outlives it.
        """
        if len(self._waiting) < BACKLOG:
            # Without `loop` Python 3.12 and 3.13.0 look for one that runs in None.
            loop = asyncio.get_running_loop()
            task = asyncio.Task(self._handle(event), loop=loop, eager_start=True)
            if not task.done():
                self._keep(task)

    def _keep(self, task: "asyncio.Task[None]") -> None:
        """Let a task go on until it is done or the socket has gone."""
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _handle(self, event: dict[str, Any]) -> None:
        if event.get("type") in _FROM_SERVER:
            # Whoever may ring must not be able to speak for the browser.
            log.warning("event_ignored", type=event.get("type"))
            return
        try:
            await self.dispatch(event)
        except Exception:
            # Nobody waits for this one; what it told of is read by the beat.
            log.exception("event_failed", type=event.get("type"))

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Call the event's handler; what nobody handles must not cost the user the socket."""
        if message.get("type") not in _EVENTS:
            # Channels would call any method of that name, or raise into the socket.
            log.warning("event_ignored", type=message.get("type"))
            return
        try:
            # Not Channels' own dispatch: it takes every event through one thread, behind the slowest query.
            await getattr(self, get_handler_name(message))(message)
        except DatabaseError as error:
            log.warning("event_left_to_beat", type=message["type"], error=str(error).strip())

    # From the browser

    async def websocket_connect(self, event: dict[str, Any]) -> None:
        """Check session, `after`, `rev` and limits in this order, then join, accept and catch up."""
        try:
            await self._open()
        except Refused as refused:
            await self.line.accept()
            await self.line.close(refused.code)
        except DatabaseError as error:
            log.warning("socket_refused", reason=str(error).strip(), request_id=self._connection)
            await self.line.accept()
            await self.line.close(CloseCode.UNAVAILABLE)

    async def _open(self) -> None:
        if not registry.enter(self):
            raise Refused(CloseCode.UNAVAILABLE)
        login, (after, rev) = await admit(self.scope)
        self.login = login
        registry.add(self)
        beat.start()
        # Held until the catch-up is through, so that neither beat nor ring sends before `ready`.
        async with self._turn:
            await self.channel_layer.listen(user_group(login.user_id), self.hear)
            # It may have ended before this socket could hear of it.
            state, lost = await standing(login)
            start = login.mark if after is None else after
            is_lost = lost.has_seq(start)
            if is_lost:
                # Of a history that a restored backup does not hold: everything since that was restored is news.
                start = lost.until
            missed = None
            if start is not None and start < state.seq:
                # Before `ready`: in a storm it would wait its turn as a socket that is open and deaf.
                missed = await first_missed(login, start)
            await self.line.accept()
            # One above the latest is of a database that was put back since.
            self.rev = state.rev if rev is None else min(rev, state.rev)
            self.cursor = state.seq if start is None else min(start, state.seq)
            await self.send_frame({"type": "ready", **state._asdict(), "user_key": login.user_key})
            log.info("socket_open", user=login.user_id, request_id=self._connection, after=after)
            if start is not None and (start > state.seq or is_lost):
                await self.send_frame({"type": "resync", "seq": self.cursor})
            if missed is not None:
                await self._send_missed("catch-up", missed)
            if self.rev < state.rev:
                self._knows_lost = is_lost or lost.has_rev(rev)
                await self._send_changes(state.rev)
        self.is_ready = True

    async def websocket_receive(self, event: dict[str, Any]) -> None:
        """Validate a client's frame. Only `ack` means something; unknown types are ignored."""
        if self.line.is_closed:
            return
        if conf.RATE_LIMITS and self._rate.exceeded():
            await self.line.close(CloseCode.TOO_MANY)
            return
        try:
            frame = check_client_frames.parse(event.get("text"), conf.SOCKET_FRAME_BYTES)
        except check_client_frames.BadFrameError:
            await self.line.close(CloseCode.BAD_FRAME)
            return
        if frame["type"] == "ack" and not await self._is_known(frame.get("seq")):
            await self.line.close(CloseCode.BAD_FRAME)

    async def _is_known(self, seq: object) -> bool:
        """Whether a client may acknowledge it: a seq up to the latest, which it may know over HTTP."""
        if check_client_frames.is_seq(seq, self.cursor):
            return True
        state = await self._ask(Inbox.state_of, self.login.user_id)
        return check_client_frames.is_seq(seq, state.seq)

    async def websocket_disconnect(self, event: dict[str, Any]) -> None:
        """The browser is gone, or has answered our close."""
        self.line.is_closed = True
        log.info("socket_closed", code=event.get("code"), request_id=self._connection)
        raise StopConsumer

    # From the server

    def _hear_writable(self) -> None:
        """Note that the reader has caught up with the wire; once, however often it does while something else waits."""
        if not self._resumes and not self.line.is_closed:
            self._resumes = True
            self._keep(asyncio.get_running_loop().create_task(self._resume()))

    async def _resume(self) -> None:
        """Send what was withheld meanwhile."""
        try:
            async with self._turn:
                self._resumes = False
                if self._withheld:
                    self._withheld = False
                    await self._send_missed("resume")
                if self._withheld_rev > self.rev:
                    await self._send_changes(self._withheld_rev)
        except DatabaseError as error:
            log.warning("event_left_to_beat", type="writable", error=str(error).strip())
        except Exception:
            log.exception("event_failed", type="writable")

    # From the channel layer

    async def send_notification(self, event: dict[str, Any]) -> None:
        """Forward a `send.notification` event: a saved notification by the cursor rule, an unsaved one as it is."""
        frame = event.get("notification")
        if frame is not None and not check_client_frames.is_saved(frame):
            log.warning(
                "event_ignored", type=event["type"], reason="a notification without id or seq"
            )
            return
        if frame is None:
            message = " ".join(str(event.get("message", "")).split())
            async with self._turn:
                # Nothing keeps it: a reader who is behind goes without.
                if not self.line.is_full:
                    await self.send_frame(
                        {"type": "notification", "kind": "message", "message": message}
                    )
            return
        async with self._turn:
            if frame["seq"] == self.cursor + 1 and not self._withholds():
                await self._forward(frame, event.get("request_id", ""), "ring")
            elif frame["seq"] > self.cursor:
                await self._send_missed("ring")

    async def send_changes(self, event: dict[str, Any]) -> None:
        """Handle a `send.changes` event: tell what was read, archived or seen since the rev known here."""
        async with self._turn:
            await self._send_changes(event["rev"])

    async def check_login(self, event: dict[str, Any]) -> None:
        """Handle a `check.login` event: something ended a session of this user; close if it was this one."""
        async with self._turn:
            # Not while it is being let in: only what was accepted can be closed with a code.
            pass
        (login,) = await self._ask(read_again, [self.login])
        if login is not None:
            self.login = login
        else:
            log.info("session_ended", user=self.login.user_id, request_id=self._connection)
            await self.line.close(CloseCode.NO_SESSION)

    # From the beat

    @property
    def known(self) -> find_behind_or_signed_out.Known:
        """What the beat compares with the database."""
        return find_behind_or_signed_out.Known(self.login, self.cursor, self.rev)

    async def catch_up(self, way: str) -> None:
        """Send every notification above the cursor."""
        async with self._turn:
            await self._send_missed(way)

    async def send_beat(self, state: InboxState) -> None:
        """Say that the line is alive, and where the user stands."""
        if not self.line.is_full:
            await self.send_frame({"type": "beat", **state._asdict()})

    async def end_session(self) -> None:
        """Close because the login session has ended."""
        await self.line.close(CloseCode.NO_SESSION)

    # From the other processes

    def send_away(self) -> None:
        """Close so that the browser comes back, by its cursor, to wherever there are fewer sockets."""
        self.line.send_away()

    # The last step

    def _withholds(self) -> bool:
        """Whether the reader is behind; if so, remember that there is something to send."""
        if self.line.is_full:
            self._withheld = True
            return True
        return False

    async def _send_missed(
        self, way: str, missed: missed_notifications.Missed | None = None
    ) -> None:
        """Send the rows above the cursor, as far as the reader takes them; `missed` are the first of them, if known."""
        while not self.line.is_closed and not self._withholds():
            if missed is None:
                missed = await self._ask(
                    missed_notifications.missed, self.login.user_id, self.cursor
                )
            if missed.too_many:
                await self.send_frame({"type": "resync", "seq": missed.latest})
            for frame, request_id in missed.frames:
                if self._withholds():
                    return
                await self._forward(frame, request_id, way)
            if not missed.more:
                # What the database does not hold below its latest seq is no hole.
                self.cursor = max(self.cursor, missed.latest)
                return
            missed = None

    async def _send_changes(self, rev: int) -> None:
        """Tell what has changed since the rev known here, if the user's is `rev` by now."""
        if rev <= self.rev or self._withholds_changes(rev):
            return
        known = (self.login.user_id, self.rev)
        # Not with one that is being let in: that waits longer.
        latest, frame = await changes.ask(
            (*known, rev, self.is_ready), lambda: self._ask(changes_since.changes, *known)
        )
        if frame["seq"] < self.cursor:
            # Asked for another socket before the last notification here, which its counts leave out.
            latest, frame = await self._ask(changes_since.changes, *known)
        if frame["seq"] > self.cursor:
            await self._send_missed("state")
        # Behind by now, what was not sent is asked for again.
        if self._withholds_changes(latest):
            return
        self.rev = latest
        if self._knows_lost:
            self._knows_lost = False
            frame = changes_since.reload(frame)
        await self.send_frame(frame)

    def _withholds_changes(self, rev: int) -> bool:
        """Whether the reader is behind; if so, remember that there are changes to tell, up to this rev."""
        if self.line.is_full:
            self._withheld_rev = max(self._withheld_rev, rev)
            return True
        return False

    async def _forward(self, frame: Any, request_id: str, way: str) -> None:
        if self.line.is_closed:
            return
        await self.send_frame(frame)
        self.cursor = frame["seq"]
        note(
            request_id,
            way,
            Sent(frame["id"], self.login.user_id, frame["seq"], self._connection),
        )

    async def send_frame(self, frame: Any) -> None:
        """Send one JSON object, unless the socket is closing."""
        is_beat = frame["type"] == "beat"
        if is_beat or frame["type"] == "ready":
            self.last_beat = time.monotonic()
        # Who is told that the line is alive is asked the same.
        await self.line.write(frame, asks=is_beat)

    async def _ask(self, function: Any, *args: Any) -> Any:
        """Return what a function finds in the database. Who is being let in leaves room for those who are in."""
        ask = ask_for if self.is_ready else ask_joining
        return await ask(self.login.user_id, function, *args)
