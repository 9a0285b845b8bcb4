"""Wherever notify() is called, the ring arrives long before the beat: which here comes once a minute."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import Final

import pytest
from celery import Celery

from projects.conftest import Device
from projects.harness.browsers import Browser
from projects.harness.installations import BEAT_SECONDS, Installation
from projects.harness.tabs import until

PATIENCE: Final = BEAT_SECONDS / 3
"""Much less than a beat; the server's log says which way it was, too."""

GUNICORN: Final = {
    "sync": ["--worker-class=sync", "--workers=1"],
    "gthread": ["--threads=4"],
    "preload": ["--preload", "--workers=2"],
    "gevent": ["--worker-class=gevent"],
}
needs_gevent: Final = pytest.mark.skipif(find_spec("gevent") is None, reason="gevent is not here")


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=needs_gevent if kind == "gevent" else ()) for kind in GUNICORN],
)
async def test_a_view_under_gunicorn_rings(
    uuid_project: Installation, device: Device, kind: str
) -> None:
    ws = uuid_project.ws()
    with uuid_project.briefly():
        ada = await device(uuid_project, uuid_project.web(*GUNICORN[kind]))
        await _is_rung(ada, ws, lambda text: ada.tell(ada.login, text))


@pytest.mark.parametrize("view", ["/tell/", "/tell-in-loop/"])
async def test_a_view_under_uvicorn_rings(
    asgi_project: Installation, device: Device, view: str
) -> None:
    port = asgi_project.uvicorn()
    ada = await device(asgi_project, port)
    await _is_rung(ada, port, lambda text: ada.tell(ada.login, text, by=view))


async def test_a_command_rings(uuid_project: Installation, device: Device) -> None:
    ada = await device(uuid_project, uuid_project.web("--threads=4"))

    async def tell(text: str) -> None:
        done = await asyncio.to_thread(uuid_project.manage, "tell", ada.login, text)
        assert done.returncode == 0, done.stderr

    await _is_rung(ada, uuid_project.ws(), tell, times=1)


async def test_a_task_in_a_prefork_worker_rings_by_another_task(
    cookie_project: Installation, device: Device
) -> None:
    cookie_project.worker()
    ada = await device(cookie_project, cookie_project.web("--threads=24"))
    await _is_rung(
        ada, cookie_project.ws(), lambda text: ada.tell(ada.login, text, by="/tell-later/")
    )


async def test_a_task_in_a_prefork_worker_rings_by_itself(
    cookie_project: Installation, device: Device
) -> None:
    cookie_project.worker("direct", bellhop={"RING": "direct"})
    ada = await device(cookie_project, cookie_project.web("--threads=24"))

    async def tell(text: str) -> None:
        environment = cookie_project.environment()
        with Celery(broker=environment["REDIS_URL"], set_as_current=False) as app:
            app.conf.broker_transport_options = {"global_keyprefix": environment["BROKER_PREFIX"]}
            app.send_task("crew.users.tasks.tell", (ada.login, text), queue="direct")

    await _is_rung(ada, cookie_project.ws(), tell)


async def test_a_task_that_runs_at_once_in_its_caller_rings(
    cookie_project: Installation, device: Device
) -> None:
    web = cookie_project.web("--threads=4", name="eager", CELERY_TASK_ALWAYS_EAGER=True)
    ada = await device(cookie_project, web)
    await _is_rung(
        ada, cookie_project.ws(), lambda text: ada.tell(ada.login, text, by="/tell-later/")
    )


async def _is_rung(
    ada: Browser, ws: int, tell: Callable[[str], Awaitable[None]], *, times: int = 2
) -> None:
    """Notify more than once: the second may find what the first has left behind, a thread or a connection."""
    # Its beats begin with its first socket: none comes while this one is looked at.
    server = ada.program(ws)
    server.kill()
    server.start()
    tab = await ada.tab(ws)
    texts: list[str] = []
    for number in range(times):
        texts.append(f"number {number}")
        await tell(texts[-1])
        await asyncio.wait_for(tab.shows(*texts), PATIENCE)
    # The server says which way each came.
    sent = re.compile(rf"notification_sent .*id=({'|'.join(tab.ids[-times:])}) .*way=([a-z-]+)")
    await until(lambda: len(sent.findall(server.written())) == times)
    assert {way for _, way in sent.findall(server.written())} == {"ring"}
