"""The package's log lines: events with named values, through the project's own logging.

Where a project has configured structlog, as this repository's stack has, they go that way. Anywhere else each is a
record of the standard library's logger of its module (``bellhop.notify``, …): ``notification_saved id=… user=…``.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger


def _render(_: WrappedLogger, __: str, event: EventDict) -> str:
    """Return the event's name and its values, as ``name key=value …``; a traceback below them."""
    name, trace = event.pop("event", ""), event.pop("exception", None)
    line = " ".join([str(name), *(f"{key}={value}" for key, value in event.items())])
    # The standard library would fill in what looks like a place for an argument only where it is given some.
    return f"{line}\n{trace}" if trace else line


_PROCESSORS: Final[list[Any]] = [
    structlog.stdlib.filter_by_level,
    structlog.contextvars.merge_contextvars,
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    _render,
]


class _Logger:
    """A structlog logger whose way out is chosen at its first line: settings have been read by then."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._target: Any = None

    def __getattr__(self, method: str) -> Any:
        if self._target is None:
            self._target = self._make()
        return getattr(self._target, method)

    def _make(self) -> Any:
        if structlog.is_configured():
            return structlog.get_logger(self._name)
        return structlog.wrap_logger(
            logging.getLogger(self._name),
            processors=_PROCESSORS,
            wrapper_class=structlog.stdlib.BoundLogger,
            context_class=dict,
        )


def get_logger(name: str) -> Any:
    """Return the logger of a module: `log.info("event", name=value)`, and so on as structlog's."""
    return _Logger(name)


def shows_info(name: str) -> bool:
    """Return whether anybody sees an info of that logger. In a project that configures no logging nobody does."""
    if structlog.is_configured() and not isinstance(
        structlog.get_config()["logger_factory"], structlog.stdlib.LoggerFactory
    ):
        # Straight to where the project reads it.
        return True
    logger: logging.Logger | None = logging.getLogger(name)
    if logger is None or not logger.isEnabledFor(logging.INFO):
        return False
    while logger is not None:
        if any(handler.level <= logging.INFO for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False


_MINUTE: Final = 60.0
_REMEMBERED: Final = 1000
_said: Final[dict[tuple[str, str], float]] = {}
_saying: Final = threading.Lock()


def once_a_minute(say: Callable[..., Any], event: str, about: str, **fields: Any) -> None:
    """Say (`log.warning`, e.g.) that event about one thing, once a minute and process: what comes again and again
    must not fill the log."""
    now = time.monotonic()
    with _saying:
        if now - _said.get((event, about), -_MINUTE) < _MINUTE:
            return
        if len(_said) >= _REMEMBERED:
            _said.clear()
        _said[event, about] = now
    say(event, about=about, **fields)
