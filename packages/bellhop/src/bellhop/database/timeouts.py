"""How long anybody may wait for PostgreSQL, and what a process does while it is away.

Which bound covers which fault: docs/decisions/0007-database-away.md.
"""

import time
from collections.abc import Mapping
from typing import Any, Final, Self

import psycopg
from psycopg.pq import TransactionStatus

from bellhop.outage import Outage

POOL_WAIT: Final = 0.75
"""Seconds to wait for a connection from the pool. With ANSWER it keeps a request below 3 s."""

ANSWER: Final = 2.0
"""Seconds that a server may say nothing at all: above STATEMENT, by which one that lives has answered."""

STATEMENT: Final = 1.5
"""Seconds that a statement may run before the server cancels it."""

LOCK: Final = 1.0
"""Seconds of it that may be spent waiting for a lock."""

IDLE_IN_TRANSACTION: Final = 10.0
"""Seconds after which the server gives up on a client that hangs with an inbox locked."""

PAUSE: Final = 1.0
"""Seconds between two attempts while PostgreSQL is away; whoever comes in between is refused at once."""

# Both ends must notice a peer that is gone without a word: nothing acknowledged for 2 s, silent for 45 s.
_NETWORK: Final = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2000,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


SERVER_BOUNDS: Final = {
    "statement_timeout": STATEMENT,
    "lock_timeout": LOCK,
    "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION,
}
"""What the server itself is told when a connection begins, in seconds."""


def options(
    given: Mapping[str, Any] | None = None, *, bounded: bool, pooler: bool = False
) -> dict[str, Any]:
    """Return Django's OPTIONS of a connection: those of DATABASE_URL, and ours.

    `bounded` is for services: pooled, and nothing may take long. Without it a job takes as long as it takes
    (`manage.py migrate`), on one connection that says itself why it cannot connect.

    `pooler`: a PgBouncer in transaction mode stands in front. It takes no startup options and keeps nothing between
    two transactions, so the server's bounds are the role's own (ALTER ROLE … SET), and a job lifts them for itself.
    ValueError for a given option that cannot pass it.
    """
    given = dict(given or {})
    chosen = {**given, **_NETWORK}
    if pooler:
        for name in ("options", "assume_role"):
            if name in given:
                raise ValueError(
                    f"{name} cannot pass a pooler in transaction mode; give it to the role: ALTER ROLE … SET …"
                )
        chosen |= {"prepare_threshold": None, "lifts_bounds": not bounded}
    if not bounded:
        return chosen
    if not pooler:
        # Ours behind theirs: of two settings of one name the server takes the last.
        ours = (f"-c {name}={seconds * 1000:.0f}" for name, seconds in SERVER_BOUNDS.items())
        chosen["options"] = " ".join(filter(None, (given.get("options"), *ours)))
    return {
        **chosen,
        "pool": {
            "connection_class": BoundedConnection,
            "min_size": 1,
            "max_size": 8,
            "timeout": POOL_WAIT,
            # The pool's own attempts would come ever more rarely, up to minutes apart. Given up at once, they
            # begin anew with the next request.
            "reconnect_timeout": 0.0,
        },
    }


def missing_bounds(cursor: Any) -> list[str]:
    """Return those of the server's bounds that the connection has none of: behind a pooler, the role's own."""
    missing = []
    for name in SERVER_BOUNDS:
        cursor.execute("SELECT current_setting(%s)", [name])
        if cursor.fetchone()[0] == "0":
            missing.append(name)
    return missing


availability: Final = Outage("database_lost", "database_back", pause=PAUSE)
"""Whether PostgreSQL answers, as far as this process knows."""


def refuse_while_away() -> None:
    """Raise psycopg.OperationalError while PostgreSQL is away, except for one caller each PAUSE seconds."""
    if not availability.may_try():
        raise psycopg.OperationalError(f"the database is away: {availability.reason}")


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that gives up on a server which accepts everything and answers nothing.

    statement_timeout is the server's own, and a server that hangs does not look at its watch.
    """

    @classmethod
    def connect(cls, conninfo: str = "", **options: Any) -> Self:
        asked_at = time.monotonic()
        try:
            connection = super().connect(conninfo, **options)
        except psycopg.Error as error:
            availability.failed(error, asked_at)
            raise
        availability.worked(asked_at)
        return connection

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Do what psycopg's does, within ANSWER seconds; then close the connection and raise OperationalError."""
        asked_at = time.monotonic()
        try:
            result = super().wait(gen, interval, ANSWER if timeout is None else timeout)
        except psycopg.Error:
            status = self.pgconn.transaction_status
            if status == TransactionStatus.ACTIVE:
                # Its answer may still come: whoever used this connection next would read it as theirs.
                self.pgconn.finish()
                silence = psycopg.OperationalError(f"the database said nothing for {ANSWER:g} s")
                availability.failed(silence, asked_at)
                raise silence from None
            if status != TransactionStatus.UNKNOWN:
                availability.worked(asked_at)
            raise
        availability.worked(asked_at)
        return result
