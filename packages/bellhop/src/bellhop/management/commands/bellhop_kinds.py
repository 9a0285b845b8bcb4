"""`manage.py bellhop_kinds`: the kinds of notifications that are declared, and what holds for each."""

from datetime import timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand

from bellhop.conf import conf
from bellhop.kinds import registry, words
from bellhop.kinds.kind import CHANNELS, Kind

HEADINGS: Final = (
    "name", "label", "importance", "channels", "may be muted", "at most a minute", "kept", "declared in",
)  # fmt: skip


class Command(BaseCommand):
    """Prints a table, a kind a line, by name. Asks no database."""

    help = "List the kinds of notifications that are declared."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = sorted(registry.declared(), key=lambda kind: kind.name)
        rows = [HEADINGS, *(_row(kind) for kind in kinds)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _row(kind: Kind) -> tuple[str, ...]:
    return (
        kind.name,
        words.label(kind),
        kind.importance,
        ", ".join(channel for channel in CHANNELS if kind.goes_to(channel)) or "none",
        "yes" if kind.can_be_muted else "no",
        "all" if kind.at_most is None else str(kind.at_most),
        _kept(kind),
        registry.module_of(kind),
    )


def _kept(kind: Kind) -> str:
    """Return how long, and how many: as the kind says, or else BELLHOP of all."""
    keep = kind.keep
    if keep is None and conf.KEEP_DAYS is not None:
        keep = timedelta(days=conf.KEEP_DAYS)
    newest = kind.keep_newest or conf.KEEP_NEWEST
    parts = []
    if keep is not None:
        parts.append(f"{keep.days} days" if keep >= timedelta(days=2) else str(keep))
    if newest is not None:
        parts.append(f"newest {newest}")
    return ", ".join(parts) or "for ever"
