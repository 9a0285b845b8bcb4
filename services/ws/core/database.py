"""Database work off the event loop, on as many threads as the process has connections.

One thread for all, the default of `database_sync_to_async`, makes every socket wait for the slowest query. More
threads than connections would wait for each other inside the pool and fail after its time-out.

Three lanes. The beat and the health check never queue behind sockets; and who has been let in, or is about to be, does
not queue behind a storm of strangers who knock: so a handshake, once begun, is through soon, and the storm takes its
turn outside. Within the sockets' lane no user takes more than a share, however many tabs wait for the same slow query.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from weakref import WeakValueDictionary

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import reset_queries

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
        finally:
            # With DEBUG Django keeps the last 9000 queries of each thread until a request begins: here none does.
            reset_queries()

    # Gives the thread's connection back to the pool before and after each call.
    answer: T = await database_sync_to_async(work, thread_sensitive=False, executor=lane)()
    return answer
