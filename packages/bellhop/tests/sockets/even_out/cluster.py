"""Processes and their load balancer, without a network and without waiting: time is a number."""

import heapq
import random
from collections.abc import Callable, Sequence
from itertools import count

from bellhop.sockets.even_out.known_processes import PERIOD, KnownProcesses
from bellhop.sockets.even_out.shed_rounds import ShedRounds

BACK_SECONDS = 2.0
"""Within which whoever was sent away comes back, as pages do."""


class Process:
    """One process, as it would run: it tells, judges, and closes what it is told to over its period."""

    def __init__(self, cluster: "Cluster", name: str, sockets: int) -> None:
        self.name = name
        self.sockets = sockets
        self.closed = 0
        self.known = KnownProcesses(name)
        self.rounds = ShedRounds()
        self.runs = True
        self._cluster = cluster

    def live(self) -> None:
        """One period."""
        if not self.runs:
            return
        cluster = self._cluster
        cluster.tell(self, self.sockets)
        figures = self.known.figures(self.sockets, cluster.now)
        before = self.rounds.send_away(figures, cluster.now)
        pause = PERIOD * cluster.random.uniform(0.9, 1.1)
        for _ in range(before):
            cluster.after(cluster.random.uniform(0, pause), self._close)
        cluster.after(pause, self.live)

    def _close(self) -> None:
        if self.sockets and self.runs:
            self.sockets -= 1
            self.closed += 1
            self._cluster.closes.append((self._cluster.now, self.name))
            self._cluster.come_back(self)


Choose = Callable[["Cluster", Process | None], Process]


def fewest(cluster: "Cluster", _: Process | None) -> Process:
    """What nginx does: by least connections."""
    return min(cluster.running, key=lambda process: process.sockets)


def anyone(cluster: "Cluster", _: Process | None) -> Process:
    """What many load balancers do: whoever it may be."""
    return cluster.random.choice(cluster.running)


def same_again(cluster: "Cluster", last: Process | None) -> Process:
    """What a load balancer does that knows its clients again."""
    return last if last is not None and last.runs else fewest(cluster, None)


class Cluster:
    """So many sockets at each of some processes at second 0, where all have just begun."""

    def __init__(self, sockets: Sequence[int], *, seed: int = 1, choose: Choose = fewest) -> None:
        self.random = random.Random(seed)
        self.now = 0.0
        self.closes: list[tuple[float, str]] = []
        self.processes: list[Process] = []
        self._choose = choose
        self._numbers = count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        for one in sockets:
            self.add(one)

    @property
    def running(self) -> list[Process]:
        return [process for process in self.processes if process.runs]

    @property
    def sockets(self) -> list[int]:
        return [process.sockets for process in self.running]

    def add(self, sockets: int = 0) -> Process:
        """Start a process."""
        process = Process(self, f"process {len(self.processes)}", sockets)
        self.processes.append(process)
        # They begin at any moment of a period.
        self.after(self.random.uniform(0, PERIOD), process.live)
        return process

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._numbers), do))

    def tell(self, process: Process, sockets: int | None) -> None:
        event = {"process": process.name, "sockets": sockets}
        for other in self.running:
            other.known.hear(event, self.now)

    def come_back(self, last: Process | None) -> None:
        def arrive() -> None:
            self._choose(self, last).sockets += 1

        self.after(self.random.uniform(0, BACK_SECONDS), arrive)

    def stop(self, process: Process, *, says_goodbye: bool) -> None:
        """End a process; its sockets come back elsewhere."""
        process.runs = False
        if says_goodbye:
            self.tell(process, None)
        for _ in range(process.sockets):
            self.come_back(process)
        process.sockets = 0

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self._events and self._events[0][0] <= until:
            self.now, _, do = heapq.heappop(self._events)
            do()
        self.now = until

    def is_within(self, share: float) -> bool:
        """Whether every process is no further from even than that."""
        mean = sum(self.sockets) / len(self.sockets)
        return all(abs(sockets - mean) <= share * mean for sockets in self.sockets)
