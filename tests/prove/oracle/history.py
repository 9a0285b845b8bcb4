"""The history of one tab: its events replayed in order, without any of the product's code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prove.oracle.ledger import Ledger
from prove.oracle.record import Tab, TabEvent
from prove.oracle.revised import base_of, token_of
from prove.oracle.verdict import Verdict

# Seconds. A page marks as shown what it shows, but gathers a burst for 250 ms before: what came just before
# a reload may come again.
MARK_GRACE = 1.0
# Seconds until a tab must have fallen silent whose session was ended.
SILENT_WITHIN = 5.0


@dataclass
class Life:
    """From the first page of a session, which was rendered up to `seq`, to its end."""

    seq: int
    ended: float | None = None


class History:
    """The replay of a tab's events. What must not happen goes into the verdict, the rest stays here to be read."""

    def __init__(
        self, tab: Tab, ledger: Ledger, verdict: Verdict, elsewhere: dict[str, float]
    ) -> None:
        """`elsewhere`: id → when any tab of this device first announced it, seconds since the epoch."""
        self.tab, self._ledger, self._verdict, self.elsewhere = tab, ledger, verdict, elsewhere
        self.lives: list[Life] = []
        self.shown: dict[str, float] = {}  # id → first announced, listed by a load, or summed up
        self.announced: dict[str, float] = {}  # id → first announced by itself
        self.open: list[tuple[float, float]] = []  # how long it was live: (from, until)
        self.sockets: list[
            tuple[float, float]
        ] = []  # of its own: (ready, close); one tab of a device has it for all
        self.toasts: dict[str, float] = {}  # token → first toasted
        self.sums: list[float] = []  # when it said how many more there are
        self.breaks: list[float] = []  # when its page came or went
        self.loads: list[tuple[float, int]] = []  # (time, seq up to which it was rendered)
        self.screen: TabEvent | None = None
        self._live: float | None = None
        self._ready: float | None = None
        self._socket: object = None
        self._ended: float | None = None
        self._may_return = False
        self._cursor = 0
        self._resync: int | None = None
        self._log: list[tuple[float, str, int]] = []  # announced: (time, id or toast, seq)
        self._known: set[str] = set()  # ids and toasts in the log
        self._reported: set[tuple[str, str]] = set()

    def replay(self, events: list[TabEvent], until: float) -> "History":
        """Go through all `events`; sockets that are still open are so `until`."""
        for event in sorted(events, key=lambda event: event.t):
            self._take(event.t, event.event, event.fields)
            if event.event == "screen":
                self.screen = event
        self._close_socket(until)
        return self

    def _take(self, t: float, event: str, fields: Mapping[str, Any]) -> None:
        if event in ("closed", "load-failed", "signed-out", "loaded"):
            self._close_socket(t)
        if event in ("closed", "load-failed", "signed-out", "loaded", "session-ended"):
            self.breaks.append(t)
        match event:
            case "login":
                self._may_return = True
            case "session-ended" | "closed":
                if self.lives and self.lives[-1].ended is None:
                    self.lives[-1].ended = t
                if event == "session-ended":
                    self._ended, self._may_return = t, False
            case "loaded":
                self._load(t, fields)
            case "began":
                self._cursor = max(self._cursor, fields["since"])
            case "socket" if fields["what"] == "close":
                # A page that gave one up may have the next before the first has said goodbye.
                if fields.get("socket") == self._socket:
                    self._close_socket(t)
                self._verdict.closes += [(t, fields.get("code"))] if self._verdict.covers(t) else []
            case "state":
                self._stand(t, fields["state"])
            case "frame":
                self._frame(t, fields)
            case "more":
                self.sums.append(t)
                self._sum_up(t)
            case "shown":
                self._sum_up(t)
                self._announce(t, fields)
            case "toast":
                self._toast(t, fields["message"])
            case "screen":
                for row in fields["rows"]:
                    self._is_wrong(t, row, "listed")

    def _stand(self, t: float, state: str) -> None:
        """The page says whether it is live: by a socket of its own, or by that of another tab of its device."""
        if state != "open":
            self._close_socket(t)
        elif self._live is None:
            self._live = t

    def _close_socket(self, t: float) -> None:
        if self._live is not None:
            self.open.append((self._live, t))
        if self._ready is not None:
            self.sockets.append((self._ready, t))
        self._live = self._ready = None

    def _load(self, t: float, fields: Mapping[str, Any]) -> None:
        for row in fields["rows"]:
            if not self._is_wrong(t, row, "listed"):
                self.shown.setdefault(row["id"], t)
        if self._ended is not None and not self._may_return:
            self._haunt(t, "a page")
            return
        if not self.lives or self.lives[-1].ended is not None:
            self.lives.append(Life(fields["seq"]))
        self._ended = None
        self.loads.append((t, fields["seq"]))
        while self._log and self._log[-1][0] > t - MARK_GRACE:
            self._log.pop()
        self._known = {key for _, key, _ in self._log}

    def _frame(self, t: float, fields: Mapping[str, Any]) -> None:
        self._haunt(t, f"a frame {fields['type']!r}")
        if fields["type"] == "ready" and self._ready is None:
            self._ready, self._socket = t, fields.get("socket")
            self._live = t if self._live is None else self._live
        elif fields["type"] == "resync":
            self._resync = fields["seq"]
        self._is_leaked(t, fields, "received")

    def _haunt(self, t: float, what: str) -> None:
        if self._ended is not None and t > self._ended + SILENT_WITHIN:
            late = f"{t - self._ended:.1f} s after the end of its session"
            self._verdict.find("ghost", t, f"{self.tab.name} got {what} {late}")

    def _sum_up(self, t: float) -> None:
        """A sign that the page has acted upon a resync: what lay between is in its list and in "N more"."""
        if self._resync is None:
            return
        for row in self._ledger.between(self.tab.username, self._cursor, self._resync):
            self.shown.setdefault(row.id, t)
        self._cursor, self._resync = max(self._cursor, self._resync), None

    def _announce(self, t: float, item: Mapping[str, Any]) -> None:
        """A notification was shown by itself, as it arrived."""
        if self._is_wrong(t, item, "showed") or item.get("id") is None:
            return
        name, identity, seq = f"{self.tab.name} showed {item['message']!r}", item["id"], item["seq"]
        if identity in self._known or self._was_shown_on_device(identity, seq):
            self._verdict.find("shown_twice", t, f"{name} (seq {seq}) again")
        elif any(seq < before for _, _, before in self._log[-1:]):
            self._verdict.find("out_of_order", t, f"{name} (seq {seq}) after {self._log[-1][2]}")
        self._known.add(identity)
        self._log.append((t, identity, max(seq, self._log[-1][2] if self._log else 0)))
        self._cursor = max(self._cursor, seq)
        self.shown.setdefault(identity, t)
        self.announced.setdefault(identity, t)

    def _was_shown_on_device(self, identity: str, seq: int) -> bool:
        """Whether this load began when the device had announced it: its mark was beyond it then."""
        if not self.loads or seq > self.loads[-1][1]:
            return False
        return self.elsewhere.get(identity, self.loads[-1][0]) <= self.loads[-1][0] - MARK_GRACE

    def _toast(self, t: float, message: str) -> None:
        """Toasts bear no id; the texts that the writer made are unique, others (logins') may come again."""
        token = token_of(message)
        if self._is_leaked(t, {"message": message}, "toasted") or token is None:
            return
        if self.tab.in_background:
            self._report("phantom", t, message, f"toasted {message!r}, where nobody could see it")
        # What an update says is no other notification.
        known = f"toast {base_of(token[0])}"
        if self._ledger.bears_unknown_token(message):
            self._report("phantom", t, message, f"toasted {message!r}")
        elif known in self._known:
            self._verdict.find("shown_twice", t, f"{self.tab.name} toasted {message!r} again")
        self.toasts.setdefault(base_of(token[0]), t)
        self._known.add(known)
        self._log.append((t, known, self._log[-1][2] if self._log else 0))

    def _is_wrong(self, t: float, item: Mapping[str, Any], verb: str) -> bool:
        if self._is_leaked(t, item, verb):
            return True
        if not self._ledger.is_phantom(self.tab.username, item):
            return False
        key = str(item.get("id") or item["message"])
        self._report("phantom", t, key, f"{verb} {item.get('message')!r}")
        return True

    def _is_leaked(self, t: float, item: Mapping[str, Any], verb: str) -> bool:
        if not self._ledger.is_foreign(self.tab.username, item):
            return False
        key = str(item.get("message") or item.get("id"))
        self._report("leaked", t, key, f"of {self.tab.username} {verb} {key!r}")
        return True

    def _report(self, count: str, t: float, key: str, what: str) -> None:
        """Once for each tab and thing: the same row is received, shown, and then listed many times."""
        if (count, key) not in self._reported:
            self._reported.add((count, key))
            self._verdict.find(count, t, f"{self.tab.name} {what}")
