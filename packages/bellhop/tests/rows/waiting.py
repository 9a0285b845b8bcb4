"""Wait for what must happen; threads that leave no database connection behind."""

import threading
import time
from collections.abc import Callable, Iterator, Sized
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from bellhop.models import Inbox

PATIENCE = 30.0


def until(condition: Callable[[], Any], *, patience: float = PATIENCE) -> Any:
    """Return what `condition` returns as soon as that is true."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
    return found


def until_looked_at(looks: Sized) -> None:
    """Wait, however the processor is shared out, until a look began and ended that somebody else's thread adds here."""
    # The next to be added may have begun before.
    enough = len(looks) + 2
    until(lambda: len(looks) >= enough)


def in_thread(function: Callable[..., Any], *args: Any, **options: Any) -> "Future[Any]":
    """Run a function with a database connection of its own."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(function(*args, **options))
        except BaseException as error:
            future.set_exception(error)
        finally:
            connection.close()

    threading.Thread(target=run, daemon=True).start()
    return future


@contextmanager
def held_inbox(user: Any) -> Iterator[None]:
    """Somebody's transaction holds the user's inbox meanwhile."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Inbox.locked(user.pk)
            held.set()
            release.wait(PATIENCE)

    holder = in_thread(hold)
    assert held.wait(PATIENCE)
    try:
        yield
    finally:
        release.set()
        holder.result(PATIENCE)


def somebody_waits_for_a_lock() -> bool:
    """Whether some transaction of this database is held up by another."""
    with connection.cursor() as cursor:
        # Within a transaction pg_stat_activity does not change, and whoever has come since is not in it.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
