"""Two webs and two workers share the work; a web that goes costs no GET, and no POST arrives twice."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from support import people, replicas, stack
from support.clients import addresses
from support.clients.visitor import Visitor, ready
from support.edge.nginx import Edge, nginx
from support.edge.upstreams import Upstream, silence
from support.gateway import BEAT, PATIENCE

SHARE_SECONDS = 10


def edge(*servers: str) -> Any:
    lines = "".join(f"server {server} max_fails=0; " for server in servers)
    # With a zone, as the stack's own: its processes take turns together.
    return nginx(
        upstreams=f"upstream web {{ zone web 64k; {lines} }} upstream ws {{ server 127.0.0.1:9; }}"
    )


def client() -> httpx.AsyncClient:
    """Somebody at an address of their own."""
    transport = httpx.AsyncHTTPTransport(local_address=addresses.next_address())
    return httpx.AsyncClient(transport=transport, timeout=30)


async def ask(
    at: Edge, method: str, path: str = "/", by: httpx.AsyncClient | None = None
) -> httpx.Response:
    async with by or client() as asking:
        content = b"x=1" if method == "POST" else None
        return await asking.request(method, f"http://{at.address}{path}", content=content)


@pytest.fixture
async def dying() -> AsyncIterator[Upstream]:
    async with Upstream(hangs_up=True) as server:
        yield server


@pytest.fixture
async def living() -> AsyncIterator[Upstream]:
    async with Upstream() as server:
        yield server


async def test_a_get_that_a_dying_web_took_is_answered_by_the_other(
    dying: Upstream, living: Upstream
) -> None:
    with edge(dying.address, living.address) as at:
        answers = [await ask(at, "GET") for _ in range(6)]
    assert {answer.status_code for answer in answers} == {httpx.codes.OK}
    assert dying.requests


async def test_a_post_that_a_dying_web_took_is_sent_to_nobody_else(
    dying: Upstream, living: Upstream
) -> None:
    with edge(dying.address, living.address) as at:
        # Two at a time, as round robin has it.
        answers = [await ask(at, "POST", f"/{number}") for number in range(6)]
    assert {answer.status_code for answer in answers} == {200, 503}
    arrived = Counter(
        request.split()[1] for server in (dying, living) for request in server.requests
        if request.startswith(b"POST")
    )  # fmt: skip
    assert sorted(arrived) == [f"/{number}".encode() for number in range(6)]
    assert set(arrived.values()) == {1}


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_replica_that_says_nothing_keeps_nobody_waiting(
    living: Upstream, method: str
) -> None:
    # Made before: each reads all certificates there are.
    clients = [client() for _ in range(4)]
    with silence() as gone, edge(gone, living.address) as at:
        started = time.monotonic()
        answers = await asyncio.gather(*(ask(at, method, by=one) for one in clients))
        took = time.monotonic() - started
    assert {answer.status_code for answer in answers} == {httpx.codes.OK}
    # Half a second for a connection to it (see tests/door), with nothing sent yet; the rest is a busy machine's.
    assert took < 5


async def test_once_more_means_once(dying: Upstream) -> None:
    with edge(dying.address) as at:
        for method in ("GET", "POST"):
            answer = await ask(at, method, "/once-more")
            assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    # By their path: what asked whether nginx is up may come late.
    arrived = Counter(tuple(request.split()[:2]) for request in dying.requests)
    assert arrived[b"GET", b"/once-more"] == 2, arrived
    assert arrived[b"POST", b"/once-more"] == 1, arrived


@pytest.mark.containers("local processes run one of each service")
@pytest.mark.redis("replicas are waited for until they are healthy")
async def test_two_workers_and_two_webs_share_the_work(arrive: Any, scale: Any) -> None:
    since = time.time()
    await scale(web=2, worker=2)
    owner: Visitor = await arrive()
    deadline = time.monotonic() + SHARE_SECONDS * PATIENCE
    rung = "event=notification_rung"
    while not all(replicas.log_lines(each, since, rung) for each in replicas.of("worker")):
        assert time.monotonic() < deadline, "one worker does it all"
        people.notify(owner.username, "rung by either")
    upstreams: set[str] = set()
    deadline = time.monotonic() + SHARE_SECONDS * PATIENCE
    while len(upstreams) < 2:
        assert time.monotonic() < deadline, f"one web does it all: {upstreams}"
        assert (await owner.http.get("/api/notifications/summary")).status_code == 200
        lines = [line for line in stack.logs("nginx", since) if "/summary" in line]
        upstreams = {line.rpartition("upstream=")[2] for line in lines}


@pytest.mark.containers("local processes have no replicas")
async def test_web_goes_from_two_to_one_and_no_request_fails_or_arrives_twice(
    arrive: Any, scale: Any
) -> None:
    owner: Visitor = await arrive()
    socket = await ready(owner)
    await scale(web=2)
    since = time.time()
    failed: list[str] = []
    posts: list[int] = []
    stop = asyncio.Event()

    async def read() -> None:
        while not stop.is_set():
            answer = await owner.http.get("/api/notifications/summary")
            if answer.status_code != httpx.codes.OK:
                failed.append(f"{answer.status_code}")

    async def write() -> None:
        while not stop.is_set():
            posts.append((await owner.post("/api/notifications/read", {"ids": []})).status_code)

    loops = asyncio.gather(read(), read(), write())
    await replicas.back_to_one("web", "worker")
    first = replicas.of("web")[0]
    stop.set()
    await loops
    assert failed == []
    assert posts
    assert set(posts) <= {200, 503}
    lines = replicas.log_lines(first, since, "request_started", "POST", "notifications/read")
    ids = Counter(re.findall(r"request_id=(\S+)", "\n".join(lines)))
    assert ids
    assert set(ids.values()) == {1}, "a POST arrived twice"
    people.notify(owner.username, "by those that are left")
    await socket.until(lambda s: s.messages[-1] == "by those that are left", BEAT * PATIENCE)
