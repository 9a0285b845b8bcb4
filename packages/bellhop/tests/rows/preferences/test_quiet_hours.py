"""Quiet hours are hours of a wall clock: over midnight, over clock changes, and in zones that are gone."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bellhop.preferences.quiet_hours import QuietHours, zone_exists


def at(text: str, zone: str = "UTC", fold: int = 0) -> datetime:
    """Return the moment at which a wall clock there shows that."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def hours(starts: str, ends: str, zone: str = "UTC") -> QuietHours:
    return QuietHours(time.fromisoformat(starts), time.fromisoformat(ends), zone)


@pytest.mark.parametrize(
    ("starts", "ends", "quiet", "not_quiet"),
    [
        ("12:00", "14:00", ["12:00", "13:59:59"], ["11:59:59", "14:00", "00:00"]),
        ("22:00", "07:00", ["22:00", "23:59:59", "00:00", "06:59:59"], ["21:59:59", "07:00", "12:00"]),
        ("00:00", "07:00", ["00:00", "06:59"], ["07:00", "23:59:59"]),
        ("22:00", "00:00", ["22:00", "23:59:59"], ["00:00", "21:59"]),
        ("08:00", "08:00", [], ["07:59", "08:00", "08:01", "20:00"]),
        ("00:00", "00:00", [], ["00:00", "12:00"]),
    ],
)  # fmt: skip
def test_they_last_from_one_time_until_the_other(
    starts: str, ends: str, quiet: list[str], not_quiet: list[str]
) -> None:
    those = hours(starts, ends)
    found = {each: those.hold_at(at(f"2026-11-27 {each}")) for each in (*quiet, *not_quiet)}
    assert found == {**dict.fromkeys(quiet, True), **dict.fromkeys(not_quiet, False)}


def test_they_are_those_of_the_zone() -> None:
    night = hours("22:00", "07:00", "America/New_York")
    assert night.hold_at(at("2026-11-27 22:00", "America/New_York"))
    assert not night.hold_at(at("2026-11-27 22:00", "Europe/Berlin"))


# Zone, a minute before and at the change to summer time, a time that comes twice at the change back, and its minutes.
CHANGES = [
    ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 03:00", "2026-10-25 02:30", 60),
    ("America/New_York", "2026-03-08 01:59", "2026-03-08 03:00", "2026-11-01 01:30", 60),
    # Half an hour: 2:00 becomes 2:30, and 2:00 becomes 1:30.
    ("Australia/Lord_Howe", "2026-10-04 01:59", "2026-10-04 02:30", "2026-04-05 01:45", 30),
]


@pytest.mark.parametrize(("zone", "before", "after", "twice", "minutes"), CHANGES)
def test_a_time_that_is_skipped_begins_and_ends_with_what_comes_after_it(
    zone: str, before: str, after: str, twice: str, minutes: int
) -> None:
    skipped = at(before, zone) + timedelta(minutes=1)
    assert skipped == at(after, zone)
    # 2:15 does not exist on that day.
    begin_in_it, end_in_it = hours("02:15", "06:00", zone), hours("22:00", "02:15", zone)
    assert not begin_in_it.hold_at(skipped - timedelta(minutes=1))
    assert begin_in_it.hold_at(skipped)
    assert begin_in_it.hold_at(at(f"{after[:10]} 05:59", zone))
    assert end_in_it.hold_at(skipped - timedelta(minutes=1))
    assert not end_in_it.hold_at(skipped)
    # Nothing but what does not exist.
    assert not hours("02:05", "02:25", zone).hold_at(skipped)
    assert not hours("02:05", "02:25", zone).hold_at(skipped - timedelta(minutes=1))


@pytest.mark.parametrize(("zone", "before", "after", "twice", "minutes"), CHANGES)
def test_an_hour_that_comes_twice_is_quiet_twice(
    zone: str, before: str, after: str, twice: str, minutes: int
) -> None:
    first, second = at(twice, zone), at(twice, zone, fold=1)
    assert second - first == timedelta(minutes=minutes)
    clock = twice[11:]
    later = (datetime.fromisoformat(twice) + timedelta(minutes=5)).time()
    short = QuietHours(time.fromisoformat(clock), later, zone)
    assert [short.hold_at(first + timedelta(minutes=each)) for each in (-1, 0, 4, 5)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [short.hold_at(second + timedelta(minutes=each)) for each in (-1, 0, 4, 5)] == [
        False, True, True, False,
    ]  # fmt: skip
    # A night that ends in it is over at the first one, and there again when the clock is set back.
    night = QuietHours(time(22), time.fromisoformat(clock), zone)
    assert [night.hold_at(each) for each in (first, second)] == [False, False]
    assert night.hold_at(second - timedelta(minutes=1))


@pytest.mark.parametrize(
    "zone", ["Europe/Bonn", "", "Europe", "../../etc/passwd", "\x00", "a" * 64]
)
def test_in_a_zone_that_is_gone_it_is_never_quiet_and_the_log_says_so_once(
    zone: str, lines: list[Any]
) -> None:
    gone = hours("00:00", "23:59:59", zone)
    assert not zone_exists(zone)
    assert [gone.hold_at(at("2026-11-27 12:00")) for _ in range(3)] == [False] * 3
    assert [(line["event"], line["about"]) for line in lines] == [("time_zone_gone", zone)]


def test_without_time_zones_a_moment_is_the_projects(settings: Any) -> None:
    settings.USE_TZ, settings.TIME_ZONE = False, "Europe/Berlin"
    night = hours("22:00", "07:00", "America/New_York")
    # Five in the morning in Berlin.
    assert night.hold_at(datetime(2026, 11, 27, 5))
    assert not night.hold_at(datetime(2026, 11, 27, 22))
