"""The doorbell: what the worker sends reaches the right screen at once, and nobody else's."""

import re
import time
from functools import partial
from typing import Any

import pytest
from support import people, stack
from support.gateway import BEAT, PATIENCE
from support.stack import logged


def group_send(group: str, *events: dict[str, Any], installation: str = "") -> None:
    """Send events from a shell in the worker, as the contract lets anyone do."""
    stack.run(
        "worker",
        "env",
        *([f"INSTALLATION={installation}"] if installation else []),
        "python",
        "-c",
        "import os, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "django.setup()\n"
        "from asgiref.sync import async_to_sync\n"
        "from channels.layers import get_channel_layer\n"
        "send = async_to_sync(get_channel_layer().group_send)\n"
        f"for event in {events!r}: send({group!r}, event)",
    )


@pytest.mark.redis("what is not saved has no other way")
async def test_an_unsaved_message_from_a_shell_reaches_its_user_only(arrive: Any) -> None:
    owner, outsider = await arrive(), await arrive()
    first, second = await owner.socket(), await (await arrive(owner.username)).socket()
    foreign = await outsider.socket()
    for socket in (first, second, foreign):
        await socket.until_notifications(1, timeout=30)
    number = people.user_id(owner.username)

    group_send(f"notifications_{number}", {"type": "send.notification", "message": "unsaved hi"})

    for socket in (first, second):
        await socket.until(lambda s: "unsaved hi" in s.messages, 2 * PATIENCE)
        assert socket.notifications[-1] == {
            "type": "notification", "kind": "message", "message": "unsaved hi",
        }  # fmt: skip
    later = await owner.socket()
    await later.until_notifications(2, timeout=30)
    assert "unsaved hi" not in later.messages
    assert "unsaved hi" not in foreign.messages


@pytest.mark.redis("what is not saved has no other way")
async def test_another_installation_on_the_same_redis_reaches_nobody_here(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    await socket.until_notifications(1, timeout=30)
    group = f"notifications_{people.user_id(owner.username)}"
    group_send(group, {"type": "send.notification", "message": "foreign"}, installation="another")
    group_send(group, {"type": "send.notification", "message": "ours"})
    await socket.until(lambda s: "ours" in s.messages, 2 * PATIENCE)
    assert "foreign" not in socket.messages


@pytest.mark.redis("what is not saved has no other way")
async def test_an_event_nobody_knows_costs_no_socket(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    await socket.until_notifications(1, timeout=30)
    group = f"notifications_{people.user_id(owner.username)}"
    group_send(
        group,
        {"type": "from.the.future", "payload": 1},
        {"type": "send.notification", "message": "after it"},
    )
    await socket.until(lambda s: "after it" in s.messages, 2 * PATIENCE)


@pytest.mark.redis("nothing rings")
async def test_notify_from_the_shell_arrives_by_the_ring(arrive: Any) -> None:
    owner = await arrive()
    socket = await owner.socket()
    await socket.until_notifications(1, timeout=30)
    ways, since = [], time.time()
    for number in range(4):
        stack.run("web", "python", "manage.py", "notify", owner.username, f"hi {number}")
        await socket.until_notifications(2 + number, timeout=BEAT * PATIENCE)
        id_ = socket.notifications[-1]["id"]
        sent = await logged(partial(stack.logs, "ws", since), f"id={id_} ")
        assert len(sent) == 1, sent
        ways += re.findall(r" way=(\S+)", sent[0])
        if "ring" in ways:
            break
    # Now and then a beat falls between the commit and its ring; not four times in a row.
    assert "ring" in ways, ways


async def test_the_same_key_twice_is_one_notification(arrive: Any) -> None:
    owner, neighbour = await arrive(), await arrive()
    socket, other = await owner.socket(), await neighbour.socket()
    command = ("python", "manage.py", "notify")
    first = stack.run("web", *command, owner.username, "once", "--key", "order-7")
    again = stack.run("web", *command, owner.username, "once more", "--key", "order-7")
    stack.shell(
        "from django.core.management import call_command\n"
        f"call_command('notify', {neighbour.username!r}, 'mine', key='order-7')\n"
        f"call_command('notify', {owner.username!r}, 'last')"
    )
    await socket.until(lambda s: "last" in s.messages, BEAT * PATIENCE)
    await other.until(lambda s: "mine" in s.messages, BEAT * PATIENCE)
    assert socket.messages[1:] == ["once", "last"]
    assert first.splitlines()[-1] == again.splitlines()[-1]


def test_notify_tells_in_one_line_what_is_wrong() -> None:
    # As the shell shows it; what else can be wrong is in the unit tests of the command.
    command = ("python", "manage.py", "notify", "nobody-of-that-name", "hi")
    code, output = stack.attempt("web", *command)
    assert code != 0
    assert "no user" in output.splitlines()[-1]
    assert "Traceback" not in output
