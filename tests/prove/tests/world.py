"""A small record in which nothing is wrong, and the words to make something so."""

from collections import Counter
from dataclasses import replace
from typing import Any

from prove.oracle.judge import judge
from prove.oracle.record import Record, Revision, Row
from prove.oracle.verdict import Verdict

START, END = 1000.0, 1100.0


class World:
    """Alice with two tabs, Bob with one; all were loaded at START, and their sockets are open."""

    def __init__(self) -> None:
        self.record = Record()
        self.rows: list[Row] = []
        self._made = 0
        self._seqs: Counter[str] = Counter()
        for tab, username in (("a1", "alice"), ("a2", "alice"), ("b1", "bob")):
            self.arrive(tab, username, START)

    def arrive(self, tab: str, username: str, t: float, device: str | None = None) -> None:
        if tab not in self.record.tabs:
            self.record.open_tab(tab, username, device)
        self.load(tab, t)
        self.connect(tab, t)

    def load(self, tab: str, t: float, since: int = 0) -> None:
        """The page, with the newest 50 of what is stored by then."""
        username = self.record.tabs[tab].username
        rows = [row for row in self.rows if row.username == username and row.created <= t]
        seq = max((row.seq for row in rows), default=0)
        self.event(t, tab, "loaded", seq=seq, rows=self.listing(rows[-50:]))
        self.event(t, tab, "began", since=since)

    def connect(self, tab: str, t: float) -> None:
        self.event(t, tab, "socket", what="open")
        self.event(t, tab, "frame", type="ready", seq=0)
        self.event(t, tab, "state", state="open")

    def disconnect(self, tab: str, t: float, code: int = 1006) -> None:
        self.event(t, tab, "socket", what="close", code=code)
        self.event(t, tab, "state", state="waiting")

    def event(self, t: float, tab: str, name: str, **fields: Any) -> None:
        self.record.tab_event({"t": t, "tab": tab, "event": name, **fields})

    def save(self, t: float, token: str, username: str = "alice", **changes: Any) -> Row:
        """Write, accept and store; shown by nobody yet."""
        self.record.write(t - 0.1, token, username, changes.pop("expires", None))
        row = self.store(t, username, f"{token} for {username}", key=token, **changes)
        self.record.accept(t, token, username, row.id)
        return row

    def store(self, t: float, username: str, message: str, **changes: Any) -> Row:
        seq = self._seqs[username] = self._seqs[username] + 1
        self._made += 1
        row = {"id": f"id-{self._made}", "seq": seq, "kind": "message", "key": None, **changes}
        self.rows.append(Row(username=username, message=message, created=t, **row))
        return self.rows[-1]

    def show(self, t: float, row: Row, *tabs: str) -> None:
        for tab in tabs:
            self.event(t, tab, "frame", type="notification", seq=row.seq, message=row.message)
            self.event(t, tab, "shown", id=row.id, seq=row.seq, message=row.message)
            self.event(t, tab, "toast", message=row.message)

    def deliver(self, t: float, token: str, username: str = "alice", *tabs: str) -> Row:
        """Save it, and show it in all of the user's tabs, or in these."""
        row = self.save(t, token, username)
        self.show(t + 0.2, row, *(tabs or self.tabs_of(username)))
        return row

    def tabs_of(self, username: str) -> list[str]:
        return [name for name, tab in self.record.tabs.items() if tab.username == username]

    def screen(self, tab: str, rows: list[Row], t: float = END, words: str = "") -> None:
        self.event(t, tab, "screen", rows=self.listing(rows), bell="1", words=words)

    def withdraw(self, t: float, row: Row, *, done: bool = True) -> None:
        """Begin to withdraw a row; unless `done` is False it is gone a moment later."""
        self._revise(t, row, None, done)
        if done:
            self.rows.remove(row)

    def update(self, t: float, row: Row, words: str, *, done: bool = True) -> Row:
        """Begin to update a row; unless `done` is False it says something else a moment later. Return the row then."""
        self._revise(t, row, words, done)
        if done:
            self.rows[self.rows.index(row)] = row = replace(row, message=words)
        return row

    def _revise(self, t: float, row: Row, words: str | None, done: bool) -> None:
        token = str(row.key)
        self.record.revise(Revision(t, token, row.username, words))
        if done:
            self.record.revise(Revision(t + 0.1, token, row.username, words, done=True))

    @staticmethod
    def listing(rows: list[Row]) -> list[dict[str, Any]]:
        return [{"id": r.id, "seq": r.seq, "read": False, "message": r.message} for r in rows]

    def judge(self, since: float = START, until: float = END) -> Verdict:
        """Time goes on until END + 1 for everybody."""
        for tab in self.record.tabs:
            self.event(END + 1, tab, "state", state="open")
        self.record.store(self.rows)
        return judge(self.record, since, until)

    def counts(self) -> dict[str, int]:
        """Only those that are not 0."""
        return {name: found.count for name, found in self.judge().found.items() if found.count}
