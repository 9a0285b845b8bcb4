"""When a connection is looked at: often while it opens, seldom afterwards, never again once it is gone."""

import gc
from collections import Counter
from weakref import ref

from structlog.testing import capture_logs

from bellhop.server.overdue_pongs import LOOK_SECONDS, REST_SECONDS, Pulse


class Connection:
    def __init__(self, has_opened: bool = False) -> None:
        self.has_opened = has_opened
        self.looks = 0
        self.missed: list[int] = []
        self.was_not_read = False

    def check_timeouts(self) -> None:
        self.looks += 1

    def miss(self, ping: int) -> bool:
        self.missed.append(ping)
        return self.was_not_read


def looks(pulse: Pulse, connection: Connection, seconds: float, start: float = 0.0) -> int:
    """Return how often it was looked at in so many seconds."""
    before = connection.looks
    for count in range(round(seconds / LOOK_SECONDS)):
        pulse.look({connection}, start + count * LOOK_SECONDS)
    return connection.looks - before


def test_one_that_opens_is_looked_at_each_time_and_an_open_one_seldom() -> None:
    pulse, connection = Pulse(20), Connection()
    pulse.add(connection)
    assert looks(pulse, connection, 20) == 10
    connection.has_opened = True
    assert looks(pulse, connection, LOOK_SECONDS, start=20) == 1
    assert looks(pulse, connection, 100, start=22) == 100 / REST_SECONDS


def test_a_request_without_such_a_state_is_one_that_opens() -> None:
    class Request(Connection):
        def __init__(self) -> None:
            super().__init__()
            del self.has_opened

    pulse, request = Pulse(20), Request()
    pulse.add(request)
    assert looks(pulse, request, 20) == 10


def test_who_is_gone_is_forgotten() -> None:
    pulse, young, old, asked = Pulse(20), Connection(), Connection(has_opened=True), Connection()
    for connection in (young, old):
        pulse.add(connection)
    pulse.look({young, old}, 0.0)
    pulse.expect(asked, 7, 0.0)
    pulse.look(set(), 100.0)
    pulse.look({young, old, asked}, 200.0)
    assert (young.looks, old.looks, asked.missed) == (1, 1, [])


def test_who_waits_for_its_turn_is_kept_by_nobody() -> None:
    pulse, connection = Pulse(20), Connection(has_opened=True)
    pulse.add(connection)
    pulse.look({connection}, 0.0)
    pulse.expect(connection, 7, 0.0)
    gone = ref(connection)
    del connection
    gc.collect()
    assert gone() is None
    pulse.look(set(), 100.0)


def test_each_is_asked_about_its_own_ping_when_it_is_due_and_once() -> None:
    pulse, first, second = Pulse(20), Connection(), Connection()
    pulse.expect(first, 1, 0.0)
    pulse.expect(second, 2, 5.0)
    missed: Counter[float] = Counter()
    for now in (19.9, 20.0, 24.9, 25.0, 99.0):
        pulse.look({first, second}, now)
        missed[now] = len(first.missed) + len(second.missed)
    assert list(missed.values()) == [0, 1, 1, 2, 2]
    assert (first.missed, second.missed) == ([1], [2])


def test_who_may_have_answered_without_being_read_is_given_as_long_again() -> None:
    pulse, connection = Pulse(20), Connection()
    connection.was_not_read = True
    pulse.expect(connection, 7, 0)
    pulse.look({connection}, 20)
    pulse.look({connection}, 39)
    assert connection.missed == [7]
    connection.was_not_read = False
    pulse.look({connection}, 40)
    pulse.look({connection}, 80)
    assert connection.missed == [7, 7]


def test_one_that_raises_keeps_nobody_else_from_being_looked_at() -> None:
    class Broken(Connection):
        def check_timeouts(self) -> None:
            raise ValueError("nobody expects it")

        def miss(self, ping: int) -> bool:
            raise ValueError("nobody expects it")

    pulse, broken, sound = Pulse(20), Broken(), Connection()
    for connection in (broken, sound):
        pulse.add(connection)
        pulse.expect(connection, 7, 0.0)
    with capture_logs() as lines:
        pulse.look({broken, sound}, 100.0)
        pulse.look({broken, sound}, 102.0)
    assert (sound.looks, sound.missed) == (2, [7])
    assert {line["event"] for line in lines} == {"look_failed"}
