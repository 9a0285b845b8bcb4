"""An update replica by replica: a new one beside the old ones, and an old one goes only when that is healthy.

Python's standard library only, 3.9 or newer, as all of the door. What starts and stops replicas is given to it: Compose
for `./bellhop deploy`, the Docker Engine for the tests, which have no Compose.
"""

from typing import Callable, Protocol

SERVICES = ("ws", "worker", "web")
"""In the order in which they are replaced: who is told of something new before who tells of it."""


class NotHealthyError(Exception):
    """A new replica did not become healthy; the text says which, and what it said last."""


class Replicas(Protocol):
    """What an update asks of whoever runs the containers. A replica is known by its container's id."""

    def running(self, service: str) -> "list[str]":
        """Return a service's replicas, the oldest first."""

    def add(self, service: str) -> str:
        """Start one more of a service, from its image as it is now."""

    def wait_healthy(self, replica: str) -> None:
        """Return when it is healthy; NotHealthyError when it ended, was found ill or takes too long."""

    def remove(self, replica: str) -> None:
        """Stop it, with the time that its service has for that, and remove it."""

    def go_back(self) -> None:
        """See to it that what is added from now on is made from the images of before."""


def roll(replicas: Replicas, say: "Callable[[str], None]" = print) -> None:
    """Replace every replica of every service. NotHealthyError: one was not healthy, and all is as it was before.

    One new replica of each service has to be healthy before the first old one goes: what does not start at all is
    noticed while every old one is still there.
    """
    old = {service: replicas.running(service) for service in SERVICES}
    added: dict[str, list[str]] = {service: [] for service in SERVICES}
    removed: dict[str, int] = dict.fromkeys(SERVICES, 0)

    def add(service: str) -> None:
        added[service].append(replicas.add(service))
        replicas.wait_healthy(added[service][-1])

    try:
        for service in SERVICES:
            say(f"{service}: one new replica beside {len(old[service])}")
            add(service)
        for service in SERVICES:
            for number, replica in enumerate(old[service], 1):
                if number > 1:
                    add(service)
                removed[service] += 1
                replicas.remove(replica)
                say(f"{service}: {number} of {len(old[service])} replaced")
    except BaseException:
        # Whoever interrupts it wants it undone, too.
        say("going back to what ran before")
        replicas.go_back()
        for service in SERVICES:
            for _ in range(removed[service]):
                replicas.wait_healthy(replicas.add(service))
            for replica in added[service]:
                replicas.remove(replica)
        raise
