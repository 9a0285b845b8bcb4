"""Rows that came past notify(): they arrive, as far as a wire carries them, and so does what comes after them."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from bellhop import frame_from_row
from bellhop.contract import FRAME_BYTES
from bellhop.models import Notification
from bellhop.sockets import check_client_frames
from bellhop.sockets.periodic_check_of_open_sockets import beat
from sockets.support import Visitor, add

ODD: dict[str, tuple[str, str]] = {
    "ten megabytes": ("x" * 10**7, "{}"),
    "an integer beyond 64 bits": ("odd", '{"n": 18446744073709551617}'),
    "a number that Python reads as inf": ("odd", f'{{"n": {"9" * 400}.5}}'),
    "a number that Python does not read": ("odd", f'{{"n": {"9" * 5000}}}'),
    "brackets that Python does not follow": ("odd", "[" * 3000 + "]" * 3000),
    "no object": ("odd", "[1]"),
}


def add_odd(user: User, message: str, data: str) -> None:
    (row,) = add(user)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bellhop_notification SET message = %s, data = %s::jsonb WHERE id = %s",
            [message, data, row.pk],
        )


@pytest.mark.parametrize("what", ODD)
async def test_an_odd_row_blocks_neither_its_recipients_sockets_nor_others(
    owner: Visitor, outsider: Visitor, what: str
) -> None:
    phone, foreign = await owner.tab(), await outsider.tab()
    await owner.add()
    await owner.do(add_odd, *ODD[what])
    await owner.add()
    await outsider.add()
    await beat.tick()
    desk = await owner.tab("?after=0", key=await owner.second_device())
    for tab in (phone, desk):
        assert (await tab.settle()).seqs == [1, 2, 3]
        odd: Any = next(frame for frame in tab.of_type("notification") if frame["seq"] == 2)
        assert isinstance(odd["data"], dict)
        assert len(check_client_frames.encode(odd)) <= FRAME_BYTES
    assert (await foreign.settle()).seqs == [1]


@pytest.mark.django_db
def test_the_socket_writes_a_frame_in_as_many_bytes_as_the_gate_counted() -> None:
    row = Notification(seq=7, message="Zoë \U0001f514", body='"\x01', data={"n": [1, 1e20, "ü"]})
    frame = frame_from_row.frame(row)
    assert len(check_client_frames.encode(frame)) == frame_from_row.size_of(row)
    assert json.loads(check_client_frames.encode(frame)) == frame
