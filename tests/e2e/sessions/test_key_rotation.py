"""SECRET_KEY is changed: with the old one in SECRET_KEY_FALLBACKS nobody is signed out.

Without it everybody is, but for as long only as it is missing: no session is deleted.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from docker.models.containers import Container
from support import people, replicas, stack
from support.clients.visitor import Visitor
from support.gateway import BEAT, PATIENCE

pytestmark = [
    pytest.mark.containers("local processes share one environment"),
    pytest.mark.redis("the ones with the new key are waited for until they are healthy"),
]


@pytest.fixture(scope="module")
def old_key() -> str:
    return stack.shell("from django.conf import settings; print(settings.SECRET_KEY)").strip()


@pytest.fixture(scope="module")
async def rotated(old_key: str) -> AsyncIterator[dict[str, Container]]:
    """Web and ws with a new key that still know the old one."""
    environment = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SECRET_KEY_FALLBACKS": old_key,
    }
    async with replicas.apart(("web", "ws"), environment) as found:
        yield found


@pytest.fixture(scope="module")
async def forgotten() -> AsyncIterator[dict[str, Container]]:
    """Web and ws with a new key, and none but that."""
    environment = {"SECRET_KEY": secrets.token_urlsafe(50), "SECRET_KEY_FALLBACKS": ""}
    async with replicas.apart(("web", "ws"), environment) as found:
        yield found


@asynccontextmanager
async def led_to(web: Container, visitor: Visitor) -> AsyncIterator[Visitor]:
    """The same browser, answered by another web."""
    gateway = replicas.address(web)
    async with Visitor(visitor.username, gateway) as led:
        led.http.cookies.set("sessionid", visitor.cookie, domain=gateway.partition(":")[0])
        yield led


def rows(visitor: Visitor) -> int:
    return int(
        stack.sql(f"SELECT count(*) FROM django_session WHERE session_key = '{visitor.cookie}'")
    )


async def test_with_the_old_key_as_fallback_a_cookie_still_opens_sockets_and_pages(
    arrive: Any, rotated: dict[str, Container]
) -> None:
    owner, outsider = await arrive(), await arrive()
    # The socket comes first: it must leave the row as it is for the page that comes later.
    socket = await owner.socket(at=replicas.address(rotated["ws"]))
    await socket.until_notifications(1, timeout=30)
    assert rows(owner) == 1

    async with led_to(rotated["web"], owner) as led:
        page = await led.http.get("/")
        assert page.status_code == 200
        assert f'Signed in as <strong dir="auto">{owner.username}</strong>' in page.text
        # The session was signed anew under the key it has: nothing moves for tabs that are open.
        assert led.cookie == owner.cookie
        assert rows(owner) == 1
        assert (await led.http.get("/api/notifications/summary")).status_code == 200
        fresh = await led.socket(at=replicas.address(rotated["ws"]))
        await fresh.until(lambda s: s.of_type("ready"), 30)
        people.notify(owner.username, "after the change of keys")
        for each in (socket, fresh):
            await each.until(lambda s: "after the change of keys" in s.messages, BEAT * PATIENCE)
        assert socket.closed_with is None

    # The other one has not come by yet, and is as signed in as before.
    assert rows(outsider) == 1
    assert (await outsider.http.get("/api/notifications/summary")).status_code == 200


async def test_requests_that_come_together_after_the_change_keep_their_session(
    arrive: Any, rotated: dict[str, Container]
) -> None:
    """As a page does that loads and asks for its list: Django's own way lets the first take it from the others."""
    owner = await arrive()
    async with led_to(rotated["web"], owner) as led:
        paths = ["/", *["/api/notifications/summary"] * 7]
        answers = await asyncio.gather(*(led.http.get(path) for path in paths))
        assert [answer.status_code for answer in answers] == [200] * len(paths)
        assert f'Signed in as <strong dir="auto">{owner.username}</strong>' in answers[0].text
        assert (led.cookie, rows(owner)) == (owner.cookie, 1)


async def test_without_it_nobody_is_let_in_and_nothing_is_deleted(
    arrive: Any, forgotten: dict[str, Container]
) -> None:
    owner = await arrive()
    socket = await owner.socket(at=replicas.address(forgotten["ws"]))
    assert await socket.until_closed(timeout=30) == 4401
    async with led_to(forgotten["web"], owner) as led:
        for _ in range(2):
            assert (await led.http.get("/api/notifications/summary")).status_code == 401
        page = await led.http.get("/")
        assert page.status_code == 200
        assert owner.username not in page.text
        assert led.cookie == owner.cookie

    # Whoever puts the fallback back has everybody back.
    assert rows(owner) == 1
    assert (await owner.http.get("/api/notifications/summary")).status_code == 200
    again = await owner.socket()
    await again.until_notifications(1, timeout=30)
