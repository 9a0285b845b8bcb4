"""Parts that are checked beside each other, each told whole as it ends."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from harness.counting import Count, Part, output

AT_ONCE = 3
"""Parts at a time: most of their time they wait."""

LONGEST = ("pytest rows", "pytest checks", "pytest chromium", "pytest projects", "pytest web")
"""Begin first, in this order: as long as they run, all others have their turn beside them."""


def run(parts: Sequence[Part]) -> Iterator[tuple[str, Count, float]]:
    """Run parts; yield each one's name, count and seconds as it ends."""
    ordered = sorted(parts, key=_place)
    if ordered:
        print(f"\n=== {AT_ONCE} at a time: {', '.join(part.name for part in ordered)}", flush=True)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for done in as_completed([threads.submit(_run_apart, part) for part in ordered]):
            name, count, took, said = done.result()
            say(f"\n=== {name}\n{said}")
            yield name, count, took


def _place(part: Part) -> int:
    return LONGEST.index(part.name) if part.name in LONGEST else len(LONGEST)


def say(text: str) -> None:
    """Print text and the end of its line in one: print() would let another thread's come between the two."""
    print(f"{text}\n", end="", flush=True)


def _run_apart(part: Part) -> tuple[str, Count, float, str]:
    """Run a part beside another; return its name, its count, its seconds and what it said."""
    started = time.monotonic()
    say(f"… {part.name}")
    with tempfile.TemporaryFile("w+") as file:
        token = output.set(file)
        try:
            count = part.run()
        finally:
            output.reset(token)
        file.seek(0)
        return part.name, count, time.monotonic() - started, file.read()
