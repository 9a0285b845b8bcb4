"""The protocols of the measured servers: how a client opens its socket, and how it answers until it hears messages."""

from dataclasses import dataclass
from typing import NamedTuple

from bench.load import frames


class User(NamedTuple):
    """Whose socket it is: the account's id, and its session key where the server asks for one."""

    id: int
    session: str


@dataclass(frozen=True)
class Dialect:
    """A plain WebSocket whose user is known by the session cookie.

    `ready`: what a text begins with or holds that says it hears from now on; empty: the handshake itself says so.
    """

    path: str = "/ws/notifications/"
    ready: bytes = b""

    def request(self, user: User, host: str) -> bytes:
        """Return the handshake's request."""
        lines = (
            f"GET {self.path_of(user)} HTTP/1.1",
            f"Host: {host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            # Fixed: nobody caches here, and the answer to it is not looked at.
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            f"Origin: http://{host}",
            f"Cookie: sessionid={user.session}",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def path_of(self, user: User) -> str:
        """Return the path, which bears the user where no cookie does."""
        return self.path.format(user=user.id)

    def answer(self, payload: bytes) -> bytes:
        """Return the frame to answer a text with, empty for none."""
        return b""


class SocketIO(Dialect):
    """Engine.IO 4 over WebSocket: open, join the namespace, and answer the server's pings, which are texts."""

    def answer(self, payload: bytes) -> bytes:
        if payload[:1] == b"0":
            return frames.client(frames.TEXT, b"40")
        if payload == b"2":
            return frames.client(frames.TEXT, b"3")
        return b""
