"""WebSocket frames (RFC 6455), as far as a load generator needs them: a server's whole, and a client's short ones.

By hand, since the generator shares the machine with what it measures: a library takes several times as long a frame.
"""

from typing import Final

TEXT: Final = 0x1
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA

_FINAL: Final = 0x80
_MASKED: Final = 0x80
_SHORT: Final = 125


class FrameError(ValueError):
    """The server sent what no peer of this benchmark sends: fragments, compressed, masked or huge frames."""


def split(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Return the whole frames that `data` begins with as (opcode, payload), and the bytes that are left."""
    frames: list[tuple[int, bytes]] = []
    start, end = 0, len(data)
    while end - start >= 2:
        head, length = data[start], data[start + 1]
        if head & 0xF0 != _FINAL:
            raise FrameError(f"fragmented or compressed frame: {head:#x}")
        body = start + 2
        if length > _SHORT:
            if length != _SHORT + 1:
                raise FrameError(f"masked or huge frame: {length:#x}")
            if end < start + 4:
                break
            length = data[start + 2] << 8 | data[start + 3]
            body = start + 4
        if body + length > end:
            break
        frames.append((head & 0x0F, data[body : body + length]))
        start = body + length
    return frames, data[start:]


def client(opcode: int, payload: bytes = b"") -> bytes:
    """Return a client's frame of at most 125 bytes. Masked, as the RFC wants it, with zeros."""
    if len(payload) > _SHORT:
        raise FrameError(f"{len(payload)} bytes: more than {_SHORT}")
    return bytes((_FINAL | opcode, _MASKED | len(payload), 0, 0, 0, 0)) + payload
