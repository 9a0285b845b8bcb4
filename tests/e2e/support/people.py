"""The cast: owners, second devices, outsiders. Accounts of their own for every test."""

import asyncio
import json
from uuid import uuid4

from support import stack
from support.clients.visitor import PASSWORD

_spare: list[str] = []


def make(count: int = 1) -> list[str]:
    """Return the names of that many accounts nobody has used yet; their password is PASSWORD."""
    if len(_spare) < count:
        _spare.extend(_create(max(count, 40)))
    names = _spare[:count]
    del _spare[:count]
    return names


def _create(count: int) -> list[str]:
    # One hash for all: making it is slow on purpose.
    run = uuid4().hex[:8]
    names = [f"guest-{run}-{number}" for number in range(count)]
    stack.shell(
        "from django.contrib.auth.hashers import make_password\n"
        "from django.contrib.auth.models import User\n"
        f"secret = make_password({PASSWORD!r})\n"
        "User.objects.bulk_create(\n"
        "    User(username=name, email=name + '@example.com', password=secret)\n"
        f"    for name in {json.dumps(names)}\n"
        ")"
    )
    return names


def forget() -> None:
    """Delete every account that `make` has made, in this run or one that was broken off."""
    stack.shell(
        "from django.contrib.auth.models import User\n"
        "User.objects.filter(username__startswith='guest-').delete()"
    )


def user_id(name: str) -> int:
    """Return the primary key of an account."""
    return int(stack.sql(f"SELECT id FROM auth_user WHERE username = '{name}'"))


def notify(name: str, *texts: str) -> None:
    """Notify someone from the web container."""
    stack.shell(
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"user = User.objects.get(username={name!r})\n"
        f"for text in {list(texts)!r}: notify(user, message=text)"
    )


async def notify_each(names: list[str], *, rounds: int, pause: float) -> None:
    """Notify each of them so many times, with a pause behind each round."""
    code = (
        "import time\n"
        "from bellhop.notify import notify\n"
        "from django.contrib.auth.models import User\n"
        f"users = list(User.objects.filter(username__in={names!r}))\n"
        f"for number in range({rounds}):\n"
        "    for user in users: notify(user, message=f'{number} for {user.username}')\n"
        f"    time.sleep({pause})\n"
    )
    await asyncio.to_thread(stack.shell, code)
