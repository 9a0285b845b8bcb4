"""What the libraries do not promise, asked of the real ones: a server of daphne, and sockets. An upgrade shows here."""

import json
import time
from collections.abc import Iterator
from typing import Any

import daphne.server  # first of all: it installs Twisted's asyncio reactor
import pytest
from autobahn.twisted import websocket as adapter
from autobahn.websocket import protocol as websocket
from daphne.ws_protocol import WebSocketProtocol

from bellhop.server import private_apis
from bellhop.server.connection.socket_protocol import SocketProtocol
from bellhop.server.server import Server
from sockets.connection.test_broken_clients import shake
from sockets.connection.test_inbound import Client, free, serving
from sockets.websocket_bytes import CLOSE, PING, PONG, TEXT, frame

DOCUMENTED = {
    # autobahn's interface for who writes a protocol, and Twisted's.
    "connectionMade", "onConnect", "onOpen", "onMessage", "onPing", "onPong", "onClose",
    "pauseProducing", "resumeProducing", "stopProducing",
    # daphne's protocol, as its server calls it.
    "serverSend", "check_timeouts",
}  # fmt: skip


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where a server listens."""
    with serving(1000) as port:
        yield port


class Inside(Client):
    """A client that is told what the server knows by private names."""

    count = 0

    def __init__(self, port: int) -> None:
        Inside.count += 1
        # Those of the tests before may not have been forgotten yet.
        self.path = f"/inside/{self.count}"
        super().__init__(port, self.path)
        self.shake()

    def told(self, word: str) -> Any:
        self.send(frame(TEXT, word.encode()))
        opcode, payload = self.read()
        assert opcode == TEXT
        return json.loads(payload)

    def look(self, path: str = "") -> list[dict[str, Any]]:
        return [one for one in self.told("look")["now"] if one["path"] == (path or self.path)]


def until_seen(inside: Inside, path: str, **expected: Any) -> None:
    deadline = time.monotonic() + 30
    while not any(expected.items() <= one.items() for one in inside.look(path)):
        assert time.monotonic() < deadline, inside.look(path)
        time.sleep(0.01)


def test_a_socket_is_opening_before_it_is_let_in_and_open_afterwards(port: int) -> None:
    inside = Inside(port)
    told = inside.told("look")
    inside.close()
    before, now = told["before"][-1], told["now"][-1]
    assert (before["opening"], before["open"], before["closed"]) == (True, False, False)
    assert (now["opening"], now["open"], now["closed"]) == (False, True, False)


def test_an_open_socket_has_its_application_our_queue_and_no_options_of_its_own(port: int) -> None:
    inside = Inside(port)
    (mine,) = inside.look()
    inside.close()
    assert (mine["living"], mine["runs"], mine["queue"]) == (True, True, "Events")
    assert mine["own_options"] == []
    # daphne's own option, which ours must not reset.
    assert mine["null_origin"] is True
    assert mine["words"] == ""
    # Its ping takes any frame for an answer; ours does not.
    assert not mine["daphne_asks"]


def test_half_a_frame_waits_to_be_parsed(port: int) -> None:
    inside, other = Inside(port), Client(port, "/echo/half").shake()
    half = frame(TEXT, b"{}")
    other.send(half[:1])
    until_seen(inside, "/echo/half", unparsed=1)
    other.send(half[1:])
    other.read()
    until_seen(inside, "/echo/half", unparsed=0)
    for one in (inside, other):
        one.close()


def test_what_comes_before_the_handshake_is_answered_waits_unparsed(port: int) -> None:
    inside, hasty = Inside(port), Client(port, "/late/inside")
    until_seen(inside, "/late/inside", opening=True)
    hasty.send(frame(TEXT, b"{}"))
    until_seen(inside, "/late/inside", unparsed=len(frame(TEXT, b"{}")), opening=True)
    free(port, "inside")
    hasty.shake()
    for one in (inside, hasty):
        one.close()


def test_what_the_kernel_does_not_take_is_known_as_unsent_and_comes_in_order(port: int) -> None:
    inside = Inside(port)
    (mine,) = inside.look()
    assert (mine["has_unsent"], mine["unsent"]) == (False, 0)
    inside.send(frame(TEXT, b"fill"))
    # Read too early, it would be taken as fast as it is written.
    other = Inside(port)
    until_seen(other, inside.path, has_unsent=True)
    other.close()
    texts = [inside.read() for _ in range(200)]
    assert [int(text) for _, text in texts] == list(range(200))
    filled = json.loads(inside.read()[1])
    (mine,) = (one for one in filled["filled"] if one["path"] == inside.path)
    assert mine["has_unsent"]
    # 10 MB less what two kernels' buffers hold.
    assert 1_000_000 < mine["unsent"] < 10_100_000
    assert filled["full"]
    told = inside.told("look")
    inside.close()
    assert told["told"] == ["writable"]
    assert told["now"][-1]["unsent"] == 0


def test_a_ping_is_owed_an_answer_until_it_is_there(port: int) -> None:
    inside = Inside(port)
    assert inside.told("ask") == {}
    opcode, ping = inside.read()
    assert opcode == PING
    assert inside.look()[0]["owes"]
    inside.send(frame(PONG, ping))
    assert not inside.look()[0]["owes"]
    inside.close()


def test_who_has_gone_is_forgotten_with_the_application(port: int) -> None:
    inside, others = Inside(port), [Client(port, "/echo/gone").shake() for _ in range(5)]
    for other in others[:3]:
        other.send(frame(CLOSE, (1000).to_bytes(2)))
        assert other.read()[0] == CLOSE
    for other in others:
        other.close()
    deadline = time.monotonic() + 30
    while inside.look("/echo/gone"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    inside.close()


def test_the_end_of_the_server_is_told_by_1012() -> None:
    with serving(10) as port:
        client = Client(port, "/echo/").shake()
    # It has ended, and so had its client's application.
    assert client.read() == (CLOSE, (1012).to_bytes(2))
    client.close()


def overridden(kind: type, base: type) -> set[str]:
    """Return the public names that the classes between override."""
    between = kind.__mro__[: kind.__mro__.index(base)]
    names = {name for one in between for name in vars(one) if not name.startswith("_")}
    return {name for name in names if hasattr(base, name)}


def test_what_is_overridden_is_there_and_is_named_with_its_reason() -> None:
    assert overridden(SocketProtocol, WebSocketProtocol) == {
        *(private_apis.AUTOBAHN_HOOKS | DOCUMENTED)
        - {"pauseProducing", "resumeProducing", "stopProducing"}
    }
    assert overridden(Server, daphne.server.Server) == private_apis.DAPHNE_HOOKS


def test_the_names_of_daphne_that_are_not_called_by_it_are_there() -> None:
    names = {"application_instance", "disconnected"}
    assert names < set(daphne.server.Server.application_checker.__code__.co_consts)


def an_alarm(*_: Any, **__: Any) -> str:
    raise AssertionError("words for a debug line")


async def test_nothing_composes_words_for_debug_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (websocket, adapter):
        for name in ("pformat", "hltype", "hlval"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, getattr(module, name))
    private_apis.hush()
    monkeypatch.setattr("pprint.pformat", an_alarm)
    monkeypatch.setattr("pprint.PrettyPrinter.pformat", an_alarm)
    monkeypatch.setattr("autobahn.util.hl", an_alarm)
    _, protocol, wire = shake()
    protocol.serverAccept()
    protocol.dataReceived(frame(CLOSE, (1000).to_bytes(2)))
    assert wire.value().startswith(b"HTTP/1.1 101 ")
    assert wire.value().endswith((1000).to_bytes(2))


def test_a_socket_is_sent_away_by_its_application_with_1012(port: int) -> None:
    inside = Inside(port)
    inside.send(frame(TEXT, b"away") + frame(TEXT, b"away"))
    assert inside.read() == (CLOSE, (1012).to_bytes(2))
    inside.close()
