"""A login beside its password hash: server CPU of every service it touches, and the web service's queries.

The hash itself is next to free here, in both versions (see peers/django/bench_settings.py): its noise would be the
figure.
"""

import asyncio
import statistics
from typing import Final

import httpx

from bench.containers.engine import Meter
from bench.harness import NGINX_PORT, Harness, Sample
from bench.peers import Peer

PATH: Final = "/accounts/login/"
PASSWORD: Final = "bench"  # noqa: S105 - of accounts that live as long as the benchmark
AFTER_SECONDS: Final = 1.0
"""By then the task of the last login has run."""

HEADER: Final = "X-Harness-Queries"


async def measure(harness: Harness, peer: Peer) -> Sample:
    """Log in one after another, each with cookies of its own; what the services use idle is taken off."""
    count = harness.plan.logins
    await harness.users(peer, count)
    url = f"http://{peer.service('nginx')}:{NGINX_PORT}"
    headers = {
        "Host": harness.host,
        "Origin": f"http://{harness.host}",
        "Referer": f"http://{harness.host}{PATH}",
    }
    visitors = [httpx.AsyncClient(base_url=url, headers=headers) for _ in range(count)]
    try:
        for visitor in visitors:
            (await visitor.get(PATH)).raise_for_status()
        await asyncio.sleep(AFTER_SECONDS)
        idle = await _idle(harness, peer)
        meter = await Meter(peer).start()
        queries = [await _log_in(visitor, number) for number, visitor in enumerate(visitors)]
        await asyncio.sleep(AFTER_SECONDS)
        cpu = await meter.stop()
    finally:
        for visitor in visitors:
            await visitor.aclose()
    used = {role: cpu[role] - idle[role] * cpu["wall"] for role in peer.roles}
    sample = {f"{role}_ms": seconds / count * 1000 for role, seconds in used.items()}
    sample |= {"ms": sum(used.values()) / count * 1000, "queries": statistics.median(queries)}
    harness.say(f"{sample['ms']:.1f} ms of CPU, {sample['queries']:.0f} queries")
    return sample


async def _idle(harness: Harness, peer: Peer) -> dict[str, float]:
    meter = await Meter(peer).start()
    await asyncio.sleep(harness.plan.cpu_seconds)
    cpu = await meter.stop()
    return {role: seconds / cpu["wall"] for role, seconds in cpu.items()}


async def _log_in(visitor: httpx.AsyncClient, number: int) -> int:
    """Log in; return the number of queries."""
    # By hand: the cookie belongs to the host that the browser would see, which is not the container's name.
    token = visitor.cookies.get("csrftoken")
    form = {"login": f"bench-{number}", "password": PASSWORD, "csrfmiddlewaretoken": token}
    answer = await visitor.post(PATH, data=form)
    if answer.status_code != httpx.codes.FOUND:
        raise RuntimeError(f"the login was answered with {answer.status_code}")
    return int(answer.headers[HEADER])
