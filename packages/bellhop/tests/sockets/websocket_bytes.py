"""WebSocket frames as bytes, by the library `websockets`: another than the one that is tested."""

from collections.abc import Generator
from io import BytesIO
from typing import IO

from websockets.frames import Frame, Opcode

CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10


def frame(opcode: int, payload: bytes = b"") -> bytes:
    """Return a whole frame as a client sends it, masked."""
    return Frame(Opcode(opcode), payload).serialize(mask=True)


def read_frame(file: IO[bytes]) -> tuple[int, bytes]:
    """Return opcode and payload of a server's next frame; ProtocolError for what no server sends."""

    def exactly(count: int) -> Generator[None, None, bytes]:
        data = file.read(count)
        if len(data) < count:
            raise EOFError(f"{len(data)} bytes of {count}")
        return data
        yield

    try:
        next(Frame.parse(exactly, mask=False))
    except StopIteration as parsed:
        return int(parsed.value.opcode), bytes(parsed.value.data)
    raise AssertionError("it wants no more than what is read here")


def frames(data: bytes) -> list[tuple[int, bytes]]:
    """Return all frames of a server's bytes; EOFError if the last one is not whole."""
    file = BytesIO(data)
    found = []
    while file.tell() < len(data):
        found.append(read_frame(file))
    return found
