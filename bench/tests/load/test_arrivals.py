"""Messages are counted as arrived, lost, doubled or astray."""

import time

from bench.load.arrivals import Arrivals
from bench.publishing import stamps


def frame(number: int, user: int, ns: int = 0) -> bytes:
    """Return a payload as a server may wrap it."""
    return b'{"message": "' + stamps.write(number, user, ns).encode() + b'"}'


def test_a_stamp_is_read_from_whatever_it_is_wrapped_in() -> None:
    assert stamps.read(frame(12, 7, 99)) == stamps.Stamp(12, 7, 99)
    assert stamps.read(b'42["notification",' + frame(12, 7, 99) + b"]") == stamps.Stamp(12, 7, 99)
    assert stamps.read(b'{"type": "ready"}') is None


def test_every_message_is_as_long_as_the_others() -> None:
    assert len(stamps.write(1, 1, 1)) == len(stamps.write(10**9, 10**6, 10**18)) == stamps.SIZE


def test_what_has_not_arrived_is_lost() -> None:
    arrivals = Arrivals()
    first = arrivals.expect(3)
    assert arrivals.note(7, frame(first, 7))
    assert (arrivals.arrived, arrivals.lost, arrivals.is_complete) == (1, 2, False)


def test_a_repeat_is_doubled_and_arrived_once() -> None:
    arrivals = Arrivals()
    first = arrivals.expect(1)
    arrivals.note(7, frame(first, 7))
    arrivals.note(7, frame(first, 7))
    assert (arrivals.arrived, arrivals.doubled, arrivals.is_complete) == (1, 1, True)


def test_anothers_message_is_astray() -> None:
    arrivals = Arrivals()
    arrivals.note(8, frame(arrivals.expect(1), 7))
    assert arrivals.astray == 1


def test_the_same_text_to_everyone_is_one_message_for_each() -> None:
    arrivals = Arrivals()
    first = arrivals.expect(2, [7, 9])
    for user in (9, 7):
        arrivals.note(user, frame(first, stamps.EVERYONE))
    assert (arrivals.arrived, arrivals.doubled, arrivals.astray) == (2, 0, 0)
    arrivals.note(9, frame(first, stamps.EVERYONE))
    assert arrivals.doubled == 1


def test_what_is_late_from_an_earlier_measurement_does_not_count() -> None:
    arrivals = Arrivals()
    earlier = arrivals.expect(2)
    assert arrivals.expect(2) == earlier + 2
    assert arrivals.note(7, frame(earlier, 7))
    assert (arrivals.arrived, arrivals.doubled) == (0, 0)


def test_the_delay_is_from_the_stamp_to_now() -> None:
    arrivals = Arrivals()
    stamp = time.monotonic_ns() - 5_000_000
    arrivals.note(7, frame(arrivals.expect(1), 7, stamp))
    assert 5 <= arrivals.milliseconds()[0] <= (time.monotonic_ns() - stamp) / 1_000_000
