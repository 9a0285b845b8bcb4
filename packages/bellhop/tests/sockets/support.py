"""People with a login session, the rows they have, and the tabs they open."""

import asyncio
import json
import math
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from bellhop import frame_from_row
from bellhop.contract import SEND_NOTIFICATION, SESSION_MARK, SOCKET_PATH, user_group
from bellhop.models import Inbox, Notification
from bellhop.ring.channel_layer import get_channel_layer
from bellhop.server.application import make_application
from bellhop.sockets.consumer import SocketConsumer
from bellhop.sockets.line.outbound import WIRE
from bellhop.sockets.open_sockets import registry

application: Any = make_application()
ORIGIN: str = settings.PUBLIC_ORIGINS[0]
PATIENCE = 30.0


def make_user(name: str = "ada") -> User:
    return User.objects.create_user(name, f"{name}@example.com", f"pw of {name}")


def log_in(user: User, mark: int | None = None) -> str:
    """Make a login session as Django makes it; return its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if mark is not None:
        session[SESSION_MARK] = mark
    session.save()
    assert session.session_key is not None
    return str(session.session_key)


def add(user: User, count: int = 1) -> list[Notification]:
    """Save notifications as notify() does, without a ring: this service knows no Celery."""
    with transaction.atomic():
        inbox = Inbox.locked(user.pk)
        first = inbox.last_seq + 1
        inbox.last_seq += count
        inbox.save()
        return Notification.objects.bulk_create(
            Notification(recipient=user, seq=seq, message=f"number {seq}", request_id=f"req-{seq}")
            for seq in range(first, first + count)
        )


def change(user: User, *seqs: int, **columns: Any) -> int:
    """Change rows as a mark does: the inbox's rev rises and the rows carry it."""
    with transaction.atomic():
        inbox = Inbox.locked(user.pk)
        inbox.rev += 1
        inbox.save()
        Notification.objects.filter(recipient=user, seq__in=seqs).update(rev=inbox.rev, **columns)
        return inbox.rev


def archive(user: User, *seqs: int) -> int:
    return change(user, *seqs, archived_at=timezone.now())


def read(user: User, *seqs: int) -> int:
    return change(user, *seqs, read_at=timezone.now())


def event(row: Notification) -> dict[str, Any]:
    """What the worker rings for a row."""
    return {
        "type": SEND_NOTIFICATION,
        "notification": frame_from_row.frame(row),
        "request_id": row.request_id,
    }


async def until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.002)


class Wire:
    """What a server's protocol would be to the application: its reader takes `room` more frames before it is behind."""

    def __init__(self, sent: "asyncio.Queue[dict[str, Any]]") -> None:
        self._sent = sent
        self.room = math.inf
        self.tell_writable: Callable[[], None] = lambda: None

    @property
    def is_full(self) -> bool:
        return self.room <= 0

    def write(self, text: bytes) -> None:
        self.room -= 1
        self._sent.put_nowait({"type": "websocket.send", "text": text.decode()})

    write_and_ask = write

    def send_away(self) -> None:
        self._sent.put_nowait({"type": "websocket.close", "code": 1012})

    def on_writable(self, tell: Callable[[], None]) -> None:
        self.tell_writable = tell


class Socket:
    """One tab's line: the whole ASGI application, driven without a network."""

    def __init__(
        self,
        key: str = "",
        *,
        query: str = "",
        path: str = SOCKET_PATH,
        origin: str | None = ORIGIN,
        group: str = "",
    ) -> None:
        headers = [(b"cookie", f"sessionid={key}".encode()), (b"x-request-id", b"handshake")]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        self._line = WebsocketCommunicator(application, path + query, headers=headers)
        self._wire = Wire(self._line.output_queue)
        self._line.scope["extensions"] = {WIRE: self._wire}
        self._group = group
        self._markers: set[str] = set()
        self.accepted = False
        self.closed_with: int | None = None
        self.frames: list[dict[str, Any]] = []

    async def connect(self) -> Self:
        """Knock, and wait for the first frame or for the refusal."""
        await self._line.send_input({"type": "websocket.connect"})
        await until(lambda: self._heard() and (self.frames or self.closed_with is not None))
        return self

    async def settle(self) -> Self:
        """Wait until everything rung before now was handled: an unsaved message is the last to come."""
        sent: list[str] = []
        deadline = time.monotonic() + PATIENCE
        while not self._markers.intersection(sent) and self.closed_with is None:
            assert time.monotonic() < deadline, "the line is deaf"
            # Again and again: Redis may not have read the subscription before the first.
            sent.append(f"marker {uuid.uuid4().hex}")
            message = {"type": SEND_NOTIFICATION, "message": sent[-1]}
            await group_send(self._group, message)
            again = time.monotonic() + 0.3
            while time.monotonic() < again and not self._markers.intersection(sent):
                await asyncio.sleep(0.002)
                self._heard()
                if self.closed_with is not None:
                    break
        # Where one was late, none must come into what the test does next.
        await until(lambda: self._heard() and (self.closed_with or {*sent[-1:]} <= self._markers))
        return self

    async def send(self, text: str | None = None, data: bytes | None = None) -> None:
        await self._line.send_input({"type": "websocket.receive", "text": text, "bytes": data})

    def stop_reading(self, room: int = 0) -> None:
        """Be behind once `room` more frames were sent."""
        self._wire.room = room

    async def read_again(self, room: float = math.inf) -> None:
        """Have taken everything that was sent."""
        self._wire.room = room
        self._wire.tell_writable()

    async def until_closed(self) -> int:
        await until(lambda: self._heard() and self.closed_with is not None)
        assert self.closed_with is not None
        return self.closed_with

    async def leave(self) -> None:
        """Close the tab and wait until the server has cleaned up after it."""
        if not self._line.future.done():
            await self._line.send_input({"type": "websocket.disconnect", "code": 1001})
            await asyncio.wait([self._line.future], timeout=PATIENCE)
        assert self._line.future.done()
        self._line.future.exception()

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.of_type("notification")]

    def _heard(self) -> bool:
        """Take in what the server has sent until now; a server that broke raises here."""
        if self._line.future.done():
            self._line.future.result()
        while not self._line.output_queue.empty():
            output = self._line.output_queue.get_nowait()
            match output["type"]:
                case "websocket.accept":
                    self.accepted = True
                case "websocket.close":
                    self.closed_with = output["code"]
                case "websocket.send":
                    assert self.accepted, "sent before it was accepted"
                    assert self.closed_with is None, "sent after it was closed"
                    frame = json.loads(output["text"])
                    if str(frame.get("message", "")).startswith("marker "):
                        self._markers.add(frame["message"])
                    else:
                        self.frames.append(frame)
        return True


@dataclass
class Visitor:
    """A person with one login session."""

    user: User
    key: str
    sockets: list[Socket] = field(default_factory=list)

    @classmethod
    async def arrive(cls, name: str) -> Self:
        user = await database_sync_to_async(make_user)(name)
        return cls(user, await database_sync_to_async(log_in)(user))

    async def second_device(self) -> str:
        return await database_sync_to_async(log_in)(self.user)

    async def knock(self, query: str = "", key: str | None = None, **options: Any) -> Socket:
        """Open a tab, whatever comes of it."""
        group = user_group(self.user.pk)
        socket = Socket(self.key if key is None else key, query=query, group=group, **options)
        self.sockets.append(socket)
        return await socket.connect()

    async def tab(self, query: str = "", key: str | None = None) -> Socket:
        """Open a tab that is let in and has been sent all it missed."""
        socket = await self.knock(query, key)
        assert socket.closed_with is None, socket.closed_with
        return await socket.settle()

    async def add(self, count: int = 1) -> list[Notification]:
        return await database_sync_to_async(add)(self.user, count)

    async def ring(self, *rows: Notification) -> None:
        for row in rows:
            await group_send(user_group(self.user.pk), event(row))

    async def do(self, function: Any, *args: Any, **options: Any) -> Any:
        """Call a function that asks the database."""
        return await database_sync_to_async(function)(self.user, *args, **options)


async def group_send(group: str, message: dict[str, Any]) -> None:
    await get_channel_layer().group_send(group, message)


def consumers(user: User) -> list[SocketConsumer]:
    """The server's ends of that user's tabs."""
    ends = [socket for socket in registry.sockets if isinstance(socket, SocketConsumer)]
    return [end for end in ends if end.login.user_id == user.pk]
