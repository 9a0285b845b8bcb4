"""What django-notifications-hq has saved comes over whole, in order, once, and rings nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError

from bellhop import frame_from_row
from bellhop.importing.django_notifications_hq import table as hq_source
from bellhop.models import Inbox, Notification
from bellhop.models.signals import notification_saved
from bellhop.notify import notify

from ..conftest import Rings
from .conftest import Import
from .hq_table import BEGIN, JSONB, TEXT, HqTable

pytestmark = pytest.mark.django_db


def rows(user: User) -> list[Notification]:
    return list(Notification.objects.filter(recipient=user).order_by("seq"))


def test_a_row_keeps_its_words_its_time_and_whether_it_was_read(
    hq: HqTable, user: User, other: User, run_import: Import
) -> None:
    group = Group.objects.create(name="editors")
    id_ = hq.add(
        user, other, "added", action_object=user, target=group,
        description="More text", level="success", unread=False, deleted=True, minutes=3,
    )  # fmt: skip
    run_import()
    (row,) = rows(user)
    assert row.message == "eve added ada on editors"
    assert (row.body, row.kind, row.key) == ("More text", "imported", f"hq:{id_}")
    assert row.data == {"verb": "added", "level": "success"}
    moment = BEGIN + timedelta(minutes=3)
    assert (row.created, row.read_at, row.archived_at) == (moment, moment, moment)
    assert (row.seq, Inbox.state_of(user.pk)) == (1, (1, 0, 0, 0))


def test_a_row_that_was_not_read_is_unread(hq: HqTable, user: User, run_import: Import) -> None:
    hq.add(user, user, "waved")
    run_import()
    (row,) = rows(user)
    assert (row.read_at, row.archived_at) == (None, None)
    assert Inbox.state_of(user.pk).unread == 1


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({}, "eve waved"),
        ({"target": "editors"}, "eve waved editors"),
        ({"action_object": "editors"}, "eve waved editors"),
    ],
)
def test_the_message_is_what_that_app_calls_it_but_for_the_time(
    hq: HqTable, user: User, other: User, run_import: Import, named: dict[str, str], message: str
) -> None:
    things = {name: Group.objects.create(name=called) for name, called in named.items()}
    hq.add(user, other, "waved", **things)
    run_import()
    assert rows(user)[0].message == message


@pytest.mark.parametrize("data", [TEXT, JSONB])
def test_the_data_come_with_it_whatever_their_column_is(
    db: None, user: User, run_import: Import, data: str
) -> None:
    hq = HqTable(data=data)
    hq.add(user, user, "waved", data={"order": 7, "verb": "theirs", "url": "/orders/7/"})
    run_import()
    (row,) = rows(user)
    assert row.data == {"order": 7, "verb": "theirs", "url": "/orders/7/", "level": "info"}
    assert row.url == "/orders/7/"


def test_without_an_address_in_the_data_it_leads_to_the_targets_page(
    hq: HqTable, user: User, run_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def address(group: Group) -> str:
        return f"/groups/{group.name}/"

    monkeypatch.setattr(Group, "get_absolute_url", address, raising=False)
    hq.add(user, user, "waved", target=Group.objects.create(name="editors"))
    run_import()
    assert rows(user)[0].url == "/groups/editors/"


def test_numbers_follow_the_time_whatever_the_ids_are_and_other_notifications_keep_theirs(
    hq: HqTable, user: User, other: User, run_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hq_source, "AT_ONCE", 2)
    monkeypatch.setattr(hq_source, "AHEAD", 3)
    notify(user, "here before").refresh_from_db()
    for minutes in (5, 1, 4, 0, 3, 2, 2):
        hq.add(user, user, f"waved at {minutes}", minutes=minutes)
        hq.add(other, user, f"waved at {minutes}", minutes=minutes)
    run_import()
    at = [0, 1, 2, 2, 3, 4, 5]
    imported = [row for row in rows(user) if row.kind == "imported"]
    assert [row.message for row in imported] == [f"ada waved at {minutes}" for minutes in at]
    assert [row.seq for row in rows(other)] == [1, 2, 3, 4, 5, 6, 7]
    # The one from before was still without a number, as in any transaction that is open.
    assert sorted(row.seq or 0 for row in rows(user)) == list(range(1, 9))
    assert Inbox.state_of(user.pk).seq == 8


def test_nothing_rings_and_nobody_is_told(
    hq: HqTable, user: User, run_import: Import, rings: Rings,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    told: list[Notification] = []

    def hear(notification: Notification, **_: Any) -> None:
        told.append(notification)

    notification_saved.connect(hear)
    hq.add(user, user, "waved")
    try:
        with django_capture_on_commit_callbacks(execute=True):
            run_import()
    finally:
        notification_saved.disconnect(hear)
    assert len(rows(user)) == 1
    assert (rings.heard(), told) == ([], [])


def test_a_repeat_imports_nothing_twice(hq: HqTable, user: User, run_import: Import) -> None:
    hq.add(user, user, "waved")
    run_import()
    before = Notification.objects.values_list().get()
    hq.add(user, user, "waved again", minutes=1)
    assert run_import()[-1].startswith("imported 1; there already: 1;")
    assert run_import()[-1].startswith("imported 0; there already: 2;")
    assert Notification.objects.values_list().get(seq=1) == before
    assert [row.message for row in rows(user)] == ["ada waved", "ada waved again"]


def test_what_was_interrupted_the_next_run_finishes(
    hq: HqTable, user: User, run_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hq_source, "AT_ONCE", 2)
    for minutes in range(6):
        hq.add(user, user, "waved", minutes=minutes, target=user if minutes == 3 else None)

    def interrupted(self: User) -> str:
        # The fourth names the user twice.
        raised.append(None)
        if len(raised) == 4:
            raise KeyboardInterrupt
        return self.username

    raised: list[None] = []
    with monkeypatch.context() as patched:
        patched.setattr(User, "__str__", interrupted)
        with pytest.raises(CommandError, match="interrupted; what was done stays"):
            run_import()
    assert [row.seq for row in rows(user)] == [1, 2]
    assert run_import()[-1].startswith("imported 4; there already: 2;")
    assert [row.created.minute for row in rows(user)] == [0, 1, 2, 3, 4, 5]
    assert [row.seq for row in rows(user)] == [1, 2, 3, 4, 5, 6]


def test_a_dry_run_says_the_same_and_writes_nothing(
    hq: HqTable, user: User, run_import: Import
) -> None:
    hq.add(user, user, "waved", data={"url": "javascript:alert(1)"})
    hq.add(999_999, user, "waved")
    said = run_import("--dry-run")
    assert not Notification.objects.exists()
    assert not Inbox.objects.exists()
    done = run_import()
    assert [line.replace("would import", "imported") for line in said] == done
    assert done[-1] == "imported 1; there already: 0; recipient gone: 1; mended: 1"


def test_a_model_of_the_projects_own_is_read_by_its_tables_name(
    hq: HqTable, user: User, run_import: Import
) -> None:
    own = HqTable("shop_notice")
    first, second = hq.add(user, user, "waved"), own.add(user, user, "bowed")
    assert first == second
    run_import()
    run_import("--table", "shop_notice")
    assert [row.message for row in rows(user)] == ["ada waved", "ada bowed"]


def test_the_frame_of_an_imported_row_can_be_sent(
    hq: HqTable, user: User, run_import: Import
) -> None:
    hq.add(user, user, "waved", description="x" * 100_000)
    (said,) = [line for line in run_import() if line.startswith("row ")]
    assert "stored whole, shown shortened" in said
    (row,) = rows(user)
    assert len(row.body) == 100_000
    assert frame_from_row.size_of(row) > frame_from_row.FRAME_BYTES
    assert frame_from_row.fields(row)["message"] == "ada waved"
