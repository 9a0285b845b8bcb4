"""The logs: one event a line, and one id that tells a login's whole story."""

import asyncio
import re
import time
from datetime import datetime
from typing import Any

import pytest
from support import stack

SERVICES = ("nginx", "web", "worker", "ws")


@pytest.mark.redis("the worker's part of the story")
async def test_one_id_tells_a_logins_story_from_nginx_to_the_socket(arrive: Any) -> None:
    since = time.time()
    owner = await arrive()
    socket = await owner.socket()
    (frame,) = await socket.until_notifications(1, timeout=30)
    sent = await _line("ws", since, f"event=notification_sent .*id={frame['id']} ")
    request_id = sent["request_id"]
    assert re.fullmatch(r"[0-9a-f]{32}", request_id)

    story = [
        await _line("nginx", since, f'request_id={request_id} .*path="/accounts/login/"'),
        await _line("web", since, f"event=notification_saved request_id={request_id} "),
        await _line("worker", since, f"event=notification_rung request_id={request_id} "),
        sent,
    ]

    assert [line["service"] for line in story] == list(SERVICES)
    began = [line["seconds"] - float(line.get("took", 0)) for line in story]
    # web says that it is saved when it has rung: the worker may have said its part by then.
    assert began[0] <= min(began[1], began[2])
    assert began[1] <= began[3]


async def test_every_line_of_our_services_is_one_event_with_time_level_and_service(
    arrive: Any,
) -> None:
    since = time.time()
    socket = await (await arrive()).socket()
    await socket.until_notifications(1, timeout=30)
    for service in SERVICES:
        for line in stack.logs(service, since):
            assert re.match(rf"timestamp=\S+Z level=\w+ service={service} event=", line), line


async def test_no_log_line_holds_a_password_a_cookie_or_a_message(arrive: Any) -> None:
    since = time.time()
    owner = await arrive()
    socket = await owner.socket()
    await socket.until_notifications(1, timeout=30)
    await _line("ws", since, "event=notification_sent")
    lines = [line for service in SERVICES for line in stack.logs(service, since)]
    for secret in (owner.cookie, "correct horse", "Welcome back"):
        assert not [line for line in lines if secret in line]


async def _line(service: str, since: float, pattern: str) -> dict[str, Any]:
    """Wait for a line of a service and return its fields, with the time as `seconds`."""
    deadline = time.monotonic() + stack.LOGGED_SECONDS
    while time.monotonic() < deadline:
        for line in stack.logs(service, since):
            if re.search(pattern, line):
                fields: dict[str, Any] = dict(re.findall(r"(\w+)=(\S+)", line))
                fields["seconds"] = datetime.fromisoformat(fields["timestamp"]).timestamp()
                return fields
        await asyncio.sleep(0.1)
    raise AssertionError(f"no line of {service} matches {pattern}")
