"""What is stored about a person: all of it exported, all of it erased, and nothing of anybody else's."""

import json
from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bellhop import contract
from bellhop.models import Inbox, Notification, Preferences, Refusal, Removal
from bellhop.notify import notify
from bellhop.retention import person
from bellhop.retention.person import erase, export
from rows.conftest import Rings

pytestmark = pytest.mark.django_db(transaction=True)


def exported(user: User) -> Any:
    return json.loads("".join(export(user)))


def choose(user: User) -> None:
    Preferences.objects.create(
        user=user,
        channels={"order": {"toast": False}},
        quiet_from=time(22),
        time_zone="Europe/Rome",
    )
    Refusal.objects.create(user=user, kind="order", count=7, latest=timezone.now())


def test_everything_about_a_person_is_exported_and_nothing_of_somebody_elses(
    user: User, other: User
) -> None:
    notify(user, "first", body="more", url="/x", data={"a": 1.5}, key="k")
    notify(user, "second")
    notify(other, "theirs")
    choose(user)
    Preferences.objects.create(user=other, time_zone="Asia/Tokyo")
    Notification.objects.filter(seq=1).update(read_at=timezone.now())
    found = exported(user)
    assert found["user"] == str(user.pk)
    assert found["inbox"] == {"last_seq": 2, "rev": 0, "unread": 1, "seen_seq": 0}
    assert found["preferences"]["channels"] == {"order": {"toast": False}}
    assert found["preferences"]["quiet_from"] == "22:00:00"
    assert found["preferences"]["time_zone"] == "Europe/Rome"
    assert [(each["kind"], each["count"]) for each in found["refused"]] == [("order", 7)]
    first, second = found["notifications"]
    assert (first["seq"], first["message"], first["body"]) == (1, "first", "more")
    assert (first["url"], first["data"], first["key"]) == ("/x", {"a": 1.5}, "k")
    assert first["read_at"]
    assert second["read_at"] is None
    columns = {field.name for field in Notification._meta.concrete_fields}
    assert set(second) == columns - {"recipient"} | {"shown"}
    assert "theirs" not in json.dumps(found)


def test_words_that_its_kind_makes_are_exported_as_people_read_them(user: User) -> None:
    notify(user, kind="login", data={"name": "Ada"})
    (row,) = exported(user)["notifications"]
    assert (row["message"], row["shown"]["message"]) == ("", "Welcome back, Ada")


def test_who_never_had_anything_has_an_export_all_the_same(user: User) -> None:
    found = exported(user)
    assert found["inbox"] == {"last_seq": 0, "rev": 0, "unread": 0, "seen_seq": 0}
    assert (found["preferences"], found["refused"], found["notifications"]) == (None, [], [])


@pytest.mark.parametrize(
    "number",
    ["12345678901234567890123", "1" + 400 * "0" + ".5", "0.1000000000000000055511151231"],
)
def test_numbers_that_python_cannot_keep_are_exported_digit_by_digit(
    user: User, number: str
) -> None:
    row = notify(user, "x")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Notification._meta.db_table} SET data = %s::jsonb WHERE id = %s",  # noqa: S608
            [f'{{"n": {number}}}', row.pk],
        )
    text = "".join(export(user))
    assert f'"data": {{"n": {number}}}' in text
    assert len(json.loads(text)["notifications"]) == 1


def test_data_that_python_cannot_read_at_all_is_exported_as_it_is(user: User) -> None:
    row = notify(user, "x")
    deep = 5000 * "[" + 5000 * "]"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Notification._meta.db_table} SET data = %s::jsonb WHERE id = %s",  # noqa: S608
            [f'{{"n": {deep}}}', row.pk],
        )
    assert deep in "".join(export(user))


def test_what_waits_for_its_number_is_exported_last(user: User) -> None:
    Notification.objects.create(recipient=user, message="waits")
    notify(user, "x")
    Notification.objects.filter(message="waits").update(seq=None)
    assert [row["message"] for row in exported(user)["notifications"]] == ["x", "waits"]


def test_an_export_reads_so_many_at_a_time(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person, "AT_ONCE", 3)
    for at in range(7):
        notify(user, str(at))
    pieces = export(user)
    with CaptureQueriesContext(connection) as queries:
        next(pieces)
        for _ in range(3):
            next(pieces)
    # Counters, preferences, refusals, and three rows.
    assert len(queries) == 4
    rest = [json.loads(piece.strip(",\n")) for piece in list(pieces)[:-1]]
    assert [row["message"] for row in rest] == ["3", "4", "5", "6"]


def test_everything_about_a_person_is_erased_and_nothing_of_somebody_elses(
    user: User, other: User, rings: Rings
) -> None:
    for at in range(3):
        notify(user, str(at))
    notify(other, "theirs")
    choose(user)
    choose(other)
    before = len(rings.heard())
    assert erase(user) == 3
    assert not Notification.objects.filter(recipient=user).exists()
    assert not Preferences.objects.filter(user=user).exists()
    assert not Refusal.objects.filter(user=user).exists()
    assert Notification.objects.filter(recipient=other).count() == 1
    assert Preferences.objects.filter(user=other).exists()
    assert Refusal.objects.filter(user=other).exists()
    # Open pages drop them, hers alone.
    assert rings.heard()[before:] == [(contract.RING_CHANGES, [user.pk])]
    assert Inbox.state_of(user.pk) == (3, 1, 0, 0)
    assert Removal.objects.filter(recipient=user, rev=1).count() == 3


def test_after_an_erasure_numbers_go_on_where_they_were(user: User) -> None:
    notify(user, "x")
    notify(user, "x")
    erase(user)
    assert notify(user, "new").seq == 3


def test_a_repeated_erasure_changes_nothing(user: User) -> None:
    notify(user, "x")
    assert (erase(user), erase(user)) == (1, 0)
    assert Inbox.state_of(user.pk).rev == 1


def test_an_erasure_that_broke_off_is_finished_by_a_repeat(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        notify(user, "x")
    choose(user)
    calls: list[Any] = []

    def broken(ids: Any) -> int:
        calls.append(ids)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return delete_batch(ids)

    delete_batch = person.delete_batch
    with monkeypatch.context() as patched:
        patched.setattr(person, "AT_ONCE", 2)
        patched.setattr(person, "delete_batch", broken)
        with pytest.raises(KeyboardInterrupt):
            erase(user)
    assert Notification.objects.count() == 3
    assert erase(user) == 3
    assert not Preferences.objects.exists()


def test_what_waits_for_its_number_is_erased_too(user: User) -> None:
    notify(user, "x")
    Notification.objects.update(seq=None)
    assert erase(user) == 1
