"""The threads on which the socket server asks the database: as many as it has connections, in three lanes.

One thread for all, the default of `database_sync_to_async`, makes every socket wait for the slowest query. More
threads than connections would wait for each other inside the pool and fail after its time-out.

The beat and the health check never queue behind sockets. Sockets that have been let in, or are about to be, do not
queue behind a storm of strangers who knock. Within the sockets' lane no user takes more than a share, however many
tabs wait for the same slow query, and those who are being let in leave room for those who are in.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from weakref import WeakValueDictionary

from channels.db import database_sync_to_async
from django.db import reset_queries

from bellhop.conf import conf

CONNECTIONS: Final[int] = conf.DATABASE_CONNECTIONS
UPKEEP: Final = 2
"""Threads for the beat and the health check alone."""

STRANGERS: Final = 2
"""Threads that look up to whom a cookie belongs."""

SHARE: Final = 2
"""Questions of one user that may be under way at a time."""

JOINING: Final = 3
"""Questions for sockets that are being let in, under way at a time: more than a share, less than the lane."""

sockets_lane: Final = ThreadPoolExecutor(CONNECTIONS - UPKEEP - STRANGERS, "database-sockets")
strangers_lane: Final = ThreadPoolExecutor(STRANGERS, "database-strangers")
upkeep_lane: Final = ThreadPoolExecutor(UPKEEP, "database-upkeep")
_EVERYBODY: Final = object()
_shares: "WeakValueDictionary[object, asyncio.Semaphore]" = WeakValueDictionary()


async def ask_for[T](user_id: object, function: Callable[..., T], *args: Any) -> T:
    """Return what a synchronous function finds in the database, on behalf of one user's socket."""
    async with _at_most(SHARE, user_id):
        return await run(sockets_lane, function, *args)


async def ask_joining[T](user_id: object, function: Callable[..., T], *args: Any) -> T:
    """Return the same for a socket that is being let in."""
    async with _at_most(SHARE, user_id), _at_most(JOINING, _EVERYBODY):
        return await run(sockets_lane, function, *args)


def _at_most(count: int, of: object) -> asyncio.Semaphore:
    return _shares.setdefault(of, asyncio.Semaphore(count))


async def ask_upkeep[**P, T](function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """Return what a synchronous function finds in the database, for the beat or the health check."""
    return await run(upkeep_lane, function, *args, **options)


async def run[T](
    lane: ThreadPoolExecutor, function: Callable[..., T], *args: Any, **options: Any
) -> T:
    """Return what a synchronous function finds in the database, on a thread of one of the lanes."""

    def work() -> T:
        try:
            return function(*args, **options)
        finally:
            # With DEBUG Django keeps the last 9000 queries of each thread until a request begins: here none does.
            reset_queries()

    # Gives the thread's connection back to the pool before and after each call.
    answer: T = await database_sync_to_async(work, thread_sensitive=False, executor=lane)()
    return answer
