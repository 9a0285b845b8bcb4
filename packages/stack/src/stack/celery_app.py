"""The Celery application that web (which publishes) and worker (which consumes) configure alike."""

from celery import Celery
from django.conf import settings
from kombu import Queue

from bellhop import contract
from stack import task_names

# Figures measured against a Redis that refuses (0.4 s) and one that hangs (2.4 s); Celery's defaults
# take 1 s and for ever.
_PUBLISH_RETRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.2}


def celery_app(name: str, *, consumes: bool = False, task_cls: str | None = None) -> Celery:
    """Return the configured application, made the default one of every thread.

    A producer gives up on Redis within seconds. A consumer waits for it, however long it takes. `task_cls` names the
    class of its tasks.
    """
    app = Celery(name, task_cls=task_cls)
    # One key per queue in a BRPOP instead of one per priority.
    transport: dict[str, object] = {
        "priority_steps": [0],
        "socket_connect_timeout": 1,
        "global_keyprefix": settings.REDIS_PREFIX,
    }
    if consumes:
        # A task that a dead worker had taken comes back after a minute; the beat has long delivered.
        transport |= {
            "visibility_timeout": 60,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
        }
    else:
        transport |= {"socket_timeout": 2, "connect_retries_timeout": 2, **_PUBLISH_RETRY}
    app.conf.update(
        broker_url=settings.BROKER_URL,
        broker_transport_options=transport,
        broker_connection_retry_on_startup=True,
        # For ever: Celery would give up after a hundred attempts and the worker with it.
        broker_connection_max_retries=None,
        task_publish_retry=True,
        task_publish_retry_policy=_PUBLISH_RETRY,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_queues=[Queue(task_names.KICK_QUEUE), Queue(task_names.RING_QUEUE)],
        task_routes={
            name: {"queue": task_names.KICK_QUEUE}
            for name in (task_names.CHECK_LOGINS, contract.CHECK_LOGINS)
        },
        task_default_queue=task_names.RING_QUEUE,
        timezone="UTC",
    )
    # current_app of a thread that Celery did not start is the default application.
    app.set_default()
    return app
