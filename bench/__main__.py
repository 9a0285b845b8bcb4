"""`python -m bench`, beside the running stacks; `./bellhop bench` starts both."""

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from bench import runner
from bench.containers import engine
from bench.harness import Harness
from bench.measures import MEASURES
from bench.peers import PEERS
from bench.plan import FULL, QUICK
from bench.reporting import plots, report


def main() -> int:
    """Measure, write the report, say which bounds do not hold; return 1 if something could not be measured."""
    arguments = _arguments()
    # Without what the services read PUBLIC_URL by: they are not in the harness's image.
    if urlsplit(os.environ["PUBLIC_URL"]).hostname not in ("localhost", "127.0.0.1", "::1"):
        print("bellhop: PUBLIC_URL: load is for a stack at http://localhost, which nobody uses")
        return 2
    plan = QUICK if arguments.quick else FULL
    if arguments.rounds:
        plan = replace(plan, rounds=arguments.rounds)
    peers = arguments.peers or [name for name in PEERS if not (arguments.quick and name == "nchan")]
    measures = arguments.measures or [
        name for name, measure in MEASURES.items() if not (arguments.quick and measure.is_long)
    ]
    for option, chosen, known in (("--peers", peers, PEERS), ("--measures", measures, MEASURES)):
        if unknown := [name for name in chosen if name not in known]:
            print(f"bellhop: {option}: there is no {unknown[0]!r}; there are {', '.join(known)}")
            return 2
    date, began = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), time.monotonic()
    harness = Harness(plan, urlsplit(os.environ["PUBLIC_URL"]).netloc, _say)
    folder, results, machine = Path(arguments.results), runner.Results(), engine.machine()

    def write() -> report.Run:
        run = report.Run(date, machine, arguments.command, plan, time.monotonic() - began)
        report.write(folder, run, results)
        return run

    try:
        # Written down after each: what breaks off leaves what was measured by then.
        uvloop.run(runner.run(harness, measures, peers, results, write))
    except KeyboardInterrupt:
        results.failures.append("the rest: broken off by hand")
    run = write()
    plots.draw(folder / report.PICTURE, results)
    print(report.markdown(run, results))
    for line in report.missed(results):
        print(f"missed: {line}")
    return 1 if results.failures else 0


def _say(text: str) -> None:
    print(f"          {text}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bellhop bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--measures", type=_names, default=[])
    parser.add_argument("--peers", type=_names, default=[])
    parser.add_argument("--results", default="/results")
    arguments = parser.parse_args()
    words = iter(sys.argv[1:])
    arguments.command = " ".join(
        word for word in words if word != "--results" or not next(words, "")
    )
    return arguments


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


if __name__ == "__main__":
    sys.exit(main())
