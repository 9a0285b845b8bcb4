"""Faults at random, two or more at once: what no list of single faults would find."""

import asyncio
import random
import time
from collections.abc import Callable

from docker.errors import APIError

from prove.faults import Fault, Result
from prove.memory import MemoryWatch
from prove.stage import Stage

LANES = ((1, 2, 3, 4, 7, 9), (5, 6, 8, 10, 11))
"""Faults of one lane follow each other; those of two lanes overlap. They do not undo each other's work."""

PAUSE = (1.0, 6.0)
"""Seconds between two faults of a lane, from and to."""


def fault(faults: list[Fault], minutes: float, seed: int, say: Callable[[str], None]) -> Fault:
    """Return the fault that consists of these, in an order that the seed decides."""

    async def run(stage: Stage, short: bool) -> Result:
        ends = time.monotonic() + minutes * 60
        memory = MemoryWatch()
        watching = asyncio.create_task(memory.run())
        known = {one.number: one for one in faults}
        done = await asyncio.gather(
            *(
                _lane(
                    [known[number] for number in lane if number in known],
                    seed + turn,
                    ends,
                    stage,
                    say,
                )
                for turn, lane in enumerate(LANES)
            )
        )
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        broken = [what for lane in done for what in lane if what]
        count = f"{sum(map(len, done))} faults in {minutes:g} minutes"
        words = "; ".join([count, *filter(None, [memory.words()]), *broken])
        return Result(words, kept=not broken)

    return Fault(0, f"random mix, seed {seed}", "every count 0, shown ≤ 60 s", run, 60.0)


async def _lane(
    faults: list[Fault], seed: int, ends: float, stage: Stage, say: Callable[[str], None]
) -> list[str]:
    """Return for each fault what went wrong with it, the empty text for nothing."""
    chance = random.Random(seed)
    done = []
    while faults and time.monotonic() < ends:
        await asyncio.sleep(chance.uniform(*PAUSE))
        chosen = chance.choice(faults)
        began = time.time()
        wrong = ""
        try:
            measured = (await chosen.run(stage, True)).measured
        except APIError as error:
            # The other lane has just taken away what this one wanted to break.
            measured = f"not possible just now: {error.explanation}"
        except AssertionError as error:
            measured = wrong = f"broken off: {str(error).splitlines()[0][:200]}"
        stage.record.fault(f"{chosen.number} {chosen.title}", began, time.time())
        say(f"   {chosen.number:2} {chosen.title}: {measured}")
        done.append(wrong)
    return done
