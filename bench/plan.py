"""The sizes of a run: the full one, and the quick one that answers within three minutes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Sizes of the measures: seconds are of one window, sockets are one user's each."""

    rounds: int = 5
    listeners: int = 800
    """Sockets that messages are spread over."""
    step_seconds: float = 3.0
    """How long a rate must be sustained in the search for the highest."""
    step_growth: float = 1.6
    step_halvings: int = 3
    latency_seconds: float = 10.0
    connects: int = 1000
    idle_few: int = 1000
    idle_many: int = 5000
    idle_seconds: float = 50.0
    """Twice the longest of the peers' intervals between signs of life (25 s)."""
    settle_seconds: float = 3.0
    """Before memory is read."""
    cpu_seconds: float = 8.0
    replicas: int = 4
    """Of ws, for the CPU a message with several; 1: not measured."""
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
    listeners=150,
    step_seconds=0.7,
    step_growth=2.0,
    step_halvings=2,
    latency_seconds=1.5,
    connects=150,
    idle_few=100,
    idle_many=400,
    # A whole beat of Bellhop's.
    idle_seconds=6.0,
    settle_seconds=1.0,
    cpu_seconds=2.0,
    replicas=1,
    audience=200,
    logins=10,
    notify_seconds=2.0,
    one_by_one=300,
    storm=500,
    soak_minutes=1.0,
)
