"""What was withdrawn, updated, or sent for a while only: what must be gone by when, and what the others may say."""

from collections import defaultdict
from collections.abc import Mapping

from prove.oracle.record import Record, Revision, Row
from prove.oracle.verdict import Verdict

SETTLED = 15.0
"""Seconds after which a revision must be done everywhere, while nothing is broken."""

NEVER = float("inf")


def token_of(message: str) -> tuple[str, str] | None:
    """Token and username of a message as the writer makes them, "<token> for <username>"; else None."""
    token, separator, username = message.rpartition(" for ")
    return (token, username) if separator and token and " " not in token else None


def base_of(token: str) -> str:
    """The token of the notification that an update's words belong to; of one that was not updated, its own."""
    return token.partition("+")[0]


class Revised:
    """Look-ups into the writer's revisions, by token."""

    def __init__(self, record: Record) -> None:
        self.owners: dict[str, str] = {}
        self._last = record.last
        self._accepted = {sent.token: sent.t for sent in record.accepted}
        self._users = {sent.token: sent.username for sent in record.written}
        self._tokens = {sent.id: sent.token for sent in record.accepted if sent.id is not None}
        # From when on it may be gone, and by when it must be.
        self._may: dict[str, float] = {}
        self._must: dict[str, float] = {}
        self._words: dict[str, list[Revision]] = defaultdict(list)
        for sent in record.written:
            if sent.expires is not None:
                self._may[sent.token] = self._must[sent.token] = sent.expires
        for revision in record.revisions:
            self._note(revision)

    def _note(self, revision: Revision) -> None:
        if revision.words is not None:
            self._words[revision.token].append(revision)
            if token := token_of(revision.words):
                self.owners[token[0]] = revision.username
            return
        times = self._must if revision.done else self._may
        times[revision.token] = min(revision.t, times.get(revision.token, NEVER))

    def may_be_gone(self, token: str) -> bool:
        """Whether it may be gone by the end of the record."""
        return self._may.get(token, NEVER) <= self._last

    def must_be_gone(self, token: str, t: float) -> bool:
        """Whether it must be gone from everywhere at that moment."""
        return self._must.get(token, NEVER) <= t - SETTLED

    def left_since(self, username: str, t: float) -> int:
        """How many of this user's may have left since then."""
        return sum(
            when >= t and self._users.get(token) == username for token, when in self._may.items()
        )

    def token(self, id: str | None, message: str) -> str | None:
        """The token of a notification that is shown somewhere, if it is one of the writer's."""
        if (known := self._tokens.get(id or "")) is not None:
            return known
        found = token_of(message)
        return base_of(found[0]) if found else None

    def is_stale(self, token: str, message: str, t: float) -> bool:
        """Whether it must say something else at that moment: what an update says that is done, or a later one."""
        revisions = self._words.get(token, [])
        done = [at for at, each in enumerate(revisions) if each.done and each.t <= t - SETTLED]
        if not done:
            return False
        words = revisions[done[-1]].words
        later = {each.words for each in revisions[done[-1] :] if each.t <= t}
        return message != words and message not in later

    def judge(self, verdict: Verdict, stored: Mapping[str, Row]) -> None:
        """Find what is still stored, or stored with the words of before."""
        for token, row in stored.items():
            if self.must_be_gone(token, self._last):
                verdict.find("undead", row.created, f"{row.message!r} is still stored")
            elif self.is_stale(token, row.message, self._last):
                verdict.find("stale", row.created, f"{row.message!r} is still what is stored")

    def judge_screen(
        self, verdict: Verdict, tab: str, t: float, rows: list[Mapping[str, object]]
    ) -> None:
        """Find what a tab lists in the end though it is gone, or with the words of before."""
        for row in rows:
            message = str(row["message"])
            token = self.token(str(row["id"]), message)
            if token is None:
                continue
            created = self._accepted.get(token, t)
            if self.must_be_gone(token, t):
                verdict.find("undead", created, f"{tab} still lists {message!r}")
            elif self.is_stale(token, message, t):
                verdict.find("stale", created, f"{tab} still lists {message!r}")
