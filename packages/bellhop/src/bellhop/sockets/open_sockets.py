"""The open sockets of this process: whose they are, how many each user has, and whether there is room for more.

The beat, the consumers and the admission know each other by this registry only. Each step is constant, however many
sockets there are.
"""

from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any, Final, Protocol

from bellhop.conf import conf
from bellhop.logs import get_logger
from bellhop.models import InboxState
from bellhop.sessions.cookie_to_user import Login
from bellhop.sockets.find_behind_or_signed_out import Known

log = get_logger(__name__)


class OpenSocket(Protocol):
    """What others may ask of a socket, and have it do."""

    login: Login
    is_ready: bool
    cursor: int
    rev: int
    last_beat: float

    @property
    def known(self) -> Known:
        """What is compared with the database."""

    async def catch_up(self, way: str) -> None:
        """Send every notification above the cursor."""

    async def send_changes(self, event: dict[str, Any]) -> None:
        """Tell what has changed up to the event's rev."""

    async def send_beat(self, state: InboxState) -> None:
        """Say that the line is alive."""

    async def end_session(self) -> None:
        """Close because the login session has ended."""

    def send_away(self) -> None:
        """Close so that the browser comes back to wherever there are fewer."""


class Registry:
    """A socket takes one of `most` places when it knocks, is added once it is known whose it is, and leaves at last."""

    def __init__(self, most: int) -> None:
        self.most = most
        # In the order in which they came.
        self._sockets: Final[dict[OpenSocket, None]] = {}
        self._places: Final[set[object]] = set()
        self._per_user: Final[dict[Any, int]] = {}
        self._was_full = False

    @property
    def sockets(self) -> AbstractSet[OpenSocket]:
        """Those whose login is known, as of each moment."""
        return self._sockets.keys()

    def oldest(self, count: int) -> list[OpenSocket]:
        """Return so many of those that are ready, whoever came first."""
        return list(islice((socket for socket in self._sockets if socket.is_ready), count))

    def enter(self, socket: object) -> bool:
        """Take a place for a handshake and what becomes of it; return whether one was free."""
        taken = len(self._places)
        if taken >= self.most:
            if not self._was_full:
                log.warning("sockets_full", most=self.most, note="others are refused with 4503")
            self._was_full = True
            return False
        if self._was_full and taken < self.most * 0.9:
            self._was_full = False
        self._places.add(socket)
        return True

    def add(self, socket: OpenSocket) -> None:
        """Register a socket whose login is known."""
        if socket not in self._sockets:
            self._sockets[socket] = None
            user_id = socket.login.user_id
            self._per_user[user_id] = self._per_user.get(user_id, 0) + 1

    def leave(self, socket: Any) -> None:
        """Forget a socket that is gone, however far it came."""
        self._places.discard(socket)
        if socket in self._sockets:
            del self._sockets[socket]
            user_id = socket.login.user_id
            self._per_user[user_id] -= 1
            if not self._per_user[user_id]:
                del self._per_user[user_id]

    def count(self, user_id: Any) -> int:
        """Return how many sockets that user has here."""
        return self._per_user.get(user_id, 0)

    @property
    def places_taken(self) -> int:
        """How many sockets are open or about to be, of all users."""
        return len(self._places)


registry: Final = Registry(conf.SOCKETS_PER_PROCESS)
