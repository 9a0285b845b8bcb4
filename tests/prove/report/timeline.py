"""Draws a run: how long each notification took to each tab, while what was broken."""

import re
from itertools import accumulate
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from prove.oracle.record import Fault, Record
from prove.oracle.verdict import Verdict

# Okabe and Ito's colours, which remain distinct for the colour-blind; the text of a picture is darker.
BLUE, ORANGE, GREEN, RED, SHADE, INK = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CFD6DD",
    "#22303C",
)
# Seconds: the promise, and the server's beat in a prover's stack, by which a missed ring is noticed.
BOUND, BEAT = 15.0, 5.0
SHORTEST = 0.001  # seconds; a logarithmic axis has no 0
LANES = 4
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # hides a line behind a name
# As parts of the plot's width: a letter of a fault's name, and how far names may reach over its right edge.
LETTER, MARGIN = 0.0066, 1.06
# Faults: up to so many are named in full, and up to so many by more than their numbers.
FEW, CROWD = 6, 16


def draw(record: Record, verdict: Verdict, path: Path, title: str, bound: float = BOUND) -> None:
    """Write a PNG of 1600 x 900 pixels about the verdict's window to `path`."""
    with mpl.rc_context({"font.size": 13, "text.color": INK, "axes.labelcolor": INK}):
        figure = Figure(figsize=(16, 9), dpi=100, layout="constrained", facecolor="white")
        ratios = [1.1, 5.2, 1.0 + 0.22 * len(verdict.close_codes), 1.3]
        axes = figure.subplots(4, 1, sharex=True, height_ratios=ratios)
        faults, delays, sockets, arrivals = axes
        figure.suptitle(title, fontsize=19, fontweight="bold", x=0.012, ha="left")
        length = max(verdict.until - verdict.since, 1.0)
        _faults(faults, axes[1:], record.faults, verdict.since, length)
        _delays(delays, verdict, bound)
        _sockets(sockets, verdict, length)
        _arrivals(arrivals, record, verdict, length)
        for axis in axes[1:]:
            axis.grid(visible=True, axis="y", color="#E3E7EB", linewidth=0.8)
            axis.set_axisbelow(True)
            axis.spines[["top", "right"]].set_visible(False)
        arrivals.set_xlim(0, length)
        arrivals.xaxis.set_major_locator(MultipleLocator(60 if length > 180 else 10))
        arrivals.xaxis.set_major_formatter(
            FuncFormatter(lambda s, _: f"{s // 60:.0f}:{s % 60:02.0f}")
        )
        arrivals.set_xlabel("time since the start (minutes:seconds)")
        figure.align_ylabels(axes[1:])
        figure.savefig(path)


def _faults(names: Any, others: Any, faults: list[Fault], start: float, length: float) -> None:
    """Shade every fault in all panels, and name it above them, on lanes so that no two names meet."""
    names.set_axis_off()
    names.set_ylim(0, LANES)
    ends = [0.0] * LANES  # where the last name of each lane ends, as a part of the plot's width
    seen = [fault for fault in faults if fault.ended >= start and fault.began <= start + length]
    for fault in sorted(seen, key=lambda fault: fault.began):
        began, ended = fault.began - start, fault.ended - start
        ended = max(ended, began + length / 400)
        name = label(fault.name, len(seen))
        width = LETTER * len(name) + 0.012
        left = max(0.0, min(began / length, MARGIN - width))
        # Beneath every name that is still going on: its own line would else cross them.
        lane = max((lane + 1 for lane in range(LANES) if ends[lane] > left), default=0)
        lane = lane if lane < LANES else ends.index(min(ends))
        ends[lane] = left + width
        for axis in others:
            axis.axvspan(began, ended, color=SHADE, alpha=0.65, lw=0)
        height = LANES - 1 - lane
        stem = height + (0.85 if left * length >= began else 0.05)
        names.plot([began, began], [0, stem], color="#8A97A3", lw=1)
        names.plot(
            [began, ended],
            [0, 0],
            color="#5C6B78",
            lw=5,
            clip_on=False,
            solid_capstyle="butt",
            zorder=5,
        )
        text = names.text(
            (left + 0.004) * length,
            height + 0.1,
            name,
            fontsize=11.5,
            va="bottom",
            bbox=PAPER,
        )
        text.set_in_layout(False)


def label(name: str, among: int) -> str:
    """Return as much of a fault's name as fits beside that many others: all, its first clause, or its number."""
    if among > CROWD:
        return name.split()[0]
    return re.split("[,;]", name)[0] if among > FEW else name


def _delays(axis: Any, verdict: Verdict, bound: float) -> None:
    dense = len(verdict.delays) > 8000
    for kind, name, look in (
        (verdict.delays, "shown", {"s": 7, "color": BLUE, "alpha": 0.25 if dense else 0.5}),
        (
            verdict.late,
            "shown too late (deaf)",
            {"s": 42, "color": RED, "marker": "X", "zorder": 4},
        ),
    ):
        times = [t - verdict.since for t, _ in kind]
        seconds = [max(delay, SHORTEST) for _, delay in kind]
        # As pixels: tens of thousands of dots.
        axis.scatter(times, seconds, linewidths=0, rasterized=True, label=name, **look)
    axis.set_yscale("log")
    delays = [max(delay, SHORTEST) for _, delay in verdict.delays]
    axis.set_ylim(min([0.005, *delays]) * 0.8, max([60.0, *delays]) * 1.4)
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))
    axis.set_ylabel("saved → shown (seconds, log)")
    for value, colour, style, name in (
        (bound, RED, "-", f"{bound:g} s: bound\nfor open sockets"),
        (BEAT, ORANGE, "--", f"{BEAT:g} s: beat"),
    ):
        axis.axhline(value, color=colour, linestyle=style, linewidth=1.8, zorder=3)
        _beside(axis, value, name)
    if verdict.worst is not None:
        text = f"{len(delays):,} showings: half within {verdict.p50:.2f} s, 99 % within {verdict.p99:.1f} s"
        text += f", the slowest after {verdict.worst:.1f} s"
        text += " (waiting for a connection included)"
        axis.set_title(text, loc="left", fontsize=13, pad=6)
    if verdict.late:
        axis.legend(loc="lower right", framealpha=1, markerscale=1.5)


def _beside(axis: Any, height: float, text: str) -> None:
    """Name what is drawn at this height, right of the plot."""
    place = {"xycoords": ("axes fraction", "data"), "xytext": (6, 0), "textcoords": "offset points"}
    axis.annotate(text, (1, height), va="center", fontsize=10.5, **place)


def _sockets(axis: Any, verdict: Verdict, length: float) -> None:
    """The number of open sockets, and beneath it a tick for each close, a row for each code."""
    counts = list(accumulate([step for _, step in verdict.sockets], initial=0))
    times = [0.0, *(t - verdict.since for t, _ in verdict.sockets), length]
    # Those that were open before the window began are known by their closes only.
    lowest = min(counts)
    axis.plot(
        times,
        [count - lowest for count in [*counts, counts[-1]]],
        color=GREEN,
        lw=2,
        drawstyle="steps-post",
    )
    top = max(count - lowest for count in counts) or 1
    codes = list(verdict.close_codes)
    for row, code in enumerate(codes):
        height = -top * (0.22 + 0.24 * row)
        ticks = [t - verdict.since for t, closed in verdict.closes if closed == code]
        axis.plot(ticks, [height] * len(ticks), "|", color=INK, markersize=8, alpha=0.5, ls="")
        _beside(axis, height, f"{code or 'no code'}: {len(ticks):,}")
    axis.set_ylim(-top * (0.15 + 0.24 * len(codes)), top * 1.15)
    axis.set_yticks([0, top])
    axis.set_ylabel("open sockets\nand closes")


def _arrivals(axis: Any, record: Record, verdict: Verdict, length: float) -> None:
    rates = [0] * (int(length) + 1)
    for message in record.accepted:
        if verdict.covers(message.t):
            rates[int(message.t - verdict.since)] += 1
    axis.fill_between(range(len(rates)), rates, step="post", color=BLUE, alpha=0.55, linewidth=0)
    axis.set_ylim(0, None)
    axis.set_ylabel("accepted\nper second")
