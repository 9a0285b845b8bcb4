"""The verdict of the oracle: twelve counts that must all be 0, and the figures beside them."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import quantiles

# What each count means, in the words of the report.
COUNTS = {
    "lost": "stored, but a tab never had it, or does not list it in the end, or no tab of a device showed it",
    "not_stored": "the writer, or the login form, was told that all is well, and the database has no row",
    "stored_twice": "two rows for one key, or one sequence number twice for one user",
    "shown_twice": "one tab announced one notification twice, or two of a device toasted it, over all reloads",
    "leaked": "a tab received, listed or showed what belongs to another user",
    "phantom": "shown or listed, but not in the database, or nobody wrote it",
    "out_of_order": "a tab announced a notification after a later one",
    "deaf": "a tab's socket was open for longer than the bound while a stored notification was not shown",
    "undead": "withdrawn, or its time is over, and it is still stored, or a tab lists it in the end",
    "stale": "updated, and the database, or a tab in the end, still has the words of before",
    "miscounted": "a tab says in the end that so many are unread as cannot be",
    "ghost": "a tab was still served more than 5 s after the server was told to end its session",
}
EXAMPLES = 20


@dataclass
class Finding:
    """How often something happened that must not, and the first of them as sentences."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(sentence)


@dataclass
class Verdict:
    """The judgement on the notifications created, and on what tabs did, from `since` until before `until`.

    `accepted`, `stored` and `shown` count notifications; a notification counts as shown if every tab showed it
    that had to. `due` and `showings` count pairs of notification and tab. `delays` are (time of the showing,
    seconds since its row was created), `late` those of them for which a tab was deaf; `closes` are (time, close
    code); `sockets` are (time, +1 or -1).
    """

    since: float
    until: float
    found: dict[str, Finding] = field(default_factory=lambda: {name: Finding() for name in COUNTS})
    accepted: int = 0
    stored: int = 0
    shown: int = 0
    due: int = 0
    showings: int = 0
    delays: list[tuple[float, float]] = field(default_factory=list)
    late: list[tuple[float, float]] = field(default_factory=list)
    closes: list[tuple[float, int | None]] = field(default_factory=list)
    sockets: list[tuple[float, int]] = field(default_factory=list)

    def covers(self, t: float) -> bool:
        return self.since <= t < self.until

    def find(self, name: str, t: float, sentence: str) -> None:
        """Count what happened at `t`, if that is within the window; the sentence says when."""
        if self.covers(t):
            self.found[name].add(f"{t - self.since:.1f} s: {sentence}")

    @property
    def is_clean(self) -> bool:
        return not any(finding.count for finding in self.found.values())

    @property
    def close_codes(self) -> dict[int | None, int]:
        """Close code → how often; None where the browser was told none."""
        return dict(Counter(code for _, code in self.closes).most_common())

    @property
    def worst(self) -> float | None:
        """The longest delay in seconds; None if nothing was shown."""
        return max((seconds for _, seconds in self.delays), default=None)

    @property
    def p50(self) -> float | None:
        return self._percentile(50)

    @property
    def p99(self) -> float | None:
        return self._percentile(99)

    def _percentile(self, percent: int) -> float | None:
        seconds = [delay for _, delay in self.delays]
        if len(seconds) < 2:
            return seconds[0] if seconds else None
        return quantiles(seconds, n=100, method="inclusive")[percent - 1]
