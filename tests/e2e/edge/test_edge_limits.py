"""What nginx lets one address do, and how long it waits: nobody who is slow or loud costs anybody else anything."""

import asyncio
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
from support.gateway import PUBLIC_HOST
from support.stack import logged

HANDSHAKE = f"GET /ws/notifications/ HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nUpgrade: websocket\r\nConnection: close\r\n"
FORM = f"POST /accounts/login/ HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nContent-Length: 0\r\nConnection: close\r\n"
WELL_FORMED = f"Cookie: sessionid={'a' * 32}\r\n"
CLIENT_BODY_TIMEOUT, CLIENT_HEADER_TIMEOUT = 5, 10
BODIES_AT_A_TIME = 64


@pytest.fixture(scope="module")
def edge() -> Iterator[Edge]:
    with nginx() as found:
        yield found


async def open_connection(edge: Edge, source: str) -> Any:
    host, _, port = edge.address.partition(":")
    return await asyncio.open_connection(host, int(port), local_addr=(source, 0))


async def dribble(edge: Edge) -> float:
    """Send two bytes a second of a head that has no end; return the seconds until that was cut."""
    reader, writer = await open_connection(edge, addresses.next_address())
    writer.write(f"GET / HTTP/1.1\r\nHost: {PUBLIC_HOST}\r\nX-Slow: ".encode())
    closed = asyncio.create_task(until_closed(reader))
    while not closed.done():
        try:
            writer.write(b"x")
            await writer.drain()
        except ConnectionError:
            break
        await asyncio.wait([closed], timeout=0.5)
    took = await closed
    writer.close()
    return took


@pytest.fixture(scope="module", autouse=True)
async def dribbling(edge: Edge) -> AsyncIterator["asyncio.Task[float]"]:
    """A head that comes as slowly as that, from the beginning of this file on: the other tests go by meanwhile."""
    task = asyncio.create_task(dribble(edge))
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


@pytest.mark.parametrize(
    ("request_", "content_type"), [(HANDSHAKE, "application/json"), (FORM, "text/html")]
)
async def test_too_much_from_one_address_is_429_and_another_is_welcome(
    edge: Edge, request_: str, content_type: str
) -> None:
    loud, quiet = addresses.next_address(), addresses.next_address()
    found = await statuses(edge, loud, request_, 100)
    assert found[429] > 20
    assert found.total() - found[429] >= 50, "nobody behind one address would get in"
    (refusal,) = [
        answer
        for answer in await asyncio.gather(*(ask(edge, loud, request_) for _ in range(20)))
        if answer.status_code == 429
    ][:1]
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
        assert (await statuses(edge, addresses.next_address(), request, 100))[429] > 20


async def test_refusals_are_logged_once_in_a_while_and_as_no_error_of_ours(edge: Edge) -> None:
    source = addresses.next_address()
    refused = (await statuses(edge, source, HANDSHAKE, 200))[429]
    assert refused > 100
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
        assert max(took) < CLIENT_BODY_TIMEOUT * 2
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
    assert CLIENT_HEADER_TIMEOUT - 1 < await dribbling < CLIENT_HEADER_TIMEOUT * 2
