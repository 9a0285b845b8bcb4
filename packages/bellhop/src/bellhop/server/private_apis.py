"""What this server uses of autobahn, Twisted and daphne although they do not promise it.

Each name says why it is needed and what breaks once it is renamed or means something else. pyproject.toml caps the
versions; tests/sockets/server/test_private_apis.py asks the real libraries, so an upgrade turns it red before it turns
anything else wrong. Attributes that a subclass of daphne's protocol works with (`factory.reactor`, `clean_headers`,
`application_queue`, `sendFrame`) are used where they are needed: without them each connection fails at once.
"""

import asyncio
from typing import Any, Final

from autobahn.twisted import websocket as adapter
from autobahn.websocket import protocol as websocket

AUTOBAHN_HOOKS: Final = frozenset(
    {
        # Called with what was read. Without it a client's frames are queued without end, and a request behind the
        # request is answered.
        "consumeData",
        # Called at the end of a connection. Without it a client that says goodbye and does not read stays for ever.
        "dropConnection",
        # Called for a close frame. Without it a goodbye that crosses ours resets the line before ours was read.
        "onCloseFrame",
        # Called to write one. Without it a client that is being closed while its application is busy is never read.
        "sendCloseFrame",
        # Called to refuse a handshake. Without it the refusal quotes the client, at a length that nginx answers by 502.
        "sendHttpErrorResponse",
    }
)
"""Methods of autobahn's protocol that are overridden and are not part of its documented interface."""

DAPHNE_HOOKS: Final = frozenset(
    {
        # Called once a second, for as long as it asks for the next call. Without it one fault ends all cleaning up.
        "application_checker",
        # Called each two seconds; the same, and each idle socket costs a fifth more.
        "timeout_checker",
        # Called for each connection. Without it no application gets its `receive`, or its wire.
        "create_application",
        # Called with what an application sends. Without it one that sends while its socket closes ends in a traceback.
        "handle_reply",
        # Called before the end. Without it no socket hears 1012.
        "kill_all_applications",
        # Called once it listens. Without it the port stays open during the leave-taking.
        "listen_success",
        # Called when a connection begins. Without it nobody times out.
        "protocol_connected",
    }
)
"""Methods of daphne's server that are overridden; daphne documents none."""


# autobahn: the state of a connection. It offers two Deferreds instead (`is_open`, `is_closed`), which cannot tell that
# one is closing. Wrong: a frame behind the close frame, or 1012 to who has not opened.


def is_opening(protocol: Any) -> bool:
    """Return whether the handshake is under way."""
    return bool(protocol.state == protocol.STATE_CONNECTING)


def is_open(protocol: Any) -> bool:
    """Return whether frames may be sent."""
    return bool(protocol.state == protocol.STATE_OPEN)


def is_closed(protocol: Any) -> bool:
    """Return whether the connection has ended."""
    return bool(protocol.state == protocol.STATE_CLOSED)


def send_close(protocol: Any, code: int) -> None:
    """Send a close frame of any code: the documented `sendClose` takes 1000 and 3000-4999 only, and so no 1012."""
    protocol.sendCloseFrame(code=code, isReply=False)


# autobahn: its parser. It reads on for as long as there is something, and cannot be told to pause. Wrong: a flood keeps
# all other clients waiting, or frames get lost.


def unparsed(protocol: Any) -> bytes:
    """Return the bytes that were read and not parsed yet."""
    return bytes(protocol.data)


def replace_unparsed(protocol: Any, data: bytes) -> None:
    """Have other bytes parsed."""
    protocol.data = data


def parse_step(protocol: Any) -> bool:
    """Parse a head or a payload; return whether there may be more."""
    return bool(protocol.processData())


# autobahn: what each connection costs, whether anybody uses it or not.

_FOR_DEBUG_LINES: Final = ("pformat", "hltype", "hlval")


def hush() -> None:
    """Let autobahn compose no words for its debug lines.

    It composes them though nobody reads them: a fifth of a whole handshake, more than a third of the server's part in
    it. Once the names are others a handshake costs that again; nothing else changes.
    """
    for module in (websocket, adapter):
        for name in _FOR_DEBUG_LINES:
            if hasattr(module, name):
                setattr(module, name, _no_words)


def _no_words(*_: Any, **__: Any) -> str:
    return ""


def with_options(kind: type, factory: Any) -> type:
    """Return the protocol class with the factory's options as its own.

    autobahn copies thirty options to each connection that does not have them: 4 kB of the 24 that an idle socket takes.
    """
    options = {name: getattr(factory, name) for name in kind.CONFIG_ATTRS}  # type: ignore[attr-defined]
    for name, option in options.items():
        if callable(option):
            # Or it would be a method there, and be given the connection first.
            options[name] = staticmethod(option)
    return type(kind.__name__, (kind,), options)


# Twisted: what its transport has not given to the kernel. It tells a producer only when that is more than a bound or
# nothing. Wrong: an error at each frame, or frames out of order.


def bound_unsent(transport: Any, most: int) -> None:
    """Have a transport's producer paused where more bytes than that are unsent."""
    transport.bufferSize = most


def has_unsent(transport: Any) -> bool:
    """Return whether anything waits for the kernel; what is written now must then wait behind it."""
    return bool(transport.dataBuffer or transport._tempDataBuffer)


def unsent(transport: Any) -> int:
    """Return how many bytes wait, for the log."""
    return int(len(transport.dataBuffer) + transport._tempDataLen)


def write_to_kernel(transport: Any, data: bytes) -> bytes:
    """Write at once; return what the kernel did not take. Only while nothing is unsent.

    Through the reactor each frame takes four times as long: it changes twice what it polls. An error is left for the
    reactor, which finds it once more and acts upon it.
    """
    sent = transport.writeSomeData(data)
    return data[sent:] if isinstance(sent, int) else data


def is_disconnected(transport: Any) -> bool:
    """Return whether the connection is gone, both ways."""
    return bool(transport.disconnected)


# daphne: what its server knows of each connection, a dictionary of dictionaries. Wrong: connections that are never
# forgotten, or a leave-taking that nobody hears of.


def application_of(server: Any, protocol: Any) -> "asyncio.Future[Any] | None":
    """Return a connection's application, None before it was started and after it was cleaned up."""
    application: asyncio.Future[Any] | None = server.connections.get(protocol, {}).get(
        "application_instance"
    )
    return application


def living(server: Any) -> list[Any]:
    """Return the connections that are not gone."""
    everyone = server.connections.items()
    return [protocol for protocol, details in everyone if "disconnected" not in details]
