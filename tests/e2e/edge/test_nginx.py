"""nginx in front: it finds services where they are now, and trusts nothing a client claims."""

import asyncio
import time
from typing import Any

import httpx
import pytest
import websockets
from support import containers, networks, stack
from support.clients.visitor import Socket, Visitor
from support.gateway import PUBLIC_URL


def address(service: str) -> str:
    return taken(containers.container(service))


def taken(container: Any) -> str:
    return networks.address(container)


@pytest.mark.containers("local processes stay at the ports they were given")
async def test_a_service_that_moved_is_found_without_a_restart(arrive: Any) -> None:
    owner = await arrive()
    old = address("ws")
    network = networks.full_name(containers.container("ws"), networks.EDGE)
    stack.stop("ws")
    # Something else takes the address meanwhile, so that ws must come back elsewhere.
    image = containers.container("redis").attrs["Config"]["Image"]
    squatters: list[Any] = []
    try:
        # Lower addresses may be free, too, and are given first.
        while not squatters or taken(squatters[-1]) != old:
            assert len(squatters) < 10, f"nobody gets {old}"
            squatters.append(
                containers.engine().containers.run(image, detach=True, network=network)
            )
        stack.start("ws")
        assert address("ws") != old
        socket = await _socket_as_soon_as_possible(owner, within=90)
        await socket.until_notifications(1, timeout=30)
    finally:
        for squatter in squatters:
            squatter.remove(force=True)
        stack.wait_healthy()


async def _socket_as_soon_as_possible(visitor: Visitor, within: float) -> Socket:
    deadline = time.monotonic() + within
    while True:
        try:
            return await visitor.socket()
        except (websockets.InvalidHandshake, OSError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.3)


async def test_what_a_client_claims_about_its_address_counts_for_nothing(arrive: Any) -> None:
    async with Visitor() as visitor:
        visitor.http.headers["X-Forwarded-For"] = "203.0.113.9"
        visitor.http.headers["Forwarded"] = "for=203.0.113.9"
        visitor.username = (await arrive()).username
        await visitor.login()
        socket = await visitor.socket("?after=1")
        (frame,) = await socket.until_notifications(1, timeout=30)
        assert frame["data"]["address"] == visitor.address


async def test_a_wrong_password_too_often_from_one_address_is_429_and_another_is_welcome(
    arrive: Any,
) -> None:
    owner = await arrive()
    async with Visitor(owner.username) as attacker:
        statuses = set()
        for number in range(40):
            attacker.http.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            statuses.add((await attacker.login(password=f"wrong {number}")).status_code)
            if httpx.codes.TOO_MANY_REQUESTS in statuses:
                break
        assert httpx.codes.TOO_MANY_REQUESTS in statuses
    # The account is held back as well, for a while; somebody else from elsewhere is not.
    await arrive()


async def test_a_foreign_host_gets_no_page(stranger: Visitor) -> None:
    answer = await stranger.http.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Sign in" not in answer.text


async def test_without_web_a_person_gets_a_page_and_the_api_its_json(stranger: Visitor) -> None:
    with stack.stopped("web"):
        page = await stranger.http.get("/")
        assert page.status_code == 503
        assert "Back in a moment" in page.text
        assert "/static/" not in page.text  # which web serves in development
        answer = await stranger.http.get("/api/notifications/summary")
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "unavailable"
        assert answer.headers["retry-after"] == "5"


async def test_127_0_0_1_is_as_good_as_localhost_in_development(arrive: Any) -> None:
    owner = await arrive()
    here = PUBLIC_URL.replace("localhost", "127.0.0.1")
    host = here.partition("://")[2]
    form = await owner.http.get("/accounts/password/change/", headers={"Host": host})
    assert form.status_code == httpx.codes.OK
    socket = await owner.socket(origin=here)
    await socket.until_notifications(1, timeout=30)


async def test_static_files_are_served_with_their_type(stranger: Visitor) -> None:
    answer = await stranger.http.get("/static/bellhop/bellhop.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
