"""`python -m bench.inbox`: what is asked of an inbox of 50,000 notifications, beside the same of one of 50.

Wants DATABASE_URL and REDIS_URL as the stack's services have them, and the right to make a database `bench_inbox`,
which it leaves behind. Ends with 1 where a p95 is more than 1.5 times that of the small inbox.
"""

import argparse
import os
import sys
import time

os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.inbox.settings")

import django

django.setup()

# What follows knows the models.
from bench.inbox import rows  # noqa: E402
from bench.inbox.asked import ASKED, Asking, explain  # noqa: E402

MOST = 1.5


def main() -> int:
    """Fill, ask both in turn, and print a line for each mix and question."""
    arguments = _arguments()
    if not arguments.keep:
        began = time.monotonic()
        rows.fill(arguments.rows)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
    over = 0
    for mix in arguments.mix or rows.READ:
        few = Asking.of(rows.name_of(mix, rows.FEW))
        many = Asking.of(rows.name_of(mix, arguments.rows))
        began = time.perf_counter()
        many.ask("search, one")
        print(f"\n{mix}; the first search took {time.perf_counter() - began:.2f} s")
        print(
            f"{'':<16}{'queries':>8}{'50: p50':>10}{'p95':>8}{'many: p50':>12}{'p95':>8}{'p95 x':>8}"
        )
        for what in arguments.only or ASKED:
            over += _measure(what, few, many, arguments.times)
            if arguments.explain:
                for sql in many.queries(what):
                    print(f"\n{sql[:400]}\n{explain(sql)}")
    print(f"\n{over} over {MOST}")
    return 1 if over else 0


def _measure(what: str, few: Asking, many: Asking, times: int) -> bool:
    """Ask both in turn; return whether the large inbox takes too long."""
    queries = f"{len(few.queries(what))}/{len(many.queries(what))}"
    for each in (few, many):
        each.ask(what)
        each.seconds[what].clear()
    for _ in range(times):
        few.ask(what)
        many.ask(what)
    ratio = many.percentile(what, 95) / few.percentile(what, 95)
    figures = [each.percentile(what, percent) for each in (few, many) for percent in (50, 95)]
    print(
        f"{what:<16}{queries:>8}{figures[0]:>10.1f}{figures[1]:>8.1f}{figures[2]:>12.1f}{figures[3]:>8.1f}{ratio:>8.2f}",
        flush=True,
    )
    return ratio > MOST


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.inbox")
    parser.add_argument("--times", type=int, default=200, help="that each is asked")
    parser.add_argument("--rows", type=int, default=rows.MANY, help="of the large inbox")
    parser.add_argument("--mix", action="append", choices=list(rows.READ))
    parser.add_argument("--only", action="append", choices=list(ASKED))
    parser.add_argument("--keep", action="store_true", help="ask of the database that is there")
    parser.add_argument("--explain", action="store_true", help="print how the database answers")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
