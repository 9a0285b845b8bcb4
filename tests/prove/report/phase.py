"""One fault and what came of it; and what it takes to repeat the run."""

from dataclasses import dataclass

from prove.oracle.verdict import Verdict


@dataclass(frozen=True)
class Phase:
    """One fault: what was broken, what was promised, what was measured, and whether that kept the promise."""

    number: int
    title: str
    bound: str
    measured: str
    kept: bool
    verdict: Verdict

    @property
    def is_kept(self) -> bool:
        return self.kept and self.verdict.is_clean


@dataclass(frozen=True)
class Run:
    """Everything that is needed to repeat a run. `machine`: name → text (cores, memory, kernel, Docker, …)."""

    date: str
    machine: dict[str, str]
    seed: int
    load: str
    repeat: str


def is_kept(phases: list[Phase], total: Verdict) -> bool:
    """Nothing proves nothing: a run without phases, or in which nothing was shown, keeps no promise."""
    return (
        bool(phases and total.showings)
        and total.is_clean
        and all(phase.is_kept for phase in phases)
    )
