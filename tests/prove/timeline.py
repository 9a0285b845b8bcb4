"""Draws a run: how long each notification took to each tab, while what was broken."""

from itertools import accumulate
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from prove.record import Fault, Record
from prove.verdict import Verdict

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
LABEL_LANES = 4
LABEL_WIDTH = 0.0068  # of a label's character, as a part of the plot's width


def draw(record: Record, verdict: Verdict, path: Path, title: str, bound: float = BOUND) -> None:
    """Write a PNG of 1600 x 900 pixels about the verdict's window to `path`."""
    with mpl.rc_context({"font.size": 13, "text.color": INK, "axes.labelcolor": INK}):
        figure = Figure(figsize=(16, 9), dpi=100, layout="constrained", facecolor="white")
        axes = figure.subplots(4, 1, sharex=True, height_ratios=[1.05, 5.2, 1.5, 1.5])
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
    """Shade every fault in all panels, and name it above them, in as many lanes as the names need."""
    names.set_axis_off()
    names.set_ylim(0, LABEL_LANES)
    ends = [0.0] * LABEL_LANES  # where the last label of each lane ends, as a part of the width
    for fault in sorted(faults, key=lambda fault: fault.began):
        began, ended = fault.began - start, fault.ended - start
        if ended < 0 or began > length:
            continue
        width = LABEL_WIDTH * len(fault.name) + 0.012
        left = min(max(0.0, began / length), 1 - width)
        free = [lane for lane in range(LABEL_LANES) if ends[lane] <= left]
        lane = free[0] if free else ends.index(min(ends))
        left = max(left, ends[lane]) if left + width < 1 else left
        ends[lane] = left + width
        for axis in others:
            axis.axvspan(began, max(ended, began + length / 400), color=SHADE, alpha=0.65, lw=0)
        height = LABEL_LANES - 1 - lane
        names.plot([began, began], [0, height + 0.45], color="#8A97A3", lw=1, clip_on=False)
        names.plot(
            [began, max(ended, began + length / 400)], [0, 0], color="#5C6B78", lw=5, clip_on=False
        )
        names.text(
            left * length + 0.004 * length,
            height + 0.1,
            fault.name,
            fontsize=11.5,
            va="bottom",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )


def _delays(axis: Any, verdict: Verdict, bound: float) -> None:
    times = [t - verdict.since for t, _ in verdict.delays]
    seconds = [max(delay, SHORTEST) for _, delay in verdict.delays]
    late = [delay > bound for delay in seconds]
    dense = 0.2 if len(seconds) > 8000 else 0.4
    # As pixels: tens of thousands of dots.
    axis.scatter(times, seconds, s=7, color=BLUE, alpha=dense, linewidths=0, rasterized=True)
    axis.scatter(
        [t for t, is_late in zip(times, late, strict=True) if is_late],
        [delay for delay, is_late in zip(seconds, late, strict=True) if is_late],
        s=42,
        color=RED,
        marker="X",
        linewidths=0,
        zorder=4,
    )
    axis.set_yscale("log")
    axis.set_ylim(min([0.005, *seconds]) * 0.8, max([60.0, *seconds]) * 1.4)
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g} s"))
    axis.set_ylabel("saved → shown (seconds, log)")
    for value, colour, style, name in (
        (bound, RED, "-", f"bound for an open socket: {bound:g} s"),
        (BEAT, ORANGE, "--", f"beat: {BEAT:g} s"),
    ):
        axis.axhline(value, color=colour, linestyle=style, linewidth=1.8, zorder=3)
        axis.annotate(
            name,
            (1, value),
            xycoords=("axes fraction", "data"),
            xytext=(-6, 3),
            textcoords="offset points",
            ha="right",
            va="bottom",
            fontsize=11.5,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )
    if verdict.worst is not None:
        text = f"{len(seconds):,} showings: half within {verdict.p50:.2f} s, 99 % within {verdict.p99:.1f} s"
        text += f", the last after {verdict.worst:.1f} s"
        axis.set_title(text, loc="left", fontsize=13, pad=6)


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
        axis.annotate(
            f"{code or 'no code'}: {len(ticks):,}",
            (1, height),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=10.5,
        )
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
