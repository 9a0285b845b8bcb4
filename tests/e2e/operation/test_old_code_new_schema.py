"""Yesterday's code beside today's, on today's schema: what runs during an update, and after one that was taken back.

Yesterday's is the code from before the newest migration, out of the clone's history. Its web, worker and ws run beside
the stack's own, with its database and Redis, and with the libraries of today's images.
"""

import asyncio
import io
import shlex
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from docker.models.containers import Container
from support import containers, people, replicas
from support.beside import traces
from support.clients.visitor import Visitor
from support.edge.nginx import nginx
from support.gateway import BEAT, PATIENCE

pytestmark = [
    pytest.mark.containers("there is one database and one of each service"),
    pytest.mark.redis("the worker takes tasks from it"),
    pytest.mark.timeout(300),
]

ROOT = Path(__file__).resolve().parents[3]
MIGRATIONS = [":(glob)packages/*/src/*/migrations/0*.py", ":(glob)services/*/core/migrations/0*.py"]
FOLDER = "/yesterday"
PACKAGES = f"{FOLDER}/packages/bellhop/src:{FOLDER}/packages/stack/src"


def git(*arguments: str) -> bytes:
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def yesterday() -> str:
    """Return the commit before the one that made the newest migration."""
    try:
        newest = git("log", "-1", "--format=%H", "--diff-filter=A", "--", *MIGRATIONS)
        before: bytes = git("rev-parse", "--verify", f"{newest.decode().strip()}^")
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this clone has no history: {error}")
    return before.decode().strip()


@pytest.fixture(scope="module")
def volume(yesterday: str) -> Iterator[str]:
    """A volume that holds that commit's packages and services."""
    name = traces.volume(f"{containers.project()}-yesterday")
    archive = git("archive", "--format=tar", yesterday, "packages", "services")
    image = containers.container("web").attrs["Config"]["Image"]
    filler: Container = containers.engine().containers.create(
        image, volumes=[f"{name}:{FOLDER}:nocopy"], labels=traces.labels()
    )
    try:
        filler.put_archive(FOLDER, io.BytesIO(archive))
        yield name
    finally:
        filler.remove(force=True)
        containers.engine().volumes.get(name).remove(force=True)


@pytest.fixture(scope="module")
async def old(volume: str) -> AsyncIterator[dict[str, Container]]:
    """Yesterday's web, worker and ws, which the stack's nginx does not know of."""
    made: dict[str, Container] = {}
    try:
        for service in ("web", "worker", "ws"):
            command = shlex.join(replicas.built_command(service))
            started = f"cd {FOLDER}/services/{service} && exec {command}"
            made[service] = replicas.add(
                service,
                {"PYTHONPATH": PACKAGES},
                ["sh", "-c", started],
                apart=True,
                binds=[f"{volume}:{FOLDER}:ro"],
            )
        await asyncio.to_thread(replicas.wait_healthy, list(made.values()))
        yield made
    finally:
        for container in made.values():
            await asyncio.to_thread(container.remove, force=True)


@pytest.fixture
async def both(old: dict[str, Container]) -> AsyncIterator[tuple[Visitor, Visitor, Visitor]]:
    """One person on a device that is led to yesterday's replicas and on one of today's; and an outsider there."""
    upstreams = (
        f"upstream web {{ zone web 64k; server {replicas.address(old['web'])}; }}"
        f"upstream ws {{ zone ws 64k; server {replicas.address(old['ws'])}; }}"
    )
    name, other = people.make(2)
    with nginx(upstreams=upstreams) as edge:
        async with (
            Visitor(name, edge.address) as before,
            Visitor(name) as after,
            Visitor(other, edge.address) as outsider,
        ):
            for visitor in (before, after, outsider):
                assert (await visitor.login()).status_code == httpx.codes.FOUND
            yield before, after, outsider


async def test_what_old_and_new_code_notify_is_shown_by_both_once_and_in_order(
    both: tuple[Visitor, Visitor, Visitor], old: dict[str, Container]
) -> None:
    before, after, outsider = both
    sockets = [await visitor.socket("?after=0") for visitor in (before, after)]
    stranger = await outsider.socket("?after=0")
    since = time.time()
    texts = []
    for number in range(6):
        texts.append(f"{before.username} {number}")
        if number % 2:
            await asyncio.to_thread(people.notify, before.username, texts[-1])
        else:
            await asyncio.to_thread(_notify, old["web"], before.username, texts[-1])
    for socket in sockets:
        # Two logins before them.
        await socket.until_notifications(len(texts) + 2, timeout=BEAT * PATIENCE)
        assert socket.messages[-len(texts) :] == texts
        assert [one["seq"] for one in socket.notifications] == list(range(1, len(texts) + 3))
    assert not any(before.username in text for text in stranger.messages)
    # And it was not today's worker that did it all.
    assert replicas.log_lines(old["worker"], since, "event=task_succeeded")


async def test_old_and_new_code_see_each_others_marks(
    both: tuple[Visitor, Visitor, Visitor],
) -> None:
    before, after, _ = both
    for one, other in ((before, after), (after, before)):
        await asyncio.to_thread(people.notify, one.username, "to be read")
        newest = (await _list(one))[0]
        for path, unread in (("read", 0), ("unread", 1)):
            answer = await one.post(f"/api/notifications/{path}", {"ids": [newest["id"]]})
            assert answer.status_code == httpx.codes.OK, answer.text
            (seen,) = [row for row in await _list(other) if row["id"] == newest["id"]]
            assert seen["read"] == (not unread)


async def _list(visitor: Visitor) -> Any:
    answer = await visitor.http.get("/api/notifications/")
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()["results"]


def _notify(web: Container, name: str, text: str) -> None:
    """Notify by yesterday's own command."""
    status, output = web.exec_run(
        ["python", "manage.py", "notify", name, text], workdir=f"{FOLDER}/services/web"
    )
    assert status == 0, output.decode()
