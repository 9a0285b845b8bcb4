"""What the tabs of one device tell by toasts: each notification once, in one of them, and not in none."""

from prove.oracle.history import MARK_GRACE, History
from prove.oracle.ledger import Ledger
from prove.oracle.record import Row
from prove.oracle.verdict import Verdict

STANDS = 20.0
"""Seconds for which a toast that sums up others may have stood already: whose number stays the same says nothing."""


def judge_toasts(
    tabs: list[History], ledger: Ledger, verdict: Verdict, last: float, bound: float
) -> None:
    """Judge the toasts of one device, of whose tabs these are the histories."""
    _judge_repeats(tabs, verdict)
    if all(tab.tab.in_background for tab in tabs):
        return
    device = tabs[0].tab.device
    for row in ledger.by_user[tabs[0].tab.username]:
        if not verdict.covers(row.created) or not _is_owed(row, ledger):
            continue
        told = [at for tab in tabs if (at := tab.announced.get(row.id)) is not None]
        if not told or min(told) > last - bound or any(row.key in tab.toasts for tab in tabs):
            continue
        if not _is_excused(tabs, min(told), bound):
            words = f"the tabs of {device} knew {row.message!r} (seq {row.seq}), none showed it"
            verdict.find("lost", row.created, words)


def _is_owed(row: Row, ledger: Ledger) -> bool:
    """Whether it is one of the writer's that nobody has read, and that was there all the time."""
    return row.key is not None and row.is_unread and not ledger.revised.may_be_gone(row.key)


def _is_excused(tabs: list[History], told: float, bound: float) -> bool:
    """Whether it may be among those that were summed up, or a page went before it could show it."""
    sums = (at for tab in tabs for at in tab.sums)
    breaks = (at for tab in tabs for at in tab.breaks)
    return any(told - STANDS <= at <= told + bound for at in sums) or any(
        told <= at <= told + bound for at in breaks
    )


def _judge_repeats(tabs: list[History], verdict: Verdict) -> None:
    loads = [at for tab in tabs for at, _ in tab.loads]
    first: dict[str, tuple[float, str]] = {}
    shown = sorted((at, tab.tab.name, token) for tab in tabs for token, at in tab.toasts.items())
    for at, name, token in shown:
        if token not in first:
            first[token] = (at, name)
            continue
        before, other = first[token]
        # What was shown right before a page was left may not have been marked.
        if not any(before <= load <= before + MARK_GRACE for load in loads):
            words = f"{name} toasted {token}, as {other} of its device had"
            verdict.find("shown_twice", at, words)
