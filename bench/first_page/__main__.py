"""`python -m bench.first_page NEW [OLD]`: the first page of a person with fifty notifications, cold.

NEW and OLD are addresses of stacks that run, in development (their account demo). Prints weight and requests of NEW,
and with OLD how long both take until they are live, in turn; exits with 1 where NEW weighs more than 60 kB, asks more
than 12 times, or takes more than 0.6 times as long.
"""

import argparse
from statistics import median
from typing import Final

from playwright.sync_api import sync_playwright

from bench.first_page.visit import SLOW_4G_LATENCY, Person, Visit

BYTES: Final = 60_000
REQUESTS: Final = 12
SHARE: Final = 0.6

_OPTIONS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]


def main() -> int:
    """Measure; print a line each."""
    arguments = _arguments()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_OPTIONS)
        people = [
            Person(browser, url, arguments.login, arguments.password)
            for url in (arguments.new, arguments.old)
            if url
        ]
        found: list[list[Visit]] = [[] for _ in people]
        for number in range(arguments.times):
            # In turn, and each first as often: what the machine does beside hits both.
            order = list(zip(people, found, strict=True))
            for person, visits in order if number % 2 else reversed(order):
                visits.append(person.visit(latency=arguments.latency))
        browser.close()
    return _judge(found)


def _judge(found: list[list[Visit]]) -> int:
    new = found[0]
    weight, requests = max(each.bytes for each in new), max(each.requests for each in new)
    print(
        f"{weight / 1000:.1f} kB (at most {BYTES / 1000:g}), {requests} requests (at most {REQUESTS})"
    )
    good = weight <= BYTES and requests <= REQUESTS
    for name, visits in zip(("new", "old"), found, strict=False):
        seconds = sorted(each.seconds for each in visits)
        print(f"{name}: live after {median(seconds):.2f} s ({seconds[0]:.2f}-{seconds[-1]:.2f})")
    if len(found) > 1:
        new_seconds, old_seconds = (median(each.seconds for each in visits) for visits in found)
        share = new_seconds / old_seconds
        print(f"{share:.2f} times as long as old (at most {SHARE})")
        good = good and share <= SHARE
    return 0 if good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.first_page", description=__doc__)
    parser.add_argument("new", help="e.g. http://localhost")
    parser.add_argument("old", nargs="?", default="")
    parser.add_argument(
        "--latency",
        type=float,
        default=SLOW_4G_LATENCY,
        help=f"milliseconds a request ({SLOW_4G_LATENCY:g}, slow 4G)",
    )
    parser.add_argument("--times", type=int, default=7, help="visits of each (7)")
    parser.add_argument("--login", default="demo")
    parser.add_argument("--password", default="demo")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
