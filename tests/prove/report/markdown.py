"""A run in words and tables, for a reader who believes nothing."""

from prove.oracle.verdict import COUNTS, Verdict
from prove.report.phase import Phase, Run, is_kept


def markdown(run: Run, phases: list[Phase], total: Verdict) -> str:
    """The report as Markdown."""
    kept = is_kept(phases, total)
    done = sum(phase.is_kept for phase in phases)
    verdict = f"**{'Kept' if kept else 'NOT KEPT'}: {done} of {len(phases)} phases.**"
    figures = (
        f"{total.accepted:,} notifications accepted, {total.stored:,} stored, {total.shown:,} shown by every"
        f" tab that had to ({total.showings:,} of {total.due:,} showings)."
    )
    facts = {"date": run.date, **run.machine, "seed": str(run.seed), "load": run.load}
    return "\n".join(
        [
            "# What became of every notification while Bellhop was being broken",
            "",
            f"{verdict} {figures}",
            "",
            "![Delays, sockets and faults over time](timeline.png)",
            "",
            "| | |",
            "|---|---|",
            *(f"| {_cell(name)} | {_cell(text)} |" for name, text in facts.items()),
            "",
            "## Phase by phase",
            "",
            *_promises(phases),
            "",
            "## The counts",
            "",
            *_table(phases, total),
            "",
            *_definitions(),
            *_examples(phases, total),
            "",
            "## To repeat it",
            "",
            "```",
            run.repeat,
            "```",
            "",
        ]
    )


def _promises(phases: list[Phase]) -> list[str]:
    return [
        "| # | what was broken | bound | measured | kept |",
        "|---:|---|---|---|---|",
        *(
            f"| {phase.number} | {_cell(phase.title)} | {_cell(phase.bound)} | {_cell(phase.measured)}"
            f" | {_yes(phase.is_kept)} |"
            for phase in phases
        ),
    ]


def _table(phases: list[Phase], total: Verdict) -> list[str]:
    names = ["accepted", "stored", "shown", *(name.replace("_", " ") for name in COUNTS)]
    head = f"| # | {' | '.join(names)} | p50 | p99 | worst |"
    return [
        head,
        "|---:" * (head.count("|") - 1) + "|",
        *(f"| {phase.number} | {_figures(phase.verdict)} |" for phase in phases),
        f"| **total** | {_figures(total)} |",
    ]


def _figures(verdict: Verdict) -> str:
    numbers = [f"{number:,}" for number in (verdict.accepted, verdict.stored, verdict.shown)]
    counts = [finding.count for finding in verdict.found.values()]
    numbers += [f"**{count:,}**" if count else "0" for count in counts]
    delays = (verdict.p50, verdict.p99, verdict.worst)
    return " | ".join(
        numbers + [f"{delay:.2f} s" if delay is not None else "-" for delay in delays]
    )


def _definitions() -> list[str]:
    return [
        "A notification belongs to the phase in which it was created. The total is judged anew over the whole"
        " run, so it also sees what lies between two phases.",
        "",
        "- **accepted**: the writer's call returned, or a login's form was answered; after an error the writer"
        " tries again with the same key.",
        "- **stored**: rows in the database at the end.",
        "- **shown**: rows that every tab showed that had to: each of the user's tabs, from its first page to"
        " the end of its session.",
        *(f"- **{name.replace('_', ' ')}**: {meaning}." for name, meaning in COUNTS.items()),
        "- **p50, p99, worst**: seconds from the row's `created` to its showing in a tab, also where the tab"
        " had no connection for a while.",
    ]


def _examples(phases: list[Phase], total: Verdict) -> list[str]:
    """Whatever is not 0, in sentences; of the total only where no phase has it."""
    lines: list[str] = []
    verdicts = [(f"Phase {phase.number}", phase.verdict) for phase in phases]
    for where, verdict in [*verdicts, ("Whole run", total)]:
        for name, finding in verdict.found.items():
            in_phases = sum(phase.verdict.found[name].count for phase in phases)
            if not finding.count or (verdict is total and finding.count <= in_phases):
                continue
            lines += ["", f"**{where}, {name.replace('_', ' ')}: {finding.count:,}**", ""]
            lines += [f"- {_cell(sentence)}" for sentence in finding.examples]
            if finding.count > len(finding.examples):
                lines.append(f"- and {finding.count - len(finding.examples):,} more")
    return ["", "## What went wrong", *lines] if lines else []


def _cell(text: str) -> str:
    """Text that stays within its cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def _yes(kept: bool) -> str:
    return "yes" if kept else "**no**"
