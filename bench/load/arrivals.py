"""The fate of the messages of one measurement: when each arrived, and which were lost, doubled or sent astray."""

import time
from array import array
from collections.abc import Sequence

from bench.publishing import stamps


class Arrivals:
    """Every socket reports here. A measurement begins with expect() and ends when is_complete, or in silence."""

    def __init__(self) -> None:
        self.first = self.count = 0
        self._seen = bytearray()
        self._next = 0
        self._places: dict[int, int] = {}
        self.latencies = array("q")
        self.last_ns = self.doubled = self.astray = 0

    def expect(self, count: int, audience: Sequence[int] = ()) -> int:
        """Forget what was, and expect `count` messages to come; return the number of the first.

        `audience`: the users, in ascending order, who each get a text that is to everyone.
        """
        self._places = {user: place for place, user in enumerate(audience)}
        self.first, self.count = self._next, count
        self._next += count
        self._seen = bytearray(count)
        self.latencies = array("q")
        self.last_ns = self.doubled = self.astray = 0
        return self.first

    def note(self, user: int, payload: bytes) -> bool:
        """Take down a text that a user's socket received; return whether it was a message."""
        stamp = stamps.read(payload)
        if stamp is None:
            return False
        now = time.monotonic_ns()
        index = stamp.number - self.first
        if stamp.user == stamps.EVERYONE:
            index += self._places.get(user, 0)
        elif stamp.user != user:
            self.astray += 1
        if 0 <= index < self.count:  # else: of an earlier measurement that was too much
            self.last_ns = now
            if self._seen[index]:
                self.doubled += 1
            else:
                self._seen[index] = 1
                self.latencies.append(now - stamp.ns)
        return True

    @property
    def arrived(self) -> int:
        """How many of the expected have arrived."""
        return len(self.latencies)

    @property
    def lost(self) -> int:
        """How many have not."""
        return self.count - self.arrived

    @property
    def is_complete(self) -> bool:
        return self.arrived == self.count

    def milliseconds(self) -> list[float]:
        """Return publish → frame of each that arrived, in ms, ascending."""
        return sorted(ns / 1e6 for ns in self.latencies)
