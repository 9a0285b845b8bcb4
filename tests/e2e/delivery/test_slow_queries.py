"""A query that hangs on a lock delays who asked, and nobody else's doorbell."""

import asyncio
import time
from functools import partial
from typing import Any

import httpx
import pytest
from support import stack
from support.clients.visitor import Visitor
from support.gateway import BEAT, PATIENCE
from support.stack import logged

HELD = 60
"""Seconds at most: a test lets go of it as soon as it has seen enough."""

AT_ONCE = 2
"""Seconds within which a doorbell that waits for nobody has certainly rung."""


async def lock(table: str) -> "asyncio.Task[tuple[int, str]]":
    """Keep everybody from reading a table until it is let go of; return once it is locked."""
    statement = (
        f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({HELD}); COMMIT"
    )
    task = asyncio.create_task(asyncio.to_thread(stack.attempt_sql, statement))
    await until_sql(
        "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted"
        f" AND relation = '{table}'::regclass"
    )
    return task


async def let_go(words: str) -> None:
    """End the session whose statement has these words."""
    await asyncio.to_thread(
        stack.sql,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE query LIKE '%{words}%' AND pid <> pg_backend_pid()",
    )


async def until_sql(count: str) -> None:
    """Wait until a query counts at least one."""
    deadline = time.monotonic() + 30
    while await asyncio.to_thread(stack.sql, count) == "0":
        assert time.monotonic() < deadline, f"never: {count}"
        await asyncio.sleep(0.05)


@pytest.mark.redis("it is the doorbell that must not wait")
async def test_handshakes_that_hang_delay_no_notification(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    device = await owner.socket()
    foreign = await outsider.socket()
    await device.until_notifications(1, BEAT * PATIENCE)
    # It is ready before anything is locked, and waits for one who waits.
    ringing = asyncio.create_task(
        asyncio.to_thread(
            stack.shell,
            "import time\n"
            "from bellhop.notify import notify\n"
            "from django.contrib.auth.models import User\n"
            "from django.db import connection\n"
            f"user = User.objects.get(username={owner.username!r})\n"
            "cursor = connection.cursor()\n"
            "cursor.execute(\"SET application_name = 'ringing'\")\n"
            "while True:\n"
            '    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted'
            " AND relation = 'django_session'::regclass\")\n"
            "    if cursor.fetchone()[0]: break\n"
            "    time.sleep(0.05)\n"
            "notify(user, message=repr(time.time()))",
        )
    )
    await until_sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ringing'")
    locked = await lock("django_session")

    async def knock() -> None:
        # Again and again: each waits only as long as its query may.
        while len(device.notifications) < 2:
            await outsider.socket()

    knocking = [asyncio.create_task(knock()) for _ in range(5)]
    try:
        await device.until_notifications(2, BEAT * PATIENCE)
        still_hung = not locked.done()
    finally:
        await let_go("LOCK TABLE django_session")
    rung = device.notifications[1]
    took = device.arrivals[device.frames.index(rung)] - float(rung["message"])
    print(f"{took * 1000:.0f} ms while {len(knocking)} handshakes hang")
    await asyncio.gather(*knocking, locked, ringing)
    assert still_hung, "the lock was gone before the notification came"
    assert took < AT_ONCE
    assert len(foreign.notifications) == 1


async def test_a_login_whose_inbox_is_held_passes_without_waiting_for_it(arrive: Any) -> None:
    """And without its notification, which is logged; the next login has its own again."""
    owner = await arrive()
    since = time.time()
    inbox = (
        "SELECT user_id FROM bellhop_inbox JOIN auth_user ON id = user_id"
        f" WHERE username = '{owner.username}' FOR UPDATE OF bellhop_inbox"
    )
    held = asyncio.create_task(
        asyncio.to_thread(stack.attempt_sql, f"BEGIN; {inbox}; SELECT pg_sleep({HELD}); COMMIT")
    )
    await until_sql(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        " AND query LIKE '%FOR UPDATE OF bellhop_inbox%' AND pid <> pg_backend_pid()"
    )
    async with Visitor(owner.username) as device:
        started = time.monotonic()
        answer = await device.login()
        took = time.monotonic() - started
        still_held = not held.done()
        await let_go("FOR UPDATE OF bellhop_inbox")
        await held
    print(f"logged in after {took:.1f} s")
    assert answer.status_code == httpx.codes.FOUND
    assert still_held, "the inbox was free again before the login was through"
    await logged(partial(stack.logs, "web", since), "event=login_notification_failed")
    async with Visitor(owner.username) as device:
        assert (await device.login()).status_code == httpx.codes.FOUND
    rows = (await owner.http.get("/api/notifications/")).json()["results"]
    assert [row["seq"] for row in rows] == [2, 1]
