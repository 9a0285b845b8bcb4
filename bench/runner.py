"""The rounds: A B B A, so that what changes on the machine meanwhile falls on all alike."""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.harness import Harness, Sample
from bench.measures import MEASURES
from bench.peers import PEERS, Peer
from bench.reporting.figures import Median, median


@dataclass
class Results:
    """Every sample, measure → peer → one a round; and what could not be measured, in words."""

    samples: dict[str, dict[str, list[Sample]]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, measure: str, peer: str, sample: Sample) -> None:
        self.samples.setdefault(measure, {}).setdefault(peer, []).append(sample)

    def medians(self, measure: str, value: str) -> dict[str, Median | None]:
        """Return the median of a value over the rounds, by peer."""
        peers = self.samples.get(measure, {})
        return {
            peer: median([sample[value] for sample in samples if value in sample])
            for peer, samples in peers.items()
        }


def order(peers: Sequence[Peer], number: int) -> list[Peer]:
    """Return the peers as they come in round `number`, counted from 0: forth, back, forth, …"""
    return list(peers) if number % 2 == 0 else list(reversed(peers))


async def run(
    harness: Harness,
    measures: Sequence[str],
    names: Sequence[str],
    results: Results,
    after_each: Callable[[], object],
) -> None:
    """Make every round of every measure, into `results`; one that fails is told and does not stop the others."""
    peers = [PEERS[name] for name in names]
    steps = [
        (name, number, peer)
        for name in measures
        for number in range(min(harness.plan.rounds, MEASURES[name].rounds))
        for peer in order([peer for peer in peers if MEASURES[name].needs(peer)], number)
    ]
    for peer in peers:
        print(f"          warming up {peer.title}", flush=True)
        await harness.warm(peer)
    for count, (name, number, peer) in enumerate(steps, 1):
        began = time.monotonic()
        print(f"[{count:3}/{len(steps)}] {name}, round {number + 1}, {peer.title}", flush=True)
        try:
            results.add(name, peer.name, await MEASURES[name].measure(harness, peer))
        except Exception as error:
            results.failures.append(f"{name}, {peer.title}: {type(error).__name__}: {error}")
            traceback.print_exc()
        harness.say(f"took {time.monotonic() - began:.1f} s")
        after_each()
