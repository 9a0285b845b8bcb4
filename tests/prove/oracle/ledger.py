"""The owner of each notification, and since when: the writer's and the database's side of a record."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from prove.oracle.record import Message, Record, Row
from prove.oracle.revised import SETTLED, Revised, base_of, token_of
from prove.oracle.verdict import Verdict

# Seconds. A login's row is created while its form is being answered, by the clock of another container.
LOGIN_TAKES, CLOCKS_DIFFER = 60.0, 2.0


class Ledger:
    """Look-ups into one record."""

    def __init__(self, record: Record) -> None:
        self.by_id = {row.id: row for row in record.stored}
        self.by_key = {row.key: row for row in record.stored if row.key is not None}
        self.by_user: dict[str, list[Row]] = defaultdict(list)
        self.revised = Revised(record)
        self._owner = {sent.token: sent.username for sent in (*record.written, *record.accepted)}
        self._owner |= self.revised.owners
        self._accepted = {sent.token: sent.t for sent in record.accepted}
        self._recipients: dict[str, set[str]] = defaultdict(set)
        self._unsaved = {(sent.token, sent.username) for sent in record.unsaved}
        self._logins = record.logins
        self._written: dict[str, list[Message]] = defaultdict(list)
        for written in record.written:
            self._written[written.username].append(written)
        for sent in record.unsaved:
            self._recipients[sent.token].add(sent.username)
        for row in sorted(record.stored, key=lambda row: row.seq):
            self.by_user[row.username].append(row)
            self._recipients[row.message].add(row.username)
        self._seqs = {user: [row.seq for row in rows] for user, rows in self.by_user.items()}

    def start(self, row: Row) -> float:
        """From when on a tab can be blamed: `created` is taken before the commit, acceptance comes after it."""
        return max(row.created, self._accepted.get(row.key or "", 0.0))

    def between(self, username: str, above: int, through: int) -> list[Row]:
        """This user's rows with `above` < seq <= `through`."""
        seqs = self._seqs.get(username, [])
        return self.by_user[username][bisect_right(seqs, above) : bisect_right(seqs, through)]

    def unread(self, username: str, t: float) -> tuple[int, int]:
        """How many a tab may say are unread at that moment, from and to.

        What came, or may have gone, within SETTLED before it, or after the rows were read, may be in it or not.
        """
        rows = [row for row in self.by_user.get(username, []) if row.is_unread]
        sure = [
            row
            for row in rows
            if self.start(row) <= t - SETTLED and not self.revised.may_be_gone(row.key or "")
        ]
        stored = {row.key for row in self.by_user.get(username, [])}
        coming = sum(
            sent.t >= t - 2 * SETTLED and sent.token not in stored
            for sent in self._written[username]
        )
        signing_in = sum(
            login.username == username and login.t >= t - 2 * SETTLED for login in self._logins
        )
        leaving = self.revised.left_since(username, t - SETTLED)
        return len(sure), len(rows) + coming + signing_in + leaving

    def is_foreign(self, username: str, item: Mapping[str, Any]) -> bool:
        """Whether an item {id?, message?} that this user's tab got belongs to somebody else."""
        row = self.by_id.get(item.get("id") or "")
        if row is not None and row.username != username:
            return True
        message = item.get("message")
        if not message:
            return False
        if token := token_of(message):
            return self._owner.get(token[0], token[1]) != username or token[1] != username
        return username not in self._recipients.get(message, {username})

    def is_phantom(self, username: str, item: Mapping[str, Any]) -> bool:
        """Whether an item {id?, message} was neither stored nor sent, or bears a token that nobody wrote."""
        message = item.get("message") or ""
        if (message, username) in self._unsaved:
            return False
        token = token_of(message)
        if token is not None and token[0] not in self._owner:
            return True
        if item.get("id") in self.by_id:
            return False
        # What was withdrawn, or has expired, was there.
        return token is None or not self.revised.may_be_gone(base_of(token[0]))

    def bears_unknown_token(self, message: str) -> bool:
        token = token_of(message)
        return token is not None and token[0] not in self._owner and not self._recipients[message]

    def judge(self, verdict: Verdict) -> None:
        """Count what was accepted and stored, and find what was not stored, or twice."""
        self.revised.judge(verdict, self.by_key)
        for token, t in self._accepted.items():
            row = self.by_key.get(token)
            if row is None and not self.revised.may_be_gone(token):
                verdict.find("not_stored", t, f"{token} for {self._owner[token]} was accepted")
            verdict.accepted += verdict.covers(row.created if row else t)
        self._judge_logins(verdict)
        keys: set[str] = set()
        for row in self.by_id.values():
            verdict.stored += verdict.covers(row.created)
            if row.key is not None and row.key in keys:
                verdict.find("stored_twice", row.created, f"key {row.key} of {row.username}, again")
            keys.add(row.key or "")
        for username, rows in self.by_user.items():
            for before, row in pairwise(rows):
                if before.seq == row.seq and (row.key is None or before.key != row.key):
                    t = max(before.created, row.created)
                    verdict.find("stored_twice", t, f"seq {row.seq} of {username}, again")

    def _judge_logins(self, verdict: Verdict) -> None:
        """Every answered login has a row of its own; which one does not matter, so the earliest is taken."""
        waiting: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.by_id.values(), key=lambda row: row.created, reverse=True):
            if row.kind == "login":
                waiting[row.username].append(row)
        for login in sorted(self._logins, key=lambda login: login.t):
            rows = waiting[login.username]
            while rows and rows[-1].created < login.t - LOGIN_TAKES:
                rows.pop()
            if rows and rows[-1].created <= login.t + CLOCKS_DIFFER:
                verdict.accepted += verdict.covers(rows.pop().created)
            else:
                verdict.find("not_stored", login.t, f"the login of {login.username} was answered")
                verdict.accepted += verdict.covers(login.t)
