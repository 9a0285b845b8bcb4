"""The measures, in the order they are made: name → (what it measures, function, which peers it is for)."""

from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from bench.bench import Bench, Sample
from bench.measures import connects, cpu, idle, latency, throughput
from bench.peers import Peer


class Measure(NamedTuple):
    """A measure: `measure` makes one round of it with one peer; `needs` says whether a peer can take part."""

    title: str
    measure: Callable[[Bench, Peer], Awaitable[Sample]]
    needs: Callable[[Peer], bool] = lambda peer: True
    is_long: bool = False


MEASURES: Final = {
    "connects": Measure("authenticated connects", connects.measure),
    "throughput": Measure("messages a second", throughput.measure),
    "latency": Measure("publish → frame", latency.measure),
    "cpu": Measure("CPU a message", cpu.measure),
    "idle": Measure("idle sockets", idle.measure),
}
