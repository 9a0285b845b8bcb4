"""The description of a peer: its services' names, and how a client speaks to it."""

from dataclasses import dataclass

from bench.load.dialects import Dialect


@dataclass(frozen=True)
class Peer:
    """A server under measurement.

    `prefix` comes before its services' names in bench/docker-compose.yml (`ws`, `nginx`, `redis`, …); `is_django`: it
    has accounts, sessions, a web service and a worker, so it is measured with authentication, rows and tasks as well.
    """

    name: str
    title: str
    prefix: str
    dialect: Dialect
    is_django: bool = False

    def service(self, role: str) -> str:
        """Return the compose name of one of its services."""
        return f"{self.prefix}{role}"

    @property
    def publisher(self) -> str:
        """The compose name of its publisher, which listens on bench/publishing's port."""
        return f"{self.name}-publisher"

    @property
    def roles(self) -> tuple[str, ...]:
        """Its long-running services, as far as they are measured."""
        rest = ("web", "worker", "db") if self.is_django else ()
        return ("nginx", "ws", "redis", *rest)
