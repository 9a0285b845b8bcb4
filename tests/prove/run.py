"""The run from beginning to end: people, tabs, load, one fault after the other, a verdict on each, the report."""

import asyncio
import contextlib
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from support import people
from support.gateway import GATEWAY, PUBLIC_URL

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Fault, Result, random_mix
from prove.oracle.judge import judge
from prove.oracle.record import Record
from prove.people import chromium_tabs, devices
from prove.people.simulated_tabs import Tabs
from prove.report.files import Phase
from prove.stage import REAL_TABS, Stage

CALM = 5.0
"""Seconds of plain traffic before each fault."""


@dataclass(frozen=True)
class Load:
    """How many people with two tabs each, and how many notifications a second to all of them together."""

    people: int
    rate: float
    seed: int


def say(text: str) -> None:
    """One line of progress, with the time."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


@asynccontextmanager
async def stage_for(load: Load, folder: Path) -> AsyncIterator[Stage]:
    """Make people, open their tabs, two of them in a real browser, and write to them meanwhile."""
    record = Record()
    say(f"{load.people} people, two devices each")
    names = await aside(people.make, load.people)
    sessions = await aside(devices.make_devices, names, "ab")
    late: list[Stage] = []
    async with (
        Tabs(lambda event: late[0].hear(event), gateway=GATEWAY, public_url=PUBLIC_URL) as tabs,
        chromium_tabs.browser() as browser,
    ):
        stage = Stage(record, tabs, names, load.seed)
        late.append(stage)
        await stage.open_tabs(sessions)
        real = await stage.fresh_devices(names[:REAL_TABS], "z")
        await stage.open_real_tabs(browser, real)
        say(f"{len(stage.watch.open)} tabs are live, {len(real)} of them in Chromium")
        with (folder / "writer.txt").open("wb") as log:
            async with stage.writing(load.rate, load.seed, log):
                yield stage


async def prove(
    load: Load, faults: list[Fault], short: bool, folder: Path
) -> tuple[Record, list[Phase]]:
    """Break one thing after the other; return what was seen and one judged phase for each."""
    phases = []
    async with stage_for(load, folder) as stage:
        for fault in faults:
            phases.append(await _one(stage, fault, short))
            say(_summary(phases[-1]))
    return stage.record, phases


async def prove_mix(
    load: Load, faults: list[Fault], minutes: float, folder: Path
) -> tuple[Record, list[Phase]]:
    """Break things at random, several at once, for that long; return what was seen and one phase for all of it."""
    async with stage_for(load, folder) as stage:
        phase = await _one(stage, random_mix.fault(faults, minutes, load.seed, say), short=True)
        say(_summary(phase))
    return stage.record, [phase]


async def _one(stage: Stage, fault: Fault, short: bool) -> Phase:
    since = time.time()
    await asyncio.sleep(CALM)
    say(f"{fault.number:2} {fault.title} …")
    began = time.time()
    try:
        result = await fault.run(stage, short)
        await docker_engine.wait_healthy()
    except Exception as error:
        # Whatever it was: what has been seen so far is judged and reported.
        traceback.print_exc()
        result = Result(f"broken off: {error!r:.200}", kept=False)
        with contextlib.suppress(AssertionError):
            await docker_engine.wait_healthy()
    ended = time.time()
    stage.record.fault(f"{fault.number} {fault.title}", began, ended)
    await asyncio.sleep(CALM)
    until = time.time()
    await stage.settle(since, until)
    verdict = judge(stage.record, since, until)
    return Phase(
        number=fault.number,
        title=fault.title,
        bound=fault.bound,
        measured=result.measured,
        kept=result.kept and _in_time(fault, verdict.worst),
        verdict=verdict,
    )


def _in_time(fault: Fault, worst: float | None) -> bool:
    return worst is not None and (fault.shown_within is None or worst <= fault.shown_within)


def _summary(phase: Phase) -> str:
    found = {name: finding.count for name, finding in phase.verdict.found.items() if finding.count}
    words = ", ".join(f"{count} {name}" for name, count in found.items()) or "every count 0"
    worst = "nothing shown" if phase.verdict.worst is None else f"worst {phase.verdict.worst:.1f} s"
    bound = "kept" if phase.kept else "NOT KEPT"
    return (
        f"   {phase.verdict.accepted} accepted, {phase.verdict.shown} shown, {words}, {worst};"
        f" {phase.measured}; {phase.bound}: {bound}"
    )
