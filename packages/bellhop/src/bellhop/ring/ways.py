"""The two ways of a ring to Redis: published by this process itself, or by a Celery task of a worker.

Both run on a publish thread. What is rung is named as the Celery tasks are (bellhop.contract).
"""

from collections.abc import Callable
from typing import Any, Final

from bellhop import contract
from bellhop.conf import conf
from bellhop.ring import events
from bellhop.ring.channel_layer import get_channel_layer


def way() -> str:
    """Return how this process rings: "direct", "celery" or "off".

    Celery that runs its tasks at once, in the caller (TASK_ALWAYS_EAGER), would run them on the publish thread, with a
    connection to the database that nobody closes: then it is "direct".
    """
    chosen: str = conf.RING
    if chosen == "celery":
        from celery import current_app

        if current_app.conf.task_always_eager:
            chosen = "direct"
    return "off" if chosen == "direct" and not conf.REDIS_URL else chosen


def send(task: str, args: tuple[Any, ...]) -> None:
    """Ring, by the way of this process. Raises what Redis or the broker raises."""
    if way() == "celery":
        _delay(task, args)
    else:
        get_channel_layer().publish(*_EVENTS[task](*args))


_EVENTS: Final[dict[str, Callable[..., list[events.Event]]]] = {
    contract.RING: lambda row: [events.of_saved(row)],
    contract.RING_MANY: lambda rows: [events.of_saved(row) for row in rows],
    contract.RING_CHANGES: lambda user_id, rev: [events.of_changes(user_id, rev)],
    contract.CHECK_LOGINS: lambda user_id: [events.of_ended_login(user_id)],
}


def _delay(task: str, args: tuple[object, ...]) -> None:
    # Imported here, so that a process which rings directly, or only reads, needs no Celery.
    from celery import current_app

    name = task.replace(contract.TASKS, conf.TASKS, 1)
    current_app.signature(name, options={"expires": contract.RING_EXPIRES}).delay(*args)
