"""The sign of life that healthcheck.sh and /readyz look for: a probe that goes through a thread of the pool.

It says also where the loop that looks after what is due (bellhop.due) hangs or has ended.

`celery inspect ping` would load the whole application at every check (3 s of CPU). Written by the loop alone, the
file would say that all is well while every thread hangs.
"""

import threading
from pathlib import Path
from typing import Any, Final

import structlog
from celery import bootsteps

from bellhop.due.loop import loop
from core import backlog, life
from core.brokerlog import broker_log
from core.deliveries import expiry_log
from stack import environment

log = structlog.get_logger(__name__)

FILE: Final = Path(environment.text("HEARTBEAT_FILE", "/tmp/bellhop-worker-heartbeat"))  # noqa: S108
"""Empty when all is well, else why not, on one line; its age says when a thread was free. Gone without a broker."""

SECONDS: Final = 2.0
"""Between two probes, while the worker is connected."""


class Heartbeat(bootsteps.StartStopStep):
    """While the consumer is connected to the broker, has a thread of the pool give a sign of life every so often."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._timer: Any = None
        self._is_probing = False
        self._failed = False
        self._is_connected = False
        # A probe that ends late must not bring back a file that the loop has taken away.
        self._lock = threading.Lock()

    def start(self, parent: Any) -> None:
        broker_log.found()
        with self._lock:
            self._is_connected = True
            _write("")
        self._is_probing = False
        self._ask(parent.pool)
        self._timer = parent.timer.call_repeatedly(SECONDS, self._ask, (parent.pool,))

    def stop(self, parent: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._is_connected = False
            FILE.unlink(missing_ok=True)

    shutdown = stop

    def _ask(self, pool: Any) -> None:
        """Send a probe behind the tasks that wait, unless the last one waits still. Never raises."""
        if self._is_probing:
            return
        self._is_probing = True
        try:
            pool.apply_async(self._probe, callback=_nobody)
        except Exception as error:
            # A pool that stops; the consumer is about to.
            self._is_probing = False
            self._note_failure(error)

    def _probe(self) -> None:
        # What the last task on this thread left there is not this one's story.
        structlog.contextvars.clear_contextvars()
        try:
            self._show()
            expiry_log.note(backlog.drop_expired())
            self._failed = False
        except Exception as error:
            self._note_failure(error)
        finally:
            self._is_probing = False

    def _show(self) -> None:
        """Say in Redis and in the file that this worker lives. Raises what kept it from saying so in Redis."""
        reason = loop.trouble
        try:
            life.show()
        except Exception as error:
            reason = f"redis: {' '.join(str(error).split())}"
            raise
        finally:
            with self._lock:
                if self._is_connected:
                    _write(reason)

    def _note_failure(self, error: Exception) -> None:
        if not self._failed:
            self._failed = True
            log.warning("heartbeat_failed", error=str(error))


def _write(reason: str) -> None:
    """Put a new file in place of the last: who reads meanwhile reads one of them whole."""
    new = FILE.with_name(f"{FILE.name}.new")
    new.write_text(f"{reason}\n" if reason else "")
    new.replace(FILE)


def _nobody(*_: object) -> None:
    """Take a probe's result."""
