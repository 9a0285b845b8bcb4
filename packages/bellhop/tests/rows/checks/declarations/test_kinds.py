"""Kinds that cannot be are refused when a project starts; a command lists those that are."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy

from bellhop.kinds import Kind
from rows.checks.found import ids, messages
from rows.checks.project import Project
from rows.conftest import Kinds
from rows.kinds import catalogue

REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _plain_settings(settings: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS}


def test_a_kind_declared_twice_is_an_error_that_names_both_modules(kinds: Kinds) -> None:
    kinds(Kind("order", label="Orders"), Kind("order", label="Orders"))
    assert ids() == set()
    kinds(Kind("order", label="Others"))
    assert ids() == {"bellhop.E061"}
    found = messages()["bellhop.E061"]
    assert "'order' is declared by rows.conftest" in found.msg
    assert found.is_serious()


@pytest.mark.parametrize("field", ["message", "body", "summary", "thread"])
@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("{% if %}", "Unexpected end"),
        ("{% if number %}", "Unclosed tag on line 1: 'if'"),
        ("{{ number|nothing }}", "Invalid filter"),
        ("{% load nothing %}", "not a registered tag library"),
        (lazystr("{% if %}"), "in af: Unexpected end"),
        (7, "of type int"),
        (b"Order", "of type bytes"),
    ],
)
def test_words_that_cannot_be_read_are_an_error_that_names_kind_and_field(
    kinds: Kinds, field: str, words: Any, problem: str
) -> None:
    kinds(Kind("order", **{field: words}))
    assert ids() == {"bellhop.E062"}
    found = messages()["bellhop.E062"].msg
    assert f"The kind 'order' of rows.conftest has a {field} that cannot be read" in found
    assert problem in found
    assert found.endswith(".")
    assert not found.endswith("..")


def test_a_translation_that_cannot_be_read_is_an_error(
    kinds: Kinds, settings: Any, tmp_path: Path
) -> None:
    catalogue.write(tmp_path, "de", {"Order": "{% if %}"})
    settings.LANGUAGES, settings.LOCALE_PATHS = [("en", "English"), ("de", "Deutsch")], [tmp_path]
    kinds(Kind("order", message=gettext_lazy("Order")))
    assert "has a message that cannot be read: in de:" in messages()["bellhop.E062"].msg


@pytest.fixture
def static_files(settings: Any) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.staticfiles"]


def test_an_icon_that_is_no_static_file_is_a_warning(
    kinds: Kinds, settings: Any, static_files: None, tmp_path: Path
) -> None:
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    truck = tmp_path / "static/shop/truck.svg"
    truck.parent.mkdir(parents=True)
    truck.write_text("<svg/>")
    kinds(Kind("order", icon="shop/truck.svg"), Kind("news", icon="bellhop/inbox.css"), Kind("x"))
    assert ids() == set()
    kinds(Kind("offer", icon="shop/none.svg"))
    assert ids() == {"bellhop.W061"}
    found = messages()["bellhop.W061"]
    said = (
        "The kind 'offer' of rows.conftest: its icon 'shop/none.svg' is not among the static files."
    )
    assert found.msg == said
    assert "static/shop/none.svg" in str(found.hint)
    assert not found.is_serious()


@pytest.mark.parametrize("icon", ["../truck.svg", "/shop/truck.svg"])
def test_an_icon_outside_of_the_static_files_is_a_warning(
    kinds: Kinds, static_files: None, icon: str
) -> None:
    kinds(Kind("order", icon=icon))
    assert ids() == {"bellhop.W061"}


def test_kinds_that_can_be_are_no_errors(kinds: Kinds) -> None:
    kinds(
        Kind("order", message="Order {{ number }}", body=str, summary="{{ count }} more"),
        Kind("news", message=gettext_lazy("News"), thread=lambda facts: "news"),
    )
    assert ids() == set()


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ("no.such.module", "cannot be imported"),
        ("bellhop.conf.nothing", "cannot be imported"),
        ("bellhop.contract.TASKS", "is no function, but of type str"),
        ("languages", "is no attribute of User"),
    ],
)
def test_a_language_that_cannot_be_found_is_an_error(
    settings: Any, chosen: str, problem: str
) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, "LANGUAGE": chosen}
    assert ids() == {"bellhop.E046"}
    assert problem in messages()["bellhop.E046"].msg


@pytest.mark.parametrize("chosen", [None, "first_name", "bellhop.contract.user_key", str, User])
def test_a_language_that_can_be_found_is_no_error(settings: Any, chosen: Any) -> None:
    settings.BELLHOP = {"REDIS_URL": REDIS, "LANGUAGE": chosen}
    assert ids() == set()


def listed() -> Iterator[list[str]]:
    out = StringIO()
    call_command("bellhop_kinds", stdout=out)
    for line in out.getvalue().splitlines():
        yield [cell.strip() for cell in line.split("  ") if cell.strip()]


def test_the_command_lists_what_holds_for_each_kind(kinds: Kinds, settings: Any) -> None:
    kinds(
        Kind("news.weekly", importance="low", at_most=3, keep=timedelta(days=7)),
        Kind("alarm", label="Alarms", channels=["inbox", "toast", "desktop"], keep_newest=5),
        Kind("offer", channels=()),
        Kind("tick", keep=timedelta(minutes=90)),
    )
    assert list(listed()) == [
        ["name", "label", "importance", "channels", "may be muted", "at most a minute", "kept", "declared in"],
        ["alarm", "Alarms", "normal", "inbox, toast, desktop", "yes", "20", "newest 5", "rows.conftest"],
        ["login", "Sign-ins", "normal", "inbox, toast", "no", "all", "for ever", "bellhop.kinds.login_welcome"],
        ["message", "Messages", "normal", "inbox, toast", "yes", "all", "for ever", "bellhop.kinds.plain_message"],
        ["news.weekly", "News weekly", "low", "inbox", "yes", "3", "7 days", "rows.conftest"],
        ["offer", "Offer", "normal", "none", "yes", "20", "for ever", "rows.conftest"],
        ["security", "Your account", "high", "inbox, toast", "no", "all", "for ever", "bellhop.kinds.security"],
        ["tick", "Tick", "normal", "inbox, toast", "yes", "20", "1:30:00", "rows.conftest"],
    ]  # fmt: skip
    settings.BELLHOP = {"KEEP_DAYS": 90, "KEEP_NEWEST": 1000}
    kept = {cells[0]: cells[6] for cells in listed()}
    assert (kept["news.weekly"], kept["alarm"], kept["login"]) == (
        "7 days, newest 1000", "90 days, newest 5", "90 days, newest 1000",
    )  # fmt: skip


def test_a_projects_kinds_are_found_in_any_of_its_apps(plain: Project) -> None:
    plain.write("shop/__init__.py", "")
    plain.write(
        "shop/bellhop_kinds.py",
        "from bellhop.kinds import Kind, register\n"
        'register(Kind("order.paid", label="Orders", icon="shop/none.svg", message="Order {{ number }} is paid"))\n'
        'register(Kind("login", label="Mine"))\n',
    )
    more = 'INSTALLED_APPS += ["shop"]'
    found = plain.manage("bellhop_kinds", settings=more)
    assert found.code == 0, found.err
    lines = found.out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "name",
        "login",
        "message",
        "order.paid",
        "security",
    ]
    assert lines[3].endswith("shop.bellhop_kinds")
    assert "Sign-ins" in lines[1]
    check = plain.manage("check", settings=more)
    assert check.code == 1
    assert "bellhop.E061" in check.err
    # Without django.contrib.staticfiles nobody knows where they are.
    assert "icon" not in check.err
    assert (
        "declared by bellhop.kinds.login_welcome, and again, as something else, by shop.bellhop_kinds"
        in check.err
    )
