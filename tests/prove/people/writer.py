"""A program beside the stack that notifies people, as a team's own would: `python -m prove.people.writer`.

Reads {"users": {name: id}, "rate": per second, "seed": n} as one JSON line, then writes JSON lines for each
notification: {"begun": token, "username", "t", "expires"?}, {"accepted": …, "id"?} when notify() has returned,
{"failed": token}. What fails is repeated with the same key until it is accepted, and one in ten is repeated although it
was: `key` promises that neither makes two.

Some are sent for a few seconds only; others are withdrawn, or updated, soon after: {"revised": token, "username", "t",
"words"?, "done"} before it is tried, and when the call has returned (prove.people.revisions).

Ends when its input does, after everything it began was accepted.
"""

import json
import os
import queue
import random
import sys
import threading
import time
from datetime import UTC, datetime

import django

from prove.people.revisions import Revisions

THREADS = 8
PAUSE = 0.5
"""Seconds before a notification that failed is tried again."""

REPEATED = 0.1
"""Share of accepted notifications that are written once more."""

BURSTS = 0.05
"""Share of moments in which several go to one person."""

BURST = 4

EXPIRING = 0.05
"""Share of notifications that are sent for a while only."""

FOR_SECONDS = (8.0, 20.0)
"""How long that is, from and to."""

_lock = threading.Lock()
# What Bellhop logs goes to standard error, where it cannot get between two of our lines.
_out = os.fdopen(os.dup(1), "w")


def main() -> None:
    os.dup2(2, 1)
    django.setup()
    order = json.loads(sys.stdin.readline())
    stopped = threading.Event()
    threading.Thread(target=_until_end_of_input, args=[stopped], daemon=True).start()
    work: queue.Queue[tuple[str, str] | None] = queue.Queue()
    revisions = Revisions(order["users"], _tell)
    threads = [
        threading.Thread(target=_write, args=[work, order["users"], revisions])
        for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    chance = random.Random(order["seed"])
    names = sorted(order["users"])
    number, started = 0, time.monotonic()
    while not stopped.wait(max(0.0, started + number / order["rate"] - time.monotonic())):
        # Now and then several to one person at once: two workers ring for them in any order.
        name = chance.choice(names)
        for _ in range(BURST if chance.random() < BURSTS else 1):
            number += 1
            work.put((f"token-{order['seed']}-{number}", name))
    for _ in threads:
        work.put(None)
    for thread in threads:
        thread.join()
    revisions.end()


def _until_end_of_input(stopped: threading.Event) -> None:
    sys.stdin.read()
    stopped.set()


def _write(
    work: "queue.Queue[tuple[str, str] | None]", users: dict[str, int], revisions: Revisions
) -> None:
    from django.contrib.auth.models import User
    from django.db import Error, connection

    from bellhop.notify import notify

    while (job := work.get()) is not None:
        token, username = job
        user = User(pk=users[username], username=username)
        expires = None
        if random.random() < EXPIRING:
            expires = time.time() + random.uniform(*FOR_SECONDS)
        _tell({"begun": token, "username": username, "t": time.time(), "expires": expires})
        moment = None if expires is None else datetime.fromtimestamp(expires, UTC)
        again = random.random() < REPEATED
        found = None
        while expires is None or time.time() < expires - 1:
            try:
                row = notify(user, message=f"{token} for {username}", key=token, expires=moment)
                found = str(row.pk)
                if again:
                    again = False
                    continue
                break
            except Error as error:
                _tell({"failed": token, "error": str(error).strip().splitlines()[0][:200]})
                connection.close()
                time.sleep(PAUSE)
        # Back to the pool: it has fewer than there are threads, and gets none back from one that has ended.
        connection.close()
        _tell({"accepted": token, "username": username, "t": time.time(), "id": found})
        if expires is None:
            revisions.consider(token, username, str(found))


def _tell(line: dict[str, object]) -> None:
    with _lock:
        print(json.dumps(line), file=_out, flush=True)


if __name__ == "__main__":
    main()
