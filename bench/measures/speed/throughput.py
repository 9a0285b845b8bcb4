"""Messages a second through one ws process: the highest rate at which none is lost and p99 stays within 100 ms."""

from typing import Final

from bench.harness import Harness, Run, Sample
from bench.load.crowd import Crowd
from bench.peers import Peer

P99_MS: Final = 100.0
START: Final = 300.0
HIGHEST: Final = 100_000.0
KEPT_UP: Final = 0.95
"""A publisher that does not reach this share of the rate has not offered it."""


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Raise the rate by steps until it is too much, twice, then halve the last step some times."""
    async with harness.crowd(peer, harness.plan.listeners) as crowd:
        best: Run | None = None
        passed, failed, rate = 0.0, HIGHEST, START
        halvings, is_between = 0, False
        while halvings < harness.plan.step_halvings and rate < HIGHEST:
            run = await _sustained(harness, peer, crowd, rate)
            if run:
                passed, best = rate, run
            else:
                failed = rate
                if not best and rate < START / 8:
                    break
            if crowd.dropped:
                harness.say(f"{crowd.dropped} sockets were closed: the search ends here")
                break
            if failed < HIGHEST:
                halvings += is_between
                is_between = passed > 0
                rate = (passed + failed) / 2
            else:
                rate *= harness.plan.step_growth
        if best is None:
            return {"per_second": 0.0}
        took = best.took
        return {
            "per_second": best.sent_per_second,
            "p50": best.p50,
            "p99": best.p99,
            "ws_cores": best.cpu["ws"] / took,
            "nginx_cores": best.cpu["nginx"] / took,
            "redis_cores": best.cpu["redis"] / took,
            "generator_cores": best.cpu["generator"] / took,
            "publisher_cores": best.publisher_cpu / took,
        }


async def _sustained(harness: Harness, peer: Peer, crowd: Crowd, rate: float) -> Run | None:
    """Return the run at a rate that was sustained, at the second try at the latest; None if it was too much."""
    for _ in range(2):
        run = await harness.publish(peer, crowd, rate, round(rate * harness.plan.step_seconds))
        keeps_up = run.sent_per_second >= KEPT_UP * rate
        is_sustained = not run.lost and run.p99 <= P99_MS and keeps_up and not run.dropped
        harness.say(
            f"{rate:,.0f}/s: {'sustained' if is_sustained else 'too much'}, p99 {run.p99:.0f} ms, {run.lost} lost"
            + ("" if keeps_up else f", the publisher reached {run.sent_per_second:,.0f}/s")
        )
        if is_sustained or run.dropped:
            return run if is_sustained else None
    return None
