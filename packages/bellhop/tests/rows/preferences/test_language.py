"""In which language a person reads is asked when a notification is saved, and kept with it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.functional import SimpleLazyObject

from bellhop.kinds import Kind
from bellhop.models import Notification
from bellhop.notify import notify, notify_many
from rows.conftest import Kinds, Rings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds(kinds: Kinds, rings: Rings) -> None:
    kinds(Kind("order"))


def first_name(user: Any) -> Any:
    """Who is called "de" reads German."""
    return user.first_name


def called(name: str, **more: Any) -> User:
    return User.objects.create_user(f"user{User.objects.count()}", first_name=name, **more)


def languages(settings: Any, chosen: Any) -> None:
    settings.BELLHOP = {**settings.BELLHOP, "LANGUAGE": chosen}


@pytest.mark.parametrize(
    "chosen", ["first_name", "rows.preferences.test_language.first_name", first_name]
)
def test_each_row_has_the_language_of_its_recipient(settings: Any, chosen: Any) -> None:
    languages(settings, chosen)
    people = [called("de"), called("fr"), called("")]
    assert [notify(user, "hi", kind="order").language for user in people] == ["de", "fr", ""]
    with transaction.atomic():
        inside = notify_many(reversed(people), "hi", kind="order")
    assert [row.language for row in inside] == ["de", "fr", ""]
    stored = Notification.objects.order_by("recipient", "seq").values_list("language", flat=True)
    assert list(stored) == ["de", "de", "fr", "fr", "", ""]


def test_without_the_setting_nobody_is_asked(user: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        assert notify(user, "hi", kind="order").language == ""


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        (None, ""),
        ("", ""),
        ("klingon", ""),
        ("../../etc", ""),
        ("d" * 600, ""),
        (7, ""),
        (b"de", ""),
    ],
)
def test_what_is_no_language_of_the_project_is_its_own(
    user: User, settings: Any, lines: list[Any], said: Any, language: str
) -> None:
    languages(settings, lambda user: said)
    assert [notify(user, "hi", kind="order").language for _ in range(2)] == [language] * 2
    failed = [line for line in lines if line["event"] == "language_failed"]
    assert len(failed) == bool(said and not language)


@pytest.mark.parametrize(
    "chosen",
    [
        lambda user: 1 / 0,
        lambda: "de",
        "no_such_attribute",
        "no.such.module",
        "rows.preferences.test_language.nothing",
    ],
)
def test_what_fails_costs_a_line_in_the_log_and_nothing_else(
    user: User, other: User, settings: Any, lines: list[Any], chosen: Any
) -> None:
    languages(settings, chosen)
    rows = notify_many([user, other], "hi", kind="order")
    assert [row.language for row in rows] == ["", ""]
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["language_failed"]  # fmt: skip


def test_a_query_that_fails_leaves_the_callers_transaction_usable(
    user: User, other: User, settings: Any, lines: list[Any]
) -> None:
    def asks(user: Any) -> str:
        if user.username == "eve":
            with connection.cursor() as cursor:
                cursor.execute("SELECT nonsense")
        return "de"

    languages(settings, asks)
    with transaction.atomic():
        User.objects.create_user("bob")
        rows = notify_many([user, other], "hi", kind="order")
    assert User.objects.filter(username="bob").exists()
    assert [row.seq for row in rows] == [1, 1]
    assert [row.language for row in rows] == ["de", ""]
    assert [row.language for row in notify_many([user, other], "hi", kind="order")] == ["de", ""]


def test_an_attribute_of_the_one_who_is_signed_in_will_do(user: User, settings: Any) -> None:
    languages(settings, "settings")
    user.settings = SimpleNamespace()  # type: ignore[attr-defined]
    assert notify(SimpleLazyObject(lambda: user), "hi", kind="order").language == ""  # type: ignore[arg-type]
    languages(settings, "first_name")
    user.first_name = "de"
    assert notify(SimpleLazyObject(lambda: user), "hi", kind="order").language == "de"  # type: ignore[arg-type]
