"""bellhop.routing in a project's own ASGI application: its consumer is as it was, and ours checks the Origin itself."""

import asyncio

import pytest
from websockets.exceptions import InvalidStatus

from projects.conftest import Device
from projects.harness.installations import Installation
from projects.harness.tabs import PATIENCE, socket


async def test_their_consumer_speaks_over_their_own_layer(
    asgi_project: Installation, device: Device
) -> None:
    port = asgi_project.uvicorn()
    ada, eve = [await device(asgi_project, port) for _ in range(2)]
    tab = await ada.tab(port)
    async with ada.socket(port, "/ws/echo/") as one, eve.socket(port, "/ws/echo/") as other:
        await one.send("hello")
        heard = [await asyncio.wait_for(line.recv(), PATIENCE) for line in (one, other)]
        assert heard == [f"{ada.login}: hello"] * 2
        await eve.tell(ada.login, "and a notification")
        await tab.shows("and a notification")
        await other.send("bye")
        assert await asyncio.wait_for(one.recv(), PATIENCE) == f"{eve.login}: bye"


async def test_a_foreign_origin_is_refused_and_theirs_are_not_judged(
    asgi_project: Installation, device: Device
) -> None:
    port = asgi_project.uvicorn()
    ada = await device(asgi_project, port)
    host = f"127.0.0.1:{port}"
    for origin in ("https://evil.example", f"http://localhost:{port}", "http://127.0.0.1:1", None):
        with pytest.raises(InvalidStatus) as refused:
            async with socket(port, host, ada.cookies, "/ws/notifications/", origin=origin):
                pass
        assert refused.value.response.status_code == 403
    evil = "https://evil.example"
    async with socket(port, host, ada.cookies, "/ws/echo/", origin=evil) as theirs:
        await theirs.send("hello")
        assert await asyncio.wait_for(theirs.recv(), PATIENCE) == f"{ada.login}: hello"
