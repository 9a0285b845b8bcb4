"""The loop that looks for what is due every conf.WORK_SECONDS: a thread of a Celery worker, or all that a process does.

A database that is away is told once, and once when it is back. Nothing ends the loop but stop().
"""

import os
import threading
from time import monotonic
from typing import Any, Final

from django.db import DatabaseError, connections, reset_queries

from bellhop.conf import conf
from bellhop.due.runner import Runner
from bellhop.logs import get_logger
from bellhop.models import write_database
from bellhop.outage import Outage

log = get_logger(__name__)

PATIENCE: Final = 5.0
"""Seconds that a fork of this process, or a new start, waits for the end of a batch."""

SILENT: Final = 60.0
"""Seconds without a round after which the loop is taken for stuck."""


class Loop:
    """Runs what is due, again and again: `start` on a thread of its own, `run` in the caller's."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._stopping = threading.Event()
        # Held for each round. Whoever forks takes it, so that no connection is shared with a child.
        self._round = threading.Lock()
        self._is_forking = self._has_waited = False
        self._wrapper: Any = None
        self._thread: threading.Thread | None = None
        self._began_at: float | None = None
        self._runner = Runner(self._is_interrupted)
        self._outage = Outage("due_lost_database", "due_found_database")
        self._fault = Outage("due_failed", "due_works_again")

    def start(self) -> None:
        """Run on a thread of its own from now on; nothing happens where it does already.

        One that was told to stop a moment ago is waited for.
        """
        if self._stopping.is_set():
            self.join(PATIENCE)
        if self._thread is None or not self._thread.is_alive():
            self._stopping.clear()
            self._thread = threading.Thread(target=self.run, name="bellhop-due", daemon=True)
            self._thread.start()

    def run(self) -> None:
        """Run until stop() is called. Never raises."""
        log.info("due_started", seconds=conf.WORK_SECONDS)
        pause = 0.0
        while not self._stopping.wait(pause):
            with self._round:
                is_all = self._run_once()
            # Who waits to fork comes first.
            pause = conf.WORK_SECONDS if is_all or self._is_forking else 0.0
        with self._round:
            self._hang_up()
        self._began_at = None
        log.info("due_stopped")

    def stop(self) -> None:
        """Have it end after the batch that is under way. Does not wait, and may be called by a signal's handler."""
        self._stopping.set()

    def join(self, timeout: float) -> bool:
        """Wait for the thread's end; return whether it has ended. Only what has begun can be waited for."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    @property
    def trouble(self) -> str:
        """Why it does not do what it shall, on one line; empty where it does, or was never started.

        A database that is away is none: it comes back.
        """
        if self._thread is None or self._stopping.is_set():
            return ""
        if not self._thread.is_alive():
            return "due: its thread has ended"
        silent = monotonic() - (self._began_at or monotonic())
        return f"due: no round for {silent:.0f} s" if silent > SILENT else ""

    def _is_interrupted(self) -> bool:
        return self._stopping.is_set() or self._is_forking

    def _run_once(self) -> bool:
        """Do one round; return whether nothing is left."""
        self._began_at = monotonic()
        is_all = True
        try:
            is_all = self._runner.run_once().is_all
        except DatabaseError as error:
            self._outage.failed(error)
            self._hang_up()
        except Exception as error:
            # Nobody starts it again.
            self._fault.failed(error, exc_info=error)
            self._hang_up()
        else:
            self._outage.worked()
            self._fault.worked()
            self._keep()
            # With DEBUG, Django keeps each statement.
            reset_queries()
        return is_all

    def _keep(self) -> None:
        """Keep the connection for the next round, a second later, or give it back to the pool it came from."""
        connection = write_database.connection()
        if (
            getattr(connection, "pool", None)
            or connection.connection is None
            or connection.errors_occurred
        ):
            self._hang_up()
        else:
            self._wrapper = connection

    def _hang_up(self) -> None:
        self._wrapper = None
        connections.close_all()

    # A fork: a prefork worker makes its children so, while this thread is in its parent.

    def before_fork(self) -> None:
        """Wait for the end of the batch that is under way, and close the connection: a child has its socket, too."""
        self._is_forking = True
        self._has_waited = self._round.acquire(timeout=PATIENCE)
        if not self._has_waited:
            log.warning("due_fork_not_waited", note="a round hangs")
            return
        wrapper, self._wrapper = self._wrapper, None
        if wrapper is not None:
            # Of another thread, which waits for the lock.
            wrapper.inc_thread_sharing()
            try:
                wrapper.close()
            finally:
                wrapper.dec_thread_sharing()

    def after_fork(self) -> None:
        """Go on in the parent."""
        self._is_forking = False
        if self._has_waited:
            self._has_waited = False
            self._round.release()


loop: Final = Loop()
"""This process's own."""

os.register_at_fork(
    before=loop.before_fork,
    after_in_parent=loop.after_fork,
    # Its thread stays in the parent.
    after_in_child=loop._begin,
)
