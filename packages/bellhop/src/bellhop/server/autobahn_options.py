"""What of autobahn costs each connection something and gives nobody anything."""

import inspect
from typing import Any, Final

import txaio.tx
from autobahn.twisted import websocket as adapter
from autobahn.websocket import protocol

_FOR_DEBUG_LINES: Final = ("pformat", "hltype", "hlval")


def hush() -> None:
    """Let autobahn compose no words for its debug lines: it does so whether anybody reads them or not.

    A tenth of what a handshake costs, measured with py-spy.
    """
    for module in (protocol, adapter):
        for name in _FOR_DEBUG_LINES:
            if hasattr(module, name):
                setattr(module, name, _no_words)
    # asyncio's own of this name warns at every call, from Python 3.14 on.
    setattr(txaio.tx, "iscoroutinefunction", inspect.iscoroutinefunction)  # noqa: B010


def _no_words(*_: Any, **__: Any) -> str:
    return ""


def with_options(kind: type, factory: Any) -> type:
    """Return the protocol class with the factory's options as its own.

    autobahn copies them to each connection that does not have them: thirty entries in each one's dictionary.
    """
    options = {name: getattr(factory, name) for name in kind.CONFIG_ATTRS}  # type: ignore[attr-defined]
    for name, option in options.items():
        if callable(option):
            # Or it would be a method there, and be given the connection first.
            options[name] = staticmethod(option)
    return type(kind.__name__, (kind,), options)
