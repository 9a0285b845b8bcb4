"""The kinds of notifications that have words of their own.

Kinds are registered once a process, while Django starts: a module that declares some calls register() when it is
imported, and an AppConfig.ready() imports it. A kind that is not registered is as good: it says what its caller wrote.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Facts = Mapping[str, Any]
"""The `data` of a row, as a frame carries it. Rows may have come past notify(): any of it may be missing or odd."""

Words = Callable[[Facts], str]
"""Makes text of the facts. It reads nothing else: it runs for each frame, in the event loop of the sockets too."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is special about one kind of notification; by default nothing."""

    name: str
    message: Words | None = None
    """Makes the message of a row whose caller wrote none. None: such a row shows the name of its kind."""
    body: Words | None = None
    """Makes the body of a row whose caller wrote none. None: it stays empty."""


_PLAIN: Final = Kind("")
_kinds: Final[dict[str, Kind]] = {}


def register(kind: Kind) -> None:
    """Let find() return this kind by its name. ValueError where another one has that name."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"kind {kind.name!r}: registered already, as something else")


def find(name: str) -> Kind:
    """Return the kind of that name, or one with nothing special where none was registered. No query."""
    return _kinds.get(name, _PLAIN)
