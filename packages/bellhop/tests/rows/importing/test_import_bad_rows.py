"""Rows and tables that are odd: one line each, and nothing else is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError
from django.db import OperationalError, connection

from bellhop.models import Notification

from .conftest import Import
from .hq_table import HqTable, calls_itself

pytestmark = pytest.mark.django_db


def imported(user: User) -> Notification:
    return Notification.objects.get(recipient=user)


def said_of_rows(lines: list[str]) -> list[str]:
    return [line.partition(": ")[2] for line in lines if line.startswith("row ")]


def test_what_is_gone_is_left_out_of_the_message(
    hq: HqTable, user: User, run_import: Import
) -> None:
    group = Group.objects.create(name="editors")
    gone = (ContentType.objects.get_for_model(Group).pk, "999999")
    no_key = (ContentType.objects.get_for_model(Group).pk, "none of an integer's")
    uninstalled = (ContentType.objects.create(app_label="gone", model="order").pk, "7")
    no_type = (999_999, "7")
    for minutes, actor in enumerate((gone, no_key, uninstalled, no_type)):
        hq.add(user, actor, "mentioned", target=group, minutes=minutes)
        hq.add(user, user, "mentioned", target=actor, minutes=minutes)
    lines = run_import()
    messages = set(Notification.objects.values_list("message", flat=True))
    assert messages == {"mentioned editors", "ada mentioned"}
    assert lines[-1] == "imported 8; there already: 0; recipient gone: 0; mended: 0"


def test_an_object_that_fails_to_say_its_name_or_address_costs_only_these(
    hq: HqTable, user: User, run_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(group: Group) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        return ""

    monkeypatch.setattr(Group, "get_absolute_url", failing, raising=False)
    hq.add(user, user, "waved", target=Group.objects.create(name="editors"))
    with calls_itself(Group, ZeroDivisionError()):
        run_import()
    assert (imported(user).message, imported(user).url) == ("ada waved", "")


def test_a_database_that_is_away_is_no_object_that_is_gone(
    hq: HqTable, user: User, run_import: Import
) -> None:
    hq.add(user, user, "waved")
    with (
        calls_itself(User, OperationalError("the connection is lost")),
        pytest.raises(CommandError, match=r"^the connection is lost \(what was done stays"),
    ):
        run_import()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//elsewhere.example/", "orders/7/", "x" * 9]
)
def test_an_address_that_leads_nowhere_is_left_out_and_told(
    hq: HqTable, user: User, run_import: Import, url: str
) -> None:
    hq.add(user, user, "waved", data={"url": url})
    assert said_of_rows(run_import()) == [f"url left out: {url!r}"]
    assert (imported(user).url, imported(user).data["url"]) == ("", url)


@pytest.mark.parametrize(
    ("description", "message"),
    [("", "Notification"), ("\n \u200b\n The order\nhas shipped", "The order")],
)
def test_a_message_of_blanks_is_mended_and_told(
    hq: HqTable, user: User, run_import: Import, description: str, message: str
) -> None:
    hq.add(user, (999_999, "7"), " \u200b", description=description)
    (said,) = said_of_rows(run_import())
    assert said.startswith("nothing of its message can be seen")
    assert (imported(user).message, imported(user).body) == (message, description)


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ("[1, 2]", {"data": [1, 2]}),
        ('"text"', {"data": "text"}),
        ("null", {}),
        ("", {}),
    ],
)
def test_data_that_are_no_mapping_are_kept(
    hq: HqTable, user: User, run_import: Import, data: str, kept: dict[str, Any]
) -> None:
    hq.add(user, user, "waved", data=data)
    assert said_of_rows(run_import()) == []
    assert imported(user).data == {"verb": "waved", "level": "info", **kept}


@pytest.mark.parametrize(
    "data",
    [
        "{'python': True}",
        '{"n": NaN}',
        '{"n": "\\u0000"}',
        '{"n": "\\ud800"}',
        "[" * 9000,
        "9" * 5000,
    ],
)
def test_data_that_cannot_be_stored_are_kept_as_text_and_told(
    hq: HqTable, user: User, run_import: Import, data: str
) -> None:
    hq.add(user, user, "waved", data=data)
    (said,) = said_of_rows(run_import())
    assert said.startswith("data kept as text: ")
    assert imported(user).data["data"] == data


def test_a_row_without_description_level_data_or_deleted_comes_from_an_old_release(
    hq: HqTable, user: User, run_import: Import
) -> None:
    hq.add(user, user, "waved", description=None)
    with connection.cursor() as cursor:
        for column in ("data", "deleted", "emailed", "level", "target_object_id"):
            cursor.execute(f"ALTER TABLE {hq.name} DROP COLUMN {column}")
    run_import()
    row = imported(user)
    assert (row.message, row.body, row.archived_at) == ("ada waved", "", None)


def test_a_recipient_who_is_gone_is_told_and_counted_and_the_others_get_theirs(
    hq: HqTable, user: User, run_import: Import
) -> None:
    id_ = hq.add(999_999, user, "waved")
    hq.add(user, user, "waved")
    *_, said, last = run_import()
    assert said == f"row {id_}: not imported: there is no user 999999"
    assert last == "imported 1; there already: 0; recipient gone: 1; mended: 0"


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("nowhere", "there is no table nowhere; name another one with --table"),
        ('no"where; DROP', 'there is no table no"where; DROP; name another one with --table'),
        (
            "auth_group",
            "auth_group is not a table of django-notifications-hq: it has no recipient_id, verb,"
            " timestamp, unread, actor_object_id",
        ),
    ],
)
def test_a_table_that_is_none_is_one_line(run_import: Import, table: str, line: str) -> None:
    with pytest.raises(CommandError) as raised:
        run_import("--table", table)
    assert str(raised.value) == line
