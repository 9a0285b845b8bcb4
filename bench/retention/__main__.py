"""`python -m bench.retention`: prune a million rows of 10,000 people while 20 notifications a second are sent.

Wants DATABASE_URL and REDIS_URL as the stack's services have them, and the right to make a database `bench_retention`,
which it leaves behind. Ends with 1 where a notification was lost, or an inbox counts otherwise than its rows.
"""

import argparse
import os
import subprocess
import sys
import time

os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.retention.settings")

import django

django.setup()

# What follows knows the models.
from django.db import connection  # noqa: E402

from bellhop.ring import publish_thread  # noqa: E402
from bench.retention import rows  # noqa: E402
from bench.retention.locks import LockWaits  # noqa: E402
from bench.retention.notifying import Notifying, percentile  # noqa: E402


def main() -> int:
    """Measure before, during and after; print a line each."""
    arguments = _arguments()
    began = time.monotonic()
    rows.fill(arguments.people, arguments.rows)
    before = rows.count()
    print(
        f"{before:,} rows of {arguments.people:,} people, made in {time.monotonic() - began:.0f} s"
    )
    parameters = connection.get_connection_params()
    parameters = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port")}
    sent = 0
    with Notifying(arguments.rate) as notifying:
        # The first calls open their connections and fill caches.
        time.sleep(5)
        sent += len(notifying.take())
        time.sleep(arguments.seconds)
        sent += _say("before", notifying.take())
        with LockWaits(parameters) as waits:
            began = time.monotonic()
            command = [
                sys.executable,
                "-m",
                "django",
                "bellhop_prune",
                "--days",
                str(arguments.days),
            ]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds = time.monotonic() - began
        sent += _say("during", notifying.take())
        deleted = int(done.stdout.split()[-1].replace(",", ""))
        print(f"pruned {deleted:,} in {seconds:.1f} s: {deleted / seconds:,.0f}/s")
        share = 100 * waits.seen / (waits.looks or 1)
        longest = f"{1000 * waits.longest:.0f} ms"
        print(f"longest wait for a lock {longest}; in {share:.1f} % of the looks somebody waited")
        time.sleep(arguments.seconds)
        sent += _say("after", notifying.take())
    sent += len(notifying.take())
    publish_thread.flush()
    lost = before + sent - deleted - rows.count()
    faults = rows.faults()
    print(
        f"sent {sent:,}, failed {len(notifying.errors):,}, lost {lost:,}, inboxes that count wrongly {faults:,}"
    )
    print(*notifying.errors[:3], sep="\n")
    return 1 if lost or faults or notifying.errors else 0


def _say(when: str, seconds: list[float]) -> int:
    figures = ", ".join(f"p{percent} {percentile(seconds, percent):.1f} ms" for percent in (50, 99))
    print(
        f"{when}: {len(seconds):,} notify(), {figures}, longest {1000 * seconds[-1]:.0f} ms",
        flush=True,
    )
    return len(seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.retention")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=20.0, help="notifications a second")
    parser.add_argument("--seconds", type=float, default=30.0, help="of looking before and after")
    parser.add_argument("--days", type=int, default=40, help="nine tenths of the rows are older")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
