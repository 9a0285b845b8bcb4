"""The socket's contract at the edge: who is let in, which frames come, which code a refusal has."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import websockets
from support import people, stack
from support.clients.visitor import Socket, Visitor, ready
from support.gateway import BEAT, PATIENCE, PUBLIC_HOST, PUBLIC_URL


@pytest.fixture(scope="module", autouse=True)
async def quiet() -> AsyncIterator[Socket]:
    """A socket to which nothing is said, from the beginning of this file on: the other tests go by meanwhile."""
    async with Visitor(people.make()[0]) as owner:
        await owner.login()
        yield await ready(owner)


@pytest.fixture(scope="module")
async def witness(somebody: Visitor) -> Socket:
    """Another socket of the somebody who breaks the rules: it stays, whatever they do."""
    return await ready(somebody)


async def test_the_first_frame_is_ready_and_says_where_the_user_stands(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    await socket.until_notifications(1, timeout=30)
    ready = socket.frames[0]
    assert ready == {
        "type": "ready",
        "seq": 1,
        "rev": 0,
        "unread": 1,
        "seen": 0,
        "user_key": ready["user_key"],
    }


async def test_a_notification_frame_has_every_field_of_the_contract(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    (frame,) = await socket.until_notifications(1, timeout=30)
    assert set(frame) == {
        "type", "id", "seq", "kind", "message", "body", "url", "data", "created", "read",
    }  # fmt: skip
    assert (frame["kind"], frame["seq"], frame["read"]) == ("login", 1, False)
    assert frame["body"] == f"Signed in from {owner.address} with Firefox on Windows."
    assert frame["created"].endswith("Z")


async def test_after_moves_the_start_forward_and_back(arrive: Any) -> None:
    owner = await arrive()
    people.notify(owner.username, "two", "three")
    from_the_start = await owner.socket("?after=0")
    from_two = await owner.socket("?after=2")
    from_the_end = await owner.socket("?after=3")
    await from_the_start.until_notifications(3, timeout=30)
    await from_two.until_notifications(1, timeout=30)
    people.notify(owner.username, "four")
    for socket in (from_the_start, from_two, from_the_end):
        await socket.until(lambda s: "four" in s.messages, BEAT * PATIENCE)
    assert [frame["seq"] for frame in from_the_start.notifications] == [1, 2, 3, 4]
    assert from_two.messages == ["three", "four"]
    assert from_the_end.messages == ["four"]


async def test_a_plain_client_that_comes_back_late_gets_all_since_its_login(arrive: Any) -> None:
    owner = await arrive()
    people.notify(owner.username, "while", "away")
    socket = await owner.socket()
    await socket.until_notifications(3, timeout=30)
    assert socket.messages[1:] == ["while", "away"]


@pytest.mark.parametrize("after", ["-1", "abc", "1.5", "1" + "0" * 30, "", "1&after=2", "%31%00"])
async def test_an_after_that_is_no_seq_is_refused_with_4400(somebody: Visitor, after: str) -> None:
    socket = await somebody.socket(f"?after={after}")
    assert await socket.until_closed(timeout=30) == 4400
    assert socket.frames == []


async def test_an_after_beyond_the_latest_is_told_to_resync_and_goes_on(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket("?after=999")
    await socket.until(lambda s: s.of_type("resync"), 30)
    assert socket.of_type("resync") == [{"type": "resync", "seq": 1}]
    people.notify(owner.username, "next")
    await socket.until_notifications(1, timeout=BEAT * PATIENCE)
    assert socket.messages == ["next"]


async def test_who_missed_more_than_200_is_told_to_resync_instead(arrive: Any) -> None:
    owner = await arrive()
    people.notify(owner.username, *(f"number {number}" for number in range(205)))
    socket = await owner.socket("?after=0")
    await socket.until(lambda s: s.of_type("resync"), 30)
    assert socket.of_type("resync") == [{"type": "resync", "seq": 206}]
    assert socket.notifications == []


@pytest.mark.parametrize("cookie", ["", "garbage", "a" * 32, "\u00e9" * 32, "'; DROP TABLE"])
async def test_no_valid_session_is_4401(stranger: Visitor, cookie: str) -> None:
    socket = await stranger.socket(cookie=cookie.encode("ascii", "replace").decode())
    assert await socket.until_closed(timeout=30) == 4401
    assert socket.frames == []


async def test_a_signed_out_or_expired_session_is_4401(arrive: Any) -> None:
    owner = await arrive()
    old = owner.cookie
    stack.sql(f"UPDATE django_session SET expire_date = now() WHERE session_key = '{old}'")
    socket = await owner.socket(cookie=old)
    assert await socket.until_closed(timeout=30) == 4401


ORIGINS = {
    "foreign": "http://evil.example",
    "null": "null",
    "missing": None,
    "suffix": f"http://{PUBLIC_HOST.partition(':')[0]}.evil.example",
    "userinfo": PUBLIC_URL.replace("://", "://localhost@evil.example"),
    "name before at": PUBLIC_URL.replace("://", "://evil@"),
    "other port": "http://localhost:9999",
    "other scheme": PUBLIC_URL.replace("http://", "https://"),
    "path": f"{PUBLIC_URL}/path",
}


@pytest.mark.parametrize("kind", ORIGINS)
async def test_a_foreign_origin_is_refused_with_403_even_with_a_valid_cookie(
    somebody: Visitor, kind: str
) -> None:
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await somebody.socket(origin=ORIGINS[kind])
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("origin", ["", "http://[", "http://localhost:99999"])
async def test_a_malformed_origin_is_refused_with_400_or_403(
    somebody: Visitor, origin: str
) -> None:
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await somebody.socket(origin=origin)
    assert refusal.value.response.status_code in (400, 403)


@pytest.mark.parametrize(
    "path", ["/ws/", "/ws/other/", "/ws/notifications", "/ws/notifications/7/"]
)
async def test_an_unknown_path_is_4404(somebody: Visitor, path: str) -> None:
    socket = await somebody.socket(path=path)
    assert await socket.until_closed(timeout=30) == 4404


BAD_FRAMES: dict[str, str | bytes] = {
    "no json": "hello",
    "array": "[1]",
    "number": "7",
    "string": '"ack"',
    "no type": '{"seq": 1}',
    "type no string": '{"type": 1}',
    "NaN": '{"type": "x", "seq": NaN}',
    "brackets": "[" * 4000,
    "binary": b'{"type": "ack"}',
    "5 KiB": json.dumps({"type": "x", "text": "x" * 5120}),
    "ack no seq": '{"type": "ack"}',
    "ack above the latest": '{"type": "ack", "seq": 99}',
    "ack negative": '{"type": "ack", "seq": -1}',
    "ack bool": '{"type": "ack", "seq": true}',
    "empty": "",
}


@pytest.mark.parametrize("kind", BAD_FRAMES)
async def test_a_bad_frame_is_4400_and_costs_nobody_else(
    somebody: Visitor, witness: Socket, kind: str
) -> None:
    bad = await ready(somebody)
    await bad.send(BAD_FRAMES[kind])
    assert await bad.until_closed(timeout=30) == 4400
    people.notify(somebody.username, f"still served after {kind}")
    await witness.until(lambda s: f"still served after {kind}" in s.messages, BEAT * PATIENCE)


async def test_an_ack_and_a_type_from_the_future_are_fine(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    await socket.until_notifications(1, timeout=30)
    await socket.send({"type": "ack", "seq": 1})
    await socket.send({"type": "from the future", "seq": "anything"})
    people.notify(owner.username, "still served")
    await socket.until(lambda s: "still served" in s.messages, BEAT * PATIENCE)


async def test_too_many_frames_a_second_are_4429(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    await socket.until_notifications(1, timeout=30)
    for _ in range(1000):
        try:
            await socket.send({"type": "noise"})
        except websockets.ConnectionClosed:
            break
    assert await socket.until_closed(timeout=30) == 4429


async def test_a_51st_socket_of_one_user_is_4429_and_another_user_is_welcome(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    sockets = await asyncio.gather(*(owner.socket() for _ in range(50)))
    for socket in sockets:
        await socket.until_notifications(1, timeout=30)
    assert await (await owner.socket()).until_closed(timeout=30) == 4429
    await (await outsider.socket()).until_notifications(1, timeout=30)
    await sockets[0].close()
    await (await owner.socket()).until_notifications(1, timeout=30)


async def test_plain_http_on_the_socket_path_is_426_and_elsewhere_404(stranger: Visitor) -> None:
    assert (await stranger.http.get("/ws/notifications/")).status_code == 426
    assert (await stranger.http.post("/ws/notifications/")).status_code == 426
    assert (await stranger.http.get("/ws/other")).status_code == 404
    assert (await stranger.http.get("/ws/healthz")).status_code == 404


# Last, since it has waited all the while


async def test_a_quiet_line_says_every_25_seconds_that_it_is_alive(quiet: Socket) -> None:
    await quiet.until(lambda s: s.of_type("beat"), 25 * PATIENCE)
    assert quiet.of_type("beat")[0] == {"type": "beat", "seq": 1, "rev": 0, "unread": 1, "seen": 0}
