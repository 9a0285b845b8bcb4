"""PostgreSQL stopped, or hanging: sockets stay, requests get a 503 in time, and afterwards nothing is missing."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from support import people, stack
from support.clients.visitor import PASSWORD, Socket, Visitor, ready
from support.faults.readiness import until_named
from support.gateway import BEAT, PATIENCE, PUBLIC_URL

ANSWER_SECONDS = 3.0
BACK_SECONDS = 5.0
NOTICED = 12.0
"""Seconds until a worker's last sign of life has expired, and a little."""

SERVICES = ("web", "ws", "worker")
Fault = tuple[Callable[[str], None], Callable[[str], None]]
FAULTS: dict[str, Fault] = {
    "stopped": (stack.stop, stack.start),
    "paused": (stack.pause, stack.resume),
}
# The processes of a local PostgreSQL are no group that could be stopped as one.
paused = pytest.param("paused", marks=pytest.mark.containers)
stopped = pytest.mark.parametrize("outage", ["stopped"], indirect=True)


@dataclass(frozen=True)
class Outage:
    """The database is away, from `since` until `back` is awaited: then it answers, and all becomes healthy again.

    All have signed in before, and have a socket; but for the stranger, who has loaded the login form with its `token`.
    """

    since: float
    back: Callable[[], Awaitable[None]]
    owner: Visitor
    second_device: Visitor
    stranger: Visitor
    token: str
    sockets: list[Socket]
    foreign: Socket


@pytest.fixture(scope="module", params=["stopped", paused])
async def outage(request: Any) -> AsyncIterator[Outage]:
    """Each fault once, for all tests about it."""
    owner, outsider, stranger = [Visitor(name) for name in people.make(3)]
    async with owner, outsider, stranger, Visitor(owner.username) as second_device:
        for visitor in (owner, second_device, outsider):
            assert (await visitor.login()).status_code == httpx.codes.FOUND
        sockets = [await ready(owner), await ready(second_device)]
        await sockets[0].until_notifications(2, timeout=BEAT * PATIENCE)
        foreign = await ready(outsider)
        await stranger.http.get("/accounts/login/")
        token = stranger.http.cookies["csrftoken"]
        since, is_away = time.time(), True
        begin, end = FAULTS[request.param]

        async def back() -> None:
            nonlocal is_away
            if is_away:
                await asyncio.to_thread(end, "db")
                await asyncio.to_thread(until_it_answers)
            is_away = False

        await asyncio.to_thread(begin, "db")
        try:
            yield Outage(since, back, owner, second_device, stranger, token, sockets, foreign)
        finally:
            await back()
            await asyncio.to_thread(stack.wait_healthy)


def until_it_answers() -> None:
    """Wait until the database itself is there: its own start is nobody else's delay."""
    deadline = time.monotonic() + 60
    while (answer := stack.attempt_sql("SELECT 1"))[0] != 0:
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)


async def timed(what: str, answer: Any) -> httpx.Response:
    """Return the answer; it must come in time."""
    started = time.monotonic()
    response: httpx.Response = await answer
    took = time.monotonic() - started
    print(f"{what}: {response.status_code} after {took:.2f} s")
    assert took < ANSWER_SECONDS * PATIENCE, what
    return response


def log_in(visitor: Visitor, token: str) -> Any:
    """Send the login form that was loaded before."""
    return visitor.http.post(
        "/accounts/login/",
        data={
            "login": visitor.username,
            "password": PASSWORD,
            "csrfmiddlewaretoken": token,
        },
        headers={"Origin": PUBLIC_URL, "Referer": f"{PUBLIC_URL}/accounts/login/"},
    )


def is_our_page(response: httpx.Response) -> bool:
    return "Back in a moment" in response.text and "site-header" in response.text


async def test_whoever_needs_the_database_gets_a_503_in_time(
    outage: Outage, stranger: Visitor
) -> None:
    owner = outage.owner
    # All at once: the first to come must not be the only one who is answered in time.
    crowd = [timed("one of twenty", owner.http.get("/")) for _ in range(20)]
    for response in await asyncio.gather(*crowd):
        assert response.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert is_our_page(response)
        assert response.headers["Retry-After"] == "5"
    for path in ("/", "/accounts/email/", "/accounts/sessions/", "/admin/", "/nothing/here"):
        response = await timed(f"signed in, {path}", owner.http.get(path))
        assert response.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert is_our_page(response)
    for call in (
        owner.http.get("/api/notifications/summary"),
        owner.http.get("/api/notifications/"),
        owner.post("/api/notifications/read", {"through": 1}),
    ):
        response = await timed("API", call)
        assert response.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert response.json()["error"]["code"] == "unavailable"
        assert set(response.json()["error"]) == {"code", "field", "message"}
    response = await timed("login", log_in(outage.stranger, outage.token))
    assert response.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert is_our_page(response)
    # What needs no database is as it always is.
    for path, status in (
        ("/", 200),
        ("/accounts/login/", 200),
        ("/nothing/here", 404),
        ("/api/notifications/", 401),
        ("/static/site/site.css", 200),
    ):
        assert (await timed(f"stranger, {path}", stranger.http.get(path))).status_code == status
    response = await timed("signed in, a file", owner.http.get("/static/site/site.css"))
    assert response.status_code == httpx.codes.OK
    health = await timed("health", stranger.http.get("/healthz"))
    assert health.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert health.json() == {"status": "unhealthy"}
    assert health.headers["cache-control"] == "no-store"


@pytest.mark.redis("it is one of the parts")
async def test_the_database_is_named_as_missing_in_time_and_nothing_else_is(
    outage: Outage, stranger: Visitor
) -> None:
    await asyncio.to_thread(until_named, "database", timeout=NOTICED * PATIENCE)
    deadline = time.monotonic() + NOTICED * PATIENCE
    wanted = {"status": "unready", "parts": ["database"]}
    # What a busy machine keeps from answering in time is named in that one answer, too.
    while (answer := await timed("readiness", stranger.http.get("/readyz"))).json() != wanted:
        assert time.monotonic() < deadline, answer.text
        await asyncio.sleep(0.2)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.headers["cache-control"] == "no-store"


async def until_up(visitor: Visitor) -> None:
    """Wait until web serves that person again; it must not take long."""
    started = time.monotonic()
    while (await visitor.http.get("/")).status_code != httpx.codes.OK:
        assert time.monotonic() - started < BACK_SECONDS * PATIENCE
        await asyncio.sleep(0.1)
    print(f"web was back {time.monotonic() - started:.2f} s after the database")


async def until_answered(visitor: Visitor, token: str) -> httpx.Response:
    """Send the login form until it is answered: one of web's processes may have found the database, another not yet."""
    started = time.monotonic()
    while True:
        answer: httpx.Response = await log_in(visitor, token)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
        assert time.monotonic() - started < BACK_SECONDS * PATIENCE
        await asyncio.sleep(0.1)


async def says_it_once(service: str, since: float, visitor: Visitor) -> None:
    """Each process says once that the database is lost and once that it is back, without a traceback."""
    deadline = time.monotonic() + 10 * PATIENCE
    while True:
        lines = stack.logs(service, since)
        lost = [line for line in lines if "event=database_lost" in line]
        back = [line for line in lines if "event=database_back" in line]
        if len(lost) == len(back):
            break
        assert time.monotonic() < deadline, (lost, back)
        # A process finds out when it is next asked; web has several.
        await asyncio.gather(*(visitor.http.get("/healthz") for _ in range(20)))
        await asyncio.sleep(0.3)
    print(f"{service}: {len(lost)} lines lost, {len(back)} back")
    # Each of web's processes finds out for itself, if anybody asks it meanwhile.
    assert (0 if service == "web" else 1) <= len(lost) <= 4
    assert not [line for line in lines if "Traceback" in line]


@stopped
@pytest.mark.redis("a task comes through it")
async def test_a_task_waits_for_the_database(outage: Outage) -> None:
    """It rings then: see the tests that follow."""
    shown = outage.sockets[0].notifications[0]
    stack.shell(
        "from bellhop import contract\n"
        "from bellhop.ring import publish_thread as doorbell\n"
        f"doorbell.ring(contract.RING, {shown['id']!r})\n"
        "assert doorbell.flush()"
    )
    await until_logged("worker", outage.since, "event=task_retrying")


@stopped
@pytest.mark.redis("it is one of the parts")
async def test_the_worker_is_not_named_though_it_can_do_nothing_without_the_database(
    outage: Outage,
) -> None:
    # For as long as its sign of life would take to expire, had it stopped as well.
    while time.time() < outage.since + NOTICED:
        await asyncio.to_thread(until_named, "database", timeout=NOTICED)
        await asyncio.sleep(0.2)


async def test_sockets_stay_and_get_what_was_saved_once_the_database_is_back(
    outage: Outage,
) -> None:
    owner, sockets, foreign = outage.owner, outage.sockets, outage.foreign
    for number in range(3):
        await refused_handshake(owner, number)
    assert [socket.closed_with for socket in (*sockets, foreign)] == [None] * 3
    await outage.back()
    started = time.monotonic()
    fresh = await until_ready(owner)
    print(f"a new socket was served {time.monotonic() - started:.2f} s after the database")
    assert time.monotonic() - started < BACK_SECONDS * PATIENCE
    people.notify(owner.username, "saved after the fault")
    for socket in (*sockets, fresh):
        await socket.until(
            lambda s: "saved after the fault" in s.messages, (BEAT + BACK_SECONDS) * PATIENCE
        )
    async with Visitor(owner.username) as late:
        await late.http.get("/accounts/login/")
        # By the form alone: the page behind it may be refused by another of web's processes, and a second login shows.
        answer = await until_answered(late, late.http.cookies["csrftoken"])
        assert answer.status_code == httpx.codes.FOUND
        await (await late.socket()).until_notifications(1, timeout=BEAT * PATIENCE)
    for socket in (*sockets, fresh):
        await socket.until(
            lambda s: s.notifications[-1]["seq"] == 4, (BEAT + BACK_SECONDS) * PATIENCE
        )
    # Past the next beat: whatever would repeat or leak something has had its chance.
    await asyncio.sleep(1.3 * BEAT)
    assert [frame["seq"] for frame in sockets[0].notifications] == [1, 2, 3, 4]
    assert [frame["seq"] for frame in sockets[1].notifications] == [2, 3, 4]
    assert [socket.closed_with for socket in (*sockets, foreign)] == [None] * 3
    assert [frame["seq"] for frame in foreign.notifications] == [1]
    assert owner.username not in str(foreign.frames)


async def test_nobody_is_signed_out(outage: Outage) -> None:
    await outage.back()
    await until_up(outage.owner)
    await until_up(outage.second_device)
    # Nor need anybody load the login form again.
    answer = await until_answered(outage.stranger, outage.token)
    assert answer.status_code == httpx.codes.FOUND


@stopped
@pytest.mark.redis("a task comes through it")
async def test_a_task_that_has_waited_for_the_database_rings(outage: Outage) -> None:
    await outage.back()
    (shown, *_), since = outage.sockets[0].notifications, outage.since
    if not any("event=task_retrying" in line for line in stack.logs("worker", since)):
        pytest.skip("about the task of a test that was left out")
    # Its retries are up to 10 s apart.
    await until_logged("worker", since, "event=notification_rung", shown["id"])
    assert [frame["id"] for frame in outage.sockets[0].notifications].count(shown["id"]) == 1
    await says_it_once("worker", since, outage.owner)


async def test_it_is_said_once_that_the_database_is_lost_and_once_that_it_is_back(
    outage: Outage,
) -> None:
    await outage.back()
    for service in ("ws", "web"):
        await says_it_once(service, outage.since, outage.owner)
    assert not [line for line in stack.logs("worker", outage.since) if "Traceback" in line]


async def refused_handshake(visitor: Visitor, number: int) -> None:
    started = time.monotonic()
    socket = await visitor.socket()
    assert await socket.until_closed(timeout=ANSWER_SECONDS * PATIENCE) == 4503
    print(f"handshake {number + 1}: 4503 after {time.monotonic() - started:.2f} s")


async def until_ready(visitor: Visitor) -> Socket:
    """Knock until the socket is served, as a page does."""
    while True:
        socket = await visitor.socket()
        await socket.until(
            lambda s: s.frames or s.closed_with is not None, ANSWER_SECONDS * PATIENCE
        )
        if socket.frames:
            return socket
        assert socket.closed_with == 4503
        await asyncio.sleep(0.1)


async def until_logged(service: str, since: float, *words: str) -> None:
    deadline = time.monotonic() + 20 * PATIENCE
    while not any(all(word in line for word in words) for line in stack.logs(service, since)):
        assert time.monotonic() < deadline, f"{words} not in the logs of {service}"
        await asyncio.sleep(0.3)


@pytest.mark.containers
async def test_a_restart_costs_nobody_a_socket_and_loses_nothing_that_was_saved(
    arrive: Any,
) -> None:
    owner, outsider = await arrive(), await arrive()
    socket, foreign = await ready(owner), await ready(outsider)
    since, saved = time.time(), 0
    restart = asyncio.create_task(asyncio.to_thread(restart_database))
    while not restart.done() or saved < 3:
        # Each call is a request's worth of work; what it reports as saved must arrive.
        answer = await owner.post("/api/notifications/unread", {"through": 1})
        assert answer.status_code in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE)
        if restart.done():
            await until_up(owner)
            people.notify(owner.username, f"number {saved}")
            saved += 1
    await restart
    await socket.until_notifications(1 + saved, timeout=(BEAT + BACK_SECONDS) * PATIENCE)
    assert [frame["seq"] for frame in socket.notifications] == list(range(1, saved + 2))
    assert (socket.closed_with, foreign.closed_with) == (None, None)
    assert len(foreign.notifications) == 1
    for service in SERVICES:
        assert not [line for line in stack.logs(service, since) if "Traceback" in line]
    await asyncio.to_thread(stack.wait_healthy)


def restart_database() -> None:
    stack.stop("db")
    stack.start("db")
    until_it_answers()
