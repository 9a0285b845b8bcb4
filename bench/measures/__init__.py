"""The measures, in the order they are made. Each is a module of its own, under its name."""

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from bench.harness import Harness, Sample
from bench.measures.cost import cpu, idle, login, soak
from bench.measures.speed import (
    broadcast,
    connects,
    latency,
    notify,
    storm,
    throughput,
    worker,
)
from bench.peers import Peer


def _django(peer: Peer) -> bool:
    return peer.is_django


def _bellhop(peer: Peer) -> bool:
    return peer.name == "bellhop"


class Measure(NamedTuple):
    """A measure: `measure` makes one round of it with one peer; `needs` says which peers can take part.

    `rounds`: at most so many, however many were asked for; `is_long`: left out of a quick run.
    """

    title: str
    measure: Callable[[Harness, Peer], Awaitable[Sample]]
    needs: Callable[[Peer], bool] = lambda _: True
    rounds: int = 1000
    is_long: bool = False


MEASURES: Final = {
    "connects": Measure("connects", connects.measure),
    "throughput": Measure("messages a second", throughput.measure),
    "latency": Measure("publish → frame", latency.measure),
    # The long ones, whose figures hardly differ between rounds.
    "cpu": Measure("CPU a message", cpu.measure, rounds=3),
    "idle": Measure("idle sockets", idle.measure, rounds=3),
    "broadcast": Measure("broadcast", broadcast.measure),
    "login": Measure("login", login.measure, _django),
    "notify": Measure("notify() → frame", notify.measure, _bellhop),
    "worker": Measure("notify() one by one", worker.measure, _bellhop, is_long=True),
    "storm": Measure("reconnect storm", storm.measure, _bellhop, rounds=3, is_long=True),
    "soak": Measure("memory under traffic", soak.measure, _bellhop, rounds=1, is_long=True),
}
