"""The faults, one function each. Each acts on the stage and returns what it measured against its bound."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prove.stage import Stage


@dataclass(frozen=True)
class Result:
    """What was measured, in words, and whether the fault's own bound was kept."""

    measured: str
    kept: bool = True


@dataclass(frozen=True)
class Fault:
    """One row of the table. `shown_within`: seconds from a row's commit to every screen, None where it may be more."""

    number: int
    title: str
    bound: str
    run: Callable[[Stage, bool], Awaitable[Result]]
    shown_within: float | None = 15.0


def catalogue() -> list[Fault]:
    """Return the twelve, by number."""
    from prove.faults import everything, processes, redis, replicas, sessions

    return [
        Fault(1, "kill -9 a worker, again and again", "shown ≤ 15 s", processes.worker_killed),
        Fault(2, "Redis killed and wiped", "deaf 0, shown ≤ 15 s", redis.killed_and_wiped),
        Fault(3, "Redis paused", "logins: no 5xx, p99 ≤ 3 s; shown by the beat", redis.paused),
        Fault(
            4,
            "ws cut off from Redis, cleanly and half-open",
            "ringing again ≤ 15 s after",
            redis.cut_off,
        ),
        Fault(5, "kill -9 one ws with 500 sockets", "all on the other ≤ 10 s", processes.ws_killed),
        Fault(
            6,
            "ws 3 → 1, rolling restart of all services",
            "≥ 99 % of closes are 1012",
            replicas.rolling,
            30.0,
        ),
        Fault(
            7,
            "worker stopped gracefully, again and again",
            "shown ≤ 15 s",
            processes.worker_stopped,
        ),
        Fault(
            8,
            "PostgreSQL restarted",
            "no socket closes; then fine",
            everything.database_restarted,
            30.0,
        ),
        Fault(
            9, "FLUSHALL; cache.clear(); Redis full", "logins work; deaf 0", redis.emptied_and_full
        ),
        Fault(
            10,
            "logout, password change, deactivation, deleted session, new key",
            "4401 ≤ 2 s, deleted row ≤ 5 s, nobody else",
            sessions.ended,
        ),
        Fault(11, "nginx reloaded, ws 1 → 4 → 1", "failed requests ≤ 0.1 %", replicas.reloaded),
        Fault(12, "everything killed, then up", "back ≤ 60 s", everything.killed, None),
    ]


def update_catalogue() -> list[Fault]:
    """Return what an operator does on purpose: updates and scaling, by number. The host has to lend a hand."""
    from prove.faults import updates

    return [
        Fault(
            13,
            "`up -d` with changed images",
            "nothing refused, ≤ 10 s of the 503 page, closes 1012",
            updates.up_with_changed_images,
            None,
        ),
        Fault(14, "deploy", "failed requests ≤ 0.1 %, closes 1012", updates.deployed, 30.0),
        Fault(
            15,
            "deploy of what does not start",
            "failed requests ≤ 0.1 %, what ran runs",
            updates.broken_deploy,
            30.0,
        ),
        Fault(16, "deploy again", "failed requests ≤ 0.1 %, closes 1012", updates.deployed, 30.0),
        Fault(
            17,
            "ws 1 → 4 → 1",
            "each within 20 % of even after a minute, failed requests ≤ 0.1 %",
            updates.ws_scaled,
            30.0,
        ),
        Fault(
            18,
            "worker 1 → 3 → 1, web 1 → 3 → 1",
            "failed requests ≤ 0.1 %",
            updates.worker_and_web_scaled,
            30.0,
        ),
    ]
