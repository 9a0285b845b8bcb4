"""`python -m bench`, beside the running stacks; `./bellhop bench` starts both."""

import argparse
import asyncio
import sys
import time
from dataclasses import replace
from urllib.parse import urlsplit
import os

import uvloop

from bench.bench import Bench
from bench.measures import MEASURES
from bench.peers import PEERS
from bench.plan import FULL, QUICK


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--measures", default=",".join(MEASURES))
    parser.add_argument("--peers", default=",".join(PEERS))
    a = parser.parse_args()
    plan = QUICK if a.quick else FULL
    if a.rounds:
        plan = replace(plan, rounds=a.rounds)
    started = time.monotonic()
    bench = Bench(plan, urlsplit(os.environ["PUBLIC_URL"]).netloc, lambda text: print(f"   {time.monotonic()-started:6.1f} {text}", flush=True))

    async def go() -> None:
        for name in a.measures.split(","):
            for n in range(plan.rounds):
                peers = a.peers.split(",")
                for peer in peers if n % 2 == 0 else reversed(peers):
                    print(name, peer, flush=True)
                    print(await MEASURES[name].measure(bench, PEERS[peer]))

    uvloop.run(go())
    return 0


if __name__ == "__main__":
    sys.exit(main())
