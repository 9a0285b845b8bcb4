"""The socket processes of this installation, as one of them hears of them: how many sockets each holds."""

from typing import Any, Final, NamedTuple

PERIOD: Final = 5.0
"""Seconds between two messages of a process; each is up to a tenth early or late."""

FRESH_SECONDS: Final = 1.5 * PERIOD
"""Whoever was silent for longer may be gone: until that is known, nobody acts upon the figures."""

FORGOTTEN_SECONDS: Final = 3 * PERIOD
"""Whoever was silent for longer is gone."""

_MOST: Final = 1000
"""Processes that are counted. Whoever may write to Redis must not be able to fill this one's memory."""


class Figures(NamedTuple):
    """What a process knows at one moment. `is_live`: everyone, itself among them, was heard a moment ago.

    `came` and `went` say how many processes have been new, and how many are no more, since this one began.
    """

    here: int
    others: tuple[int, ...]
    is_live: bool
    came: int
    went: int


class KnownProcesses:
    """Hears what each process says, its own included: who does not hear itself does not hear the others."""

    def __init__(self, own: str) -> None:
        self._own: Final = own
        self._heard: Final[dict[str, tuple[float, int]]] = {}
        self._came = self._went = 0

    def hear(self, event: dict[str, Any], now: float) -> None:
        """Take a message: how many sockets a process holds, or None where it takes its leave."""
        process, sockets = event.get("process"), event.get("sockets")
        if not isinstance(process, str):
            return
        if sockets is None:
            self._forget(process)
        elif isinstance(sockets, int) and sockets >= 0 and self._has_room_for(process):
            self._came += process not in self._heard
            self._heard[process] = (now, sockets)

    def figures(self, here: int, now: float) -> Figures:
        """Return how many sockets there are: `here` by this process's own count, elsewhere by what was heard."""
        for process, (at, _) in tuple(self._heard.items()):
            if now - at > FORGOTTEN_SECONDS:
                self._forget(process)
        is_live = self._own in self._heard and all(
            now - at <= FRESH_SECONDS for at, _ in self._heard.values()
        )
        others = tuple(sockets for name, (_, sockets) in self._heard.items() if name != self._own)
        return Figures(here, others, is_live, self._came, self._went)

    def _has_room_for(self, process: str) -> bool:
        return process in self._heard or len(self._heard) < _MOST

    def _forget(self, process: str) -> None:
        if self._heard.pop(process, None) is not None:
            self._went += 1
