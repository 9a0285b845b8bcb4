"""notify() under ATOMIC_REQUESTS: nobody waits for somebody else's commit, and none is lost behind it."""

import asyncio
import signal

from projects.conftest import Device
from projects.harness.installations import FAST_BEAT_SECONDS, Installation
from projects.harness.tabs import Tab, until

VIEWS = 20
"""As many as wait for each other in crew/users/views.py."""

DEFAULT_BEAT_SECONDS = 5


async def test_twenty_slow_views_that_notify_two_people_in_opposite_order_do_not_wait(
    cookie_project: Installation, device: Device
) -> None:
    cookie_project.worker()
    web, ws = cookie_project.web("--threads=24"), cookie_project.ws()
    ada, bob, eve = [await device(cookie_project, web) for _ in range(3)]
    tabs = [await ada.tab(ws), await bob.tab(ws)]
    foreign = await eve.tab(ws)
    pairs = [(ada.login, bob.login), (bob.login, ada.login)]

    async def introduce(number: int) -> int:
        first, second = pairs[number % 2]
        answer = await eve.submit("/introduce/", first=first, second=second, text=f"{number}")
        return answer.status_code

    # Each is between its two calls when the last has made its first: no call waits for the end of a transaction.
    answers = await asyncio.gather(*(introduce(number) for number in range(VIEWS)))
    assert answers == [200] * VIEWS
    for browser, tab in zip((ada, bob), tabs, strict=True):
        await _shows_all(tab)
        inbox = [row for row in await browser.inbox() if row["kind"] == "message"]
        assert [row["id"] for row in inbox] == [
            frame["id"] for frame in tab.notifications if frame["kind"] == "message"
        ]
    await ada.tell(eve.login, "only this")
    await foreign.shows("only this")


async def _shows_all(tab: Tab) -> None:
    await until(lambda: len(tab.texts) >= VIEWS)
    assert sorted(tab.texts) == sorted(str(number) for number in range(VIEWS))
    assert tab.seqs == list(range(tab.seqs[0], tab.seqs[0] + len(tab.seqs)))


async def test_what_a_process_leaves_unnumbered_that_dies_after_the_commit_is_shown_by_the_beat(
    cookie_project: Installation, device: Device
) -> None:
    cookie_project.worker()
    web, ws = cookie_project.web("--threads=24"), cookie_project.ws(beat=FAST_BEAT_SECONDS)
    ada, eve = [await device(cookie_project, web) for _ in range(2)]
    tab, foreign = await ada.tab(ws), await eve.tab(ws)
    died = await asyncio.to_thread(cookie_project.manage, "tell", "--die", ada.login, "last words")
    assert died.returncode == -signal.SIGKILL, died.stderr
    # Three times the beat that a project has by default, as the machine may be busy.
    await asyncio.wait_for(tab.shows("last words"), 3 * DEFAULT_BEAT_SECONDS)
    await eve.tell(ada.login, "and more")
    await tab.shows("last words", "and more")
    assert tab.seqs == list(range(tab.seqs[0], tab.seqs[0] + len(tab.seqs)))
    assert foreign.texts == []


async def test_what_a_process_leaves_unnumbered_comes_before_the_next_where_no_beat_was(
    cookie_project: Installation, device: Device
) -> None:
    cookie_project.worker()
    web, ws = cookie_project.web("--threads=24"), cookie_project.ws()
    ada = await device(cookie_project, web)
    tab = await ada.tab(ws)
    died = await asyncio.to_thread(cookie_project.manage, "tell", "--die", ada.login, "last words")
    assert died.returncode == -signal.SIGKILL, died.stderr
    await ada.tell(ada.login, "and more")
    await tab.shows("last words", "and more")
    assert tab.seqs == list(range(tab.seqs[0], tab.seqs[0] + len(tab.seqs)))
