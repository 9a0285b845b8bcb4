"""Signs of life: when a socket is looked at, and what becomes of one that answers no ping.

daphne looks at every connection each two seconds, and autobahn keeps a timer for each ping: for a socket that is idle
that is most of what it costs. Here a ping goes out in the same write as the heartbeat, and who must be looked at waits
in the order in which that falls due.
"""

from collections import deque
from collections.abc import Callable, Container
from typing import Any, Final
from weakref import ref

from bellhop.logs import get_logger

log = get_logger(__name__)

LOOK_SECONDS: Final = 2.0
"""Between two looks: at those whose handshake is under way, and at what has fallen due."""

REST_SECONDS: Final = 10.0
"""Between two looks at an open socket: whether it is too old, or nothing has asked it for a sign for long."""


class Pulse:
    """The connections of a server. Times are seconds, of any clock that only goes forward.

    Who waits for its turn is known weakly: a storm of connections that come and go would stay in memory until then.
    """

    def __init__(self, pong_seconds: float) -> None:
        self._pong_seconds = pong_seconds
        self._opening: list[Any] = []
        self._resting: deque[tuple[float, ref[Any]]] = deque()
        self._asked: deque[tuple[float, ref[Any], int]] = deque()

    def add(self, connection: Any) -> None:
        """Look after a connection from its first moment on, HTTP requests included."""
        self._opening.append(connection)

    def expect(self, connection: Any, ping: int, now: float) -> None:
        """Expect that ping's answer in time."""
        self._asked.append((now + self._pong_seconds, ref(connection), ping))

    def look(self, living: Container[Any], now: float) -> None:
        """Close who owes an answer, and have those looked at whose turn it is; forget who is not `living`."""
        while self._asked and self._asked[0][0] <= now:
            _, known, ping = self._asked.popleft()
            connection = known()
            if connection is not None and connection in living and _do(connection.miss, ping):
                self.expect(connection, ping, now)
        opening, self._opening = self._opening, []
        for connection in opening:
            if connection in living:
                _do(connection.check_timeouts)
                if getattr(connection, "has_opened", False):
                    self._resting.append((now + REST_SECONDS, ref(connection)))
                else:
                    self._opening.append(connection)
        while self._resting and self._resting[0][0] <= now:
            _, known = self._resting.popleft()
            connection = known()
            if connection is not None and connection in living:
                _do(connection.check_timeouts)
                self._resting.append((now + REST_SECONDS, known))


def _do(function: Callable[..., Any], *args: object) -> Any:
    """Return what one connection returns; None if it raises, so that the others have their turn."""
    try:
        return function(*args)
    except Exception:
        log.exception("look_failed")
        return None
