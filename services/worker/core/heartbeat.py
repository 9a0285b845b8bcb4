"""The sign of life that healthcheck.py looks for: a file touched from the loop that takes tasks.

`celery inspect ping` would load the whole application at every check (3 s of CPU).
"""

from typing import Any

from celery import bootsteps
from healthcheck import FILE, SECONDS

from core.brokerlog import broker_log


class Heartbeat(bootsteps.StartStopStep):
    """Touches the file while the consumer is connected to the broker; takes it away when it is not."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        broker_log.found()
        FILE.touch()
        self._timer = parent.timer.call_repeatedly(SECONDS, FILE.touch)

    def stop(self, parent: Any) -> None:
        FILE.unlink(missing_ok=True)
        if timer := getattr(self, "_timer", None):
            timer.cancel()

    shutdown = stop
