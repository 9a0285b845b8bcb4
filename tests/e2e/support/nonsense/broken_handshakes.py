"""Broken handshakes, from a seeded generator: the same seed makes the same bytes, but for the cookie."""

import base64
from random import Random
from typing import NamedTuple

from support.gateway import PUBLIC_HOST, PUBLIC_URL

REFUSALS = frozenset({"400", "403", "404", "405", "408", "413", "414", "426", "429"})
"""What nginx, ws and (for a path that is none of ws) web answer to a request that is wrong; 429 to too many of them
without a session."""

CLOSES = frozenset({"101 4400", "101 4401", "101 4404"})
"""A refusal over a socket that was opened for it. 4429 is not among them: so many are never open at once."""

HUNG_UP = "hung up"
"""By the client, in the middle of it; nobody is owed an answer."""

NO_STATUS = "no status"


class Broken(NamedTuple):
    """A request, whether it is all there, and the answers that the contract allows it."""

    data: bytes
    is_whole: bool
    allowed: frozenset[str]


def broken_handshake(random: Random, cookie: str) -> Broken:
    """Return a request for a socket with one to three things wrong with it; `cookie` is a live session's."""
    line = ["GET", "/ws/notifications/", "HTTP/1.1"]
    headers = [
        ("Host", PUBLIC_HOST),
        ("Origin", PUBLIC_URL),
        ("Cookie", f"sessionid={cookie}"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", base64.b64encode(random.randbytes(16)).decode()),
        ("Sec-WebSocket-Version", "13"),
    ]
    proof = headers[1:3]
    body = b""
    for _ in range(random.randint(1, 3)):
        kind = random.randrange(9)
        if kind == 0:
            line[0] = random.choice(METHODS)
        elif kind == 1:
            line[1] += random.choice(QUERIES)
        elif kind == 2:
            line[1] = random.choice(PATHS)
        elif kind == 3:
            line[2] = random.choice(("HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/9.9", "HTTP", ""))
        elif kind in (4, 5):
            where = random.randrange(len(headers))
            headers[where] = (headers[where][0], random.choice(VALUES))
        elif kind == 6:
            headers.pop(random.randrange(len(headers)))
        elif kind == 7:
            headers.append(random.choice(EXTRA))
        else:
            body = random.choice(BODIES)
            headers.append(
                random.choice((("Transfer-Encoding", "chunked"), ("Content-Length", "5")))
            )
    random.shuffle(headers)
    allowed = REFUSALS | CLOSES
    if all(header in headers for header in proof):
        allowed |= {"101 ready"}
    if body:
        # What follows a handshake is a frame.
        allowed |= {"101 1002"}
    if line[2] in ("HTTP/2.0", "HTTP/9.9"):
        # nginx says which of its own limits this is: a version it does not speak.
        allowed |= {"505"}
    if any(name == "Transfer-Encoding" and value != "chunked" for name, value in headers):
        # Nor a coding.
        allowed |= {"501"}
    if not line[2]:
        # HTTP/0.9 has at most a body and nothing before it.
        allowed |= {NO_STATUS}
    lines = [" ".join(line), *(f"{name}: {value}" for name, value in headers), "", ""]
    request = "\r\n".join(lines).encode("utf-8", "surrogatepass") + body
    # Of a body that is too short nginx waits for the rest.
    is_whole = not 0 < len(body) < 5
    if random.random() < 0.1:
        request, is_whole = request[: random.randrange(1, len(request))], False
    return Broken(request * random.choice((1, 1, 1, 2, 5)), is_whole, allowed)


METHODS = ("POST", "HEAD", "PUT", "OPTIONS", "TRACE", "CONNECT", "get", "G\0T", "")
QUERIES = (
    *("?after=-1", "?after=1e9", "?after=" + "9" * 400, "?after=1&after=2", "?after=%00"),
    *("?after=\u0661", "?after", "?%", "?" + "a=1&" * 500, "?after=1#x", "?x=" + "y" * 7000),
    "?after=1;after=2",
)
PATHS = (
    *("/ws/", "/ws/../admin/", "/ws/notifications", "//ws//notifications//", "/ws/%2e%2e/"),
    *("*", "http://evil.example/ws/notifications/", "/ws/notifications/%00", "/ws/" + "x" * 7000),
    "/ws/\udcff",
)
VALUES = (
    *("", " ", "\0", "null", "websocket, h2c", "keep-alive, Upgrade", "close", "0", "-1", "8"),
    *("99999999999", "http://evil.example", "http://[::1", "http://localhost:x", "file://"),
    *("http://a@localhost", "x" * 6000, "sessionid=" + "a" * 32, "sessionid=\u00e9\u2603"),
    *("sessionid", "; ;=;", "sessionid=a; " * 300, "\u202e"),
)
EXTRA = (
    *(("Origin", "http://evil.example"), ("Host", "evil.example"), ("Sec-WebSocket-Version", "8")),
    *(("Sec-WebSocket-Protocol", value) for value in ("a, b", "", "\u2603")),
    ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=99"),
    *(("X-Huge", "x" * 9000), ("Daphne-Root-Path", "/admin"), ("X-Forwarded-For", "\0")),
    *(("X-Request-ID", "a b\tc"), ("bad header", "x"), ("Expect", "100-continue"), ("", "x")),
    *(("Content-Length", "-1"), ("Transfer-Encoding", "gzip, chunked")),
)
BODIES = (
    *(b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffff\r\n", b"zz\r\n"),
    b"0\r\n\r\nGET /ws/ HTTP/1.1\r\n\r\n",
)
