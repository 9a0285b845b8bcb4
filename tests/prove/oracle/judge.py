"""Judges a record: what happened to each notification, from its acceptance to every screen that had to show it.

Pure, and without any of the product's code: it knows the promises only.
"""

import re
from collections import defaultdict
from operator import itemgetter

from prove.oracle.history import History, Life
from prove.oracle.ledger import Ledger
from prove.oracle.record import Record, Row, TabEvent
from prove.oracle.toasts import judge_toasts
from prove.oracle.verdict import Verdict

# Seconds for which a socket may be open with a stored notification not shown.
BOUND = 15.0
# The home page renders this many; a list that was loaded so grows from there.
PAGE = 50


def judge(record: Record, since: float, until: float, bound: float = BOUND) -> Verdict:
    """Judge the notifications created, and what tabs did, from `since` until before `until` (epoch seconds).

    Call it when all that can still arrive has arrived, with rows that were read after `until`: what is shown
    later than `until` still counts for a notification of the window.
    """
    verdict, ledger, last = Verdict(since, until), Ledger(record), record.last
    ledger.judge(verdict)
    devices, returns = _announced_by_device(record), _logins_by_device(record)
    incomplete: set[str] = set()
    histories: dict[str, list[History]] = defaultdict(list)
    for tab in record.tabs.values():
        events = [*record.events[tab.name], *returns[tab.device]]
        history = History(tab, ledger, verdict, devices[tab.device]).replay(events, last)
        histories[tab.device].append(history)
        verdict.sockets += [(t, 1) for t, _ in history.sockets if verdict.covers(t)]
        verdict.sockets += [(t, -1) for _, t in history.sockets if verdict.covers(t) and t < last]
        _judge_tab(history, ledger, verdict, bound, incomplete)
    for tabs in histories.values():
        judge_toasts(tabs, ledger, verdict, last, bound)
    rows = [row for row in ledger.by_id.values() if verdict.covers(row.created)]
    verdict.shown = sum(row.id not in incomplete for row in rows)
    for timed in (verdict.delays, verdict.closes, verdict.sockets):
        timed.sort(key=itemgetter(0))
    return verdict


def _announced_by_device(record: Record) -> dict[str, dict[str, float]]:
    """Device → id → when one of its tabs first announced it."""
    devices: dict[str, dict[str, float]] = defaultdict(dict)
    for name, events in record.events.items():
        announced = devices[record.tabs[name].device]
        for event in events:
            if event.event == "shown" and (identity := event.fields.get("id")) is not None:
                announced[identity] = min(event.t, announced.get(identity, event.t))
    return devices


def _logins_by_device(record: Record) -> dict[str, list[TabEvent]]:
    logins: dict[str, list[TabEvent]] = defaultdict(list)
    for login in record.logins:
        logins[login.device].append(TabEvent(login.t, "login", {}))
    return logins


def _judge_tab(
    history: History, ledger: Ledger, verdict: Verdict, bound: float, incomplete: set[str]
) -> None:
    """Compare what the tab's user has with what the tab showed; ids it failed to show become `incomplete`."""
    tab = history.tab
    listed, floor = _listing(history, ledger)
    if listed is not None and history.screen is not None:
        _judge_screen(history, history.screen, ledger, verdict)
    for row in ledger.by_user[tab.username]:
        life = _life(history, row)
        if not verdict.covers(row.created) or life is None:
            continue
        if row.key is not None and ledger.revised.may_be_gone(row.key):
            # From one moment to the next it need not be anywhere.
            continue
        name = f"{row.message!r} (seq {row.seq}) of {tab.username}"
        shown = history.shown.get(row.id)
        excused = _excused(history, row) if shown is None else shown
        waited = _waited(history, life, ledger.start(row), excused)
        if waited > bound:
            verdict.find(
                "deaf", row.created, f"{tab.name} was open for {waited:.1f} s without {name}"
            )
        is_missing = (
            listed is not None
            and row.seq >= floor
            and row.id not in listed
            and ledger.start(row) <= (history.screen.t if history.screen else 0) - bound
        )
        if shown is None and _had_no_time(life, waited, bound):
            continue
        if shown is None and excused is not None and not is_missing:
            continue
        verdict.due += 1
        verdict.showings += shown is not None
        if (announced := history.announced.get(row.id)) is not None:
            delay = (announced, max(0.0, announced - row.created))
            verdict.delays.append(delay)
            verdict.late += [delay] if waited > bound else []
        if shown is None:
            verdict.find("lost", row.created, f"{tab.name} never showed {name}")
        elif is_missing:
            verdict.find("lost", row.created, f"{tab.name} does not list {name} in the end")
        else:
            continue
        incomplete.add(row.id)


def _judge_screen(history: History, screen: TabEvent, ledger: Ledger, verdict: Verdict) -> None:
    """Compare the final screen with what was withdrawn, updated, has expired, and with what is unread."""
    name, username = history.tab.name, history.tab.username
    ledger.revised.judge_screen(verdict, name, screen.t, screen.fields["rows"])
    if (said := _unread_in(str(screen.fields.get("words", "")))) is None:
        return
    least, most = ledger.unread(username, screen.t)
    if not least <= said <= most:
        words = f"{name} says {said} unread, and there are {least} to {most}"
        verdict.find("miscounted", min(screen.t, verdict.until - 0.1), words)


def _unread_in(words: str) -> int | None:
    """The number that a list says are unread; None where it says something else."""
    if words.strip() == "All caught up":
        return 0
    found = re.fullmatch(r"([0-9][0-9,.]*) unread", words.strip())
    return int(re.sub(r"[,.]", "", found[1])) if found else None


def _life(history: History, row: Row) -> Life | None:
    """The session in which the tab owes this row; None if there is none."""
    life = next((life for life in reversed(history.lives) if life.seq < row.seq), None)
    return life if life and (life.ended is None or row.created < life.ended) else None


def _waited(history: History, life: Life, start: float, shown: float | None) -> float:
    """The longest time in seconds for which one socket was open, the row there, and not shown."""
    end = min(
        life.ended if life.ended is not None else float("inf"),
        shown if shown is not None else float("inf"),
    )
    return max((min(end, closed) - max(start, ready) for ready, closed in history.open), default=0)


def _had_no_time(life: Life, waited: float, bound: float) -> bool:
    """Whether the session ended before the tab had to have shown it: the next login's list has it."""
    return life.ended is not None and waited <= bound


def _excused(history: History, row: Row) -> float | None:
    """When the tab was loaded after another tab of its device had announced the row, if it was: that it lists.

    Rendered with it, or a moment before it: then it comes over the socket, for the list alone.
    """
    told = history.elsewhere.get(row.id, float("inf"))
    return next((t for t, _ in history.loads if told <= t), None)


def _listing(history: History, ledger: Ledger) -> tuple[set[str] | None, int]:
    """The ids on the final screen, and the seq from which on it must be complete; None without a screen.

    A list holds at least as many as a page renders, at most 200, and has no gap above its oldest one.
    """
    screen = history.screen
    if screen is None or not history.lives or history.lives[-1].ended is not None:
        return None, 0
    seqs = [row["seq"] for row in screen.fields["rows"] if row["seq"] is not None]
    # Those that came just before the end count as well: a page that was loaded then has them in place of older ones.
    # What has left it since it was rendered has left its place to nothing.
    rendered = history.loads[-1][0] if history.loads else 0.0
    held = PAGE - ledger.revised.left_since(history.tab.username, rendered - BOUND)
    newest = [row.seq for row in ledger.by_user[history.tab.username][-held:] if held > 0]
    return {row["id"] for row in screen.fields["rows"]}, min([*seqs, *newest], default=0)
