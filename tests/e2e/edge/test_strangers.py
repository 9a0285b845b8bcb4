"""What strangers send, through nginx: each has its answer, none a traceback, and nobody else notices."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import websockets
from support import people, stack
from support.clients.raw import BINARY, FIN, PING, RESERVED, TEXT, RawSocket, frame
from support.clients.visitor import Socket, Visitor, ready
from support.gateway import BEAT, PATIENCE, PUBLIC_URL


@pytest.fixture(scope="module", autouse=True)
def no_traceback() -> Iterator[None]:
    """Whatever the tests send, no service answers it with a traceback in its log: looked at once, after all of them."""
    since = time.time()
    yield
    for service in ("web", "ws", "worker"):
        lines = stack.logs(service, since)
        assert not [line for line in lines if "Traceback" in line or "level=error" in line], lines


@pytest.fixture(scope="module")
async def second_device(somebody: Visitor) -> Socket:
    """A socket of the same person: it stays, whatever the other one is sent."""
    return await ready(somebody)


# 1002 protocol error, 1007 no UTF-8, 1009 too big (RFC 6455, section 7.4.1); 4400 is the contract's own.
BAD_BYTES: dict[str, tuple[bytes, tuple[int, ...]]] = {
    "bad utf-8": (frame(TEXT, b'{"type": "\xff\xfe"}'), (1007, 4400)),
    "unmasked": (frame(TEXT, b'{"type": "x"}', masked=False), (1002,)),
    "reserved bits": (frame(TEXT, b'{"type": "x"}', bits=FIN | RESERVED), (1002,)),
    "reserved opcode": (frame(0x3, b"x"), (1002,)),
    "long control frame": (frame(PING, b"x" * 126), (1002,)),
    "control frame in pieces": (frame(PING, b"x", bits=0), (1002,)),
    "continuation of nothing": (frame(0x0, b"x"), (1002,)),
    "1 MiB": (frame(TEXT, b'{"type": "' + b"x" * 2**20 + b'"}'), (1009, 4400)),
    "1 MiB of binary": (frame(BINARY, b"\0" * 2**20), (1009, 4400)),
    "100,000 brackets": (frame(TEXT, b"[" * 100_000), (1009, 4400)),
    "a length of 8 EiB": (frame(TEXT, b"")[:1] + b"\xff" + b"\x7f" + b"\xff" * 11, (1002, 1009)),
    "not a frame at all": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", (1002, 1006)),
}


@pytest.mark.parametrize("kind", BAD_BYTES)
async def test_bytes_that_break_the_protocol_close_that_socket_only(
    somebody: Visitor, second_device: Socket, kind: str
) -> None:
    data, accepted = BAD_BYTES[kind]
    async with RawSocket(somebody) as stranger:
        await stranger.send(data)
        assert await stranger.closed_with(timeout=30) in accepted
    people.notify(somebody.username, f"still served after {kind}")
    await second_device.until(lambda s: f"still served after {kind}" in s.messages, BEAT * PATIENCE)


async def test_a_message_in_pieces_is_judged_as_a_whole(arrive: Any) -> None:
    owner = await arrive()
    async with RawSocket(owner) as stranger:
        await stranger.send(frame(TEXT, b'{"type": "x", "text": "', bits=0))
        for _ in range(70):
            await stranger.send(frame(0x0, b"x" * 1024, bits=0))
        assert await stranger.closed_with(timeout=30) in (1009, 4400)


async def test_another_users_signed_out_cookie_is_4401(arrive: Any) -> None:
    victim, outsider = await arrive(), await arrive()
    stolen = victim.cookie
    answer = await victim.http.post(
        "/accounts/logout/",
        data={"csrfmiddlewaretoken": victim.http.cookies["csrftoken"]},
        headers={"Origin": PUBLIC_URL, "Referer": f"{PUBLIC_URL}/"},
    )
    assert answer.status_code == httpx.codes.FOUND
    socket = await outsider.socket(cookie=stolen)
    assert await socket.until_closed(timeout=30) == 4401
    assert socket.frames == []


async def test_a_foreign_host_gets_neither_page_nor_socket(stranger: Visitor) -> None:
    for path in ("/", "/accounts/login/", "/api/notifications/summary", "/admin/"):
        answer = await stranger.http.get(path, headers={"Host": "evil.example"})
        assert answer.status_code == httpx.codes.BAD_REQUEST
        assert "<form" not in answer.text
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await stranger.socket(origin="http://evil.example")
    assert refusal.value.response.status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize(
    "path", ["/nowhere", "/accounts/nowhere/", "/api/nowhere", "/api/notifications/nowhere"]
)
async def test_an_unknown_path_is_404(somebody: Visitor, path: str) -> None:
    assert (await somebody.http.get(path)).status_code == httpx.codes.NOT_FOUND


BAD_QUERIES = {
    "limit=0": "limit",
    "limit=201": "limit",
    "limit=ten": "limit",
    "after=-1": "after",
    "after=1.5": "after",
    "after=1" + "0" * 30: "after",
    "before=x": "before",
    "unread=perhaps": "unread",
}


@pytest.mark.parametrize("query", BAD_QUERIES)
async def test_a_bad_parameter_is_400_and_named(somebody: Visitor, query: str) -> None:
    answer = await somebody.http.get(f"/api/notifications/?{query}")
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert answer.json()["error"]["field"] == BAD_QUERIES[query]


BAD_BODIES: dict[str, Any] = {
    "neither": {},
    "both": {"ids": [], "through": 1},
    "no uuid": {"ids": ["seven"]},
    "too many": {"ids": ["00000000-0000-0000-0000-000000000000"] * 201},
    "through text": {"through": "all"},
    "through beyond": {"through": 10**30},
    "array": [1],
    "null": None,
}


@pytest.mark.parametrize("kind", BAD_BODIES)
async def test_a_bad_body_is_400_and_changes_nothing(somebody: Visitor, kind: str) -> None:
    unread = (await somebody.http.get("/api/notifications/summary")).json()["unread"]
    answer = await somebody.post("/api/notifications/read", BAD_BODIES[kind])
    assert answer.status_code == httpx.codes.BAD_REQUEST
    assert answer.json()["error"]["message"]
    summary = await somebody.http.get("/api/notifications/summary")
    assert summary.json()["unread"] == unread >= 1


async def test_a_body_that_is_no_json_is_400(somebody: Visitor) -> None:
    answer = await somebody.http.post(
        "/api/notifications/read",
        content=b"\xff{",
        headers={
            "X-CSRFToken": somebody.http.cookies["csrftoken"],
            "Origin": PUBLIC_URL,
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code == httpx.codes.BAD_REQUEST


async def test_ids_of_somebody_else_or_of_nobody_are_ignored(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    (row,) = (await owner.http.get("/api/notifications/")).json()["results"]
    nobodys = "00000000-0000-4000-8000-000000000000"
    answer = await outsider.post("/api/notifications/archive", {"ids": [row["id"], nobodys]})
    assert (answer.status_code, answer.json()["changed"]) == (httpx.codes.OK, 0)
    assert (await owner.http.get("/api/notifications/summary")).json()["unread"] == 1
