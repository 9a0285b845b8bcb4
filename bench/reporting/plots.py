"""The picture: a panel a figure, a bar a peer, the spread of the rounds as a whisker."""

from pathlib import Path
from typing import Final

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot

from bench.peers import PEERS
from bench.reporting.goals import GOALS
from bench.runner import Results

COLOURS: Final = {
    "bellhop": "#1f77b4",
    "tutorial": "#999999",
    "socketio": "#d9a441",
    "nchan": "#6aa84f",
}
COLUMNS: Final = 4


def draw(path: Path, results: Results) -> None:
    """Draw every figure that was measured of more than one peer."""
    panels = []
    for goal in GOALS:
        medians = {
            peer: one for peer, one in results.medians(goal.measure, goal.value).items() if one
        }
        if len(medians) > 1 and goal.value not in ("lost", "growth"):
            panels.append((goal, medians))
    if not panels:
        return
    rows = -(-len(panels) // COLUMNS)
    figure, grid = pyplot.subplots(rows, COLUMNS, figsize=(14, 2.6 * rows), squeeze=False)
    for axes in grid.flat[len(panels) :]:
        axes.axis("off")
    for axes, (goal, medians) in zip(grid.flat, panels, strict=False):
        names = [name for name in PEERS if name in medians]
        values = [medians[name].value for name in names]
        spread = [
            [medians[name].value - medians[name].low for name in names],
            [medians[name].high - medians[name].value for name in names],
        ]
        titles = [PEERS[name].title.removeprefix("the ") for name in names]
        axes.barh(titles, values, xerr=spread, color=[COLOURS[name] for name in names], capsize=3)
        axes.invert_yaxis()
        axes.set_title(f"{goal.title}\n({goal.unit})", fontsize=8)
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
