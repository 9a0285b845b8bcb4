"""An import can be undone: exactly what was imported goes, and open tabs hear of it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from bellhop.importing import undo
from bellhop.models import Inbox, Notification, Removal
from bellhop.notify import notify

from .conftest import Import
from .hq_table import HqTable

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(hq: HqTable, user: User, other: User, run_import: Import) -> list[Notification]:
    """Six imported rows of two people, beside three that look much like them."""
    notify(user, "ours", key="order-7")
    notify(user, "ours", key="hq:lunch")
    notify(user, "ours", kind="imported")
    for minutes in range(3):
        hq.add(user, user, "waved", minutes=minutes)
        hq.add(other, user, "waved", minutes=minutes)
    run_import()
    assert Notification.objects.count() == 9
    return list(Notification.objects.filter(message="ada waved"))


def test_it_deletes_what_was_imported_and_nothing_else(
    imported: list[Notification], user: User, run_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "AT_ONCE", 2)
    monkeypatch.setattr(undo, "AHEAD", 4)
    assert run_import("--undo", "--dry-run") == ["would delete 6"]
    assert Notification.objects.count() == 9
    assert run_import("--undo") == ["deleted 6"]
    assert set(Notification.objects.values_list("message", flat=True)) == {"ours"}
    assert Notification.objects.count() == 3
    assert run_import("--undo") == ["deleted 0"]


def test_open_tabs_hear_of_it(
    imported: list[Notification], user: User, other: User, run_import: Import
) -> None:
    run_import("--undo")
    removed = set(Removal.objects.values_list("notification_id", flat=True))
    assert removed == {row.pk for row in imported}
    for person in (user, other):
        assert Inbox.state_of(person.pk).rev >= 1
    assert Inbox.state_of(other.pk).unread == 0


def test_what_is_imported_again_comes_under_new_numbers(
    imported: list[Notification], other: User, run_import: Import
) -> None:
    run_import("--undo")
    run_import()
    assert list(
        Notification.objects.filter(recipient=other).order_by("seq").values_list("seq", flat=True)
    ) == [4, 5, 6]


def test_only_apps_that_can_be_imported_from_are_named() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'herald'"):
        call_command("bellhop_import", "herald")


def test_two_imports_at_once_save_each_row_once(
    hq: HqTable, user: User, run_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bellhop.importing import save
    from bellhop.management.commands import bellhop_import

    hq.add(user, user, "waved")
    run_import()
    # As the other one saw it, a moment before.
    monkeypatch.setattr(bellhop_import, "known", lambda places: save.Known({user.pk}, set()))
    out: Any = run_import()
    assert out[-1].startswith("imported 0;")
    assert Notification.objects.count() == 1
