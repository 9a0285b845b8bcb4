"""The registry of kinds: a login has words, and every process that sets Django up knows them."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from bellhop import frame_from_row
from bellhop.kinds import Kind
from bellhop.kinds.kind import CHANNELS
from bellhop.kinds.registry import clashes, find, is_declared
from bellhop.models import Notification
from rows.conftest import Kinds


def test_a_login_has_words_of_its_own() -> None:
    login = find("login")
    assert callable(login.message)
    assert login.message({"name": "Ada"}) == "Welcome back, Ada"


@pytest.mark.parametrize("name", ["undeclared", "login.elsewhere", "Login", ""])
def test_a_kind_that_nobody_registered_has_nothing_special(name: str) -> None:
    kind = find(name)
    assert (kind.message, kind.body, kind.at_most, kind.can_be_muted) == (None, None, None, True)
    assert not is_declared(kind)


def test_what_is_registered_is_shown(kinds: Kinds) -> None:
    kinds(Kind("order.paid", message=lambda facts: f"Paid: {facts['n']}"))
    row = Notification(recipient_id=1, seq=1, kind="order.paid", data={"n": 7})
    assert frame_from_row.fields(row)["message"] == "Paid: 7"
    assert frame_from_row.has_words("order.paid")


def test_of_two_kinds_of_one_name_the_first_stays_and_both_modules_are_known(kinds: Kinds) -> None:
    first = Kind("order", label="Orders")
    kinds(first, Kind("order", label="Others"), Kind("order", label="Orders"))
    assert find("order") is first
    assert [(each.name, each.first, each.second) for each in clashes()] == [
        ("order", "rows.conftest", "rows.conftest")
    ]


def test_what_nobody_declared_is_not_the_kind_that_is_called_undeclared(kinds: Kinds) -> None:
    kinds(Kind("undeclared", can_be_muted=False))
    assert is_declared(find("undeclared"))
    assert not is_declared(find("anything"))
    assert find("anything").can_be_muted


def test_a_process_that_was_started_before_a_kind_was_declared_says_so(lines: list[Any]) -> None:
    for _ in range(3):
        row = Notification(recipient_id=1, seq=1, kind="order.paid", data={"n": 7})
        assert frame_from_row.fields(row)["message"] == "order.paid"
    # Its caller wrote what it says: nothing is missing.
    frame_from_row.fields(Notification(recipient_id=1, seq=2, kind="other", message="Words"))
    (line,) = lines
    assert (line["event"], line["about"]) == ("kind_unknown", "order.paid")
    assert "restart" in line["note"]


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("Order", {}, "at most 50"),
        ("", {}, "at most 50"),
        ("*", {}, "at most 50"),
        ("k" * 51, {}, "at most 50"),
        ("order", {"importance": "urgent"}, "importance"),
        ("order", {"channels": {"smoke"}}, "channels"),
        ("order", {"channels": {"toast"}, "can_be_muted": False}, "channels"),
        ("order", {"at_most": 0}, "at_most"),
        ("order", {"at_most": "20"}, "at_most"),
        ("order", {"at_most": True}, "at_most"),
        ("order", {"keep_newest": -1}, "keep_newest"),
        ("order", {"keep": timedelta()}, "keep"),
        ("order", {"keep": 30}, "keep"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_by_its_field(
    name: str, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValueError, match=field):
        Kind(name, **given)


@pytest.mark.parametrize(
    ("given", "goes_to"),
    [
        ({}, {"inbox", "toast"}),
        ({"importance": "low"}, {"inbox"}),
        ({"importance": "high"}, {"inbox", "toast"}),
        ({"channels": ["inbox", "desktop"]}, {"inbox", "desktop"}),
        ({"channels": ()}, set()),
    ],
)
def test_a_kind_goes_where_it_is_declared_to(given: dict[str, Any], goes_to: set[str]) -> None:
    kind = Kind("order", **given)
    assert {channel for channel in CHANNELS if kind.goes_to(channel)} == goes_to


def test_a_process_that_has_only_set_django_up_knows_logins_and_rings_for_changes() -> None:
    code = (
        "import django; django.setup()\n"
        "from bellhop.frame_from_row import fields\n"
        "from bellhop.models import Notification\n"
        "from bellhop.models.signals import inbox_changed\n"
        "from bellhop.kinds.registry import find, is_declared\n"
        "print(fields(Notification(recipient_id=1, seq=1, kind='login', data={'name': 'Ada'}))['message'])\n"
        "print(inbox_changed.has_listeners())\n"
        "print(is_declared(find('message')))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stack.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    assert run.stdout.splitlines() == ["Welcome back, Ada", "True", "True"]
