"""The running tabs as faults see them: which are live, how others were closed, which rows came late. Judges nothing."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from prove.oracle.record import Row

Event = dict[str, Any]


@dataclass
class Watch:
    """The present state of all tabs, kept from the same events that the record keeps."""

    open: set[str] = field(default_factory=set)
    sockets: dict[str, object] = field(default_factory=dict)
    signed_out: set[str] = field(default_factory=set)
    opened: int = 0
    # Of sockets that were live: a handshake that was refused is none.
    closes: list[tuple[float, str, int | None]] = field(default_factory=list)
    shown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    accepted: dict[str, float] = field(default_factory=dict)
    showings: list[tuple[float, str]] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """Take one event of a tab."""
        tab = event["tab"]
        match event["event"]:
            case "frame" if event["type"] == "ready":
                self.open.add(tab)
                self.sockets[tab] = event.get("socket")
                self.opened += 1
            case "socket" if event["what"] == "close":
                # A page that gave one up may have the next before the first has said goodbye.
                if tab in self.open and self.sockets.get(tab) == event.get("socket"):
                    self.open.discard(tab)
                    self.closes.append((event["t"], tab, event.get("code")))
            case "signed-out":
                self.open.discard(tab)
                self.signed_out.add(tab)
            case "shown":
                self.showings.append((event["t"], event["message"].partition(" ")[0]))
                if event.get("id"):
                    self.shown[tab].add(event["id"])
            case "loaded":
                self.shown[tab].update(row["id"] for row in event["rows"])

    def close_codes(self, since: float) -> list[int]:
        """Return the codes of the closes since then; real browsers do not tell theirs from outside."""
        return [code for t, _, code in self.closes if t >= since and code is not None]

    def closed_at(self, tab: str, code: int, since: float) -> float | None:
        """Return when this tab's socket was closed with that code, None if it was not."""
        times = [
            t for t, name, found in self.closes if name == tab and found == code and t >= since
        ]
        return min(times, default=None)

    def late_since(self, since: float, seconds: float) -> list[float]:
        """Return when those were accepted, since then, that some tab showed more than `seconds` later."""
        accepted = [(self.accepted.get(token, 0.0), t) for t, token in self.showings if t >= since]
        return [start for start, t in accepted if start >= since and t - start > seconds]

    def shows_all(
        self, rows: list[Row], tabs: dict[str, list[str]], since: float, until: float
    ) -> bool:
        """Whether every row made in that time is on all tabs of its user; `tabs` by username."""
        recent = [row for row in rows if since <= row.created < until]
        return all(
            row.id in self.shown[tab] for row in recent for tab in tabs.get(row.username, ())
        )
