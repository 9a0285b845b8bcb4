"""The kinds of notifications that are declared, in the order in which they were.

Each is registered once a process, while Django starts: bellhop.apps imports the module `bellhop_kinds` of every
installed app. A kind that is not registered is as good, unless BELLHOP["UNDECLARED_KINDS"] refuses it: it says what its
caller wrote.
"""

import sys
from collections.abc import Sequence
from typing import Final, NamedTuple

from bellhop.kinds.kind import Kind


class Clash(NamedTuple):
    """A name that two modules have declared as different things; the first one counts."""

    name: str
    first: str
    second: str


class _Declared(NamedTuple):
    kind: Kind
    module: str


_kinds: Final[dict[str, _Declared]] = {}
_clashes: Final[list[Clash]] = []
_PLAIN: Final = _Declared(Kind("undeclared", at_most=None), "")


def register(kind: Kind) -> None:
    """Let find() return this kind by its name. Where another one has that name it stays, and a system check tells."""
    module = str(sys._getframe(1).f_globals.get("__name__", ""))
    first = _kinds.setdefault(kind.name, _Declared(kind, module))
    if first.kind != kind:
        _clashes.append(Clash(kind.name, first.module, module))


def find(name: str) -> Kind:
    """Return the kind of that name, or one with nothing special where none was registered. No query."""
    return _kinds.get(name, _PLAIN).kind


def is_declared(kind: Kind) -> bool:
    """Return whether this kind is one that was registered: not what find() returns for any other name."""
    return find(kind.name) is kind and kind is not _PLAIN.kind


def declared() -> Sequence[Kind]:
    """Return all kinds that were registered, in that order."""
    return [each.kind for each in _kinds.values()]


def module_of(kind: Kind) -> str:
    """Return the module in which a registered kind was declared."""
    return _kinds[kind.name].module


def clashes() -> Sequence[Clash]:
    """Return what was registered again, as something else."""
    return list(_clashes)
