"""A record of a run: plain facts with their times, and no opinion about them.

All times are seconds since the epoch, by the one clock of the machine that the whole stack runs on.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of one user. Tabs of one `device` share its cookies and its storage.

    One that is `in_background` shows no toast.
    """

    name: str
    username: str
    device: str
    in_background: bool = False


@dataclass(frozen=True, slots=True)
class TabEvent:
    """One thing that happened in a tab; `fields` are those of `event`, as `Record.tab_event` lists them."""

    t: float
    event: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message with a token: about to be written, accepted, or sent without being saved."""

    t: float
    token: str
    username: str
    id: str | None = None
    expires: float | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """What was to become of an accepted message: withdrawn, or, with `words`, updated; `done` when the call returned.

    An update's words are "<token>+<n> for <username>".
    """

    t: float
    token: str
    username: str
    words: str | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """A login form that was answered with 302."""

    t: float
    username: str
    device: str


@dataclass(frozen=True, slots=True)
class Row:
    """One notification as the database has it; `created` in seconds since the epoch."""

    id: str
    username: str
    seq: int
    kind: str
    message: str
    key: str | None
    created: float
    is_unread: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """Something was broken on purpose from `began` to `ended`."""

    name: str
    began: float
    ended: float


@dataclass
class Record:
    """All facts of one run, in the order in which they were noted."""

    tabs: dict[str, Tab] = field(default_factory=dict)
    events: dict[str, list[TabEvent]] = field(default_factory=dict)
    written: list[Message] = field(default_factory=list)
    accepted: list[Message] = field(default_factory=list)
    unsaved: list[Message] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    logins: list[Login] = field(default_factory=list)
    stored: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def open_tab(
        self, name: str, username: str, device: str | None = None, *, in_background: bool = False
    ) -> None:
        """A tab exists from now on; without `device` it is alone on one."""
        self.tabs[name] = Tab(name, username, device or name, in_background)
        self.events.setdefault(name, [])

    def close_tab(self, t: float, tab: str) -> None:
        """The tab was closed: until it loads again nothing is owed to it."""
        self.events[tab].append(TabEvent(t, "closed", {}))

    def end_session(self, t: float, tab: str) -> None:
        """The server was told to end the session of this tab, and has said that it did."""
        self.events[tab].append(TabEvent(t, "session-ended", {}))

    def tab_event(self, noted: Mapping[str, Any]) -> None:
        """Note `{"t": …, "tab": …, "event": …, **fields}`. The events and their fields:

        loaded {seq, rev, unread, rows: [{id, seq, read, message}]} · load-failed · signed-out · began {since} ·
        state {state} · socket {what: "open" | "close", code, socket?} · frame {type, seq?, id?, message?, socket?} ·
        shown {id, seq, message} · toast {message} · more · screen {rows: […], bell, words?} · error {text}
        """
        more = {key: noted[key] for key in noted.keys() - {"t", "tab", "event"}}
        self.events[noted["tab"]].append(TabEvent(noted["t"], noted["event"], more))

    def write(self, t: float, token: str, username: str, expires: float | None = None) -> None:
        """The writer is about to try; until it is accepted it may be stored or not. At `expires` it shall be gone."""
        self.written.append(Message(t, token, username, expires=expires))

    def accept(self, t: float, token: str, username: str, id: str | None = None) -> None:
        """`notify(key=token)` returned: from now on the notification must not be lost."""
        self.accepted.append(Message(t, token, username, id))

    def revise(self, revision: Revision) -> None:
        """The writer is about to withdraw or to update, or has been told that it is done."""
        self.revisions.append(revision)

    def send_unsaved(self, t: float, text: str, username: str) -> None:
        """A message without a row was sent: it may be shown to this user, and need not be."""
        self.unsaved.append(Message(t, text, username))

    def login(self, t: float, username: str, device: str) -> None:
        """A login form was answered with 302: a row of the kind "login" must be stored."""
        self.logins.append(Login(t, username, device))

    def fault(self, name: str, began: float, ended: float) -> None:
        self.faults.append(Fault(name, began, ended))

    def store(self, rows: Iterable[Row]) -> None:
        """All rows that the database has now. What was read before is replaced."""
        self.stored = list(rows)

    def as_it_stands(self) -> "Record":
        """Return a record of the facts until now, which another thread may read while this one grows."""
        facts = {each.name: copy(getattr(self, each.name)) for each in fields(self)}
        events = {tab: list(noted) for tab, noted in self.events.items()}
        return Record(**facts | {"events": events})

    @property
    def last(self) -> float:
        """The time of the last fact: how long it was looked at."""
        times = [event.t for events in self.events.values() for event in events]
        return max([*times, *(message.t for message in self.accepted)], default=0.0)
