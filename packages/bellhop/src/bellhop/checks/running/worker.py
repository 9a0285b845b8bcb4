"""Tries the Celery workers, where they ring: that one answers which knows the tasks."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from bellhop import contract
from bellhop.checks.running.findings import Finding, missing, note, ok
from bellhop.conf import conf
from bellhop.ring.ways import way

ANSWER: Final = 2
"""Seconds in which workers may answer."""


def try_worker() -> Iterator[Finding]:
    """Yield whether a worker knows the tasks that ring; nothing where no worker is needed.

    Raises what the broker raises.
    """
    if conf.RING != "celery":
        return
    if find_spec("celery") is None:
        yield note(
            "Celery worker: not tried, Celery is not installed here; try where notify() is called"
        )
        return
    if way() != "celery":
        yield note(
            "Celery: its tasks run in their caller (task_always_eager), so each process rings itself"
        )
        return
    from celery import current_app

    with current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=ANSWER)
    inspect = current_app.control.inspect(timeout=ANSWER)
    answers = inspect.registered() or {}
    ring = contract.RING.replace(contract.TASKS, conf.TASKS, 1)
    if not answers:
        yield missing(
            "Celery worker: nobody has answered. Start one: celery -A <your project> worker"
            " (one whose remote control is off cannot answer)"
        )
        return
    knowing = [
        worker
        for worker, tasks in answers.items()
        if ring in {task.split(" ")[0] for task in tasks}
    ]
    if knowing:
        yield ok(f"Celery worker: {len(knowing)} of {len(answers)} know {ring}")
    else:
        yield missing(
            f"Celery worker: {len(answers)} answer, none knows {ring}. Write into its Celery app:"
            ' app.autodiscover_tasks(), and start it again with "bellhop" in INSTALLED_APPS'
        )
