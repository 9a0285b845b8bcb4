"""How much of everything: the full run, and the quick one that answers within three minutes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Sizes of the measures: seconds are of one window, sockets are one user's each."""

    rounds: int = 5
    listeners: int = 800
    """Sockets that messages are spread over."""
    step_seconds: float = 3.0
    """How long a rate must be sustained in the search for the highest."""
    latency_seconds: float = 10.0
    connects: int = 1000
    idle_few: int = 1000
    idle_many: int = 5000
    idle_seconds: float = 50.0
    """Twice the longest of the peers' intervals between signs of life (25 s)."""
    cpu_seconds: float = 8.0
    audience: int = 1000
    """Connected users of a broadcast."""
    logins: int = 40
    notify_seconds: float = 20.0
    one_by_one: int = 3000
    storm: int = 3000
    soak_minutes: float = 15.0

    @property
    def accounts(self) -> int:
        """The most users any measure needs."""
        return max(self.listeners, self.connects, self.idle_many, self.audience, self.storm)


FULL = Plan()
QUICK = Plan(
    rounds=1,
    listeners=400,
    step_seconds=1.0,
    latency_seconds=2.0,
    connects=400,
    idle_few=400,
    idle_many=1600,
    idle_seconds=6.0,
    cpu_seconds=3.0,
    audience=400,
    logins=10,
    notify_seconds=3.0,
    one_by_one=500,
    storm=1000,
    soak_minutes=0.0,
)
