"""The sockets of those who use the project. Needs the client that the extra `ws` brings."""

import json
import time
from datetime import UTC, datetime
from typing import Any, Self

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from wheels.adopter.people import Person
from wheels.adopter.running import PATIENCE, RefusedError


class Socket:
    """A socket with the session of somebody's browser, and what comes through it."""

    def __init__(self, person: Person, port: int, origin: str = "") -> None:
        own = {"Cookie": f"sessionid={person.cookie('sessionid')}"}
        self._connection: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/ws/notifications/",
            additional_headers=own | {"Origin": origin or f"http://127.0.0.1:{port}"},
            open_timeout=PATIENCE,
            proxy=None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def frame(self, kind: str) -> dict[str, Any]:
        """Return the next frame of this type. Refused when none comes."""
        deadline = time.monotonic() + PATIENCE
        try:
            while True:
                frame = json.loads(self._connection.recv(max(0.0, deadline - time.monotonic())))
                if frame["type"] == kind:
                    return dict(frame)
        except (TimeoutError, ConnectionClosed) as error:
            raise RefusedError(f"no frame {kind!r}: {error!r}") from None

    def notification(self, message: str) -> float:
        """Return the milliseconds from the next notification's row to its frame. Refused if it is another one."""
        frame = self.frame("notification")
        if message not in frame["message"]:
            raise RefusedError(f"{frame['message']!r} came instead of {message!r}")
        created = datetime.fromisoformat(frame["created"])
        return (datetime.now(UTC) - created).total_seconds() * 1000

    def close_code(self) -> int:
        """Return the code with which the server closes. Refused when it does not."""
        deadline = time.monotonic() + PATIENCE
        try:
            while True:
                self._connection.recv(max(0.0, deadline - time.monotonic()))
        except TimeoutError:
            raise RefusedError("a socket stayed open") from None
        except ConnectionClosed:
            return self._connection.close_code or 0


def refusal(person: Person, port: int, origin: str = "") -> int:
    """Return the HTTP status, or the close code, with which a socket of that Origin is refused."""
    try:
        with Socket(person, port, origin) as socket:
            return socket.close_code()
    except InvalidStatus as error:
        return error.response.status_code
