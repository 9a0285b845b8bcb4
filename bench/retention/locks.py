"""Who waits for a lock of somebody else's, and for how long: looked at all the time on a connection of its own."""

import threading
import time
from typing import Any

import psycopg

EVERY = 0.005
"""Seconds between two looks: a wait may have been as much longer."""

# Not for a moment of PostgreSQL's own bookkeeping: for a row, which is for the transaction that has changed it.
_WAITS = """
    SELECT extract(epoch FROM clock_timestamp() - l.waitstart)::float8
      FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
     WHERE NOT l.granted AND l.waitstart IS NOT NULL AND a.datname = current_database()
"""


class LockWaits:
    """Looks until it is told to stop; `longest` is in seconds."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.longest = 0.0
        self.looks = self.seen = 0
        self._parameters = parameters
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "LockWaits":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(**self._parameters, autocommit=True) as connection:
            while not self._stopping.is_set():
                waits = [wait for (wait,) in connection.execute(_WAITS).fetchall()]
                self.looks += 1
                self.seen += bool(waits)
                self.longest = max([self.longest, *waits])
                time.sleep(EVERY)
