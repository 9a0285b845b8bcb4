"""Writes a run down: report.md for readers, report.json for programs, timeline.png for both."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prove.oracle.record import Record
from prove.oracle.verdict import Verdict
from prove.report.markdown import markdown
from prove.report.phase import Phase, Run, is_kept
from prove.report.timeline import draw

__all__ = ["Phase", "Run", "as_json", "is_kept", "write"]


def write(folder: Path, run: Run, phases: list[Phase], total: Verdict, record: Record) -> bool:
    """Write report.md, report.json and timeline.png into `folder`; return whether every promise was kept.

    `total` is the verdict on the whole run: it also sees what lies between the phases.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = is_kept(phases, total)
    (folder / "report.md").write_text(markdown(run, phases, total))
    (folder / "report.json").write_text(json.dumps(as_json(run, phases, total), indent=2) + "\n")
    title = f"Bellhop under {len(phases)} faults: {'every promise kept' if kept else 'NOT KEPT'}"
    draw(record, total, folder / "timeline.png", title)
    return kept


def as_json(run: Run, phases: list[Phase], total: Verdict) -> dict[str, Any]:
    """The report as values: times in seconds since the epoch, delays in seconds."""
    return {
        "kept": is_kept(phases, total),
        "run": asdict(run),
        "phases": [
            {"number": phase.number, "title": phase.title, "bound": phase.bound}
            | {"measured": phase.measured, "kept": phase.is_kept, **_values(phase.verdict)}
            for phase in phases
        ],
        "total": _values(total),
    }


def _values(verdict: Verdict) -> dict[str, Any]:
    numbers = (
        "since",
        "until",
        "accepted",
        "stored",
        "shown",
        "due",
        "showings",
        "p50",
        "p99",
        "worst",
    )
    return {name: getattr(verdict, name) for name in numbers} | {
        "counts": {name: finding.count for name, finding in verdict.found.items()},
        "examples": {name: found.examples for name, found in verdict.found.items() if found.count},
        "close_codes": {str(code): count for code, count in verdict.close_codes.items()},
    }
