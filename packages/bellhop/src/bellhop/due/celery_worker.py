"""Starts the loop in each Celery worker that knows this package's tasks, whatever becomes of its broker."""

from typing import Any, Final

from celery import bootsteps
from celery.signals import worker_init, worker_shutting_down

from bellhop.due.loop import loop

LEAVE: Final = 5.0
"""Seconds that a worker which ends waits for a batch; what it has not done by then is undone by the database."""


class DueStep(bootsteps.StartStopStep):
    """A worker's own part: started with it, and stopped however it ends; celery.contrib.testing sends no signal."""

    def start(self, parent: Any) -> None:
        loop.start()

    def stop(self, parent: Any) -> None:
        loop.stop()
        loop.join(LEAVE)

    terminate = stop


@worker_init.connect
def start(sender: Any, **_: Any) -> None:
    """Look after what is due from now on: in the worker's own process, before it connects or makes children."""
    sender.app.steps["worker"].add(DueStep)
    loop.start()


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    """End after the batch that is under way; tasks may go on for longer."""
    loop.stop()
