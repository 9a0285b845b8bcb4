"""Helpers of the harness's tests."""

from bench.reporting.figures import Median


def flat(value: float) -> Median:
    """Return a median without spread."""
    return Median(value, value, value)
