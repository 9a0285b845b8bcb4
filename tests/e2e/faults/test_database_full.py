"""The database's volume has no space left: nothing that was accepted is lost, nobody is thrown out."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from docker.models.containers import Container
from support import containers, networks, replicas
from support.clients.visitor import PASSWORD, Visitor
from support.faults.full_disk import SmallDatabase, small_database
from support.gateway import PATIENCE

OWNER = "owner-of-a-full-disk"
MANY = 400
"""Notifications that are tried: far more than fit beside what is stored already."""

# Prints the texts that notify() has returned for, and how often it was refused.
_WRITE = """
import json
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from bellhop.notify import notify
accepted, refused, owner = [], 0, None
for number in range({first}, {first} + {count}):
    try:
        # A server without space may refuse even to let anybody in.
        owner = owner or get_user_model().objects.get(username={owner!r})
        notify(owner, message=f"number {{number}}", body="x" * 8000)
    except OperationalError:
        connection.close()
        refused += 1
        if refused == 5:
            break
    else:
        accepted.append(f"number {{number}}")
print("RESULT", json.dumps([accepted, refused]))
"""

pytestmark = pytest.mark.containers("it needs a volume of its own, small enough to fill")


@pytest.fixture
async def beside() -> AsyncIterator[tuple[SmallDatabase, Container, Container]]:
    """A database that can be filled, and a web and a ws that use it and get no traffic through nginx."""
    with small_database() as database:
        given = {"DATABASE_URL": database.url}
        one_shot(
            given,
            *("python", "manage.py", "shell", "--verbosity", "0", "-c"),
            "from django.contrib.auth import get_user_model\n"
            "from django.core.management import call_command\n"
            "call_command('prepare', verbosity=0)\n"
            f"get_user_model().objects.create_user({OWNER!r}, 'full@example.com', {PASSWORD!r})",
        )
        async with replicas.apart(("web", "ws"), given) as added:
            yield database, added["web"], added["ws"]


def one_shot(environment: dict[str, str], *command: str) -> str:
    """Run a command in a container of web's image that uses another database."""
    web = containers.container("web")
    output: bytes = containers.engine().containers.run(
        web.attrs["Config"]["Image"],
        list(command),
        environment=[*web.attrs["Config"]["Env"], *map("=".join, environment.items())],
        volumes_from=[web.id],
        network=networks.full_name(web, networks.DATA),
        remove=True,
    )
    return output.decode()


def write(web: Container, first: int, count: int) -> tuple[list[str], int]:
    """Notify the owner until it is refused; return the texts that were accepted, and the refusals."""
    script = _WRITE.format(owner=OWNER, first=first, count=count)
    code, output = web.exec_run(["python", "manage.py", "shell", "--verbosity", "0", "-c", script])
    assert code == 0, output.decode()
    line = next(one for one in output.decode().splitlines() if one.startswith("RESULT "))
    accepted, refused = json.loads(line.removeprefix("RESULT "))
    return accepted, refused


async def refusal(visitor: Visitor) -> httpx.Response:
    """Sign in again and again until it is refused; return that answer. Each takes what little space is left."""
    for _ in range(20):
        answer = await visitor.submit("/accounts/login/", login=OWNER, password=PASSWORD)
        if answer.status_code != httpx.codes.FOUND:
            return answer
        visitor.http.cookies.delete("sessionid")
    raise AssertionError("the database still takes rows")


async def test_what_was_accepted_is_shown_once_there_is_space_again_and_sockets_stay(
    beside: Any,
) -> None:
    database, web, ws = beside
    at = replicas.address(web)
    async with Visitor(OWNER, gateway=at) as owner, Visitor(OWNER, gateway=at) as second:
        assert (await owner.login()).status_code == httpx.codes.FOUND
        socket = await owner.socket(at=replicas.address(ws))
        await socket.until_notifications(1, timeout=30)

        await asyncio.to_thread(database.fill)
        accepted, refused = await asyncio.to_thread(write, web, 0, MANY)
        assert refused, f"{len(accepted)} of {MANY} fitted: the volume is not full"
        answer = await refusal(second)
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        page = await owner.http.get("/")
        assert page.status_code in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE)
        assert socket.closed_with is None

        await asyncio.to_thread(database.free)
        later, refused = await asyncio.to_thread(write, web, MANY, 1)
        assert (len(later), refused) == (1, 0)
        accepted += later
        await socket.until(
            lambda one: set(accepted) <= set(one.messages), 15 * PATIENCE, "all that was accepted"
        )
        assert [text for text in socket.messages if text in accepted] == accepted
        seqs = [frame["seq"] for frame in socket.notifications]
        assert seqs == sorted(set(seqs))
        assert socket.closed_with is None
