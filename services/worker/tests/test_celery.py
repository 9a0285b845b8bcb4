"""How the worker is configured: what it takes, what it keeps, what it says."""

import logging

from bellhop import contract
from config.celery import app
from stack import task_names


def test_only_json_is_taken_and_given() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_a_task_is_acknowledged_when_it_is_done_and_taken_one_at_a_time() -> None:
    assert app.conf.task_acks_late is True
    assert app.conf.worker_prefetch_multiplier == 1


def test_results_are_kept_nowhere() -> None:
    assert app.conf.task_ignore_result is True
    assert app.conf.result_backend is None


def test_rings_and_kicks_have_queues_of_their_own() -> None:
    queues = [queue.name for queue in app.conf.task_queues]
    assert queues == [task_names.KICK_QUEUE, task_names.RING_QUEUE]
    assert app.conf.task_routes == {
        name: {"queue": task_names.KICK_QUEUE}
        for name in (task_names.CHECK_LOGINS, contract.CHECK_LOGINS)
    }
    assert app.conf.task_default_queue == task_names.RING_QUEUE


def test_a_worker_waits_for_redis_however_long_it_takes() -> None:
    assert app.conf.broker_connection_retry_on_startup is True
    assert "connect_retries_timeout" not in app.conf.broker_transport_options


def test_celery_leaves_logging_as_django_set_it_up() -> None:
    handlers = list(logging.getLogger().handlers)
    app.log.setup_logging_subsystem()
    assert logging.getLogger().handlers == handlers
