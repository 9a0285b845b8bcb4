"""What nginx lets one address do, and how long it waits: nobody who is slow or loud costs anybody else anything."""

import asyncio
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from support.clients import addresses
from support.clients.visitor import Visitor
from support.edge import answers
from support.edge.nginx import Edge, nginx
from support.gateway import PATIENCE, PUBLIC_HOST
from support.stack import logged

HANDSHAKE = f"GET /ws/notifications/ HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nUpgrade: websocket\r\nConnection: close\r\n"
FORM = f"POST /accounts/login/ HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nContent-Length: 0\r\nConnection: close\r\n"
WELL_FORMED = f"Cookie: sessionid={'a' * 32}\r\n"
CLIENT_BODY_TIMEOUT, CLIENT_HEADER_TIMEOUT = 5, 10
BODIES_AT_A_TIME = 64
PER_SECOND = 10
"""Handshakes, of an address that has used up those it may have at once; of forms it is half of that."""


@pytest.fixture(scope="module")
def edge() -> Iterator[Edge]:
    with nginx() as found:
        yield found


async def open_connection(edge: Edge, source: str) -> Any:
    host, _, port = edge.address.partition(":")
    return await asyncio.open_connection(host, int(port), local_addr=(source, 0))


def dribble(edge: Edge, source: str) -> float:
    """Send two bytes a second of a head that has no end; return the seconds until that was cut."""
    host, _, port = edge.address.partition(":")
    with (
        socket.create_connection((host, int(port)), 30, (source, 0)) as connection,
        suppress(ConnectionError),
    ):
        started = time.monotonic()
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nX-Slow: ".encode())
        connection.settimeout(0.5)
        while time.monotonic() - started < CLIENT_HEADER_TIMEOUT * PATIENCE:
            try:
                if not connection.recv(65536):
                    break
            except TimeoutError:
                connection.sendall(b"x")
    return time.monotonic() - started


@pytest.fixture(scope="module", autouse=True)
async def dribbling(edge: Edge) -> AsyncIterator["asyncio.Task[float]"]:
    """A head that comes as slowly as that, from the beginning of this file on: the other tests go by meanwhile."""
    # In a thread, which nothing that the other tests wait for holds up.
    task = asyncio.create_task(asyncio.to_thread(dribble, edge, addresses.next_address()))
    yield task
    task.cancel()


async def ask(edge: Edge, source: str, request: str) -> httpx.Response:
    reader, writer = await open_connection(edge, source)
    writer.write(f"{request}\r\n".encode())
    try:
        return answers.parse(await reader.read())
    finally:
        writer.close()


async def statuses(edge: Edge, source: str, request: str, count: int) -> Counter[int]:
    found = await asyncio.gather(*(ask(edge, source, request) for _ in range(count)))
    return Counter(answer.status_code for answer in found)


async def flood(
    edge: Edge, source: str, request: str, refusals: int = 20
) -> tuple[list[httpx.Response], int]:
    """Ask a hundred times at once, until more than so many were refused; return those, and how many were not.

    Once is enough, unless the machine takes seconds for it: AssertionError if more pass than may in that time.
    """
    refused: list[httpx.Response] = []
    passed, started = 0, time.monotonic()
    while len(refused) <= refusals:
        found = await asyncio.gather(*(ask(edge, source, request) for _ in range(100)))
        refused += (those := [answer for answer in found if answer.status_code == 429])
        passed += len(found) - len(those)
        took = time.monotonic() - started
        assert passed < 80 + PER_SECOND * took, f"{passed} pass in {took:.1f} s"
    return refused, passed


@pytest.mark.parametrize(
    ("request_", "content_type"), [(HANDSHAKE, "application/json"), (FORM, "text/html")]
)
async def test_too_much_from_one_address_is_429_and_another_is_welcome(
    edge: Edge, request_: str, content_type: str
) -> None:
    loud, quiet = addresses.next_address(), addresses.next_address()
    refused, passed = await flood(edge, loud, request_)
    assert passed >= 50, "nobody behind one address would get in"
    refusal = refused[0]
    assert refusal.headers["retry-after"] == "10"
    assert refusal.headers["content-type"] == content_type
    assert answers.faults(refusal) == []
    assert 429 not in await statuses(edge, quiet, request_, 10)


@pytest.mark.parametrize(
    "request_",
    [
        HANDSHAKE + WELL_FORMED,
        FORM.replace("POST", "GET"),
        FORM.replace("/accounts/login/", "/api/notifications/read"),
        HANDSHAKE.replace("Upgrade: websocket\r\n", ""),
    ],
)
async def test_what_is_neither_anonymous_nor_a_form_is_not_counted(
    edge: Edge, request_: str
) -> None:
    assert 429 not in await statuses(edge, addresses.next_address(), request_, 100)


async def test_a_cookie_that_cannot_be_a_session_makes_nobody_known(edge: Edge) -> None:
    for cookie in ("x", "a" * 31, "A" * 32, "a" * 33):
        request = f"{HANDSHAKE}Cookie: sessionid={cookie}\r\n"
        await flood(edge, addresses.next_address(), request)


async def test_refusals_are_logged_once_in_a_while_and_as_no_error_of_ours(edge: Edge) -> None:
    source = addresses.next_address()
    # So many that one of them is logged for certain.
    refused = len((await flood(edge, source, HANDSHAKE, refusals=300))[0])
    lines = await logged(edge.log, f"address={source} ", "status=429")
    # One in sixteen by its id.
    assert 0 < len(lines) < refused / 4
    assert all("level=info" in line for line in lines)
    assert not [line for line in edge.log() if "limiting" in line]


async def test_with_rate_limits_off_nobody_is_refused() -> None:
    with nginx(RATE_LIMITS="off") as unlimited:
        for request in (HANDSHAKE, FORM):
            source = addresses.next_address()
            assert 429 not in await statuses(unlimited, source, request, 100)


async def until_closed(reader: asyncio.StreamReader) -> float:
    """Return the seconds until the server closed, whatever it said before."""
    started = time.monotonic()
    with suppress(ConnectionResetError):
        await reader.read()
    return time.monotonic() - started


async def test_bodies_that_do_not_come_hold_no_thread_of_web_and_are_cut(
    edge: Edge, stranger: Visitor
) -> None:
    source = addresses.next_address()
    begun = f"POST /accounts/login/ HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nContent-Length: 100\r\n\r\nx"
    connections = [await open_connection(edge, source) for _ in range(BODIES_AT_A_TIME)]
    try:
        for _, writer in connections:
            # Another path than a form's: those are counted by themselves.
            writer.write(begun.replace("/accounts/login/", "/notifications/mark/").encode())
        cuts = asyncio.gather(*(until_closed(reader) for reader, _ in connections))
        deadline = time.monotonic() + CLIENT_BODY_TIMEOUT - 1
        one_more = FORM.replace("Content-Length: 0", "Content-Length: 1")
        while (answer := await ask(edge, source, f"{one_more}\r\nx")).status_code != 429:
            assert time.monotonic() < deadline, "nothing bounds how many wait"
        assert answer.headers["retry-after"] == "10"
        started = time.monotonic()
        assert (await stranger.http.get("/accounts/login/")).status_code == httpx.codes.OK
        assert time.monotonic() - started < 3, "web's threads wait for bodies"
        took = await cuts
        assert max(took) < CLIENT_BODY_TIMEOUT * PATIENCE
    finally:
        for _, writer in connections:
            writer.close()


@pytest.mark.parametrize("coding", ["Content-Length: 70000", "Transfer-Encoding: chunked"])
async def test_a_body_larger_than_any_form_is_refused(edge: Edge, coding: str) -> None:
    body = "11170\r\n" + "x" * 0x11170 + "\r\n0\r\n\r\n"
    request = f"POST /api/notifications/read HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\n{coding}\r\nConnection: close\r\n"
    answer = await ask(edge, addresses.next_address(), f"{request}\r\n{body}")
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE


# Last, since it has been coming all the while


async def test_a_head_that_dribbles_is_cut_however_steadily_it_comes(
    dribbling: "asyncio.Task[float]",
) -> None:
    assert CLIENT_HEADER_TIMEOUT - 1 < await dribbling < CLIENT_HEADER_TIMEOUT * PATIENCE
