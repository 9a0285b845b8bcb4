"""Database work off the event loop, on as many threads as the process has connections.

One thread for all, the default of `database_sync_to_async`, makes every socket wait for the slowest query. More
threads than connections would wait for each other inside the pool and fail after its time-out. So each thread has one,
and keeps it: to take it from the pool and look whether it lives costs as much as three queries.

Three lanes. The beat and the health check never queue behind sockets; and who has been let in, or is about to be, does
not queue behind a storm of strangers who knock: so a handshake, once begun, is through soon, and the storm takes its
turn outside. Within the sockets' lane no user takes more than a share, however many tabs wait for the same slow query.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Final
from weakref import WeakValueDictionary

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, reset_queries

CONNECTIONS: Final[int] = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
UPKEEP: Final = 2
"""Threads for the beat and the health check alone."""

STRANGERS: Final = 2
"""Threads that look up whose cookie it is."""

SHARE: Final = 2
"""Questions of one user under way at a time."""

sockets_lane: Final = ThreadPoolExecutor(CONNECTIONS - UPKEEP - STRANGERS, "database-sockets")
strangers_lane: Final = ThreadPoolExecutor(STRANGERS, "database-strangers")
upkeep_lane: Final = ThreadPoolExecutor(UPKEEP, "database-upkeep")
_shares: "WeakValueDictionary[int, asyncio.Semaphore]" = WeakValueDictionary()


async def ask[**P, T](function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Return what a synchronous function finds in the database, for a socket whose user is not known yet."""
    return await _run(strangers_lane, function, *args, **options)


async def ask_for[T](user_id: int, function: Callable[..., T], *args: Any) -> T:
    """Return what a synchronous function finds in the database, on behalf of one user's socket."""
    async with _shares.setdefault(user_id, asyncio.Semaphore(SHARE)):
        return await _run(sockets_lane, function, *args)


async def ask_upkeep[**P, T](function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Return what a synchronous function finds in the database, for the beat or the health check."""
    return await _run(upkeep_lane, function, *args, **options)


async def _run[T](
    lane: ThreadPoolExecutor, function: Callable[..., T], *args: Any, **options: Any
) -> T:
    def work() -> T:
        try:
            return function(*args, **options)
        except (OperationalError, InterfaceError):
            if not _has_died(connection):
                raise
            # While nobody used it: PostgreSQL restarted, say. What is asked here only reads, so it may be asked again.
            connection.close()
            return function(*args, **options)
        finally:
            # With DEBUG Django keeps the last 9000 queries of each thread until a request begins: here none does.
            reset_queries()

    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(lane, copy_context().run, work)


def _has_died(connection: Any) -> bool:
    """Whether the thread's connection is closed, by either side; one whose statement was cancelled is not."""
    return connection.connection is not None and connection.connection.closed
