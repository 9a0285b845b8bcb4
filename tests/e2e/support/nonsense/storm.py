"""Broken frames and handshakes by the thousand, a few at once, each judged by its outcome."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from random import Random

from support.clients.raw import CLOSE, PING, PONG, TEXT, RawSocket, close_code, frame, read_frame
from support.clients.visitor import Visitor
from support.gateway import BEAT, GATEWAY_HOST, GATEWAY_PORT, PATIENCE
from support.nonsense.broken_frames import GOES_ON, Broken, broken_frame
from support.nonsense.broken_handshakes import HUNG_UP, NO_STATUS, broken_handshake

AT_A_TIME = {"frames": 6, "handshakes": 4}
PER_SOCKET = 8
"""Frames on one socket, if it goes on: fewer than the throttle takes, so that it is the frames that are judged."""

FLOOD = frame(TEXT, b'{"type": "flood"}') * 60
"""More than two seconds may have, whenever they begin."""

DEADLINE = BEAT * PATIENCE
SILENCE = -1
GONE = (asyncio.IncompleteReadError, ConnectionError)


class Storm:
    """What strangers do to the gateway; everything follows from the seed, but for the server's timing.

    `frames` and `handshakes` count the outcomes, `wrong` says which were not the contract's: seed, number, bytes.
    """

    def __init__(self, seed: int, strangers: list[Visitor], secret: str) -> None:
        self.frames: Counter[int] = Counter()
        self.handshakes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._seed = seed
        self._strangers = strangers
        # What is told to others: nobody here may ever hear it.
        self._secret = secret.encode()

    async def rage(self, frames: range, handshakes: range) -> None:
        """Send the frames and the handshakes of these numbers."""
        groups = [frames[start : start + PER_SOCKET] for start in range(0, len(frames), PER_SOCKET)]
        async with asyncio.TaskGroup() as lanes:
            todo, others = iter(groups), iter(handshakes)
            for _ in range(AT_A_TIME["frames"]):
                lanes.create_task(self._lane(todo, self._send_frames))
            for _ in range(AT_A_TIME["handshakes"]):
                lanes.create_task(self._lane(others, self._send_handshake))

    async def _lane[Item](
        self, todo: Iterator[Item], send: Callable[[Item], Awaitable[None]]
    ) -> None:
        for item in todo:
            try:
                await send(item)
            except (AssertionError, OSError, TimeoutError, *GONE) as error:
                self._complain(f"{send.__name__} {item}", repr(error))

    def _complain(self, what: str, outcome: object, data: bytes = b"") -> None:
        self.wrong.append(f"ABUSE_SEED={self._seed} {what}: {outcome} after {data[:80]!r}")

    # Frames

    async def _send_frames(self, numbers: range) -> None:
        """Send each, on the same socket while that goes on, then on a new one."""
        todo = [
            (number, broken_frame(Random(f"{self._seed} frame {number}"))) for number in numbers
        ]
        stranger = self._strangers[numbers[0] // PER_SOCKET % len(self._strangers)]
        while todo:
            async with RawSocket(stranger) as socket:
                todo = await self._until_closed(socket, todo)

    async def _until_closed(
        self, socket: RawSocket, todo: list[tuple[int, Broken]]
    ) -> list[tuple[int, Broken]]:
        """Send frames until the socket is closed; return those that were not sent."""
        # A pong comes before the application has judged the frame: its close may meet a later one.
        earlier: frozenset[int] = frozenset()
        for sent, (number, broken) in enumerate(todo, 1):
            nonce = b"%d" % number
            await socket.send(broken.data)
            if GOES_ON in broken.allowed:
                await socket.send(frame(PING, nonce))
            outcome = await self._outcome(socket, nonce)
            self.frames[outcome] += 1
            if outcome not in broken.allowed | earlier:
                self._complain(f"frame {number} ({broken.kind})", outcome, broken.data)
            if outcome != GOES_ON:
                return todo[sent:]
            earlier |= broken.allowed - {GOES_ON}
        # It went on to the end: the application must still be there, and judge what it is sent.
        await socket.send(FLOOD)
        outcome = await self._outcome(socket, b"")
        if outcome not in earlier | {4429}:
            self._complain(f"flood after frame {todo[-1][0]}", outcome)
        return []

    async def _outcome(self, socket: RawSocket, nonce: bytes) -> int:
        """Return the code the server closed with, or GOES_ON if it has answered the ping with that nonce."""
        try:
            async with asyncio.timeout(DEADLINE):
                while True:
                    opcode, payload = await socket.read()
                    if self._secret in payload:
                        self._complain(f"frame {nonce.decode()}", "heard what is for others")
                    if opcode == CLOSE:
                        return close_code(payload)
                    if opcode == PONG and payload == nonce and nonce:
                        return GOES_ON
        except TimeoutError:
            return SILENCE
        except GONE:
            return 1006

    # Handshakes

    async def _send_handshake(self, number: int) -> None:
        random = Random(f"{self._seed} handshake {number}")
        stranger = random.choice(self._strangers)
        broken = broken_handshake(random, stranger.cookie)
        reader, writer = await asyncio.open_connection(
            GATEWAY_HOST, GATEWAY_PORT, local_addr=(stranger.address, 0)
        )
        outcome = HUNG_UP
        try:
            writer.write(broken.data)
            if broken.is_whole:
                async with asyncio.timeout(DEADLINE):
                    outcome = await answer(reader)
        except TimeoutError:
            outcome = "silence"
        except GONE as error:
            outcome = f"no answer: {type(error).__name__}"
        finally:
            # As rudely as it came: neither a close frame nor a FIN.
            writer.transport.abort()
        self.handshakes[outcome] += 1
        if outcome not in broken.allowed | {HUNG_UP}:
            self._complain(f"handshake {number}", outcome, broken.data)


async def answer(reader: asyncio.StreamReader) -> str:
    """Return the status of an HTTP answer, for 101 with how the socket began: `ready` or the close code."""
    start = await reader.read(1)
    if start != b"H":
        return NO_STATUS
    head = start + await reader.readuntil(b"\r\n\r\n")
    status = head[9:12].decode()
    if status == "100":
        return await answer(reader)
    if status != "101":
        return status
    opcode, payload = await read_frame(reader)
    if opcode == CLOSE:
        return f"101 {close_code(payload)}"
    return "101 ready" if payload.startswith(b'{"type":"ready"') else f"101 {payload!r}"
