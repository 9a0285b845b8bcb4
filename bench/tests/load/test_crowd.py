"""A crowd against a server that answers handshakes by a script."""

import asyncio

import pytest

from bench.load import crowd as module
from bench.load.crowd import Crowd
from bench.load.dialects import Dialect, User

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
REFUSED = b"HTTP/1.1 502 Bad Gateway\r\n\r\n"


def opened(answers: list[bytes], users: int) -> Crowd:
    """Open sockets of so many users against a server that gives these answers in turn."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))
        await writer.drain()
        await reader.read()
        writer.close()

    async def run() -> Crowd:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        crowd = Crowd(("127.0.0.1", port), "localhost", Dialect())
        try:
            await crowd.open([User(number, "") for number in range(users)])
        finally:
            await crowd.close()
            server.close()
        return crowd

    return asyncio.run(run())


def test_who_is_refused_comes_again_and_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0)
    crowd = opened([ACCEPTED, REFUSED, ACCEPTED, REFUSED, ACCEPTED], 3)
    assert (crowd.refused, crowd.dropped) == (2, 0)


def test_a_server_that_goes_on_refusing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_SECONDS", 0)
    with pytest.raises(ConnectionError, match="502"):
        opened([REFUSED] * module.ATTEMPTS, 1)
