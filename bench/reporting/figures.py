"""The statistics: percentiles of one measurement, medians and spread of several rounds."""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Median(NamedTuple):
    """The median of some rounds, with the lowest and the highest of them."""

    value: float
    low: float
    high: float


def percentile(ascending: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` of all values do not exceed; nan for none."""
    if not ascending:
        return math.nan
    return ascending[max(0, math.ceil(len(ascending) * percent / 100) - 1)]


def median(values: Sequence[float]) -> Median | None:
    """Return the median of the rounds that have a value, or None if none has."""
    known = [value for value in values if not math.isnan(value)]
    return Median(statistics.median(known), min(known), max(known)) if known else None


def ratio(ours: Median | None, theirs: Median | None) -> float | None:
    """Return ours / theirs by their medians, or None where either is missing or theirs is nothing."""
    if ours is None or theirs is None or theirs.value == 0:
        return None
    return ours.value / theirs.value
