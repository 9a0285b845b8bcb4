"""How much memory each service takes over a run, and whether it grows."""

import asyncio
import contextlib
import time
from collections import defaultdict
from collections.abc import Sequence

from docker.errors import DockerException
from docker.models.containers import Container
from support import containers, stack

from prove import docker_engine
from prove.docker_engine import aside

EVERY = 20.0
"""Seconds between two looks."""

Sample = tuple[float, float]
"""A time in hours, and MiB that one replica takes in the middle."""


class MemoryWatch:
    """Looks at every replica of every service, now and then, while faults go on."""

    def __init__(self) -> None:
        self._samples: dict[str, list[Sample]] = defaultdict(list)
        self._began = time.monotonic()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            for service in stack.LONG_RUNNING:
                # What a fault has just taken away is looked at the next time.
                with contextlib.suppress(DockerException, KeyError):
                    sizes = [await aside(_mib, one) for one in docker_engine.of(service)]
                    if sizes:
                        hours = (time.monotonic() - self._began) / 3600
                        self._samples[service].append((hours, sum(sizes) / len(sizes)))
            await asyncio.sleep(EVERY)

    def words(self) -> str:
        """Return for each service what a replica took at last, and by how much that grew in an hour."""
        found = [
            f"{service} {samples[-1][1]:.0f} ({slope(samples):+.0f})"
            for service, samples in self._samples.items()
            if len(samples) > 2
        ]
        return "MiB a replica (and an hour): " + ", ".join(found) if found else ""


def slope(samples: Sequence[Sample]) -> float:
    """Return the least-squares slope of the samples' second half: a service that has just begun grows anyway."""
    later = samples[len(samples) // 2 :]
    middle = sum(hours for hours, _ in later) / len(later)
    spread = sum((hours - middle) ** 2 for hours, _ in later)
    return sum((hours - middle) * mib for hours, mib in later) / spread if spread else 0.0


def _mib(container: Container) -> float:
    return containers.memory_of(container) / 2**20
