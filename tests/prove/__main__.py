"""`python -m prove`, beside a running stack, in the image of the tests; `./bellhop prove` starts both."""

import argparse
import asyncio
import os
import platform
import sys
import time
from pathlib import Path

from support import containers, only_local

from prove import docker_engine
from prove.faults import catalogue, update_catalogue
from prove.oracle.judge import judge
from prove.report.files import Run, write
from prove.run import Load, prove, prove_mix, say

REPLICAS = {"ws": 2, "worker": 2}


def main() -> int:
    only_local.check()
    arguments = _arguments()
    known = update_catalogue() if arguments.updates else catalogue()
    faults = {fault.number: fault for fault in known}
    if unknown := set(arguments.faults) - set(faults):
        print(
            f"prove: --faults: no fault has the number {min(unknown)};"
            f" there are {min(faults)} to {max(faults)}"
        )
        return 2
    chosen = [faults[number] for number in arguments.faults or faults]
    Path(arguments.report).mkdir(parents=True, exist_ok=True)
    load = Load(arguments.people, arguments.rate, arguments.seed)
    return asyncio.run(_run(arguments, load, chosen))


async def _run(arguments: argparse.Namespace, load: Load, chosen: list) -> int:  # type: ignore[type-arg]
    # Updates begin with what Compose itself has started.
    replicas = dict.fromkeys(REPLICAS, 1) if arguments.updates else REPLICAS
    for service, count in replicas.items():
        await docker_engine.scale(service, count)
    await docker_engine.wait_healthy()
    began = time.time()
    folder = Path(arguments.report)
    if arguments.minutes:
        record, phases = await prove_mix(load, chosen, arguments.minutes, folder)
    else:
        record, phases = await prove(load, chosen, arguments.short, folder)
    total = judge(record, began, max(phase.verdict.until for phase in phases))
    run = Run(
        date=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(began)),
        machine=_machine(),
        seed=load.seed,
        load=f"{load.rate:g} notifications/s and a login every 2 s to {load.people} people with two tabs each"
        + "".join(f", {service}={count}" for service, count in replicas.items()),
        repeat=f"./bellhop prove {arguments.command}".rstrip(),
    )
    kept = write(folder, run, phases, total, record)
    say(f"report: {folder / 'report.md'}")
    for service in REPLICAS:
        await docker_engine.scale(service, 1)
    done = sum(phase.is_kept for phase in phases)
    # The closing line of every stage of the tests.
    print(f"{done} passed, {len(phases) - done} failed, 0 skipped")
    return 0 if kept else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bellhop prove")
    parser.add_argument("--faults", type=_numbers, default=[])
    parser.add_argument("--updates", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--report", default=os.environ.get("REPORT") or "/report")
    arguments = parser.parse_args()
    arguments.command = " ".join(sys.argv[1:])
    return arguments


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _machine() -> dict[str, str]:
    engine = containers.engine().info()
    return {
        "cores": str(engine["NCPU"]),
        "memory": f"{engine['MemTotal'] / 2**30:.0f} GiB",
        "system": f"{engine['OperatingSystem']}, {platform.system()} {engine['KernelVersion']}",
        "Docker Engine": engine["ServerVersion"],
    }


if __name__ == "__main__":
    sys.exit(main())
