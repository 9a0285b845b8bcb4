"""What the log says of a broker that is away: once, and not as an error."""

import logging
from typing import Any

import pytest
from celery.worker.consumer import consumer as _consumer
from structlog.testing import capture_logs

from config.celery import app
from core.brokerlog import LOGGER, BrokerLog, broker_log
from core.heartbeat import Heartbeat

consumer: Any = _consumer  # its stubs leave out what it logs
celery_log = logging.getLogger(LOGGER)
AWAY = ConnectionRefusedError(111, "Connection refused")


@pytest.fixture
def fresh() -> BrokerLog:
    return BrokerLog()


def attempt_fails() -> logging.LogRecord:
    """The record that Celery makes at each attempt to connect."""
    args = ("redis://redis:6379/0", AWAY, "Trying again in 2.00 seconds... (1/None)")
    return logging.LogRecord(LOGGER, logging.ERROR, "", 0, consumer.CONNECTION_ERROR, args, None)


def connection_breaks() -> logging.LogRecord:
    args = (consumer.CONNECTION_RETRY, AWAY)
    return logging.LogRecord(LOGGER, logging.WARNING, "", 0, "%s (%r)", args, None)


def test_a_lost_broker_is_told_once_and_once_when_it_is_back(fresh: BrokerLog) -> None:
    with capture_logs() as said:
        for _ in range(2):
            stays = [fresh.filter(connection_breaks())]
            stays += [fresh.filter(attempt_fails()) for _ in range(3)]
            assert not any(stays)
            fresh.found()
            fresh.found()
    assert [(line["event"], line["log_level"]) for line in said] == [
        ("broker_lost", "warning"),
        ("broker_back", "info"),
    ] * 2
    assert "Connection refused" in said[0]["error"]


def test_what_celery_says_of_anything_else_stays(fresh: BrokerLog) -> None:
    for message, args in (("unknown task %r", ("x",)), ("%s (%r)", ("y", AWAY)), ("plain", ())):
        record = logging.LogRecord(LOGGER, logging.ERROR, "", 0, message, args, None)
        assert fresh.filter(record)


def test_the_worker_listens_to_the_logger_that_celery_uses() -> None:
    assert consumer.logger.name == LOGGER
    assert broker_log in celery_log.filters
    assert Heartbeat in app.steps["consumer"]
