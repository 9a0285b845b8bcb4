"""Broken frames, from a seeded generator: the same seed makes the same bytes."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple, NoReturn

from support.clients.raw import BINARY, CLOSE, FIN, PING, PONG, RESERVED, TEXT, frame

MASK = 0x80
LONGEST = 65_536
"""Bytes; a frame that says it is longer is refused by its header."""

LATEST = 1
"""The seq that the strangers who send all this may acknowledge: their login's."""

GOES_ON = 0
"""The outcome of a frame that closes nothing."""

ANY = frozenset({GOES_ON, 1000, 1002, 1007, 1009, 4400})
"""What the contract has for bytes of which nobody knows what they mean; 1000 answers a close frame."""


class Broken(NamedTuple):
    """Bytes to send, and the outcomes that the contract allows them."""

    kind: str
    data: bytes
    allowed: frozenset[int]


def broken_frame(random: Random) -> Broken:
    """Return a frame with something wrong with it, or nearly right; whole, so that it has an outcome."""
    kind = random.choice(KINDS)
    data, allowed = kind(random)
    frames = list(_frames(data))
    whole = data.ljust(frames[-1][1], b"\0")
    for opcode, end in frames:
        if opcode == CLOSE:
            # The server may hang up on what comes after a goodbye, and then its own is lost (1006).
            allowed = allowed - {GOES_ON} | ({1006} if end < len(whole) else set())
    return Broken(kind.__name__.strip("_"), whole, allowed)


def _frames(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield opcode and end of each frame that these bytes begin, up to one that is too long to be read."""
    end = 0
    while end < len(data):
        header = data[end : end + 10].ljust(10, b"\0")
        length, size = header[1] & 0x7F, 2
        if length > 125:
            size = 4 if length == 126 else 10
            length = int.from_bytes(header[2:size])
        end += size + (4 if header[1] & MASK else 0)
        if length > LONGEST:
            # Its header alone is refused.
            yield header[0] & 0x0F, end
            return
        end += length
        yield header[0] & 0x0F, end


def judge(text: str) -> frozenset[int]:
    """Return the one outcome of a text frame, as docs/contract.md has it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return frozenset({1007})
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return frozenset({4400})
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return frozenset({4400})
    seq = value.get("seq")
    is_seq = isinstance(seq, int) and not isinstance(seq, bool) and 0 <= seq <= LATEST
    is_fine = (value["type"] != "ack" or is_seq) and len(text.encode()) <= 4096
    return frozenset({GOES_ON if is_fine else 4400})


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _good(random: Random) -> bytes:
    return frame(TEXT, json.dumps({"type": "ack", "seq": random.randrange(3)}).encode())


Kind = tuple[bytes, frozenset[int]]


def _flipped_bits(random: Random) -> Kind:
    data = bytearray(_good(random))
    for _ in range(random.randint(1, 8)):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(data), ANY


def _truncated(random: Random) -> Kind:
    data = _good(random)
    return data[: random.randrange(1, len(data))], ANY


def _wrong_length(random: Random) -> Kind:
    first = bytes([FIN | random.choice((TEXT, BINARY))])
    lengths = (
        bytes([MASK | random.randrange(126)]),
        bytes([MASK | 126]) + random.randrange(2**16).to_bytes(2),
        bytes([MASK | 127]) + random.randrange(2**64).to_bytes(8),
    )
    return first + random.choice(lengths) + bytes(4) + random.randbytes(random.randrange(64)), ANY


def _any_opcode(random: Random) -> Kind:
    opcode, bits, masked = random.randrange(16), random.randrange(16) << 4, random.random() < 0.8
    data = frame(opcode, random.randbytes(random.randrange(130)), bits=bits, masked=masked)
    is_bad = not masked or bits & RESERVED or opcode not in (0, TEXT, BINARY, CLOSE, PING, PONG)
    return data, frozenset({1002}) if is_bad else ANY


def _in_pieces(random: Random) -> Kind:
    data, pieces = json.dumps({"type": "x" * 50}).encode(), random.randint(2, 5)
    size = len(data) // pieces
    parts = [frame(TEXT if number == 0 else 0, data[:size], bits=0) for number in range(pieces)]
    random.shuffle(parts)
    return b"".join(parts), ANY


def _control(random: Random) -> Kind:
    payload = random.randbytes(random.choice((0, 1, 2, 125)))
    return frame(random.choice((CLOSE, PING, PONG)), payload), ANY


def _json_text(random: Random) -> Kind:
    text = json.dumps(_value(random)) if random.random() < 0.7 else random.choice(TEXTS)
    if random.random() < 0.3:
        where = random.randrange(len(text))
        text = text[:where] + chr(random.choice((0, 0x22, 0x5C, 0xFEFF, 0x1F514))) + text[where:]
    return frame(TEXT, text.encode("utf-8", "surrogatepass")), judge(text)


def _noise(random: Random) -> Kind:
    return random.randbytes(random.randint(1, 200)), ANY


KINDS: list[Callable[[Random], Kind]] = [
    *(_flipped_bits, _truncated, _wrong_length, _any_opcode, _in_pieces, _control, _noise),
    *(_json_text, _json_text, _json_text),
]

TEXTS = [
    '{"type": "ack", "seq": NaN}',
    '{"type": "ack", "seq": -Infinity}',
    '{"type": "ack", "seq": 1e400}',
    '{"type": "ack", "seq": ' + "9" * 4000 + "}",
    '{"type": "ack", "seq": 1, "seq": -1}',
    '{"type": "\\ud800"}',
    '{"type": "\ud800"}',
    '{"type": "x"}' * 2,
    "[" * 4000,
    '{"a":' * 700,
    "[ " * 2000,
    '{"type": "' + "\U0001f514" * 1100 + '"}',
    '{"type": "x" /* comment */}',
    "\ufeff{}",
    " ",
]
SCALARS: list[object] = [
    *(None, True, 0, -1, 1.5, 2**31, 2**63, 10**300),
    *("", "ack", "\0", "\u202e", "ready", {}, []),
]
TYPES = [*SCALARS, "state", "notification", "websocket.close", "send.notification"]


def _value(random: Random) -> object:
    """Return an `ack` whose types, names and depth are as likely wrong as right."""
    value: dict[str, object] = {"type": "ack", "seq": random.choice(SCALARS)}
    if random.random() < 0.4:
        value["type"] = random.choice(TYPES)
    if random.random() < 0.2:
        value[str(random.choice(SCALARS))] = random.choice(SCALARS)
    nested: object = value
    for _ in range(random.choice((0, 0, 0, 1, 40))):
        nested = random.choice(({"type": nested}, [nested]))
    return nested
