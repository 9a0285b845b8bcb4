"""The log of what was sent: each notification is in it once, with its connection, in as few lines as can be."""

import asyncio
from typing import Any

from structlog.testing import capture_logs

from bellhop.sockets.line.log_sent_notifications import TOGETHER, Sent, SentLog


def sent(number: int) -> Sent:
    return Sent(f"id-{number}", number, 7, f"connection-{number}")


async def lines_of(*notes: tuple[str, str, Sent]) -> list[dict[str, Any]]:
    """Return what is logged of these, noted within one turn of the loop."""
    log = SentLog()
    with capture_logs() as lines:
        for note in notes:
            log.note(*note)
        assert lines == []
        await asyncio.sleep(0)
    return [dict(line) for line in lines]


async def test_one_notification_is_a_line_that_says_all_about_it() -> None:
    (line,) = await lines_of(("req-1", "ring", sent(1)))
    assert line == {
        "event": "notification_sent",
        "log_level": "info",
        "request_id": "req-1",
        "id": "id-1",
        "user": 1,
        "seq": 7,
        "way": "ring",
        "connection": "connection-1",
    }


async def test_those_of_one_request_are_one_line_with_each_id_and_its_connection() -> None:
    (line,) = await lines_of(*(("req-1", "ring", sent(number)) for number in (1, 2, 3)))
    assert (line["event"], line["request_id"], line["count"]) == ("notifications_sent", "req-1", 3)
    assert line["ids"] == "id-1 id-2 id-3"
    assert line["connections"] == "connection-1 connection-2 connection-3"


async def test_another_request_or_another_way_is_another_line() -> None:
    lines = await lines_of(
        ("req-1", "ring", sent(1)), ("req-2", "ring", sent(2)), ("req-1", "beat", sent(3))
    )
    assert [(line["id"], line["request_id"], line["way"]) for line in lines] == [
        ("id-1", "req-1", "ring"),
        ("id-2", "req-2", "ring"),
        ("id-3", "req-1", "beat"),
    ]


async def test_no_line_is_longer_than_docker_keeps_in_one_piece() -> None:
    many = [
        Sent(f"{number:036d}", number, 7, f"{number:032d}") for number in range(2 * TOGETHER + 1)
    ]
    lines = await lines_of(*(("req-1", "ring", one) for one in many))
    assert len(lines) == 3
    assert all(len(str(line)) < 16_000 for line in lines)
    found = [
        *lines[0]["ids"].split(),
        *lines[1]["ids"].split(),
        lines[2]["id"],
    ]
    assert found == [one.id for one in many]


def test_a_loop_that_ended_keeps_no_later_line_back() -> None:
    log = SentLog()
    with capture_logs() as lines:
        loop = asyncio.new_event_loop()

        async def note(number: int) -> None:
            log.note("req-1", "ring", sent(number))

        loop.call_soon(loop.stop)
        ending = loop.create_task(note(1))
        loop.run_forever()
        assert ending.done()
        loop.close()
        asyncio.run(_and_a_turn(note(2)))
    assert "id-2" in str(lines)


async def _and_a_turn(first: Any) -> None:
    await first
    await asyncio.sleep(0)
