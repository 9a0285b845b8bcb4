"""The report: report.md for people, report.json with every sample for programs."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.measures import MEASURES
from bench.peers import PEERS
from bench.plan import Plan
from bench.reporting.figures import Median
from bench.reporting.goals import GOALS, Verdict, verdicts
from bench.runner import Results

PICTURE = "medians.png"


@dataclass(frozen=True)
class Run:
    """When, where and how the figures came to be."""

    date: str
    machine: dict[str, str]
    command: str
    plan: Plan
    seconds: float


def write(folder: Path, run: Run, results: Results) -> None:
    """Write report.md and report.json into the folder."""
    (folder / "report.md").write_text(markdown(run, results))
    document = {
        "date": run.date,
        "machine": run.machine,
        "command": run.command,
        "seconds": round(run.seconds),
        "plan": asdict(run.plan),
        "failures": results.failures,
        "verdicts": {
            f"{goal.measure}.{goal.value}": {
                against: {
                    "value": one.value,
                    "bound": one.bound and list(one.bound),
                    "holds": one.holds,
                }
                for against, one in verdicts(
                    goal, results.medians(goal.measure, goal.value)
                ).items()
            }
            for goal in GOALS
        },
        "samples": results.samples,
    }
    (folder / "report.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def markdown(run: Run, results: Results) -> str:
    """Return the report as Markdown."""
    machine = ", ".join(
        f"{value} {key}" if key == "cores" else str(value) for key, value in run.machine.items()
    )
    lines = [
        "# Benchmark",
        "",
        f"{run.date}, `{f'./bellhop bench {run.command}'.strip()}`, {run.seconds / 60:.0f} min. {machine}.",
        "",
        "Medians of the rounds, lowest and highest in brackets; × is Bellhop over the peer, by medians.",
        f"Server, publisher and load generator share the machine. {_rounds(run.plan, results.samples)}",
        "",
        *_table(results),
        "",
        *_generator(results),
    ]
    if results.failures:
        lines += ["", "Not measured:", "", *(f"- {line}" for line in results.failures)]
    return "\n".join([*lines, "", f"![Medians and spread]({PICTURE})", ""])


def missed(results: Results) -> list[str]:
    """Return a line for each bound that does not hold."""
    return [
        f"{goal.title}: {_verdict(one)} {'' if against == 'alone' else PEERS[against].title}".rstrip()
        for goal in GOALS
        for against, one in verdicts(goal, results.medians(goal.measure, goal.value)).items()
        if not one.holds
    ]


def _rounds(plan: Plan, measures: Collection[str]) -> str:
    if plan.rounds == 1:
        return "One round: a glance, no result."
    fewer = [
        f"{MEASURES[name].title} {MEASURES[name].rounds}"
        for name in measures
        if MEASURES[name].rounds < plan.rounds
    ]
    rest = f"; {', '.join(fewer)}" if fewer else ""
    return f"{plan.rounds} rounds, there and back (A B B A){rest}."


def _table(results: Results) -> list[str]:
    present = [name for name in PEERS if any(name in peers for peers in results.samples.values())]
    others = [name for name in present if name != "bellhop"]
    heads = [
        "measure",
        *(PEERS[name].title for name in present),
        *(f"× {PEERS[name].title}" for name in others),
        "alone",
    ]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for goal in GOALS:
        medians = results.medians(goal.measure, goal.value)
        if not medians:
            continue
        found = verdicts(goal, medians)
        cells = [f"{goal.title} ({goal.unit})", *(_median(medians.get(name)) for name in present)]
        cells += [_verdict(found.get(name)) for name in (*others, "alone")]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _generator(results: Results) -> list[str]:
    """How much of the machine the load generator took, by measure: 1 is a whole core."""
    parts = []
    for name, peers in results.samples.items():
        shares = [
            value
            for samples in peers.values()
            for sample in samples
            for key, value in sample.items()
            if key.startswith("generator_cores")
        ]
        if shares:
            parts.append(f"{MEASURES[name].title} {max(shares):.2f}")
    return (
        [f"The load generator's own CPU, at most, in cores: {', '.join(parts)}."] if parts else []
    )


def number(value: float) -> str:
    """Return a figure with three significant digits, thousands separated."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.1e}"


def _median(found: Median | None) -> str:
    if found is None:
        return "–"
    if found.low == found.high:
        return number(found.value)
    return f"{number(found.value)} ({number(found.low)}–{number(found.high)})"


def _verdict(found: Verdict | None) -> str:
    if found is None:
        return ""
    if found.bound is None:
        return number(found.value)
    sign = {">=": "≥", "<=": "≤"}[found.bound.sign]
    return (
        f"{number(found.value)} ({sign} {number(found.bound.figure)} {'✓' if found.holds else '✗'})"
    )
