"""A broker that is away, in one line when it goes and one when it is back.

Celery says so at every attempt, as an error, for as long as it lasts: whoever reads the logs at night would take a
Redis that restarts for a worker that is broken.
"""

import logging
from typing import Final

from celery.worker.consumer.consumer import (  # type: ignore[attr-defined]
    CONNECTION_ERROR,
    CONNECTION_RETRY,
)

from bellhop.outage import Outage

LOGGER: Final = "celery.worker.consumer.consumer"
"""Celery's logger that speaks of connections, and of what is in a message: that goes on."""


class BrokerLog(logging.Filter):
    """Takes Celery's words about its connection out of the log and says them once. One a process."""

    def __init__(self) -> None:
        super().__init__()
        self._outage = Outage("broker_lost", "broker_back", note="the beat delivers meanwhile")

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is about something else, and stays."""
        args = record.args if isinstance(record.args, tuple) else ()
        if record.msg == CONNECTION_ERROR:
            self._outage.failed(args[1])
        elif CONNECTION_RETRY in args:
            self._outage.failed(args[-1])
        else:
            return True
        return False

    def found(self) -> None:
        """The consumer takes tasks again."""
        self._outage.worked()


broker_log: Final = BrokerLog()
