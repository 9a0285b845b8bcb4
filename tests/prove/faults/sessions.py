"""Sessions that end, each in its own way, and a key that is changed without ending any."""

import os
import secrets
import time
from http.cookies import SimpleCookie

import httpx
from support import replicas, stack
from support.clients.visitor import Visitor

from prove import docker_engine
from prove.docker_engine import aside
from prove.faults import Result
from prove.people.devices import Device
from prove.stage import Stage

NO_SESSION = 4401
KICK_SECONDS = 2.0
BEAT_SECONDS = 5.5
"""One beat, with its jitter."""


async def ended(stage: Stage, short: bool) -> Result:
    """Five people's sessions: logged out, password changed, deactivated, deleted behind our back; then a new key."""
    # Who has a real tab besides has a third session, which a new password ends, too.
    third = {stage.devices[tab].username for tab in stage.real}
    candidates = [
        name for name in stage.names if f"{name}/a" in stage.expected_open and name not in third
    ]
    people = stage.chance.sample(candidates, 4)
    leaver, changer, banned, forgotten = people
    # Who signs in beside all this knows the old password only, and an inactive account is refused.
    stage.logins.leave_out({changer, banned})
    took = {
        "logout": await _log_out(stage, leaver),
        "password": await _change_password(stage, changer),
        "deactivation": await _deactivate(stage, banned),
        "deleted row": await _delete_row(stage, forgotten),
    }
    gone = {f"{leaver}/a", f"{changer}/b", f"{banned}/a", f"{banned}/b", f"{forgotten}/a"}
    before_key = set(stage.watch.signed_out)
    await _change_key()
    await stage.until_open(stage.expected_open, 60)
    words = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items())
    innocent = (stage.watch.signed_out - gone) & set(stage.devices)
    by_key = stage.watch.signed_out - before_key
    kept = took.pop("deleted row") <= BEAT_SECONDS and max(took.values()) <= KICK_SECONDS
    await aside(_set_active, banned, True)
    await _come_back(stage, gone)
    return Result(
        f"{words}; {len(innocent)} others signed out, {len(by_key)} by the new key",
        kept=kept and not innocent and not by_key,
    )


async def _ends(stage: Stage, tabs: set[str], asked: float, began: float) -> float:
    """Return the seconds until all these tabs' sockets were closed with 4401, counted from `began`.

    That is when the server said that it was done; it may have closed since it was `asked`.
    """
    for tab in tabs:
        stage.record.end_session(began, tab)
    await stage.until(
        lambda: tabs <= stage.watch.signed_out,
        30,
        lambda: f"still open: {tabs - stage.watch.signed_out}",
    )
    closed = [stage.watch.closed_at(tab, NO_SESSION, asked) for tab in tabs]
    assert None not in closed, f"not closed with {NO_SESSION}: {tabs}"
    return max(0.0, max(t for t in closed if t is not None) - began)


def _browser(device: Device) -> Visitor:
    visitor = Visitor(device.username)
    visitor.http.cookies.set("sessionid", device.cookie)
    return visitor


async def _log_out(stage: Stage, name: str) -> float:
    asked = time.time()
    async with _browser(stage.devices[f"{name}/a"]) as browser:
        answer = await browser.submit("/accounts/logout/")
        began = time.time()
    assert answer.status_code == httpx.codes.FOUND, answer.text
    return await _ends(stage, {f"{name}/a"}, asked, began)


async def _change_password(stage: Stage, name: str) -> float:
    """On the first device, which stays signed in with a new cookie.

    The form goes out from where the tab is: its socket is asked at once, and the tab must have the cookie by then.
    """
    tab = f"{name}/a"
    asked = time.time()
    # In a mix it may be the same person again.
    new = f"an even more correct horse {asked:.0f}"
    fields = {"oldpassword": stage.passwords[name], "password1": new, "password2": new}
    status, cookies = await stage.tabs.submit(tab, "/accounts/password/change/", **fields)
    began = time.time()
    assert status == httpx.codes.FOUND, f"{name}'s password was not changed: {status}"
    stage.passwords[name] = new
    cookie = SimpleCookie(cookies)["sessionid"].value
    assert cookie != stage.devices[tab].cookie
    stage.devices[tab] = Device(name, "a", cookie)
    return await _ends(stage, {f"{name}/b"}, asked, began)


async def _deactivate(stage: Stage, name: str) -> float:
    asked = time.time()
    began = await aside(_set_active, name, False)
    return await _ends(stage, {f"{name}/a", f"{name}/b"}, asked, began)


def _set_active(name: str, active: bool) -> float:
    """As an administrator's page does it; return when it was saved."""
    output = stack.shell(
        "import time\n"
        "from django.contrib.auth.models import User\n"
        f"user = User.objects.get(username={name!r})\n"
        f"user.is_active = {active}\n"
        "user.save()\n"
        "print('saved', time.time())"
    )
    # Among what Bellhop logs on the same stream.
    (line,) = [line for line in output.splitlines() if line.startswith("saved ")]
    return float(line.split()[1])


async def _delete_row(stage: Stage, name: str) -> float:
    """By SQL: nothing of ours is told."""
    key = stage.devices[f"{name}/a"].cookie
    asked = time.time()
    await aside(stack.sql, f"DELETE FROM django_session WHERE session_key = '{key}'")
    return await _ends(stage, {f"{name}/a"}, asked, time.time())


async def _change_key() -> None:
    """Every process with a new SECRET_KEY that knows the old ones, one replica after the other."""
    environment = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SECRET_KEY_FALLBACKS": await aside(_present_keys),
    }
    for service in ("worker", "web", "ws"):
        for old in docker_engine.of(service):
            new = await aside(replicas.add, service, environment)
            await aside(replicas.wait_healthy, [new])
            await aside(docker_engine.stop, old)
            await aside(old.remove, force=True)
    os.environ.update(environment)


def _present_keys() -> str:
    """All of them: in a mix this key is not the first new one, and a session lives longer than a key."""
    found = stack.shell(
        "from django.conf import settings\n"
        "print(','.join([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]))"
    )
    return found.strip().splitlines()[-1]


async def _come_back(stage: Stage, gone: set[str]) -> None:
    """They sign in again with the form, on the devices that were signed out."""
    for tab in sorted(gone):
        name, _, letter = tab.partition("/")
        async with Visitor(name) as browser:
            answer = await browser.login(stage.passwords[name])
            assert answer.status_code == httpx.codes.FOUND, answer.text
            stage.record.login(time.time(), name, tab)
            cookie = browser.cookie
        stage.watch.signed_out.discard(tab)
        stage.devices[tab] = Device(name, letter, cookie)
        await stage.tabs.set_cookie(tab, f"sessionid={cookie}")
        await stage.tabs.reload(tab)
    await stage.until_open(gone, 60)
