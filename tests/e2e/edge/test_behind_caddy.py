"""The example for the Internet, as it is: Caddy in front, TLS, and behind it the stack in its production shape."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import websockets
from support import people
from support.clients.visitor import Visitor
from support.edge import answers, behind_caddy, observatory
from support.edge.behind_caddy import HOST, PUBLIC_URL, Site
from support.gateway import BEAT, PATIENCE
from support.stack import logged

pytestmark = [
    pytest.mark.containers("the example is a compose file"),
    pytest.mark.redis("the services behind it are waited for until they are healthy"),
]
READ_BODY = 10
"""Seconds a whole request may take: the Caddyfile's `read_body`."""


@pytest.fixture(scope="module")
async def site() -> AsyncIterator[Site]:
    if not behind_caddy.is_there():
        pytest.skip(f"needs an image: {behind_caddy.IMAGE}")
    async with behind_caddy.site() as found:
        yield found


def visitor(site: Site, name: str = "") -> Visitor:
    return Visitor(
        name, f"{site.host}:443", public_url=PUBLIC_URL, address=site.address, tls=site.tls
    )


async def connection(site: Site) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(site.host, 443, ssl=site.tls, server_hostname=HOST)


async def dribble(site: Site) -> float:
    """Send a byte of a body twice a second; return the seconds until that was cut."""
    started = time.monotonic()
    reader, writer = await connection(site)
    writer.write(f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10000\r\n\r\n".encode())
    closed = asyncio.create_task(reader.read())
    while not closed.done() and time.monotonic() - started < READ_BODY * PATIENCE:
        writer.write(b"x")
        await asyncio.wait([closed], timeout=0.5)
    writer.close()
    return time.monotonic() - started


async def ask(site: Site, name: str) -> httpx.Response:
    """Return an answer's status and headers; its body may never end where the connection is kept."""
    reader, writer = await connection(site)
    writer.write(answers.request(name, HOST))
    try:
        return answers.parse(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20))
    finally:
        writer.close()


# What Go's server refuses before a proxy sees it.
BY_CADDY = ("cookies too large", "the same, API (400)", "address too long", "coding", "version")


async def test_a_login_its_socket_and_every_header_are_right(site: Site) -> None:
    (name,) = people.make()
    cut = asyncio.create_task(dribble(site))
    # In plain: sent to TLS, with nothing set.
    transport = httpx.AsyncHTTPTransport(local_address=site.address)
    async with httpx.AsyncClient(transport=transport, timeout=30) as plain:
        answer = await plain.get(f"http://{site.host}/accounts/login/?a=b", headers={"Host": HOST})
    assert answer.status_code == httpx.codes.PERMANENT_REDIRECT
    assert answer.headers["location"] == f"{PUBLIC_URL}/accounts/login/?a=b"
    assert "set-cookie" not in answer.headers
    async with visitor(site, name) as owner:
        owner.http.headers["X-Forwarded-For"] = "203.0.113.9"
        owner.http.headers["X-Forwarded-Proto"] = "http"
        answer = await owner.login()
        assert answer.status_code == httpx.codes.FOUND
        lines = answer.headers.get_list("set-cookie")
        assert {"sessionid", "csrftoken"} <= {line.partition("=")[0] for line in lines}
        for line in lines:
            assert "; Secure" in line
            assert "SameSite=Lax" in line
        assert any(line.startswith("sessionid") and "HttpOnly" in line for line in lines)
        assert observatory.grade(answer) == "A+"
        socket = await owner.socket(headers={"X-Forwarded-For": "203.0.113.9"})
        (frame,) = await socket.until_notifications(1, timeout=BEAT * PATIENCE)
        assert frame["data"]["address"] == site.address
        devices = await owner.http.get("/accounts/sessions/")
        assert site.address in devices.text
        assert observatory.grade(devices) == "A+"
        # In a thread: the bytes of the body go on.
        await asyncio.to_thread(people.notify, name, "over TLS")
        await socket.until(lambda s: "over TLS" in s.messages, BEAT * PATIENCE)
    lines = await logged(site.nginx.log, "status=302", "method=POST")
    assert all(f"address={site.address} " in line for line in lines)
    found = {
        name: await ask(site, name)
        for name in answers.CLASSES
        if not any(part in name for part in BY_CADDY)
    }
    print("\n" + answers.table(found))
    graded = {name: observatory.score(answer) for name, answer in found.items()}
    assert all(observatory.grade(answer) == "A+" for answer in found.values()), graded
    assert [name for name, answer in found.items() if answers.faults(answer)] == []
    took = await cut
    assert READ_BODY - 1 < took < READ_BODY * PATIENCE, "a body may dribble"


async def test_a_foreign_origin_gets_no_socket(site: Site) -> None:
    async with visitor(site) as stranger:
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await stranger.socket(origin="https://evil.example")
    assert refusal.value.response.status_code == httpx.codes.FORBIDDEN
