"""A login session that ends takes exactly its own sockets with it, whatever ended it."""

import re
import time
from functools import partial
from typing import Any

import httpx
import pytest
from support import people, stack
from support.clients.visitor import PASSWORD, Socket, Visitor, ready
from support.gateway import BEAT, PATIENCE, WITHOUT_REDIS
from support.stack import logged

KICK_SECONDS = BEAT if WITHOUT_REDIS else 2.0
NEW_PASSWORD = "an even more correct horse"


async def log_out(visitor: Visitor) -> None:
    answer = await visitor.submit("/accounts/logout/")
    assert answer.status_code == httpx.codes.FOUND


async def closes(socket: Socket, within: float = KICK_SECONDS) -> None:
    started = time.monotonic()
    assert await socket.until_closed(timeout=within * PATIENCE) == 4401
    print(f"closed after {time.monotonic() - started:.2f} s")


async def stays(username: str, *sockets: Socket) -> None:
    """What must not happen: these are still served."""
    people.notify(username, "for who is still here")
    for socket in sockets:
        await socket.until(lambda s: "for who is still here" in s.messages, BEAT * PATIENCE)
        assert socket.closed_with is None


async def were_asked(user: int, since: float, count: int) -> bool:
    """Return whether so many sockets were asked to look: the beat closes as well, but later and without that line."""
    words = ("event=session_ended", f" user={user} ")
    try:
        asked = await logged(partial(stack.logs, "ws", since), *words, count=count)
    except AssertionError:
        return False
    assert len(asked) == count
    return True


async def test_logging_out_closes_that_devices_sockets_and_no_others(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    staying, foreign = await ready(second_device), await ready(outsider)
    user = people.user_id(owner.username)
    for _ in range(4):
        ending = [await ready(owner), await ready(owner)]
        since = time.time()
        await log_out(owner)
        for socket in ending:
            await closes(socket)
        if WITHOUT_REDIS or await were_asked(user, since, len(ending)):
            break
        await owner.login()
    else:
        # Now and then a beat falls between the logout and what asks them; not four times in a row.
        pytest.fail("the beat has closed them, each time")
    await stays(owner.username, staying)
    await stays(outsider.username, foreign)
    for socket in ending:
        assert "for who is still here" not in socket.messages


async def test_signing_out_other_devices_closes_theirs_and_keeps_ones_own(arrive: Any) -> None:
    owner = await arrive()
    second_device, third_device = await arrive(owner.username), await arrive(owner.username)
    own, others = await ready(owner), [await ready(second_device), await ready(third_device)]
    answer = await owner.submit("/accounts/sessions/")
    assert answer.status_code == httpx.codes.FOUND
    for socket in others:
        await closes(socket)
    await stays(owner.username, own)
    assert (await second_device.http.get("/api/notifications/summary")).status_code == 401


async def test_signing_out_one_device_closes_exactly_its_sockets(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    second_device, third_device = await arrive(owner.username), await arrive(owner.username)
    own, ending = await ready(owner), await ready(second_device)
    staying, foreign = await ready(third_device), await ready(outsider)
    # The list has this device first, then who was seen last: a look of the second one's own finds its id.
    page = (await third_device.http.get("/accounts/sessions/")).text
    ids = set(re.findall(r'name="device" value="(\d+)"', page))
    page = (await second_device.http.get("/accounts/sessions/")).text
    (second,) = ids - set(re.findall(r'name="device" value="(\d+)"', page))
    answer = await owner.submit("/accounts/sessions/", device=second)
    assert answer.status_code == httpx.codes.FOUND
    await closes(ending)
    await stays(owner.username, own, staying)
    await stays(outsider.username, foreign)
    assert (await second_device.http.get("/api/notifications/summary")).status_code == 401


async def test_a_new_password_ends_other_sessions_and_the_own_device_comes_back(
    arrive: Any,
) -> None:
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    own, other, foreign = await ready(owner), await ready(second_device), await ready(outsider)
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = await owner.submit("/accounts/password/change/", **fields)
    assert answer.status_code == httpx.codes.FOUND, answer.text
    await closes(other)
    # Its old session is gone, too; the client asks whether it is signed in, hears yes, and comes back.
    await closes(own)
    assert (await owner.http.get("/api/notifications/summary")).status_code == 200
    assert (await second_device.http.get("/api/notifications/summary")).status_code == 401
    await stays(owner.username, await ready(owner))
    await stays(outsider.username, foreign)


ENDINGS: dict[str, str] = {
    "deactivated": "user.is_active = False; user.save()",
    "given a new password": "user.set_password('x'); user.save(update_fields=['password'])",
    "deleted": "user.delete()",
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_user_who_is(arrive: Any, ending: str) -> None:
    """…deactivated, deleted or given a new password loses all sockets; nobody else does."""
    owner, outsider = await arrive(), await arrive()
    second_device = await arrive(owner.username)
    sockets, foreign = [await ready(owner), await ready(second_device)], await ready(outsider)
    stack.shell(
        "from django.contrib.auth.models import User\n"
        f"user = User.objects.get(username={owner.username!r})\n" + ENDINGS[ending]
    )
    for socket in sockets:
        await closes(socket)
    await stays(outsider.username, foreign)


BEHIND_OUR_BACK: dict[str, str] = {
    "deleted row": "DELETE FROM django_session WHERE session_key = '{cookie}'",
    "expired": "UPDATE django_session SET expire_date = now() WHERE session_key = '{cookie}'",
    "deactivated": "UPDATE auth_user SET is_active = false WHERE username = '{username}'",
}


async def test_what_happens_behind_our_back_is_seen_by_the_beat(arrive: Any) -> None:
    owners: dict[str, Visitor] = {ending: await arrive() for ending in BEHIND_OUR_BACK}
    second_device, outsider = await arrive(owners["deleted row"].username), await arrive()
    sockets = {ending: await ready(owner) for ending, owner in owners.items()}
    staying, foreign = await ready(second_device), await ready(outsider)
    for ending, owner in owners.items():
        stack.sql(BEHIND_OUR_BACK[ending].format(cookie=owner.cookie, username=owner.username))
    for ending, socket in sockets.items():
        print(ending)
        await closes(socket, within=BEAT)
    await stays(second_device.username, staying)
    await stays(outsider.username, foreign)
    assert "for who is still here" not in sockets["deleted row"].messages


async def test_an_ordinary_save_of_a_user_closes_nothing(arrive: Any) -> None:
    owner = await arrive()
    socket = await ready(owner)
    stack.shell(
        "from django.contrib.auth.models import User\n"
        f"user = User.objects.get(username={owner.username!r})\n"
        "user.first_name = 'Ada'; user.save()"
    )
    await stays(owner.username, socket)
