"""The registry of kinds: a login has words, and every process that sets Django up knows them."""

import os
import subprocess
import sys

import pytest

from bellhop import frame_from_row
from bellhop.kinds import registry
from bellhop.kinds.registry import Kind, find, register
from bellhop.models import Notification


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))


def test_a_login_has_words_of_its_own() -> None:
    login = find("login")
    assert login.message is not None
    assert login.message({"name": "Ada"}) == "Welcome back, Ada"


@pytest.mark.parametrize("name", ["message", "login.elsewhere", "Login", ""])
def test_a_kind_that_nobody_registered_has_nothing_special(name: str) -> None:
    assert (find(name).message, find(name).body) == (None, None)


@pytest.mark.usefixtures("kinds")
def test_what_is_registered_is_shown() -> None:
    register(Kind("order.paid", message=lambda facts: f"Paid: {facts['n']}"))
    row = Notification(recipient_id=1, seq=1, kind="order.paid", data={"n": 7})
    assert frame_from_row.fields(row)["message"] == "Paid: 7"
    assert frame_from_row.has_words("order.paid")


@pytest.mark.usefixtures("kinds")
def test_two_kinds_of_one_name_are_refused_and_the_same_one_again_is_not() -> None:
    register(find("login"))
    with pytest.raises(ValueError, match="login"):
        register(Kind("login"))


def test_a_process_that_has_only_set_django_up_knows_logins_and_rings_for_changes() -> None:
    code = (
        "import django; django.setup()\n"
        "from bellhop.frame_from_row import fields\n"
        "from bellhop.models import Notification\n"
        "from bellhop.models.signals import inbox_changed\n"
        "print(fields(Notification(recipient_id=1, seq=1, kind='login', data={'name': 'Ada'}))['message'])\n"
        "print(inbox_changed.has_listeners())\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "stack.settings"},
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    assert run.stdout.splitlines() == ["Welcome back, Ada", "True"]
